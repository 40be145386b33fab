/* k_hop is a search that stops: compared with bfs, and with NetworkX 3.6.1 on the karate club. */
#include <gli/algorithms/bfs.h>
#include <gli/algorithms/k_hop.h>

#include "algorithms/support.h"

static const gli_k_hop_options init = GLI_K_HOP_OPTIONS_INIT;

static gli_k_hop_options around(const int32_t *sources, int64_t count, int64_t k) {
  gli_k_hop_options options = GLI_K_HOP_OPTIONS_INIT;
  options.source = (gli_node_list){sources, count};
  options.k = k;
  return options;
}

Test(k_hop, holds_what_every_algorithm_must) {
  const int32_t sources[] = {2, 9};
  gli_k_hop_options options = around(sources, 2, 3);
  check_algorithm("k_hop", &init, &options);
  options.direction = "both";
  check_algorithm("k_hop", &init, &options);
}

Test(k_hop, counts_as_networkx_on_the_karate_club) {
  /* len(nx.single_source_shortest_path_length(G, 16, cutoff=k)) for k = 0 .. 5 */
  static const int64_t expected[] = {1, 3, 6, 18, 26, 34};
  gli_snapshot *snapshot = karate_club();
  const int32_t source = 16;
  for (int64_t k = 0; k <= 5; k++) {
    gli_k_hop_options options = around(&source, 1, k);
    gli_result *result = run_on(snapshot, "k_hop", &options, 0);
    cr_assert_eq(gli_result_ints(result, "count")[0], expected[k], "k = %d: %d", (int)k,
                 (int)gli_result_ints(result, "count")[0]);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(k_hop, has_the_levels_of_bfs) {
  static const char *const directions[] = {"out", "in", "both"};
  const int32_t sources[] = {0, 19999};
  gli_snapshot *snapshot = random_graph(20000, 160000, true, 31, NULL);
  for (int d = 0; d < 3; d++) {
    for (int64_t k = 0; k <= 6; k += 2) {
      gli_k_hop_options options = around(sources, 2, k);
      options.direction = directions[d];
      gli_bfs_options whole = GLI_BFS_OPTIONS_INIT;
      whole.source = options.source;
      whole.direction = directions[d];
      gli_result *near = run_on(snapshot, "k_hop", &options, 0);
      gli_result *all = run_on(snapshot, "bfs", &whole, 0);
      const int64_t *level = gli_result_ints(near, "level"), *full = gli_result_ints(all, "level");
      for (int32_t v = 0; v < 20000; v++)
        cr_assert_eq(level[v], full[v] <= k ? full[v] : -1);
      gli_result_free(near);
      gli_result_free(all);
    }
  }
  gli_snapshot_free(snapshot);
}

Test(k_hop, leaves_removed_nodes_out) {
  gli_snapshot *snapshot = ring_with_holes(30);
  const int32_t source = 1;
  gli_k_hop_options options = around(&source, 1, 1000);
  gli_result *result = run_on(snapshot, "k_hop", &options, 0);
  cr_assert_eq(gli_result_ints(result, "count")[0], 24);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(k_hop, says_what_is_wrong) {
  gli_snapshot *snapshot = graph_of(2, true, 1, (const pair[]){{0, 1}});
  const int32_t source = 0;
  gli_k_hop_options options = around(&source, 1, -1);
  expect_error(snapshot, "k_hop", &options, GLI_ERROR_INVALID_ARGUMENT,
               "k is -1; it must be at least 0");
  options = around(NULL, 0, 1);
  expect_error(snapshot, "k_hop", &options, GLI_ERROR_INVALID_ARGUMENT, "source is required");
  gli_snapshot_free(snapshot);
}

Test(k_hop, has_a_typed_front_door) {
  gli_snapshot *snapshot = karate_club();
  const int32_t source = 3;
  const gli_k_hop_options options = around(&source, 1, 2);
  gli_result *typed = NULL, *generic = run_on(snapshot, "k_hop", &options, 0);
  cr_assert_eq(gli_k_hop(snapshot, &options, NULL, &typed, NULL), GLI_OK);
  expect_same(typed, generic);
  gli_result_free(typed);
  gli_result_free(generic);
  gli_snapshot_free(snapshot);
}
