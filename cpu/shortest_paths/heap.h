/* heap.h: a priority queue of nodes by distance, with decrease.
 *
 * A 4-ary heap with the place of every node: half the levels of a binary heap, and the four
 * children share a cache line or two. Every node stands in it at most once, so it never grows. */
#ifndef GLI_CPU_SHORTEST_PATHS_HEAP_H
#define GLI_CPU_SHORTEST_PATHS_HEAP_H

#include <stdint.h>

typedef struct gli__heap_entry {
  double key;
  int32_t node;
} gli__heap_entry;

typedef struct gli__heap {
  gli__heap_entry *entries; /* [node_limit] */
  int32_t *place;           /* [node_limit] -1: not in the heap */
  int64_t count;
} gli__heap;

static inline void gli__heap_put(gli__heap *heap, int64_t at, gli__heap_entry entry) {
  heap->entries[at] = entry;
  heap->place[entry.node] = (int32_t)at;
}

static inline void gli__heap_rise(gli__heap *heap, int64_t at, gli__heap_entry entry) {
  while (at > 0) {
    const int64_t above = (at - 1) / 4;
    if (heap->entries[above].key <= entry.key) break;
    gli__heap_put(heap, at, heap->entries[above]);
    at = above;
  }
  gli__heap_put(heap, at, entry);
}

/* Insert a node, or lower its key. */
static inline void gli__heap_lower(gli__heap *heap, int32_t node, double key) {
  const int64_t at = heap->place[node] >= 0 ? heap->place[node] : heap->count++;
  gli__heap_rise(heap, at, (gli__heap_entry){key, node});
}

static inline gli__heap_entry gli__heap_pop(gli__heap *heap) {
  const gli__heap_entry least = heap->entries[0];
  const gli__heap_entry moved = heap->entries[--heap->count];
  heap->place[least.node] = -1;
  int64_t at = 0;
  if (heap->count == 0) return least;
  for (;;) {
    const int64_t begin = 4 * at + 1;
    const int64_t end = begin + 4 < heap->count ? begin + 4 : heap->count;
    int64_t best = begin;
    if (begin >= heap->count) break;
    for (int64_t child = begin + 1; child < end; child++) {
      if (heap->entries[child].key < heap->entries[best].key) best = child;
    }
    if (heap->entries[best].key >= moved.key) break;
    gli__heap_put(heap, at, heap->entries[best]);
    at = best;
  }
  gli__heap_put(heap, at, moved);
  return least;
}

#endif
