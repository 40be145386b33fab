/* Known values: NetworkX 3.6.1, clustering(). */
#include "algorithms/support.h"

#define CLOSE 1e-12

static const gli_clustering_options defaults = GLI_CLUSTERING_OPTIONS_INIT;
static const pair directed_edges[] = {{0, 1}, {1, 2}, {2, 0}, {0, 2},
                                      {2, 3}, {3, 0}, {1, 3}, {3, 1}};
static const double directed_weights[] = {2, 1, 4, 1, 0.5, 3, 2, 1};

static void expect_coefficients(gli_snapshot *snapshot, const char *weight, const double *expected,
                                int count) {
  gli_clustering_options options = GLI_CLUSTERING_OPTIONS_INIT;
  options.weight = weight;
  gli_result *result = run_on(snapshot, "clustering", &options, 0);
  const double *coefficient = gli_result_floats(result, "coefficient");
  for (int k = 0; k < count; k++)
    cr_expect_float_eq(coefficient[k], expected[k], CLOSE, "node %d: %.17g", k, coefficient[k]);
  gli_result_free(result);
}

Test(clustering, holds_what_every_algorithm_must) {
  gli_clustering_options options = GLI_CLUSTERING_OPTIONS_INIT;
  check_algorithm("clustering", &defaults, &defaults);
  options.weight = "weight";
  check_algorithm("clustering", &defaults, &options);
}

Test(clustering, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "clustering", NULL, 0);
  const double *coefficient = gli_result_floats(result, "coefficient");
  cr_expect_float_eq(coefficient[0], 0.15, CLOSE);
  cr_expect_float_eq(coefficient[33], 0.11029411764705882, CLOSE);
  cr_expect_float_eq(*gli_result_floats(result, "average"), 0.5706384782076823, CLOSE);
  cr_expect_float_eq(*gli_result_floats(result, "transitivity"), 0.2556818181818182, CLOSE);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(clustering, directed_and_weighted_as_networkx) {
  gli_snapshot *snapshot =
      graph_with(4, true, COUNT_OF(directed_edges), directed_edges, directed_weights, NULL);
  expect_coefficients(snapshot, NULL, (double[]){0.6, 0.6, 0.6, 0.6}, 4);
  expect_coefficients(
      snapshot, "weight",
      (double[]){0.2582076240804787, 0.2290042663454444, 0.20038641028161114, 0.22155211098270935},
      4);
  gli_snapshot_free(snapshot);
  static const pair edges[] = {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 0}, {1, 3}};
  static const double weights[] = {2, 1, 4, 0.5, 3, 2};
  snapshot = graph_with(4, false, 6, edges, weights, NULL);
  expect_coefficients(
      snapshot, "weight",
      (double[]){0.5088790898282336, 0.4407857070922219, 0.401426716069345, 0.4255457564949003}, 4);
  gli_snapshot_free(snapshot);
}

Test(clustering, weights_that_cannot_be_and_weights_of_zero) {
  gli_clustering_options options = GLI_CLUSTERING_OPTIONS_INIT;
  options.weight = "weight";
  static const pair edges[] = {{0, 1}, {1, 2}, {2, 0}};
  static const double bad[][3] = {{1, -1, 1}, {1, NAN, 1}, {INFINITY, 1, 1}};
  for (int k = 0; k < 3; k++) {
    gli_snapshot *snapshot = graph_with(3, false, 3, edges, bad[k], NULL);
    expect_error(snapshot, "clustering", &options, GLI_ERROR_INVALID_ARGUMENT, "weight");
    gli_snapshot_free(snapshot);
  }
  static const double zeros[] = {0, 0, 0};
  gli_snapshot *snapshot = graph_with(3, false, 3, edges, zeros, NULL);
  expect_coefficients(snapshot, "weight", zeros, 3);
  gli_snapshot_free(snapshot);
}

Test(clustering, holes_do_not_count_in_the_average) {
  gli_snapshot *snapshot = ring_with_holes(30);
  gli_result *result = run_on(snapshot, "clustering", NULL, 0);
  cr_expect_eq(*gli_result_floats(result, "average"), 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}
