/** @file algorithms/descendants.h
 *  @brief What lies behind a node. */
#ifndef GLI_ALGORITHMS_DESCENDANTS_H
#define GLI_ALGORITHMS_DESCENDANTS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_descendants_options {
  size_t struct_size;
  gli_node_list source; /**< required: where to start; several: what any of them reaches */
} gli_descendants_options;
#define GLI_DESCENDANTS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_descendants_options) }

/** @brief The nodes that can be reached from a node.
 *
 *  The sources themselves are left out, also where they lie on a cycle, as in NetworkX. In an
 *  undirected graph these are the other nodes of their components.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     `source` is required.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns: "node" node per row, in node
 * order.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no source.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @note Cost O(n + m), parallel.
 *        Memory: 13 n bytes.
 *  @see gli_bfs() for the hops, gli_ancestors() for the other way. */
GLI_API gli_status gli_descendants(gli_snapshot *snapshot, const gli_descendants_options *options,
                                   const gli_control *control, gli_result **result_out,
                                   gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
