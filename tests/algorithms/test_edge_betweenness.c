/* Known values: NetworkX 3.6.1, edge_betweenness_centrality(). */
#include "algorithms/support.h"

#define CLOSE 1e-12

static const gli_edge_betweenness_options defaults = GLI_EDGE_BETWEENNESS_OPTIONS_INIT;

Test(edge_betweenness, holds_what_every_algorithm_must) {
  gli_edge_betweenness_options options = GLI_EDGE_BETWEENNESS_OPTIONS_INIT;
  options.samples = 20;
  check_algorithm("edge_betweenness", &defaults, &options);
  options.weight = "weight";
  check_algorithm("edge_betweenness", &defaults, &options);
}

Test(edge_betweenness, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "edge_betweenness", NULL, 0);
  int64_t best = -1, found = 0;
  cr_assert_eq(gli_result_top(result, "score", 1, &best, &found, NULL), GLI_OK);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  cr_expect(sources[best] + targets[best] == 31 && sources[best] * targets[best] == 0);
  cr_expect_float_eq(gli_result_floats(result, "score")[best], 0.1272599949070537, CLOSE);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(edge_betweenness, directed_weighted_parallel_and_loops) {
  /* The eight edges of NetworkX's graph; then a loop, a longer and an equal parallel edge. */
  static const pair edges[] = {{0, 1}, {1, 2}, {2, 0}, {0, 2}, {2, 3}, {3, 0},
                               {1, 3}, {3, 1}, {2, 2}, {2, 3}, {1, 2}};
  static const double weights[] = {2, 1, 4, 1, 0.5, 3, 2, 1, 1, 0.75, 1};
  static const double expected[] = {1.0 / 12, 1.0 / 6, 0, 1.0 / 6, 0.5,    0.25,
                                    0,        0.25,    0, 0,       1.0 / 6};
  gli_snapshot *snapshot = graph_with(4, true, COUNT_OF(edges), edges, weights, NULL);
  gli_edge_betweenness_options options = GLI_EDGE_BETWEENNESS_OPTIONS_INIT;
  options.weight = "weight";
  gli_result *result = run_on(snapshot, "edge_betweenness", &options, 0);
  for (int k = 0; k < 11; k++)
    cr_expect_float_eq(gli_result_floats(result, "score")[k], expected[k], CLOSE, "edge %d", k);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* On an undirected path the edge behind node k separates (k + 1) (n - 1 - k) pairs. */
Test(edge_betweenness, of_a_path) {
  static const pair path[] = {{0, 1}, {2, 1}, {2, 3}, {4, 3}};
  gli_snapshot *snapshot = graph_of(5, false, 4, path);
  gli_edge_betweenness_options options = GLI_EDGE_BETWEENNESS_OPTIONS_INIT;
  options.normalized = false;
  gli_result *result = run_on(snapshot, "edge_betweenness", &options, 0);
  for (int k = 0; k < 4; k++)
    cr_expect_float_eq(gli_result_floats(result, "score")[k], (k + 1) * (4 - k), CLOSE);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Small graphs are searched in another way; `levels_go_either_way` knows what nodes have. */
Test(edge_betweenness, is_the_same_among_more_nodes) {
  gli_edge_betweenness_options options = GLI_EDGE_BETWEENNESS_OPTIONS_INIT;
  options.normalized = false;
  for (int directed = 0; directed <= 1; directed++) {
    for (int64_t count = 300; count <= 7500; count *= 5) {
      gli_snapshot *small = random_graph(300, count, directed, (uint64_t)count, NULL);
      gli_snapshot *large = with_more_nodes(small, 4200);
      gli_result *alone = run_on(small, "edge_betweenness", &options, 0);
      gli_result *among = run_on(large, "edge_betweenness", &options, 0);
      for (int64_t e = 0; e < count; e++) {
        const double score = gli_result_floats(alone, "score")[e];
        cr_assert_float_eq(gli_result_floats(among, "score")[e], score, 1e-10 * (1 + score));
      }
      gli_result_free(alone);
      gli_result_free(among);
      gli_snapshot_free(small);
      gli_snapshot_free(large);
    }
  }
}
