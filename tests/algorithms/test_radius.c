/* Known values: NetworkX 3.6.1 on Zachary's karate club, radius; random graphs are compared with
 * what eccentricity and distances say in tests/python/test_parity_paths.py. */
#include <gli/algorithms/radius.h>

#include "algorithms/support.h"

static const gli_radius_options init = GLI_RADIUS_OPTIONS_INIT;

Test(radius, holds_what_every_algorithm_must) {
  gli_radius_options options = init;
  check_algorithm("radius", &init, &init);
  options.direction = "both";
  check_algorithm("radius", &init, &options);
}

static double found(gli_snapshot *snapshot, const char *weight, const char *direction) {
  gli_radius_options options = init;
  options.weight = weight;
  options.direction = direction;
  gli_result *result = run_on(snapshot, "radius", &options, 0);
  const double value = *gli_result_floats(result, "radius");
  gli_result_free(result);
  return value;
}

Test(radius, has_the_values_of_networkx) {
  gli_snapshot *snapshot = karate_club();
  cr_assert_float_eq(found(snapshot, NULL, "out"), 3, 1e-14);
  cr_assert_float_eq(found(snapshot, "weight", "in"), 7, 1e-14);
  gli_snapshot_free(snapshot);
}

Test(radius, is_infinite_where_nodes_are_not_reached) {
  const pair edges[] = {{1, 0}, {1, 2}};
  const double weights[] = {2, 2};
  gli_snapshot *snapshot = graph_with(3, true, 2, edges, weights, NULL);
  cr_assert_eq(found(snapshot, NULL, "in"), (double)INFINITY);
  cr_assert_eq(found(snapshot, "weight", "in"), (double)INFINITY);
  cr_assert_lt(found(snapshot, NULL, "both"), 3);
  cr_assert_eq(found(snapshot, "weight", "both"), 2 * found(snapshot, NULL, "both"));
  gli_snapshot_free(snapshot);
  snapshot = graph_of(2, false, 0, NULL);
  cr_assert_eq(found(snapshot, NULL, "out"), (double)INFINITY);
  gli_snapshot_free(snapshot);
}

Test(radius, knows_holes_and_next_to_nothing) {
  gli_snapshot *snapshot = ring_with_holes(50);
  cr_assert_eq(found(snapshot, NULL, "out"), 39);
  gli_snapshot_free(snapshot);
  for (int32_t nodes = 0; nodes <= 1; nodes++) {
    snapshot = graph_of(nodes, true, 0, NULL);
    cr_assert_eq(found(snapshot, NULL, "out"), 0);
    gli_snapshot_free(snapshot);
  }
}

Test(radius, says_what_is_wrong) {
  const pair edges[] = {{0, 1}};
  const double weights[] = {-1};
  gli_snapshot *snapshot = graph_with(2, true, 1, edges, weights, NULL);
  gli_radius_options options = init;
  options.weight = "weight";
  expect_error(snapshot, "radius", &options, GLI_ERROR_INVALID_ARGUMENT, "at least 0");
  options = init;
  options.direction = "up";
  expect_error(snapshot, "radius", &options, GLI_ERROR_INVALID_ARGUMENT, "'up'");
  gli_snapshot_free(snapshot);
}
