/* Known values: NetworkX 3.6.1, betweenness_centrality(). */
#include "algorithms/support.h"

#define CLOSE 1e-12

static const gli_betweenness_centrality_options defaults = GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT;
static const pair edges[] = {{0, 1}, {1, 2}, {2, 0}, {0, 2}, {2, 3}, {3, 0}, {1, 3}, {3, 1}};
static const double weights[] = {2, 1, 4, 1, 0.5, 3, 2, 1};

static void expect_scores(gli_snapshot *snapshot, const gli_betweenness_centrality_options *options,
                          const double *expected, int count) {
  gli_result *result = run_on(snapshot, "betweenness_centrality", options, 0);
  const double *score = gli_result_floats(result, "score");
  for (int k = 0; k < count; k++)
    cr_expect_float_eq(score[k], expected[k], CLOSE, "node %d: %.17g", k, score[k]);
  gli_result_free(result);
}

Test(betweenness_centrality, holds_what_every_algorithm_must) {
  gli_betweenness_centrality_options options = GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT;
  options.samples = 20;
  options.seed = 3;
  check_algorithm("betweenness_centrality", &defaults, &options);
  options.weight = "weight";
  options.endpoints = true;
  check_algorithm("betweenness_centrality", &defaults, &options);
}

Test(betweenness_centrality, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "betweenness", NULL, 0);
  const double *score = gli_result_floats(result, "score");
  cr_expect_float_eq(score[0], 0.43763528138528146, CLOSE);
  cr_expect_float_eq(score[33], 0.30407497594997596, CLOSE);
  cr_expect_float_eq(score[2], 0.14365680615680618, CLOSE);
  gli_result_free(result);
  gli_betweenness_centrality_options options = GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT;
  options.normalized = false;
  options.endpoints = true;
  result = run_on(snapshot, "betweenness", &options, 0);
  score = gli_result_floats(result, "score");
  cr_expect_float_eq(score[0], 264.0714285714286, 1e-9);
  cr_expect_float_eq(score[33], 193.55158730158726, 1e-9);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(betweenness_centrality, directed_and_weighted_as_networkx) {
  gli_snapshot *snapshot = graph_with(4, true, COUNT_OF(edges), edges, weights, NULL);
  gli_betweenness_centrality_options options = GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT;
  const double sixth = 1.0 / 6;
  expect_scores(snapshot, &options, (double[]){sixth, sixth, sixth, sixth}, 4);
  options.weight = "weight";
  expect_scores(snapshot, &options, (double[]){0, sixth, 0.5, 0.5}, 4);
  gli_snapshot_free(snapshot);
}

Test(betweenness_centrality, all_sampled_is_exact_and_bad_weights_are_refused) {
  gli_snapshot *snapshot = karate_club();
  gli_betweenness_centrality_options options = GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT;
  gli_result *exact = run_on(snapshot, "betweenness", &options, 0);
  options.samples = 34;
  gli_result *sampled = run_on(snapshot, "betweenness", &options, 0);
  expect_same(exact, sampled);
  gli_result_free(exact);
  gli_result_free(sampled);
  options.samples = 0;
  expect_error(snapshot, "betweenness", &options, GLI_ERROR_INVALID_ARGUMENT, "samples");
  gli_snapshot_free(snapshot);
  options.samples = INT32_MAX;
  options.weight = "weight";
  static const double bad[][3] = {{1, 0, 1}, {1, -2, 1}, {1, NAN, 1}, {INFINITY, 1, 1}};
  for (int k = 0; k < 4; k++) {
    snapshot = graph_with(4, true, 3, edges, bad[k], NULL);
    expect_error(snapshot, "betweenness", &options, GLI_ERROR_INVALID_ARGUMENT, "weight");
    gli_snapshot_free(snapshot);
  }
}

/* A path 0 - 1 - ... - n-1: node k lies between k (n - 1 - k) pairs. */
Test(betweenness_centrality, of_a_path_is_a_parabola) {
  enum { N = 50 };
  pair path[N - 1];
  for (int32_t k = 0; k < N - 1; k++) {
    path[k][0] = k;
    path[k][1] = k + 1;
  }
  gli_snapshot *snapshot = graph_of(N, false, N - 1, (const pair *)path);
  gli_betweenness_centrality_options options = GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT;
  options.normalized = false;
  double expected[N];
  for (int k = 0; k < N; k++)
    expected[k] = (double)k * (N - 1 - k);
  expect_scores(snapshot, &options, expected, N);
  gli_snapshot_free(snapshot);
}

/* A path of 101 nodes from both ends of 6,000 towards the middle: sources of two rounds, several to
 * a place in each. */
Test(betweenness_centrality, sources_that_take_turns) {
  enum { NODES = 6000, N = 101 };
  pair path[N - 1];
  double lengths[N - 1];
  int32_t at[N];
  for (int32_t k = 0; k < N; k++)
    at[k] = k % 2 == 0 ? k / 2 : NODES - 1 - k / 2;
  for (int32_t k = 0; k < N - 1; k++) {
    path[k][0] = at[k];
    path[k][1] = at[k + 1];
    lengths[k] = k + 1;
  }
  gli_snapshot *snapshot = graph_with(NODES, false, N - 1, (const pair *)path, lengths, NULL);
  gli_betweenness_centrality_options options = GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT;
  options.normalized = false;
  for (int is_second = 0; is_second <= 1; is_second++) {
    options.weight = is_second ? "weight" : NULL;
    options.endpoints = is_second;
    gli_result *result = run_on(snapshot, "betweenness", &options, 0);
    const double *score = gli_result_floats(result, "score");
    double sum = 0;
    for (int32_t k = 0; k < N; k++) {
      const int32_t expected = k * (N - 1 - k) + (is_second ? N - 1 : 0);
      cr_expect_eq(score[at[k]], expected, "node %d of the path: %.17g", k, score[at[k]]);
    }
    for (int32_t v = 0; v < NODES; v++)
      sum += score[v];
    cr_expect_eq(sum, (N - 2) * (N - 1) * N / 6 + (is_second ? N * (N - 1) : 0));
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(betweenness_centrality, holes_are_no_nodes) {
  gli_snapshot *snapshot = ring_with_holes(30); /* a directed ring of 24 */
  gli_result *result = run_on(snapshot, "betweenness", NULL, 0);
  /* Each node lies between all pairs whose way round passes it: half of them. */
  for (int k = 0; k < 30; k++)
    cr_expect_float_eq(gli_result_floats(result, "score")[k], k % 5 == 0 ? 0 : 0.5, CLOSE);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Brandes 2001, node by node, with dense rows of counted edges: no levels, no bitmaps. */
static void naive_betweenness(gli_snapshot *snapshot, double *score) {
  const int32_t n = gli_snapshot_node_limit(snapshot);
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  uint8_t *step = calloc((size_t)n * (size_t)n, 1);
  int32_t *order = calloc((size_t)n, sizeof *order), *level = calloc((size_t)n, sizeof *level);
  double *paths = calloc((size_t)n, sizeof *paths), *sum = calloc((size_t)n, sizeof *sum);
  for (int32_t v = 0; v < n; v++) {
    for (uint32_t k = 0; k < rows.rows[v].length; k++)
      step[(size_t)v * (size_t)n + (size_t)rows.neighbors[rows.rows[v].begin + k]] = 1;
  }
  for (int32_t source = 0; source < n; source++) {
    int32_t reached = 1;
    for (int32_t v = 0; v < n; v++) {
      level[v] = -1;
      paths[v] = sum[v] = 0;
    }
    order[0] = source;
    level[source] = 0;
    paths[source] = 1;
    for (int32_t head = 0; head < reached; head++) {
      const int32_t v = order[head];
      for (int32_t w = 0; w < n; w++) {
        if (!step[(size_t)v * (size_t)n + (size_t)w]) continue;
        if (level[w] < 0) {
          level[w] = level[v] + 1;
          order[reached++] = w;
        }
        if (level[w] == level[v] + 1) paths[w] += paths[v];
      }
    }
    while (--reached > 0) {
      const int32_t w = order[reached];
      for (int32_t v = 0; v < n; v++) {
        if (step[(size_t)v * (size_t)n + (size_t)w] && level[v] >= 0 && level[v] + 1 == level[w])
          sum[v] += paths[v] / paths[w] * (1 + sum[w]);
      }
      score[w] += sum[w];
    }
  }
  free(step);
  free(order);
  free(level);
  free(paths);
  free(sum);
}

/* Alone it is a small graph, among 4,200 nodes it is not. */
Test(betweenness_centrality, levels_go_either_way) {
  enum { N = 300 };
  gli_betweenness_centrality_options options = GLI_BETWEENNESS_CENTRALITY_OPTIONS_INIT;
  options.normalized = false;
  for (int directed = 0; directed <= 1; directed++) {
    for (int64_t degree = 1; degree <= 25; degree *= 5) {
      gli_snapshot *small = random_graph(N, N * degree, directed, (uint64_t)degree, NULL);
      gli_snapshot *both[] = {small, with_more_nodes(small, 4200)};
      double expected[N] = {0};
      naive_betweenness(small, expected);
      for (int k = 0; k < 2; k++) {
        gli_result *result = run_on(both[k], "betweenness", &options, 0);
        for (int v = 0; v < N; v++) {
          const double score = gli_result_floats(result, "score")[v] * (directed ? 1 : 2);
          cr_assert_float_eq(score, expected[v], 1e-10 * (1 + expected[v]), "node %d: %.17g, %.17g",
                             v, score, expected[v]);
        }
        gli_result_free(result);
        gli_snapshot_free(both[k]);
      }
    }
  }
}
