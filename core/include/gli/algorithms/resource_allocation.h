/** @file algorithms/resource_allocation.h
 *  @brief Resource allocation index of pairs. */
#ifndef GLI_ALGORITHMS_RESOURCE_ALLOCATION_H
#define GLI_ALGORITHMS_RESOURCE_ALLOCATION_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_resource_allocation_options {
  size_t struct_size;
  gli_pair_list pairs; /**< not given: the ends of every edge, each pair once */
} gli_resource_allocation_options;
#define GLI_RESOURCE_ALLOCATION_OPTIONS_INIT \
  { .struct_size = sizeof(gli_resource_allocation_options) }

/** @brief Common neighbours, each counting one over its degree, for pairs of nodes.
 *
 *  Directions are dropped and parallel edges count once. The degree is the number of neighbours, a
 *  self-loop counting two. The two nodes of a pair are never common neighbours. A pair given twice
 *  comes back once.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "score": float64, "source" and
 *                          "target": nodes, one row per pair, in the order given.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_NODE_NOT_FOUND  a pair names a node that is not there.
 *  @retval GLI_ERROR_LIMIT  2^32 - 1 pairs or more are given.
 *  @note Cost O(sum of the smaller degrees, times a logarithm where they differ much). Within 1e-9;
 *        the same bits on any number of threads.
 *        Memory: 17 n + 8 n t + 25 m bytes, and keeps 26 n + 16 m bytes.
 *  @see Zhou, Lue and Zhang 2009, doi:10.1140/epjb/e2009-00335-8; NetworkX's
 *  resource_allocation_index. */
GLI_API gli_status gli_resource_allocation(gli_snapshot *snapshot,
                                           const gli_resource_allocation_options *options,
                                           const gli_control *control, gli_result **result_out,
                                           gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
