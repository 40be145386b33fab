/* Known values: NetworkX 3.6.1, core_number(). */
#include "algorithms/support.h"

static const gli_core_number_options defaults = GLI_CORE_NUMBER_OPTIONS_INIT;

Test(core_number, holds_what_every_algorithm_must) {
  check_algorithm("core_number", &defaults, &defaults);
}

Test(core_number, agrees_with_networkx) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "core_number", NULL, 0);
  const int64_t *core = gli_result_ints(result, "core");
  cr_expect(core[0] == 4 && core[11] == 1 && core[33] == 4 && core[9] == 2);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  /* Mutual neighbours count two in a directed graph. */
  static const pair edges[] = {{0, 1}, {1, 2}, {2, 0}, {0, 2}, {2, 3}, {3, 0}, {1, 3}, {3, 1}};
  snapshot = graph_of(4, true, COUNT_OF(edges), edges);
  result = run_on(snapshot, "core_number", NULL, 0);
  for (int k = 0; k < 4; k++)
    cr_expect_eq(gli_result_ints(result, "core")[k], 4);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* By definition: the k-core is what is left when nodes with fewer than k edges go, again and again.
 */
static void peel_naively(gli_snapshot *snapshot, int64_t *core) {
  const int32_t n = gli_snapshot_node_limit(snapshot);
  gli_simple_rows rows;
  cr_assert_eq(gli_snapshot_simple_rows(snapshot, &rows, NULL), GLI_OK);
  bool *gone = calloc((size_t)n, 1);
  for (int64_t k = 1;; k++) {
    int64_t left = 0;
    for (bool again = true; again;) {
      again = false;
      for (int32_t v = 0; v < n; v++) {
        int64_t degree = 0;
        for (int64_t e = rows.offsets[v]; e < rows.offsets[v + 1]; e++)
          degree += !gone[rows.neighbors[e]];
        if (!gone[v] && degree < k) gone[v] = again = true;
      }
    }
    for (int32_t v = 0; v < n; v++) {
      if (!gone[v]) core[v] = k;
      left += !gone[v];
    }
    if (left == 0) break;
  }
  free(gone);
}

Test(core_number, is_what_its_definition_says_on_random_graphs) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    gli_snapshot *snapshot = random_graph(40, (int64_t)(20 + seed * 8), false, seed, NULL);
    gli_result *result = run_on(snapshot, "core_number", NULL, 0);
    int64_t expected[40] = {0};
    peel_naively(snapshot, expected);
    cr_assert_eq(memcmp(expected, gli_result_ints(result, "core"), sizeof expected), 0);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}
