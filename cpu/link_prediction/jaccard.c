/* jaccard.c: similarity of pairs by merging their sorted simple rows.
 *
 * Rows of similar length are merged; where one is much longer, its entries are searched instead
 * (binary search from the last place found). As in NetworkX a self-loop makes a node its own
 * neighbour, which counts among all neighbours, while the two nodes themselves never count among
 * the common ones. Simple rows leave loops out, so they are counted beside. */
#include <gli/algorithms/jaccard.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/pairs.h"
#include "cpu/simple.h"

typedef struct similarity {
  gli_run *run;
  gli_simple_rows simple;
  const uint8_t *loops; /* per node */
  const int32_t *sources, *targets;
  double *score;
} similarity;

/* First place in [low, high) whose neighbour is at least `wanted`; high where there is none. */
static int64_t lower_bound(const int32_t *neighbors, int64_t low, int64_t high, int32_t wanted) {
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (neighbors[middle] < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static bool joined(const gli_simple_rows *rows, int32_t u, int32_t v) {
  const int64_t end = rows->offsets[u + 1];
  const int64_t at = lower_bound(rows->neighbors, rows->offsets[u], end, v);
  return at < end && rows->neighbors[at] == v;
}

static int64_t common_neighbors(const gli_simple_rows *rows, int32_t u, int32_t v) {
  int64_t a = rows->offsets[u], b = rows->offsets[v];
  int64_t a_end = rows->offsets[u + 1], b_end = rows->offsets[v + 1];
  int64_t common = 0;
  if (a_end - a > b_end - b) { /* a: the shorter */
    const int64_t begin = a, end = a_end;
    a = b;
    a_end = b_end;
    b = begin;
    b_end = end;
  }
  const bool search = (b_end - b) / 16 > a_end - a;
  while (a < a_end && b < b_end) {
    const int32_t left = rows->neighbors[a];
    if (search) b = lower_bound(rows->neighbors, b, b_end, left);
    if (b == b_end) break;
    const int32_t right = rows->neighbors[b];
    common += left == right;
    a += left <= right;
    b += right <= left;
  }
  return common;
}

static double score_of(const similarity *s, int32_t u, int32_t v) {
  const int64_t *offsets = s->simple.offsets;
  const int64_t u_size = offsets[u + 1] - offsets[u] + s->loops[u];
  const int64_t v_size = offsets[v + 1] - offsets[v] + s->loops[v];
  if (u_size + v_size == 0) return 0;
  if (u == v) return (double)(u_size - s->loops[u]) / (double)u_size;
  const int64_t common = common_neighbors(&s->simple, u, v);
  int64_t shared = common; /* in both sets; u and v themselves are there where they have loops */
  if (s->loops[u] + s->loops[v] > 0 && joined(&s->simple, u, v)) {
    shared += s->loops[u] + s->loops[v];
  }
  return (double)common / (double)(u_size + v_size - shared);
}

static void score_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  similarity *s = context;
  (void)worker;
  for (int64_t k = begin; k < end && !gli_run_stopped(s->run); k++) {
    s->score[k] = score_of(s, s->sources[k], s->targets[k]);
  }
}

static gli_status find_loops(gli_run *run, gli_snapshot *snapshot, const uint8_t **loops_out,
                             gli_error *error) {
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  uint8_t *loops = gli_run_allocate_zeroed(run, (int64_t)limit + 1, 1);
  if (loops == NULL) return gli_run_no_memory(run, error);
  for (int32_t v = 0; v < limit; v++) {
    for (uint32_t k = 0; k < rows.rows[v].length; k++) {
      loops[v] |= rows.neighbors[rows.rows[v].begin + k] == v;
    }
  }
  *loops_out = loops;
  return GLI_OK;
}

gli_status gli__cpu_jaccard(gli_run *run, gli_snapshot *snapshot, const void *options,
                            gli_result *result, gli_error *error) {
  const gli_jaccard_options *given = options;
  similarity s = {.run = run};
  int32_t *sources = NULL, *targets = NULL;
  void *score = NULL, *source = NULL, *target = NULL;
  int64_t count = 0;
  gli_status status =
      gli__pairs_collect(run, snapshot, &given->pairs, &sources, &targets, &count, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, count, &score,
                                   error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "source", GLI_COLUMN_NODE, GLI_PER_ROW, count, &source,
                                   error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "target", GLI_COLUMN_NODE, GLI_PER_ROW, count, &target,
                                   error);
  }
  if (status == GLI_OK) status = gli_snapshot_simple_rows(snapshot, &s.simple, error);
  if (status == GLI_OK) status = find_loops(run, snapshot, &s.loops, error);
  if (status != GLI_OK || count == 0) return status;
  for (int64_t k = 0; k < count; k++) {
    ((int32_t *)source)[k] = sources[k];
    ((int32_t *)target)[k] = targets[k];
  }
  s.sources = sources;
  s.targets = targets;
  s.score = score;
  gli_run_prepared(run);
  status = gli_run_parallel(run, count, 1 << 10, score_block, &s, error);
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
