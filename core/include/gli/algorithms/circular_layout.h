/** @file algorithms/circular_layout.h
 *  @brief Places on a circle. */
#ifndef GLI_ALGORITHMS_CIRCULAR_LAYOUT_H
#define GLI_ALGORITHMS_CIRCULAR_LAYOUT_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_circular_layout_options {
  size_t struct_size;
  double scale; /**< radius; default 1 */
} gli_circular_layout_options;
#define GLI_CIRCULAR_LAYOUT_OPTIONS_INIT \
  { .struct_size = sizeof(gli_circular_layout_options), .scale = 1 }

/** @brief Places on a circle, in the order of the nodes.
 *
 *  The first node stands at (scale, 0), the others follow against the clock at equal angles; a
 *  single node stands in the centre. Edges play no part.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "x" and "y": float64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a scale that is not above 0.
 *  @note Cost O(n). The same bits on any number of threads. Memory: 20 n bytes.
 *  @see NetworkX's circular_layout. */
GLI_API gli_status gli_circular_layout(gli_snapshot *snapshot,
                                       const gli_circular_layout_options *options,
                                       const gli_control *control, gli_result **result_out,
                                       gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
