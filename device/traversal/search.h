/* search.h: the breadth-first search on a device that bfs, k_hop and unweighted shortest paths are
 * made of. */
#ifndef GLI_DEVICE_TRAVERSAL_SEARCH_H
#define GLI_DEVICE_TRAVERSAL_SEARCH_H

#include "device/call.h"

typedef struct gli__device_search {
  gli_node_list sources;
  gli_node_list targets; /* stop after the level that reaches the last of them; may be empty */
  gli_direction direction;
  int64_t max_depth;
  bool wants_predecessors;
} gli__device_search;

typedef struct gli__device_searched {
  gli_device_buffer *level;       /* int32[node_limit]: hops, -1: not reached, 0: no such node */
  gli_device_buffer *predecessor; /* int32[node_limit]; NULL when not wanted */
  int64_t reached;                /* nodes with a level */
} gli__device_searched;

/* Scratch of the call. Sets call->status as everything in call.h does. */
gli__device_searched gli__call_search(gli__call *call, const gli__device_search *search);

/* "out", "in" or "both", as a CHOICE parameter holds it; checked before. */
static inline gli_direction gli__device_direction(const char *text) {
  return text[0] == 'o' ? GLI_OUT : text[0] == 'i' ? GLI_IN : GLI_BOTH;
}

/* What a search of the graph costs, for the cost model: `depth` levels at most. */
gli__device_work gli__device_search_work(gli_snapshot *snapshot, const char *direction,
                                         int64_t max_depth);

#endif
