/* pagerank.c: the loop of PageRank on a device: power iteration pulled over the in rows.
 *
 * As cpu/link_analysis/pagerank.c, iteration for iteration: a node's share is computed once, the
 * pass over the rows gathers one float64 per entry. Rows longer than LONG_ROW are summed by a
 * work-group each in a launch of their own, so that one hub does not hold up its neighbours; a CPU
 * device has groups of one and no such rows. Change and dangling rank are summed by blocks of rows,
 * then over the blocks: no atomics.
 *
 * Per iteration and entry: 4 bytes of neighbour and a gathered sector of 32; 4 n float64 beside the
 * mirror. */
#include <gli/algorithms/pagerank.h>
#include <math.h>

#include "device/call.h"
#include "device/rounds.h"
#include "device/row_sums.h"

enum { LONG_ROW = 256, BLOCK_ROWS = 1024 };
enum { DANGLING = GLI__ROUNDS_OWN };

typedef struct pagerank {
  gli__device_rows out, in;
  gli_device_buffer *out_weights, *in_weights; /* NULL: each entry counts 1 */
  gli_device_buffer *restart, *goal;           /* NULL: uniform; as restart */
  gli_device_buffer *score, *factor, *share, *next_share, *partial;
  gli__rounds rounds;
  const gli_pagerank_options *options;
  double enough;
  gli__long_rows long_rows; /* of the in side */
  gli_device_buffer *long_sums;
  int64_t count, blocks;
  double uniform;
} pagerank;

/* Given weights as probabilities per node; NULL when they were not given. */
static gli_device_buffer *spread(gli__call *call, int64_t count, const gli_node_weights *given) {
  if (given->nodes == NULL || call->status != GLI_OK) return NULL;
  double *per_node = gli_run_allocate_zeroed(call->run, count, sizeof *per_node);
  if (per_node == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return NULL;
  }
  double sum = 0;
  for (int64_t k = 0; k < given->count; k++)
    sum += given->weights[k];
  for (int64_t k = 0; k < given->count; k++)
    per_node[given->nodes[k]] += given->weights[k] / sum;
  gli_device_buffer *buffer = gli__call_buffer(call, count, sizeof *per_node);
  gli__call_upload(call, buffer, 0, per_node, count * (int64_t)sizeof *per_node);
  gli_run_release(call->run, per_node);
  return buffer;
}

static void prepare(gli__call *call, pagerank *p) {
  const gli_pagerank_options *options = p->options;
  p->out = gli__call_rows(call, false);
  p->in = gli__call_rows(call, true);
  p->out_weights = gli__call_weights(call, options->weight, false);
  p->in_weights = gli__call_weights(call, options->weight, true);
  p->restart = spread(call, p->count, &options->personalization);
  p->goal = spread(call, p->count, &options->dangling);
  p->score = gli__call_buffer(call, p->count, sizeof(double));
  p->factor = gli__call_buffer(call, p->count, sizeof(double));
  p->share = gli__call_buffer(call, p->count, sizeof(double));
  p->next_share = gli__call_buffer(call, p->count, sizeof(double));
  p->partial = gli__call_buffer(call, 2 * p->blocks, sizeof(double));
  p->rounds = gli__call_rounds_start(call);
  p->long_rows = gli__call_long_rows(call, &p->in, LONG_ROW);
  p->long_sums = gli__call_buffer(call, p->count, sizeof(double));
}

/* The uniform start: scores, shares and the rank that dangles. */
static void start(gli__call *call, pagerank *p) {
  const uint32_t long_row = p->long_rows.limit;
  if (p->out_weights != NULL) {
    const gli__long_rows long_out = gli__call_long_rows(call, &p->out, LONG_ROW);
    gli__call_long_row_sums(call, &p->out, &long_out, p->out_weights, NULL, p->long_sums);
  }
  /* next_share holds what dangles until the first iteration writes its shares there. */
  GLI__LAUNCH(call, "start", gli__items(p->count), gli__arg_buffer(p->out.rows),
              gli__arg_buffer(p->out.neighbors), gli__arg_buffer(p->out_weights),
              gli__arg_buffer(p->long_sums), gli__arg_u32(long_row), gli__arg_buffer(p->score),
              gli__arg_buffer(p->factor), gli__arg_buffer(p->share), gli__arg_buffer(p->next_share),
              gli__arg_i64(p->count), gli__arg_f64(p->uniform));
  gli__call_sum_f64(call, p->next_share, p->partial, p->count);
  gli__call_copy(call, p->partial, 0, p->rounds.state, DANGLING * (int64_t)sizeof(double),
                 sizeof(double));
  gli__call_fill_f64(call, p->next_share, 0, p->count, 0); /* nodes that are gone keep 0 */
}

static void iterate_once(gli__call *call, void *context) {
  pagerank *p = context;
  gli__call_long_row_sums(call, &p->in, &p->long_rows, p->in_weights, p->share, p->long_sums);
  GLI__LAUNCH(call, "pull", gli__groups(p->blocks), gli__arg_buffer(p->in.rows),
              gli__arg_buffer(p->in.neighbors), gli__arg_buffer(p->in_weights),
              gli__arg_buffer(p->long_sums), gli__arg_u32(p->long_rows.limit),
              gli__arg_buffer(p->restart), gli__arg_buffer(p->goal), gli__arg_buffer(p->score),
              gli__arg_buffer(p->factor), gli__arg_buffer(p->share), gli__arg_buffer(p->next_share),
              gli__arg_buffer(p->partial), gli__arg_buffer(p->rounds.state), gli__arg_i64(p->count),
              gli__arg_f64(p->uniform), gli__arg_f64(p->options->damping));
  GLI__LAUNCH(call, "close_iteration", gli__one_group(), gli__arg_buffer(p->partial),
              gli__arg_i64(p->blocks), gli__arg_buffer(p->rounds.state), gli__arg_f64(p->enough));
  gli_device_buffer *read = p->share;
  p->share = p->next_share;
  p->next_share = read;
}

static void iterate(gli__call *call, pagerank *p) {
  gli__call_rounds(call, &p->rounds, p->options->max_iterations, iterate_once, p);
  if (p->rounds.found[GLI__ROUNDS_DONE] == 0 && p->options->tolerance > 0) {
    gli__call_fail(call, GLI_ERROR_NOT_CONVERGED,
                   "pagerank: after %lld iterations the scores still change by %g; below %g was "
                   "asked for: raise max_iterations or tolerance",
                   (long long)p->options->max_iterations, p->rounds.found[GLI__ROUNDS_CHANGE],
                   p->enough);
  }
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_pagerank_options *options = given;
  const int64_t nodes = gli_snapshot_node_count(call->snapshot);
  pagerank p = {.options = options,
                .count = gli_snapshot_node_limit(call->snapshot),
                .uniform = 1 / (double)nodes,
                .enough = (double)nodes * options->tolerance};
  p.blocks = (p.count + BLOCK_ROWS - 1) / BLOCK_ROWS;
  if (nodes > 0) {
    prepare(call, &p);
    start(call, &p);
    gli_run_prepared(call->run);
    iterate(call, &p);
  }
  gli__call_column_final(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, p.score);
  return call->status;
}

/* The change shrinks by the damping at least, in random graphs by their second eigenvalue too,
 * 2 / sqrt(degree); and n times the tolerance is enough. 3 to 6 on graphs that take as many. */
static double expected_iterations(const gli_pagerank_options *options, double nodes,
                                  double entries) {
  const double most = options->max_iterations < 200 ? (double)options->max_iterations : 200;
  const double enough = nodes * options->tolerance;
  const double spread = 2 / sqrt(1 + entries / (nodes + 1));
  const double shrink = options->damping * (spread < 1 ? spread : 1);
  if (!(enough > 0)) return most;
  if (enough >= 1 || !(shrink > 0)) return most < 2 ? most : 2;
  const double expected = 1 + log(enough) / log(shrink);
  return expected < most ? expected : most;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_pagerank_options *options = given;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double iterations = expected_iterations(options, nodes, entries);
  /* Our CPU kernel takes conjugate gradients on undirected graphs, half as many of them. */
  const bool is_directed = gli_snapshot_is_directed(snapshot);
  const double on_cpu = is_directed ? iterations : (iterations + 1) / 2;
  const double per_entry = is_directed ? 1.6e-9 : 0.6e-9;
  return (gli__device_work){.entries = entries * iterations,
                            .nodes = 6 * nodes * iterations,
                            .launches = 8 + 3 * iterations,
                            .round_trips = 6,
                            .cpu_seconds = on_cpu * (entries * per_entry + nodes * 3e-9),
                            .result_bytes = 8 * nodes,
                            .reads_in = true,
                            .out_weight = options->weight,
                            .in_weight = options->weight};
}

const gli__device_algorithm gli__device_pagerank = {
    .program = "link_analysis/pagerank", .needs = GLI__NEEDS_FP64, .work = work, .run = run};
