/* Known values: NetworkX 3.6.1, degree_centrality, in_degree_centrality, out_degree_centrality. */
#include "algorithms/support.h"

static const gli_degree_centrality_options defaults = GLI_DEGREE_CENTRALITY_OPTIONS_INIT;

static const pair small_edges[] = {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {2, 2},
                                   {3, 0}, {3, 4}, {0, 1}, {4, 5}};

static void expect_scores(gli_snapshot *snapshot, const char *direction, const double *expected) {
  gli_degree_centrality_options options = defaults;
  options.direction = direction;
  gli_result *result = run_on(snapshot, "degree_centrality", &options, 0);
  for (int64_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    cr_assert_eq(gli_result_floats(result, "score")[v], expected[v], "%s, node %d", direction,
                 (int)v);
  }
  gli_result_free(result);
}

Test(degree_centrality, holds_what_every_algorithm_must) {
  gli_degree_centrality_options options = defaults;
  options.direction = "in";
  check_algorithm("degree_centrality", &defaults, &options);
}

Test(degree_centrality, agrees_with_networkx_with_parallel_edges_and_loops) {
  gli_snapshot *directed = graph_of(6, true, 9, small_edges);
  gli_snapshot *undirected = graph_of(6, false, 9, small_edges);
  expect_scores(directed, "both", (double[]){1.0, 0.6000000000000001, 1.0, 0.4, 0.4, 0.2});
  expect_scores(directed, "in", (double[]){0.4, 0.4, 0.6000000000000001, 0.0, 0.2, 0.2});
  expect_scores(directed, "out", (double[]){0.6000000000000001, 0.2, 0.4, 0.4, 0.2, 0.0});
  expect_scores(undirected, "out", (double[]){1.0, 0.6000000000000001, 1.0, 0.4, 0.4, 0.2});
  gli_snapshot_free(directed);
  gli_snapshot_free(undirected);
}

Test(degree_centrality, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "degree_centrality", NULL, 0);
  cr_assert_eq(gli_result_floats(result, "score")[0], 0.48484848484848486);
  cr_assert_eq(gli_result_floats(result, "score")[33], 0.5151515151515151);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(degree_centrality, of_a_node_alone_is_1_and_of_holes_0) {
  gli_snapshot *alone = graph_of(1, true, 1, (const pair[]){{0, 0}});
  expect_scores(alone, "both", (double[]){1.0});
  gli_snapshot_free(alone);
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  gli_result_free(run_on(empty, "degree_centrality", NULL, 0));
  gli_snapshot_free(empty);
  gli_snapshot *holes = ring_with_holes(10); /* 8 nodes of in degree 1 */
  const double seventh = 1.0 / 7;
  expect_scores(
      holes, "in",
      (double[]){0, seventh, seventh, seventh, seventh, 0, seventh, seventh, seventh, seventh});
  gli_snapshot_free(holes);
}

Test(degree_centrality, refuses_an_unknown_direction) {
  gli_snapshot *snapshot = karate_club();
  gli_degree_centrality_options options = defaults;
  gli_result *result = NULL;
  gli_error error = {0};
  options.direction = "up";
  cr_assert_eq(gli_degree_centrality(snapshot, &options, NULL, &result, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "direction"), "%s", error.message);
  cr_assert_null(result);
  gli_snapshot_free(snapshot);
}
