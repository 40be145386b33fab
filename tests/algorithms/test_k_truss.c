/* Known values: NetworkX 3.6.1, k_truss(); random graphs are compared with the definition. */
#include "algorithms/blocks.h"

static const gli_k_truss_options defaults = GLI_K_TRUSS_OPTIONS_INIT;

/* By definition: for every k, pairs in fewer than k - 2 triangles go, again and again. */
static void expect_definition(gli_snapshot *snapshot) {
  enum { ROOM = 100 };
  const int32_t n = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_edge_bits(snapshot);
  static int8_t joined_pairs[ROOM][ROOM];
  static int64_t number[ROOM][ROOM];
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  memset(joined_pairs, 0, sizeof joined_pairs);
  memset(number, 0, sizeof number);
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
    if (!gli_bit(alive, e) || sources[e] == targets[e]) continue;
    joined_pairs[sources[e]][targets[e]] = joined_pairs[targets[e]][sources[e]] = 1;
  }
  int64_t largest = 0, left = 1;
  for (int64_t k = 2; left > 0; k++) {
    for (bool again = true; again;) {
      again = false;
      left = 0;
      for (int32_t u = 0; u < n; u++) {
        for (int32_t v = 0; v < n; v++) {
          int64_t triangles = 0;
          if (!joined_pairs[u][v]) continue;
          for (int32_t w = 0; w < n; w++)
            triangles += joined_pairs[u][w] && joined_pairs[v][w];
          if (triangles < k - 2) {
            joined_pairs[u][v] = joined_pairs[v][u] = 0;
            again = true;
          }
          left += triangles >= k - 2;
        }
      }
    }
    for (int32_t u = 0; u < n; u++) {
      for (int32_t v = 0; v < n; v++) {
        if (joined_pairs[u][v]) number[u][v] = largest = k;
      }
    }
  }
  gli_result *result = run_on(snapshot, "k_truss", NULL, 0);
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
    const int64_t expected = gli_bit(alive, e) ? number[sources[e]][targets[e]] : 0;
    cr_assert_eq(gli_result_ints(result, "truss")[e], expected, "edge %d", (int)e);
  }
  cr_assert_eq(gli_result_ints(result, "largest")[0], largest);
  gli_result_free(result);
}

Test(k_truss, holds_what_every_algorithm_must) {
  check_algorithm("k_truss", &defaults, &defaults);
}

Test(k_truss, agrees_with_networkx_on_the_karate_club) {
  static const int64_t expected[] = {0, 0, 78, 67, 25, 14, 0}; /* edges of the k-truss */
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "k_truss", NULL, 0);
  for (int64_t k = 2; k <= 6; k++) {
    int64_t count = 0;
    for (int64_t e = 0; e < 78; e++)
      count += gli_result_ints(result, "truss")[e] >= k;
    cr_assert_eq(count, expected[k]);
  }
  cr_assert_eq(gli_result_ints(result, "largest")[0], 5);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(k_truss, is_what_its_definition_says) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    gli_snapshot *snapshot = random_graph(40, (int64_t)(20 + seed * 12), seed % 2 == 1, seed, NULL);
    expect_definition(snapshot);
    gli_snapshot_free(snapshot);
  }
}

/* Rows of very unlike lengths: a hub joined to 80 nodes, of which some are joined. */
Test(k_truss, of_hubs) {
  pair edges[140];
  int64_t count = 0;
  for (int32_t k = 1; k <= 80; k++) {
    edges[count][0] = 0;
    edges[count++][1] = k;
  }
  for (int32_t k = 1; k <= 40; k++) {
    edges[count][0] = k;
    edges[count++][1] = k % 4 == 0 ? k - 3 : k + 1;
  }
  gli_snapshot *snapshot = graph_of(81, false, count, (const pair *)edges);
  expect_definition(snapshot);
  gli_snapshot_free(snapshot);
}

Test(k_truss, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    expect_definition(snapshot);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *small = graph_of(8, true, COUNT_OF(small_blocks), small_blocks);
  expect_definition(small);
  gli_snapshot_free(small);
  gli_snapshot *ring = ring_with_holes(100);
  expect_definition(ring);
  gli_snapshot_free(ring);
}
