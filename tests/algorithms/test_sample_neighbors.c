/* No outside source has these samples: each must hold what PyG's and DGL's documentation say of
 * theirs, and how often which edge is drawn must pass a chi-square test at 1e-6 (fixed seeds: it
 * passes always or never). */
#include <gli/algorithms/sample_neighbors.h>

#include "algorithms/support.h"

static const gli_sample_neighbors_options init = GLI_SAMPLE_NEIGHBORS_OPTIONS_INIT;
static const int32_t seeds[] = {2, 9, 2, 30};
static const int64_t two_hops[] = {3, 2}, many[] = {40, 0, 5}, all[] = {-1, -1, -1};

static gli_sample_neighbors_options sample(int64_t source_count, const int64_t *fanouts,
                                           int64_t count) {
  gli_sample_neighbors_options options = init;
  options.source = (gli_node_list){seeds, source_count};
  options.fanouts = (gli_int_list){fanouts, count};
  return options;
}

Test(sample_neighbors, holds_what_every_algorithm_must) {
  gli_sample_neighbors_options options = sample(4, two_hops, 2);
  check_algorithm("sample_neighbors", &init, &options);
  options.fanouts.values = all;
  options.weight = "weight";
  options.direction = "in";
  check_algorithm("sample_neighbors", &init, &options);
  options.fanouts.values = two_hops;
  options.frontier = "all";
  check_algorithm("sample_neighbors", &init, &options);
  options.replace = true;
  check_algorithm("sample_neighbors", &init, &options);
}

typedef struct rows {
  const int32_t *node, *neighbor;
  const int64_t *edge, *hop, *layer;
  int64_t count;
} rows;

static rows rows_of(const gli_result *result) {
  gli_column edge = {0};
  cr_assert(gli_result_column_at(result, 2, &edge));
  cr_assert_str_eq(edge.name, "edge");
  return (rows){
      gli_result_nodes(result, "node"), gli_result_nodes(result, "neighbor"), edge.data,
      gli_result_ints(result, "hop"),   gli_result_ints(result, "layer"),     edge.length};
}

/* What holds for every sample, of a graph with node_limit below 400. */
static void expect_sample(gli_snapshot *snapshot, const gli_sample_neighbors_options *options) {
  gli_result *result = run_on(snapshot, "sample_neighbors", options, 0);
  const rows r = rows_of(result);
  const bool in = options->direction[0] == 'i', carry = options->frontier[0] == 'a';
  const int32_t limit = gli_snapshot_node_limit(snapshot), *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  gli_rows of = gli_snapshot_out_rows(snapshot);
  if (in) cr_assert_eq(gli_snapshot_in_rows(snapshot, &of, NULL), GLI_OK);
  int64_t layer[400], drawn[400], at = 0;
  for (int32_t v = 0; v < limit; v++)
    layer[v] = -1;
  for (int64_t k = 0; k < options->source.count; k++)
    layer[options->source.nodes[k]] = 0;
  for (int64_t hop = 1; hop <= options->fanouts.count; hop++) {
    const int64_t first = at, fanout = options->fanouts.values[hop - 1];
    memset(drawn, 0, sizeof drawn);
    for (; at < r.count && r.hop[at] == hop; at++) {
      const int32_t u = r.node[at], v = r.neighbor[at];
      const int32_t from = in ? targets[r.edge[at]] : sources[r.edge[at]];
      const int32_t to = in ? sources[r.edge[at]] : targets[r.edge[at]];
      const bool swapped = !gli_snapshot_is_directed(snapshot) && from == v && to == u;
      cr_assert((from == u && to == v) || swapped);
      cr_assert(layer[u] >= 0 && layer[u] < hop && (carry || layer[u] == hop - 1));
      drawn[u]++;
      for (int64_t k = first; k < at && !options->replace; k++)
        cr_assert(r.edge[k] != r.edge[at] || r.node[k] != u || u != v || from == to, "twice");
    }
    for (int32_t v = 0; v < limit; v++) {
      const bool draws = layer[v] >= 0 && (carry || layer[v] == hop - 1);
      const int64_t length = of.rows[v].length;
      const int64_t most = fanout < 0 || (!options->replace && length < fanout) ? length : fanout;
      cr_assert_eq(drawn[v], draws && length > 0 ? most : 0, "node %d, hop %d", (int)v, (int)hop);
    }
    for (int64_t k = first; k < at; k++)
      if (layer[r.neighbor[k]] < 0) layer[r.neighbor[k]] = hop;
  }
  cr_assert_eq(at, r.count);
  cr_assert_eq(memcmp(layer, r.layer, (size_t)limit * sizeof *layer), 0);
  gli_result_free(result);
}

Test(sample_neighbors, draws_what_the_fanouts_say) {
  const int64_t *const fanouts[] = {two_hops, many, all};
  const int64_t counts[] = {2, 3, 3};
  for (int kind = 0; kind < 72; kind++) {
    gli_snapshot *snapshot = random_graph(300, 1500, kind % 2 == 0, (uint64_t)kind, NULL);
    gli_sample_neighbors_options options =
        sample(1 + kind % 4, fanouts[kind % 3], counts[kind % 3]);
    options.direction = kind % 4 < 2 ? "out" : "in";
    options.frontier = kind % 8 < 4 ? "new" : "all";
    options.replace = kind % 5 == 0;
    options.weight = kind % 7 < 3 ? "weight" : NULL;
    options.seed = kind;
    expect_sample(snapshot, &options);
    gli_snapshot_free(snapshot);
  }
}

/* Chi-square of how often a star's center draws which leaf, in `rounds` samples; at most 1e-6 of
 * all seeds exceed `bound`. */
static void expect_shares(bool replace, const double *weights, int leaves, int64_t fanout,
                          const double *expected, double bound) {
  enum { ROUNDS = 40000, LEAVES = 100 };
  pair edges[LEAVES];
  double counts[LEAVES] = {0}, chi = 0;
  const int32_t center = 0;
  for (int32_t k = 0; k < leaves; k++) {
    edges[k][0] = 0;
    edges[k][1] = k + 1;
  }
  gli_snapshot *snapshot = graph_with(leaves + 1, true, leaves, (const pair *)edges, weights, NULL);
  gli_sample_neighbors_options options = init;
  options.source = (gli_node_list){&center, 1};
  options.fanouts = (gli_int_list){&fanout, 1};
  options.replace = replace;
  options.weight = weights != NULL ? "weight" : NULL;
  for (int round = 0; round < ROUNDS; round++) {
    options.seed = round;
    gli_result *result = run_on(snapshot, "sample_neighbors", &options, 1);
    const rows r = rows_of(result);
    cr_assert_eq(r.count, fanout);
    for (int64_t k = 0; k < r.count; k++)
      counts[r.neighbor[k] - 1]++;
    gli_result_free(result);
  }
  for (int k = 0; k < leaves; k++) {
    const double wanted = ROUNDS * expected[k];
    if (wanted == 0) cr_assert_eq(counts[k], 0);
    if (wanted > 0) chi += (counts[k] - wanted) * (counts[k] - wanted) / wanted;
  }
  cr_assert_lt(chi, bound, "chi-square is %g", chi);
  gli_snapshot_free(snapshot);
}

Test(sample_neighbors, draws_in_proportion) {
  const double weights[] = {1, 2, 0, 5};
  double even[100];
  for (int k = 0; k < 100; k++)
    even[k] = 0.4;
  /* Leaves of one sample differ, which makes chi-square smaller by (1 - 0.4) n / (n - 1). */
  expect_shares(false, NULL, 5, 2, even, 25.1);   /* Floyd's method */
  expect_shares(false, NULL, 100, 40, even, 110); /* one pass */
  for (int k = 0; k < 100; k++)
    even[k] = 0.6;
  expect_shares(true, NULL, 5, 3, even, 33.4);
  expect_shares(true, weights, 4, 2, (const double[]){0.25, 0.5, 0, 1.25}, 33.4);
  expect_shares(false, weights, 4, 1, (const double[]){0.125, 0.25, 0, 0.625}, 33.4);
  /* one after the other: 1/8 + 2/8 1/6 + 5/8 1/3, and so on */
  const double two[] = {1 / 8. + 2 / 48. + 5 / 24., 2 / 8. + 2 / 56. + 10 / 24., 0,
                        5 / 8. + 5 / 56. + 10 / 48.};
  expect_shares(false, weights, 4, 2, two, 33.4);
}

Test(sample_neighbors, draws_anew_in_every_hop) {
  enum { LEAVES = 50, ROUNDS = 1000 };
  const int64_t ones[] = {1, 1};
  const int32_t center = 0;
  pair edges[LEAVES];
  int same = 0;
  for (int32_t k = 0; k < LEAVES; k++) {
    edges[k][0] = 0;
    edges[k][1] = k + 1;
  }
  gli_snapshot *snapshot = graph_of(LEAVES + 1, true, LEAVES, (const pair *)edges);
  gli_sample_neighbors_options options = sample(1, ones, 2);
  options.source.nodes = &center;
  options.frontier = "all"; /* the center draws in both hops */
  for (int round = 0; round < ROUNDS; round++) {
    options.seed = round;
    gli_result *result = run_on(snapshot, "sample_neighbors", &options, 1);
    const rows r = rows_of(result);
    cr_assert_eq(r.count, 2);
    same += r.neighbor[0] == r.neighbor[1];
    gli_result_free(result);
  }
  cr_assert(same > 0 && same < 50, "%d of 1000, where 20 are to be expected", same);
  gli_snapshot_free(snapshot);
}

Test(sample_neighbors, knows_holes_and_next_to_nothing) {
  const int32_t one = 1;
  gli_snapshot *snapshot = ring_with_holes(50);
  gli_sample_neighbors_options options = sample(1, all, 3);
  options.source.nodes = &one;
  gli_result *result = run_on(snapshot, "sample_neighbors", &options, 0);
  const rows r = rows_of(result);
  cr_assert_eq(r.count, 3);
  cr_assert_eq(r.layer[1], 0);
  cr_assert_eq(r.layer[4], 3);
  cr_assert_eq(r.layer[5], 0, "a hole");
  cr_assert_eq(r.layer[6], -1);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(sample_neighbors, says_what_is_wrong) {
  const int64_t bad[] = {5, -2}, huge[] = {INT32_MAX, INT32_MAX};
  gli_snapshot *snapshot = random_graph(1000, 9000, true, 1, NULL);
  gli_sample_neighbors_options options = sample(1, bad, 2);
  expect_error(snapshot, "sample_neighbors", &options, GLI_ERROR_INVALID_ARGUMENT,
               "fanouts[1] is -2; it must be in [-1, 2147483647]");
  options = sample(1, bad, 0);
  expect_error(snapshot, "sample_neighbors", &options, GLI_ERROR_INVALID_ARGUMENT,
               "fanouts is empty");
  options = sample(1, NULL, 0);
  expect_error(snapshot, "sample_neighbors", &options, GLI_ERROR_INVALID_ARGUMENT,
               "fanouts is required");
  static int32_t everybody[1000];
  for (int32_t v = 0; v < 1000; v++)
    everybody[v] = v;
  options = sample(1, huge, 2);
  options.source = (gli_node_list){everybody, 1000};
  options.replace = true;
  expect_error(snapshot, "sample_neighbors", &options, GLI_ERROR_LIMIT, "at most 2^40");
  gli_snapshot_free(snapshot);
}
