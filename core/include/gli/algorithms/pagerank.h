/** @file algorithms/pagerank.h
 *  @brief PageRank. */
#ifndef GLI_ALGORITHMS_PAGERANK_H
#define GLI_ALGORITHMS_PAGERANK_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_pagerank_options {
  size_t struct_size;
  double damping;     /**< probability of following an edge, in [0, 1]; default 0.85 */
  const char *weight; /**< edge attribute, NULL: each edge counts 1 */
  gli_node_weights personalization; /**< where the surfer restarts; not given: anywhere alike */
  gli_node_weights dangling;        /**< where it goes from dead ends; not given: as it restarts */
  int64_t max_iterations;           /**< default 100 */
  double tolerance; /**< stop when the L1 change is below node_count * tolerance; default 1e-6;
                     *   0: exactly max_iterations are done */
} gli_pagerank_options;
#define GLI_PAGERANK_OPTIONS_INIT                                                        \
  {                                                                                      \
    .struct_size = sizeof(gli_pagerank_options), .damping = 0.85, .max_iterations = 100, \
    .tolerance = 1e-6                                                                    \
  }

/** @brief PageRank of every node: the stationary probability of the random surfer.
 *
 *  A node without out edges sends its rank to `dangling`. Parallel edges count each; loops count.
 *  The empty graph gives an empty result. With tolerance 0 exactly max_iterations are done, without
 *  a test for convergence: PageRank as LDBC Graphalytics defines it.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "score": float64 per node,
 *                          sums to 1.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an option out of range; a negative or NaN weight.
 *  @retval GLI_ERROR_NOT_CONVERGED     max_iterations reached; the message holds the residual.
 *  @note Cost O(k (n + m)). The same on any number of threads.
 *        Memory: 48 n bytes, and keeps 16 n + 32 m bytes.
 *  @see Brin and Page 1998, doi:10.1016/S0169-7552(98)00110-X; NetworkX's pagerank. */
GLI_API gli_status gli_pagerank(gli_snapshot *snapshot, const gli_pagerank_options *options,
                                const gli_control *control, gli_result **result_out,
                                gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
