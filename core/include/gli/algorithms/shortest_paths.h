/** @file algorithms/shortest_paths.h
 *  @brief Shortest paths from one or several sources. */
#ifndef GLI_ALGORITHMS_SHORTEST_PATHS_H
#define GLI_ALGORITHMS_SHORTEST_PATHS_H

#include <gli/algorithm.h>
#include <math.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_shortest_paths_options {
  size_t struct_size;
  gli_node_list source;  /**< required: where paths start; several: the nearest counts */
  const char *weight;    /**< edge attribute, at least 0; NULL: each edge counts 1 */
  gli_node_list targets; /**< stop when these are reached; not given: reach all */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
  double cutoff;         /**< what is farther counts as not reached; default INFINITY */
} gli_shortest_paths_options;
#define GLI_SHORTEST_PATHS_OPTIONS_INIT                                    \
  {                                                                        \
    .struct_size = sizeof(gli_shortest_paths_options), .direction = "out", \
    .cutoff = (double)INFINITY                                             \
  }

/** @brief The length of a shortest path from the nearest source to every node, and a tree of them.
 *
 *  An edge of infinite weight is never part of a path. Of parallel edges the lightest counts. With
 *  `targets`, nodes farther than the farthest target count as not reached, unless some target
 *  cannot be reached at all.
 *
 *  The predecessor of a node is the smallest index among the nodes strictly nearer that lie on a
 *  shortest path to it. Where there is none (edges of weight 0) it is a node at the same distance:
 *  one with the fewest such edges to a node with a nearer predecessor or to a source, then of the
 *  smallest index. So following predecessors ends at a source.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     `source` is required.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per node: "distance" float64,
 *                          INFINITY where not reached; "predecessor" node, GLI_NODE_NONE for none.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no source, a negative or NaN weight or cutoff; the message
 *                                      names the edge.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source or target that is no live node.
 *  @note Without weight a breadth-first search. With it delta-stepping, O(m + n) in practice, or
 *        Dijkstra's algorithm on small graphs.
 *        Memory: 32 n + 40000 t bytes, and keeps 17 n + 24 m bytes.
 *  @see Dijkstra 1959, doi:10.1007/BF01386390; Meyer and Sanders 2003,
 *       doi:10.1016/S0196-6774(03)00076-2; Zhang et al. 2020, doi:10.1145/3368826.3377909. */
GLI_API gli_status gli_shortest_paths(gli_snapshot *snapshot,
                                      const gli_shortest_paths_options *options,
                                      const gli_control *control, gli_result **result_out,
                                      gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
