/* All measures of pairs but jaccard, which has a test of its own; one kernel serves them.
 *
 * Known values of the karate club: NetworkX 3.6.1 (common_neighbors, adamic_adar_index,
 * resource_allocation_index, preferential_attachment), igraph 1.0.0 (similarity_dice), NumPy's rows
 * of the adjacency matrix (cosine, overlap). */
#include "algorithms/support.h"

enum { SIZE = 48 };

/* All options structs of the family are alike: a size and pairs. */
static const gli_jaccard_options defaults = GLI_JACCARD_OPTIONS_INIT;

static const struct {
  const char *name;
  double known[4]; /* of (0, 1), (0, 33), (32, 33) and (5, 16) */
} measures[] = {
    {"adamic_adar",
     {6.130716871863356, 2.7110197222973085, 10.456950741004253, 0.7213475204444817}},
    {"common_neighbors", {7, 4, 10, 1}},
    {"cosine", {0.5833333333333334, 0.24253562503633297, 0.7001400420140049, 0.35355339059327373}},
    {"overlap", {0.7777777777777778, 0.25, 0.8333333333333334, 0.5}},
    {"preferential_attachment", {144, 272, 204, 8}},
    {"resource_allocation", {2.05, 0.9, 3.566666666666667, 0.25}},
    {"sorensen", {0.56, 0.2424242424242424, 0.6896551724137931, 0.33333333333333337}},
};

static double score_at(const gli_result *result, int64_t row) {
  const int64_t *counts = gli_result_ints(result, "score");
  return counts != NULL ? (double)counts[row] : gli_result_floats(result, "score")[row];
}

Test(similarity, holds_what_every_algorithm_must) {
  const int32_t sources[] = {1, 2, 3, 1, 1}, targets[] = {1, 9, 4, 7, 1};
  for (int64_t k = 0; k < COUNT_OF(measures); k++) {
    gli_jaccard_options options = defaults;
    cr_assert_eq(gli_algorithm_find(measures[k].name)->options_size, sizeof options);
    check_algorithm(measures[k].name, &defaults, &defaults);
    options.pairs = (gli_pair_list){sources, targets, 5};
    check_algorithm(measures[k].name, &defaults, &options);
  }
}

Test(similarity, agrees_with_others_on_the_karate_club) {
  const int32_t sources[] = {0, 0, 32, 5, 0}, targets[] = {1, 33, 33, 16, 1};
  gli_jaccard_options options = defaults;
  options.pairs = (gli_pair_list){sources, targets, 5};
  gli_snapshot *snapshot = karate_club();
  for (int64_t k = 0; k < COUNT_OF(measures); k++) {
    gli_result *result = run_on(snapshot, measures[k].name, &options, 0);
    gli_column column;
    cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
    cr_assert_eq(column.length, 4, "a repeated pair comes once");
    for (int64_t row = 0; row < 4; row++) {
      cr_assert_float_eq(score_at(result, row), measures[k].known[row], 1e-14, "%s of %d and %d",
                         measures[k].name, (int)sources[row], (int)targets[row]);
      cr_assert_eq(gli_result_nodes(result, "target")[row], targets[row]);
    }
    gli_result_free(result);
    result = run_on(snapshot, measures[k].name, NULL, 0);
    cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
    cr_assert_eq(column.length, 78, "the ends of every edge");
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

typedef bool matrix[SIZE][SIZE];

static void neighbors_of(const gli_snapshot *snapshot, matrix near) {
  const int32_t *sources, *targets;
  memset(near, 0, sizeof(matrix));
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++)
    near[sources[e]][targets[e]] = near[targets[e]][sources[e]] = true;
}

/* Neighbours, or with `degree` their number as a degree: a loop counts two. */
static double size_of(matrix near, int v, bool degree) {
  double size = degree && near[v][v] ? 1 : 0;
  for (int w = 0; w < SIZE; w++)
    size += near[v][w];
  return size;
}

static double by_definition(matrix near, const char *name, int u, int v) {
  const double size_u = size_of(near, u, false), size_v = size_of(near, v, false);
  double common = 0, adamic_adar = 0, allocation = 0;
  for (int w = 0; w < SIZE; w++) {
    if (w == u || w == v || !near[u][w] || !near[v][w]) continue;
    const double degree = size_of(near, w, true);
    common++;
    allocation += 1 / degree;
    if (degree > 1) adamic_adar += 1 / log(degree);
  }
  if (strcmp(name, "adamic_adar") == 0) return adamic_adar;
  if (strcmp(name, "common_neighbors") == 0) return common;
  if (strcmp(name, "resource_allocation") == 0) return allocation;
  if (strcmp(name, "preferential_attachment") == 0) {
    return size_of(near, u, true) * size_of(near, v, true);
  }
  if (common == 0) return 0;
  if (strcmp(name, "cosine") == 0) return common / sqrt(size_u * size_v);
  if (strcmp(name, "overlap") == 0) return common / fmin(size_u, size_v);
  return 2 * common / (size_u + size_v); /* sorensen */
}

Test(similarity, is_what_its_definition_says_on_random_graphs) {
  for (uint64_t seed = 0; seed < 12; seed++) {
    gli_snapshot *snapshot =
        random_graph(SIZE, (int64_t)(20 + seed * 40), seed % 2 == 0, seed, NULL);
    int32_t sources[SIZE * SIZE], targets[SIZE * SIZE];
    matrix near;
    neighbors_of(snapshot, near);
    for (int32_t k = 0; k < SIZE * SIZE; k++) {
      sources[k] = k / SIZE;
      targets[k] = k % SIZE;
    }
    gli_jaccard_options options = defaults;
    options.pairs = (gli_pair_list){sources, targets, SIZE * SIZE};
    for (int64_t k = 0; k < COUNT_OF(measures); k++) {
      gli_result *result = run_on(snapshot, measures[k].name, &options, 0);
      for (int32_t row = 0; row < SIZE * SIZE; row++) {
        const double expected = by_definition(near, measures[k].name, row / SIZE, row % SIZE);
        cr_assert_float_eq(score_at(result, row), expected, 1e-13, "%s of %d and %d: %g",
                           measures[k].name, row / SIZE, row % SIZE, score_at(result, row));
      }
      gli_result_free(result);
    }
    gli_snapshot_free(snapshot);
  }
}

/* A hub and a leaf: the long row is searched in, not merged with. */
Test(similarity, searches_rows_of_hubs) {
  enum { LEAVES = 400 };
  pair edges[LEAVES + 2];
  for (int32_t k = 0; k < LEAVES; k++) {
    edges[k][0] = 0;
    edges[k][1] = k + 2;
  }
  edges[LEAVES][0] = edges[LEAVES + 1][0] = 1;
  edges[LEAVES][1] = 7;
  edges[LEAVES + 1][1] = 390;
  gli_snapshot *snapshot = graph_of(LEAVES + 2, true, LEAVES + 2, (const pair *)edges);
  const int32_t source = 1, target = 0;
  gli_jaccard_options options = defaults;
  options.pairs = (gli_pair_list){&source, &target, 1};
  gli_result *result = run_on(snapshot, "common_neighbors", &options, 0);
  cr_assert_eq(gli_result_ints(result, "score")[0], 2);
  gli_result_free(result);
  result = run_on(snapshot, "resource_allocation", &options, 0);
  cr_assert_eq(gli_result_floats(result, "score")[0], 1, "two nodes of degree 2");
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Rows of which one is much longer are not merged but searched: common neighbours at both ends of
 * the long one, next to each other and far apart. */
Test(similarity, finds_few_among_many) {
  enum { MANY = 400, FEW = 6 };
  const int32_t few[FEW] = {0, 1, 2, 200, 398, 399};
  const int32_t sources[] = {MANY, MANY + 1}, targets[] = {MANY + 1, MANY};
  const struct {
    const char *name;
    double score;
  } expected[] = {{"adamic_adar", FEW / log(2)},
                  {"common_neighbors", FEW},
                  {"cosine", FEW / sqrt(MANY * FEW)},
                  {"jaccard", (double)FEW / MANY},
                  {"overlap", 1},
                  {"preferential_attachment", MANY * FEW},
                  {"resource_allocation", FEW / 2.0},
                  {"sorensen", 2.0 * FEW / (MANY + FEW)}};
  pair edges[MANY + FEW];
  for (int32_t k = 0; k < MANY + FEW; k++) {
    edges[k][0] = k < MANY ? MANY : MANY + 1;
    edges[k][1] = k < MANY ? k : few[k - MANY];
  }
  gli_snapshot *snapshot = graph_of(MANY + 2, false, MANY + FEW, (const pair *)edges);
  for (int64_t k = 0; k < COUNT_OF(expected); k++) {
    gli_jaccard_options options = defaults;
    options.pairs = (gli_pair_list){sources, targets, 2};
    gli_result *result = run_on(snapshot, expected[k].name, &options, 0);
    for (int64_t row = 0; row < 2; row++)
      cr_assert_float_eq(score_at(result, row), expected[k].score, 1e-12, "%s", expected[k].name);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

/* Many pairs are grouped by their longer row, one pair is merged or searched: the same bits. Loops,
 * a hub whose row is too long to be marked for the few that go with it, pairs of a node with
 * itself. */
Test(similarity, of_many_pairs_has_the_bits_of_each_alone) {
  enum { NODES = 300, LEAVES = 200, EDGES = 9000, PAIRS = 4000 };
  static pair edges[EDGES + LEAVES];
  static int32_t sources[PAIRS], targets[PAIRS];
  gli_random random = gli_random_start(11, 0);
  for (int32_t k = 0; k < EDGES; k++)
    for (int end = 0; end < 2; end++)
      edges[k][end] = (int32_t)gli_random_below(&random, NODES);
  for (int32_t k = 0; k < LEAVES; k++) {
    edges[EDGES + k][0] = NODES;
    edges[EDGES + k][1] = NODES + 1 + k;
  }
  for (int32_t k = 0; k < PAIRS; k++) {
    sources[k] = k < 3 ? NODES : k / 8 % NODES;
    targets[k] = k < 3 ? NODES + 1 + k : (int32_t)gli_random_below(&random, NODES);
  }
  gli_snapshot *snapshot = graph_of(NODES + 1 + LEAVES, false, EDGES + LEAVES, (const pair *)edges);
  for (int64_t m = -1; m < COUNT_OF(measures); m++) {
    const char *name = m < 0 ? "jaccard" : measures[m].name;
    gli_jaccard_options options = defaults;
    gli_column column;
    options.pairs = (gli_pair_list){sources, targets, PAIRS};
    gli_result *result = run_on(snapshot, name, &options, 0);
    cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
    for (int64_t row = 0; row < column.length; row += row < 16 ? 1 : 37) {
      const int32_t u = gli_result_nodes(result, "source")[row];
      const int32_t v = gli_result_nodes(result, "target")[row];
      options.pairs = (gli_pair_list){&u, &v, 1};
      gli_result *alone = run_on(snapshot, name, &options, 0);
      cr_assert_eq(score_at(result, row), score_at(alone, 0), "%s of %d and %d", name, (int)u,
                   (int)v);
      gli_result_free(alone);
    }
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(similarity, says_what_is_wrong) {
  gli_snapshot *snapshot = karate_club();
  const int32_t source = 3, target = 34;
  gli_jaccard_options options = defaults;
  options.pairs = (gli_pair_list){&source, &target, 1};
  for (int64_t k = 0; k < COUNT_OF(measures); k++)
    expect_error(snapshot, measures[k].name, &options, GLI_ERROR_NODE_NOT_FOUND, "node index 34");
  gli_snapshot_free(snapshot);
}
