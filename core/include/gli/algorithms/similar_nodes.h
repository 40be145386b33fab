/** @file algorithms/similar_nodes.h
 *  @brief The most similar nodes of every node. */
#ifndef GLI_ALGORITHMS_SIMILAR_NODES_H
#define GLI_ALGORITHMS_SIMILAR_NODES_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_similar_nodes_options {
  size_t struct_size;
  gli_node_list source; /**< whose similar nodes; not given: of every node */
  int64_t k;            /**< how many for each; default 10 */
  const char
      *measure;     /**< default "jaccard"; or "adamic_adar", "common_neighbors", "cosine",
                     *   "overlap", "preferential_attachment", "resource_allocation", "sorensen" */
  double threshold; /**< only scores of at least this; default 0 */
  bool adjacent;    /**< nodes that an edge joins count too; default true */
} gli_similar_nodes_options;
#define GLI_SIMILAR_NODES_OPTIONS_INIT                                               \
  {                                                                                  \
    .struct_size = sizeof(gli_similar_nodes_options), .k = 10, .measure = "jaccard", \
    .adjacent = true                                                                 \
  }

/** @brief For every node the k most similar of the nodes that share a neighbour with it.
 *
 *  The score of a pair is what the algorithm named by `measure` gives it; directions are dropped.
 *  Nodes without a common neighbour are no candidates: by all measures but preferential_attachment
 *  they would have 0. Ties go to the smaller index. With adjacent = false only nodes that no edge
 *  joins to the source: where a link may be missing. A source named twice is answered once; one
 *  without candidates has no row.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns "score": float64, "source" and
 *                          "target": nodes. Rows of a source stand together, best first; sources
 *                          in the order given, or by index.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  k below 1, a threshold below 0 or NaN, an unknown measure.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @note Cost O(sum over edges of the degrees of both ends), parallel. The same on any number of
 *        threads. Memory: 29 n + 12 n t + 32 n k bytes, and keeps 26 n + 16 m bytes.
 *  @see Gustavson 1978, doi:10.1145/355791.355796; Liben-Nowell and Kleinberg 2007,
 *       doi:10.1002/asi.20591. */
GLI_API gli_status gli_similar_nodes(gli_snapshot *snapshot,
                                     const gli_similar_nodes_options *options,
                                     const gli_control *control, gli_result **result_out,
                                     gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
