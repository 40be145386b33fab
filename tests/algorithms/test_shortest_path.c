/* Known values: NetworkX 3.6.1, shortest_path and bidirectional_dijkstra on the karate club;
 * lengths on random graphs are compared with shortest_paths. */
#include <gli/algorithms/shortest_path.h>
#include <gli/algorithms/shortest_paths.h>

#include "algorithms/support.h"

static const gli_shortest_path_options init = GLI_SHORTEST_PATH_OPTIONS_INIT;
static const int32_t some[] = {0, 5, 9, 12}, others[] = {30, 33, 17};

static gli_shortest_path_options between(const int32_t *source, const int32_t *target) {
  gli_shortest_path_options options = init;
  options.source = (gli_node_list){source, 1};
  options.target = (gli_node_list){target, 1};
  return options;
}

Test(shortest_path, holds_what_every_algorithm_must) {
  gli_shortest_path_options options = between(some, others);
  check_algorithm("shortest_path", &init, &options);
  options.weight = "weight";
  options.direction = "both";
  options.source.count = 4;
  options.target.count = 3;
  check_algorithm("shortest_path", &init, &options);
}

Test(shortest_path, is_the_one_of_networkx) {
  const int32_t from = 15, to = 26, path[] = {15, 33, 26};
  gli_snapshot *snapshot = karate_club();
  for (int weighted = 0; weighted <= 1; weighted++) {
    gli_shortest_path_options options = between(&from, &to);
    options.weight = weighted ? "weight" : NULL;
    gli_result *result = run_on(snapshot, "shortest_path", &options, 0);
    gli_column node, edge;
    cr_assert(gli_result_column_at(result, 0, &node));
    cr_assert(gli_result_column_at(result, 1, &edge));
    cr_assert_eq(node.length, 3);
    for (int k = 0; k < 3; k++)
      cr_assert_eq(((const int32_t *)node.data)[k], path[k]);
    cr_assert_eq(((const int64_t *)edge.data)[2], -1);
    cr_assert_eq(*gli_result_floats(result, "length"), weighted ? 7 : 2);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(shortest_path, goes_through_the_smallest_node_where_the_ends_meet) {
  /* The target's side has come to 4 and 1 when the source's side gets there, to 4 first. */
  const pair edges[] = {{0, 4}, {0, 1}, {0, 8}, {4, 5}, {1, 5}, {10, 4}, {11, 1}};
  const double weights[] = {1, 1, 1, 1, 1, 1, 1};
  const int32_t from = 0, to = 5, path[] = {0, 1, 5};
  gli_snapshot *snapshot = graph_with(12, true, COUNT_OF(edges), edges, weights, NULL);
  for (int weighted = 0; weighted <= 1; weighted++) {
    gli_shortest_path_options options = between(&from, &to);
    options.weight = weighted ? "weight" : NULL;
    gli_result *result = run_on(snapshot, "shortest_path", &options, 0);
    gli_column node;
    cr_assert(gli_result_column_at(result, 0, &node));
    cr_assert_eq(node.length, 3);
    for (int k = 0; k < 3; k++)
      cr_assert_eq(((const int32_t *)node.data)[k], path[k], "weighted: %d", weighted);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

/* The path's edges lead from node to node and add up to what shortest_paths says. */
static void expect_path(gli_snapshot *snapshot, const gli_shortest_path_options *options) {
  gli_shortest_paths_options all = GLI_SHORTEST_PATHS_OPTIONS_INIT;
  all.source = options->source;
  all.weight = options->weight;
  all.direction = options->direction;
  gli_result *result = run_on(snapshot, "shortest_path", options, 0);
  gli_result *expected = run_on(snapshot, "shortest_paths", &all, 0);
  double nearest = (double)INFINITY, length = 0;
  for (int64_t k = 0; k < options->target.count; k++)
    nearest = fmin(nearest, gli_result_floats(expected, "distance")[options->target.nodes[k]]);
  gli_column node, edge;
  cr_assert(gli_result_column_at(result, 0, &node));
  cr_assert(gli_result_column_at(result, 1, &edge));
  const int32_t *nodes = node.data, *sources = NULL, *targets = NULL;
  const double *weights = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  if (options->weight != NULL) gli_snapshot_edge_weights(snapshot, options->weight, &weights, NULL);
  for (int64_t k = 0; k + 1 < node.length; k++) {
    const int64_t slot = ((const int64_t *)edge.data)[k];
    const bool ahead = sources[slot] == nodes[k] && targets[slot] == nodes[k + 1];
    const bool back = targets[slot] == nodes[k] && sources[slot] == nodes[k + 1];
    const char way = gli_snapshot_is_directed(snapshot) ? options->direction[0] : 'b';
    cr_assert((ahead && way != 'i') || (back && way != 'o'), "edge %d", (int)slot);
    length += weights == NULL ? 1 : weights[slot];
  }
  cr_assert_eq(*gli_result_floats(result, "length"), nearest);
  cr_assert_eq(node.length > 0 ? length : (double)INFINITY, nearest);
  gli_result_free(result);
  gli_result_free(expected);
}

Test(shortest_path, is_as_long_as_shortest_paths_says) {
  gli_random random = gli_random_start(3, 0);
  for (int kind = 0; kind < 240; kind++) {
    int32_t ends[6];
    gli_snapshot *snapshot =
        random_graph(80, 60 + 30 * (kind % 7), kind % 2 == 0, (uint64_t)kind, NULL);
    for (int k = 0; k < 6; k++)
      ends[k] = (int32_t)gli_random_below(&random, 80);
    gli_shortest_path_options options = between(ends, ends + 3);
    options.weight = kind % 4 < 2 ? NULL : "weight";
    options.direction = kind % 3 == 0 ? "out" : kind % 3 == 1 ? "in" : "both";
    expect_path(snapshot, &options);
    options.source.count = options.target.count = 3;
    expect_path(snapshot, &options);
    gli_snapshot_free(snapshot);
  }
}

Test(shortest_path, has_its_corner_cases) {
  const pair edges[] = {{0, 1}, {1, 2}, {2, 3}};
  const double weights[] = {0, (double)INFINITY, 0};
  const int32_t zero = 0, one = 1, three = 3;
  gli_snapshot *snapshot = graph_with(4, true, 3, edges, weights, NULL);
  gli_column node;
  gli_shortest_path_options options = between(&zero, &zero);
  gli_result *result = run_on(snapshot, "shortest_path", &options, 0); /* to itself */
  cr_assert(gli_result_column_at(result, 0, &node));
  cr_assert_eq(node.length, 1);
  cr_assert_eq(*gli_result_floats(result, "length"), 0);
  gli_result_free(result);
  options = between(&three, &zero); /* no path */
  result = run_on(snapshot, "shortest_path", &options, 0);
  cr_assert(gli_result_column_at(result, 0, &node));
  cr_assert_eq(node.length, 0);
  cr_assert_eq(*gli_result_floats(result, "length"), (double)INFINITY);
  gli_result_free(result);
  options = between(&zero, &three); /* an edge of infinite weight */
  options.weight = "weight";
  result = run_on(snapshot, "shortest_path", &options, 0);
  cr_assert_eq(*gli_result_floats(result, "length"), (double)INFINITY);
  gli_result_free(result);
  options.target.nodes = &one;
  result = run_on(snapshot, "shortest_path", &options, 0); /* of weight 0 */
  cr_assert_eq(*gli_result_floats(result, "length"), 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(shortest_path, says_what_is_wrong) {
  const int32_t zero = 0, nobody = 40;
  gli_snapshot *snapshot = karate_club();
  gli_shortest_path_options options = between(&zero, &nobody);
  expect_error(snapshot, "shortest_path", &options, GLI_ERROR_NODE_NOT_FOUND, "target[0]");
  options.target = (gli_node_list){NULL, 0};
  expect_error(snapshot, "shortest_path", &options, GLI_ERROR_INVALID_ARGUMENT,
               "target is required");
  gli_snapshot_free(snapshot);
}
