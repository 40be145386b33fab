/* dijkstra.c: Dijkstra's algorithm (1959, doi:10.1007/BF01386390) with a 4-ary heap that lowers
 * keys in place. Serial: for small graphs, where it needs no buckets and wakes nobody up. */
#include <math.h>

#include "cpu/common.h"
#include "cpu/shortest_paths/heap.h"
#include "cpu/shortest_paths/paths.h"

enum { CHECK_STEPS = 1 << 16 };

static int64_t relax(const gli__paths *p, gli__heap *heap, int32_t node) {
  const double here = p->distance[node];
  int64_t steps = 1;
  for (int side = 0; side < p->along.count; side++) {
    const gli_row row = p->along.rows[side].rows[node];
    const int32_t *neighbors = p->along.rows[side].neighbors + row.begin;
    const double *weights = p->along.weights[side] + row.begin;
    steps += row.length;
    for (uint32_t k = 0; k < row.length; k++) {
      const double there = here + weights[k];
      if (there < p->distance[neighbors[k]] && there <= p->cutoff) {
        p->distance[neighbors[k]] = there;
        gli__heap_lower(heap, neighbors[k], there);
      }
    }
  }
  return steps;
}

/* Settle nodes in order of distance. */
static gli_status settle(gli__paths *p, gli__heap *heap, uint8_t *is_target, int64_t target_count,
                         gli_error *error) {
  int64_t steps = 0, settled = 0;
  while (heap->count > 0 && heap->entries[0].key <= p->farthest) {
    const gli__heap_entry least = gli__heap_pop(heap);
    settled++;
    if (target_count > 0 && is_target[least.node] && --target_count == 0) p->farthest = least.key;
    steps += relax(p, heap, least.node);
    if (steps < CHECK_STEPS) continue;
    steps = 0;
    gli_run_progress(p->run, (double)settled, 0);
    const gli_status status = gli_run_check(p->run, error);
    if (status != GLI_OK) return status;
  }
  return gli_run_check(p->run, error);
}

static gli_status mark_targets(const gli__paths *p, uint8_t **is_target_out, int64_t *count_out,
                               gli_error *error) {
  *count_out = 0;
  if (p->targets.nodes == NULL) return GLI_OK;
  uint8_t *is_target = gli_run_allocate_zeroed(p->run, p->node_limit, sizeof *is_target);
  if (is_target == NULL) return gli_run_no_memory(p->run, error);
  for (int64_t k = 0; k < p->targets.count; k++) {
    *count_out += !is_target[p->targets.nodes[k]];
    is_target[p->targets.nodes[k]] = 1;
  }
  *is_target_out = is_target;
  return GLI_OK;
}

gli_status gli__cpu_paths_by_dijkstra(gli__paths *p, gli_error *error) {
  uint8_t *is_target = NULL;
  int64_t target_count = 0;
  gli__heap heap = {0};
  gli_status status = mark_targets(p, &is_target, &target_count, error);
  if (status != GLI_OK) return status;
  heap.entries = gli_run_allocate(p->run, p->node_limit, sizeof *heap.entries);
  heap.place = gli_run_allocate(p->run, p->node_limit, sizeof *heap.place);
  if (heap.entries == NULL || heap.place == NULL) return gli_run_no_memory(p->run, error);
  gli_run_prepared(p->run);
  for (int64_t v = 0; v < p->node_limit; v++) {
    p->distance[v] = (double)INFINITY;
    heap.place[v] = -1;
  }
  for (int64_t k = 0; k < p->sources.count; k++) {
    const int32_t source = p->sources.nodes[k];
    if (p->distance[source] == 0) continue;
    p->distance[source] = 0;
    gli__heap_lower(&heap, source, 0);
  }
  status = settle(p, &heap, is_target, target_count, error);
  gli_run_release(p->run, is_target);
  gli_run_release(p->run, heap.entries);
  gli_run_release(p->run, heap.place);
  return status;
}
