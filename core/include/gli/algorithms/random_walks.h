/** @file algorithms/random_walks.h
 *  @brief Random walks: uniform, weighted, and with node2vec's bias. */
#ifndef GLI_ALGORITHMS_RANDOM_WALKS_H
#define GLI_ALGORITHMS_RANDOM_WALKS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_random_walks_options {
  size_t struct_size;
  gli_node_list source;   /**< where walks start; not given: at every node */
  int64_t length;         /**< steps of a walk; default 10 */
  int64_t walks_per_node; /**< default 1; a source named twice has twice as many */
  const char *weight;     /**< edge attribute; NULL: all edges alike */
  double p;               /**< node2vec's return parameter: going back weighs 1 / p; default 1 */
  double q;               /**< node2vec's in-out parameter: going away weighs 1 / q; default 1 */
  const char *direction;  /**< "out" (default) or "in"; undirected graphs ignore it */
  int64_t seed;           /**< default 0 */
} gli_random_walks_options;
#define GLI_RANDOM_WALKS_OPTIONS_INIT                                                           \
  {                                                                                             \
    .struct_size = sizeof(gli_random_walks_options), .length = 10, .walks_per_node = 1, .p = 1, \
    .q = 1, .direction = "out"                                                                  \
  }

/** @brief Walks along random edges, for learning and for sampling.
 *
 *  A step takes an edge of the node with a probability in proportion to its weight. Parallel edges
 *  count each, a self-loop once. With p or q other than 1, an edge also counts 1 / p where it goes
 *  back to the node before, 1 where it goes to a node that is joined to the node before (in
 *  whichever direction), and 1 / q elsewhere; the first step knows no node before. A walk ends
 *  early where no edge of positive weight leads on: the rest of its places hold none.
 *
 *  The same for a seed on any number of threads and on devices: every walk has a random stream of
 *  its own.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL: one walk of 10 steps from every node.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns: "node" node per row, walk after
 *                          walk, length + 1 places each, GLI_NODE_NONE after the end of a walk that
 *                          ended early; "walks" int64 and "places" int64, the shape, scalars. The
 *                          walks of the first source come first.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  length or walks_per_node below 1; p or q not above 0 and
 *                                      finite; a negative or infinite weight; an empty list.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @retval GLI_ERROR_LIMIT             more than 2^40 places in all.
 *  @note Cost O(1) a step, with weights O(log degree) after O(m) once, with p and q a few times
 *        that; parallel.
 *        Memory: 4 n walks_per_node length + 8 n walks_per_node + 8 e bytes,
 *        and keeps 26 n + 32 m bytes.
 *  @see Grover and Leskovec 2016, doi:10.1145/2939672.2939754; rejection: Yang et al. 2019,
 *       doi:10.1145/3341301.3359634. */
GLI_API gli_status gli_random_walks(gli_snapshot *snapshot, const gli_random_walks_options *options,
                                    const gli_control *control, gli_result **result_out,
                                    gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
