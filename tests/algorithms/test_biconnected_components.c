/* Known values: NetworkX 3.6.1, biconnected_component_edges(); random graphs are compared with the
 * definition. */
#include "algorithms/blocks.h"

static const gli_biconnected_components_options defaults = GLI_BICONNECTED_COMPONENTS_OPTIONS_INIT;

static const int64_t *blocks_of(const gli_result *result) {
  return gli_result_ints(result, "component");
}

/* Edges that meet at a node are of one block if their other ends are joined without it; being of
 * one block goes on from there. Numbers rise with first edges. */
static void expect_definition(gli_snapshot *snapshot) {
  const int64_t limit = gli_snapshot_edge_limit(snapshot);
  const uint64_t *alive = gli_snapshot_edge_bits(snapshot);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  gli_result *result = run_on(snapshot, "biconnected_components", NULL, 0);
  const int64_t *block = blocks_of(result);
  int64_t next = 0;
  for (int64_t e = 0; e < limit; e++) {
    if (!gli_bit(alive, e)) continue;
    if (sources[e] == targets[e]) {
      cr_assert_eq(block[e], -1);
      continue;
    }
    cr_assert(block[e] >= 0 && block[e] <= next, "edge %d is numbered late", (int)e);
    next += block[e] == next;
    for (int64_t f = 0; f < e; f++) {
      if (!gli_bit(alive, f) || sources[f] == targets[f]) continue;
      const bool with_source = sources[e] == sources[f] || sources[e] == targets[f];
      const bool with_target = targets[e] == sources[f] || targets[e] == targets[f];
      if (!with_source && !with_target) continue;
      const int32_t node = with_source ? sources[e] : targets[e];
      const int32_t of_e = sources[e] == node ? targets[e] : sources[e];
      const int32_t of_f = sources[f] == node ? targets[f] : sources[f];
      cr_assert_eq(block[e] == block[f], joined(snapshot, of_e, of_f, -1, node), "edges %d, %d",
                   (int)e, (int)f);
    }
  }
  cr_assert_eq(gli_result_ints(result, "count")[0], next);
  gli_result_free(result);
}

Test(biconnected_components, holds_what_every_algorithm_must) {
  check_algorithm("biconnected_components", &defaults, &defaults);
}

Test(biconnected_components, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "biconnected_components", NULL, 0);
  int64_t sizes[3] = {0};
  cr_assert_eq(gli_result_ints(result, "count")[0], 3);
  for (int64_t e = 0; e < 78; e++)
    sizes[blocks_of(result)[e]]++;
  cr_assert(sizes[0] == 67 && sizes[1] == 10 && sizes[2] == 1);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(biconnected_components, is_what_its_definition_says) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    gli_snapshot *snapshot = random_graph(20, (int64_t)(6 + seed % 40), seed % 2 == 1, seed, NULL);
    expect_definition(snapshot);
    gli_snapshot_free(snapshot);
  }
}

Test(biconnected_components, of_a_small_graph) {
  static const int64_t expected[] = {0, 1, 1, 1, 2, 2, 2, 3, 3, -1};
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *small = graph_of(8, directed, COUNT_OF(small_blocks), small_blocks);
    gli_result *result = run_on(small, "biconnected_components", NULL, 0);
    cr_assert_eq(memcmp(blocks_of(result), expected, sizeof expected), 0);
    cr_assert_eq(gli_result_ints(result, "count")[0], 4);
    gli_result_free(result);
    gli_snapshot_free(small);
  }
}

Test(biconnected_components, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    expect_definition(snapshot);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *ring = ring_with_holes(100);
  expect_definition(ring);
  gli_snapshot_free(ring);
}
