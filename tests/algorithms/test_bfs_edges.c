/* Known values: NetworkX 3.6.1, list(bfs_edges(G, source)) and its depth_limit and reverse. */
#include <gli/algorithms/bfs_edges.h>

#include "algorithms/support.h"

static const gli_bfs_edges_options init = GLI_BFS_EDGES_OPTIONS_INIT;

static const pair small_edges[] = {{0, 2}, {0, 1}, {2, 1}, {1, 3}, {3, 0},
                                   {4, 3}, {4, 5}, {0, 1}, {5, 5}};

Test(bfs_edges, hold_what_every_algorithm_must) {
  const int32_t sources[] = {2, 9, 2};
  gli_bfs_edges_options options = init;
  options.source = (gli_node_list){sources, 3};
  check_algorithm("bfs_edges", &init, &options);
  options.direction = "both";
  options.max_depth = 3;
  check_algorithm("bfs_edges", &init, &options);
}

static void expect_edges(gli_snapshot *snapshot, const int32_t *sources, int64_t source_count,
                         const char *direction, int64_t max_depth, int64_t count,
                         const pair *expected) {
  gli_bfs_edges_options options = init;
  options.source = (gli_node_list){sources, source_count};
  options.direction = direction;
  options.max_depth = max_depth;
  gli_result *result = run_on(snapshot, "bfs_edges", &options, 0);
  gli_column edge;
  cr_assert(gli_result_column_at(result, 0, &edge));
  cr_assert_eq(edge.length, count, "%d edges", (int)edge.length);
  const int32_t *ends[2] = {NULL, NULL};
  gli_snapshot_edge_ends(snapshot, &ends[0], &ends[1]);
  for (int64_t k = 0; k < count; k++) {
    const int64_t slot = ((const int64_t *)edge.data)[k];
    const int32_t u = gli_result_nodes(result, "source")[k],
                  v = gli_result_nodes(result, "target")[k];
    cr_assert(u == expected[k][0] && v == expected[k][1], "edge %d: %d, %d", (int)k, (int)u,
              (int)v);
    cr_assert((ends[0][slot] == u && ends[1][slot] == v) ||
              (ends[0][slot] == v && ends[1][slot] == u));
    int64_t level = 1;
    for (int64_t j = k; j-- > 0;)
      if (gli_result_nodes(result, "target")[j] == u)
        level = gli_result_ints(result, "level")[j] + 1;
    cr_assert_eq(gli_result_ints(result, "level")[k], level);
  }
  gli_result_free(result);
}

Test(bfs_edges, are_those_of_networkx) {
  const int32_t zero = 0, three = 3, some[] = {4, 2};
  const pair out[] = {{0, 2}, {0, 1}, {1, 3}}, in[] = {{3, 1}, {3, 4}, {1, 0}, {1, 2}};
  const pair both[] = {{3, 0}, {3, 1}, {3, 4}, {0, 2}, {4, 5}};
  const pair several[] = {{4, 3}, {4, 5}, {2, 1}, {3, 0}};
  gli_snapshot *snapshot = graph_of(6, true, COUNT_OF(small_edges), small_edges);
  expect_edges(snapshot, &zero, 1, "out", INT32_MAX, 3, out);
  expect_edges(snapshot, &zero, 1, "out", 1, 2, out);
  expect_edges(snapshot, &zero, 1, "out", 0, 0, out);
  expect_edges(snapshot, &three, 1, "in", INT32_MAX, 4, in);
  expect_edges(snapshot, &three, 1, "both", INT32_MAX, 5, both);
  expect_edges(snapshot, some, 2, "out", INT32_MAX, 4, several);
  gli_snapshot_free(snapshot);
  snapshot = ring_with_holes(50);
  const pair ring[] = {{4, 6}, {6, 7}};
  const int32_t four = 4;
  expect_edges(snapshot, &four, 1, "out", 2, 2, ring);
  gli_snapshot_free(snapshot);
}

Test(bfs_edges, say_what_is_wrong) {
  const int32_t nobody = 40;
  gli_snapshot *snapshot = karate_club();
  gli_bfs_edges_options options = init;
  expect_error(snapshot, "bfs_edges", &options, GLI_ERROR_INVALID_ARGUMENT, "source is required");
  options.source = (gli_node_list){&nobody, 1};
  expect_error(snapshot, "bfs_edges", &options, GLI_ERROR_NODE_NOT_FOUND, "source[0]");
  options.max_depth = -1;
  options.source.count = 0;
  expect_error(snapshot, "bfs_edges", &options, GLI_ERROR_INVALID_ARGUMENT, "empty");
  gli_snapshot_free(snapshot);
}
