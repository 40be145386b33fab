/* alone.h: Dijkstra's algorithm (1959, doi:10.1007/BF01386390) from one source after the other, one
 * worker each: many sources keep all workers busy without sharing a search. On a 4-ary heap that
 * lowers keys in place. O(m + n log n) a source in practice; memory 32 bytes a node and worker. */
#ifndef GLI_CPU_SHORTEST_PATHS_ALONE_H
#define GLI_CPU_SHORTEST_PATHS_ALONE_H

#include <math.h>

#include "cpu/common.h"
#include "cpu/shortest_paths/heap.h"
#include "cpu/shortest_paths/paths.h"

/* What one worker searches with. */
typedef struct gli__alone {
  double *distance; /* [node_limit] infinite between searches */
  gli__heap heap;
  int32_t *settled; /* [node_limit] in order of distance, the source first */
  int64_t settled_count;
} gli__alone;

static inline bool gli__alone_allocate(gli_run *run, int64_t limit, gli__alone *alone) {
  alone->distance = gli_run_allocate(run, limit, sizeof *alone->distance);
  alone->settled = gli_run_allocate(run, limit, sizeof *alone->settled);
  alone->heap.entries = gli_run_allocate(run, limit, sizeof *alone->heap.entries);
  alone->heap.place = gli_run_allocate(run, limit, sizeof *alone->heap.place);
  if (alone->distance == NULL || alone->settled == NULL || alone->heap.entries == NULL ||
      alone->heap.place == NULL) {
    return false;
  }
  for (int64_t v = 0; v < limit; v++) {
    alone->distance[v] = (double)INFINITY;
    alone->heap.place[v] = -1;
  }
  return true;
}

/* Settle what is within `cutoff` of the source, until the run is stopped. */
static inline void gli__alone_search(gli_run *run, const gli__weighted_rows *along,
                                     gli__alone *alone, int32_t source, double cutoff) {
  enum { CHECK_ENTRIES = 1 << 16 };
  int64_t steps = 0;
  double *distance = alone->distance;
  alone->settled_count = 0;
  distance[source] = 0;
  gli__heap_lower(&alone->heap, source, 0);
  while (alone->heap.count > 0) {
    const gli__heap_entry least = gli__heap_pop(&alone->heap);
    alone->settled[alone->settled_count++] = least.node;
    for (int side = 0; side < along->count; side++) {
      const gli_row row = along->rows[side].rows[least.node];
      const int32_t *neighbors = along->rows[side].neighbors + row.begin;
      const double *weights = along->weights[side] + row.begin;
      steps += 1 + (int64_t)row.length;
      for (uint32_t k = 0; k < row.length; k++) {
        const double there = least.key + weights[k];
        if (!(there < distance[neighbors[k]]) || there > cutoff) continue;
        distance[neighbors[k]] = there;
        gli__heap_lower(&alone->heap, neighbors[k], there);
      }
    }
    if (steps < CHECK_ENTRIES) continue;
    steps = 0;
    if (gli_run_stopped(run)) return;
  }
}

/* After the distances were read. */
static inline void gli__alone_clear(gli__alone *alone) {
  for (int64_t k = 0; k < alone->settled_count; k++)
    alone->distance[alone->settled[k]] = (double)INFINITY;
}

#endif
