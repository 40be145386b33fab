/** @file algorithms/minimum_spanning_forest.h
 *  @brief Minimum (or maximum) spanning forest. */
#ifndef GLI_ALGORITHMS_MINIMUM_SPANNING_FOREST_H
#define GLI_ALGORITHMS_MINIMUM_SPANNING_FOREST_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_minimum_spanning_forest_options {
  size_t struct_size;
  const char *weight; /**< edge attribute, finite; NULL: each edge weighs 1 */
  bool maximum;       /**< the largest total weight instead; default false */
} gli_minimum_spanning_forest_options;
#define GLI_MINIMUM_SPANNING_FOREST_OPTIONS_INIT \
  { .struct_size = sizeof(gli_minimum_spanning_forest_options) }

/** @brief The edges of least total weight that hold every component together.
 *
 *  One tree per component. Directions are ignored, self-loops never belong to the forest, of
 *  parallel edges at most one does. Edges without the weight attribute weigh 1; weights may be
 *  negative, but must be finite. Of edges of equal weight the one with the smaller slot (the one
 *  added first) is preferred, for the maximum as well, so that the forest is unique. The empty
 * graph has the empty forest.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "in_forest": bool per edge. Column
 *  "total_weight": float64, added up in edge order. Column "count": int64, the edges of the forest.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an infinite or NaN weight.
 *  @note Cost O(m log n). The same on any number of threads.
 *        Memory: 16 n + 17 m bytes, and keeps 8 m bytes.
 *  @see Boruvka 1926; Bader and Cong 2006, doi:10.1016/j.jpdc.2006.06.001; NetworkX's
 *  minimum_spanning_edges. */
GLI_API gli_status gli_minimum_spanning_forest(gli_snapshot *snapshot,
                                               const gli_minimum_spanning_forest_options *options,
                                               const gli_control *control, gli_result **result_out,
                                               gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
