/* Known values: NetworkX 3.6.1; random graphs are compared with the definitions. */
#include <gli/algorithms/bfs.h>
#include <gli/algorithms/connected_components.h>

#include "algorithms/support.h"

static const gli_connected_components_options init = GLI_CONNECTED_COMPONENTS_OPTIONS_INIT;

static const gli_connected_components_options strong = {
    .struct_size = sizeof(gli_connected_components_options), .kind = "strong"};

/* Nodes that `source` reaches along `direction`, by bfs; -1: not. */
static gli_result *reach(gli_snapshot *snapshot, int32_t source, const char *direction) {
  gli_bfs_options options = GLI_BFS_OPTIONS_INIT;
  options.source = (gli_node_list){&source, 1};
  options.direction = direction;
  return run_on(snapshot, "bfs", &options, 0);
}

/* The definition: what reaches and is reached, numbered in the order of first nodes. */
static void expect_definition(gli_snapshot *snapshot, bool is_strong) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  int64_t *expected = calloc((size_t)limit + 1, sizeof *expected), count = 0;
  for (int32_t v = 0; v < limit; v++) {
    expected[v] = gli_bit(gli_snapshot_node_bits(snapshot), v) ? -1 : 0;
  }
  for (int32_t v = 0; v < limit; v++) {
    if (expected[v] >= 0) continue;
    gli_result *there = reach(snapshot, v, is_strong ? "out" : "both");
    gli_result *back = reach(snapshot, v, is_strong ? "in" : "both");
    const int64_t *forth = gli_result_ints(there, "level"), *from = gli_result_ints(back, "level");
    for (int32_t u = v; u < limit; u++) {
      if (forth[u] >= 0 && from[u] >= 0 && expected[u] < 0) expected[u] = count;
    }
    count++;
    gli_result_free(there);
    gli_result_free(back);
  }
  for (int32_t threads = 0; threads <= 1; threads++) {
    gli_result *result =
        run_on(snapshot, "connected_components", is_strong ? &strong : &init, threads);
    const int64_t *component = gli_result_ints(result, "component");
    for (int32_t v = 0; v < limit; v++) {
      if (!gli_bit(gli_snapshot_node_bits(snapshot), v)) continue;
      cr_assert_eq(component[v], expected[v], "node %d: %d, expected %d", v, (int)component[v],
                   (int)expected[v]);
    }
    cr_assert_eq(gli_result_ints(result, "count")[0], count);
    gli_result_free(result);
  }
  free(expected);
}

static int64_t largest(const gli_result *result, int64_t node_count) {
  const int64_t count = gli_result_ints(result, "count")[0];
  int64_t *sizes = calloc((size_t)count + 1, sizeof *sizes), best = 0;
  for (int64_t v = 0; v < node_count; v++)
    sizes[gli_result_ints(result, "component")[v]]++;
  for (int64_t k = 0; k < count; k++)
    best = sizes[k] > best ? sizes[k] : best;
  free(sizes);
  return best;
}

Test(connected_components, holds_what_every_algorithm_must) {
  check_algorithm("connected_components", &init, &init);
  check_algorithm("connected_components", &init, &strong);
}

Test(connected_components, agrees_with_networkx_on_email_eu_core) {
  /* weakly: 20, the largest of 986 nodes; strongly: 203, the largest of 803 */
  gli_snapshot *snapshot = email_core();
  gli_result *weak = run_on(snapshot, "connected_components", NULL, 0);
  cr_assert_eq(gli_result_ints(weak, "count")[0], 20);
  cr_assert_eq(largest(weak, 1005), 986);
  gli_result *both_ways = run_on(snapshot, "connected_components", &strong, 0);
  cr_assert_eq(gli_result_ints(both_ways, "count")[0], 203);
  cr_assert_eq(largest(both_ways, 1005), 803);
  gli_result_free(weak);
  gli_result_free(both_ways);
  gli_snapshot_free(snapshot);
}

Test(connected_components, agrees_with_the_definition) {
  for (int directed = 0; directed <= 1; directed++) {
    for (uint64_t seed = 1; seed <= 30; seed++) {
      const int32_t nodes = (int32_t)(seed * 13);
      gli_snapshot *snapshot =
          random_graph(nodes, nodes * (int64_t)(seed % 5 + 1) / 2, directed, seed, NULL);
      expect_definition(snapshot, false);
      expect_definition(snapshot, true);
      gli_snapshot_free(snapshot);
    }
  }
}

/* Two searches find the largest component once the in rows are there; the numbers stay the same. */
Test(connected_components, strong_ones_are_the_same_with_in_rows) {
  const int64_t edges_per_node[] = {1, 2, 6};
  for (int k = 0; k < 3; k++) {
    const int32_t nodes = 30000;
    gli_snapshot *without = random_graph(nodes, nodes * edges_per_node[k] + 9000, true, 5, NULL);
    gli_snapshot *with = random_graph(nodes, nodes * edges_per_node[k] + 9000, true, 5, NULL);
    gli_rows in;
    cr_assert_geq(gli_snapshot_out_rows(with).entry_count, 1 << 15);
    cr_assert_eq(gli_snapshot_in_rows(with, &in, NULL), GLI_OK);
    gli_result *serial = run_on(without, "connected_components", &strong, 0);
    gli_result *searched = run_on(with, "connected_components", &strong, 0);
    gli_result *alone = run_on(with, "connected_components", &strong, 1);
    expect_same(serial, searched);
    expect_same(searched, alone);
    if (k > 0) cr_assert_gt(largest(searched, nodes), nodes / 2);
    gli_result_free(serial);
    gli_result_free(searched);
    gli_result_free(alone);
    gli_snapshot_free(without);
    gli_snapshot_free(with);
  }
}

Test(connected_components, searching_survives_failing_allocations) {
  failing_loop loop = failing_loop_start("strong components by searches");
  while (failing_loop_next(&loop)) {
    gli_snapshot *snapshot = random_graph(9000, 36000, true, 3, &loop.allocator);
    gli_rows in;
    gli_result *result = NULL;
    cr_assert_eq(gli_snapshot_in_rows(snapshot, &in, NULL), GLI_OK);
    failing_loop_arm(&loop);
    const gli_status status = gli_connected_components(snapshot, &strong, NULL, &result, NULL);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(connected_components, needs_no_recursion) {
  enum { LENGTH = 300000 };
  pair *edges = calloc(LENGTH, sizeof *edges);
  for (int32_t k = 0; k < LENGTH; k++) {
    edges[k][0] = k;
    edges[k][1] = (k + 1) % LENGTH;
  }
  gli_snapshot *ring = graph_of(LENGTH, true, LENGTH, (const pair *)edges);
  gli_snapshot *path = graph_of(LENGTH, true, LENGTH - 1, (const pair *)edges);
  gli_result *of_ring = run_on(ring, "connected_components", &strong, 0);
  gli_result *of_path = run_on(path, "connected_components", &strong, 0);
  cr_assert_eq(gli_result_ints(of_ring, "count")[0], 1);
  cr_assert_eq(gli_result_ints(of_path, "count")[0], LENGTH);
  cr_assert_eq(gli_result_ints(of_path, "component")[LENGTH - 1], LENGTH - 1);
  gli_result_free(of_ring);
  gli_result_free(of_path);
  gli_snapshot_free(ring);
  gli_snapshot_free(path);
  /* Too deep for searches to find the component: they are given up. */
  gli_snapshot *deep = graph_of(LENGTH, true, LENGTH, (const pair *)edges);
  gli_rows in;
  cr_assert_eq(gli_snapshot_in_rows(deep, &in, NULL), GLI_OK);
  gli_result *of_deep = run_on(deep, "connected_components", &strong, 0);
  cr_assert_eq(gli_result_ints(of_deep, "count")[0], 1);
  gli_result_free(of_deep);
  gli_snapshot_free(deep);
  free(edges);
}

/* Paths through nodes in an order that hooks them late, cut into pieces; blocks of nodes between.
 */
Test(connected_components, finds_long_paths_in_any_order) {
  enum { NODES = 100003, PIECES = 7 };
  pair *edges = calloc(NODES, sizeof *edges);
  for (int way = 0; way < 3; way++) {
    const int64_t factor = way == 0 ? 1 : way == 1 ? NODES - 1 : 31607;
    int64_t count = 0;
    for (int64_t k = 1; k < NODES; k++) {
      if (k % (NODES / PIECES) == 0) continue;
      edges[count][0] = (int32_t)((k - 1) * factor % NODES);
      edges[count++][1] = (int32_t)(k * factor % NODES);
    }
    for (int directed = 0; directed <= 1; directed++) {
      gli_snapshot *paths = graph_of(NODES, directed, count, (const pair *)edges);
      gli_result *alone = run_on(paths, "connected_components", &init, 1);
      gli_result *together = run_on(paths, "connected_components", &init, 0);
      const int64_t *component = gli_result_ints(together, "component");
      expect_same(alone, together);
      cr_assert_eq(gli_result_ints(together, "count")[0], NODES - count);
      for (int64_t k = 0; k < count; k++)
        cr_assert_eq(component[edges[k][0]], component[edges[k][1]]);
      gli_result_free(alone);
      gli_result_free(together);
      gli_snapshot_free(paths);
    }
  }
  free(edges);
}

Test(connected_components, corner_cases) {
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  gli_result *result = run_on(empty, "connected_components", &strong, 0);
  cr_assert_eq(gli_result_ints(result, "count")[0], 0);
  gli_result_free(result);
  gli_snapshot_free(empty);
  const pair edges[] = {{4, 2}, {2, 4}, {3, 3}, {3, 3}, {0, 2}};
  gli_snapshot *small = graph_of(6, true, 5, edges);
  expect_definition(small, false);
  expect_definition(small, true);
  gli_snapshot_free(small);
}

Test(connected_components, leaves_removed_nodes_out) {
  gli_snapshot *ring = ring_with_holes(300);
  expect_definition(ring, false);
  expect_definition(ring, true);
  gli_snapshot_free(ring);
}

Test(connected_components, says_what_is_wrong) {
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  const gli_connected_components_options options = {sizeof options, "firm"};
  expect_error(empty, "connected_components", &options, GLI_ERROR_INVALID_ARGUMENT,
               "kind is 'firm'; it must be one of 'weak', 'strong'");
  gli_snapshot_free(empty);
}

Test(connected_components, has_a_typed_front_door) {
  gli_snapshot *snapshot = karate_club();
  const gli_connected_components_options options = strong;
  gli_result *typed = NULL, *generic = run_on(snapshot, "connected_components", &options, 0);
  cr_assert_eq(gli_connected_components(snapshot, &options, NULL, &typed, NULL), GLI_OK);
  expect_same(typed, generic);
  gli_result_free(typed);
  gli_result_free(generic);
  gli_snapshot_free(snapshot);
}
