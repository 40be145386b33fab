/* Known values: NetworkX 3.6.1, dfs_preorder_nodes, dfs_postorder_nodes, dfs_predecessors. */
#include <gli/algorithms/dfs.h>

#include "algorithms/support.h"

static const gli_dfs_options init = GLI_DFS_OPTIONS_INIT;

static const pair small_edges[] = {{0, 2}, {0, 1}, {2, 1}, {1, 3}, {3, 0},
                                   {4, 3}, {4, 5}, {0, 1}, {5, 5}};

static void expect_ints(const gli_result *result, const char *name, const int64_t *expected) {
  for (int64_t v = 0; v < 6; v++)
    cr_assert_eq(gli_result_ints(result, name)[v], expected[v], "%s of %d is %d", name, (int)v,
                 (int)gli_result_ints(result, name)[v]);
}

Test(dfs, holds_what_every_algorithm_must) {
  const int32_t sources[] = {2, 9};
  gli_dfs_options options = init;
  check_algorithm("dfs", &init, &init);
  options.source = (gli_node_list){sources, 2};
  options.direction = "both";
  check_algorithm("dfs", &init, &options);
}

Test(dfs, goes_in_the_order_of_networkx) {
  gli_snapshot *snapshot = graph_of(6, true, COUNT_OF(small_edges), small_edges);
  gli_result *result = run_on(snapshot, "dfs", NULL, 0);
  expect_ints(result, "preorder", (const int64_t[]){0, 2, 1, 3, 4, 5});
  expect_ints(result, "postorder", (const int64_t[]){3, 1, 2, 0, 5, 4});
  expect_ints(result, "depth", (const int64_t[]){0, 2, 1, 3, 0, 1});
  const int32_t predecessors[] = {GLI_NODE_NONE, 2, 0, 1, GLI_NODE_NONE, 4};
  for (int v = 0; v < 6; v++)
    cr_assert_eq(gli_result_nodes(result, "predecessor")[v], predecessors[v]);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(dfs, takes_sources_and_directions) {
  gli_snapshot *snapshot = graph_of(6, true, COUNT_OF(small_edges), small_edges);
  const int32_t sources[] = {3, 1, 4};
  gli_dfs_options options = init;
  options.source = (gli_node_list){sources, 1};
  options.direction = "in";
  gli_result *result = run_on(snapshot, "dfs", &options, 0);
  expect_ints(result, "preorder", (const int64_t[]){2, 1, 3, 0, 4, -1});
  gli_result_free(result);
  options.source.count = 3;
  options.direction = "out";
  result = run_on(snapshot, "dfs", &options, 0);
  expect_ints(result, "preorder", (const int64_t[]){1, 3, 2, 0, 4, 5});
  expect_ints(result, "depth", (const int64_t[]){1, 3, 2, 0, 0, 1});
  gli_result_free(result);
  options.source.count = 1;
  options.direction = "both"; /* 3: out to 0, in from 1 and 4 */
  result = run_on(snapshot, "dfs", &options, 0);
  expect_ints(result, "preorder", (const int64_t[]){1, 3, 2, 0, 4, 5});
  expect_ints(result, "depth", (const int64_t[]){1, 3, 2, 0, 1, 2});
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(dfs, goes_deep_and_leaves_holes_alone) {
  gli_snapshot *snapshot = ring_with_holes(20000); /* 16000 nodes in one path from 1 */
  const int32_t source = 1;
  gli_dfs_options options = init;
  options.source = (gli_node_list){&source, 1};
  gli_result *result = run_on(snapshot, "dfs", &options, 0);
  const int64_t *depth = gli_result_ints(result, "depth");
  cr_assert_eq(depth[19999], 15999);
  cr_assert_eq(gli_result_ints(result, "postorder")[1], 15999);
  for (int32_t v = 0; v < 20000; v += 5) {
    cr_assert_eq(depth[v], 0);
    cr_assert_eq(gli_result_nodes(result, "predecessor")[v], GLI_NODE_NONE);
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(dfs, says_what_is_wrong) {
  gli_snapshot *snapshot = graph_of(2, true, 1, (const pair[]){{0, 1}});
  const int32_t source = 7;
  gli_dfs_options options = init;
  options.source = (gli_node_list){&source, 1};
  expect_error(snapshot, "dfs", &options, GLI_ERROR_NODE_NOT_FOUND, "source[0] is node index 7");
  options.source.count = 0;
  expect_error(snapshot, "dfs", &options, GLI_ERROR_INVALID_ARGUMENT, "source is empty");
  options = init;
  options.direction = "up";
  expect_error(snapshot, "dfs", &options, GLI_ERROR_INVALID_ARGUMENT, "direction is 'up'");
  gli_snapshot_free(snapshot);
}
