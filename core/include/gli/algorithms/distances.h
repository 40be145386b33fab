/** @file algorithms/distances.h
 *  @brief A block of the distance matrix: from many sources, each by itself. */
#ifndef GLI_ALGORITHMS_DISTANCES_H
#define GLI_ALGORITHMS_DISTANCES_H

#include <gli/algorithm.h>
#include <math.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_distances_options {
  size_t struct_size;
  gli_node_list source;  /**< the block's rows; not given: every node, in node order */
  gli_node_list target;  /**< the block's columns; not given: every node, in node order */
  const char *weight;    /**< edge attribute, at least 0; NULL: each edge counts 1 */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
  double cutoff;         /**< what is farther counts as not reached; default INFINITY */
} gli_distances_options;
#define GLI_DISTANCES_OPTIONS_INIT \
  { .struct_size = sizeof(gli_distances_options), .direction = "out", .cutoff = (double)INFINITY }

/** @brief The distance from each source to each target, row by row.
 *
 *  Unlike gli_shortest_paths, which searches from all sources at once, each source is on its own.
 *  A node may be named twice. All pairs of a large graph are had in blocks: call with the next so
 *  many sources each time, multiples of 64; nothing but the block is held.
 *
 *  @code
 *  gli_distances_options options = GLI_DISTANCES_OPTIONS_INIT;
 *  for (int64_t at = 0; at < count; at += 256) {
 *    options.source = (gli_node_list){nodes + at, count - at < 256 ? count - at : 256};
 *    if (gli_distances(snapshot, &options, NULL, &result, &error) != GLI_OK) break;
 *    use(gli_result_floats(result, "distance"));
 *    gli_result_free(result);
 *  }
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL: all pairs at once.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns: "distance" float64 per row, the
 *                          block row by row, INFINITY where not reached; "sources" and "targets"
 *                          int64, the shape.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an empty list; a negative or NaN weight or cutoff.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source or target that is no live node.
 *  @retval GLI_ERROR_LIMIT             a block of more than 2^40 distances.
 *  @note Without weights 64 breadth-first searches at a time, O(n (n + m) / 64) at worst for all
 *        pairs; with weights O(m + n log n) a source. Parallel over sources.
 *        Memory: 8 n n + 12 n + 36 n t bytes, and keeps 16 n + 32 m bytes.
 *  @see Then et al. 2014, doi:10.14778/2735496.2735507; Dijkstra 1959, doi:10.1007/BF01386390. */
GLI_API gli_status gli_distances(gli_snapshot *snapshot, const gli_distances_options *options,
                                 const gli_control *control, gli_result **result_out,
                                 gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
