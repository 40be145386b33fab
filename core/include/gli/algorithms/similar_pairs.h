/** @file algorithms/similar_pairs.h
 *  @brief The most similar pairs of a graph. */
#ifndef GLI_ALGORITHMS_SIMILAR_PAIRS_H
#define GLI_ALGORITHMS_SIMILAR_PAIRS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_similar_pairs_options {
  size_t struct_size;
  const char
      *measure;      /**< default "jaccard"; or "adamic_adar", "common_neighbors", "cosine",
                      *   "overlap", "preferential_attachment", "resource_allocation", "sorensen" */
  double threshold;  /**< only scores of at least this; default 0 */
  int64_t max_pairs; /**< at most so many pairs, the best; default 1,000,000 */
  bool adjacent;     /**< pairs that an edge joins count too; default true */
} gli_similar_pairs_options;
#define GLI_SIMILAR_PAIRS_OPTIONS_INIT                                                            \
  {                                                                                               \
    .struct_size = sizeof(gli_similar_pairs_options), .measure = "jaccard", .max_pairs = 1000000, \
    .adjacent = true                                                                              \
  }

/** @brief All pairs of nodes that share a neighbour and are similar enough, best first.
 *
 *  The score of a pair is what the algorithm named by `measure` gives it; directions are dropped,
 *  and each pair comes once, the smaller index first. Ties go to the smaller source, then to the
 *  smaller target. Where more than `max_pairs` pairs reach the threshold, the best are given, and
 *  "found" says how many there are. With adjacent = false only pairs that no edge joins: the links
 *  that may be missing.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "score": float64, "source" and
 *                          "target": nodes, best first; scalar "found": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  max_pairs below 1, a threshold below 0 or NaN, an unknown
 *                                      measure.
 *  @note Cost O(sum over edges of the degrees of both ends), parallel. The same on any number of
 *        threads. However many pairs are found, no more memory is taken than is said here.
 *        Memory: 33554432 + 2129920 t + 64 n + 12 n t + 64 max_pairs bytes, and keeps
 *        26 n + 16 m bytes.
 *  @see Gustavson 1978, doi:10.1145/355791.355796; Liben-Nowell and Kleinberg 2007,
 *       doi:10.1002/asi.20591. */
GLI_API gli_status gli_similar_pairs(gli_snapshot *snapshot,
                                     const gli_similar_pairs_options *options,
                                     const gli_control *control, gli_result **result_out,
                                     gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
