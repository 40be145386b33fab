/* Each algorithm's typed function is the descriptor's run: the same columns bit for bit. */
#include "support.h"

static const int32_t sources[] = {0, 5};
static const int64_t fanouts[] = {3, 2};
static const pair acyclic[] = {{0, 2}, {3, 1}, {1, 2}};

/* Each of the graph's nodes, in one of seven communities. */
static gli_node_weights everybody(void) {
  static int32_t nodes[40];
  static double names[40];
  for (int32_t v = 0; v < 40; v++) {
    nodes[v] = v;
    names[v] = v % 7;
  }
  return (gli_node_weights){nodes, names, 40};
}

typedef struct door {
  const char *name;
  struct door *next;
} door;
static door *doors;

#define FRONT_DOOR(stem, ...)                                                        \
  __attribute__((constructor)) static void hang_##stem(void) {                       \
    static door this = {.name = #stem};                                              \
    this.next = doors;                                                               \
    doors = &this;                                                                   \
  }                                                                                  \
  Test(front_doors, stem) {                                                          \
    gli_snapshot *snapshot = random_graph(40, 120, true, 2, NULL);                   \
    gli_##stem##_options options;                                                    \
    gli_algorithm_defaults(gli_algorithm_find(#stem), &options);                     \
    __VA_ARGS__;                                                                     \
    gli_result *typed = NULL;                                                        \
    gli_error error = {0};                                                           \
    cr_assert_eq(gli_##stem(snapshot, &options, NULL, &typed, &error), GLI_OK, "%s", \
                 error.message);                                                     \
    gli_result *named = run_on(snapshot, #stem, &options, 0);                        \
    expect_same(typed, named);                                                       \
    gli_result_free(typed);                                                          \
    gli_result_free(named);                                                          \
    gli_snapshot_free(snapshot);                                                     \
  }

FRONT_DOOR(adamic_adar, (void)0)
FRONT_DOOR(ancestors, options.source = ((gli_node_list){sources, 2}))
FRONT_DOOR(articulation_points, (void)0)
FRONT_DOOR(average_shortest_path_length, options.direction = "both")
FRONT_DOOR(bellman_ford, options.source = ((gli_node_list){sources, 2}); options.weight = "weight")
FRONT_DOOR(betweenness_centrality, options.normalized = false)
FRONT_DOOR(bfs, options.source = ((gli_node_list){sources, 2}))
FRONT_DOOR(bfs_edges, options.source = ((gli_node_list){sources, 2}))
FRONT_DOOR(biconnected_components, (void)0)
FRONT_DOOR(bridges, (void)0)
FRONT_DOOR(circular_layout, options.scale = 3)
FRONT_DOOR(closeness_centrality, options.wf_improved = false)
FRONT_DOOR(clustering, options.weight = "weight")
FRONT_DOOR(common_neighbors, (void)0)
FRONT_DOOR(compare_partitions, options.community = options.other = everybody())
FRONT_DOOR(connected_components, options.kind = "strong")
FRONT_DOOR(core_number, (void)0)
FRONT_DOOR(cosine, (void)0)
FRONT_DOOR(degree_centrality, options.direction = "in")
FRONT_DOOR(degrees, options.direction = "in")
FRONT_DOOR(descendants, options.source = ((gli_node_list){sources, 2}))
FRONT_DOOR(dfs, options.source = ((gli_node_list){sources, 2}))
FRONT_DOOR(diameter, options.weight = "weight")
FRONT_DOOR(distances, options.source = ((gli_node_list){sources, 2}))
FRONT_DOOR(eccentricity, options.direction = "both")
FRONT_DOOR(edge_betweenness, options.samples = 5)
FRONT_DOOR(eigenvector_centrality, options.weight = "weight")
FRONT_DOOR(find_negative_cycle, options.weight = "weight")
FRONT_DOOR(forceatlas2_layout, options.iterations = 5)
FRONT_DOOR(greedy_color, options.strategy = "smallest_last")
FRONT_DOOR(harmonic_centrality, (void)0)
FRONT_DOOR(hits, options.normalized = false)
FRONT_DOOR(is_dag, (void)0)
FRONT_DOOR(jaccard, (void)0)
FRONT_DOOR(k_core, options.k = 2)
FRONT_DOOR(k_hop, options.source = ((gli_node_list){sources, 1}); options.k = 2)
FRONT_DOOR(k_truss, (void)0)
FRONT_DOOR(katz_centrality, options.alpha = 0.01)
FRONT_DOOR(label_propagation, options.method = "async"; options.seed = 3)
FRONT_DOOR(leiden, options.weight = "weight")
FRONT_DOOR(louvain, options.seed = 4)
FRONT_DOOR(maximal_independent_set, options.seed = 5)
FRONT_DOOR(maximal_matching, options.seed = 5)
FRONT_DOOR(minimum_spanning_forest, options.weight = "weight")
FRONT_DOOR(modularity, options.community = everybody())
FRONT_DOOR(neighbor_lists, options.source = ((gli_node_list){sources, 2}); options.within = true)
FRONT_DOOR(overlap, (void)0)
FRONT_DOOR(pagerank, options.damping = 0.5)
FRONT_DOOR(partition_quality, options.community = everybody())
FRONT_DOOR(preferential_attachment, (void)0)
FRONT_DOOR(radius, options.direction = "in")
FRONT_DOOR(random_layout, options.seed = 3)
FRONT_DOOR(random_walks, options.q = 2)
FRONT_DOOR(resource_allocation, (void)0)
FRONT_DOOR(sample_neighbors, options.source = ((gli_node_list){sources, 2});
           options.fanouts = ((gli_int_list){fanouts, 2}))
FRONT_DOOR(shortest_path, options.source = ((gli_node_list){sources, 1});
           options.target = ((gli_node_list){sources + 1, 1}))
FRONT_DOOR(shortest_paths, options.source = ((gli_node_list){sources, 2});
           options.weight = "weight")
FRONT_DOOR(similar_nodes, options.k = 3)
FRONT_DOOR(similar_pairs, options.max_pairs = 9)
FRONT_DOOR(sorensen, (void)0)
FRONT_DOOR(spectral_layout, options.dim = 3)
FRONT_DOOR(spring_layout, options.iterations = 5)
FRONT_DOOR(square_clustering, (void)0)
FRONT_DOOR(topological_sort, gli_snapshot_free(snapshot);
           snapshot = graph_of(4, true, COUNT_OF(acyclic), acyclic))
FRONT_DOOR(transitivity, (void)0)
FRONT_DOOR(triangle_count, (void)0)

Test(front_doors, each_algorithm_has_one) {
  for (size_t k = 0; k < gli_algorithm_count(); k++) {
    const door *at = doors;
    while (at != NULL && strcmp(at->name, gli_algorithm_at(k)->name) != 0)
      at = at->next;
    cr_assert_not_null(at, "none for %s", gli_algorithm_at(k)->name);
  }
}
