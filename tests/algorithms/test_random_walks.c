/* No outside source has these walks: each step must be an edge, and how often which edge is taken
 * must pass a chi-square test at 1e-6 (fixed seeds: it passes always or never). */
#include <gli/algorithms/random_walks.h>

#include "algorithms/support.h"

static const gli_random_walks_options init = GLI_RANDOM_WALKS_OPTIONS_INIT;

Test(random_walks, hold_what_every_algorithm_must) {
  const int32_t sources[] = {2, 9, 2};
  gli_random_walks_options options = init;
  check_algorithm("random_walks", &init, &init);
  options.source = (gli_node_list){sources, 3};
  options.walks_per_node = 50;
  options.weight = "weight";
  options.p = 0.25;
  options.q = 4;
  options.direction = "in";
  options.seed = 5;
  check_algorithm("random_walks", &init, &options);
}

/* Chi-square of counts against shares; 4 degrees of freedom at most: 33.4 is exceeded once in 1e6.
 */
static void expect_shares(const int64_t *counts, const double *shares, int kinds) {
  double total = 0, sum = 0, chi = 0;
  for (int k = 0; k < kinds; k++) {
    total += (double)counts[k];
    sum += shares[k];
  }
  for (int k = 0; k < kinds; k++) {
    const double expected = total * shares[k] / sum;
    if (shares[k] == 0) cr_assert_eq(counts[k], 0);
    if (shares[k] > 0)
      chi += ((double)counts[k] - expected) * ((double)counts[k] - expected) / expected;
  }
  cr_assert_lt(chi, 33.4, "chi-square is %g", chi);
}

/* 0 is joined to 1 .. 4, and 1 to 2: from 1 by way of 0, node 2 is near, 3 and 4 are away. */
static const pair star[] = {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 2}};

/* How often walks of two steps 1 -> 0 -> x, of `rounds` walks from 1, end at x = 1 .. 4. */
static void count_ends(const gli_random_walks_options *options, const double *weights,
                       int64_t *counts) {
  gli_snapshot *snapshot = graph_with(5, false, COUNT_OF(star), star, weights, NULL);
  gli_result *result = run_on(snapshot, "random_walks", options, 0);
  const int32_t *node = gli_result_nodes(result, "node");
  memset(counts, 0, 4 * sizeof *counts);
  for (int64_t k = 0; k < gli_result_ints(result, "walks")[0]; k++) {
    if (node[3 * k + 1] == 0) counts[node[3 * k + 2] - 1]++;
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(random_walks, take_edges_in_proportion) {
  const double weights[] = {2, 1, 0, 5, 3};
  const int32_t source = 1;
  int64_t counts[4];
  gli_random_walks_options options = init;
  options.source = (gli_node_list){&source, 1};
  options.length = 2;
  options.walks_per_node = 100000;
  count_ends(&options, weights, counts);
  expect_shares(counts, (const double[]){1, 1, 1, 1}, 4);
  options.weight = "weight";
  count_ends(&options, weights, counts);
  expect_shares(counts, (const double[]){2, 1, 0, 5}, 4);
  options.p = 0.5;
  options.q = 4;
  count_ends(&options, weights, counts);
  expect_shares(counts, (const double[]){4, 1, 0, 1.25}, 4);
  options.weight = NULL;
  count_ends(&options, weights, counts);
  expect_shares(counts, (const double[]){2, 1, 0.25, 0.25}, 4);
}

Test(random_walks, keep_their_shares_where_nearly_all_is_rejected) {
  /* 3 is left by way of 0 alone: 1, 2 and 4 are away, 3 is back; both biases far below 1 */
  const double weights[] = {1, 2, 1, 4, 1};
  const int32_t source = 3;
  int64_t counts[4];
  gli_random_walks_options options = init;
  options.source = (gli_node_list){&source, 1};
  options.length = 2;
  options.walks_per_node = 100000;
  options.weight = "weight";
  options.p = 1e6;
  options.q = 1e6;
  count_ends(&options, weights, counts);
  expect_shares(counts, (const double[]){1, 2, 1, 4}, 4);
}

Test(random_walks, go_along_edges_and_end_where_none_leads_on) {
  for (int directed = 0; directed <= 1; directed++) {
    gli_snapshot *snapshot = random_graph(500, 700, directed, 9, NULL);
    gli_random_walks_options options = init;
    options.walks_per_node = 3;
    options.length = 7;
    gli_result *result = run_on(snapshot, "random_walks", &options, 0);
    const int32_t *node = gli_result_nodes(result, "node");
    const gli_rows rows = gli_snapshot_out_rows(snapshot);
    cr_assert_eq(gli_result_ints(result, "walks")[0], 1500);
    cr_assert_eq(gli_result_ints(result, "places")[0], 8);
    for (int64_t walk = 0; walk < 1500; walk++) {
      cr_assert_eq(node[8 * walk], walk / 3);
      for (int64_t k = 8 * walk + 1; k < 8 * walk + 8; k++) {
        if (node[k - 1] == GLI_NODE_NONE) {
          cr_assert_eq(node[k], GLI_NODE_NONE);
          continue;
        }
        const gli_row row = rows.rows[node[k - 1]];
        bool found = row.length == 0 && node[k] == GLI_NODE_NONE;
        for (uint32_t j = 0; j < row.length; j++)
          found |= rows.neighbors[row.begin + j] == node[k];
        cr_assert(found, "%d to %d is no edge", (int)node[k - 1], (int)node[k]);
      }
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(random_walks, start_at_live_nodes_and_follow_the_seed) {
  gli_snapshot *snapshot = ring_with_holes(50);
  gli_result *result = run_on(snapshot, "random_walks", NULL, 0);
  cr_assert_eq(gli_result_ints(result, "walks")[0], 40);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  snapshot = karate_club();
  gli_random_walks_options options = init;
  gli_result *first = run_on(snapshot, "random_walks", &options, 0);
  options.seed = 1;
  gli_result *second = run_on(snapshot, "random_walks", &options, 0);
  cr_assert_neq(
      memcmp(gli_result_nodes(first, "node"), gli_result_nodes(second, "node"), 34 * 11 * 4), 0);
  gli_result_free(first);
  gli_result_free(second);
  gli_snapshot_free(snapshot);
}

Test(random_walks, say_what_is_wrong) {
  gli_snapshot *snapshot = karate_club();
  gli_random_walks_options options = init;
  options.length = 0;
  expect_error(snapshot, "random_walks", &options, GLI_ERROR_INVALID_ARGUMENT, "length is 0");
  options = init;
  options.p = 0;
  expect_error(snapshot, "random_walks", &options, GLI_ERROR_INVALID_ARGUMENT, "p is 0");
  options = init;
  options.length = options.walks_per_node = INT32_MAX;
  expect_error(snapshot, "random_walks", &options, GLI_ERROR_LIMIT, "at most 2^40");
  gli_snapshot_free(snapshot);
}
