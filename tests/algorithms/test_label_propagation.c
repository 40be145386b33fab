/* The rule is applied naively beside the kernel, on random graphs; and its fixed points are
 * checked. */
#include "algorithms/support.h"

static const gli_label_propagation_options defaults = GLI_LABEL_PROPAGATION_OPTIONS_INIT;

Test(label_propagation, holds_what_every_algorithm_must) {
  gli_label_propagation_options options = GLI_LABEL_PROPAGATION_OPTIONS_INIT;
  check_algorithm("label_propagation", &defaults, &defaults);
  options.method = "async";
  options.seed = 5;
  check_algorithm("label_propagation", &defaults, &options);
}

static void count_votes(const gli_rows *rows, int32_t node, const int64_t *labels, int64_t *votes) {
  for (uint32_t k = 0; k < rows->rows[node].length; k++)
    votes[labels[rows->neighbors[rows->rows[node].begin + k]]]++;
}

/* LDBC's rule, straight from its definition, on labels 0 .. n-1. */
static void propagate_naively(gli_snapshot *snapshot, int rounds, int64_t *labels) {
  const int32_t n = gli_snapshot_node_limit(snapshot);
  const gli_rows out = gli_snapshot_out_rows(snapshot);
  gli_rows in;
  cr_assert_eq(gli_snapshot_in_rows(snapshot, &in, NULL), GLI_OK);
  int64_t *next = calloc((size_t)n, sizeof *next), *votes = calloc((size_t)n, sizeof *votes);
  for (int32_t v = 0; v < n; v++)
    labels[v] = v;
  for (int r = 0; r < rounds; r++) {
    for (int32_t v = 0; v < n; v++) {
      memset(votes, 0, (size_t)n * sizeof *votes);
      count_votes(&out, v, labels, votes);
      if (gli_snapshot_is_directed(snapshot)) count_votes(&in, v, labels, votes);
      int64_t best = labels[v], most = 0;
      for (int64_t label = 0; label < n; label++) {
        if (votes[label] > most) {
          most = votes[label];
          best = label;
        }
      }
      next[v] = best;
    }
    memcpy(labels, next, (size_t)n * sizeof *labels);
  }
  free(next);
  free(votes);
}

/* Same partition: two nodes share a label in one exactly when they do in the other. */
static void expect_same_partition(const int64_t *left, const int64_t *right, int32_t n) {
  for (int32_t u = 0; u < n; u++) {
    for (int32_t v = 0; v < u; v++)
      cr_assert_eq(left[u] == left[v], right[u] == right[v], "nodes %d and %d", u, v);
  }
}

Test(label_propagation, follows_the_rule_of_ldbc_on_random_graphs) {
  for (uint64_t seed = 0; seed < 30; seed++) {
    for (int directed = 0; directed <= 1; directed++) {
      gli_snapshot *snapshot = random_graph(60, (int64_t)(40 + 9 * seed), directed, seed, NULL);
      for (int rounds = 1; rounds <= 10; rounds += 3) {
        gli_label_propagation_options options = GLI_LABEL_PROPAGATION_OPTIONS_INIT;
        options.max_iterations = rounds;
        gli_result *result = run_on(snapshot, "label_propagation", &options, 0);
        int64_t expected[60];
        propagate_naively(snapshot, rounds, expected);
        expect_same_partition(expected, gli_result_ints(result, "label"), 60);
        const int32_t *origin = gli_result_nodes(result, "origin");
        for (int v = 0; v < 60; v++)
          cr_expect_eq(origin[v], expected[v], "node %d", v);
        gli_result_free(result);
      }
      gli_snapshot_free(snapshot);
    }
  }
}

/* Nobody sleeps who would rather have another label: few neighbours and many, either direction. */
Test(label_propagation, asynchronous_ends_where_no_node_wants_to_change) {
  enum { NODES = 200 };
  for (int k = 0; k < 40; k++) {
    const bool directed = k % 2 == 1;
    gli_snapshot *snapshot =
        random_graph(NODES, 500 + 100 * (k % 20), directed, 9 + (uint64_t)k, NULL);
    gli_label_propagation_options options = GLI_LABEL_PROPAGATION_OPTIONS_INIT;
    options.method = "async";
    gli_result *result = run_on(snapshot, "label_propagation", &options, 0);
    cr_assert_lt(gli_result_run(result).iterations, 100);
    const int64_t *label = gli_result_ints(result, "label");
    const gli_rows out = gli_snapshot_out_rows(snapshot);
    gli_rows in;
    cr_assert_eq(gli_snapshot_in_rows(snapshot, &in, NULL), GLI_OK);
    int64_t votes[NODES];
    for (int32_t v = 0; v < NODES; v++) {
      memset(votes, 0, sizeof votes);
      count_votes(&out, v, label, votes);
      if (directed) count_votes(&in, v, label, votes);
      for (int other = 0; other < NODES; other++)
        cr_assert_geq(votes[label[v]], votes[other], "node %d would rather be %d", v, other);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(label_propagation, asynchronous_ties_are_drawn_so_cliques_stay_apart) {
  int32_t sources[4 * 28 + 3], targets[4 * 28 + 3];
  int64_t count = 0;
  for (int32_t clique = 0; clique < 4; clique++) {
    for (int32_t u = 0; u < 8; u++) {
      for (int32_t v = u + 1; v < 8; v++) {
        sources[count] = 8 * clique + u;
        targets[count++] = 8 * clique + v;
      }
    }
    if (clique > 0) {
      sources[count] = 8 * (clique - 1);
      targets[count++] = 8 * clique;
    }
  }
  gli_snapshot *snapshot = NULL;
  cr_assert_eq(
      gli_snapshot_from_edges(32, count, sources, targets, NULL, false, NULL, &snapshot, NULL),
      GLI_OK);
  int found = 0;
  for (int64_t seed = 0; seed < 40; seed++) {
    gli_label_propagation_options options = GLI_LABEL_PROPAGATION_OPTIONS_INIT;
    options.method = "async";
    options.seed = seed;
    gli_result *result = run_on(snapshot, "label_propagation", &options, 0);
    const int64_t *label = gli_result_ints(result, "label");
    bool apart = true;
    for (int32_t v = 0; v < 32; v++)
      apart = apart && label[v] == v / 8;
    found += apart;
    gli_result_free(result);
  }
  cr_expect_geq(found, 36, "only %d of 40 seeds keep the cliques apart", found);
  gli_snapshot_free(snapshot);
}

Test(label_propagation, numbers_communities_by_first_node_and_skips_holes) {
  gli_snapshot *snapshot = ring_with_holes(30);
  gli_result *result = run_on(snapshot, "label_propagation", NULL, 0);
  const int64_t *label = gli_result_ints(result, "label");
  const int32_t *origin = gli_result_nodes(result, "origin");
  int64_t next = 0;
  for (int32_t v = 0; v < 30; v++) {
    if (v % 5 == 0) {
      cr_expect_eq(origin[v], GLI_NODE_NONE);
      continue;
    }
    cr_expect(origin[v] % 5 != 0 && origin[v] >= 0 && origin[v] < 30, "node %d: %d", v, origin[v]);
    cr_expect_leq(label[v], next);
    if (label[v] == next) next++;
  }
  cr_expect_eq(*gli_result_ints(result, "count"), next);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  gli_label_propagation_options options = GLI_LABEL_PROPAGATION_OPTIONS_INIT;
  options.method = "sync";
  snapshot = karate_club();
  expect_error(snapshot, "label_propagation", &options, GLI_ERROR_INVALID_ARGUMENT, "method");
  gli_snapshot_free(snapshot);
}
