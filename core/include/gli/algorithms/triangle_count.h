/** @file algorithms/triangle_count.h
 *  @brief Triangles. */
#ifndef GLI_ALGORITHMS_TRIANGLE_COUNT_H
#define GLI_ALGORITHMS_TRIANGLE_COUNT_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_triangle_count_options {
  size_t struct_size;
  int32_t reserved; /**< zero: there is nothing to choose */
} gli_triangle_count_options;
#define GLI_TRIANGLE_COUNT_OPTIONS_INIT \
  { .struct_size = sizeof(gli_triangle_count_options) }

/** @brief How many triangles each node lies in.
 *
 *  Directions, self-loops and parallel edges are ignored. The empty graph gives an empty
 *  result.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "triangles": int64 per node;
 *                          scalar "total": int64, each triangle once.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(m^1.5) at worst. Exact.
 *        Memory: 25 n + 8 m + 2 n t bytes, and keeps 26 n + 16 m bytes.
 *  @see Chiba and Nishizeki 1985, doi:10.1137/0214017; NetworkX's triangles. */
GLI_API gli_status gli_triangle_count(gli_snapshot *snapshot,
                                      const gli_triangle_count_options *options,
                                      const gli_control *control, gli_result **result_out,
                                      gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
