/* degrees.c: degrees from row lengths, strengths from row sums.
 *
 * Where the in rows are not there yet, in degrees are counted over the out rows, every worker for
 * itself: 4 bytes per node and worker. Atomic additions in one array take five times as long on one
 * thread (wiki-Vote, 104 k edges: 320 against 70 us). Strengths are sums of floats and need the in
 * rows, in order. An undirected self-loop stands in its row once and counts twice, so undirected
 * rows are read. */
#include <gli/algorithms/degrees.h>

#include "cpu/common.h"
#include "cpu/degree/degrees.h"
#include "cpu/kernels.h"

enum { BLOCK_ENTRIES = 1 << 16 };

typedef struct counting {
  gli_rows out, in;
  const double *out_weights, *in_weights; /* NULL: each entry counts 1 */
  const uint64_t *alive;
  bool directed, count_out, count_in;
  bool has_in;       /* in rows are there */
  uint32_t *tallies; /* [workers][node_limit] entries that lead to a node; NULL: none wanted */
  int64_t limit;
  int32_t workers;
  int64_t *degree;
  double *strength;
} counting;

static void tally_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const counting *c = context;
  uint32_t *tallies = c->tallies + worker * c->limit;
  for (int64_t v = begin; v < end; v++) {
    const gli_row row = c->out.rows[v];
    const int32_t *neighbors = c->out.neighbors + row.begin;
    for (uint32_t k = 0; k < row.length; k++)
      tallies[neighbors[k]]++;
  }
}

/* How often a row names its own node. Counted in 32 bits: four times as many per instruction. */
static uint32_t count_loops(const gli_rows *rows, int32_t node) {
  const gli_row row = rows->rows[node];
  const int32_t *neighbors = rows->neighbors + row.begin;
  uint32_t loops = 0;
  for (uint32_t k = 0; k < row.length; k++)
    loops += neighbors[k] == node;
  return loops;
}

static void degree_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const counting *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    int64_t ends = c->count_out ? c->out.rows[v].length : 0;
    if (!c->directed) ends += count_loops(&c->out, (int32_t)v);
    if (c->has_in) ends += c->in.rows[v].length;
    for (int32_t w = 0; c->tallies != NULL && w < c->workers; w++)
      ends += c->tallies[w * c->limit + v];
    c->degree[v] = ends;
  }
}

static double row_sum(const gli_rows *rows, const double *weights, int64_t node) {
  const gli_row row = rows->rows[node];
  double sum = 0;
  if (weights == NULL) return (double)row.length;
  for (uint32_t k = 0; k < row.length; k++)
    sum += weights[row.begin + k];
  return sum;
}

static void strength_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const counting *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (!gli_bit(c->alive, v)) continue;
    double sum = c->count_out ? row_sum(&c->out, c->out_weights, v) : 0;
    if (c->directed) {
      if (c->count_in) sum += row_sum(&c->in, c->in_weights, v);
    } else {
      const gli_row row = c->out.rows[v];
      for (uint32_t k = 0; k < row.length; k++) {
        if (c->out.neighbors[row.begin + k] != v) continue;
        sum += c->out_weights == NULL ? 1 : c->out_weights[row.begin + k];
      }
    }
    c->strength[v] = sum;
  }
}

static gli_status add_strengths(gli_run *run, gli_snapshot *snapshot, const char *weight,
                                counting *c, int64_t grain, gli_error *error) {
  gli_status status = gli__cpu_row_weights(snapshot, weight, false, &c->out_weights, error);
  if (status == GLI_OK && c->directed && c->count_in) {
    status = gli_snapshot_in_rows(snapshot, &c->in, error);
    if (status == GLI_OK) {
      status = gli__cpu_row_weights(snapshot, weight, true, &c->in_weights, error);
    }
  }
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  return gli_run_parallel(run, gli_snapshot_node_limit(snapshot), grain, strength_block, c, error);
}

static counting begin(gli_snapshot *snapshot, const char *direction_text) {
  const gli_direction direction = gli__cpu_direction(direction_text);
  counting c = {.out = gli_snapshot_out_rows(snapshot),
                .alive = gli_snapshot_node_bits(snapshot),
                .directed = gli_snapshot_is_directed(snapshot)};
  c.count_out = !c.directed || direction != GLI_IN;
  c.count_in = !c.directed || direction != GLI_OUT;
  return c;
}

gli_status gli__cpu_count_degrees(gli_run *run, gli_snapshot *snapshot, const char *direction,
                                  int64_t *degree, gli_error *error) {
  counting c = begin(snapshot, direction);
  c.limit = gli_snapshot_node_limit(snapshot);
  c.workers = gli_run_threads(run);
  c.degree = degree;
  const int64_t grain = gli__cpu_grain(c.limit, c.out.entry_count, BLOCK_ENTRIES);
  const bool want_in = c.directed && c.count_in && c.out.entry_count > 0;
  gli_status status = GLI_OK;
  /* A look at an in row saves reading an entry in its turn, not at random: half of one. */
  c.has_in = want_in && gli_snapshot_in_rows_pay(snapshot, c.out.entry_count / 2);
  if (c.has_in) {
    status = gli_snapshot_in_rows(snapshot, &c.in, error);
  } else if (want_in) {
    c.tallies = gli_run_allocate_zeroed(run, c.workers * c.limit, sizeof *c.tallies);
    if (c.tallies == NULL) return gli_run_no_memory(run, error);
    status = gli_run_parallel(run, c.limit, grain, tally_block, &c, error);
  }
  if (status != GLI_OK) return status;
  status = gli_run_parallel(run, c.limit, grain, degree_block, &c, error);
  gli_run_release(run, c.tallies);
  return status;
}

gli_status gli__cpu_degrees(gli_run *run, gli_snapshot *snapshot, const void *options,
                            gli_result *result, gli_error *error) {
  const gli_degrees_options *given = options;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const bool weighted = given->weight != NULL;
  void *column = NULL;
  const gli_status status = gli_result_add_column(result, weighted ? "strength" : "degree",
                                                  weighted ? GLI_COLUMN_FLOAT64 : GLI_COLUMN_INT64,
                                                  GLI_PER_NODE, 0, &column, error);
  if (status != GLI_OK) return status;
  if (weighted) {
    counting c = begin(snapshot, given->direction);
    c.strength = column;
    return add_strengths(run, snapshot, given->weight, &c,
                         gli__cpu_grain(limit, c.out.entry_count, BLOCK_ENTRIES), error);
  }
  gli_run_prepared(run);
  return gli__cpu_count_degrees(run, snapshot, given->direction, column, error);
}
