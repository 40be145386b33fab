/** @file algorithms/eigenvector_centrality.h
 *  @brief Eigenvector centrality. */
#ifndef GLI_ALGORITHMS_EIGENVECTOR_CENTRALITY_H
#define GLI_ALGORITHMS_EIGENVECTOR_CENTRALITY_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_eigenvector_centrality_options {
  size_t struct_size;
  const char *weight;     /**< edge attribute, finite; NULL: each edge counts 1 */
  int64_t max_iterations; /**< default 100 */
  double tolerance; /**< stop when the L1 change is below node_count * tolerance; default 1e-6 */
} gli_eigenvector_centrality_options;
#define GLI_EIGENVECTOR_CENTRALITY_OPTIONS_INIT                                       \
  {                                                                                   \
    .struct_size = sizeof(gli_eigenvector_centrality_options), .max_iterations = 100, \
    .tolerance = 1e-6                                                                 \
  }

/** @brief Being pointed at by nodes that are pointed at: the leading eigenvector of A'.
 *
 *  A' holds the edges that lead to a node; undirected edges lead both ways, a self-loop leads to
 *  its own node once, parallel edges add up. The scores have a Euclidean length of 1. They are
 *  unique where the graph is strongly connected; elsewhere they are what power iteration from equal
 *  scores leads to. The empty graph gives an empty result (NetworkX raises).
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "score": float64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an option out of range; an infinite or NaN weight.
 *  @retval GLI_ERROR_NOT_CONVERGED     max_iterations reached.
 *  @note Cost O(k (n + m)). The same on any number of threads.
 *        Memory: 16 n bytes, and keeps 16 n + 24 m bytes.
 *  @see Bonacich 1987, doi:10.1086/228631; NetworkX's eigenvector_centrality. */
GLI_API gli_status gli_eigenvector_centrality(gli_snapshot *snapshot,
                                              const gli_eigenvector_centrality_options *options,
                                              const gli_control *control, gli_result **result_out,
                                              gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
