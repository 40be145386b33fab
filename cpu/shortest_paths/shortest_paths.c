/* shortest_paths.c: breadth-first search without weights, Dijkstra's algorithm with them.
 *
 * Dijkstra 1959, doi:10.1007/BF01386390, with a 4-ary heap that lowers keys in place. Serial. With
 * sums of floats in path order and weights of at least 0, every label-setting or label-correcting
 * method ends at the same bits, so the method may change without changing results.
 *
 * Targets and the cutoff end the search; nodes beyond are set back to infinity, so that what is
 * given back does not depend on how far the search happened to look. */
#include <gli/algorithms/shortest_paths.h>
#include <math.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/shortest_paths/heap.h"
#include "cpu/shortest_paths/paths.h"
#include "cpu/traversal/search.h"

enum { CHECK_STEPS = 1 << 16, BLOCK_NODES = 1 << 16 };

/* --- Without weights -------------------------------------------------------------------------- */

typedef struct converting {
  const int32_t *level;
  const uint64_t *alive;
  double *distance;
} converting;

static void convert_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const converting *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double reached = c->level[v] >= 0 ? (double)c->level[v] : (double)INFINITY;
    c->distance[v] = gli_bit(c->alive, v) ? reached : 0;
  }
}

static gli_status by_hops(gli_run *run, gli_snapshot *snapshot,
                          const gli_shortest_paths_options *given, double *distance,
                          int32_t *predecessor, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const gli__search search = {
      .sources = given->source,
      .targets = given->targets,
      .direction = gli__cpu_direction(given->direction),
      .max_depth = given->cutoff < INT32_MAX ? (int64_t)given->cutoff : INT32_MAX};
  int32_t *level = gli_run_allocate(run, limit, sizeof *level);
  if (level == NULL) return gli_run_no_memory(run, error);
  const gli_status status = gli__cpu_search(run, snapshot, &search, level, predecessor, error);
  if (status != GLI_OK) return status;
  converting c = {level, gli_snapshot_node_bits(snapshot), distance};
  return gli_run_parallel(run, limit, BLOCK_NODES, convert_block, &c, error);
}

/* --- With weights ----------------------------------------------------------------------------- */

static gli_status fetch_rows(gli_snapshot *snapshot, const gli_shortest_paths_options *given,
                             gli__weighted_rows *along, gli_error *error) {
  const gli_direction direction = gli__cpu_direction(given->direction);
  const bool both = direction == GLI_BOTH && gli_snapshot_is_directed(snapshot);
  along->count = both ? 2 : 1;
  for (int side = 0; side < along->count; side++) {
    const bool in = side == 1 || direction == GLI_IN;
    gli_status status = gli__cpu_rows(snapshot, in ? GLI_IN : GLI_OUT, &along->rows[side], error);
    if (status == GLI_OK) {
      status = gli_snapshot_row_weights(snapshot, given->weight, in, &along->weights[side], error);
    }
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

typedef struct settling {
  gli__weighted_rows along;
  gli__heap heap;
  double *distance;
  double cutoff;
} settling;

static int64_t relax(settling *s, int32_t node) {
  const double here = s->distance[node];
  int64_t steps = 1;
  for (int side = 0; side < s->along.count; side++) {
    const gli_row row = s->along.rows[side].rows[node];
    const int32_t *neighbors = s->along.rows[side].neighbors + row.begin;
    const double *weights = s->along.weights[side] + row.begin;
    steps += row.length;
    for (uint32_t k = 0; k < row.length; k++) {
      const double there = here + weights[k];
      if (there < s->distance[neighbors[k]] && there <= s->cutoff) {
        s->distance[neighbors[k]] = there;
        gli__heap_lower(&s->heap, neighbors[k], there);
      }
    }
  }
  return steps;
}

/* Settle nodes in order of distance. *farthest_out: what is beyond counts as not reached. */
static gli_status settle(gli_run *run, settling *s, uint8_t *is_target, int64_t target_count,
                         double *farthest_out, gli_error *error) {
  double farthest = (double)INFINITY;
  int64_t steps = 0, settled = 0;
  while (s->heap.count > 0 && s->heap.entries[0].key <= farthest) {
    const gli__heap_entry least = gli__heap_pop(&s->heap);
    settled++;
    if (target_count > 0 && is_target[least.node] && --target_count == 0) farthest = least.key;
    steps += relax(s, least.node);
    if (steps < CHECK_STEPS) continue;
    steps = 0;
    gli_run_progress(run, (double)settled, 0);
    const gli_status status = gli_run_check(run, error);
    if (status != GLI_OK) return status;
  }
  *farthest_out = farthest;
  return gli_run_check(run, error);
}

static gli_status mark_targets(gli_run *run, int64_t limit, const gli_node_list *targets,
                               uint8_t **is_target_out, int64_t *count_out, gli_error *error) {
  *count_out = 0;
  if (targets->nodes == NULL) return GLI_OK;
  uint8_t *is_target = gli_run_allocate_zeroed(run, limit, sizeof *is_target);
  if (is_target == NULL) return gli_run_no_memory(run, error);
  for (int64_t k = 0; k < targets->count; k++) {
    *count_out += !is_target[targets->nodes[k]];
    is_target[targets->nodes[k]] = 1;
  }
  *is_target_out = is_target;
  return GLI_OK;
}

static gli_status by_weight(gli_run *run, gli_snapshot *snapshot,
                            const gli_shortest_paths_options *given, double *distance,
                            int32_t *predecessor, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  settling s = {.distance = distance, .cutoff = given->cutoff};
  uint8_t *is_target = NULL;
  int64_t target_count = 0;
  double farthest = 0;
  gli_status status = fetch_rows(snapshot, given, &s.along, error);
  if (status != GLI_OK) return status;
  status = mark_targets(run, limit, &given->targets, &is_target, &target_count, error);
  if (status != GLI_OK) return status;
  s.heap.entries = gli_run_allocate(run, limit, sizeof *s.heap.entries);
  s.heap.place = gli_run_allocate(run, limit, sizeof *s.heap.place);
  if (s.heap.entries == NULL || s.heap.place == NULL) return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  for (int64_t v = 0; v < limit; v++) {
    distance[v] = (double)INFINITY;
    s.heap.place[v] = -1;
  }
  for (int64_t k = 0; k < given->source.count; k++) {
    const int32_t source = given->source.nodes[k];
    if (distance[source] == 0) continue;
    distance[source] = 0;
    gli__heap_lower(&s.heap, source, 0);
  }
  const int64_t distinct_sources = s.heap.count;
  status = settle(run, &s, is_target, target_count, &farthest, error);
  if (status != GLI_OK) return status;
  gli_run_release(run, s.heap.entries);
  for (int64_t v = 0; v < limit; v++) {
    if (distance[v] > farthest) distance[v] = (double)INFINITY;
  }
  status = gli__cpu_path_predecessors(run, snapshot, &s.along, &given->source, distinct_sources,
                                      distance, predecessor, error);
  for (int64_t v = 0; alive != NULL && v < limit; v++) {
    if (!gli_bit(alive, v)) distance[v] = 0;
  }
  return status;
}

gli_status gli__cpu_shortest_paths(gli_run *run, gli_snapshot *snapshot, const void *options,
                                   gli_result *result, gli_error *error) {
  const gli_shortest_paths_options *given = options;
  const bool weighted = given->weight != NULL && gli_snapshot_edge_count(snapshot) > 0;
  void *distance = NULL, *predecessor = NULL;
  gli_status status = gli_result_add_column(result, "distance", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0,
                                            &distance, error);
  if (status != GLI_OK) return status;
  status = gli_result_add_column(result, "predecessor", GLI_COLUMN_NODE, GLI_PER_NODE, 0,
                                 &predecessor, error);
  if (status != GLI_OK) return status;
  return weighted ? by_weight(run, snapshot, given, distance, predecessor, error)
                  : by_hops(run, snapshot, given, distance, predecessor, error);
}
