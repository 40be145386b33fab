/* square_clustering.c: which share of the possible squares at each node is there.
 *
 * Lind, Gonzalez and Herrmann 2005 sum over the pairs of neighbours u, w of v the squares that they
 * close, q(u, w), and those that they might. Both sums come from one walk over two hops: a node x
 * that shares c neighbours with v closes c (c - 1) / 2 squares, and
 *
 *     possible = (d - 1) * sum of the neighbours' degrees - d (d - 1) - 2 * triangles - squares,
 *
 * where triangles counts the edges between neighbours. All are integers, so the result is exact.
 * Cost O(sum of the neighbours' degrees) per node, where going over pairs costs its square. */
#include <gli/algorithms/square_clustering.h>

#include "cpu/common.h"
#include "cpu/kernels.h"

enum { BLOCK_NODES = 16, STEPS_BETWEEN_CHECKS = 1 << 14 };

typedef struct squaring {
  gli_run *run;
  gli_simple_rows simple;
  int64_t limit;
  int32_t *counts;  /* [worker][limit]: neighbours shared with the node at work; else 0 */
  int32_t *touched; /* [worker][limit] */
  double *coefficient;
} squaring;

static void square_node(const squaring *s, int64_t v, int32_t *counts, int32_t *touched) {
  const int64_t begin = s->simple.offsets[v], end = s->simple.offsets[v + 1];
  const int32_t *neighbors = s->simple.neighbors;
  const int64_t degree = end - begin;
  int64_t touched_count = 0, degrees = 0, squares = 0, triangles = 0, steps = 0;
  for (int64_t k = begin; k < end; k++) {
    const int64_t first = s->simple.offsets[neighbors[k]];
    const int64_t last = s->simple.offsets[neighbors[k] + 1];
    degrees += last - first;
    steps += last - first;
    if (steps > STEPS_BETWEEN_CHECKS) {
      if (gli_run_stopped(s->run)) break;
      steps = 0;
    }
    for (int64_t j = first; j < last; j++) {
      if (counts[neighbors[j]]++ == 0) touched[touched_count++] = neighbors[j];
    }
  }
  for (int64_t k = begin; k < end; k++) /* before they are cleared: edges between neighbours */
    triangles += counts[neighbors[k]];
  for (int64_t k = 0; k < touched_count; k++) {
    const int64_t shared = counts[touched[k]];
    if (touched[k] != v) squares += shared * (shared - 1) / 2;
    counts[touched[k]] = 0;
  }
  const int64_t possible = (degree - 1) * degrees - degree * (degree - 1) - triangles - squares;
  if (possible > 0) s->coefficient[v] = (double)squares / (double)possible;
}

static void square_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const squaring *s = context;
  for (int64_t v = begin; v < end && !gli_run_stopped(s->run); v++) {
    if (s->simple.offsets[v + 1] - s->simple.offsets[v] < 2) continue;
    square_node(s, v, s->counts + worker * s->limit, s->touched + worker * s->limit);
  }
}

gli_status gli__cpu_square_clustering(gli_run *run, gli_snapshot *snapshot, const void *options,
                                      gli_result *result, gli_error *error) {
  squaring s = {.run = run, .limit = gli_snapshot_node_limit(snapshot)};
  void *coefficient = NULL;
  (void)options;
  gli_status status = gli_result_add_column(result, "coefficient", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
                                            0, &coefficient, error);
  if (status == GLI_OK) status = gli_snapshot_simple_rows(snapshot, &s.simple, error);
  if (status != GLI_OK) return status;
  const int64_t workers = gli_run_threads(run);
  s.coefficient = coefficient;
  s.counts = gli_run_allocate_zeroed(run, workers * s.limit + 1, sizeof *s.counts);
  s.touched = gli_run_allocate(run, workers * s.limit + 1, sizeof *s.touched);
  if (s.counts == NULL || s.touched == NULL) return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  status = gli_run_parallel(run, s.limit, BLOCK_NODES, square_block, &s, error);
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
