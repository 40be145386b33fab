/* Known values: NetworkX 3.6.1, and counting by hand. */
#include <gli/algorithms/degrees.h>

#include "algorithms/support.h"

static const gli_degrees_options init = GLI_DEGREES_OPTIONS_INIT;

static const pair edges[] = {{0, 1}, {0, 1}, {1, 0}, {2, 2}, {3, 0}};
static const double weights[] = {1, 2, 4, 8, -16};

static gli_degrees_options along(const char *direction, const char *weight) {
  gli_degrees_options options = GLI_DEGREES_OPTIONS_INIT;
  options.direction = direction;
  options.weight = weight;
  return options;
}

static void expect_degrees(gli_snapshot *snapshot, const char *direction, const int64_t *expected) {
  const gli_degrees_options options = along(direction, NULL);
  gli_result *result = run_on(snapshot, "degrees", &options, 0);
  for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    cr_assert_eq(gli_result_ints(result, "degree")[v], expected[v], "%s %d", direction, v);
  }
  cr_assert_null(gli_result_floats(result, "strength"));
  gli_result_free(result);
}

static void expect_strengths(gli_snapshot *snapshot, const char *direction,
                             const double *expected) {
  const gli_degrees_options options = along(direction, "weight");
  gli_result *result = run_on(snapshot, "degrees", &options, 0);
  for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    cr_assert_eq(gli_result_floats(result, "strength")[v], expected[v], "%s %d", direction, v);
  }
  cr_assert_null(gli_result_ints(result, "degree"));
  gli_result_free(result);
}

Test(degrees, holds_what_every_algorithm_must) {
  static const char *const directions[] = {"both", "out", "in"};
  for (int k = 0; k < 3; k++) {
    gli_degrees_options options = along(directions[k], NULL);
    check_algorithm("degrees", &init, &options);
    options.weight = "weight";
    check_algorithm("degrees", &init, &options);
  }
}

Test(degrees, counts_loops_and_parallel_edges) {
  gli_snapshot *directed = graph_with(5, true, 5, edges, weights, NULL);
  expect_degrees(directed, "out", (int64_t[]){2, 1, 1, 1, 0});
  expect_degrees(directed, "in", (int64_t[]){2, 2, 1, 0, 0});
  expect_degrees(directed, "both", (int64_t[]){4, 3, 2, 1, 0});
  expect_strengths(directed, "out", (double[]){3, 4, 8, -16, 0});
  expect_strengths(directed, "in", (double[]){-12, 3, 8, 0, 0});
  expect_strengths(directed, "both", (double[]){-9, 7, 16, -16, 0});
  gli_snapshot_free(directed);
  gli_snapshot *undirected = graph_with(5, false, 5, edges, weights, NULL);
  static const char *const directions[] = {"both", "out", "in"};
  for (int k = 0; k < 3; k++) {
    expect_degrees(undirected, directions[k], (int64_t[]){4, 3, 2, 1, 0});
    expect_strengths(undirected, directions[k], (double[]){-9, 7, 16, -16, 0});
  }
  gli_snapshot_free(undirected);
}

Test(degrees, agrees_with_networkx_on_the_karate_club) {
  /* [d for _, d in G.degree()], and with weight="weight" */
  static const int64_t degree[34] = {16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2,  2,
                                     2,  2, 3,  2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17};
  static const double strength[34] = {51, 29, 27, 18, 9,  10, 11, 10, 15, 5, 6, 4,
                                      5,  13, 8,  7,  5,  6,  4,  11, 7,  5, 5, 13,
                                      11, 10, 7,  13, 10, 17, 12, 21, 35, 48};
  gli_snapshot *snapshot = karate_club();
  expect_degrees(snapshot, "both", degree);
  expect_strengths(snapshot, "both", strength);
  gli_snapshot_free(snapshot);
}

Test(degrees, corner_cases) {
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  expect_degrees(empty, "both", (int64_t[]){0});
  gli_snapshot_free(empty);
  gli_snapshot *lonely = graph_of(2, false, 0, NULL);
  expect_strengths(lonely, "both", (double[]){0, 0}); /* no edge can lack the weight */
  gli_snapshot_free(lonely);
  gli_snapshot *ring = ring_with_holes(10);
  expect_degrees(ring, "both", (int64_t[]){0, 2, 2, 2, 2, 0, 2, 2, 2, 2});
  expect_degrees(ring, "in", (int64_t[]){0, 1, 1, 1, 1, 0, 1, 1, 1, 1});
  gli_snapshot_free(ring);
}

Test(degrees, says_what_is_wrong) {
  const double endless[] = {1, 2, (double)INFINITY, 8, 16}, nan[] = {1, 2, 4, 8, (double)NAN};
  gli_snapshot *snapshot = graph_with(5, true, 5, edges, endless, NULL);
  gli_degrees_options options = along("up", NULL);
  expect_error(snapshot, "degrees", &options, GLI_ERROR_INVALID_ARGUMENT, "direction is 'up'");
  options = along("both", "weight");
  expect_error(snapshot, "degrees", &options, GLI_ERROR_INVALID_ARGUMENT,
               "of the edge from 1 to 0 is inf; it must be finite");
  gli_snapshot_free(snapshot);
  snapshot = graph_with(5, true, 5, edges, nan, NULL);
  expect_error(snapshot, "degrees", &options, GLI_ERROR_INVALID_ARGUMENT, "from 3 to 0 is nan");
  options.weight = "size";
  expect_error(snapshot, "degrees", &options, GLI_ERROR_ATTRIBUTE_NOT_FOUND, "size");
  gli_snapshot_free(snapshot);
}

Test(degrees, has_a_typed_front_door) {
  gli_snapshot *snapshot = karate_club();
  const gli_degrees_options options = along("both", "weight");
  gli_result *typed = NULL, *generic = run_on(snapshot, "degrees", &options, 0);
  cr_assert_eq(gli_degrees(snapshot, &options, NULL, &typed, NULL), GLI_OK);
  expect_same(typed, generic);
  gli_result_free(typed);
  gli_result_free(generic);
  gli_snapshot_free(snapshot);
}
