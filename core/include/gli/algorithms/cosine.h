/** @file algorithms/cosine.h
 *  @brief Cosine similarity of pairs. */
#ifndef GLI_ALGORITHMS_COSINE_H
#define GLI_ALGORITHMS_COSINE_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_cosine_options {
  size_t struct_size;
  gli_pair_list pairs; /**< not given: the ends of every edge, each pair once */
} gli_cosine_options;
#define GLI_COSINE_OPTIONS_INIT \
  { .struct_size = sizeof(gli_cosine_options) }

/** @brief Common neighbours over the geometric mean of the numbers of neighbours, for pairs of
 * nodes.
 *
 *  Directions are dropped and parallel edges count once. The cosine of the angle between the rows
 *  of the adjacency matrix, also called Salton index. A self-loop makes a node its own neighbour,
 *  but the two nodes of a pair are never common neighbours. 0 where one of the two has no
 *  neighbour. A pair given twice comes back once.
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
 *  @see Salton and McGill 1983, Introduction to Modern Information Retrieval. */
GLI_API gli_status gli_cosine(gli_snapshot *snapshot, const gli_cosine_options *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
