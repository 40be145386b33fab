/** @file algorithms/overlap.h
 *  @brief Overlap coefficient of pairs. */
#ifndef GLI_ALGORITHMS_OVERLAP_H
#define GLI_ALGORITHMS_OVERLAP_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_overlap_options {
  size_t struct_size;
  gli_pair_list pairs; /**< not given: the ends of every edge, each pair once */
} gli_overlap_options;
#define GLI_OVERLAP_OPTIONS_INIT \
  { .struct_size = sizeof(gli_overlap_options) }

/** @brief Common neighbours over the neighbours of the node that has fewer, for pairs of nodes.
 *
 *  Directions are dropped and parallel edges count once. A self-loop makes a node its own
 *  neighbour, but the two nodes of a pair are never common neighbours. 0 where one of the two has
 *  no neighbour. A pair given twice comes back once.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "score": float64, "source" and
 *                          "target": nodes, one row per pair, in the order given.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_NODE_NOT_FOUND  a pair names a node that is not there.
 *  @retval GLI_ERROR_LIMIT  2^32 - 1 pairs or more are given.
 *  @note Cost O(sum of the smaller degrees, times a logarithm where they differ much). Exact.
 *        Memory: 9 n + n t + 25 m bytes, and keeps 26 n + 16 m bytes.
 *  @see Szymkiewicz 1934; Simpson 1943; Vijaymeena and Kavitha 2016, doi:10.5121/mlaij.2016.3103.
 */
GLI_API gli_status gli_overlap(gli_snapshot *snapshot, const gli_overlap_options *options,
                               const gli_control *control, gli_result **result_out,
                               gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
