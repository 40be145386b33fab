/* Which set is a matter of choice: what must hold of any is checked, by the definition that
 * NetworkX's maximal_independent_set() has as well. */
#include "algorithms/blocks.h"

static const gli_maximal_independent_set_options defaults =
    GLI_MAXIMAL_INDEPENDENT_SET_OPTIONS_INIT;

/* No edge inside, every node outside has a neighbour inside, given nodes are inside. */
static void expect_definition(gli_snapshot *snapshot,
                              const gli_maximal_independent_set_options *options) {
  gli_result *result = run_on(snapshot, "maximal_independent_set", options, 0);
  const uint8_t *inside = bools(result, "in_set");
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  bool *covered = calloc((size_t)limit + 1, 1);
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), e) || sources[e] == targets[e]) continue;
    cr_assert(!inside[sources[e]] || !inside[targets[e]], "edge %d", (int)e);
    covered[sources[e]] |= inside[targets[e]];
    covered[targets[e]] |= inside[sources[e]];
  }
  int64_t count = 0;
  for (int32_t v = 0; v < limit; v++) {
    const bool alive = gli_bit(gli_snapshot_node_bits(snapshot), v);
    cr_assert(alive ? inside[v] != covered[v] : !inside[v], "node %d", v);
    count += inside[v];
  }
  for (int64_t k = 0; k < options->nodes.count; k++)
    cr_assert(inside[options->nodes.nodes[k]]);
  cr_assert_eq(gli_result_ints(result, "count")[0], count);
  free(covered);
  gli_result_free(result);
}

Test(maximal_independent_set, holds_what_every_algorithm_must) {
  static const int32_t nodes[] = {3};
  gli_maximal_independent_set_options options = defaults;
  check_algorithm("maximal_independent_set", &defaults, &options);
  options.seed = 4;
  options.nodes = (gli_node_list){nodes, 1};
  check_algorithm("maximal_independent_set", &defaults, &options);
}

Test(maximal_independent_set, is_what_its_definition_says) {
  static const int32_t nodes[] = {7, 7};
  for (uint64_t seed = 0; seed < 60; seed++) {
    gli_snapshot *snapshot =
        random_graph(200, (int64_t)(20 + seed * 15), seed % 2 == 1, seed, NULL);
    gli_maximal_independent_set_options options = defaults;
    options.seed = (int64_t)seed;
    expect_definition(snapshot, &options);
    options.nodes = (gli_node_list){nodes, 2};
    expect_definition(snapshot, &options);
    gli_snapshot_free(snapshot);
  }
}

Test(maximal_independent_set, follows_the_seed) {
  gli_snapshot *snapshot = random_graph(500, 1000, false, 1, NULL);
  gli_maximal_independent_set_options options = defaults;
  gli_result *one = run_on(snapshot, "maximal_independent_set", &options, 0);
  options.seed = 1;
  gli_result *other = run_on(snapshot, "maximal_independent_set", &options, 0);
  cr_assert_neq(memcmp(bools(one, "in_set"), bools(other, "in_set"), 500), 0);
  gli_result_free(one);
  gli_result_free(other);
  gli_snapshot_free(snapshot);
}

Test(maximal_independent_set, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    expect_definition(snapshot, &defaults);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *ring = ring_with_holes(100);
  expect_definition(ring, &defaults);
  gli_snapshot_free(ring);
}

Test(maximal_independent_set, says_what_is_wrong) {
  static const int32_t nodes[] = {2, 0};
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *small = graph_of(8, directed, COUNT_OF(small_blocks), small_blocks);
    gli_maximal_independent_set_options options = defaults;
    options.nodes = (gli_node_list){nodes, 2};
    expect_error(small, "maximal_independent_set", &options, GLI_ERROR_INVALID_ARGUMENT,
                 "nodes holds 2 and 0, which an edge joins");
    gli_snapshot_free(small);
  }
}
