/* What every algorithm must hold; its cycles are tested beside bellman_ford's. On random graphs:
 * what is found is a cycle and its weight is below 0, as are the cycles that relaxing n times
 * betrays. */
#include <gli/algorithms/find_negative_cycle.h>

#include "algorithms/support.h"

static const gli_find_negative_cycle_options init = GLI_FIND_NEGATIVE_CYCLE_OPTIONS_INIT;

Test(find_negative_cycle, holds_what_every_algorithm_must) {
  const int32_t sources[] = {2, 9, 2};
  gli_find_negative_cycle_options options = init;
  check_algorithm("find_negative_cycle", &init, &init);
  options.weight = "weight";
  check_algorithm("find_negative_cycle", &init, &options);
  options.source = (gli_node_list){sources, 3};
  options.direction = "both";
  check_algorithm("find_negative_cycle", &init, &options);
}

static bool has_cycle(const gli_rows *rows, const double *weights, int32_t nodes) {
  double *distance = calloc((size_t)nodes, sizeof *distance);
  bool changed = true;
  for (int32_t round = 0; changed && round <= nodes; round++) {
    changed = false;
    for (int32_t u = 0; u < nodes; u++) {
      for (int64_t k = rows->rows[u].begin; k < rows->rows[u].begin + rows->rows[u].length; k++) {
        const int32_t v = rows->neighbors[k];
        if (!(distance[u] + weights[k] < distance[v])) continue;
        distance[v] = distance[u] + weights[k];
        changed = true;
      }
    }
  }
  free(distance);
  return changed;
}

Test(find_negative_cycle, finds_one_where_relaxing_does_not_end) {
  enum { NODES = 50 };
  int found = 0;
  for (uint64_t seed = 0; seed < 200; seed++) {
    pair edges[4 * NODES];
    double weights[4 * NODES];
    gli_random random = gli_random_start(seed, 1);
    const int64_t count = NODES + (int64_t)gli_random_below(&random, 3 * NODES);
    for (int64_t k = 0; k < count; k++) {
      edges[k][0] = (int32_t)gli_random_below(&random, NODES);
      edges[k][1] = (int32_t)gli_random_below(&random, NODES);
      weights[k] = (double)gli_random_below(&random, 64) - 8;
    }
    gli_snapshot *snapshot = graph_with(NODES, true, count, (const pair *)edges, weights, NULL);
    const gli_rows rows = gli_snapshot_out_rows(snapshot);
    const double *row_weights = NULL;
    gli_snapshot_row_weights(snapshot, "weight", false, &row_weights, NULL);
    gli_find_negative_cycle_options options = init;
    options.weight = "weight";
    gli_result *result = run_on(snapshot, "find_negative_cycle", &options, 0);
    gli_column node, edge;
    cr_assert(gli_result_column_at(result, 0, &node));
    cr_assert(gli_result_column_at(result, 1, &edge));
    cr_assert_eq(node.length > 0, has_cycle(&rows, row_weights, NODES), "seed %d", (int)seed);
    found += node.length > 0;
    double total = 0;
    uint64_t visited = 0;
    for (int64_t k = 0; k < node.length; k++) {
      const int32_t *nodes = node.data;
      const int64_t slot = ((const int64_t *)edge.data)[k];
      cr_assert_eq(edges[slot][0], nodes[k]);
      cr_assert_eq(edges[slot][1], nodes[(k + 1) % node.length]);
      cr_assert_geq(nodes[k], nodes[0]);
      cr_assert_eq(visited >> nodes[k] & 1, 0, "a node twice");
      visited |= UINT64_C(1) << nodes[k];
      total += weights[slot];
    }
    cr_assert_eq(*gli_result_floats(result, "weight"), total);
    cr_assert(node.length == 0 || total < 0);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
  cr_assert(found > 40 && found < 160, "%d of 200 have one", found);
}
