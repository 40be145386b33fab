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

enum { SMALL = 40 };

/* How many edges join v to u: one for each direction; loops and repetitions do not count. */
static void count_edges(gli_snapshot *snapshot, uint8_t joined[SMALL][SMALL]) {
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  const bool directed = gli_snapshot_is_directed(snapshot);
  memset(joined, 0, SMALL * SMALL);
  for (int32_t v = 0; v < SMALL; v++) {
    for (uint32_t k = 0; k < rows.rows[v].length; k++) {
      const int32_t u = rows.neighbors[rows.rows[v].begin + k];
      if (u == v) continue;
      joined[v][u] |= 1;
      joined[u][v] |= directed ? 2 : 1;
    }
  }
}

/* By definition: the k-core is what is left when nodes with fewer than k edges go, again and again.
 */
static void peel_naively(gli_snapshot *snapshot, int64_t core[SMALL]) {
  uint8_t joined[SMALL][SMALL];
  bool gone[SMALL] = {false};
  count_edges(snapshot, joined);
  for (int64_t k = 1, left = SMALL; left > 0; k++) {
    for (bool again = true; again;) {
      again = false;
      for (int32_t v = 0; v < SMALL; v++) {
        int64_t degree = 0;
        for (int32_t u = 0; u < SMALL; u++)
          degree += gone[u] ? 0 : (joined[v][u] & 1) + (joined[v][u] >> 1);
        if (!gone[v] && degree < k) gone[v] = again = true;
      }
    }
    left = 0;
    for (int32_t v = 0; v < SMALL; v++) {
      if (!gone[v]) core[v] = k;
      left += !gone[v];
    }
  }
}

Test(core_number, is_what_its_definition_says_on_random_graphs) {
  for (uint64_t seed = 0; seed < 80; seed++) {
    gli_snapshot *snapshot =
        random_graph(SMALL, (int64_t)(20 + seed / 2 * 8), seed % 2 != 0, seed, NULL);
    gli_result *result = run_on(snapshot, "core_number", NULL, 0);
    int64_t expected[SMALL] = {0};
    peel_naively(snapshot, expected);
    cr_assert_eq(memcmp(expected, gli_result_ints(result, "core"), sizeof expected), 0);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}
