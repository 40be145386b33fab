/* What shortest_paths says of each source (known values of NetworkX there), row by row. */
#include <gli/algorithms/distances.h>
#include <gli/algorithms/shortest_paths.h>

#include "algorithms/support.h"

static const gli_distances_options init = GLI_DISTANCES_OPTIONS_INIT;

Test(distances, hold_what_every_algorithm_must) {
  static int32_t sources[100];
  for (int32_t k = 0; k < 100; k++)
    sources[k] = k * 7 % 40;
  gli_distances_options options = init;
  options.source = (gli_node_list){sources, 100};
  check_algorithm("distances", &init, &options);
  options.source.count = 3;
  options.target = (gli_node_list){sources, 50};
  options.weight = "weight";
  options.direction = "both";
  options.cutoff = 6;
  check_algorithm("distances", &init, &options);
}

static void expect_rows(gli_snapshot *snapshot, const gli_distances_options *options) {
  gli_result *block = run_on(snapshot, "distances", options, 0);
  const double *distance = gli_result_floats(block, "distance");
  const int64_t targets = *gli_result_ints(block, "targets");
  cr_assert_eq(*gli_result_ints(block, "sources"), options->source.count);
  for (int64_t k = 0; k < options->source.count; k++) {
    gli_shortest_paths_options alone = GLI_SHORTEST_PATHS_OPTIONS_INIT;
    alone.source = (gli_node_list){options->source.nodes + k, 1};
    alone.weight = options->weight;
    alone.direction = options->direction;
    alone.cutoff = options->cutoff;
    gli_result *one = run_on(snapshot, "shortest_paths", &alone, 0);
    const double *expected = gli_result_floats(one, "distance");
    for (int64_t j = 0, v = 0; j < targets; j++, v++) {
      while (!gli_bit(gli_snapshot_node_bits(snapshot), v))
        v++;
      const int64_t at = options->target.nodes != NULL ? options->target.nodes[j] : v;
      cr_assert_eq(distance[k * targets + j], expected[at], "row %d, column %d", (int)k, (int)j);
    }
    gli_result_free(one);
  }
  gli_result_free(block);
}

Test(distances, are_those_of_each_source_alone) {
  static int32_t sources[150];
  const int32_t targets[] = {7, 3, 7, 12, 3};
  for (int32_t k = 0; k < 150; k++)
    sources[k] = k * 11 % 300;
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *snapshot = random_graph(300, 700, directed, 5, NULL);
    for (int kind = 0; kind < 12; kind++) {
      gli_distances_options options = init;
      options.source = (gli_node_list){sources, kind % 2 == 0 ? 150 : 3};
      options.weight = kind % 4 < 2 ? NULL : "weight";
      options.direction = kind < 4 ? "out" : kind < 8 ? "in" : "both";
      if (kind % 3 == 0) options.target = (gli_node_list){targets, 5};
      if (kind % 5 == 0) options.cutoff = 2.5;
      expect_rows(snapshot, &options);
    }
    gli_snapshot_free(snapshot);
  }
}

Test(distances, leave_holes_out) {
  const int32_t sources[] = {1, 49, 1};
  gli_snapshot *snapshot = ring_with_holes(50);
  gli_distances_options options = init;
  options.source = (gli_node_list){sources, 3};
  expect_rows(snapshot, &options);
  gli_result *result = run_on(snapshot, "distances", NULL, 0);
  cr_assert_eq(*gli_result_ints(result, "sources"), 40);
  cr_assert_eq(*gli_result_ints(result, "targets"), 40);
  cr_assert_eq(gli_result_floats(result, "distance")[39], 39);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(distances, say_what_is_wrong) {
  const int32_t nobody = 99;
  gli_snapshot *snapshot = karate_club();
  gli_distances_options options = init;
  options.target = (gli_node_list){&nobody, 1};
  expect_error(snapshot, "distances", &options, GLI_ERROR_NODE_NOT_FOUND, "target[0] is node");
  options = init;
  options.cutoff = -1;
  expect_error(snapshot, "distances", &options, GLI_ERROR_INVALID_ARGUMENT, "cutoff is -1");
  gli_snapshot_free(snapshot);
  snapshot = graph_of(1 << 21, true, 0, NULL);
  expect_error(snapshot, "distances", NULL, GLI_ERROR_LIMIT, "some sources at a time");
  gli_snapshot_free(snapshot);
}
