/* Known values: NetworkX 3.6.1, clustering(); for LDBC's rule the example graphs of LDBC
 * Graphalytics 1.11.0 (validation-graphs/example). */
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
  options = defaults;
  options.method = "ldbc";
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

/* example-directed, with node k - 1 for vertex k. */
Test(clustering, edges_between_neighbors_as_ldbc_counts_them) {
  static const pair edges[] = {{0, 2}, {0, 4}, {1, 3}, {1, 4}, {1, 9}, {2, 0},
                               {2, 4}, {2, 7}, {2, 9}, {4, 2}, {4, 3}, {4, 7},
                               {5, 2}, {5, 3}, {6, 3}, {7, 0}, {8, 3}};
  static const double expected[] = {6.666666666666666e-01,
                                    1.666666666666667e-01,
                                    1.500000000000000e-01,
                                    5.000000000000000e-02,
                                    2.500000000000000e-01,
                                    0,
                                    0,
                                    8.333333333333334e-01,
                                    0,
                                    0};
  gli_clustering_options options = GLI_CLUSTERING_OPTIONS_INIT;
  options.method = "ldbc";
  gli_snapshot *snapshot = graph_with(10, true, COUNT_OF(edges), edges, NULL, NULL);
  gli_result *result = run_on(snapshot, "clustering", &options, 0);
  const double *coefficient = gli_result_floats(result, "coefficient");
  for (int k = 0; k < 10; k++)
    cr_expect_float_eq(coefficient[k], expected[k], 1e-15, "node %d: %.17g", k, coefficient[k]);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  static const double ones[COUNT_OF(edges)] = {1};
  options.weight = "weight";
  snapshot = graph_with(10, true, COUNT_OF(edges), edges, ones, NULL);
  expect_error(snapshot, "clustering", &options, GLI_ERROR_INVALID_ARGUMENT, "method 'ldbc'");
  gli_snapshot_free(snapshot);
}

/* The definition, on random multigraphs with loops: (u, w) for u, w in N(v) with an edge u -> w. */
Test(clustering, edges_between_neighbors_by_definition) {
  enum { NODES = 40 };
  for (uint64_t seed = 0; seed < 20; seed++) {
    gli_snapshot *snapshot = random_graph(NODES, (int64_t)(60 + 30 * seed), true, seed, NULL);
    const gli_rows rows = gli_snapshot_out_rows(snapshot);
    static bool leads[NODES][NODES];
    memset(leads, 0, sizeof leads);
    for (int v = 0; v < NODES; v++) {
      for (uint32_t k = 0; k < rows.rows[v].length; k++) {
        const int32_t other = rows.neighbors[rows.rows[v].begin + k];
        if (other != v) leads[v][other] = true;
      }
    }
    gli_clustering_options options = GLI_CLUSTERING_OPTIONS_INIT;
    options.method = "ldbc";
    gli_result *result = run_on(snapshot, "clustering", &options, 0);
    const double *coefficient = gli_result_floats(result, "coefficient");
    for (int v = 0; v < NODES; v++) {
      int around = 0, between = 0;
      for (int u = 0; u < NODES; u++) {
        if (!leads[v][u] && !leads[u][v]) continue;
        around++;
        for (int w = 0; w < NODES; w++)
          between += (leads[v][w] || leads[w][v]) && leads[u][w];
      }
      const double expected = around < 2 ? 0 : (double)between / (around * (around - 1));
      cr_expect_float_eq(coefficient[v], expected, CLOSE, "seed %d, node %d", (int)seed, v);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}
