/* correcting.h: shortest paths along edges of any sign, and the negative cycle where there is one.
 */
#ifndef GLI_CPU_SHORTEST_PATHS_CORRECTING_H
#define GLI_CPU_SHORTEST_PATHS_CORRECTING_H

#include "cpu/shortest_paths/paths.h"

typedef struct gli__correcting {
  gli__weighted_rows along;
  const double *edge_weights; /* by slot, the same weights */
  double *distance;           /* [node_limit] infinite where not reached */
  int32_t *parent;            /* [node_limit] in a tree of shortest paths; NONE: a root */
  uint32_t *parent_edge;      /* [node_limit] the slot of the edge from there */

  /* The negative cycle, when one was found: nodes in the order of travel from the smallest index,
   * edges[k] leads from nodes[k] to the next. Scratch of the run; count 0: none. */
  int32_t *cycle_nodes;
  uint32_t *cycle_edges;
  int64_t cycle_count;
  double cycle_weight;
} gli__correcting;

/* The rows and weights that an algorithm goes along; attribute may not be NULL. */
gli_status gli__cpu_weighted_rows(gli_snapshot *snapshot, const char *attribute,
                                  const char *direction, gli__weighted_rows *along,
                                  gli_error *error);

/* From `sources`, or with NULL nodes from every live node at distance 0. `correcting` holds along,
 * edge_weights and distance; the rest is made. GLI_OK also with a cycle: ask cycle_count. */
gli_status gli__cpu_correct(gli_run *run, gli_snapshot *snapshot, const gli_node_list *sources,
                            gli__correcting *correcting, gli_error *error);

#endif
