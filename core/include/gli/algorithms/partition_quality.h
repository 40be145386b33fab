/** @file algorithms/partition_quality.h
 *  @brief Coverage, performance, and the conductance of every community. */
#ifndef GLI_ALGORITHMS_PARTITION_QUALITY_H
#define GLI_ALGORITHMS_PARTITION_QUALITY_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_partition_quality_options {
  size_t struct_size;
  gli_node_weights community; /**< required: node -> number; equal numbers are one community */
  const char *weight; /**< edge attribute, not negative; NULL (default): each edge counts 1 */
} gli_partition_quality_options;
#define GLI_PARTITION_QUALITY_OPTIONS_INIT \
  { .struct_size = sizeof(gli_partition_quality_options) }

/** @brief Measures of a partition: how much lies within communities, how much leaves each.
 *
 *  Coverage: the weight of edges within communities over all weight. Performance: over all pairs
 *  of nodes, the share of those that are right, joined within a community or not joined between
 *  two; a directed graph has each pair twice. It counts edges, not weights, parallel ones once; as
 *  in NetworkX a self-loop counts as an edge within, so that many of them can take it above 1.
 *
 *  Of a community: its size; the weight within; the cut, all weight between it and the rest, in
 *  either direction; its volume, the summed strengths of its nodes (a self-loop counts twice; of a
 *  directed graph the out strengths); and its conductance, the cut over the smaller of its volume
 *  and the volume of the rest. Of a directed graph that may be above 1.
 *
 *  0 stands where there is nothing to divide by (NetworkX raises ZeroDivisionError): the coverage
 *  without weight, the performance of less than two nodes, the conductance where a volume is 0.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     community must name every node.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns, a row per community in the order
 *                          of their first nodes: "conductance" float64, "community" float64 (the
 *                          number given), "size" int64, "within", "cut" and "volume" float64;
 *                          scalars "coverage" float64, "performance" float64, "count" int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a node without community; a community below 0 or NaN; a
 *                                      negative, infinite or NaN weight.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    community names a node that is not there.
 *  @note Cost O(n + m), parallel. The same bits on any number of threads.
 *        Memory: 84 n + 4 n t bytes, and keeps 16 n + 32 m bytes.
 *  @see Fortunato 2010, doi:10.1016/j.physrep.2009.11.002; NetworkX's partition_quality and
 *       conductance. */
GLI_API gli_status gli_partition_quality(gli_snapshot *snapshot,
                                         const gli_partition_quality_options *options,
                                         const gli_control *control, gli_result **result_out,
                                         gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
