/* Known values: NetworkX 3.6.1, harmonic_centrality. */
#include "algorithms/support.h"

#define EXACT 1e-11

static const gli_harmonic_centrality_options defaults = GLI_HARMONIC_CENTRALITY_OPTIONS_INIT;

static const pair small_edges[] = {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {2, 2},
                                   {3, 0}, {3, 4}, {0, 1}, {4, 5}};
static const double small_weights[] = {2, 1, 3, 0.5, 1.5, 1, 4, 1, 0};

static void expect_scores(gli_snapshot *snapshot, const char *distance, const int32_t *nodes,
                          const double *expected, int64_t count) {
  gli_harmonic_centrality_options options = defaults;
  options.distance = distance;
  gli_result *result = run_on(snapshot, "harmonic_centrality", &options, 0);
  const double *score = gli_result_floats(result, "score");
  for (int64_t k = 0; k < count; k++) {
    const int64_t node = nodes == NULL ? k : nodes[k];
    cr_assert_float_eq(score[node], expected[k], EXACT, "node %d: %.17g, expected %.17g", (int)node,
                       score[node], expected[k]);
  }
  gli_result_free(result);
}

Test(harmonic_centrality, holds_what_every_algorithm_must) {
  gli_harmonic_centrality_options options = defaults;
  options.samples = 1030; /* of 20,000, in more groups than there are slots */
  check_algorithm("harmonic_centrality", &defaults, &options);
}

Test(harmonic_centrality, with_lengths_holds_what_every_algorithm_must) {
  gli_harmonic_centrality_options options = defaults;
  options.distance = "weight";
  options.samples = 70; /* two groups */
  check_algorithm("harmonic_centrality", &defaults, &options);
}

Test(harmonic_centrality, agrees_with_networkx_on_real_graphs) {
  static const int32_t of_karate[] = {0, 11, 33}, of_email[] = {0, 160, 1004};
  gli_snapshot *karate = karate_club(), *email = email_core();
  expect_scores(karate, NULL, of_karate, (double[]){23.16666666666666, 13.5, 23.25}, 3);
  expect_scores(karate, "weight", of_karate,
                (double[]){9.816666666666666, 4.24920634920635, 12.080591630591632}, 3);
  expect_scores(email, NULL, of_email,
                (double[]){366.866666666664, 505.7499999999989, 250.18333333333442}, 3);
  gli_snapshot_free(karate);
  gli_snapshot_free(email);
}

Test(harmonic_centrality, looks_against_directions_and_takes_the_shortest_edge) {
  gli_snapshot *directed = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_snapshot *undirected = graph_with(6, false, 9, small_edges, small_weights, NULL);
  expect_scores(directed, NULL, NULL, (double[]){2.5, 2, 2.5, 0, 1, 1.5}, 6);
  expect_scores(directed, "weight", NULL,
                (double[]){3.2857142857142856, 2.1666666666666665, 1.8333333333333333, 0, 0.25,
                           0.25}, /* nothing from 4 to 5, which is 0 long */
                6);
  expect_scores(undirected, NULL, NULL,
                (double[]){3.8333333333333335, 3.0833333333333335, 3.0833333333333335, 3.5,
                           3.1666666666666665, 2.333333333333333},
                6);
  expect_scores(undirected, "weight", NULL,
                (double[]){4.4, 2.5, 3.6969696969696964, 2.6666666666666665, 0.7984848484848486,
                           0.7984848484848486},
                6);
  gli_snapshot_free(directed);
  gli_snapshot_free(undirected);
}

Test(harmonic_centrality, of_corner_cases) {
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  gli_result_free(run_on(empty, "harmonic_centrality", NULL, 0));
  gli_snapshot_free(empty);
  gli_snapshot *one = graph_of(1, true, 1, (const pair[]){{0, 0}});
  expect_scores(one, NULL, NULL, (double[]){0}, 1);
  gli_snapshot_free(one);
  gli_snapshot *holes = ring_with_holes(10); /* 8 nodes: 1 + 1/2 + ... + 1/7 */
  const double sum = 363.0 / 140;
  expect_scores(holes, NULL, NULL, (double[]){0, sum, sum, sum, sum, 0, sum, sum, sum, sum}, 10);
  gli_snapshot_free(holes);
}

Test(harmonic_centrality, of_samples_estimates_that_of_all) {
  gli_snapshot *snapshot = random_graph(3000, 20000, false, 5, NULL);
  gli_harmonic_centrality_options options = defaults;
  gli_result *all = run_on(snapshot, "harmonic_centrality", &options, 0);
  options.samples = 600;
  gli_result *some = run_on(snapshot, "harmonic_centrality", &options, 0);
  for (int64_t v = 0; v < 3000; v++) {
    const double expected = gli_result_floats(all, "score")[v];
    cr_assert_float_eq(gli_result_floats(some, "score")[v], expected, 0.05 * expected);
  }
  gli_result_free(some);
  gli_result_free(all);
  gli_snapshot_free(snapshot);
}

Test(harmonic_centrality, of_a_complete_graph_is_exact_from_any_sample) {
  enum { NODES = 20 };
  static pair edges[NODES * NODES];
  for (int32_t k = 0; k < NODES * NODES; k++) {
    edges[k][0] = k / NODES;
    edges[k][1] = k % NODES;
  }
  gli_snapshot *snapshot = graph_of(NODES, true, NODES * NODES, (const pair *)edges);
  gli_harmonic_centrality_options options = defaults;
  for (options.samples = 2; options.samples <= NODES; options.samples += 3) {
    gli_result *result = run_on(snapshot, "harmonic_centrality", &options, 0);
    for (int64_t v = 0; v < NODES; v++)
      cr_assert_float_eq(gli_result_floats(result, "score")[v], NODES - 1, EXACT);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(harmonic_centrality, refuses_lengths_and_samples_out_of_range) {
  const double weights[] = {1, -1};
  gli_snapshot *snapshot = graph_with(3, true, 2, (const pair[]){{0, 1}, {1, 2}}, weights, NULL);
  gli_harmonic_centrality_options options = defaults;
  gli_result *result = NULL;
  gli_error error = {0};
  options.distance = "weight";
  cr_assert_eq(gli_harmonic_centrality(snapshot, &options, NULL, &result, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_not_null(strstr(error.message, "weight"), "%s", error.message);
  cr_assert_null(result);
  options.distance = NULL;
  options.samples = 0;
  expect_error(snapshot, "harmonic_centrality", &options, GLI_ERROR_INVALID_ARGUMENT, "samples");
  gli_snapshot_free(snapshot);
}
