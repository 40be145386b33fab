/* Known values: SciPy 1.17's csr_array of email-Eu-core, transposed and indexed by rows and columns
 * (scipy.org); Zachary's karate club as NetworkX's Graph.adj lists it. On random graphs the
 * definition, entry by entry. */
#include <gli/algorithms/neighbor_lists.h>

#include "algorithms/support.h"

static const gli_neighbor_lists_options init = GLI_NEIGHBOR_LISTS_OPTIONS_INIT;

Test(neighbor_lists, holds_what_every_algorithm_must) {
  static const int32_t sources[] = {3, 39, 3, 17, 0, 5};
  gli_neighbor_lists_options options = init;
  check_algorithm("neighbor_lists", &init, &options);
  options.direction = "both";
  options.weight = "weight";
  options.edges = true;
  check_algorithm("neighbor_lists", &init, &options);
  options.source = (gli_node_list){sources, 6};
  options.within = true;
  check_algorithm("neighbor_lists", &init, &options);
}

typedef struct lists {
  gli_result *result;
  const int64_t *offset, *edge, *place;
  const int32_t *node, *neighbor;
  const double *weight;
  int64_t count, rows;
} lists;

static lists list(gli_snapshot *snapshot, const gli_neighbor_lists_options *options) {
  lists found = {.result = run_on(snapshot, "neighbor_lists", options, 0)};
  gli_column column;
  cr_assert_eq(gli_result_column(found.result, "offset", &column, NULL), GLI_OK);
  found.offset = column.data;
  found.count = column.length - 1;
  cr_assert_eq(gli_result_column(found.result, "neighbor", &column, NULL), GLI_OK);
  found.neighbor = column.data;
  found.rows = column.length;
  found.node = gli_result_nodes(found.result, "node");
  found.place = gli_result_ints(found.result, "place");
  found.weight = gli_result_floats(found.result, "weight");
  if (options->edges) {
    cr_assert_eq(gli_result_column(found.result, "edge", &column, NULL), GLI_OK);
    found.edge = column.data;
  }
  cr_assert_eq(found.offset[0], 0);
  cr_assert_eq(found.offset[found.count], found.rows);
  return found;
}

Test(neighbor_lists, karate_club_as_networkx) {
  static const int32_t sources[] = {33, 0, 9, 33};
  static const int32_t of_33[] = {8, 9, 13, 14, 15, 18, 19, 20, 22, 23, 26, 27, 28, 29, 30, 31, 32};
  gli_snapshot *snapshot = karate_club();
  gli_neighbor_lists_options options = init;
  options.source = (gli_node_list){sources, 4};
  const lists found = list(snapshot, &options);
  static const int64_t offset[] = {0, 17, 33, 35, 52};
  cr_assert_eq(found.count, 4);
  cr_assert_eq(memcmp(found.offset, offset, sizeof offset), 0);
  for (int k = 0; k < 17; k++) {
    cr_assert_eq(found.neighbor[k], of_33[k]);
    cr_assert_eq(found.neighbor[35 + k], of_33[k]);
    cr_assert_eq(found.node[35 + k], 33);
  }
  cr_assert_eq(found.neighbor[33], 2);
  cr_assert_eq(found.neighbor[34], 33);
  gli_result_free(found.result);
  gli_snapshot_free(snapshot);
}

Test(neighbor_lists, email_core_turned_round_as_scipy) {
  gli_snapshot *snapshot = email_core();
  gli_neighbor_lists_options options = init;
  options.direction = "in";
  const lists found = list(snapshot, &options);
  int64_t sum = 0;
  for (int64_t k = 0; k < found.rows; k++)
    sum += (int64_t)found.node[k] * found.neighbor[k];
  cr_assert_eq(found.rows, 25571);
  cr_assert_eq(found.offset[1], 32);
  cr_assert_eq(found.offset[100], 5064);
  cr_assert_eq(found.offset[500], 20413);
  cr_assert_eq(found.offset[1004], 25570);
  cr_assert_eq(sum, 2601487007);
  gli_result_free(found.result);
  gli_snapshot_free(snapshot);
}

Test(neighbor_lists, a_third_of_email_core_as_scipy) {
  gli_snapshot *snapshot = email_core();
  gli_neighbor_lists_options options = init;
  int32_t sources[335];
  int64_t sum = 0;
  for (int32_t k = 0; k < 335; k++)
    sources[k] = 1002 - 3 * k;
  options.source = (gli_node_list){sources, 335};
  options.within = true;
  const lists found = list(snapshot, &options);
  for (int64_t k = 0; k < 335; k++)
    for (int64_t row = found.offset[k]; row < found.offset[k + 1]; row++) {
      cr_assert_eq(found.neighbor[row], sources[found.place[row]]);
      sum += k * found.place[row];
    }
  cr_assert_eq(found.rows, 2913);
  cr_assert_eq(found.offset[1], 0);
  cr_assert_eq(found.offset[50], 92);
  cr_assert_eq(found.offset[200], 980);
  cr_assert_eq(sum, 153843949);
  gli_result_free(found.result);
  gli_snapshot_free(snapshot);
}

/* Every column against rows, ends and weights of the snapshot. */
static void expect_lists(gli_snapshot *snapshot, const gli_neighbor_lists_options *options) {
  const lists found = list(snapshot, options);
  const bool directed = gli_snapshot_is_directed(snapshot);
  const char direction = directed ? options->direction[0] : 'o';
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const double *weights = NULL;
  int32_t next = 0;
  if (options->weight != NULL)
    cr_assert_eq(gli_snapshot_edge_weights(snapshot, options->weight, &weights, NULL), GLI_OK);
  for (int64_t k = 0, at = 0; k < found.count; k++) {
    while (options->source.nodes == NULL && !gli_bit(gli_snapshot_node_bits(snapshot), next))
      next++;
    const int32_t node = options->source.nodes == NULL ? next++ : options->source.nodes[k];
    for (int side = 0; side < 2; side++) {
      gli_rows rows = gli_snapshot_out_rows(snapshot);
      if (direction == (side == 0 ? 'i' : 'o')) continue;
      if (side == 1) cr_assert_eq(gli_snapshot_in_rows(snapshot, &rows, NULL), GLI_OK);
      const gli_row row = rows.rows[node];
      for (int64_t j = row.begin; j < row.begin + row.length; j++) {
        int64_t place = 0;
        while (options->within && place < options->source.count &&
               options->source.nodes[place] != rows.neighbors[j])
          place++;
        if (options->within && place == options->source.count) continue;
        cr_assert_eq(found.node[at], node);
        cr_assert_eq(found.neighbor[at], rows.neighbors[j]);
        if (options->edges) cr_assert_eq(found.edge[at], rows.edges[j]);
        if (options->within) cr_assert_eq(found.place[at], place);
        if (weights != NULL) cr_assert_eq(found.weight[at], weights[rows.edges[j]]);
        at++;
      }
    }
    cr_assert_eq(found.offset[k + 1], at, "list %lld", (long long)k);
  }
  cr_assert_eq(found.count, options->source.nodes == NULL ? gli_snapshot_node_count(snapshot)
                                                          : options->source.count);
  cr_assert_leq(next, limit);
  gli_result_free(found.result);
}

Test(neighbor_lists, the_definition) {
  static const char *const directions[] = {"out", "in", "both"};
  int32_t sources[50];
  for (int kind = 0; kind < 60; kind++) {
    const uint64_t seed = (uint64_t)kind;
    gli_snapshot *snapshot =
        kind % 10 == 9 ? ring_with_holes(100) : random_graph(120, 600, kind % 2 == 0, seed, NULL);
    gli_random random = gli_random_start(seed, 5);
    gli_neighbor_lists_options options = init;
    for (int k = 0; k < 50; k++) /* no hole of the ring */
      sources[k] = 1 + 5 * (int32_t)gli_random_below(&random, 20);
    if (kind % 3 != 0) options.source = (gli_node_list){sources, 1 + kind % 50};
    options.direction = directions[kind / 2 % 3];
    options.within = options.source.nodes != NULL && kind % 4 < 2;
    options.edges = kind % 5 < 3;
    options.weight = kind % 7 < 3 && kind % 10 != 9 ? "weight" : NULL;
    expect_lists(snapshot, &options);
    gli_snapshot_free(snapshot);
  }
}

/* Loops and parallel edges, each once in its row; within all nodes, places are the nodes' ranks. */
Test(neighbor_lists, loops_and_parallel_edges) {
  static const pair edges[] = {{0, 0}, {0, 1}, {0, 1}, {1, 0}};
  for (int directed = 0; directed < 2; directed++) {
    gli_snapshot *snapshot = graph_of(3, directed, 4, edges);
    gli_neighbor_lists_options options = init;
    options.direction = "both";
    options.within = true;
    const lists found = list(snapshot, &options);
    static const int64_t apart[] = {0, 5, 8, 8}, together[] = {0, 4, 7, 7};
    cr_assert_eq(found.count, 3);
    for (int k = 0; k < 4; k++)
      cr_assert_eq(found.offset[k], directed ? apart[k] : together[k]);
    for (int64_t row = 0; row < found.rows; row++)
      cr_assert_eq(found.place[row], found.neighbor[row]);
    gli_result_free(found.result);
    gli_snapshot_free(snapshot);
  }
}

Test(neighbor_lists, nothing) {
  for (int32_t nodes = 0; nodes < 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    gli_neighbor_lists_options options = init;
    options.within = true;
    options.edges = true;
    const lists found = list(snapshot, &options);
    cr_assert_eq(found.count, nodes);
    cr_assert_eq(found.rows, 0);
    gli_result_free(found.result);
    gli_snapshot_free(snapshot);
  }
}

Test(neighbor_lists, errors) {
  static const int32_t sources[] = {1, 0, 40};
  gli_snapshot *ring = ring_with_holes(20), *snapshot = random_graph(40, 100, true, 1, NULL);
  gli_neighbor_lists_options options = init;
  options.source = (gli_node_list){sources, 2};
  expect_error(ring, "neighbor_lists", &options, GLI_ERROR_NODE_NOT_FOUND, "source[1]");
  options.source.count = 3;
  expect_error(snapshot, "neighbor_lists", &options, GLI_ERROR_NODE_NOT_FOUND, "source[2]");
  options.source.count = 0;
  expect_error(snapshot, "neighbor_lists", &options, GLI_ERROR_INVALID_ARGUMENT, "empty");
  options = init;
  options.direction = "up";
  expect_error(snapshot, "neighbor_lists", &options, GLI_ERROR_INVALID_ARGUMENT, "'up'");
  options = init;
  options.weight = "height";
  expect_error(snapshot, "neighbor_lists", &options, GLI_ERROR_ATTRIBUTE_NOT_FOUND, "height");
  gli_snapshot_free(ring);
  static const pair one[] = {{0, 1}};
  static const double endless[] = {(double)INFINITY};
  gli_snapshot *odd = graph_with(2, true, 1, one, endless, NULL);
  options.weight = "weight";
  expect_error(odd, "neighbor_lists", &options, GLI_ERROR_INVALID_ARGUMENT, "finite");
  gli_snapshot_free(odd);
  gli_snapshot_free(snapshot);
}
