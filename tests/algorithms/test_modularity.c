/* Known values: NetworkX 3.6.1, community.modularity; igraph 1.0.0 agrees where it applies. */
#include "algorithms/communities.h"

enum { MOST = 20000 };

static const gli_modularity_options defaults = GLI_MODULARITY_OPTIONS_INIT;
static const pair small_edges[] = {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {2, 2},
                                   {3, 0}, {3, 4}, {0, 1}, {4, 5}};
static const double small_weights[] = {2, 1, 3, 0.5, 1.5, 1, 4, 1, 0};

static double modularity(gli_snapshot *snapshot, const double *names, const char *weight,
                         double resolution) {
  int32_t nodes[MOST];
  const int32_t count = gli_snapshot_node_limit(snapshot);
  for (int32_t v = 0; v < count; v++)
    nodes[v] = v;
  gli_modularity_options options = defaults;
  options.community = (gli_node_weights){nodes, names, count};
  options.weight = weight;
  options.resolution = resolution;
  gli_result *result = run_on(snapshot, "modularity", &options, 0);
  const double found = *gli_result_floats(result, "modularity");
  gli_result_free(result);
  return found;
}

Test(modularity, holds_what_every_algorithm_must) {
  gli_modularity_options options = defaults;
  options.weight = "weight";
  check_partition_algorithm("modularity", &defaults, &options, &options.community, NULL);
}

Test(modularity, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  double half[34], third[34];
  for (int v = 0; v < 34; v++) {
    half[v] = v < 17 ? 7 : 3;
    third[v] = v % 3 + 0.5;
  }
  const struct {
    const char *weight;
    double resolution, half, third;
  } known[] = {
      {NULL, 1, 0.24326101249178175, -0.009615384615384623},
      {NULL, 0.5, 0.49342537804076264, 0.16185897435897437},
      {NULL, 2.5, -0.5072320841551612, -0.5240384615384616},
      {"weight", 1, 0.25640112499086853, 0.07236649864854991},
      {"weight", 0.5, 0.5064056907005625, 0.24344820658923222},
      {"weight", 2.5, -0.4936125721382132, -0.440878625173497},
  };
  for (int64_t k = 0; k < COUNT_OF(known); k++) {
    cr_assert_float_eq(modularity(snapshot, half, known[k].weight, known[k].resolution),
                       known[k].half, 1e-14);
    cr_assert_float_eq(modularity(snapshot, third, known[k].weight, known[k].resolution),
                       known[k].third, 1e-14);
  }
  gli_snapshot_free(snapshot);
}

Test(modularity, counts_directions_parallel_edges_and_loops) {
  gli_snapshot *directed = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_snapshot *undirected = graph_with(6, false, 9, small_edges, small_weights, NULL);
  const double names[] = {0, 0, 0, 1, 1, 9};
  cr_assert_float_eq(modularity(directed, names, NULL, 1), 0.2222222222222222, 1e-14);
  cr_assert_float_eq(modularity(directed, names, NULL, 1.7), -0.16666666666666652, 1e-14);
  cr_assert_float_eq(modularity(directed, names, "weight", 1), 0.3673469387755103, 1e-14);
  cr_assert_float_eq(modularity(directed, names, "weight", 1.7), -0.025510204081632543, 1e-14);
  cr_assert_float_eq(modularity(undirected, names, NULL, 1), 0.20370370370370366, 1e-14);
  cr_assert_float_eq(modularity(undirected, names, NULL, 1.7), -0.19814814814814796, 1e-14);
  cr_assert_float_eq(modularity(undirected, names, "weight", 1), 0.36479591836734704, 1e-14);
  cr_assert_float_eq(modularity(undirected, names, "weight", 1.7), -0.029846938775510007, 1e-14);
  gli_snapshot_free(directed);
  gli_snapshot_free(undirected);
}

/* The double sum over pairs of nodes. */
Test(modularity, follows_the_definition_on_random_graphs) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    const bool directed = seed % 2 == 1;
    gli_snapshot *snapshot = random_graph(30, 20 + (int64_t)seed * 5, directed, seed, NULL);
    const gli_rows rows = gli_snapshot_out_rows(snapshot);
    const double *weights = NULL;
    cr_assert_eq(gli_snapshot_row_weights(snapshot, "weight", false, &weights, NULL), GLI_OK);
    double matrix[30][30] = {{0}}, out[30] = {0}, in[30] = {0}, names[30], total = 0, expected = 0;
    for (int32_t v = 0; v < 30; v++) {
      for (int64_t k = 0; k < rows.rows[v].length; k++) {
        const int64_t at = rows.rows[v].begin + k;
        const int32_t u = rows.neighbors[at];
        const double weight = weights[at] * (u == v && !directed ? 2 : 1);
        matrix[v][u] += weight;
        out[v] += weight;
        in[u] += weight;
        total += weight;
      }
      names[v] = (double)((v * (int)(seed + 3)) % 6) * 1e9;
    }
    for (int v = 0; v < 30; v++) {
      for (int u = 0; u < 30; u++) {
        if (names[v] == names[u]) expected += matrix[v][u] / total - out[v] * in[u] / total / total;
      }
    }
    cr_assert_float_eq(modularity(snapshot, names, "weight", 1), expected, 1e-12);
    gli_snapshot_free(snapshot);
  }
}

Test(modularity, without_edges_and_with_holes) {
  const double names[30] = {0};
  gli_snapshot *snapshot = graph_of(3, false, 0, small_edges);
  cr_assert_eq(modularity(snapshot, names, NULL, 1), 0);
  gli_snapshot_free(snapshot);
  snapshot = ring_with_holes(30);
  gli_modularity_options options = defaults;
  options.community = ring_halves();
  gli_result *result = run_on(snapshot, "modularity", &options, 0);
  cr_assert_float_eq(*gli_result_floats(result, "modularity"), 22.0 / 24 - 0.5, 1e-14);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(modularity, refuses_what_is_no_partition) {
  gli_snapshot *snapshot = karate_club();
  const int32_t nodes[] = {0, 1, 2, 40};
  double names[] = {0, 0, 1, 1};
  gli_modularity_options options = defaults;
  expect_error(snapshot, "modularity", &options, GLI_ERROR_INVALID_ARGUMENT,
               "community is required");
  options.community = (gli_node_weights){nodes, names, 3};
  expect_error(snapshot, "modularity", &options, GLI_ERROR_INVALID_ARGUMENT,
               "community does not say where 3 belongs");
  options.community.count = 4;
  expect_error(snapshot, "modularity", &options, GLI_ERROR_NODE_NOT_FOUND, "community[3]");
  names[1] = -1;
  options.community.count = 3;
  expect_error(snapshot, "modularity", &options, GLI_ERROR_INVALID_ARGUMENT,
               "community of 1 is -1");
  gli_snapshot_free(snapshot);
}
