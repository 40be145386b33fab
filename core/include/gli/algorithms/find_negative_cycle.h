/** @file algorithms/find_negative_cycle.h
 *  @brief A cycle of negative weight. */
#ifndef GLI_ALGORITHMS_FIND_NEGATIVE_CYCLE_H
#define GLI_ALGORITHMS_FIND_NEGATIVE_CYCLE_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_find_negative_cycle_options {
  size_t struct_size;
  gli_node_list source;  /**< from where it must be reached; not given: anywhere in the graph */
  const char *weight;    /**< edge attribute of any sign; NULL: each edge counts 1, so none is */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
} gli_find_negative_cycle_options;
#define GLI_FIND_NEGATIVE_CYCLE_OPTIONS_INIT \
  { .struct_size = sizeof(gli_find_negative_cycle_options), .direction = "out" }

/** @brief A cycle whose edges' weights add up to less than 0, or no row where there is none.
 *
 *  The nodes stand in the order of travel, from the smallest index; the first is not repeated. The
 *  cycle visits no node twice. A self-loop of negative weight is a cycle of one node; an edge that
 *  can be gone both ways, as in an undirected graph, one of two. Weights are added exactly: what
 *  only rounding makes negative does not count. Of several cycles the one that the search of
 *  gli_bellman_ford comes upon first, always the same.
 *
 *  @code
 *  gli_find_negative_cycle_options options = GLI_FIND_NEGATIVE_CYCLE_OPTIONS_INIT;
 *  options.weight = "log_rate";
 *  status = gli_find_negative_cycle(snapshot, &options, NULL, &result, &error);
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns: "node" node and "edge" edge (from
 *                          this node to the next row's, from the last to the first) per row;
 *                          "weight" float64, of the whole cycle, 0 without one.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an empty list; a weight of NaN or minus infinity.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @note Cost O(n m) at worst, near O(m) in practice; serial.
 *        Memory: 34 n bytes, and keeps 16 n + 32 m bytes.
 *  @see Tarjan 1981; Cherkassky and Goldberg 1999, doi:10.1007/s101070050058. */
GLI_API gli_status gli_find_negative_cycle(gli_snapshot *snapshot,
                                           const gli_find_negative_cycle_options *options,
                                           const gli_control *control, gli_result **result_out,
                                           gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
