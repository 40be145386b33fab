/* Known values on the karate club: its best modularity is 0.41979 (Brandes et al. 2008, found by
 * integer programming); igraph 1.0.0's and NetworKit 11.3's Leiden reach 0.4188 to 0.41979. */
#include "algorithms/communities.h"

static const gli_leiden_options defaults = GLI_LEIDEN_OPTIONS_INIT;

Test(leiden, holds_what_every_algorithm_must) {
  gli_leiden_options options = GLI_LEIDEN_OPTIONS_INIT;
  check_algorithm("leiden", &defaults, &defaults);
  options.weight = "weight";
  options.resolution = 1.5;
  options.seed = 9;
  check_algorithm("leiden", &defaults, &options);
}

Test(leiden, counts_edges_as_it_adds_weights_of_1) {
  gli_leiden_options weighted = GLI_LEIDEN_OPTIONS_INIT;
  weighted.weight = "weight";
  expect_ones_count("leiden", &defaults, &weighted);
}

/* The numbers are those that modularity gives, whatever the options. */
Test(leiden, is_a_measured_partition_of_random_graphs) {
  for (uint64_t seed = 0; seed < 200; seed++) {
    const bool directed = seed % 2 == 1;
    gli_snapshot *snapshot =
        random_graph(20 + (int32_t)seed, 10 + 4 * (int64_t)seed, directed, seed, NULL);
    gli_leiden_options options = defaults;
    options.seed = (int64_t)seed;
    options.weight = seed % 4 < 2 ? NULL : "weight";
    options.resolution = seed % 3 == 0 ? 2 : 1;
    options.tolerance = seed % 5 == 0 ? 0.05 : 0;
    options.max_levels = seed % 7 == 0 ? 1 : INT32_MAX;
    gli_result *result = run_on(snapshot, "leiden", &options, 0);
    expect_numbered(result);
    expect_measured(result, options.weight, options.resolution);
    expect_connected(result);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(leiden, finds_the_best_communities_of_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  double best = 0;
  for (int64_t seed = 0; seed < 20; seed++) {
    gli_leiden_options options = defaults;
    options.seed = seed;
    gli_result *result = run_on(snapshot, "leiden", &options, 0);
    const double found = *gli_result_floats(result, "modularity");
    cr_expect_gt(found, 0.4188, "seed %d", (int)seed);
    cr_expect_lt(found, 0.419790);
    best = fmax(best, found);
    gli_result_free(result);
  }
  cr_assert_float_eq(best, 0.4197896120973044, 1e-14);
  gli_snapshot_free(snapshot);
}

Test(leiden, finds_planted_groups_directed_or_not) {
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *snapshot = planted_groups(40, 50, 3, directed, 5);
    gli_result *result = run_on(snapshot, "leiden", NULL, 0);
    expect_planted(result, 50);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(leiden, resolution_and_levels_do_what_they_say) {
  gli_snapshot *snapshot = planted_groups(20, 30, 3, false, 2);
  gli_leiden_options options = defaults;
  options.resolution = 1e-6;
  gli_result *result = run_on(snapshot, "leiden", &options, 0);
  cr_assert_eq(*gli_result_ints(result, "count"), 1, "all of it is one community");
  gli_result_free(result);
  options.resolution = 1e6;
  result = run_on(snapshot, "leiden", &options, 0);
  cr_assert_eq(*gli_result_ints(result, "count"), 600, "everybody is alone");
  gli_result_free(result);
  options.resolution = 1;
  options.max_levels = 1;
  result = run_on(snapshot, "leiden", &options, 0);
  cr_assert_eq(*gli_result_ints(result, "levels"), 1);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(leiden, weights_part_what_edges_join) {
  /* Two triangles joined by three edges; without weights that is one prism. */
  const pair edges[] = {{0, 1}, {1, 2}, {0, 2}, {3, 4}, {4, 5}, {3, 5}, {0, 3}, {1, 4}, {2, 5}};
  const double apart[] = {9, 9, 9, 9, 9, 9, 1, 1, 1}, across[] = {1, 1, 1, 1, 1, 1, 9, 9, 9};
  gli_leiden_options options = defaults;
  options.weight = "weight";
  gli_snapshot *snapshot = graph_with(6, false, 9, edges, apart, NULL);
  gli_result *result = run_on(snapshot, "leiden", &options, 0);
  const int64_t triangles[] = {0, 0, 0, 1, 1, 1}, pairs[] = {0, 1, 2, 0, 1, 2};
  cr_assert_arr_eq(gli_result_ints(result, "label"), triangles, sizeof triangles);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  snapshot = graph_with(6, false, 9, edges, across, NULL);
  result = run_on(snapshot, "leiden", &options, 0);
  cr_assert_arr_eq(gli_result_ints(result, "label"), pairs, sizeof pairs);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(leiden, corner_cases) {
  const pair loop[] = {{0, 0}};
  const double nothing[] = {0};
  gli_snapshot *graphs[] = {graph_of(0, false, 0, loop), graph_of(4, true, 0, loop),
                            graph_of(2, false, 1, loop), graph_of(2, true, 1, loop),
                            graph_with(2, false, 1, loop, nothing, NULL)};
  const int64_t counts[] = {0, 4, 2, 2, 2};
  for (int64_t k = 0; k < COUNT_OF(graphs); k++) {
    gli_leiden_options options = defaults;
    options.weight = k == 4 ? "weight" : NULL;
    gli_result *result = run_on(graphs[k], "leiden", &options, 0);
    const double found = *gli_result_floats(result, "modularity");
    cr_assert_eq(*gli_result_ints(result, "count"), counts[k]);
    cr_assert(found == 0, "graph %d: %g", (int)k, found);
    gli_result_free(result);
    gli_snapshot_free(graphs[k]);
  }
  gli_snapshot *snapshot = ring_with_holes(300);
  gli_result *result = run_on(snapshot, "leiden", NULL, 0);
  expect_numbered(result);
  expect_measured(result, NULL, 1);
  expect_connected(result);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(leiden, refuses_negative_weights) {
  const pair edges[] = {{0, 1}, {1, 2}};
  const double weights[] = {1, -1};
  gli_snapshot *snapshot = graph_with(3, false, 2, edges, weights, NULL);
  gli_leiden_options options = defaults;
  options.weight = "weight";
  expect_error(snapshot, "leiden", &options, GLI_ERROR_INVALID_ARGUMENT, "must be at least 0");
  options.weight = NULL;
  options.resolution = 0;
  expect_error(snapshot, "leiden", &options, GLI_ERROR_INVALID_ARGUMENT, "resolution is 0");
  gli_snapshot_free(snapshot);
}
