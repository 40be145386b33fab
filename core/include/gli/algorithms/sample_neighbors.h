/** @file algorithms/sample_neighbors.h
 *  @brief Neighbour sampling for learning: fan-outs per hop. */
#ifndef GLI_ALGORITHMS_SAMPLE_NEIGHBORS_H
#define GLI_ALGORITHMS_SAMPLE_NEIGHBORS_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_sample_neighbors_options {
  size_t struct_size;
  gli_node_list source;  /**< required: the seeds; one named twice counts once */
  gli_int_list fanouts;  /**< required: how many neighbours a node draws, hop by hop; -1: all */
  const char *frontier;  /**< who draws in a hop: "new" (default), the nodes that the hop before
                          *   found, as PyG has it; "all" that were found so far, as DGL has it */
  bool replace;          /**< a neighbour may be drawn more than once; default false */
  const char *weight;    /**< edge attribute, at least 0; NULL: all edges alike */
  const char *direction; /**< "out" (default) or "in" (whose messages arrive, as PyG and DGL go);
                          *   undirected graphs ignore it */
  int64_t seed;          /**< default 0 */
} gli_sample_neighbors_options;
#define GLI_SAMPLE_NEIGHBORS_OPTIONS_INIT \
  { .struct_size = sizeof(gli_sample_neighbors_options), .frontier = "new", .direction = "out" }

/** @brief Some neighbours of the seeds, some neighbours of those, and so on: the subgraph that a
 *  mini-batch of a graph neural network is computed on.
 *
 *  In each hop, every node of the frontier draws as many of its edges as the hop's fan-out says:
 *  without replacement each edge at most once, and all of them where there are no more; with
 *  replacement exactly so many, if it has any. Fan-out -1 takes all, once. By weight, an edge is
 *  drawn in proportion to it (without replacement: of what is left), and one of weight 0 never.
 *  Parallel edges count each, a self-loop once. A node that is found again does not draw again,
 *  unless `frontier` is "all".
 *
 *  The same for a seed on any number of threads; each node and hop has a random stream of its own.
 *
 *  @code
 *  const int64_t fanouts[] = {15, 10};
 *  gli_sample_neighbors_options options = GLI_SAMPLE_NEIGHBORS_OPTIONS_INIT;
 *  options.source = (gli_node_list){batch, batch_size};
 *  options.fanouts = (gli_int_list){fanouts, 2};
 *  status = gli_sample_neighbors(snapshot, &options, NULL, &result, &error);
 *  @endcode
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     `source` and `fanouts` are required.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Columns per row, an edge drawn, hop after
 *                          hop: "node" node, who drew; "neighbor" node; "edge" edge; "hop" int64,
 *                          from 1. Per node: "layer" int64, the hop in which it was found first, 0
 *                          for seeds, -1 where not found.
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no source or fanouts; a fan-out below -1; a negative or
 *                                      infinite weight.
 *  @retval GLI_ERROR_NODE_NOT_FOUND    a source that is no live node.
 *  @retval GLI_ERROR_LIMIT             more than 2^40 edges in a hop.
 *  @note Cost O(n) for the column and O(1) an edge drawn; by weight O(degree) for each node that
 *        draws. Parallel. 24 bytes an edge drawn beside what follows, and 16 more for those of the
 *        hops before the last.
 *        Memory: 20 n + 16 d t bytes, and keeps 16 n + 32 m bytes.
 *  @see Hamilton, Ying and Leskovec 2017, arXiv:1706.02216; Efraimidis and Spirakis 2006,
 *       doi:10.1016/j.ipl.2005.11.003. */
GLI_API gli_status gli_sample_neighbors(gli_snapshot *snapshot,
                                        const gli_sample_neighbors_options *options,
                                        const gli_control *control, gli_result **result_out,
                                        gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
