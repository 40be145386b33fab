/** @file algorithms/degrees.h
 *  @brief Degrees and strengths. */
#ifndef GLI_ALGORITHMS_DEGREES_H
#define GLI_ALGORITHMS_DEGREES_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_degrees_options {
  size_t struct_size;
  const char *direction; /**< "both" (default), "out" or "in"; undirected graphs ignore it */
  const char *weight;    /**< edge attribute to add up; NULL: count the edges */
} gli_degrees_options;
#define GLI_DEGREES_OPTIONS_INIT \
  { .struct_size = sizeof(gli_degrees_options), .direction = "both" }

/** @brief How many edge ends lie at every node, or the sum of their weights.
 *
 *  Parallel edges count each. A self-loop counts once out and once in, so 2 in an undirected graph
 *  and in "both".
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). One column per node: "degree" int64, or
 *                          with a weight "strength" float64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an unknown direction; a weight that is not finite.
 *  @note Cost O(n + m); O(n) for the out degrees of a directed graph.
 *        Memory: 8 n + 4 n t bytes, and keeps 16 n + 32 m bytes. */
GLI_API gli_status gli_degrees(gli_snapshot *snapshot, const gli_degrees_options *options,
                               const gli_control *control, gli_result **result_out,
                               gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
