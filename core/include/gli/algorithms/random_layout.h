/** @file algorithms/random_layout.h
 *  @brief Random places. */
#ifndef GLI_ALGORITHMS_RANDOM_LAYOUT_H
#define GLI_ALGORITHMS_RANDOM_LAYOUT_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_random_layout_options {
  size_t struct_size;
  int64_t seed; /**< default 0 */
} gli_random_layout_options;
#define GLI_RANDOM_LAYOUT_OPTIONS_INIT \
  { .struct_size = sizeof(gli_random_layout_options) }

/** @brief Random places in the unit square.
 *
 *  Each coordinate is uniform in [0, 1), from a random stream of each node. Edges play no part.
 *  Layouts by forces start here.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "x" and "y": float64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a negative seed.
 *  @note Cost O(n), parallel. The same bits on any number of threads. Memory: 20 n bytes.
 *  @see NetworkX's random_layout, whose numbers are others. */
GLI_API gli_status gli_random_layout(gli_snapshot *snapshot,
                                     const gli_random_layout_options *options,
                                     const gli_control *control, gli_result **result_out,
                                     gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
