/** @file algorithms/hits.h
 *  @brief Hubs and authorities. */
#ifndef GLI_ALGORITHMS_HITS_H
#define GLI_ALGORITHMS_HITS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_hits_options {
  size_t struct_size;
  const char *weight;     /**< edge attribute, finite and at least 0; NULL: each edge counts 1 */
  bool normalized;        /**< scale both to sum to 1; default true */
  int64_t max_iterations; /**< default 1000 */
  double tolerance;       /**< stop when the hubs' L1 change is below this; default 1e-8 */
} gli_hits_options;
#define GLI_HITS_OPTIONS_INIT                                                            \
  {                                                                                      \
    .struct_size = sizeof(gli_hits_options), .normalized = true, .max_iterations = 1000, \
    .tolerance = 1e-8                                                                    \
  }

/** @brief Hubs and authorities: good hubs point at good authorities, which good hubs point at.
 *
 *  The leading singular vectors of the matrix A of edges: authority = A' hub, hub = A authority,
 *  up to scale. Undirected edges lead both ways, a self-loop leads to its own node once, parallel
 *  edges add up. Where the leading singular value is shared (parts of the graph that are alike),
 *  the answer is what power iteration from equal scores leads to. Without edges all scores are 0.
 *  The empty graph gives an empty result.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "hub" and "authority": float64 per
 *                          node. Both sum to 1; not normalized, authority has a Euclidean length
 *                          of 1 and hub is A authority, as in NetworkX.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an option out of range; a negative, infinite or NaN weight.
 *  @retval GLI_ERROR_NOT_CONVERGED     max_iterations reached.
 *  @note Cost O(k (n + m)). The same on any number of threads.
 *        Memory: 24 n bytes, and keeps 16 n + 32 m bytes.
 *  @see Kleinberg 1999, doi:10.1145/324133.324140; NetworkX's hits. */
GLI_API gli_status gli_hits(gli_snapshot *snapshot, const gli_hits_options *options,
                            const gli_control *control, gli_result **result_out, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
