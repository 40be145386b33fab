/** @file algorithms/is_dag.h
 *  @brief Whether a graph is directed and has no cycle. */
#ifndef GLI_ALGORITHMS_IS_DAG_H
#define GLI_ALGORITHMS_IS_DAG_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_is_dag_options {
  size_t struct_size;
} gli_is_dag_options;
#define GLI_IS_DAG_OPTIONS_INIT \
  { .struct_size = sizeof(gli_is_dag_options) }

/** @brief Whether the graph is directed and no walk along its edges comes back to where it was.
 *
 *  A self-loop is a cycle. An undirected graph is none, not even without edges, as in NetworkX; the
 *  empty directed graph is one.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     None beside struct_size; NULL will do.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column: "is_dag" bool, a scalar.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m), serial.
 *        Memory: 8 n bytes.
 *  @see gli_topological_sort(), whose error names an edge of a cycle. */
GLI_API gli_status gli_is_dag(gli_snapshot *snapshot, const gli_is_dag_options *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
