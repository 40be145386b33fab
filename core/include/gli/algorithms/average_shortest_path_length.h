/** @file algorithms/average_shortest_path_length.h
 *  @brief The mean distance between nodes. */
#ifndef GLI_ALGORITHMS_AVERAGE_SHORTEST_PATH_LENGTH_H
#define GLI_ALGORITHMS_AVERAGE_SHORTEST_PATH_LENGTH_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_average_shortest_path_length_options {
  size_t struct_size;
  const char *weight;    /**< edge attribute, at least 0; NULL: each edge counts 1 */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
} gli_average_shortest_path_length_options;
#define GLI_AVERAGE_SHORTEST_PATH_LENGTH_OPTIONS_INIT \
  { .struct_size = sizeof(gli_average_shortest_path_length_options), .direction = "out" }

/** @brief The mean of the distances from every node to every other: their sum over n (n - 1).
 *
 *  Infinite when some node cannot reach some other (NetworkX raises there); 0 with fewer than two
 *  nodes. An edge of infinite weight is never part of a path.
 *
 *  @code
 *  gli_result *result = NULL;
 *  status = gli_average_shortest_path_length(snapshot, NULL, NULL, &result, &error);
 *  printf("%g\n", gli_result_floats(result, "average_shortest_path_length")[0]);
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "average_shortest_path_length":
 *                          float64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a negative or NaN weight; an unknown direction.
 *  @note Without weights O(n (n + m) / 64) at worst; with weights O(n (m + n log n)). Parallel, the
 *        same bits on any number of threads.
 *        Memory: 12 n + 36 n t bytes, and keeps 16 n + 32 m bytes.
 *  @see Then et al. 2014, doi:10.14778/2735496.2735507 (64 searches at a time). */
GLI_API gli_status gli_average_shortest_path_length(
    gli_snapshot *snapshot, const gli_average_shortest_path_length_options *options,
    const gli_control *control, gli_result **result_out, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
