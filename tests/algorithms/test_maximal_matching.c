/* Which matching is a matter of choice: what must hold of any is checked, by the definition that
 * NetworkX's is_maximal_matching() has as well. */
#include "algorithms/blocks.h"

static const gli_maximal_matching_options defaults = GLI_MAXIMAL_MATCHING_OPTIONS_INIT;

/* Every node has at most one taken edge; every edge has an end with one. */
static void expect_definition(gli_snapshot *snapshot, int64_t seed) {
  const gli_maximal_matching_options options = {sizeof options, seed};
  gli_result *result = run_on(snapshot, "maximal_matching", &options, 0);
  const uint8_t *taken = bools(result, "in_matching");
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  bool *matched = calloc((size_t)limit + 1, 1);
  int64_t count = 0;
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), e)) cr_assert(!taken[e]);
    if (!taken[e]) continue;
    cr_assert(sources[e] != targets[e] && !matched[sources[e]] && !matched[targets[e]]);
    matched[sources[e]] = matched[targets[e]] = true;
    count++;
  }
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), e) || sources[e] == targets[e]) continue;
    cr_assert(matched[sources[e]] || matched[targets[e]], "edge %d", (int)e);
  }
  cr_assert_eq(gli_result_ints(result, "count")[0], count);
  free(matched);
  gli_result_free(result);
}

Test(maximal_matching, holds_what_every_algorithm_must) {
  gli_maximal_matching_options options = defaults;
  options.seed = 9;
  check_algorithm("maximal_matching", &defaults, &options);
}

Test(maximal_matching, is_what_its_definition_says) {
  for (uint64_t seed = 0; seed < 60; seed++) {
    gli_snapshot *snapshot =
        random_graph(200, (int64_t)(20 + seed * 15), seed % 2 == 1, seed, NULL);
    expect_definition(snapshot, (int64_t)seed);
    gli_snapshot_free(snapshot);
  }
}

Test(maximal_matching, follows_the_seed) {
  gli_snapshot *snapshot = random_graph(500, 1000, false, 1, NULL);
  gli_maximal_matching_options options = defaults;
  gli_result *one = run_on(snapshot, "maximal_matching", &options, 0);
  options.seed = 1;
  gli_result *other = run_on(snapshot, "maximal_matching", &options, 0);
  cr_assert_neq(memcmp(bools(one, "in_matching"), bools(other, "in_matching"), 1000), 0);
  gli_result_free(one);
  gli_result_free(other);
  gli_snapshot_free(snapshot);
}

Test(maximal_matching, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    expect_definition(snapshot, 0);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *small = graph_of(8, true, COUNT_OF(small_blocks), small_blocks);
  expect_definition(small, 2);
  gli_snapshot_free(small);
  gli_snapshot *ring = ring_with_holes(100);
  expect_definition(ring, 0);
  gli_snapshot_free(ring);
}
