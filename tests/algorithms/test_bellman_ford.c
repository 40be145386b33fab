/* Known values: Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, 3rd edition,
 * figure 24.4; random graphs are compared with relaxing until nothing changes. */
#include <gli/algorithms/bellman_ford.h>
#include <gli/algorithms/find_negative_cycle.h>

#include "algorithms/support.h"

static const gli_bellman_ford_options init = GLI_BELLMAN_FORD_OPTIONS_INIT;

static gli_bellman_ford_options from(const int32_t *sources, int64_t count, const char *weight) {
  gli_bellman_ford_options options = init;
  options.source = (gli_node_list){sources, count};
  options.weight = weight;
  return options;
}

Test(bellman_ford, holds_what_every_algorithm_must) {
  const int32_t sources[] = {2, 9, 2};
  gli_bellman_ford_options options = from(sources, 3, "weight");
  check_algorithm("bellman_ford", &init, &options);
  options = from(sources, 1, NULL);
  options.direction = "both";
  check_algorithm("bellman_ford", &init, &options);
}

/* s t y x z = 0 .. 4 */
static const pair book[] = {{1, 3}, {1, 2}, {1, 4}, {2, 3}, {2, 4},
                            {3, 1}, {4, 3}, {4, 0}, {0, 1}, {0, 2}};
static const double book_weights[] = {5, 8, -4, -3, 9, -2, 7, 2, 6, 7};

Test(bellman_ford, has_the_values_of_the_textbook) {
  const double distance[] = {0, 2, 7, 4, -2};
  const int32_t predecessor[] = {GLI_NODE_NONE, 3, 0, 2, 1}, source = 0;
  gli_snapshot *snapshot = graph_with(5, true, COUNT_OF(book), book, book_weights, NULL);
  const gli_bellman_ford_options options = from(&source, 1, "weight");
  gli_result *result = run_on(snapshot, "bellman_ford", &options, 0);
  for (int v = 0; v < 5; v++) {
    cr_assert_eq(gli_result_floats(result, "distance")[v], distance[v]);
    cr_assert_eq(gli_result_nodes(result, "predecessor")[v], predecessor[v]);
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Weights w(u, v) + h(u) - h(v) with w >= 0 have negative edges and no negative cycle. */
static gli_snapshot *shifted_graph(int32_t nodes, int64_t edge_count, uint64_t seed) {
  pair *edges = calloc((size_t)edge_count, sizeof *edges);
  double *weights = calloc((size_t)edge_count, sizeof *weights);
  gli_random random = gli_random_start(seed, 0);
  int32_t *height = calloc((size_t)nodes, sizeof *height);
  for (int32_t v = 0; v < nodes; v++)
    height[v] = (int32_t)gli_random_below(&random, 40);
  for (int64_t k = 0; k < edge_count; k++) {
    const int32_t u = (int32_t)gli_random_below(&random, (uint64_t)nodes);
    const int32_t v = (int32_t)gli_random_below(&random, (uint64_t)nodes);
    edges[k][0] = u;
    edges[k][1] = v;
    weights[k] = (double)gli_random_below(&random, 10) + height[u] - height[v];
  }
  gli_snapshot *snapshot = graph_with(nodes, true, edge_count, (const pair *)edges, weights, NULL);
  free(edges);
  free(weights);
  free(height);
  return snapshot;
}

Test(bellman_ford, is_what_relaxing_ends_at) {
  for (uint64_t seed = 0; seed < 30; seed++) {
    enum { NODES = 60 };
    const int32_t sources[] = {3, 17};
    gli_snapshot *snapshot = shifted_graph(NODES, 60 + 10 * (int64_t)seed, seed);
    const gli_bellman_ford_options options = from(sources, 1 + (int64_t)(seed % 2), "weight");
    gli_result *result = run_on(snapshot, "bellman_ford", &options, 0);
    double expected[NODES];
    for (int v = 0; v < NODES; v++)
      expected[v] = (double)INFINITY;
    for (int64_t k = 0; k < options.source.count; k++)
      expected[sources[k]] = 0;
    const gli_rows rows = gli_snapshot_out_rows(snapshot);
    const double *weights = NULL, *distance = gli_result_floats(result, "distance");
    gli_snapshot_row_weights(snapshot, "weight", false, &weights, NULL);
    for (bool changed = true; changed;) {
      changed = false;
      for (int u = 0; u < NODES; u++) {
        for (int64_t k = rows.rows[u].begin; k < rows.rows[u].begin + rows.rows[u].length; k++) {
          if (!(expected[u] + weights[k] < expected[rows.neighbors[k]])) continue;
          expected[rows.neighbors[k]] = expected[u] + weights[k];
          changed = true;
        }
      }
    }
    for (int v = 0; v < NODES; v++) {
      cr_assert_eq(distance[v], expected[v], "seed %d, node %d", (int)seed, v);
      int32_t at = v;
      for (int steps = 0; gli_result_nodes(result, "predecessor")[at] >= 0; steps++) {
        cr_assert_lt(steps, NODES, "the predecessors go round");
        at = gli_result_nodes(result, "predecessor")[at];
      }
      const bool hangs = at == 3 || (options.source.count == 2 && at == 17);
      cr_assert_eq(expected[v] < (double)INFINITY, hangs, "node %d", v);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(bellman_ford, prefers_few_edges_and_small_indices) {
  /* 0 -> 4 in two ways of two edges, and in one of three as short */
  const pair edges[] = {{0, 3}, {3, 4}, {0, 2}, {2, 4}, {0, 1}, {1, 5}, {5, 4}};
  const double weights[] = {-1, 2, 0, 1, 1, 1, -1};
  const int32_t source = 0;
  gli_snapshot *snapshot = graph_with(6, true, COUNT_OF(edges), edges, weights, NULL);
  const gli_bellman_ford_options options = from(&source, 1, "weight");
  gli_result *result = run_on(snapshot, "bellman_ford", &options, 0);
  cr_assert_eq(gli_result_floats(result, "distance")[4], 1);
  cr_assert_eq(gli_result_nodes(result, "predecessor")[4], 2);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(bellman_ford, leads_from_source_to_source_below_zero) {
  const pair edges[] = {{0, 1}, {1, 2}};
  const double weights[] = {-2, 1};
  const int32_t sources[] = {0, 1};
  gli_snapshot *snapshot = graph_with(4, true, COUNT_OF(edges), edges, weights, NULL);
  gli_bellman_ford_options options = from(sources, 2, "weight");
  gli_result *result = run_on(snapshot, "bellman_ford", &options, 0);
  cr_assert_eq(gli_result_floats(result, "distance")[1], -2);
  cr_assert_eq(gli_result_floats(result, "distance")[2], -1);
  cr_assert_eq(gli_result_floats(result, "distance")[3], (double)INFINITY);
  cr_assert_eq(gli_result_nodes(result, "predecessor")[1], 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* 0 -> 1 -> 2 -> 3 -> 1 with 1 -> 2 -> 3 -> 1 below 0; 4 leads into it as well. */
static const pair round_trip[] = {{0, 1}, {1, 2}, {2, 3}, {3, 1}, {4, 3}, {0, 5}};
static const double round_weights[] = {1, 2, -4, 1, 1, 1};

static void expect_cycle(gli_snapshot *snapshot, const gli_find_negative_cycle_options *options,
                         int64_t count, const int32_t *nodes, const int64_t *edges, double weight) {
  gli_result *result = run_on(snapshot, "find_negative_cycle", options, 0);
  gli_column node, edge;
  cr_assert(gli_result_column_at(result, 0, &node));
  cr_assert(gli_result_column_at(result, 1, &edge));
  cr_assert_eq(node.length, count);
  cr_assert_eq(edge.length, count);
  for (int64_t k = 0; k < count; k++) {
    cr_assert_eq(((const int32_t *)node.data)[k], nodes[k]);
    cr_assert_eq(((const int64_t *)edge.data)[k], edges[k]);
  }
  cr_assert_eq(*gli_result_floats(result, "weight"), weight);
  gli_result_free(result);
}

Test(bellman_ford, names_a_negative_cycle) {
  const int32_t nodes[] = {1, 2, 3};
  const int64_t edges[] = {1, 2, 3};
  gli_snapshot *snapshot =
      graph_with(6, true, COUNT_OF(round_trip), round_trip, round_weights, NULL);
  gli_find_negative_cycle_options options = GLI_FIND_NEGATIVE_CYCLE_OPTIONS_INIT;
  for (int32_t source = 0; source < 5; source++) {
    const gli_bellman_ford_options asked = from(&source, 1, "weight");
    expect_error(snapshot, "bellman_ford", &asked, GLI_ERROR_NEGATIVE_CYCLE,
                 "cycle of 3 edges and weight -1: 1 -> 2 -> 3 -> 1");
  }
  const int32_t aside = 5;
  const gli_bellman_ford_options safe = from(&aside, 1, "weight");
  gli_result_free(run_on(snapshot, "bellman_ford", &safe, 0));
  options.weight = "weight";
  expect_cycle(snapshot, &options, 3, nodes, edges, -1);
  options.source = (gli_node_list){&aside, 1};
  expect_cycle(snapshot, &options, 0, NULL, NULL, 0);
  options = (gli_find_negative_cycle_options)GLI_FIND_NEGATIVE_CYCLE_OPTIONS_INIT;
  expect_cycle(snapshot, &options, 0, NULL, NULL, 0);
  gli_snapshot_free(snapshot);
}

Test(bellman_ford, takes_loops_and_undirected_edges_for_cycles) {
  const pair edges[] = {{0, 1}, {1, 1}, {1, 2}};
  const double loop[] = {1, -1, 1}, edge[] = {1, 1, -1};
  const int32_t nodes[] = {1, 2};
  const int64_t loop_edge[] = {1}, both[] = {2, 2};
  gli_find_negative_cycle_options options = GLI_FIND_NEGATIVE_CYCLE_OPTIONS_INIT;
  options.weight = "weight";
  gli_snapshot *snapshot = graph_with(3, true, 3, edges, loop, NULL);
  expect_cycle(snapshot, &options, 1, nodes, loop_edge, -1);
  gli_snapshot_free(snapshot);
  snapshot = graph_with(3, false, 3, edges, edge, NULL);
  expect_cycle(snapshot, &options, 2, nodes, both, -2);
  gli_snapshot_free(snapshot);
  snapshot = graph_with(3, true, 3, edges, edge, NULL);
  expect_cycle(snapshot, &options, 0, NULL, NULL, 0);
  options.direction = "both";
  expect_cycle(snapshot, &options, 2, nodes, both, -2);
  gli_snapshot_free(snapshot);
}

Test(bellman_ford, knows_rounding_from_cycles) {
  /* 0.1 + 0.2 - 0.3 is 2.8e-17 exactly, and less than 0 in some orders of adding floats. */
  const pair edges[] = {{0, 1}, {1, 2}, {2, 0}, {3, 0}};
  const double noise[] = {0.1, 0.2, -0.3, 1}, below[] = {0.1, 0.2, -0.30000000000000004, 1};
  gli_find_negative_cycle_options options = GLI_FIND_NEGATIVE_CYCLE_OPTIONS_INIT;
  options.weight = "weight";
  for (int32_t source = 0; source < 4; source++) {
    gli_snapshot *snapshot = graph_with(4, true, 4, edges, noise, NULL);
    const gli_bellman_ford_options asked = from(&source, 1, "weight");
    gli_result_free(run_on(snapshot, "bellman_ford", &asked, 0));
    expect_cycle(snapshot, &options, 0, NULL, NULL, 0);
    gli_snapshot_free(snapshot);
    /* Exactly below 0, by less than distances of 1 can tell: distances, or the cycle. */
    snapshot = graph_with(4, true, 4, edges, below, NULL);
    gli_result *result = NULL;
    gli_error error = {0};
    const gli_status status = gli_bellman_ford(snapshot, &asked, NULL, &result, &error);
    cr_assert(status == GLI_OK || status == GLI_ERROR_NEGATIVE_CYCLE, "%s", error.message);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(bellman_ford, takes_no_cycle_of_weight_0_for_negative) {
  /* Exactly 0; but 1 + 1e16 is 1e16 in floats, so that coming round to 0 seems to be 1 nearer. */
  const pair edges[] = {{0, 1}, {1, 2}, {2, 3}, {3, 0}};
  const double weights[] = {1, 1e16, -1e16, -1};
  gli_find_negative_cycle_options options = GLI_FIND_NEGATIVE_CYCLE_OPTIONS_INIT;
  gli_snapshot *snapshot = graph_with(4, true, 4, edges, weights, NULL);
  options.weight = "weight";
  expect_cycle(snapshot, &options, 0, NULL, NULL, 0);
  for (int32_t source = 0; source < 4; source++) {
    const gli_bellman_ford_options asked = from(&source, 1, "weight");
    gli_result_free(run_on(snapshot, "bellman_ford", &asked, 0));
  }
  gli_snapshot_free(snapshot);
}

Test(bellman_ford, gives_a_turn_to_what_comes_back_as_near_as_before) {
  /* 2 waits for its turn when 1 gets nearer by way of 4: what hangs below 1 is taken out, and the
   * distance of 2 stays what it was, for 0.5 is lost beside 1e16. */
  const pair edges[] = {{0, 1}, {0, 4}, {1, 2}, {4, 1}, {2, 3}};
  const double weights[] = {1, 0.25, 1e16, 0.25, 2};
  const int32_t source = 0;
  gli_snapshot *snapshot = graph_with(5, true, COUNT_OF(edges), edges, weights, NULL);
  const gli_bellman_ford_options options = from(&source, 1, "weight");
  gli_result *result = run_on(snapshot, "bellman_ford", &options, 0);
  cr_assert_eq(gli_result_floats(result, "distance")[1], 0.5);
  cr_assert_eq(gli_result_floats(result, "distance")[2], 1e16);
  cr_assert_eq(gli_result_floats(result, "distance")[3], 1e16 + 2);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(bellman_ford, ends_on_cycles_of_any_length) {
  enum { NODES = 3000 };
  static pair edges[NODES];
  static double weights[NODES];
  for (int32_t v = 0; v < NODES; v++) {
    edges[v][0] = v;
    edges[v][1] = (v + 1) % NODES;
    weights[v] = v == 7 ? -NODES : 1;
  }
  gli_snapshot *snapshot = graph_with(NODES, true, NODES, (const pair *)edges, weights, NULL);
  const int32_t source = 2000;
  const gli_bellman_ford_options asked = from(&source, 1, "weight");
  expect_error(snapshot, "bellman_ford", &asked, GLI_ERROR_NEGATIVE_CYCLE,
               "3000 edges and weight -1: 0 -> 1 -> 2 ");
  gli_snapshot_free(snapshot);
}

Test(bellman_ford, says_what_is_wrong) {
  const pair edges[] = {{0, 1}, {1, 2}};
  const double bad[] = {1, (double)-INFINITY}, endless[] = {1, (double)INFINITY};
  const int32_t source = 0, nobody = 7;
  gli_snapshot *snapshot = graph_with(3, true, 2, edges, bad, NULL);
  gli_bellman_ford_options options = from(&source, 1, "weight");
  expect_error(snapshot, "bellman_ford", &options, GLI_ERROR_INVALID_ARGUMENT,
               "from 1 to 2 is -inf; it must be a number above -inf");
  options = from(NULL, 0, "weight");
  expect_error(snapshot, "bellman_ford", &options, GLI_ERROR_INVALID_ARGUMENT, "required");
  options = from(&nobody, 1, NULL);
  expect_error(snapshot, "bellman_ford", &options, GLI_ERROR_NODE_NOT_FOUND, "node index 7");
  gli_snapshot_free(snapshot);
  snapshot = graph_with(3, true, 2, edges, endless, NULL);
  options = from(&source, 1, "weight");
  gli_result *result = run_on(snapshot, "bellman_ford", &options, 0);
  cr_assert_eq(gli_result_floats(result, "distance")[2], (double)INFINITY);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}
