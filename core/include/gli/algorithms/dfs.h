/** @file algorithms/dfs.h
 *  @brief Depth-first search. */
#ifndef GLI_ALGORITHMS_DFS_H
#define GLI_ALGORITHMS_DFS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_dfs_options {
  size_t struct_size;
  gli_node_list source;  /**< where to start, one after the other; not given: every node in order */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
} gli_dfs_options;
#define GLI_DFS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_dfs_options), .direction = "out" }

/** @brief The order in which a depth-first search enters and leaves the nodes, and its tree.
 *
 *  Neighbours are tried in the order of the node's row, which is the order in which its edges were
 *  added, as in NetworkX; with "both" first along outgoing edges. A source that an earlier one has
 *  reached is passed over. Loops and parallel edges change nothing.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL: from every node, in node order.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per node: "preorder" and
 * "postorder" int64, the places from 0 in the orders of entering and of leaving, -1 where not
 * reached; "depth" int64, edges from the root of the tree, or -1; "predecessor" node, GLI_NODE_NONE
 * for none.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an empty list of sources; an unknown direction.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @note Cost O(n + m), serial: the order of a depth-first search has no known fast parallel form.
 *        "in" and "both" need the in rows.
 *        Memory: 36 n bytes, and keeps 16 n + 8 m bytes.
 *  @see Tarjan 1972, doi:10.1137/0201010. */
GLI_API gli_status gli_dfs(gli_snapshot *snapshot, const gli_dfs_options *options,
                           const gli_control *control, gli_result **result_out, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
