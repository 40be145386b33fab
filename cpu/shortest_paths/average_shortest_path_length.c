/* average_shortest_path_length.c: the mean distance over all ordered pairs of nodes.
 *
 * Without weights 64 searches at a time (together.h), one group a worker: hops are added as
 * integers, exactly. With weights Dijkstra's algorithm from one source after the other (alone.h),
 * one a worker; a source's distances are added in the order of settling, the sources' sums in node
 * order: the same bits on any number of threads. Not connected is found out by the first group that
 * misses a node, and ends the rest. */
#include <gli/algorithms/average_shortest_path_length.h>
#include <math.h>
#include <stdatomic.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/shortest_paths/alone.h"
#include "cpu/shortest_paths/correcting.h"
#include "cpu/traversal/together.h"

typedef struct averaging {
  gli_run *run;
  gli__together together;
  gli__together_scratch *groups; /* [worker] */
  gli__weighted_rows along;
  gli__alone *alone; /* [worker] */
  const int32_t *nodes;
  int64_t count;
  double *sums; /* [count] of each source's distances; with weights alone */
  _Atomic int64_t hops;
  _Atomic bool apart; /* some node is not reached */
} averaging;

typedef struct tally {
  int64_t hops, pairs;
} tally;

static void add_arrivals(void *context, int32_t node, uint64_t fresh, int64_t level) {
  tally *sum = context;
  const int64_t count = __builtin_popcountll(fresh);
  (void)node;
  sum->pairs += count;
  sum->hops += count * level;
}

static void hop_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  averaging *a = context;
  for (int64_t group = begin; group < end; group++) {
    if (atomic_load_explicit(&a->apart, memory_order_relaxed)) return;
    const int64_t first = group * GLI__TOGETHER, left = a->count - first;
    const int64_t count = left < GLI__TOGETHER ? left : GLI__TOGETHER;
    tally sum = {0, 0};
    gli__together_search(&a->together, &a->groups[worker], a->nodes + first, count, INT64_MAX,
                         add_arrivals, &sum);
    atomic_fetch_add_explicit(&a->hops, sum.hops, memory_order_relaxed);
    if (sum.pairs < count * (a->count - 1))
      atomic_store_explicit(&a->apart, true, memory_order_relaxed);
  }
}

static void weight_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  averaging *a = context;
  gli__alone *alone = &a->alone[worker];
  for (int64_t k = begin; k < end && !gli_run_stopped(a->run); k++) {
    if (atomic_load_explicit(&a->apart, memory_order_relaxed)) return;
    gli__alone_search(a->run, &a->along, alone, a->nodes[k], (double)INFINITY);
    double sum = 0;
    for (int64_t j = 0; j < alone->settled_count; j++)
      sum += alone->distance[alone->settled[j]];
    a->sums[k] = sum;
    if (alone->settled_count < a->count)
      atomic_store_explicit(&a->apart, true, memory_order_relaxed);
    gli__alone_clear(alone);
  }
}

static gli_status make_workers(averaging *a, gli_snapshot *snapshot, bool weighted,
                               const gli_average_shortest_path_length_options *given,
                               gli_error *error) {
  const int32_t threads = gli_run_threads(a->run);
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  gli_status status =
      weighted ? gli__cpu_weighted_rows(snapshot, given->weight, given->direction, &a->along, error)
               : gli__together_prepare(a->run, snapshot, gli__cpu_direction(given->direction),
                                       &a->together, error);
  if (status != GLI_OK) return status;
  a->groups = gli_run_allocate_zeroed(a->run, threads, sizeof *a->groups);
  a->alone = gli_run_allocate_zeroed(a->run, threads, sizeof *a->alone);
  if (weighted) a->sums = gli_run_allocate(a->run, a->count, sizeof *a->sums);
  if (a->groups == NULL || a->alone == NULL || (weighted && a->sums == NULL))
    return gli_run_no_memory(a->run, error);
  for (int32_t k = 0; k < threads; k++) {
    const bool made = weighted ? gli__alone_allocate(a->run, limit, &a->alone[k])
                               : gli__together_allocate(&a->together, &a->groups[k]);
    if (!made) return gli_run_no_memory(a->run, error);
    status = gli_run_check(a->run, error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

gli_status gli__cpu_average_shortest_path_length(gli_run *run, gli_snapshot *snapshot,
                                                 const void *options, gli_result *result,
                                                 gli_error *error) {
  const gli_average_shortest_path_length_options *given = options;
  const bool weighted = given->weight != NULL && gli_snapshot_edge_count(snapshot) > 0;
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  averaging a = {.run = run};
  void *average = NULL;
  gli_status status = gli_result_add_column(result, "average_shortest_path_length",
                                            GLI_COLUMN_FLOAT64, GLI_SCALAR, 0, &average, error);
  if (status != GLI_OK || gli_snapshot_node_count(snapshot) < 2) return status;
  int32_t *nodes = gli_run_allocate(run, gli_snapshot_node_count(snapshot), sizeof *nodes);
  if (nodes == NULL) return gli_run_no_memory(run, error);
  for (int32_t v = 0; v < limit; v++)
    if (gli_bit(gli_snapshot_node_bits(snapshot), v)) nodes[a.count++] = v;
  a.nodes = nodes;
  status = make_workers(&a, snapshot, weighted, given, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = weighted ? gli_run_parallel(run, a.count, 1, weight_block, &a, error)
                    : gli_run_parallel(run, gli__cpu_block_count(a.count, GLI__TOGETHER), 1,
                                       hop_block, &a, error);
  if (status == GLI_OK) status = gli_run_check(run, error);
  if (status != GLI_OK) return status;
  double sum = (double)atomic_load(&a.hops);
  for (int64_t k = 0; weighted && !atomic_load(&a.apart) && k < a.count; k++)
    sum += a.sums[k];
  const double pairs = (double)a.count * (double)(a.count - 1);
  *(double *)average = atomic_load(&a.apart) ? (double)INFINITY : sum / pairs;
  return GLI_OK;
}
