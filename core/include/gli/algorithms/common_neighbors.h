/** @file algorithms/common_neighbors.h
 *  @brief Common neighbours of pairs. */
#ifndef GLI_ALGORITHMS_COMMON_NEIGHBORS_H
#define GLI_ALGORITHMS_COMMON_NEIGHBORS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_common_neighbors_options {
  size_t struct_size;
  gli_pair_list pairs; /**< not given: the ends of every edge, each pair once */
} gli_common_neighbors_options;
#define GLI_COMMON_NEIGHBORS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_common_neighbors_options) }

/** @brief How many neighbours the two nodes of a pair have in common.
 *
 *  Directions are dropped and parallel edges count once. The two nodes themselves are never common
 *  neighbours. A pair given twice comes back once.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "score": int64, "source" and
 *                          "target": nodes, one row per pair, in the order given.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_NODE_NOT_FOUND  a pair names a node that is not there.
 *  @retval GLI_ERROR_LIMIT  2^32 - 1 pairs or more are given.
 *  @note Cost O(sum of the smaller degrees, times a logarithm where they differ much). Exact.
 *        Memory: 9 n + n t + 25 m bytes, and keeps 26 n + 16 m bytes.
 *  @see Newman 2001, doi:10.1103/PhysRevE.64.025102; NetworkX's common_neighbors. */
GLI_API gli_status gli_common_neighbors(gli_snapshot *snapshot,
                                        const gli_common_neighbors_options *options,
                                        const gli_control *control, gli_result **result_out,
                                        gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
