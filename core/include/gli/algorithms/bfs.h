/** @file algorithms/bfs.h
 *  @brief Breadth-first search. */
#ifndef GLI_ALGORITHMS_BFS_H
#define GLI_ALGORITHMS_BFS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_bfs_options {
  size_t struct_size;
  gli_node_list source;  /**< required: where to start; several: the nearest counts */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
  int64_t max_depth;     /**< go no further than this many hops; default INT32_MAX: no limit */
} gli_bfs_options;
#define GLI_BFS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_bfs_options), .direction = "out", .max_depth = INT32_MAX }

/** @brief Hops from the nearest of the sources to every node, and a tree of shortest paths.
 *
 *  A source has level 0 and no predecessor. The predecessor of another node is the smallest node
 *  index among its neighbours one level nearer, whatever the number of threads. Loops and parallel
 *  edges change nothing. A source named twice counts once.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     `source` is required.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per node: "level" int64, -1 where
 *                          not reached; "predecessor" node, GLI_NODE_NONE for none.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no source; an unknown direction; a negative max_depth.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @note Cost O(n + m), and much less on graphs of small diameter. On a directed graph the latter
 *        needs the in rows, which are built after a few searches, or at once when asked
 *        for: gli_snapshot_in_rows().
 *        Memory: 25 n bytes, and keeps 17 n + 8 m bytes.
 *  @see Beamer, Asanovic and Patterson 2012, doi:10.1109/SC.2012.50 (direction-optimising). */
GLI_API gli_status gli_bfs(gli_snapshot *snapshot, const gli_bfs_options *options,
                           const gli_control *control, gli_result **result_out, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
