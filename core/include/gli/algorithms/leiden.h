/** @file algorithms/leiden.h
 *  @brief Communities by the Leiden method. */
#ifndef GLI_ALGORITHMS_LEIDEN_H
#define GLI_ALGORITHMS_LEIDEN_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_leiden_options {
  size_t struct_size;
  const char *weight;     /**< edge attribute, not negative; NULL (default): each edge counts 1 */
  double resolution;      /**< > 0: higher gives more and smaller communities; default 1 */
  int64_t seed;           /**< of the order in which nodes are visited; default 0 */
  double tolerance;       /**< stop what gains less modularity than this; default 1e-4 */
  int64_t max_levels;     /**< how often communities may become nodes; default: no limit */
  int64_t max_iterations; /**< climbs from single nodes, each from the last one's communities;
                               default 2 */
} gli_leiden_options;
#define GLI_LEIDEN_OPTIONS_INIT                                                    \
  {                                                                                \
    .struct_size = sizeof(gli_leiden_options), .resolution = 1, .tolerance = 1e-4, \
    .max_levels = INT32_MAX, .max_iterations = 2                                   \
  }

/** @brief Communities of high modularity, each of them connected.
 *
 *  As louvain, but before communities become nodes each is taken apart and put together again
 *  along edges, and the parts become the nodes: so no community falls apart, and nodes that once
 *  moved together may part again. Directed graphs: directed modularity; connected means without
 *  regard to direction. The same for a seed on any number of threads.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "label": int64 per node, numbered
 *                          from 0 in the order of first nodes; scalars "count": communities,
 *                          "modularity": float64, 0 where the weights add up to 0, "levels"
 *                          of the last iteration.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a number out of range; a negative, infinite or NaN weight.
 *  @note Cost O(m) per pass, about ten passes.
 *        Memory: 100 n + 66 m + 21 n t bytes, and keeps 16 n + 32 m bytes.
 *  @see Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z. */
GLI_API gli_status gli_leiden(gli_snapshot *snapshot, const gli_leiden_options *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
