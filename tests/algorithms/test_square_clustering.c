/* Known values: NetworkX 3.6.1, square_clustering of the karate club. */
#include "algorithms/support.h"

static const gli_square_clustering_options defaults = GLI_SQUARE_CLUSTERING_OPTIONS_INIT;

Test(square_clustering, holds_what_every_algorithm_must) {
  check_algorithm("square_clustering", &defaults, &defaults);
}

Test(square_clustering, agrees_with_networkx_on_the_karate_club) {
  const double known[] = {0.09051724137931035,
                          0.17216117216117216,
                          0.1288056206088993,
                          0.21621621621621623,
                          0.125,
                          0.09615384615384616,
                          0.09615384615384616,
                          0.3026315789473684,
                          0.15730337078651685,
                          0.25,
                          0.125,
                          0.0};
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "square_clustering", NULL, 0);
  for (int v = 0; v < COUNT_OF(known); v++)
    cr_expect_float_eq(gli_result_floats(result, "coefficient")[v], known[v], 1e-15, "node %d", v);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Over the pairs of neighbours, as the paper has it. */
static double by_definition(const gli_simple_rows *rows, int32_t v) {
  bool near[40][40] = {{false}};
  int64_t squares = 0, possible = 0, degree[40];
  for (int32_t u = 0; u < 40; u++) {
    degree[u] = rows->offsets[u + 1] - rows->offsets[u];
    for (int64_t k = rows->offsets[u]; k < rows->offsets[u + 1]; k++)
      near[u][rows->neighbors[k]] = true;
  }
  for (int u = 0; u < 40; u++) {
    for (int w = u + 1; w < 40; w++) {
      if (!near[v][u] || !near[v][w]) continue;
      int64_t closed = 0;
      for (int x = 0; x < 40; x++)
        closed += x != v && near[u][x] && near[w][x];
      const int64_t known = 1 + closed + near[u][w];
      squares += closed;
      possible += degree[u] - known + degree[w] - known + closed;
    }
  }
  return possible > 0 ? (double)squares / (double)possible : 0;
}

Test(square_clustering, is_what_its_definition_says_on_random_graphs) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    gli_snapshot *snapshot = random_graph(40, 10 + (int64_t)seed * 12, seed % 2, seed, NULL);
    gli_result *result = run_on(snapshot, "square_clustering", NULL, 0);
    gli_simple_rows rows;
    cr_assert_eq(gli_snapshot_simple_rows(snapshot, &rows, NULL), GLI_OK);
    for (int32_t v = 0; v < 40; v++)
      cr_assert_eq(gli_result_floats(result, "coefficient")[v], by_definition(&rows, v));
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}
