/** @file algorithms/preferential_attachment.h
 *  @brief Preferential attachment score of pairs. */
#ifndef GLI_ALGORITHMS_PREFERENTIAL_ATTACHMENT_H
#define GLI_ALGORITHMS_PREFERENTIAL_ATTACHMENT_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_preferential_attachment_options {
  size_t struct_size;
  gli_pair_list pairs; /**< not given: the ends of every edge, each pair once */
} gli_preferential_attachment_options;
#define GLI_PREFERENTIAL_ATTACHMENT_OPTIONS_INIT \
  { .struct_size = sizeof(gli_preferential_attachment_options) }

/** @brief The product of the degrees of the two nodes of a pair.
 *
 *  Directions are dropped and parallel edges count once. The degree is the number of neighbours, a
 *  self-loop counting two. A pair given twice comes back once.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "score": int64, "source" and
 *                          "target": nodes, one row per pair, in the order given.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_NODE_NOT_FOUND  a pair names a node that is not there.
 *  @retval GLI_ERROR_LIMIT  2^32 - 1 pairs or more are given.
 *  @note Cost O(1) a pair. Exact.
 *        Memory: n + 25 m bytes, and keeps 26 n + 16 m bytes.
 *  @see Liben-Nowell and Kleinberg 2007, doi:10.1002/asi.20591; NetworkX's preferential_attachment.
 */
GLI_API gli_status gli_preferential_attachment(gli_snapshot *snapshot,
                                               const gli_preferential_attachment_options *options,
                                               const gli_control *control, gli_result **result_out,
                                               gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
