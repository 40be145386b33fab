/** @file algorithms/bfs_edges.h
 *  @brief The tree of a breadth-first search, edge by edge in the order of discovery. */
#ifndef GLI_ALGORITHMS_BFS_EDGES_H
#define GLI_ALGORITHMS_BFS_EDGES_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_bfs_edges_options {
  size_t struct_size;
  gli_node_list source;  /**< required: where to start; several as if one led to them in order */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
  int64_t max_depth;     /**< go no further than this many hops; default INT32_MAX */
} gli_bfs_edges_options;
#define GLI_BFS_EDGES_OPTIONS_INIT \
  { .struct_size = sizeof(gli_bfs_edges_options), .direction = "out", .max_depth = INT32_MAX }

/** @brief The edges over which a breadth-first search discovers nodes, in order.
 *
 *  Neighbours are tried in the order in which the edges of a node were added, as in NetworkX; with
 *  "both" first along outgoing edges. Of parallel edges the first. gli_bfs is the fast one where
 *  levels are all that is wanted; its predecessors go by index, not by order.
 *
 *  @code
 *  gli_bfs_edges_options options = GLI_BFS_EDGES_OPTIONS_INIT;
 *  options.source = (gli_node_list){&start, 1};
 *  status = gli_bfs_edges(snapshot, &options, NULL, &result, &error);
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     `source` is required.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per row, a node discovered: "edge"
 *                          edge; "level" int64, its hops from the sources; "source" node, whence;
 *                          "target" node, the one discovered.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no source; an unknown direction; a negative max_depth.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @note Cost O(n + m), serial.
 *        Memory: 41 n bytes, and keeps 16 n + 8 m bytes.
 *  @see Moore 1959, The shortest path through a maze; NetworkX's bfs_edges. */
GLI_API gli_status gli_bfs_edges(gli_snapshot *snapshot, const gli_bfs_edges_options *options,
                                 const gli_control *control, gli_result **result_out,
                                 gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
