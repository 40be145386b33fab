/* measures.c: similarity of many pairs on a device, an item per pair.
 *
 * The host collects the pairs as for the CPU kernel, the device counts on the sorted simple rows
 * what is common and what it is divided by, the host divides: the same bits as the CPU, and no
 * float64 on the device. Where common neighbours count shares, the host makes the share of each
 * degree, since logarithms differ between devices, and the device adds them up in the CPU's order.
 * Pairs are launched in runs, so that cancelling does not wait for all. Cost O(sum of the smaller
 * degrees); memory 24 bytes per pair. */
#include "device/link_prediction/measures.h"

#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "cpu/link_prediction/pairs.h"
#include "device/long_rows.h"

enum { FIRST_RUN = 1 << 16, BLOCK = 1 << 14, LONG_ROW = 512, SAMPLE_PAIRS = 1 << 10 };
#define RUN_SECONDS 0.02

typedef struct similarity {
  gli__measure measure;
  int32_t *sources, *targets; /* on the host */
  int64_t count;
  gli_device_buffer *common;  /* int64, or NULL: nothing is counted */
  gli_device_buffer *divisor; /* int64, or NULL: nothing is divided */
  gli_device_buffer *sums;    /* float64 shares, or NULL: each counts 1 */
} similarity;

static bool has_shares(gli__measure measure) {
  return measure == GLI__ADAMIC_ADAR || measure == GLI__RESOURCE_ALLOCATION;
}

static bool is_count(gli__measure measure) {
  return measure == GLI__COMMON_NEIGHBORS || measure == GLI__PREFERENTIAL_ATTACHMENT;
}

/* --- On the device ---------------------------------------------------------------------------- */

static gli_device_buffer *upload_nodes(gli__call *call, const int32_t *nodes, int64_t count) {
  gli_device_buffer *buffer = gli__call_buffer(call, count, sizeof *nodes);
  gli__call_upload(call, buffer, 0, nodes, count * (int64_t)sizeof *nodes);
  return buffer;
}

static gli_device_buffer *find_loops(gli__call *call) {
  const gli__device_rows rows = gli__call_rows(call, false);
  const int64_t nodes = gli_snapshot_node_limit(call->snapshot);
  gli_device_buffer *loops = gli__call_buffer(call, nodes, sizeof(int32_t));
  const gli__long_rows longs = gli__call_long_rows(call, &rows, LONG_ROW);
  GLI__LAUNCH(call, "find_loops", gli__items(nodes), gli__arg_buffer(rows.rows),
              gli__arg_buffer(rows.neighbors), gli__arg_buffer(loops), gli__arg_u32(longs.limit),
              gli__arg_i64(nodes));
  GLI__LAUNCH(call, "find_long_loops", gli__groups(longs.count), gli__arg_buffer(rows.rows),
              gli__arg_buffer(rows.neighbors), gli__arg_buffer(longs.nodes), gli__arg_buffer(loops),
              gli__arg_i64(longs.count));
  return loops;
}

typedef struct sharing {
  gli__measure measure;
  double *shares;
} sharing;

static void share_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const sharing *job = context;
  (void)worker;
  for (int64_t degree = begin; degree < end; degree++)
    job->shares[degree] = gli__measure_share(job->measure, (double)degree);
}

/* float64 per node: what it counts as a common neighbour. */
static gli_device_buffer *find_shares(gli__call *call, gli__measure measure,
                                      const gli__device_simple_rows *simple,
                                      gli_device_buffer *loops) {
  const int64_t nodes = gli_snapshot_node_limit(call->snapshot);
  gli_device_buffer *degrees = gli__call_buffer(call, nodes, sizeof(uint32_t));
  gli_device_buffer *largest = gli__call_buffer(call, 1, sizeof(uint32_t));
  gli_device_buffer *shares = gli__call_buffer(call, nodes, sizeof(double));
  GLI__LAUNCH(call, "find_degrees", gli__items(nodes), gli__arg_buffer(simple->offsets),
              gli__arg_buffer(loops), gli__arg_buffer(degrees), gli__arg_i64(nodes));
  gli__call_reduce(call, GLI_DEVICE_U32, GLI_DEVICE_MAX, degrees, largest, nodes);
  const int64_t limit = (int64_t)gli__call_read_u32(call, largest, 0) + 1;
  if (call->status != GLI_OK) return NULL;
  sharing job = {measure, gli_run_allocate(call->run, limit, sizeof *job.shares)};
  if (job.shares == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return NULL;
  }
  call->status = gli_run_parallel(call->run, limit, BLOCK, share_block, &job, call->error);
  gli_device_buffer *of_degree = gli__call_buffer(call, limit, sizeof(double));
  gli__call_upload(call, of_degree, 0, job.shares, limit * (int64_t)sizeof *job.shares);
  GLI__LAUNCH(call, "take_shares", gli__items(nodes), gli__arg_buffer(degrees),
              gli__arg_buffer(of_degree), gli__arg_buffer(shares), gli__arg_i64(nodes));
  gli__call_release(call, of_degree);
  gli__call_release(call, largest);
  gli__call_release(call, degrees);
  return shares;
}

static void compare(gli__call *call, similarity *s) {
  const gli__device_simple_rows simple = gli__call_simple_rows(call);
  gli_device_buffer *loops = find_loops(call), *shares = NULL;
  gli_device_buffer *sources = upload_nodes(call, s->sources, s->count);
  gli_device_buffer *targets = upload_nodes(call, s->targets, s->count);
  if (has_shares(s->measure)) {
    shares = find_shares(call, s->measure, &simple, loops);
    s->sums = gli__call_buffer(call, s->count, sizeof(double));
  } else {
    if (s->measure != GLI__PREFERENTIAL_ATTACHMENT)
      s->common = gli__call_buffer(call, s->count, sizeof(int64_t));
    if (s->measure != GLI__COMMON_NEIGHBORS)
      s->divisor = gli__call_buffer(call, s->count, sizeof(int64_t));
  }
  gli_run_prepared(call->run);
  int64_t run = FIRST_RUN, first = 0;
  while (first < s->count && gli__call_go_on(call)) {
    const int64_t end = first + run < s->count ? first + run : s->count;
    const double began = gli__seconds_now();
    gli_run_progress(call->run, (double)first, (double)s->count);
    if (shares != NULL) {
      GLI__LAUNCH(call, "add_shares", gli__items(end - first), gli__arg_buffer(simple.offsets),
                  gli__arg_buffer(simple.neighbors), gli__arg_buffer(shares),
                  gli__arg_buffer(sources), gli__arg_buffer(targets), gli__arg_buffer(s->sums),
                  gli__arg_i64(first), gli__arg_i64(end));
    } else {
      GLI__LAUNCH(call, "compare_pairs", gli__items(end - first), gli__arg_buffer(simple.offsets),
                  gli__arg_buffer(simple.neighbors), gli__arg_buffer(loops),
                  gli__arg_buffer(sources), gli__arg_buffer(targets), gli__arg_buffer(s->common),
                  gli__arg_buffer(s->divisor), gli__arg_i32((int32_t)s->measure),
                  gli__arg_i64(first), gli__arg_i64(end));
    }
    gli__call_finish(call);
    first = end;
    if (gli__seconds_now() - began < RUN_SECONDS / 2) run *= 2;
  }
}

/* --- The columns ------------------------------------------------------------------------------ */

typedef struct division {
  gli__measure measure;
  const int64_t *common, *divisor;
  double *score;
} division;

static void divide_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const division *d = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    const double common = (double)d->common[k], divisor = (double)d->divisor[k];
    d->score[k] = d->divisor[k] == 0            ? 0
                  : d->measure == GLI__COSINE   ? common / sqrt(divisor)
                  : d->measure == GLI__SORENSEN ? 2 * common / divisor
                                                : common / divisor;
  }
}

static void fill_divided(gli__call *call, const similarity *s, gli_result *result) {
  const int64_t size_bytes = s->count * (int64_t)sizeof(int64_t);
  double *score =
      gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, s->count, NULL);
  if (score == NULL || s->count == 0) return;
  int64_t *common = gli_run_allocate(call->run, s->count, sizeof *common);
  int64_t *divisor = gli_run_allocate(call->run, s->count, sizeof *divisor);
  if (common == NULL || divisor == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return;
  }
  gli__call_download(call, s->common, 0, common, size_bytes);
  gli__call_download(call, s->divisor, 0, divisor, size_bytes);
  if (call->status != GLI_OK) return;
  division job = {s->measure, common, divisor, score};
  call->status = gli_run_parallel(call->run, s->count, BLOCK, divide_block, &job, call->error);
}

/* Scores, and the pairs that they belong to. */
static void fill_columns(gli__call *call, const similarity *s, gli_result *result) {
  const size_t size_bytes = (size_t)s->count * sizeof(int32_t);
  if (has_shares(s->measure)) {
    gli__call_column_final(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, s->count,
                           s->sums);
  } else if (is_count(s->measure)) {
    gli__call_column_final(call, result, "score", GLI_COLUMN_INT64, GLI_PER_ROW, s->count,
                           s->measure == GLI__COMMON_NEIGHBORS ? s->common : s->divisor);
  } else {
    fill_divided(call, s, result);
  }
  int32_t *source =
      gli__call_column(call, result, "source", GLI_COLUMN_NODE, GLI_PER_ROW, s->count, NULL);
  int32_t *target =
      gli__call_column(call, result, "target", GLI_COLUMN_NODE, GLI_PER_ROW, s->count, NULL);
  if (target == NULL || s->count == 0) return;
  memcpy(source, s->sources, size_bytes);
  memcpy(target, s->targets, size_bytes);
}

gli_status gli__call_measure_pairs(gli__call *call, const gli_pair_list *pairs,
                                   gli__measure measure, gli_result *result) {
  similarity s = {.measure = measure};
  call->status = gli__pairs_collect(call->run, call->snapshot, pairs, &s.sources, &s.targets,
                                    &s.count, call->error);
  if (s.count > 0) compare(call, &s);
  fill_columns(call, &s, result);
  return call->status;
}

/* Entries of the shorter row of a pair, from a sample: on a skewed graph the ends of edges have
 * many times as many as nodes have. */
static double mean_shorter(const gli_snapshot *snapshot, const gli_pair_list *given) {
  const gli_row *rows = gli_snapshot_out_rows(snapshot).rows;
  const bool edges = given->sources == NULL;
  const uint64_t *alive = edges ? gli_snapshot_edge_bits(snapshot) : NULL;
  const int32_t *sources = given->sources, *targets = given->targets;
  int64_t count = given->count, sampled = 0, entries = 0;
  if (edges) {
    gli_snapshot_edge_ends(snapshot, &sources, &targets);
    count = gli_snapshot_edge_limit(snapshot);
  }
  for (int64_t k = 0; k < count; k += count / SAMPLE_PAIRS + 1) {
    if (!gli_bit(alive, k)) continue;
    sampled++;
    const uint32_t a = rows[sources[k]].length, b = rows[targets[k]].length;
    entries += a < b ? a : b;
  }
  return sampled > 0 ? (double)entries / (double)sampled : 0;
}

/* One core takes about as long for every measure that looks at rows: on Kronecker graphs of scale
 * 12, 14 and 17 60, 73 and 166 ns for pairs drawn from all nodes, 99, 155 and 415 for the ends of
 * edges, whose shorter rows have 69, 112 and 225 entries. 12 to 19 ns a pair where only degrees are
 * multiplied, and a logarithm more per node for shares. */
gli__device_work gli__measure_pairs_work(gli_snapshot *snapshot, const gli_pair_list *given,
                                         gli__measure measure) {
  const bool shares = has_shares(measure), divides = !shares && !is_count(measure);
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double pairs =
      given->sources != NULL ? (double)given->count : (double)gli_snapshot_edge_count(snapshot);
  const bool merges = measure != GLI__PREFERENTIAL_ATTACHMENT && nodes > 0;
  const double shorter = merges ? mean_shorter(snapshot, given) : 0;
  const double cpu_seconds = pairs * (merges ? 70e-9 + 1e-9 * shorter : 20e-9) + entries * 1e-9;
  return (gli__device_work){.entries = pairs * (2 + 2 * shorter),
                            .nodes = 6 * pairs + (shares ? 6 : 2) * nodes,
                            .launches = shares ? 15 : 11,
                            .round_trips = shares ? 6 : 5,
                            .cpu_seconds = cpu_seconds + (shares ? nodes * 20e-9 : 0),
                            .result_bytes = (divides ? 16 : 8) * pairs};
}
