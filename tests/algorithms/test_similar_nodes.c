/* Held against the measures of pairs, each of which has its own known values: what they give for
 * all pairs that share a neighbour, sorted. */
#include "algorithms/support.h"

enum { SIZE = 60 };

static const gli_similar_nodes_options defaults = GLI_SIMILAR_NODES_OPTIONS_INIT;
static const char *const measures[] = {"adamic_adar",
                                       "common_neighbors",
                                       "cosine",
                                       "jaccard",
                                       "overlap",
                                       "preferential_attachment",
                                       "resource_allocation",
                                       "sorensen"};

Test(similar_nodes, hold_what_every_algorithm_must) {
  const int32_t sources[] = {2, 9, 2};
  gli_similar_nodes_options options = defaults;
  check_algorithm("similar_nodes", &defaults, &defaults);
  options.source = (gli_node_list){sources, 3};
  options.k = 3;
  options.measure = "adamic_adar";
  options.threshold = 0.1;
  options.adjacent = false;
  check_algorithm("similar_nodes", &defaults, &options);
}

/* NetworkX 3.6.1: jaccard_coefficient of node 0 with all others, sorted. */
Test(similar_nodes, of_the_karate_club) {
  const int32_t source = 0, best[] = {1, 3, 2, 7, 13};
  const double scores[] = {0.3888888888888889, 0.29411764705882354, 0.23809523809523808,
                           0.17647058823529413, 0.16666666666666666};
  gli_snapshot *snapshot = karate_club();
  gli_similar_nodes_options options = defaults;
  options.source = (gli_node_list){&source, 1};
  options.k = 5;
  gli_result *result = run_on(snapshot, "similar_nodes", &options, 0);
  gli_column column;
  cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
  cr_assert_eq(column.length, 5);
  for (int k = 0; k < 5; k++) {
    cr_expect_eq(gli_result_nodes(result, "source")[k], 0);
    cr_expect_eq(gli_result_nodes(result, "target")[k], best[k]);
    cr_expect_float_eq(gli_result_floats(result, "score")[k], scores[k], 1e-15);
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* [u][v]: the score by the measure of pairs, -1 where the two share no neighbour or, with `apart`,
 * where an edge joins them. */
static void score_all(gli_snapshot *snapshot, const char *measure, bool apart,
                      double scores[SIZE][SIZE]) {
  int32_t sources[SIZE * SIZE], targets[SIZE * SIZE];
  const int32_t *from, *to;
  for (int32_t k = 0; k < SIZE * SIZE; k++) {
    sources[k] = k / SIZE;
    targets[k] = k % SIZE;
  }
  gli_jaccard_options options = GLI_JACCARD_OPTIONS_INIT;
  options.pairs = (gli_pair_list){sources, targets, SIZE * SIZE};
  gli_result *common = run_on(snapshot, "common_neighbors", &options, 0);
  gli_result *result = run_on(snapshot, measure, &options, 0);
  const int64_t *counts = gli_result_ints(result, "score");
  for (int k = 0; k < SIZE * SIZE; k++) {
    const bool none = k / SIZE == k % SIZE || gli_result_ints(common, "score")[k] == 0;
    const double score = counts != NULL ? (double)counts[k] : gli_result_floats(result, "score")[k];
    scores[k / SIZE][k % SIZE] = none ? -1 : score;
  }
  gli_snapshot_edge_ends(snapshot, &from, &to);
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot) && apart; e++)
    scores[from[e]][to[e]] = scores[to[e]][from[e]] = -1;
  gli_result_free(common);
  gli_result_free(result);
}

Test(similar_nodes, are_the_best_of_all_pairs) {
  static double scores[SIZE][SIZE];
  for (uint64_t seed = 0; seed < 32; seed++) {
    gli_similar_nodes_options options = defaults;
    options.measure = measures[seed % 8];
    options.adjacent = seed % 3 != 0;
    options.k = (int64_t[]){1, 4, INT32_MAX}[seed % 5 % 3];
    options.threshold = seed % 7 == 0 ? 0.25 : 0;
    gli_snapshot *snapshot = random_graph(SIZE, 40 + (int64_t)seed * 7, seed % 2, seed, NULL);
    score_all(snapshot, options.measure, !options.adjacent, scores);
    gli_result *result = run_on(snapshot, "similar_nodes", &options, 0);
    const int32_t *sources = gli_result_nodes(result, "source");
    const int32_t *targets = gli_result_nodes(result, "target");
    gli_column column;
    cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
    int64_t row = 0;
    for (int32_t u = 0; u < SIZE; u++) {
      for (int64_t k = 0; k < options.k; k++) {
        int32_t best = -1;
        for (int32_t v = 0; v < SIZE; v++) {
          if (scores[u][v] < options.threshold) continue;
          if (best < 0 || scores[u][v] > scores[u][best]) best = v;
        }
        if (best < 0) break;
        cr_assert_lt(row, column.length);
        cr_assert(sources[row] == u && targets[row] == best, "%s, seed %d", options.measure,
                  (int)seed);
        cr_assert_eq(gli_result_floats(result, "score")[row++], scores[u][best], "the same bits");
        scores[u][best] = -1;
      }
    }
    cr_assert_eq(row, column.length);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(similar_nodes, without_candidates_and_with_holes) {
  const pair edges[] = {{0, 1}, {2, 2}};
  gli_snapshot *snapshot = graph_of(4, false, 2, edges);
  gli_result *result = run_on(snapshot, "similar_nodes", NULL, 0);
  gli_column column;
  cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
  cr_assert_eq(column.length, 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  snapshot = ring_with_holes(30); /* each of 24 nodes shares a neighbour with two */
  result = run_on(snapshot, "similar_nodes", NULL, 0);
  cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
  cr_assert_eq(column.length, 48);
  for (int k = 0; k < 48; k++)
    cr_assert_float_eq(gli_result_floats(result, "score")[k], 1.0 / 3, 1e-15);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(similar_nodes, say_what_is_wrong) {
  gli_snapshot *snapshot = karate_club();
  const int32_t nobody = 99;
  gli_similar_nodes_options options = defaults;
  options.k = 0;
  expect_error(snapshot, "similar_nodes", &options, GLI_ERROR_INVALID_ARGUMENT, "k is 0");
  options = defaults;
  options.measure = "taste";
  expect_error(snapshot, "similar_nodes", &options, GLI_ERROR_INVALID_ARGUMENT, "'sorensen'");
  options = defaults;
  options.threshold = -1;
  expect_error(snapshot, "similar_nodes", &options, GLI_ERROR_INVALID_ARGUMENT, "threshold is -1");
  options = defaults;
  options.source = (gli_node_list){&nobody, 1};
  expect_error(snapshot, "similar_nodes", &options, GLI_ERROR_NODE_NOT_FOUND, "99");
  gli_snapshot_free(snapshot);
}
