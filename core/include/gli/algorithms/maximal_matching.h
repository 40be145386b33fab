/** @file algorithms/maximal_matching.h
 *  @brief Maximal matching. */
#ifndef GLI_ALGORITHMS_MAXIMAL_MATCHING_H
#define GLI_ALGORITHMS_MAXIMAL_MATCHING_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_maximal_matching_options {
  size_t struct_size;
  int64_t seed; /**< of the random order; default 0 */
} gli_maximal_matching_options;
#define GLI_MAXIMAL_MATCHING_OPTIONS_INIT \
  { .struct_size = sizeof(gli_maximal_matching_options) }

/** @brief Edges of which no two meet, and to which none can be added.
 *
 *  Directions are ignored, self-loops are never taken, of parallel edges at most one is. The
 *  matching is maximal, not the largest there is, of which it has at least half the edges. Another
 *  seed gives another matching. The empty graph has the empty matching.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "in_matching": bool per edge. Column
 *  "count": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m). The same on any number of threads.
 *        Memory: 12 n + 17 m bytes.
 *  @see Blelloch, Fineman and Shun 2012, doi:10.1145/2312005.2312058; NetworkX's maximal_matching.
 */
GLI_API gli_status gli_maximal_matching(gli_snapshot *snapshot,
                                        const gli_maximal_matching_options *options,
                                        const gli_control *control, gli_result **result_out,
                                        gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
