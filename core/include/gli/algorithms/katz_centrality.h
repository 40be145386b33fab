/** @file algorithms/katz_centrality.h
 *  @brief Katz centrality. */
#ifndef GLI_ALGORITHMS_KATZ_CENTRALITY_H
#define GLI_ALGORITHMS_KATZ_CENTRALITY_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_katz_centrality_options {
  size_t struct_size;
  double alpha;           /**< how much of a walk is left per step; default 0.1 */
  double beta;            /**< what every node has by itself; default 1 */
  const char *weight;     /**< edge attribute, finite; NULL: each edge counts 1 */
  bool normalized;        /**< scale to a Euclidean length of 1; default true */
  int64_t max_iterations; /**< default 1000 */
  double tolerance; /**< stop when the L1 change is below node_count * tolerance; default 1e-6 */
} gli_katz_centrality_options;
#define GLI_KATZ_CENTRALITY_OPTIONS_INIT                                         \
  {                                                                              \
    .struct_size = sizeof(gli_katz_centrality_options), .alpha = 0.1, .beta = 1, \
    .normalized = true, .max_iterations = 1000, .tolerance = 1e-6                \
  }

/** @brief How many walks end at each node, long ones counting less.
 *
 *  The solution of x = alpha * A' x + beta, where A' holds the edges that lead to a node;
 * undirected edges lead both ways, a self-loop leads to its own node once, parallel edges add up.
 * It exists where alpha is below 1 over the largest eigenvalue of A. The empty graph gives an empty
 * result.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "score": float64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an option out of range; an infinite or NaN weight.
 *  @retval GLI_ERROR_NOT_CONVERGED     max_iterations reached, or scores beyond float64, which
 *                                      alpha may be too large for.
 *  @note Cost O(k (n + m)). The same on any number of threads.
 *        Memory: 16 n bytes, and keeps 16 n + 24 m bytes.
 *  @see Katz 1953, doi:10.1007/BF02289026; NetworkX's katz_centrality. */
GLI_API gli_status gli_katz_centrality(gli_snapshot *snapshot,
                                       const gli_katz_centrality_options *options,
                                       const gli_control *control, gli_result **result_out,
                                       gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
