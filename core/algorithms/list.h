/* list.h: the algorithms of libgli. Adding one: its files, and one line here, in alphabetical
 * order.
 *
 * X(name) stands for
 *   core/include/gli/algorithms/<name>.h       options struct and typed front door
 *   core/algorithms/<family>/<name>.c          descriptor  gli__algorithm_<name>
 *   cpu/<family>/<name>.c                      kernel      gli__cpu_<name>
 *   tests/algorithms/test_<name>.c */
#ifndef GLI_ALGORITHMS_LIST_H
#define GLI_ALGORITHMS_LIST_H

// clang-format off
#define GLI_ALGORITHM_LIST(X) \
  X(adamic_adar) \
  X(ancestors) \
  X(articulation_points) \
  X(average_shortest_path_length) \
  X(bellman_ford) \
  X(betweenness_centrality) \
  X(bfs) \
  X(bfs_edges) \
  X(biconnected_components) \
  X(bridges) \
  X(circular_layout) \
  X(closeness_centrality) \
  X(clustering) \
  X(common_neighbors) \
  X(compare_partitions) \
  X(connected_components) \
  X(core_number) \
  X(cosine) \
  X(degree_centrality) \
  X(degrees) \
  X(descendants) \
  X(dfs) \
  X(diameter) \
  X(distances) \
  X(eccentricity) \
  X(edge_betweenness) \
  X(eigenvector_centrality) \
  X(find_negative_cycle) \
  X(forceatlas2_layout) \
  X(greedy_color) \
  X(harmonic_centrality) \
  X(hits) \
  X(is_dag) \
  X(jaccard) \
  X(k_core) \
  X(k_hop) \
  X(k_truss) \
  X(katz_centrality) \
  X(label_propagation) \
  X(leiden) \
  X(louvain) \
  X(maximal_independent_set) \
  X(maximal_matching) \
  X(minimum_spanning_forest) \
  X(modularity) \
  X(neighbor_lists) \
  X(overlap) \
  X(pagerank) \
  X(partition_quality) \
  X(preferential_attachment) \
  X(radius) \
  X(random_layout) \
  X(random_walks) \
  X(resource_allocation) \
  X(sample_neighbors) \
  X(shortest_path) \
  X(shortest_paths) \
  X(similar_nodes) \
  X(similar_pairs) \
  X(sorensen) \
  X(spectral_layout) \
  X(spring_layout) \
  X(square_clustering) \
  X(topological_sort) \
  X(transitivity) \
  X(triangle_count) \
  /* the end */
// clang-format on

#endif
