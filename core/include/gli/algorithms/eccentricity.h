/** @file algorithms/eccentricity.h
 *  @brief How far the farthest node is from each. */
#ifndef GLI_ALGORITHMS_ECCENTRICITY_H
#define GLI_ALGORITHMS_ECCENTRICITY_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_eccentricity_options {
  size_t struct_size;
  const char *weight;    /**< edge attribute, at least 0; NULL: each edge counts 1 */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
} gli_eccentricity_options;
#define GLI_ECCENTRICITY_OPTIONS_INIT \
  { .struct_size = sizeof(gli_eccentricity_options), .direction = "out" }

/** @brief The distance from each node to the one farthest from it, and who stands at the extremes.
 *
 *  Infinite for a node that cannot reach all others (NetworkX raises there). The diameter is the
 *  largest eccentricity and the radius the smallest, both 0 without nodes; the periphery are the
 *  nodes of the one, the center those of the other. A lone node has eccentricity 0. An edge of
 *  infinite weight is never part of a path; parallel edges count by the lightest, self-loops not.
 *
 *  Without weights, bounds from the searches made so far spare most searches; with weights each
 *  node is searched from.
 *
 *  @code
 *  gli_result *result = NULL;
 *  status = gli_eccentricity(snapshot, NULL, NULL, &result, &error);
 *  const double *far = gli_result_floats(result, "eccentricity");
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per node:
 *                          "eccentricity" float64, "center" and "periphery" bool; "diameter" and
 *                          "radius" float64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a negative or NaN weight; an unknown direction.
 *  @note Without weights a few dozen searches of O(n + m) on graphs of small diameter, O(n (n + m)
 * / 64) at worst; with weights O(n (m + n log n)). Parallel; exact. Memory: 40 n + 36 n t bytes,
 * and keeps 16 n + 32 m bytes.
 *  @see Takes and Kosters 2011, doi:10.1145/2063576.2063748. */
GLI_API gli_status gli_eccentricity(gli_snapshot *snapshot, const gli_eccentricity_options *options,
                                    const gli_control *control, gli_result **result_out,
                                    gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
