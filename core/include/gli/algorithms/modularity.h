/** @file algorithms/modularity.h
 *  @brief How good a partition into communities is. */
#ifndef GLI_ALGORITHMS_MODULARITY_H
#define GLI_ALGORITHMS_MODULARITY_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_modularity_options {
  size_t struct_size;
  gli_node_weights community; /**< required: node -> number; equal numbers are one community */
  const char *weight; /**< edge attribute, not negative; NULL (default): each edge counts 1 */
  double resolution;  /**< what the expected weight is multiplied by; default 1 */
} gli_modularity_options;
#define GLI_MODULARITY_OPTIONS_INIT \
  { .struct_size = sizeof(gli_modularity_options), .resolution = 1 }

/** @brief Modularity of a partition: weight within communities against what strengths let expect.
 *
 *  Undirected: the sum over communities of W / m - resolution (K / 2m)^2, with W the weight of
 * edges within, K the summed strengths of nodes (a self-loop counts twice) and m all weight.
 * Directed: W / m - resolution * K_out * K_in / m^2. Parallel edges add up.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     community must name every node.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Scalar "modularity": float64, 0 where the
 *                          weights add up to 0.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a node without community; a community below 0 or NaN; a
 *                                      number out of range; a negative, infinite or NaN weight.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    community names a node that is not there.
 *  @note Cost O(n + m).
 *        Memory: 36 n bytes, and keeps 16 n + 32 m bytes.
 *  @see Newman 2004, doi:10.1103/PhysRevE.69.066133; Leicht and Newman 2008,
 *       doi:10.1103/PhysRevLett.100.118703. */
GLI_API gli_status gli_modularity(gli_snapshot *snapshot, const gli_modularity_options *options,
                                  const gli_control *control, gli_result **result_out,
                                  gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
