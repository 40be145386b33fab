/* Known values: NetworkX 3.6.1, articulation_points(); random graphs are compared with the
 * definition. */
#include "algorithms/blocks.h"

static const gli_articulation_points_options defaults = GLI_ARTICULATION_POINTS_OPTIONS_INIT;

/* Some two neighbours of a cut are apart without it. */
static bool is_cut(const gli_snapshot *snapshot, int32_t node) {
  const int32_t *sources, *targets;
  int32_t first = -1;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), e)) continue;
    if ((sources[e] == node) == (targets[e] == node)) continue;
    const int32_t other = sources[e] == node ? targets[e] : sources[e];
    if (first < 0) first = other;
    if (!joined(snapshot, first, other, -1, node)) return true;
  }
  return false;
}

static void expect_definition(gli_snapshot *snapshot) {
  gli_result *result = run_on(snapshot, "articulation_points", NULL, 0);
  int64_t count = 0;
  for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    cr_assert_eq(bools(result, "articulation")[v], is_cut(snapshot, v), "node %d", v);
    count += is_cut(snapshot, v);
  }
  cr_assert_eq(gli_result_ints(result, "count")[0], count);
  gli_result_free(result);
}

Test(articulation_points, holds_what_every_algorithm_must) {
  check_algorithm("articulation_points", &defaults, &defaults);
}

Test(articulation_points, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "articulation_points", NULL, 0);
  for (int32_t v = 0; v < 34; v++)
    cr_assert_eq(bools(result, "articulation")[v], v == 0);
  cr_assert_eq(gli_result_ints(result, "count")[0], 1);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(articulation_points, is_what_its_definition_says) {
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

Test(articulation_points, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    expect_definition(snapshot);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *ring = ring_with_holes(100);
  expect_definition(ring);
  gli_snapshot_free(ring);
}
