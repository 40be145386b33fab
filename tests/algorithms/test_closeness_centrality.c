/* Known values: NetworkX 3.6.1, closeness_centrality. */
#include "algorithms/support.h"

#define EXACT 1e-14

static const gli_closeness_centrality_options defaults = GLI_CLOSENESS_CENTRALITY_OPTIONS_INIT;

static const pair small_edges[] = {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {2, 2},
                                   {3, 0}, {3, 4}, {0, 1}, {4, 5}};
static const double small_weights[] = {2, 1, 3, 0.5, 1.5, 1, 4, 1, 0};

static void expect_scores(gli_snapshot *snapshot, const char *distance, bool wf_improved,
                          const int32_t *nodes, const double *expected, int64_t count) {
  gli_closeness_centrality_options options = defaults;
  options.distance = distance;
  options.wf_improved = wf_improved;
  gli_result *result = run_on(snapshot, "closeness_centrality", &options, 0);
  const double *score = gli_result_floats(result, "score");
  for (int64_t k = 0; k < count; k++) {
    const int64_t node = nodes == NULL ? k : nodes[k];
    cr_assert_float_eq(score[node], expected[k], EXACT, "node %d: %.17g, expected %.17g", (int)node,
                       score[node], expected[k]);
  }
  gli_result_free(result);
}

Test(closeness_centrality, holds_what_every_algorithm_must) {
  gli_closeness_centrality_options options = defaults;
  options.samples = 1030; /* of 20,000, in more groups than there are slots */
  check_algorithm("closeness_centrality", &defaults, &options);
}

Test(closeness_centrality, with_lengths_holds_what_every_algorithm_must) {
  gli_closeness_centrality_options options = defaults;
  options.distance = "weight";
  options.samples = 70; /* two groups */
  check_algorithm("closeness_centrality", &defaults, &options);
}

Test(closeness_centrality, agrees_with_networkx_on_real_graphs) {
  static const int32_t of_karate[] = {0, 11, 33}, of_email[] = {0, 160, 1004};
  gli_snapshot *karate = karate_club(), *email = email_core();
  expect_scores(karate, NULL, true, of_karate,
                (double[]){0.5689655172413793, 0.36666666666666664, 0.55}, 3);
  expect_scores(karate, "weight", true, of_karate,
                (double[]){0.22448979591836735, 0.12, 0.22916666666666666}, 3);
  expect_scores(email, NULL, true, of_email,
                (double[]){0.3400990768435882, 0.4496688397114823, 0.24061209577136577}, 3);
  expect_scores(email, NULL, false, of_email,
                (double[]){0.4159067882472138, 0.549899531145345, 0.2938863067572399}, 3);
  gli_snapshot_free(karate);
  gli_snapshot_free(email);
}

Test(closeness_centrality, looks_against_directions_and_takes_the_shortest_edge) {
  gli_snapshot *directed = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_snapshot *undirected = graph_with(6, false, 9, small_edges, small_weights, NULL);
  expect_scores(directed, NULL, true, NULL, (double[]){0.45, 0.36, 0.45, 0, 0.2, 4.0 / 15}, 6);
  expect_scores(directed, NULL, false, NULL, (double[]){0.75, 0.6, 0.75, 0, 1, 2.0 / 3}, 6);
  expect_scores(directed, "weight", true, NULL, (double[]){0.36, 0.4, 0.3, 0, 0.05, 0.2}, 6);
  expect_scores(
      undirected, NULL, true, NULL,
      (double[]){0.625, 0.45454545454545453, 0.45454545454545453, 0.625, 0.5, 0.35714285714285715},
      6);
  expect_scores(undirected, "weight", true, NULL,
                (double[]){0.4, 0.30303030303030304, 0.3448275862068966, 0.4, 0.24390243902439024,
                           0.24390243902439024},
                6);
  gli_snapshot_free(directed);
  gli_snapshot_free(undirected);
}

Test(closeness_centrality, of_corner_cases) {
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  gli_result_free(run_on(empty, "closeness_centrality", NULL, 0));
  gli_snapshot_free(empty);
  gli_snapshot *one = graph_of(1, true, 1, (const pair[]){{0, 0}});
  expect_scores(one, NULL, true, NULL, (double[]){0}, 1);
  gli_snapshot_free(one);
  const double nothing[] = {0};
  gli_snapshot *near = graph_with(2, false, 1, (const pair[]){{0, 1}}, nothing, NULL);
  expect_scores(near, "weight", true, NULL, (double[]){0, 0}, 2); /* all distances are 0 */
  gli_snapshot_free(near);
  gli_snapshot *holes = ring_with_holes(10); /* 8 nodes: 7 / (1 + ... + 7) */
  expect_scores(holes, NULL, true, NULL, (double[]){0, .25, .25, .25, .25, 0, .25, .25, .25, .25},
                10);
  gli_snapshot_free(holes);
}

/* A long path: 64 searches at once over levels of a few nodes each. */
Test(closeness_centrality, of_a_path) {
  enum { NODES = 5000 };
  static pair edges[NODES - 1];
  for (int32_t v = 0; v + 1 < NODES; v++) {
    edges[v][0] = v;
    edges[v][1] = v + 1;
  }
  gli_snapshot *snapshot = graph_of(NODES, false, NODES - 1, (const pair *)edges);
  gli_result *result = run_on(snapshot, "closeness_centrality", NULL, 0);
  for (int64_t v = 0; v < NODES; v++) {
    const int64_t right = NODES - 1 - v;
    const double sum = (double)(v * (v + 1) / 2 + right * (right + 1) / 2);
    cr_assert_float_eq(gli_result_floats(result, "score")[v], (NODES - 1) / sum, EXACT);
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(closeness_centrality, of_samples_estimates_that_of_all) {
  gli_snapshot *snapshot = random_graph(3000, 20000, false, 5, NULL);
  gli_closeness_centrality_options options = defaults;
  gli_result *all = run_on(snapshot, "closeness_centrality", &options, 0);
  options.samples = 3000; /* as many as there are nodes: no draw */
  gli_result *drawn = run_on(snapshot, "closeness_centrality", &options, 0);
  expect_same(all, drawn);
  gli_result_free(drawn);
  options.samples = 600;
  double last = -1;
  for (int64_t seed = 0; seed < 2; seed++) {
    options.seed = seed;
    gli_result *some = run_on(snapshot, "closeness_centrality", &options, 0);
    for (int64_t v = 0; v < 3000; v++) {
      const double expected = gli_result_floats(all, "score")[v];
      cr_assert_float_eq(gli_result_floats(some, "score")[v], expected, 0.05 * expected);
    }
    cr_assert_neq(gli_result_floats(some, "score")[0], last, "the seed changes nothing");
    last = gli_result_floats(some, "score")[0];
    gli_result_free(some);
  }
  gli_result_free(all);
  gli_snapshot_free(snapshot);
}

Test(closeness_centrality, of_a_complete_graph_is_1_from_any_sample) {
  enum { NODES = 20 };
  static pair edges[NODES * NODES];
  for (int32_t k = 0; k < NODES * NODES; k++) {
    edges[k][0] = k / NODES;
    edges[k][1] = k % NODES;
  }
  gli_snapshot *snapshot = graph_of(NODES, true, NODES * NODES, (const pair *)edges);
  gli_closeness_centrality_options options = defaults;
  for (options.samples = 2; options.samples <= NODES; options.samples += 3) {
    gli_result *result = run_on(snapshot, "closeness_centrality", &options, 0);
    for (int64_t v = 0; v < NODES; v++)
      cr_assert_eq(gli_result_floats(result, "score")[v], 1);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(closeness_centrality, refuses_lengths_and_samples_out_of_range) {
  const double weights[] = {1, -1};
  gli_snapshot *snapshot = graph_with(3, true, 2, (const pair[]){{0, 1}, {1, 2}}, weights, NULL);
  gli_closeness_centrality_options options = defaults;
  gli_result *result = NULL;
  gli_error error = {0};
  options.distance = "weight";
  cr_assert_eq(gli_closeness_centrality(snapshot, &options, NULL, &result, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "weight"), "%s", error.message);
  cr_assert_null(result);
  options.distance = NULL;
  options.samples = 0;
  expect_error(snapshot, "closeness_centrality", &options, GLI_ERROR_INVALID_ARGUMENT, "samples");
  gli_snapshot_free(snapshot);
}
