/* Known values: NetworkX 3.6.1, minimum_spanning_tree() and maximum_spanning_tree(); random graphs
 * are compared with Kruskal's algorithm. */
#include "algorithms/support.h"

static const gli_minimum_spanning_forest_options defaults =
    GLI_MINIMUM_SPANNING_FOREST_OPTIONS_INIT;

static const uint8_t *forest_of(const gli_result *result) {
  gli_column column;
  cr_assert_eq(gli_result_column(result, "in_forest", &column, NULL), GLI_OK);
  return column.data;
}

static int32_t root_of(const int32_t *parent, int32_t node) {
  while (parent[node] != node)
    node = parent[node];
  return node;
}

/* Kruskal: again and again the best edge that is left, the first of equals. */
static void expect_kruskal(gli_snapshot *snapshot, bool weighted, bool maximum) {
  const int64_t limit = gli_snapshot_edge_limit(snapshot);
  const int32_t nodes = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_edge_bits(snapshot);
  const int32_t *sources, *targets;
  const double *weights = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  if (weighted) {
    cr_assert_eq(gli_snapshot_edge_weights(snapshot, "weight", &weights, NULL), GLI_OK);
  }
  bool *looked_at = calloc((size_t)limit + 1, 1), *taken = calloc((size_t)limit + 1, 1);
  int32_t *parent = calloc((size_t)nodes + 1, sizeof *parent);
  double total = 0;
  int64_t count = 0;
  for (int32_t v = 0; v < nodes; v++)
    parent[v] = v;
  for (;;) {
    int64_t best = -1;
    for (int64_t e = 0; e < limit; e++) {
      if (looked_at[e] || !gli_bit(alive, e)) continue;
      const bool better =
          best < 0 ||
          (weighted && (maximum ? weights[e] > weights[best] : weights[e] < weights[best]));
      if (better) best = e;
    }
    if (best < 0) break;
    looked_at[best] = true;
    const int32_t a = root_of(parent, sources[best]), b = root_of(parent, targets[best]);
    if (a == b) continue;
    parent[a] = b;
    taken[best] = true;
    total += weighted ? weights[best] : 1;
    count++;
  }
  const gli_minimum_spanning_forest_options options = {sizeof options, weighted ? "weight" : NULL,
                                                       maximum};
  gli_result *result = run_on(snapshot, "minimum_spanning_forest", &options, 0);
  for (int64_t e = 0; e < limit; e++)
    cr_assert_eq(forest_of(result)[e], taken[e], "edge %d", (int)e);
  cr_assert_float_eq(gli_result_floats(result, "total_weight")[0], total, 1e-9);
  cr_assert_eq(gli_result_ints(result, "count")[0], count);
  gli_result_free(result);
  free(looked_at);
  free(taken);
  free(parent);
}

static void expect_kruskal_in_all_ways(gli_snapshot *snapshot) {
  expect_kruskal(snapshot, false, false);
  expect_kruskal(snapshot, true, false);
  expect_kruskal(snapshot, true, true);
}

Test(minimum_spanning_forest, holds_what_every_algorithm_must) {
  gli_minimum_spanning_forest_options options = defaults;
  check_algorithm("minimum_spanning_forest", &defaults, &options);
  options.weight = "weight";
  check_algorithm("minimum_spanning_forest", &defaults, &options);
}

Test(minimum_spanning_forest, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_minimum_spanning_forest_options options = defaults;
  options.weight = "weight";
  gli_result *result = run_on(snapshot, "minimum_spanning_forest", &options, 0);
  cr_assert_eq(gli_result_floats(result, "total_weight")[0], 58);
  cr_assert_eq(gli_result_ints(result, "count")[0], 33);
  gli_result_free(result);
  options.maximum = true;
  result = run_on(snapshot, "minimum_spanning_forest", &options, 0);
  cr_assert_eq(gli_result_floats(result, "total_weight")[0], 140);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(minimum_spanning_forest, is_kruskals_on_random_graphs) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    gli_snapshot *snapshot = random_graph(30, (int64_t)(10 + seed * 5), seed % 2 == 1, seed, NULL);
    expect_kruskal_in_all_ways(snapshot);
    gli_snapshot_free(snapshot);
  }
}

/* Weights whose upper 32 bits are equal, of both signs, and two zeros. */
Test(minimum_spanning_forest, tells_close_weights_apart) {
  static const pair edges[] = {{0, 1}, {0, 1}, {1, 2}, {1, 2}, {2, 3}, {2, 3}, {3, 0}, {4, 4}};
  const double weights[] = {1 + 0x1p-50, 1, -1, -1 - 0x1p-50, 0.0, -0.0, 1, -9};
  gli_snapshot *snapshot = graph_with(5, false, COUNT_OF(edges), edges, weights, NULL);
  expect_kruskal_in_all_ways(snapshot);
  gli_minimum_spanning_forest_options options = defaults;
  options.weight = "weight";
  gli_result *result = run_on(snapshot, "minimum_spanning_forest", &options, 0);
  static const uint8_t expected[] = {0, 1, 0, 1, 1, 0, 0, 0};
  cr_assert_eq(memcmp(forest_of(result), expected, sizeof expected), 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* A path is joined in one round or in many, as its weights lie. */
Test(minimum_spanning_forest, of_long_paths) {
  enum { LENGTH = 100000 };
  pair *edges = calloc(LENGTH, sizeof *edges);
  double *weights = calloc(LENGTH, sizeof *weights);
  for (int32_t k = 0; k < LENGTH; k++) {
    edges[k][0] = k;
    edges[k][1] = k + 1;
    weights[k] = k % 2 ? k : LENGTH - k;
  }
  gli_snapshot *path = graph_with(LENGTH + 1, false, LENGTH, (const pair *)edges, weights, NULL);
  gli_minimum_spanning_forest_options options = {sizeof options, NULL, true};
  for (int weighted = 0; weighted <= 1; weighted++) {
    options.weight = weighted ? "weight" : NULL;
    gli_result *result = run_on(path, "minimum_spanning_forest", &options, 0);
    cr_assert_eq(gli_result_ints(result, "count")[0], LENGTH);
    gli_result_free(result);
  }
  gli_snapshot_free(path);
  free(edges);
  free(weights);
}

Test(minimum_spanning_forest, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, false, 0, NULL);
    gli_result *result = run_on(snapshot, "minimum_spanning_forest", NULL, 0);
    cr_assert_eq(gli_result_ints(result, "count")[0], 0);
    cr_assert_eq(gli_result_floats(result, "total_weight")[0], 0);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *ring = ring_with_holes(300);
  expect_kruskal(ring, false, false);
  gli_snapshot_free(ring);
}

Test(minimum_spanning_forest, says_what_is_wrong) {
  static const pair edges[] = {{0, 1}, {1, 2}};
  const double bad[][2] = {{1, INFINITY}, {NAN, 1}};
  for (int k = 0; k < 2; k++) {
    gli_snapshot *snapshot = graph_with(3, false, 2, edges, bad[k], NULL);
    const gli_minimum_spanning_forest_options options = {sizeof options, "weight", false};
    expect_error(snapshot, "minimum_spanning_forest", &options, GLI_ERROR_INVALID_ARGUMENT,
                 "weight");
    gli_snapshot_free(snapshot);
  }
}
