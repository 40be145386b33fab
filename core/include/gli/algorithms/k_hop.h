/** @file algorithms/k_hop.h
 *  @brief The nodes within k hops. */
#ifndef GLI_ALGORITHMS_K_HOP_H
#define GLI_ALGORITHMS_K_HOP_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_k_hop_options {
  size_t struct_size;
  gli_node_list source;  /**< required: where to start; several: the nearest counts */
  int64_t k;             /**< required: how many hops, at least 0 */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
} gli_k_hop_options;
#define GLI_K_HOP_OPTIONS_INIT \
  { .struct_size = sizeof(gli_k_hop_options), .k = -1, .direction = "out" }

/** @brief Which nodes lie within k hops of the nearest source, and how many hops away.
 *
 *  The levels of a breadth-first search that stops after k hops, without its tree.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     `source` and `k` are required.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns: "level" int64 per node, -1 where
 *                          farther than k; "count" int64, the nodes within k hops.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no source; k not given or negative; an unknown direction.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @note Cost O(n) for the column, plus the rows of the nodes within k - 1 hops.
 *        Memory: 21 n bytes, and keeps 16 n + 8 m bytes. */
GLI_API gli_status gli_k_hop(gli_snapshot *snapshot, const gli_k_hop_options *options,
                             const gli_control *control, gli_result **result_out, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
