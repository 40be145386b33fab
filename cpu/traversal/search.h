/* search.h: the breadth-first search that bfs, k_hop and unweighted shortest paths are made of. */
#ifndef GLI_CPU_TRAVERSAL_SEARCH_H
#define GLI_CPU_TRAVERSAL_SEARCH_H

#include <gli/algorithm.h>

/* How far a search came. */
typedef struct gli__search_extent {
  int64_t reached;  /* nodes, within */
  bool is_complete; /* nothing that is within lies deeper than max_depth */
} gli__search_extent;

typedef struct gli__search {
  gli_node_list sources;
  gli_node_list targets; /* stop after the level that reaches the last of them; may be empty */
  gli_direction direction;
  int64_t max_depth;
  const int32_t *within; /* levels of a search before: only nodes that it reached; NULL: all */
  gli__search_extent *extent_out; /* may be NULL */
} gli__search;

/* Hops from the nearest source into level[node_limit], -1 where not reached, 0 where not within,
 * and, unless NULL, the predecessors into predecessor[node_limit], which holds GLI_NODE_NONE
 * everywhere before. */
gli_status gli__cpu_search(gli_run *run, gli_snapshot *snapshot, const gli__search *search,
                           int32_t *level, int32_t *predecessor, gli_error *error);

#endif
