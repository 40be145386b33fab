/** @file algorithms/articulation_points.h
 *  @brief Articulation points. */
#ifndef GLI_ALGORITHMS_ARTICULATION_POINTS_H
#define GLI_ALGORITHMS_ARTICULATION_POINTS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_articulation_points_options {
  size_t struct_size;
  int32_t reserved; /**< zero: there is nothing to choose */
} gli_articulation_points_options;
#define GLI_ARTICULATION_POINTS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_articulation_points_options) }

/** @brief The nodes whose removal would break a component apart.
 *
 *  Directions, self-loops and parallel edges make no difference. Ends of a single edge and isolated
 *  nodes are no articulation points. The empty graph has none.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "articulation": bool per node.
 * Column "count": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m); a directed graph needs its in rows. The same on any number of threads.
 *        Memory: 30 n bytes, and keeps 16 n + 8 m bytes.
 *  @see Hopcroft and Tarjan 1973, doi:10.1145/362248.362272; NetworkX's articulation_points. */
GLI_API gli_status gli_articulation_points(gli_snapshot *snapshot,
                                           const gli_articulation_points_options *options,
                                           const gli_control *control, gli_result **result_out,
                                           gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
