/** @file algorithms/shortest_path.h
 *  @brief One shortest path, searched for from both ends. */
#ifndef GLI_ALGORITHMS_SHORTEST_PATH_H
#define GLI_ALGORITHMS_SHORTEST_PATH_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_shortest_path_options {
  size_t struct_size;
  gli_node_list source;  /**< required: where the path starts; several: the nearest counts */
  gli_node_list target;  /**< required: where it ends; several: the nearest counts */
  const char *weight;    /**< edge attribute, at least 0; NULL: each edge counts 1 */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
} gli_shortest_path_options;
#define GLI_SHORTEST_PATH_OPTIONS_INIT \
  { .struct_size = sizeof(gli_shortest_path_options), .direction = "out" }

/** @brief A shortest path between two nodes, or between the nearest two of several.
 *
 *  From a node to itself: that node, of length 0. Without a path there is no row and the length is
 *  infinite, as distances are. With several shortest paths one of them, always the same. An edge of
 *  infinite weight is never part of a path; of parallel edges the lightest counts.
 *
 *  @code
 *  gli_shortest_path_options options = GLI_SHORTEST_PATH_OPTIONS_INIT;
 *  options.source = (gli_node_list){&from, 1};
 *  options.target = (gli_node_list){&to, 1};
 *  status = gli_shortest_path(snapshot, &options, NULL, &result, &error);
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     `source` and `target` are required.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per row: "node" node, the path in
 *                          order; "edge" edge, from this node to the next row's, -1 for the last;
 *                          "length" float64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no source or target, a negative or NaN weight.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source or target that is no live node.
 *  @note O(n + m), with weights O(m + n log n), and mostly far less: each end looks at half the
 *        way. A directed graph needs its in rows, built once and kept. Serial.
 *        Memory: 72 n bytes, and keeps 16 n + 32 m bytes.
 *  @see Pohl 1971, Bi-directional search; Nicholson 1966, doi:10.1093/comjnl/9.3.275. */
GLI_API gli_status gli_shortest_path(gli_snapshot *snapshot,
                                     const gli_shortest_path_options *options,
                                     const gli_control *control, gli_result **result_out,
                                     gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
