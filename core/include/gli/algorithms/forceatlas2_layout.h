/** @file algorithms/forceatlas2_layout.h
 *  @brief ForceAtlas2 layout. */
#ifndef GLI_ALGORITHMS_FORCEATLAS2_LAYOUT_H
#define GLI_ALGORITHMS_FORCEATLAS2_LAYOUT_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_forceatlas2_layout_options {
  size_t struct_size;
  int64_t iterations;      /**< steps at the most; default 100 */
  double jitter_tolerance; /**< how much swinging is put up with; default 1 */
  double scaling_ratio;    /**< of the repulsion; default 2 */
  double gravity;          /**< default 1 */
  bool strong_gravity;     /**< gravity grows with the distance; default false */
  bool distributed_action; /**< the pull on a node is divided by its mass; default false */
  bool linlog;             /**< edges pull by log(1 + d); default false */
  const char *weight;      /**< edge attribute, not negative; NULL (default): each edge counts 1 */
  double theta; /**< cells narrower than theta times their distance count as one body; 0: exact;
                   default 0.8 */
  gli_node_weights x; /**< where nodes start; those not named: as random_layout with seed */
  gli_node_weights y; /**< the same, upwards */
  int64_t seed;       /**< default 0 */
} gli_forceatlas2_layout_options;
#define GLI_FORCEATLAS2_LAYOUT_OPTIONS_INIT                                   \
  {                                                                           \
    .struct_size = sizeof(gli_forceatlas2_layout_options), .iterations = 100, \
    .jitter_tolerance = 1, .scaling_ratio = 2, .gravity = 1, .theta = 0.8     \
  }

/** @brief Places by ForceAtlas2: heavy nodes push each other away, edges and gravity pull.
 *
 *  A node's mass is its degree plus 1. Two nodes push each other away by scaling_ratio * mass *
 *  mass / d, an edge pulls its ends together by d times its weight, gravity pulls every node to the
 *  mean place by gravity * mass; parallel edges add up, directions do not matter. Nodes that swing
 *  go slower. Nothing is scaled at the end.
 *
 *  With theta 0 this is NetworkX's forceatlas2_layout, step by step; there a directed edge pulls
 *  its source alone. Larger theta puts far nodes together (Barnes and Hut). Nodes that start in the
 *  same place stay together.
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
 *  The same bits on any number of threads. Memory: 140 n bytes, and keeps 16 n + 32 m bytes.
 *  Where nodes crowd in many places each, up to 310 n bytes more.
 *  @see Jacomy et al. 2014, doi:10.1371/journal.pone.0098679; Barnes and Hut 1986,
 *  doi:10.1038/324446a0; NetworkX's forceatlas2_layout. */
GLI_API gli_status gli_forceatlas2_layout(gli_snapshot *snapshot,
                                          const gli_forceatlas2_layout_options *options,
                                          const gli_control *control, gli_result **result_out,
                                          gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
