/* diameter, radius, average_shortest_path_length: one number for a graph, from all its distances.
 *
 * Known values: NetworkX 3.6.1 on Zachary's karate club. Random graphs are compared with what
 * eccentricity and distances say in tests/python/test_parity_paths.py. */
#include "algorithms/support.h"

/* The options structs of the three are alike: a size, a weight and a direction. */
static const gli_diameter_options init = GLI_DIAMETER_OPTIONS_INIT;

static const struct {
  const char *name;
  double hops, weighted; /* of the karate club */
  double both;           /* of 1 -> 0, 1 -> 2, directions dropped */
  double ring;           /* of 40 nodes on a directed ring */
} lengths[] = {
    {"diameter", 5, 13, 2, 39},
    {"radius", 3, 7, 1, 39},
    {"average_shortest_path_length", 2.408199643493761, 5.634581105169341, 4.0 / 3, 20},
};

Test(path_lengths, hold_what_every_algorithm_must) {
  for (int64_t k = 0; k < COUNT_OF(lengths); k++) {
    gli_diameter_options options = init;
    cr_assert_eq(gli_algorithm_find(lengths[k].name)->options_size, sizeof options);
    check_algorithm(lengths[k].name, &init, &init);
    options.direction = "both";
    check_algorithm(lengths[k].name, &init, &options);
  }
}

static double found(gli_snapshot *snapshot, const char *name, const char *weight,
                    const char *direction) {
  gli_diameter_options options = init;
  options.weight = weight;
  options.direction = direction;
  gli_result *result = run_on(snapshot, name, &options, 0);
  const double value = *gli_result_floats(result, name);
  gli_result_free(result);
  return value;
}

Test(path_lengths, have_the_values_of_networkx) {
  gli_snapshot *snapshot = karate_club();
  for (int64_t k = 0; k < COUNT_OF(lengths); k++) {
    const char *name = lengths[k].name;
    cr_assert_float_eq(found(snapshot, name, NULL, "out"), lengths[k].hops, 1e-14, "%s", name);
    cr_assert_float_eq(found(snapshot, name, "weight", "in"), lengths[k].weighted, 1e-14, "%s",
                       name);
  }
  gli_snapshot_free(snapshot);
}

Test(path_lengths, are_infinite_where_nodes_are_not_reached) {
  const pair edges[] = {{1, 0}, {1, 2}};
  const double weights[] = {2, 2};
  for (int64_t k = 0; k < COUNT_OF(lengths); k++) {
    const char *name = lengths[k].name;
    gli_snapshot *snapshot = graph_with(3, true, 2, edges, weights, NULL);
    cr_assert_eq(found(snapshot, name, NULL, "in"), (double)INFINITY, "%s", name);
    cr_assert_eq(found(snapshot, name, "weight", "in"), (double)INFINITY, "%s", name);
    cr_assert_float_eq(found(snapshot, name, NULL, "both"), lengths[k].both, 1e-15, "%s", name);
    cr_assert_float_eq(found(snapshot, name, "weight", "both"), 2 * lengths[k].both, 1e-15, "%s",
                       name);
    gli_snapshot_free(snapshot);
    snapshot = graph_of(2, false, 0, NULL);
    cr_assert_eq(found(snapshot, name, NULL, "out"), (double)INFINITY, "%s", name);
    gli_snapshot_free(snapshot);
  }
}

Test(path_lengths, know_holes_and_next_to_nothing) {
  for (int64_t k = 0; k < COUNT_OF(lengths); k++) {
    const char *name = lengths[k].name;
    gli_snapshot *snapshot = ring_with_holes(50);
    cr_assert_eq(found(snapshot, name, NULL, "out"), lengths[k].ring, "%s", name);
    gli_snapshot_free(snapshot);
    for (int32_t nodes = 0; nodes <= 1; nodes++) {
      snapshot = graph_of(nodes, true, 0, NULL);
      cr_assert_eq(found(snapshot, name, NULL, "out"), 0, "%s", name);
      gli_snapshot_free(snapshot);
    }
  }
}

Test(path_lengths, say_what_is_wrong) {
  const pair edges[] = {{0, 1}};
  const double weights[] = {-1};
  gli_snapshot *snapshot = graph_with(2, true, 1, edges, weights, NULL);
  for (int64_t k = 0; k < COUNT_OF(lengths); k++) {
    gli_diameter_options options = init;
    options.weight = "weight";
    expect_error(snapshot, lengths[k].name, &options, GLI_ERROR_INVALID_ARGUMENT, "at least 0");
    options = init;
    options.direction = "up";
    expect_error(snapshot, lengths[k].name, &options, GLI_ERROR_INVALID_ARGUMENT, "'up'");
  }
  gli_snapshot_free(snapshot);
}
