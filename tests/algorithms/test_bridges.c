/* Known values: NetworkX 3.6.1, bridges(); random graphs are compared with the definition. */
#include "algorithms/blocks.h"

static const gli_bridges_options defaults = GLI_BRIDGES_OPTIONS_INIT;

static void expect_definition(gli_snapshot *snapshot) {
  gli_result *result = run_on(snapshot, "bridges", NULL, 0);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  int64_t count = 0;
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
    const bool alive = gli_bit(gli_snapshot_edge_bits(snapshot), e);
    const bool expected = alive && !joined(snapshot, sources[e], targets[e], e, -1);
    cr_assert_eq(bools(result, "bridge")[e], expected, "edge %d", (int)e);
    count += expected;
  }
  cr_assert_eq(gli_result_ints(result, "count")[0], count);
  gli_result_free(result);
}

Test(bridges, holds_what_every_algorithm_must) {
  check_algorithm("bridges", &defaults, &defaults);
}

Test(bridges, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "bridges", NULL, 0);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t e = 0; e < 78; e++) /* the edge between 0 and 11 alone */
    cr_assert_eq(bools(result, "bridge")[e], sources[e] == 0 && targets[e] == 11);
  cr_assert_eq(gli_result_ints(result, "count")[0], 1);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(bridges, is_what_its_definition_says) {
  for (uint64_t seed = 0; seed < 60; seed++) {
    gli_snapshot *snapshot = random_graph(24, (int64_t)(6 + seed % 40), seed % 2 == 1, seed, NULL);
    expect_definition(snapshot);
    gli_snapshot_free(snapshot);
  }
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *small = graph_of(8, directed, COUNT_OF(small_blocks), small_blocks);
    expect_definition(small);
    gli_snapshot_free(small);
  }
}

Test(bridges, needs_no_recursion) {
  enum { LENGTH = 300000 };
  pair *edges = calloc(LENGTH, sizeof *edges);
  for (int32_t k = 0; k < LENGTH; k++) {
    edges[k][0] = k;
    edges[k][1] = (k + 1) % LENGTH;
  }
  for (int closed = 0; closed <= 1; closed++) {
    gli_snapshot *snapshot = graph_of(LENGTH, false, LENGTH - 1 + closed, (const pair *)edges);
    gli_result *result = run_on(snapshot, "bridges", NULL, 0);
    cr_assert_eq(gli_result_ints(result, "count")[0], closed ? 0 : LENGTH - 1);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
  free(edges);
}

Test(bridges, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    expect_definition(snapshot);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *ring = ring_with_holes(100);
  expect_definition(ring);
  gli_snapshot_free(ring);
}
