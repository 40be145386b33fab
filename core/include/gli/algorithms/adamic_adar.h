/** @file algorithms/adamic_adar.h
 *  @brief Adamic-Adar index of pairs. */
#ifndef GLI_ALGORITHMS_ADAMIC_ADAR_H
#define GLI_ALGORITHMS_ADAMIC_ADAR_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_adamic_adar_options {
  size_t struct_size;
  gli_pair_list pairs; /**< not given: the ends of every edge, each pair once */
} gli_adamic_adar_options;
#define GLI_ADAMIC_ADAR_OPTIONS_INIT \
  { .struct_size = sizeof(gli_adamic_adar_options) }

/** @brief Common neighbours, each counting one over the logarithm of its degree, for pairs of
 * nodes.
 *
 *  Directions are dropped and parallel edges count once. The degree is the number of neighbours, a
 *  self-loop counting two; the logarithm is the natural one. The two nodes of a pair are never
 *  common neighbours. A pair of a node with itself counts all its neighbours, of which those of
 *  degree 1, whose logarithm is 0, count nothing. A pair given twice comes back once.
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
 *  @see Adamic and Adar 2003, doi:10.1016/S0378-8733(03)00009-1; NetworkX's adamic_adar_index. */
GLI_API gli_status gli_adamic_adar(gli_snapshot *snapshot, const gli_adamic_adar_options *options,
                                   const gli_control *control, gli_result **result_out,
                                   gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
