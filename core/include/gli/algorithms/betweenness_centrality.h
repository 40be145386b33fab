/** @file algorithms/betweenness_centrality.h
 *  @brief Betweenness centrality of nodes. */
#ifndef GLI_ALGORITHMS_BETWEENNESS_CENTRALITY_H
#define GLI_ALGORITHMS_BETWEENNESS_CENTRALITY_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_betweenness_centrality_options {
  size_t struct_size;
  bool normalized;    /**< divide by the number of pairs; default true */
  const char *weight; /**< edge attribute, finite and above 0: lengths; NULL: each edge is 1 long */
  bool endpoints;     /**< a path also counts for its two ends; default false */
  int64_t samples;    /**< from so many sources, drawn with seed; default INT32_MAX: all, exact */
  int64_t seed;       /**< of the draw; default 0 */
} gli_betweenness_centrality_options;
#define GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT                                    \
  {                                                                                \
    .struct_size = sizeof(gli_betweenness_centrality_options), .normalized = true, \
    .samples = INT32_MAX                                                           \
  }

/** @brief Which share of the shortest paths between all pairs passes through each node.
 *
 *  Parallel edges are one step, the shortest of them; self-loops lie on no path. With fewer
 *  samples than nodes the sums are scaled up to all nodes, as NetworkX 3.6 does it.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "score": float64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a weight that is not finite and above 0.
 *  @note Cost O(samples (n + m)), weighted O(samples (m + n log n)). Same bits on
 *        any number of threads.
 *        Memory: 662 n + 12 e bytes, and keeps 8 n + 8 m + 12 e bytes. Where
 *        n + e is 8,192 or less, 128 n bytes more.
 *  @see Brandes 2001, doi:10.1080/0022250X.2001.9990249; Brandes 2008,
 *       doi:10.1016/j.socnet.2007.11.001; NetworkX's betweenness_centrality. */
GLI_API gli_status gli_betweenness_centrality(gli_snapshot *snapshot,
                                              const gli_betweenness_centrality_options *options,
                                              const gli_control *control, gli_result **result_out,
                                              gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
