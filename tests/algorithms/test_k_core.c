/* Known values: NetworkX 3.6.1, k_core(). */
#include "algorithms/support.h"

static const gli_k_core_options defaults = GLI_K_CORE_OPTIONS_INIT;

/* Nodes of a core, by core_number. */
static void expect_core(gli_snapshot *snapshot, int64_t k, int64_t expected_k, int64_t count) {
  const gli_k_core_options options = {sizeof options, k};
  gli_result *result = run_on(snapshot, "k_core", &options, 0);
  gli_result *cores = run_on(snapshot, "core_number", NULL, 0);
  gli_column column;
  int64_t found = 0;
  cr_assert_eq(gli_result_column(result, "in_core", &column, NULL), GLI_OK);
  for (int64_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    const bool expected = gli_bit(gli_snapshot_node_bits(snapshot), v) &&
                          gli_result_ints(cores, "core")[v] >= expected_k;
    cr_assert_eq(((const uint8_t *)column.data)[v], expected, "node %d", (int)v);
    found += expected;
  }
  cr_assert_eq(gli_result_ints(result, "k")[0], expected_k);
  cr_assert_eq(gli_result_ints(result, "count")[0], found);
  cr_assert(count < 0 || found == count);
  gli_result_free(result);
  gli_result_free(cores);
}

Test(k_core, holds_what_every_algorithm_must) {
  gli_k_core_options options = GLI_K_CORE_OPTIONS_INIT;
  check_algorithm("k_core", &defaults, &options);
  options.k = 3;
  check_algorithm("k_core", &defaults, &options);
}

Test(k_core, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  expect_core(snapshot, -1, 4, 10);
  expect_core(snapshot, 0, 0, 34);
  expect_core(snapshot, 3, 3, 22);
  expect_core(snapshot, 5, 5, 0);
  gli_snapshot_free(snapshot);
}

Test(k_core, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    expect_core(snapshot, -1, 0, nodes);
    expect_core(snapshot, 1, 1, 0);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *ring = ring_with_holes(100);
  expect_core(ring, -1, 2, 80);
  expect_core(ring, 0, 0, 80);
  gli_snapshot_free(ring);
}

Test(k_core, says_what_is_wrong) {
  gli_snapshot *snapshot = karate_club();
  const gli_k_core_options options = {sizeof options, -2};
  expect_error(snapshot, "k_core", &options, GLI_ERROR_INVALID_ARGUMENT, "k is -2");
  gli_snapshot_free(snapshot);
}
