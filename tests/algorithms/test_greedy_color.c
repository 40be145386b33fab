/* Known values: NetworkX 3.6.1, greedy_color(strategy="largest_first"), which is the same colouring
 * on undirected graphs; otherwise what must hold of any colouring. */
#include "algorithms/blocks.h"
#include "cpu/priority.h"

static const gli_greedy_color_options defaults = GLI_GREEDY_COLOR_OPTIONS_INIT;
static const char *const strategies[] = {"largest_first", "smallest_last", "random_sequential"};

/* Proper, and every colour below a node's stands at one of its neighbours. */
static int64_t expect_proper(gli_snapshot *snapshot, const char *strategy) {
  const gli_greedy_color_options options = {sizeof options, strategy, 3};
  gli_result *result = run_on(snapshot, "greedy_color", &options, 0);
  const int64_t *color = gli_result_ints(result, "color");
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  gli_simple_rows rows;
  cr_assert_eq(gli_snapshot_simple_rows(snapshot, &rows, NULL), GLI_OK);
  int64_t used = 0;
  for (int32_t v = 0; v < limit; v++) {
    const int64_t degree = rows.offsets[v + 1] - rows.offsets[v];
    bool *seen = calloc((size_t)(degree + color[v]) + 1, 1);
    for (int64_t k = rows.offsets[v]; k < rows.offsets[v + 1]; k++) {
      const int64_t there = color[rows.neighbors[k]];
      cr_assert_neq(there, color[v], "nodes %d and %d", v, rows.neighbors[k]);
      if (there < color[v]) seen[there] = true;
    }
    for (int64_t below = 0; below < color[v]; below++)
      cr_assert(seen[below], "node %d could have colour %d", v, (int)below);
    if (gli_bit(gli_snapshot_node_bits(snapshot), v) && color[v] >= used) used = color[v] + 1;
    free(seen);
  }
  cr_assert_eq(gli_result_ints(result, "count")[0], used);
  gli_result_free(result);
  return used;
}

Test(greedy_color, holds_what_every_algorithm_must) {
  gli_greedy_color_options options = defaults;
  for (int k = 0; k < 3; k++) {
    options.strategy = strategies[k];
    check_algorithm("greedy_color", &defaults, &options);
  }
}

Test(greedy_color, agrees_with_networkx_on_the_karate_club) {
  static const int64_t expected[34] = {0, 1, 2, 3, 1, 1, 2, 4, 3, 1, 2, 1, 1, 4, 2, 2, 0,
                                       2, 2, 2, 2, 2, 2, 2, 0, 1, 1, 1, 1, 3, 2, 2, 1, 0};
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "greedy_color", NULL, 0);
  cr_assert_eq(memcmp(gli_result_ints(result, "color"), expected, sizeof expected), 0);
  cr_assert_eq(gli_result_ints(result, "count")[0], 5);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(greedy_color, is_what_its_definition_says) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    gli_snapshot *snapshot =
        random_graph(150, (int64_t)(20 + seed * 30), seed % 2 == 1, seed, NULL);
    int64_t largest = 0, used[3];
    gli_k_core_options whole = GLI_K_CORE_OPTIONS_INIT;
    for (int k = 0; k < 3; k++)
      used[k] = expect_proper(snapshot, strategies[k]);
    gli_result *core = run_on(snapshot, "k_core", &whole, 0);
    largest =
        gli_result_ints(core, "k")[0]; /* directed: mutual neighbours count two, a bound too */
    cr_assert_leq(used[1], largest + 1);
    gli_result_free(core);
    gli_snapshot_free(snapshot);
  }
}

/* Node after node in the order of `rank`, ties by index. */
static void color_plainly(gli_snapshot *snapshot, const int64_t *rank, int64_t *color) {
  gli_simple_rows rows;
  cr_assert_eq(gli_snapshot_simple_rows(snapshot, &rows, NULL), GLI_OK);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  for (int32_t v = 0; v < limit; v++)
    color[v] = -1;
  for (int32_t turn = 0; turn < limit; turn++) {
    int32_t next = -1;
    for (int32_t v = 0; v < limit; v++)
      if (color[v] < 0 && (next < 0 || rank[v] < rank[next])) next = v;
    bool *seen = calloc((size_t)limit + 1, sizeof *seen);
    for (int64_t k = rows.offsets[next]; k < rows.offsets[next + 1]; k++)
      if (color[rows.neighbors[k]] >= 0) seen[color[rows.neighbors[k]]] = true;
    for (color[next] = 0; seen[color[next]]; color[next]++) {
    }
    free(seen);
  }
}

static void expect_plain(gli_snapshot *snapshot, const char *strategy, const int64_t *rank) {
  enum { MOST = 400 };
  int64_t expected[MOST];
  const gli_greedy_color_options options = {sizeof options, strategy, 3};
  gli_result *result = run_on(snapshot, "greedy_color", &options, 0);
  const size_t limit = (size_t)gli_snapshot_node_limit(snapshot);
  cr_assert_leq(limit, MOST);
  color_plainly(snapshot, rank, expected);
  cr_assert_eq(memcmp(gli_result_ints(result, "color"), expected, limit * sizeof *expected), 0);
  gli_result_free(result);
}

/* From few neighbours to more than a word has bits for; parallel edges and loops count. */
Test(greedy_color, goes_by_degree_or_at_random) {
  for (uint64_t seed = 0; seed < 16; seed++) {
    const int32_t nodes = seed < 12 ? 290 : 70;
    const bool directed = seed % 2 == 1;
    gli_snapshot *snapshot =
        random_graph(nodes, 100 + (int64_t)(seed * seed) * 80, directed, seed, NULL);
    int64_t degree[400] = {0}, priority[400] = {0};
    const int32_t *sources = NULL, *targets = NULL;
    gli_snapshot_edge_ends(snapshot, &sources, &targets);
    for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
      degree[sources[e]]--; /* falling */
      degree[targets[e]]--;
    }
    for (int32_t v = 0; v < nodes; v++)
      priority[v] = gli__priority(3, v);
    expect_plain(snapshot, "largest_first", degree);
    expect_plain(snapshot, "random_sequential", priority);
    gli_snapshot_free(snapshot);
  }
}

/* A crowd in which all know all, and everybody one more. */
Test(greedy_color, with_more_colors_than_a_word_has_bits) {
  enum { CROWD = 100 };
  pair edges[CROWD * CROWD];
  int64_t degree[2 * CROWD], count = 0;
  for (int32_t u = 0; u < CROWD; u++) {
    for (int32_t v = 0; v < u; v++, count++) {
      edges[count][0] = u;
      edges[count][1] = v;
    }
    edges[count][0] = CROWD + u;
    edges[count++][1] = u;
    degree[u] = -CROWD;
    degree[CROWD + u] = -1;
  }
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *snapshot = graph_of(2 * CROWD, directed, count, (const pair *)edges);
    expect_plain(snapshot, "largest_first", degree);
    gli_snapshot_free(snapshot);
  }
}

/* A path in the order of its nodes, of equal degrees: one chain of waiting. A star: one round. */
Test(greedy_color, of_chains_and_stars) {
  enum { LENGTH = 200000 };
  pair *edges = calloc(LENGTH, sizeof *edges);
  for (int star = 0; star <= 1; star++) {
    for (int32_t k = 0; k < LENGTH; k++) {
      edges[k][0] = star ? 0 : k;
      edges[k][1] = k + 1;
    }
    gli_snapshot *snapshot = graph_of(LENGTH + 1, true, LENGTH, (const pair *)edges);
    for (int k = 0; k < 3; k++) {
      const int64_t used = expect_proper(snapshot, strategies[k]);
      cr_assert(k == 2 ? used <= 3 : used <= 3 && (!star || used == 2));
    }
    gli_snapshot_free(snapshot);
  }
  free(edges);
}

Test(greedy_color, corner_cases) {
  for (int32_t nodes = 0; nodes <= 2; nodes++) {
    gli_snapshot *snapshot = graph_of(nodes, true, 0, NULL);
    for (int k = 0; k < 3; k++)
      cr_assert_eq(expect_proper(snapshot, strategies[k]), nodes > 0);
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *ring = ring_with_holes(100);
  for (int k = 0; k < 3; k++)
    expect_proper(ring, strategies[k]);
  gli_snapshot_free(ring);
}

Test(greedy_color, says_what_is_wrong) {
  gli_snapshot *snapshot = karate_club();
  const gli_greedy_color_options options = {sizeof options, "best", 0};
  expect_error(snapshot, "greedy_color", &options, GLI_ERROR_INVALID_ARGUMENT,
               "strategy is 'best'");
  gli_snapshot_free(snapshot);
}
