/* Compared with bfs on random graphs; known values: NetworkX 3.6.1, descendants(G, v). */
#include <gli/algorithms/bfs.h>
#include <gli/algorithms/descendants.h>

#include "algorithms/support.h"

static const gli_descendants_options init = GLI_DESCENDANTS_OPTIONS_INIT;

static gli_descendants_options of(const int32_t *sources, int64_t count) {
  gli_descendants_options options = GLI_DESCENDANTS_OPTIONS_INIT;
  options.source = (gli_node_list){sources, count};
  return options;
}

static void expect_nodes(gli_snapshot *snapshot, int32_t source, int64_t count,
                         const int32_t *nodes) {
  const gli_descendants_options options = of(&source, 1);
  gli_result *result = run_on(snapshot, "descendants", &options, 0);
  gli_column column;
  cr_assert_eq(gli_result_column(result, "node", &column, NULL), GLI_OK);
  cr_assert_eq(column.length, count);
  for (int64_t k = 0; k < count; k++)
    cr_assert_eq(gli_result_nodes(result, "node")[k], nodes[k]);
  gli_result_free(result);
}

Test(descendants, holds_what_every_algorithm_must) {
  const int32_t sources[] = {2, 9};
  const gli_descendants_options options = of(sources, 2);
  check_algorithm("descendants", &init, &options);
}

Test(descendants, are_those_of_networkx) {
  const pair edges[] = {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {4, 3}, {3, 5}, {5, 5}, {2, 3}};
  gli_snapshot *snapshot = graph_of(7, true, COUNT_OF(edges), edges);
  expect_nodes(snapshot, 0, 4, (const int32_t[]){1, 2, 3, 5});
  expect_nodes(snapshot, 3, 1, (const int32_t[]){5});
  expect_nodes(snapshot, 5, 0, NULL);
  expect_nodes(snapshot, 6, 0, NULL);
  gli_snapshot_free(snapshot);
}

Test(descendants, have_levels_above_0) {
  const int32_t sources[] = {7, 4000, 7};
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *snapshot = random_graph(5000, 6000, directed, 3, NULL);
    const gli_descendants_options options = of(sources, 3);
    gli_bfs_options search = GLI_BFS_OPTIONS_INIT;
    search.source = options.source;
    search.direction = "out";
    gli_result *found = run_on(snapshot, "descendants", &options, 0);
    gli_result *levels = run_on(snapshot, "bfs", &search, 0);
    gli_column column;
    cr_assert_eq(gli_result_column(found, "node", &column, NULL), GLI_OK);
    int64_t row = 0;
    for (int32_t v = 0; v < 5000; v++) {
      if (gli_result_ints(levels, "level")[v] <= 0) continue;
      cr_assert_lt(row, column.length);
      cr_assert_eq(gli_result_nodes(found, "node")[row++], v);
    }
    cr_assert_eq(row, column.length);
    gli_result_free(found);
    gli_result_free(levels);
    gli_snapshot_free(snapshot);
  }
}

Test(descendants, leave_removed_nodes_out) {
  gli_snapshot *snapshot = ring_with_holes(10);
  expect_nodes(snapshot, 1, 7, (const int32_t[]){2, 3, 4, 6, 7, 8, 9});
  gli_snapshot_free(snapshot);
}

Test(descendants, say_what_is_wrong) {
  gli_snapshot *snapshot = graph_of(2, true, 1, (const pair[]){{0, 1}});
  expect_error(snapshot, "descendants", &init, GLI_ERROR_INVALID_ARGUMENT, "source is required");
  const int32_t source = 2;
  const gli_descendants_options options = of(&source, 1);
  expect_error(snapshot, "descendants", &options, GLI_ERROR_NODE_NOT_FOUND,
               "source[0] is node index 2");
  gli_snapshot_free(snapshot);
}
