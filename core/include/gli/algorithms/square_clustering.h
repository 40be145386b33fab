/** @file algorithms/square_clustering.h
 *  @brief Square clustering. */
#ifndef GLI_ALGORITHMS_SQUARE_CLUSTERING_H
#define GLI_ALGORITHMS_SQUARE_CLUSTERING_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_square_clustering_options {
  size_t struct_size;
  int32_t reserved; /**< zero: there is nothing to choose */
} gli_square_clustering_options;
#define GLI_SQUARE_CLUSTERING_OPTIONS_INIT \
  { .struct_size = sizeof(gli_square_clustering_options) }

/** @brief Which share of the possible squares at each node is there.
 *
 *  Over all pairs of neighbours of a node: how many other nodes join them, over how many could.
 *  Directions, self-loops and parallel edges are ignored. A node with fewer than two neighbours has
 *  0.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "coefficient": float64 per node.
 *  @param[out] error       May be NULL; written on failure only.
 *  @note Cost O(sum over edges of the degrees of both ends), parallel. The same bits on any number
 *  of threads. Memory: 8 n + 8 n t bytes, and keeps 26 n + 16 m bytes.
 *  @see Lind, Gonzalez and Herrmann 2005, doi:10.1103/PhysRevE.72.056127; NetworkX's
 *  square_clustering. */
GLI_API gli_status gli_square_clustering(gli_snapshot *snapshot,
                                         const gli_square_clustering_options *options,
                                         const gli_control *control, gli_result **result_out,
                                         gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
