/** @file algorithms/bellman_ford.h
 *  @brief Shortest paths along edges of any sign. */
#ifndef GLI_ALGORITHMS_BELLMAN_FORD_H
#define GLI_ALGORITHMS_BELLMAN_FORD_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_bellman_ford_options {
  size_t struct_size;
  gli_node_list source;  /**< required: where paths start; several: the nearest counts */
  const char *weight;    /**< edge attribute of any sign; NULL: each edge counts 1 */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
} gli_bellman_ford_options;
#define GLI_BELLMAN_FORD_OPTIONS_INIT \
  { .struct_size = sizeof(gli_bellman_ford_options), .direction = "out" }

/** @brief The length of a shortest path from the nearest source to every node where edges may be
 *  shorter than nothing, and a tree of them.
 *
 *  Where the sources reach a cycle of negative weight there is no shortest path: an error that
 *  names the cycle's nodes in order (gli_find_negative_cycle gives it as a list). An edge that can
 *  be gone both ways, as in an undirected graph, is such a cycle when its weight is negative, and
 * so is a self-loop. The weights of a cycle are added exactly: what only rounding makes negative is
 *  no negative cycle. An edge of infinite weight is never part of a path.
 *
 *  The tree holds, of all shortest paths, those with the fewest edges; the predecessor of a node is
 *  the smallest index among those that lead to it so. A source has none, unless another source
 *  reaches it at less than 0. With weights of at least 0 gli_shortest_paths is faster.
 *
 *  @code
 *  gli_bellman_ford_options options = GLI_BELLMAN_FORD_OPTIONS_INIT;
 *  const int32_t source = 0;
 *  options.source = (gli_node_list){&source, 1};
 *  options.weight = "cost";
 *  status = gli_bellman_ford(snapshot, &options, NULL, &result, &error);
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     `source` is required.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per node: "distance" float64,
 *                          INFINITY where not reached; "predecessor" node, GLI_NODE_NONE for none.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no source; a weight of NaN or minus infinity.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @retval GLI_ERROR_NEGATIVE_CYCLE    the sources reach a negative cycle.
 *  @note Cost O(n m) at worst, near O(m) in practice; serial.
 *        Memory: 38 n bytes, and keeps 16 n + 32 m bytes.
 *  @see Bellman 1958, doi:10.1090/qam/102435; Cherkassky and Goldberg 1999,
 *       doi:10.1007/s101070050058. */
GLI_API gli_status gli_bellman_ford(gli_snapshot *snapshot, const gli_bellman_ford_options *options,
                                    const gli_control *control, gli_result **result_out,
                                    gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
