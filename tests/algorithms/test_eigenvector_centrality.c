/* Known values: NetworkX 3.6.1, eigenvector_centrality(..., tol=1e-14); parallel edges as one edge
 * of their added weights, since NetworkX refuses multigraphs here. */
#include "algorithms/support.h"

#define EXACT 1e-11

static const gli_eigenvector_centrality_options defaults = GLI_EIGENVECTOR_CENTRALITY_OPTIONS_INIT;

static const pair small_edges[] = {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {2, 2},
                                   {3, 0}, {3, 4}, {0, 1}, {4, 5}};
static const double small_weights[] = {2, 1, 3, 0.5, 1.5, 1, 4, 1, 0};

static gli_eigenvector_centrality_options tight(const char *weight) {
  gli_eigenvector_centrality_options options = GLI_EIGENVECTOR_CENTRALITY_OPTIONS_INIT;
  options.tolerance = 1e-14;
  options.max_iterations = 10000;
  options.weight = weight;
  return options;
}

static void expect_scores(gli_snapshot *snapshot, const char *weight, const double *expected,
                          int64_t count) {
  const gli_eigenvector_centrality_options options = tight(weight);
  gli_result *result = run_on(snapshot, "eigenvector_centrality", &options, 0);
  const double *score = gli_result_floats(result, "score");
  for (int64_t k = 0; k < count; k++) {
    cr_assert_float_eq(score[k], expected[k], EXACT, "node %d: %.17g, expected %.17g", (int)k,
                       score[k], expected[k]);
  }
  gli_result_free(result);
}

Test(eigenvector_centrality, holds_what_every_algorithm_must) {
  gli_eigenvector_centrality_options options = defaults;
  options.weight = "weight";
  options.max_iterations = 1000;
  check_algorithm("eigenvector_centrality", &defaults, &options);
}

Test(eigenvector_centrality, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  const struct {
    const char *weight;
    double expected[5];
  } cases[] = {{NULL,
                {0.3554914445245589, 0.2659599195524864, 0.052855697493519774, 0.3086442197910537,
                 0.37336347029149053}},
               {"weight",
                {0.41983902271673307, 0.3027950300475785, 0.08154066718166529, 0.2844860997177935,
                 0.32554633823295914}}};
  static const int32_t nodes[] = {0, 1, 11, 32, 33};
  for (int c = 0; c < 2; c++) {
    const gli_eigenvector_centrality_options options = tight(cases[c].weight);
    gli_result *result = run_on(snapshot, "eigenvector_centrality", &options, 0);
    for (int k = 0; k < 5; k++) {
      cr_assert_float_eq(gli_result_floats(result, "score")[nodes[k]], cases[c].expected[k], EXACT);
    }
    cr_assert_gt(gli_result_run(result).iterations, 10);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(eigenvector_centrality, counts_parallel_edges_loops_and_weights) {
  gli_snapshot *directed = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_snapshot *undirected = graph_with(6, false, 9, small_edges, small_weights, NULL);
  expect_scores(undirected, "weight",
                (double[]){0.5002223323732178, 0.5840364348630803, 0.6015960574737261,
                           0.1765913761738215, 0.12480677241490565, 0},
                6);
  expect_scores(directed, "weight",
                (double[]){0.19407315588611268, 0.23742502032561277, 0.9518219213108022, 0, 0, 0},
                6);
  gli_snapshot_free(directed);
  gli_snapshot_free(undirected);
}

Test(eigenvector_centrality, takes_weights_of_any_size) {
  static const double factors[] = {1e300, 1e-300, 1e150};
  for (int f = 0; f < 3; f++) {
    double weights[9];
    for (int k = 0; k < 9; k++)
      weights[k] = small_weights[k] * factors[f];
    gli_snapshot *snapshot = graph_with(6, false, 9, small_edges, weights, NULL);
    if (factors[f] > 1) {
      expect_scores(snapshot, "weight",
                    (double[]){0.5002223323732178, 0.5840364348630803, 0.6015960574737261,
                               0.1765913761738215, 0.12480677241490565, 0},
                    6);
    } else { /* too small to move anything in as many iterations, as in NetworkX */
      const double equal = 1 / sqrt(6);
      expect_scores(snapshot, "weight", (double[]){equal, equal, equal, equal, equal, equal}, 6);
    }
    gli_snapshot_free(snapshot);
  }
}

Test(eigenvector_centrality, of_corner_cases) {
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  gli_result_free(run_on(empty, "eigenvector_centrality", NULL, 0));
  gli_snapshot_free(empty);
  gli_snapshot *one = graph_of(1, true, 0, NULL);
  expect_scores(one, NULL, (double[]){1}, 1);
  gli_snapshot_free(one);
  gli_snapshot *two = graph_of(2, false, 1, (const pair[]){{0, 1}}); /* bipartite */
  expect_scores(two, NULL, (double[]){sqrt(0.5), sqrt(0.5)}, 2);
  gli_snapshot_free(two);
  gli_snapshot *holes = ring_with_holes(10);
  const double eighth = sqrt(1.0 / 8);
  expect_scores(holes, NULL,
                (double[]){0, eighth, eighth, eighth, eighth, 0, eighth, eighth, eighth, eighth},
                10);
  gli_snapshot_free(holes);
}

Test(eigenvector_centrality, says_when_it_does_not_converge) {
  gli_snapshot *snapshot = karate_club();
  gli_eigenvector_centrality_options options = defaults;
  options.max_iterations = 3;
  gli_result *result = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_eigenvector_centrality(snapshot, &options, NULL, &result, &error),
               GLI_ERROR_NOT_CONVERGED);
  cr_assert_not_null(strstr(error.message, "after 3 iterations"), "%s", error.message);
  cr_assert_null(result);
  options.tolerance = -1;
  expect_error(snapshot, "eigenvector_centrality", &options, GLI_ERROR_INVALID_ARGUMENT,
               "tolerance");
  gli_snapshot_free(snapshot);
}

Test(eigenvector_centrality, refuses_weights_that_are_not_finite) {
  const double weights[] = {1, INFINITY};
  gli_snapshot *snapshot = graph_with(3, true, 2, (const pair[]){{0, 1}, {1, 2}}, weights, NULL);
  gli_eigenvector_centrality_options options = defaults;
  options.weight = "weight";
  expect_error(snapshot, "eigenvector_centrality", &options, GLI_ERROR_INVALID_ARGUMENT, "weight");
  gli_snapshot_free(snapshot);
}
