/** @file algorithms/topological_sort.h
 *  @brief Topological order of a graph without cycles. */
#ifndef GLI_ALGORITHMS_TOPOLOGICAL_SORT_H
#define GLI_ALGORITHMS_TOPOLOGICAL_SORT_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_topological_sort_options {
  size_t struct_size;
} gli_topological_sort_options;
#define GLI_TOPOLOGICAL_SORT_OPTIONS_INIT \
  { .struct_size = sizeof(gli_topological_sort_options) }

/** @brief All nodes in an order in which every edge leads forward.
 *
 *  Generation by generation: first the nodes without incoming edges in node order, then those whose
 *  last incoming edge came from there, as the rows of the nodes before name them, and so on. That
 *  is NetworkX's order. The generation of a node is the longest path that ends at it, in edges.
 *  Parallel edges change nothing. The empty graph has the empty order.
 *
 *  @param[in]  snapshot    n nodes, m edges, directed. Not modified, may be shared between threads.
 *  @param[in]  options     None beside struct_size; NULL will do.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per row, one row for each node, in
 *                          order: "node" node; "generation" int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an undirected graph; a cycle (a self-loop is one): the
 *                                      message names one of its edges.
 *  @note Cost O(n + m), serial.
 *        Memory: 25 n bytes.
 *  @see Kahn 1962, doi:10.1145/368996.369025. */
GLI_API gli_status gli_topological_sort(gli_snapshot *snapshot,
                                        const gli_topological_sort_options *options,
                                        const gli_control *control, gli_result **result_out,
                                        gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
