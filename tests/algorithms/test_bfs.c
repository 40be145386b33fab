/* Known values: NetworkX 3.6.1; every other graph is compared with a plain queue. */
#include <gli/algorithms/bfs.h>

#include "algorithms/support.h"

static const gli_bfs_options init = GLI_BFS_OPTIONS_INIT;

static gli_bfs_options from(const int32_t *sources, int64_t count, const char *direction) {
  gli_bfs_options options = GLI_BFS_OPTIONS_INIT;
  options.source = (gli_node_list){sources, count};
  options.direction = direction;
  return options;
}

/* One queue, no tricks: the definition of levels and predecessors. */
static void expect_like_a_queue(gli_snapshot *snapshot, const gli_bfs_options *options) {
  const int32_t n = gli_snapshot_node_limit(snapshot);
  const char *direction = options->direction;
  gli_rows rows[2] = {gli_snapshot_out_rows(snapshot)};
  int sides = 1;
  if (gli_snapshot_is_directed(snapshot) && strcmp(direction, "out") != 0) {
    cr_assert_eq(gli_snapshot_in_rows(snapshot, &rows[strcmp(direction, "both") == 0], NULL), 0);
    sides += strcmp(direction, "both") == 0;
  }
  int64_t *level = calloc((size_t)n, sizeof *level);
  int32_t *predecessor = calloc((size_t)n, sizeof *predecessor);
  int32_t *queue = calloc((size_t)n, sizeof *queue);
  int64_t head = 0, tail = 0;
  for (int32_t v = 0; v < n; v++)
    level[v] = predecessor[v] = -1;
  for (int64_t k = 0; k < options->source.count; k++) {
    if (level[options->source.nodes[k]] < 0) queue[tail++] = options->source.nodes[k];
    level[options->source.nodes[k]] = 0;
  }
  while (head < tail) {
    const int32_t u = queue[head++];
    if (level[u] >= options->max_depth) continue;
    for (int side = 0; side < sides; side++) {
      const gli_row row = rows[side].rows[u];
      for (uint32_t k = 0; k < row.length; k++) {
        const int32_t v = rows[side].neighbors[row.begin + k];
        if (level[v] < 0) {
          level[v] = level[u] + 1;
          queue[tail++] = v;
        }
        if (level[v] == level[u] + 1 && (predecessor[v] < 0 || u < predecessor[v])) {
          predecessor[v] = u;
        }
      }
    }
  }
  for (int32_t threads = 0; threads <= 1; threads++) {
    gli_result *result = run_on(snapshot, "bfs", options, threads);
    const int64_t *levels = gli_result_ints(result, "level");
    const int32_t *predecessors = gli_result_nodes(result, "predecessor");
    for (int32_t v = 0; v < n; v++) {
      if (!gli_bit(gli_snapshot_node_bits(snapshot), v)) continue;
      cr_assert_eq(levels[v], level[v], "level of %d is %d, expected %d", v, (int)levels[v],
                   (int)level[v]);
      cr_assert_eq(predecessors[v], predecessor[v], "predecessor of %d is %d, expected %d", v,
                   predecessors[v], predecessor[v]);
    }
    gli_result_free(result);
  }
  free(level);
  free(predecessor);
  free(queue);
}

Test(bfs, holds_what_every_algorithm_must) {
  const int32_t sources[] = {7, 3, 7};
  gli_bfs_options options = from(sources, 3, "out");
  check_algorithm("bfs", &init, &options);
  options.direction = "both";
  options.max_depth = 2;
  check_algorithm("bfs", &init, &options);
}

Test(bfs, agrees_with_networkx_on_the_karate_club) {
  /* nx.single_source_shortest_path_length(G, 16) */
  static const int64_t expected[34] = {2, 3, 3, 3, 2, 1, 1, 3, 3, 4, 2, 3, 3, 3, 5, 5, 0,
                                       3, 5, 3, 5, 3, 5, 5, 4, 4, 5, 4, 4, 5, 4, 3, 4, 4};
  gli_snapshot *snapshot = karate_club();
  const int32_t source = 16;
  gli_bfs_options options = from(&source, 1, "out");
  gli_result *result = run_on(snapshot, "bfs", &options, 0);
  const int64_t *level = gli_result_ints(result, "level");
  for (int32_t v = 0; v < 34; v++)
    cr_assert_eq(level[v], expected[v], "node %d", v);
  cr_assert_eq(gli_result_nodes(result, "predecessor")[16], GLI_NODE_NONE);
  cr_assert_eq(gli_result_nodes(result, "predecessor")[0], 5);
  gli_result_free(result);
  expect_like_a_queue(snapshot, &options);
  gli_snapshot_free(snapshot);
}

Test(bfs, agrees_with_a_queue_on_shallow_graphs) {
  /* Dense enough for bottom-up steps, sparse enough for several levels. */
  static const char *const directions[] = {"out", "in", "both"};
  const int32_t sources[] = {5, 1234, 5, 17};
  for (int directed = 0; directed <= 1; directed++) {
    for (int64_t degree = 1; degree <= 16; degree *= 2) {
      gli_snapshot *snapshot = random_graph(20000, 20000 * degree, directed, 23, NULL);
      for (int k = 0; k < 3; k++) {
        gli_bfs_options options = from(sources, 1 + 3 * (k == 1), directions[k]);
        expect_like_a_queue(snapshot, &options);
        options.max_depth = 3;
        expect_like_a_queue(snapshot, &options);
      }
      gli_snapshot_free(snapshot);
    }
  }
}

Test(bfs, builds_the_in_rows_once_they_pay) {
  gli_snapshot *snapshot = random_graph(20000, 320000, true, 29, NULL);
  const int32_t source = 3;
  gli_bfs_options options = from(&source, 1, "out");
  gli_result *first = run_on(snapshot, "bfs", &options, 0);
  cr_assert_not(gli_snapshot_in_rows_pay(snapshot, 0), "one search is not worth it");
  for (int k = 0; k < 20; k++) {
    gli_result *again = run_on(snapshot, "bfs", &options, 0);
    expect_same(first, again); /* top-down at first, bottom-up later */
    gli_result_free(again);
  }
  cr_assert(gli_snapshot_in_rows_pay(snapshot, 0));
  expect_like_a_queue(snapshot, &options);
  gli_result_free(first);
  gli_snapshot_free(snapshot);
  snapshot = random_graph(100, 300, false, 29, NULL);
  cr_assert(gli_snapshot_in_rows_pay(snapshot, 0), "undirected rows serve both ways");
  gli_snapshot_free(snapshot);
}

Test(bfs, walks_deep_thin_graphs) {
  enum { LENGTH = 30000 };
  pair *edges = calloc(LENGTH, sizeof *edges);
  for (int32_t k = 0; k < LENGTH - 1; k++) {
    edges[k][0] = k;
    edges[k][1] = k + 1;
  }
  gli_snapshot *path = graph_of(LENGTH, true, LENGTH - 1, (const pair *)edges);
  const int32_t source = 0;
  gli_bfs_options options = from(&source, 1, "out");
  gli_result *result = run_on(path, "bfs", &options, 0);
  cr_assert_eq(gli_result_ints(result, "level")[LENGTH - 1], LENGTH - 1);
  cr_assert_eq(gli_result_nodes(result, "predecessor")[LENGTH - 1], LENGTH - 2);
  cr_assert_eq(gli_result_run(result).iterations, LENGTH);
  gli_result_free(result);
  gli_snapshot_free(path);
  free(edges);
}

Test(bfs, corner_cases) {
  const pair edges[] = {{0, 0}, {0, 1}, {0, 1}, {1, 0}, {3, 1}};
  gli_snapshot *snapshot = graph_of(5, true, 5, edges);
  const int32_t source = 0;
  gli_bfs_options options = from(&source, 1, "out");
  expect_like_a_queue(snapshot, &options);
  gli_result *result = run_on(snapshot, "bfs", &options, 0);
  const int64_t *level = gli_result_ints(result, "level");
  cr_assert(level[0] == 0 && level[1] == 1 && level[2] == -1 && level[3] == -1);
  gli_result_free(result);
  options.max_depth = 0;
  result = run_on(snapshot, "bfs", &options, 0);
  cr_assert_eq(gli_result_ints(result, "level")[1], -1);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(bfs, leaves_removed_nodes_out) {
  gli_snapshot *snapshot = ring_with_holes(3000);
  const int32_t source = 1;
  for (int both = 0; both <= 1; both++) {
    gli_bfs_options options = from(&source, 1, both ? "both" : "out");
    expect_like_a_queue(snapshot, &options);
    gli_result *result = run_on(snapshot, "bfs", &options, 0);
    cr_assert_eq(gli_result_ints(result, "level")[0], 0, "holes hold 0");
    cr_assert_eq(gli_result_nodes(result, "predecessor")[0], GLI_NODE_NONE);
    cr_assert_eq(gli_result_ints(result, "level")[2999], both ? 1 : 2399);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(bfs, says_what_is_wrong) {
  const pair edges[] = {{0, 1}};
  gli_snapshot *snapshot = graph_of(2, true, 1, edges);
  expect_error(snapshot, "bfs", NULL, GLI_ERROR_INVALID_ARGUMENT, "source is required");
  const int32_t nodes[] = {0, 2, -1};
  gli_bfs_options options = from(nodes, 0, "out");
  expect_error(snapshot, "bfs", &options, GLI_ERROR_INVALID_ARGUMENT, "source is empty");
  options = from(nodes, 2, "out");
  expect_error(snapshot, "bfs", &options, GLI_ERROR_NODE_NOT_FOUND,
               "source[1] is node index 2; it must be a live node below 2");
  options = from(nodes + 2, 1, "out");
  expect_error(snapshot, "bfs", &options, GLI_ERROR_NODE_NOT_FOUND, "node index -1");
  options = from(nodes, 1, "sideways");
  expect_error(snapshot, "bfs", &options, GLI_ERROR_INVALID_ARGUMENT,
               "direction is 'sideways'; it must be one of 'out', 'in', 'both'");
  options = from(nodes, 1, "out");
  options.max_depth = -1;
  expect_error(snapshot, "bfs", &options, GLI_ERROR_INVALID_ARGUMENT,
               "max_depth is -1; it must be at least 0");
  gli_snapshot_free(snapshot);
}

Test(bfs, has_a_typed_front_door) {
  gli_snapshot *snapshot = karate_club();
  const int32_t source = 3;
  const gli_bfs_options options = from(&source, 1, "out");
  gli_result *typed = NULL, *generic = run_on(snapshot, "bfs", &options, 0);
  cr_assert_eq(gli_bfs(snapshot, &options, NULL, &typed, NULL), GLI_OK);
  expect_same(typed, generic);
  gli_result_free(typed);
  gli_result_free(generic);
  gli_snapshot_free(snapshot);
}
