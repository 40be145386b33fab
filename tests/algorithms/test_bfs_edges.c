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

/* One queue and nothing else. */
static int64_t search_plainly(gli_snapshot *snapshot, int32_t source, bool both, int64_t *edges) {
  gli_rows rows[2] = {gli_snapshot_out_rows(snapshot)};
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const int sides = both && gli_snapshot_is_directed(snapshot) ? 2 : 1;
  cr_assert_eq(gli_snapshot_in_rows(snapshot, &rows[1], NULL), GLI_OK);
  int32_t *queue = calloc((size_t)limit, sizeof *queue);
  bool *seen = calloc((size_t)limit, sizeof *seen);
  int64_t count = 1;
  queue[0] = source;
  seen[source] = true;
  for (int64_t at = 0; at < count; at++) {
    for (int side = 0; side < sides; side++) {
      const gli_row row = rows[side].rows[queue[at]];
      for (int64_t k = row.begin; k < row.begin + row.length; k++) {
        const int32_t other = rows[side].neighbors[k];
        if (seen[other]) continue;
        seen[other] = true;
        edges[count - 1] = rows[side].edges[k];
        queue[count++] = other;
      }
    }
  }
  free(queue);
  free(seen);
  return count - 1;
}

static void expect_plain(gli_snapshot *snapshot, int32_t source, const char *direction) {
  int64_t *edges = calloc((size_t)gli_snapshot_node_limit(snapshot), sizeof *edges);
  const int64_t count = search_plainly(snapshot, source, direction[0] == 'b', edges);
  gli_bfs_edges_options options = init;
  options.source = (gli_node_list){&source, 1};
  options.direction = direction;
  gli_result *result = run_on(snapshot, "bfs_edges", &options, 0);
  gli_column edge;
  cr_assert(gli_result_column_at(result, 0, &edge));
  cr_assert_eq(edge.length, count);
  cr_assert(count == 0 || memcmp(edge.data, edges, (size_t)count * sizeof *edges) == 0);
  gli_result_free(result);
  free(edges);
}

/* Seven hubs joined to each other and to most of the others, to some of them several times. */
static gli_snapshot *hubs(bool directed, uint64_t seed) {
  enum { EDGES = 1500 };
  pair edges[EDGES];
  gli_random random = gli_random_start(seed, 0);
  for (int32_t k = 0; k < EDGES; k++) {
    edges[k][0] = (int32_t)gli_random_below(&random, 8);
    edges[k][1] = k % 2 == 0 ? k % 8 : (int32_t)gli_random_below(&random, 600);
    if (edges[k][0] == 7) edges[k][0] = (int32_t)gli_random_below(&random, 600);
  }
  return graph_of(640, directed, EDGES, (const pair *)edges);
}

Test(bfs_edges, are_those_of_one_queue) {
  for (uint64_t seed = 0; seed < 120; seed++) {
    const bool directed = seed % 2 == 1;
    gli_snapshot *snapshot =
        seed % 3 == 0 ? hubs(directed, seed)
                      : random_graph(400, 200 + 40 * (int64_t)seed, directed, seed, NULL);
    for (int32_t source = 0; source < 400; source += 57) {
      expect_plain(snapshot, source, "out");
      expect_plain(snapshot, source, "both");
    }
    gli_snapshot_free(snapshot);
  }
}

/* Two crowds in which everybody knows everybody, and a path between them. */
Test(bfs_edges, leave_a_crowd_along_a_path) {
  enum { CROWD = 60, PATH = 40, OTHERS = 12, NODES = CROWD + PATH + OTHERS };
  pair edges[NODES * CROWD];
  int64_t count = 0;
  for (int32_t u = 0; u < NODES; u++) {
    const bool on_path = u >= CROWD - 1 && u < CROWD + PATH;
    const int32_t end = on_path ? u + 2 : u < CROWD ? CROWD : NODES;
    for (int32_t v = u + 1; v < end; v++, count++) {
      edges[count][0] = u;
      edges[count][1] = v;
    }
  }
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *snapshot = graph_of(NODES, directed, count, (const pair *)edges);
    expect_plain(snapshot, 0, "out");
    expect_plain(snapshot, 7, "both");
    expect_plain(snapshot, NODES - 1, "both");
    gli_snapshot_free(snapshot);
  }
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
