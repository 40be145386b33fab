/** @file algorithms/louvain.h
 *  @brief Communities by the Louvain method. */
#ifndef GLI_ALGORITHMS_LOUVAIN_H
#define GLI_ALGORITHMS_LOUVAIN_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_louvain_options {
  size_t struct_size;
  const char *weight; /**< edge attribute, not negative; NULL (default): each edge counts 1 */
  double resolution;  /**< > 0: higher gives more and smaller communities; default 1 */
  int64_t seed;       /**< of the order in which nodes are visited; default 0 */
  double tolerance;   /**< stop what gains less modularity than this; default 1e-4 */
  int64_t max_levels; /**< how often communities may become nodes; default: no limit */
} gli_louvain_options;
#define GLI_LOUVAIN_OPTIONS_INIT                                                    \
  {                                                                                 \
    .struct_size = sizeof(gli_louvain_options), .resolution = 1, .tolerance = 1e-4, \
    .max_levels = INT32_MAX                                                         \
  }

/** @brief Communities of high modularity: nodes move where it gains, then communities become nodes.
 *
 *  Nodes are visited in a drawn order; each moves to the neighbouring community where modularity
 *  gains most. When a pass gains less than `tolerance`, communities become the nodes of the next
 *  level; last, single nodes may move once more between communities. Directed graphs: directed
 * modularity, as NetworkX has it. Parallel edges add up, self-loops count as in modularity. A node
 * without an edge is alone. Communities need not be connected: see leiden. The same for a seed on
 * any number of threads.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "label": int64 per node, numbered
 *                          from 0 in the order of first nodes; scalars "count": communities,
 *                          "modularity": float64, 0 where the weights add up to 0, "levels".
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a number out of range; a negative, infinite or NaN weight.
 *  @note Cost O(m) per pass, about ten passes.
 *        Memory: 325 n + 42 m bytes, and keeps 16 n + 32 m bytes.
 *  @see Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008. */
GLI_API gli_status gli_louvain(gli_snapshot *snapshot, const gli_louvain_options *options,
                               const gli_control *control, gli_result **result_out,
                               gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
