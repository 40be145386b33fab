/** @file algorithms/edge_betweenness.h
 *  @brief Betweenness centrality of edges. */
#ifndef GLI_ALGORITHMS_EDGE_BETWEENNESS_H
#define GLI_ALGORITHMS_EDGE_BETWEENNESS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_edge_betweenness_options {
  size_t struct_size;
  bool normalized;    /**< divide by the number of pairs; default true */
  const char *weight; /**< edge attribute, finite and above 0: lengths; NULL: each edge is 1 long */
  int64_t samples;    /**< from so many sources, drawn with seed; default INT32_MAX: all, exact */
  int64_t seed;       /**< of the draw; default 0 */
} gli_edge_betweenness_options;
#define GLI_EDGE_BETWEENNESS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_edge_betweenness_options), .normalized = true, .samples = INT32_MAX }

/** @brief Which share of the shortest paths between all pairs uses each edge.
 *
 *  Of parallel edges the shortest share in equal parts, longer ones get nothing; self-loops get
 *  0.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "score": float64 per edge.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a weight that is not finite and above 0.
 *  @note Cost as betweenness_centrality. Same bits on any number of threads.
 *        Memory: 662 n + 8 m + 24 e bytes, and keeps 8 n + 8 m + 12 e bytes.
 *        Where n + e is 8,192 or less, 128 e bytes more.
 *  @see Girvan and Newman 2002, doi:10.1073/pnas.122653799; Brandes 2008;
 *       NetworkX's edge_betweenness_centrality. */
GLI_API gli_status gli_edge_betweenness(gli_snapshot *snapshot,
                                        const gli_edge_betweenness_options *options,
                                        const gli_control *control, gli_result **result_out,
                                        gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
