/** @file algorithms/biconnected_components.h
 *  @brief Biconnected components. */
#ifndef GLI_ALGORITHMS_BICONNECTED_COMPONENTS_H
#define GLI_ALGORITHMS_BICONNECTED_COMPONENTS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_biconnected_components_options {
  size_t struct_size;
  int32_t reserved; /**< zero: there is nothing to choose */
} gli_biconnected_components_options;
#define GLI_BICONNECTED_COMPONENTS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_biconnected_components_options) }

/** @brief Which edges lie on a common cycle: the blocks of the graph.
 *
 *  Every edge belongs to one block: two edges to the same if a cycle without repeated nodes holds
 *  both. A bridge is a block of its own; so are parallel edges between two nodes that nothing else
 *  joins. Nodes where blocks meet are the articulation points. Directions are ignored; a self-loop
 *  belongs to no block: -1. An isolated node lies in none. The empty graph has none.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "component": int64 per edge. Column
 *  "count": int64.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(n + m); a directed graph needs its in rows. The same on any number of threads.
 *        Memory: 29 n + 8 m bytes, and keeps 16 n + 8 m bytes.
 *  @see Hopcroft and Tarjan 1973, doi:10.1145/362248.362272; NetworkX's
 * biconnected_component_edges. */
GLI_API gli_status gli_biconnected_components(gli_snapshot *snapshot,
                                              const gli_biconnected_components_options *options,
                                              const gli_control *control, gli_result **result_out,
                                              gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
