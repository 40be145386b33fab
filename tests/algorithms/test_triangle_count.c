/* Known values: NetworkX 3.6.1, triangles() and transitivity() of the karate club. */
#include "algorithms/support.h"

static const gli_triangle_count_options defaults = GLI_TRIANGLE_COUNT_OPTIONS_INIT;

Test(triangle_count, holds_what_every_algorithm_must) {
  check_algorithm("triangle_count", &defaults, &defaults);
}

Test(triangle_count, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "triangle_count", NULL, 0);
  const int64_t *triangles = gli_result_ints(result, "triangles");
  cr_expect_eq(triangles[0], 18);
  cr_expect_eq(triangles[33], 15);
  cr_expect_eq(*gli_result_ints(result, "total"), 45);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(triangle_count, ignores_loops_directions_and_parallel_edges) {
  static const pair edges[] = {{0, 1}, {1, 0}, {1, 2}, {2, 0}, {0, 0}, {2, 3}, {1, 2}, {3, 3}};
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *snapshot = graph_of(5, directed, COUNT_OF(edges), edges);
    gli_result *result = run_on(snapshot, "triangles", NULL, 0);
    const int64_t *triangles = gli_result_ints(result, "triangles");
    for (int k = 0; k < 5; k++)
      cr_expect_eq(triangles[k], k < 3 ? 1 : 0, "node %d", k);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

/* Complete graph: C(n-1, 2) at each node. */
Test(triangle_count, complete_and_empty_graphs) {
  pair edges[30 * 29 / 2];
  int64_t count = 0;
  for (int32_t u = 0; u < 30; u++) {
    for (int32_t v = 0; v < u; v++) {
      edges[count][0] = u;
      edges[count++][1] = v;
    }
  }
  gli_snapshot *snapshot = graph_of(30, false, count, (const pair *)edges);
  gli_result *result = run_on(snapshot, "triangle_count", NULL, 0);
  for (int k = 0; k < 30; k++)
    cr_expect_eq(gli_result_ints(result, "triangles")[k], 29 * 28 / 2);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  snapshot = graph_of(0, true, 0, NULL);
  result = run_on(snapshot, "triangle_count", NULL, 0);
  cr_expect_eq(*gli_result_ints(result, "total"), 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}
