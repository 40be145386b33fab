/* Known values: NetworkX 3.6.1, list(topological_sort(G)) and topological_generations(G). */
#include <gli/algorithms/is_dag.h>
#include <gli/algorithms/topological_sort.h>

#include "algorithms/support.h"

/* Every edge from the smaller to the larger index; parallel edges included. */
static gli_snapshot *random_dag(int32_t node_count, int64_t edge_count, uint64_t seed,
                                const gli_allocator *allocator) {
  pair *edges = calloc((size_t)edge_count + 1, sizeof *edges);
  cr_assert_not_null(edges);
  gli_random random = gli_random_start(seed, 0);
  for (int64_t k = 0; k < edge_count; k++) {
    const int32_t a = (int32_t)gli_random_below(&random, (uint64_t)node_count);
    const int32_t b = (int32_t)gli_random_below(&random, (uint64_t)node_count - 1);
    const int32_t c = b + (b >= a);
    edges[k][0] = a < c ? a : c;
    edges[k][1] = a < c ? c : a;
  }
  gli_snapshot *snapshot =
      graph_with(node_count, true, edge_count, (const pair *)edges, NULL, allocator);
  free(edges);
  return snapshot;
}

static bool is_dag(gli_snapshot *snapshot) {
  gli_result *result = run_on(snapshot, "is_dag", NULL, 0);
  gli_column column;
  cr_assert_eq(gli_result_column(result, "is_dag", &column, NULL), GLI_OK);
  const bool answer = *(const uint8_t *)column.data != 0;
  gli_result_free(result);
  return answer;
}

static void expect_order(gli_snapshot *snapshot, int64_t count, const int32_t *nodes,
                         const int64_t *generations) {
  gli_result *result = run_on(snapshot, "topological_sort", NULL, 0);
  gli_column column;
  cr_assert_eq(gli_result_column(result, "node", &column, NULL), GLI_OK);
  cr_assert_eq(column.length, count);
  for (int64_t k = 0; k < count; k++) {
    cr_assert_eq(gli_result_nodes(result, "node")[k], nodes[k], "row %d: node %d", (int)k,
                 (int)gli_result_nodes(result, "node")[k]);
    cr_assert_eq(gli_result_ints(result, "generation")[k], generations[k], "row %d", (int)k);
  }
  gli_result_free(result);
  cr_assert(is_dag(snapshot));
}

Test(topological_sort, has_the_order_of_networkx) {
  const pair edges[] = {{5, 2}, {5, 0}, {4, 0}, {4, 1}, {2, 3}, {3, 1}, {6, 4}};
  gli_snapshot *snapshot = graph_of(7, true, COUNT_OF(edges), edges);
  expect_order(snapshot, 7, (const int32_t[]){5, 6, 2, 4, 3, 0, 1},
               (const int64_t[]){0, 0, 1, 1, 2, 2, 3});
  gli_snapshot_free(snapshot);
}

Test(topological_sort, places_parallel_edges_by_the_first) {
  const pair edges[] = {{0, 2}, {0, 1}, {0, 2}, {0, 3}, {0, 1}};
  gli_snapshot *snapshot = graph_of(4, true, COUNT_OF(edges), edges);
  expect_order(snapshot, 4, (const int32_t[]){0, 2, 1, 3}, (const int64_t[]){0, 1, 1, 1});
  gli_snapshot_free(snapshot);
}

Test(topological_sort, leads_every_edge_forward) {
  gli_snapshot *snapshot = random_dag(20000, 60000, 5, NULL);
  gli_result *result = run_on(snapshot, "topological_sort", NULL, 0);
  check_columns(gli_algorithm_find("topological_sort"), result);
  const int32_t *node = gli_result_nodes(result, "node");
  const int64_t *generation = gli_result_ints(result, "generation");
  int64_t *of = calloc(20000, sizeof *of);
  int32_t *place = calloc(20000, sizeof *place);
  for (int32_t k = 0; k < 20000; k++) {
    place[node[k]] = k;
    of[node[k]] = generation[k];
    cr_assert(k == 0 || generation[k] >= generation[k - 1]);
  }
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  for (int32_t v = 0; v < 20000; v++) {
    cr_assert_eq(node[place[v]], v, "node %d is missing", (int)v);
    for (uint32_t k = 0; k < rows.rows[v].length; k++) {
      const int32_t other = rows.neighbors[rows.rows[v].begin + k];
      cr_assert(place[v] < place[other] && of[v] < of[other]);
    }
  }
  cr_assert_eq(gli_result_run(result).iterations, generation[19999] + 1);
  free(of);
  free(place);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(topological_sort, orders_graphs_of_nothing) {
  gli_snapshot *empty = graph_of(0, true, 0, NULL), *lone = graph_of(3, true, 0, NULL);
  expect_order(empty, 0, NULL, NULL);
  expect_order(lone, 3, (const int32_t[]){0, 1, 2}, (const int64_t[]){0, 0, 0});
  gli_snapshot_free(empty);
  gli_snapshot_free(lone);
}

Test(topological_sort, names_an_edge_of_a_cycle) {
  const pair edges[] = {{0, 1}, {1, 2}, {2, 3}, {3, 1}, {3, 4}, {4, 5}};
  gli_snapshot *snapshot = graph_of(6, true, COUNT_OF(edges), edges);
  expect_error(snapshot, "topological_sort", NULL, GLI_ERROR_INVALID_ARGUMENT,
               "has a cycle through the edge from 3 to 1 (edge id 3)");
  cr_assert_not(is_dag(snapshot));
  gli_snapshot_free(snapshot);
  snapshot = graph_of(2, true, 2, (const pair[]){{0, 1}, {1, 1}});
  expect_error(snapshot, "topological_sort", NULL, GLI_ERROR_INVALID_ARGUMENT, "from 1 to 1");
  cr_assert_not(is_dag(snapshot));
  gli_snapshot_free(snapshot);
  snapshot = ring_with_holes(50); /* 24 -> 26 and the like stay */
  expect_error(snapshot, "topological_sort", NULL, GLI_ERROR_INVALID_ARGUMENT, "has a cycle");
  gli_snapshot_free(snapshot);
}

Test(topological_sort, refuses_undirected_graphs) {
  gli_snapshot *snapshot = graph_of(2, false, 0, NULL);
  expect_error(snapshot, "topological_sort", NULL, GLI_ERROR_INVALID_ARGUMENT,
               "the graph is undirected; it must be directed");
  cr_assert_not(is_dag(snapshot));
  gli_snapshot_free(snapshot);
}

/* check_algorithm's graphs have cycles; what it does about memory and stopping, on graphs of ours.
 */
Test(topological_sort, fails_cleanly_and_stops) {
  for (int cyclic = 0; cyclic < 2; cyclic++) {
    failing_loop loop = failing_loop_start("topological_sort");
    while (failing_loop_next(&loop)) {
      gli_snapshot *snapshot = cyclic ? random_graph(40, 120, true, 7, &loop.allocator)
                                      : random_dag(40, 120, 7, &loop.allocator);
      gli_result *result = NULL;
      failing_loop_arm(&loop);
      const gli_status status = gli_topological_sort(snapshot, NULL, NULL, &result, NULL);
      const bool failed = failing_loop_disarm(&loop);
      cr_assert_eq(status, failed   ? GLI_ERROR_OUT_OF_MEMORY
                           : cyclic ? GLI_ERROR_INVALID_ARGUMENT
                                    : GLI_OK);
      gli_result_free(result);
      gli_snapshot_free(snapshot);
    }
  }
  gli_snapshot *snapshot = random_dag(3000, 9000, 3, NULL);
  gli_cancel cancel = {1};
  gli_control control = GLI_CONTROL_INIT;
  control.cancel = &cancel;
  gli_result *result = NULL;
  cr_assert_eq(gli_topological_sort(snapshot, NULL, &control, &result, NULL), GLI_ERROR_CANCELLED);
  gli_snapshot_free(snapshot);
}
