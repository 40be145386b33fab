/* Known values: NetworkX 3.6.1 on Zachary's karate club: eccentricity, center, periphery. */
#include <gli/algorithms/eccentricity.h>

#include "algorithms/support.h"

static const gli_eccentricity_options init = GLI_ECCENTRICITY_OPTIONS_INIT;

Test(eccentricity, holds_what_every_algorithm_must) {
  gli_eccentricity_options options = init;
  check_algorithm("eccentricity", &init, &init);
  options.direction = "both";
  check_algorithm("eccentricity", &init, &options);
}

static void expect_bits(const gli_result *result, size_t position, const int32_t *nodes,
                        int64_t count) {
  gli_column column;
  int64_t found = 0;
  cr_assert(gli_result_column_at(result, position, &column));
  for (int32_t v = 0; v < column.length; v++)
    found += ((const uint8_t *)column.data)[v];
  cr_assert_eq(found, count, "%s has %d nodes", column.name, (int)found);
  for (int64_t k = 0; k < count; k++)
    cr_assert(((const uint8_t *)column.data)[nodes[k]], "%s: %d", column.name, (int)nodes[k]);
}

Test(eccentricity, has_the_values_of_networkx) {
  const double hops[] = {3, 3, 3, 3, 4, 4, 4, 4, 3, 4, 4, 4, 4, 3, 5, 5, 5,
                         4, 5, 3, 5, 4, 5, 5, 4, 4, 5, 4, 4, 5, 4, 3, 4, 4};
  const double weights[] = {8,  9,  7, 10, 11, 9, 12, 7,  10, 9,  9, 12, 8,  10, 13, 10, 13,
                            10, 11, 8, 10, 9,  9, 11, 11, 13, 13, 8, 11, 13, 10, 9,  8,  11};
  const int32_t center[] = {0, 1, 2, 3, 8, 13, 19, 31},
                edge[] = {16, 14, 15, 18, 20, 22, 23, 29, 26};
  const int32_t near[] = {2, 7}, far[] = {16, 14, 25, 29, 26};
  gli_snapshot *snapshot = karate_club();
  gli_eccentricity_options options = init;
  gli_result *result = run_on(snapshot, "eccentricity", &options, 0);
  for (int v = 0; v < 34; v++)
    cr_assert_eq(gli_result_floats(result, "eccentricity")[v], hops[v], "node %d", v);
  expect_bits(result, 1, center, 8);
  expect_bits(result, 2, edge, 9);
  cr_assert_eq(*gli_result_floats(result, "diameter"), 5);
  cr_assert_eq(*gli_result_floats(result, "radius"), 3);
  gli_result_free(result);
  options.weight = "weight";
  result = run_on(snapshot, "eccentricity", &options, 0);
  for (int v = 0; v < 34; v++)
    cr_assert_eq(gli_result_floats(result, "eccentricity")[v], weights[v], "node %d", v);
  expect_bits(result, 1, near, 2);
  expect_bits(result, 2, far, 5);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* A ring of `n` nodes with a tail: bounds settle few at a time, so that groups finish the rest. */
Test(eccentricity, is_right_where_bounds_do_not_help) {
  enum { NODES = 600 };
  static pair edges[NODES];
  for (int directed = 0; directed <= 1; directed++) {
    for (int32_t v = 0; v < NODES; v++) {
      edges[v][0] = v;
      edges[v][1] = (v + 1) % NODES;
    }
    gli_snapshot *snapshot = graph_of(NODES, directed, NODES, (const pair *)edges);
    gli_result *result = run_on(snapshot, "eccentricity", NULL, 0);
    for (int32_t v = 0; v < NODES; v++)
      cr_assert_eq(gli_result_floats(result, "eccentricity")[v], directed ? NODES - 1 : NODES / 2);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

/* A ring with chords, to anywhere or to near by: most nodes have the same eccentricity, few a
 * larger or smaller one, which the first searches rarely hit. Diameter and radius are the extremes,
 * whichever was asked for. */
Test(eccentricity, finds_extremes_that_bounds_do_not) {
  enum { NODES = 1200, EDGES = 2 * NODES, NEAR = 28 };
  static pair edges[EDGES];
  for (uint64_t seed = 0; seed < 8; seed++) {
    gli_random random = gli_random_start(seed, 0);
    double largest = 0, smallest = (double)INFINITY;
    for (int32_t k = 0; k < EDGES; k++) {
      const uint64_t reach = k < NODES ? 1 : seed < 4 ? NODES : NEAR; /* steps along the ring */
      const int32_t steps = 1 + (int32_t)gli_random_below(&random, reach);
      edges[k][0] = k < NODES ? k : (int32_t)gli_random_below(&random, NODES);
      edges[k][1] = (edges[k][0] + steps) % NODES;
    }
    gli_snapshot *snapshot = graph_of(NODES, seed % 2 == 1, EDGES, (const pair *)edges);
    gli_result *all = run_on(snapshot, "eccentricity", NULL, 0);
    gli_result *diameter = run_on(snapshot, "diameter", NULL, 0);
    gli_result *radius = run_on(snapshot, "radius", NULL, 0);
    for (int32_t v = 0; v < NODES; v++) {
      largest = fmax(largest, gli_result_floats(all, "eccentricity")[v]);
      smallest = fmin(smallest, gli_result_floats(all, "eccentricity")[v]);
    }
    cr_assert_eq(*gli_result_floats(all, "diameter"), largest, "seed %d", (int)seed);
    cr_assert_eq(*gli_result_floats(all, "radius"), smallest, "seed %d", (int)seed);
    cr_assert_eq(*gli_result_floats(diameter, "diameter"), largest, "seed %d", (int)seed);
    cr_assert_eq(*gli_result_floats(radius, "radius"), smallest, "seed %d", (int)seed);
    gli_result_free(all);
    gli_result_free(diameter);
    gli_result_free(radius);
    gli_snapshot_free(snapshot);
  }
}

Test(eccentricity, is_infinite_where_nodes_are_not_reached) {
  /* 0 leads to all; 1 -> 2 -> 3 -> 1 to each other; 4 is led to alone */
  const pair edges[] = {{0, 1}, {1, 2}, {2, 3}, {3, 1}, {3, 4}};
  gli_snapshot *snapshot = graph_of(5, true, COUNT_OF(edges), edges);
  gli_result *result = run_on(snapshot, "eccentricity", NULL, 0);
  const double *found = gli_result_floats(result, "eccentricity"), infinity = (double)INFINITY;
  const double expected[] = {4, infinity, infinity, infinity, infinity};
  for (int v = 0; v < 5; v++)
    cr_assert_eq(found[v], expected[v]);
  cr_assert_eq(*gli_result_floats(result, "diameter"), infinity);
  cr_assert_eq(*gli_result_floats(result, "radius"), 4);
  gli_result_free(result);
  gli_eccentricity_options options = init;
  options.direction = "in"; /* only 4 is reached from all */
  result = run_on(snapshot, "eccentricity", &options, 0);
  cr_assert_eq(gli_result_floats(result, "eccentricity")[4], 4);
  cr_assert_eq(gli_result_floats(result, "eccentricity")[0], infinity);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(eccentricity, knows_holes_and_next_to_nothing) {
  gli_snapshot *snapshot = ring_with_holes(50);
  gli_result *result = run_on(snapshot, "eccentricity", NULL, 0);
  for (int v = 0; v < 50; v++)
    cr_assert_eq(gli_result_floats(result, "eccentricity")[v], v % 5 == 0 ? 0 : 39);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  snapshot = graph_of(1, true, 0, NULL);
  result = run_on(snapshot, "eccentricity", NULL, 0);
  cr_assert_eq(*gli_result_floats(result, "diameter"), 0);
  cr_assert_eq(gli_result_floats(result, "eccentricity")[0], 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(eccentricity, says_what_is_wrong) {
  const pair edges[] = {{0, 1}};
  const double weights[] = {-1};
  gli_snapshot *snapshot = graph_with(2, true, 1, edges, weights, NULL);
  gli_eccentricity_options options = init;
  options.weight = "weight";
  expect_error(snapshot, "eccentricity", &options, GLI_ERROR_INVALID_ARGUMENT, "at least 0");
  gli_snapshot_free(snapshot);
}
