/** @file algorithms/neighbor_lists.h
 *  @brief Neighbours of many nodes at once; a part of a graph, or all of it turned round, as rows.
 */
#ifndef GLI_ALGORITHMS_NEIGHBOR_LISTS_H
#define GLI_ALGORITHMS_NEIGHBOR_LISTS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_neighbor_lists_options {
  size_t struct_size;
  gli_node_list source;  /**< whose; one named twice has two lists; not given: every node's */
  const char *direction; /**< "out" (default), "in" or "both"; undirected graphs ignore it */
  bool within;           /**< only neighbours that are among the sources; default false */
  bool edges;            /**< the edges too; default false */
  const char *weight;    /**< edge attribute to give along; NULL: none */
} gli_neighbor_lists_options;
#define GLI_NEIGHBOR_LISTS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_neighbor_lists_options), .direction = "out" }

/** @brief The lists of neighbours of many nodes, one behind the other: compressed sparse rows.
 *
 *  List k, of source k, is rows offset[k] to offset[k + 1] - 1. It holds an entry for each edge, in
 *  the order in which the edges were added: parallel edges each, a self-loop once; with "both"
 *  first the out edges, then the in edges, and a self-loop among either. Holes have no list.
 *
 *  Of every node with direction "in" these are the rows of the graph turned round. With `within`
 *  they are the rows of the graph that the sources span, where "place" numbers the neighbours as
 *  the sources are. Lengths of lists, the degrees of the sources, are differences of offsets.
 *
 *  With gli_control.keep "device" all columns but edges stay there.
 *
 *  @code
 *  gli_neighbor_lists_options options = GLI_NEIGHBOR_LISTS_OPTIONS_INIT;
 *  options.source = (gli_node_list){chosen, chosen_count};
 *  options.within = true;
 *  status = gli_neighbor_lists(snapshot, &options, NULL, &result, &error);
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL: the out edges of every node.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Per list: "offset" int64, one more than
 *                          there are lists. Per row: "node" node, whose list, and "neighbor" node;
 *                          with `edges` "edge" edge; with a weight "weight" float64; with `within`
 *                          "place" int64, the neighbour's place among the sources, the first one
 *                          where it is named twice.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  an unknown direction; an empty list of sources; a weight
 * that is not finite.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @retval GLI_ERROR_LIMIT             more than 2^40 rows.
 *  @note Cost O(sources + rows), with `within` O(n + degrees of the sources). Parallel.
 *        Memory: 16 n + 64 m bytes, and keeps 16 n + 32 m bytes.
 *  @see Duff, Grimes and Lewis 1989, doi:10.1145/62038.62043: the form of rows. */
GLI_API gli_status gli_neighbor_lists(gli_snapshot *snapshot,
                                      const gli_neighbor_lists_options *options,
                                      const gli_control *control, gli_result **result_out,
                                      gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
