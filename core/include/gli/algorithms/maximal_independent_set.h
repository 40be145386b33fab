/** @file algorithms/maximal_independent_set.h
 *  @brief Maximal independent set. */
#ifndef GLI_ALGORITHMS_MAXIMAL_INDEPENDENT_SET_H
#define GLI_ALGORITHMS_MAXIMAL_INDEPENDENT_SET_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_maximal_independent_set_options {
  size_t struct_size;
  gli_node_list nodes; /**< nodes that must be in the set; default none */
  int64_t seed;        /**< of the random order; default 0 */
} gli_maximal_independent_set_options;
#define GLI_MAXIMAL_INDEPENDENT_SET_OPTIONS_INIT \
  { .struct_size = sizeof(gli_maximal_independent_set_options) }

/** @brief Nodes of which no two are neighbours, and to which none can be added.
 *
 *  Directions, self-loops and parallel edges make no difference; isolated nodes are in the set.
 * With `nodes` the set holds these, of which no two may be neighbours. It is maximal, not the
 * largest there is. Another seed gives another set. The empty graph has the empty set.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "in_set": bool per node. Column
 *  "count": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  two of `nodes` are neighbours.
 *  @retval GLI_ERROR_NODE_NOT_FOUND     one of `nodes` is not there.
 *  @note Cost O(n + m); a directed graph needs its in rows. The same on any number of threads.
 *        Memory: 10 n bytes, and keeps 16 n + 8 m bytes.
 *  @see Blelloch, Fineman and Shun 2012, doi:10.1145/2312005.2312058; NetworkX's
 *  maximal_independent_set. */
GLI_API gli_status gli_maximal_independent_set(gli_snapshot *snapshot,
                                               const gli_maximal_independent_set_options *options,
                                               const gli_control *control, gli_result **result_out,
                                               gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
