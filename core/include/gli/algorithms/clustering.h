/** @file algorithms/clustering.h
 *  @brief Clustering coefficients. */
#ifndef GLI_ALGORITHMS_CLUSTERING_H
#define GLI_ALGORITHMS_CLUSTERING_H

#include <gli/algorithm.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_clustering_options {
  size_t struct_size;
  const char *weight; /**< edge attribute, finite and at least 0; NULL: triangles are counted */
  const char *method; /**< of a directed graph: "fagiolo" (default) or "ldbc" */
} gli_clustering_options;
#define GLI_CLUSTERING_OPTIONS_INIT \
  { .struct_size = sizeof(gli_clustering_options), .method = "fagiolo" }

/** @brief Which share of the possible triangles at each node is there.
 *
 *  Self-loops are ignored, parallel edges count once (their weights add up). With weights a
 *  triangle counts the geometric mean of its three weights, each over the largest weight of the
 *  graph. Directed graphs count directed triangles (Fagiolo); with method "ldbc" the edges
 *  between the neighbours of a node, over how many there could be (LDBC Graphalytics; a neighbour
 *  counts once whatever the directions). 0 for nodes with fewer than two neighbours.
 *
 *  @param[in]  snapshot    n nodes, m edges. Not modified, may be shared between threads.
 *  @param[in]  options     NULL for the defaults.
 *  @param[in]  control     NULL for no limits.
 *  @param[out] result_out  Free with gli_result_free(). Column "coefficient": float64 per node;
 *                          scalars "average" over all nodes and "transitivity".
 *  @param[out] error       May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a negative, infinite or NaN weight; a weight with method
 *                                      "ldbc"; another method.
 *  @note Cost O(m^1.5) at worst. Same bits on any number of threads.
 *        Memory: 33 n + 62 m + 8 n t bytes, and keeps 26 n + 40 m bytes.
 *  @see Saramaki et al. 2007, doi:10.1103/PhysRevE.75.027105; Fagiolo 2007,
 *       doi:10.1103/PhysRevE.76.026107; NetworkX's clustering. */
GLI_API gli_status gli_clustering(gli_snapshot *snapshot, const gli_clustering_options *options,
                                  const gli_control *control, gli_result **result_out,
                                  gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
