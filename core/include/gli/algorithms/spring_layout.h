/** @file algorithms/spring_layout.h
 *  @brief Fruchterman-Reingold layout. */
#ifndef GLI_ALGORITHMS_SPRING_LAYOUT_H
#define GLI_ALGORITHMS_SPRING_LAYOUT_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_spring_layout_options {
  size_t struct_size;
  double k; /**< wanted length of an edge in a start of the unit square; 0 (default): 1 / sqrt(n) */
  int64_t iterations; /**< steps at the most; default 50 */
  double threshold;   /**< way per node that a step must make; default 1e-4 */
  const char *weight; /**< edge attribute, not negative; NULL (default): each edge counts 1 */
  double theta; /**< cells narrower than theta times their distance count as one body; 0: exact;
                   default 0.8 */
  double scale; /**< of the largest coordinate; default 1 */
  gli_node_weights x; /**< where nodes start; those not named: as random_layout with seed */
  gli_node_weights y; /**< the same, upwards */
  int64_t seed;       /**< default 0 */
} gli_spring_layout_options;
#define GLI_SPRING_LAYOUT_OPTIONS_INIT                                                     \
  {                                                                                        \
    .struct_size = sizeof(gli_spring_layout_options), .iterations = 50, .threshold = 1e-4, \
    .theta = 0.8, .scale = 1                                                               \
  }

/** @brief Places by springs: edges pull their ends together, all nodes push each other away
 *  (Fruchterman-Reingold).
 *
 *  With d the distance of two nodes, at least 0.01, they push each other away by k^2 / d, and an
 *  edge pulls its ends together by d^2 / k times its weight; parallel edges add up, directions and
 *  self-loops do not matter. A node goes in the direction of its force by the temperature, which
 *  falls linearly from a tenth of the starting square to nearly 0; the layout ends early where a
 *  step is shorter than the threshold per node. At last the mean goes to 0 and the largest
 *  coordinate becomes scale.
 *
 *  With theta 0 this is NetworkX's spring_layout with method="force", step by step; there a
 *  directed edge pulls its source alone. Larger theta puts far nodes together (Barnes and Hut).
 *  Nodes that start in the same place stay together.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "x" and "y": float64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an option out of range; a negative, infinite or NaN weight
 *  or place.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    x or y names a node that is not there.
 *  @note Cost O(m + n log n) per step with the default theta (forces within about 1 %), parallel.
 *  The same bits on any number of threads. Memory: 132 n bytes, and keeps 16 n + 32 m bytes.
 *  Where nodes crowd in many places each, up to 310 n bytes more.
 *  @see Fruchterman and Reingold 1991, doi:10.1002/spe.4380211102; Barnes and Hut 1986,
 *  doi:10.1038/324446a0; NetworkX's spring_layout. */
GLI_API gli_status gli_spring_layout(gli_snapshot *snapshot,
                                     const gli_spring_layout_options *options,
                                     const gli_control *control, gli_result **result_out,
                                     gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
