/** @file algorithms/diameter.h
 *  @brief The longest of all shortest paths. */
#ifndef GLI_ALGORITHMS_DIAMETER_H
#define GLI_ALGORITHMS_DIAMETER_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_diameter_options {
  size_t struct_size;
  const char *weight;    /**< edge attribute, at least 0; NULL: each edge counts 1 */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
} gli_diameter_options;
#define GLI_DIAMETER_OPTIONS_INIT \
  { .struct_size = sizeof(gli_diameter_options), .direction = "out" }

/** @brief The largest distance between any two nodes: the largest eccentricity.
 *
 *  Infinite when some node cannot reach some other (NetworkX raises there); 0 without nodes and
 *  for a lone node. An edge of infinite weight is never part of a path.
 *
 *  Without weights it ends as soon as no bound can beat what was found, after far fewer searches
 *  than gli_eccentricity needs.
 *
 *  @code
 *  gli_result *result = NULL;
 *  status = gli_diameter(snapshot, NULL, NULL, &result, &error);
 *  printf("%g\n", gli_result_floats(result, "diameter")[0]);
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "diameter":
 *                          float64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a negative or NaN weight; an unknown direction.
 *  @note Without weights a handful of searches of O(n + m) on most graphs, O(n (n + m) / 64) at
 *        worst; with weights O(n (m + n log n)). Parallel; exact.
 *        Memory: 24 n + 36 n t bytes, and keeps 16 n + 32 m bytes.
 *  @see Takes and Kosters 2011, doi:10.1145/2063576.2063748. */
GLI_API gli_status gli_diameter(gli_snapshot *snapshot, const gli_diameter_options *options,
                                const gli_control *control, gli_result **result_out,
                                gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
