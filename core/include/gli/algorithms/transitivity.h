/** @file algorithms/transitivity.h
 *  @brief Transitivity. */
#ifndef GLI_ALGORITHMS_TRANSITIVITY_H
#define GLI_ALGORITHMS_TRANSITIVITY_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_transitivity_options {
  size_t struct_size;
  int32_t reserved; /**< zero: there is nothing to choose */
} gli_transitivity_options;
#define GLI_TRANSITIVITY_OPTIONS_INIT \
  { .struct_size = sizeof(gli_transitivity_options) }

/** @brief Three times the number of triangles over the number of connected triples.
 *
 *  Directions, self-loops and parallel edges are ignored. 0 where there is no triple.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Scalar "transitivity": float64 in [0, 1].
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost as triangle_count. Same bits on any number of threads.
 *        Memory: 25 n + 8 m + 2 n t bytes, and keeps 26 n + 16 m bytes.
 *  @see Wasserman and Faust 1994, Social Network Analysis; NetworkX's transitivity. */
GLI_API gli_status gli_transitivity(gli_snapshot *snapshot, const gli_transitivity_options *options,
                                    const gli_control *control, gli_result **result_out,
                                    gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
