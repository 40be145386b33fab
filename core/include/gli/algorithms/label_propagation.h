/** @file algorithms/label_propagation.h
 *  @brief Communities by label propagation. */
#ifndef GLI_ALGORITHMS_LABEL_PROPAGATION_H
#define GLI_ALGORITHMS_LABEL_PROPAGATION_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_label_propagation_options {
  size_t struct_size;
  const char *method;     /**< "ldbc" (default): all at once; "async": one after the other */
  int64_t max_iterations; /**< rounds at most; 0 (default): 10 for ldbc, 100 for async */
  int64_t seed;           /**< of the order of "async"; default 0 */
} gli_label_propagation_options;
#define GLI_LABEL_PROPAGATION_OPTIONS_INIT \
  { .struct_size = sizeof(gli_label_propagation_options), .method = "ldbc" }

/** @brief Communities: every node takes the label that most of its neighbours carry.
 *
 *  Each node starts with a label of its own; every row entry counts (directed: out and in
 *  each). "ldbc": all nodes at once, ties to the smallest label, the rule of LDBC Graphalytics.
 *  "async": one node after the other in an order drawn per round; a node keeps its label while
 *  that is among the most frequent. Ends when a round changes nothing, or after max_iterations.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "label": int64 per node, numbered
 *                          from 0 in the order of first nodes; "origin": the node whose label it
 *                          was at the start (which may carry another one by now); scalar "count":
 *                          communities.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m) per round. Exact.
 *        Memory: 29 n + 4 n t + 8 d t bytes, and keeps 16 n + 8 m bytes.
 *  @see Raghavan, Albert and Kumara 2007, doi:10.1103/PhysRevE.76.036106; Iosup et al. 2016,
 *       doi:10.14778/3007263.3007270. */
GLI_API gli_status gli_label_propagation(gli_snapshot *snapshot,
                                         const gli_label_propagation_options *options,
                                         const gli_control *control, gli_result **result_out,
                                         gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
