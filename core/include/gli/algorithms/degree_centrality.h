/** @file algorithms/degree_centrality.h
 *  @brief Degree centrality. */
#ifndef GLI_ALGORITHMS_DEGREE_CENTRALITY_H
#define GLI_ALGORITHMS_DEGREE_CENTRALITY_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_degree_centrality_options {
  size_t struct_size;
  const char *direction; /**< "both" (default), "out" or "in"; undirected graphs ignore it */
} gli_degree_centrality_options;
#define GLI_DEGREE_CENTRALITY_OPTIONS_INIT \
  { .struct_size = sizeof(gli_degree_centrality_options), .direction = "both" }

/** @brief The degree of each node over the number of other nodes.
 *
 *  Parallel edges count each, a self-loop once out and once in, so scores above 1 are possible. In
 *  a graph of one node the score is 1. The empty graph gives an empty result.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "score": float64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an unknown direction.
 *  @note Cost O(n + m); O(n) for the out degrees of a directed graph.
 *        Memory: 16 n + 4 n t bytes.
 *  @see Freeman 1978, doi:10.1016/0378-8733(78)90021-7; NetworkX's degree_centrality,
 *       in_degree_centrality and out_degree_centrality. */
GLI_API gli_status gli_degree_centrality(gli_snapshot *snapshot,
                                         const gli_degree_centrality_options *options,
                                         const gli_control *control, gli_result **result_out,
                                         gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
