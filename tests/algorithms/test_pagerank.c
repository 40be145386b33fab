/* Known values: NetworkX 3.6.1, pagerank(..., tol=1e-14, max_iter=1000). */
#include "algorithms/support.h"

#define EXACT 1e-12

static const gli_pagerank_options defaults = GLI_PAGERANK_OPTIONS_INIT;

/* Tight enough to compare with the known values to 12 digits. */
static gli_pagerank_options tight(void) {
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  options.tolerance = 1e-14;
  options.max_iterations = 1000;
  return options;
}

static const pair small_edges[] = {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {2, 2},
                                   {3, 0}, {3, 4}, {0, 1}, {4, 5}};
static const double small_weights[] = {2, 1, 3, 0.5, 1.5, 1, 4, 1, 0};

static void expect_scores(gli_snapshot *snapshot, const gli_pagerank_options *options,
                          const double *expected, int64_t count) {
  gli_result *result = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_pagerank(snapshot, options, NULL, &result, &error), GLI_OK, "%s", error.message);
  const double *score = gli_result_floats(result, "score");
  for (int64_t k = 0; k < count; k++) {
    cr_assert_float_eq(score[k], expected[k], EXACT, "node %d: %.17g, expected %.17g", (int)k,
                       score[k], expected[k]);
  }
  gli_result_free(result);
}

Test(pagerank, holds_what_every_algorithm_must) {
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  const int32_t nodes[] = {3, 5, 3};
  const double weights[] = {1, 2, 0.5};
  check_algorithm("pagerank", &defaults, &defaults);
  options.weight = "weight";
  options.personalization = (gli_node_weights){nodes, weights, 3};
  options.dangling = (gli_node_weights){nodes, weights, 2};
  check_algorithm("pagerank", &defaults, &options);
}

Test(pagerank, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  gli_pagerank_options options = tight();
  gli_result *result = run_on(snapshot, "pagerank", &options, 0);
  const double *score = gli_result_floats(result, "score");
  cr_assert_float_eq(score[0], 0.096997285388374, EXACT);
  cr_assert_float_eq(score[1], 0.052876924061168, EXACT);
  cr_assert_float_eq(score[11], 0.009564745492141, EXACT);
  cr_assert_float_eq(score[32], 0.071693226005696, EXACT);
  cr_assert_float_eq(score[33], 0.100919182332552, EXACT);
  int64_t best[3], found = 0;
  cr_assert_eq(gli_result_top(result, "score", 3, best, &found, NULL), GLI_OK);
  cr_assert_eq(found, 3);
  cr_assert(best[0] == 33 && best[1] == 0 && best[2] == 32);
  cr_assert_gt(gli_result_run(result).iterations, 10);
  gli_result_free(result);

  const int32_t home[] = {0, 5};
  const double share[] = {1, 3};
  options.personalization = (gli_node_weights){home, share, 2};
  result = run_on(snapshot, "pagerank", &options, 0);
  score = gli_result_floats(result, "score");
  cr_assert_float_eq(score[0], 0.179887152438841, EXACT);
  cr_assert_float_eq(score[33], 0.034576324957971, EXACT);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(pagerank, counts_parallel_edges_loops_and_weights_as_networkx) {
  gli_snapshot *directed = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_snapshot *undirected = graph_with(6, false, 9, small_edges, small_weights, NULL);
  gli_pagerank_options options = tight();
  expect_scores(directed, &options,
                (double[]){0.23392101650958275, 0.16895914397351883, 0.42834225218542793,
                           0.03640390128475858, 0.0518755593307825, 0.08049812671592918},
                6);
  options.weight = "weight"; /* node 4's only edge has weight 0: a dead end */
  expect_scores(directed, &options,
                (double[]){0.16289161771519617, 0.14414431978081282, 0.54465670087044138,
                           0.040300913487376772, 0.067705534658796168, 0.040300913487376772},
                6);
  expect_scores(undirected, &options,
                (double[]){0.19464382135982472, 0.20689513906510437, 0.20594111043133972,
                           0.1989687511662207, 0.16442496438527715, 0.029126213592233011},
                6);
  options.damping = 0.5;
  const int32_t nodes[] = {3, 4, 1};
  const double weights[] = {1, 2, 0};
  options.dangling = (gli_node_weights){nodes, weights, 3};
  expect_scores(directed, &options,
                (double[]){0.13037037037036686, 0.13222222222221947, 0.26518518518516682,
                           0.13888888888889528, 0.25000000000001821, 0.083333333333333329},
                6);
  const int32_t homes[] = {1, 4, 4};
  const double shares[] = {1, 1, 2}; /* a node named twice: its weights add up */
  options.dangling = (gli_node_weights){0};
  options.personalization = (gli_node_weights){homes, shares, 3};
  expect_scores(directed, &options,
                (double[]){0.021333333333337277, 0.20799999999999902, 0.17066666666667848, 0,
                           0.59999999999998521, 0},
                6);
  gli_snapshot_free(directed);
  gli_snapshot_free(undirected);
}

Test(pagerank, stops_where_networkx_stops) {
  /* pagerank(G, weight="weight") with the default tolerance: not converged further. */
  gli_snapshot *snapshot = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  options.weight = "weight";
  expect_scores(snapshot, &options,
                (double[]){0.1628914396727307, 0.14414443569132379, 0.54465520746323604,
                           0.040301266351797732, 0.067706384469114089, 0.040301266351797732},
                6);
  gli_snapshot_free(snapshot);
}

Test(pagerank, corner_cases) {
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  gli_result *result = run_on(empty, "pagerank", NULL, 0);
  gli_column column;
  cr_assert(gli_result_column_at(result, 0, &column));
  cr_assert_eq(column.length, 0);
  gli_result_free(result);
  gli_snapshot_free(empty);

  gli_snapshot *lonely = graph_of(4, true, 0, NULL); /* no edge at all: every node alike */
  expect_scores(lonely, &defaults, (double[]){0.25, 0.25, 0.25, 0.25}, 4);
  gli_pagerank_options weighted = GLI_PAGERANK_OPTIONS_INIT;
  weighted.weight = "anything"; /* no edge can lack it */
  expect_scores(lonely, &weighted, (double[]){0.25, 0.25, 0.25, 0.25}, 4);
  gli_snapshot_free(lonely);

  gli_snapshot *single = graph_of(1, true, 1, (const pair[]){{0, 0}});
  expect_scores(single, &defaults, (double[]){1}, 1);
  gli_snapshot_free(single);
}

Test(pagerank, leaves_removed_nodes_out) {
  gli_snapshot *snapshot = ring_with_holes(30);
  gli_result *result = run_on(snapshot, "pagerank", NULL, 0);
  const double *score = gli_result_floats(result, "score");
  for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    const bool alive = gli_bit(gli_snapshot_node_bits(snapshot), v);
    cr_assert_float_eq(score[v], alive ? 1.0 / 24 : 0.0, EXACT); /* a ring: all alike */
  }
  gli_result_free(result);
  const int32_t removed = 0;
  const double weight = 1;
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  options.personalization = (gli_node_weights){&removed, &weight, 1};
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_NODE_NOT_FOUND, "personalization[0]");
  gli_snapshot_free(snapshot);
}

Test(pagerank, says_what_is_wrong) {
  gli_snapshot *snapshot = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  options.damping = 1.5;
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT,
               "damping is 1.5; it must be in [0, 1]");
  options.damping = NAN;
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT, "damping is nan");
  options = defaults;
  options.max_iterations = 0;
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT,
               "max_iterations is 0; it must be at least 1");
  options = defaults;
  options.weight = "cost";
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_ATTRIBUTE_NOT_FOUND, "cost");
  const int32_t nodes[] = {1, 2};
  const double negative[] = {1, -2}, zero[] = {0, 0};
  options = defaults;
  options.personalization = (gli_node_weights){nodes, negative, 2};
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT,
               "personalization of 2 is -2; it must be at least 0 and finite");
  options.personalization = (gli_node_weights){nodes, zero, 2};
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT, "sum to 0");
  options = tight();
  options.max_iterations = 3;
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_NOT_CONVERGED, "after 3 iterations");
  gli_snapshot_free(snapshot);

  const double bad[] = {2, 1, 3, 0.5, -1.5, 1, 4, 1, 0};
  snapshot = graph_with(6, true, 9, small_edges, bad, NULL);
  options = defaults;
  options.weight = "weight";
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT,
               "weight 'weight' of the edge from 2 to 2 is -1.5; it must be at least 0 and finite");
  gli_snapshot_free(snapshot);
  const double endless[] = {2, 1, 3, 0.5, 1.5, (double)INFINITY, 4, 1, 0};
  snapshot = graph_with(6, true, 9, small_edges, endless, NULL);
  expect_error(snapshot, "pagerank", &options, GLI_ERROR_INVALID_ARGUMENT, "from 3 to 0 is inf");
  gli_snapshot_free(snapshot);
}

/* --- Graphs without directions and weights, which are solved by conjugate gradients ----------- */

/* Leaves, paths, loops, parallel edges, isolated nodes and many components beside a large one. */
static gli_snapshot *ragged_graph(int32_t node_count) {
  const int64_t room = 6 * (int64_t)node_count;
  pair *edges = calloc((size_t)room, sizeof *edges);
  gli_random random = gli_random_start(9, 1);
  int64_t count = 0;
  for (int32_t v = 0; v < node_count / 2; v++) {
    for (int k = 0; k < 5; k++) {
      edges[count][0] = v;
      edges[count++][1] = (int32_t)gli_random_below(&random, (uint64_t)(v % 7 == 0 ? 40 : v + 1));
    }
  }
  for (int32_t v = node_count / 2; v + 9 < node_count; v += 9) { /* a path, a star, an isolated */
    for (int k = 0; k < 3; k++) {
      edges[count][0] = v + k;
      edges[count++][1] = v + k + 1;
      edges[count][0] = v + 4;
      edges[count++][1] = v + 5 + k;
    }
  }
  gli_snapshot *snapshot = graph_of(node_count, false, count, (const pair *)edges);
  free(edges);
  return snapshot;
}

/* By power iteration, to a change that is not solved for. */
static gli_result *iterate(gli_snapshot *snapshot, gli_pagerank_options options) {
  options.tolerance = 1e-14 / (double)gli_snapshot_node_count(snapshot);
  options.max_iterations = 100000;
  return run_on(snapshot, "pagerank", &options, 0);
}

/* Within what a change below node_count * tolerance leaves open, and never with more iterations
 * but for those that float32 costs. */
static void expect_close(gli_snapshot *snapshot, const gli_pagerank_options *options,
                         const gli_result *expected) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  gli_result *found = run_on(snapshot, "pagerank", options, 0);
  gli_result *alone = run_on(snapshot, "pagerank", options, 1);
  expect_same(found, alone);
  const double *one = gli_result_floats(expected, "score"),
               *two = gli_result_floats(found, "score");
  double apart = 0, sum = 0;
  for (int64_t v = 0; v < limit; v++) {
    apart += fabs(one[v] - two[v]);
    sum += two[v];
  }
  const double enough = (double)gli_snapshot_node_count(snapshot) * options->tolerance;
  const double open = enough / (1 - options->damping) + EXACT;
  cr_assert_leq(apart, open, "damping %g: %g apart, %g allowed", options->damping, apart, open);
  cr_assert_float_eq(sum, 1, EXACT);
  cr_assert_leq(gli_result_run(found).iterations, gli_result_run(expected).iterations + 3);
  gli_result_free(found);
  gli_result_free(alone);
}

Test(pagerank, solves_undirected_graphs) {
  enum { NODES = 16000 };
  gli_snapshot *ragged = ragged_graph(NODES);
  const int32_t nodes[] = {0, 5, NODES - 1, NODES / 2 + 4, 5};
  const double weights[] = {1, 3, 2, 0, 1}, changes[] = {1e-3, 1e-6, 2e-12};
  const double dampings[] = {0, 0.5, 0.85, 0.97};
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  cr_assert_geq(gli_snapshot_out_rows(ragged).entry_count, 1 << 15);
  for (int k = 0; k < 4; k++) {
    options = defaults;
    options.damping = dampings[k];
    options.max_iterations = 1000;
    gli_result *expected = iterate(ragged, options);
    for (int j = 0; j < 3; j++) {
      options.tolerance = changes[j] / NODES;
      expect_close(ragged, &options, expected);
    }
    gli_result_free(expected);
    options.personalization = (gli_node_weights){nodes, weights, 5};
    if (k % 2 == 0) options.dangling = (gli_node_weights){nodes + 2, weights + 2, 3};
    expected = iterate(ragged, options);
    expect_close(ragged, &options, expected);
    gli_result_free(expected);
  }
  options.max_iterations = 2;
  expect_error(ragged, "pagerank", &options, GLI_ERROR_NOT_CONVERGED, "after 2 iterations");
  gli_snapshot_free(ragged);
}

Test(pagerank, solves_for_a_surfer_who_stays_on_an_isolated_node) {
  enum { NODES = 16000, ALONE = NODES / 2 + 8 };
  gli_snapshot *ragged = ragged_graph(NODES);
  const int32_t node = ALONE;
  const double weight = 1;
  gli_pagerank_options options = defaults;
  options.personalization = (gli_node_weights){&node, &weight, 1};
  cr_assert_eq(gli_snapshot_out_rows(ragged).rows[ALONE].length, 0);
  gli_result *expected = iterate(ragged, options);
  expect_close(ragged, &options, expected);
  gli_result *found = run_on(ragged, "pagerank", &options, 0);
  for (int32_t v = 0; v < NODES; v++)
    cr_assert_float_eq(gli_result_floats(found, "score")[v], v == ALONE, EXACT, "node %d", v);
  gli_result_free(expected);
  gli_result_free(found);
  gli_snapshot_free(ragged);
}

Test(pagerank, solving_survives_failing_allocations) {
  failing_loop loop = failing_loop_start("pagerank of an undirected graph");
  while (failing_loop_next(&loop)) {
    gli_snapshot *snapshot = random_graph(9000, 20000, false, 3, &loop.allocator);
    gli_result *result = NULL;
    failing_loop_arm(&loop);
    const gli_status status = gli_pagerank(snapshot, NULL, NULL, &result, NULL);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    cr_assert_eq(result == NULL, failed);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(pagerank, needs_no_iteration_where_ranks_are_as_degrees) {
  enum { LENGTH = 1 << 14 };
  pair *edges = calloc(LENGTH, sizeof *edges);
  for (int32_t v = 0; v < LENGTH; v++) {
    edges[v][0] = v;
    edges[v][1] = (v + 1) % LENGTH;
  }
  gli_snapshot *ring = graph_of(LENGTH, false, LENGTH, (const pair *)edges);
  gli_result *result = run_on(ring, "pagerank", &defaults, 0);
  cr_assert_eq(gli_result_run(result).iterations, 0);
  for (int32_t v = 0; v < LENGTH; v++)
    cr_assert_float_eq(gli_result_floats(result, "score")[v], 1.0 / LENGTH, EXACT);
  gli_result_free(result);
  gli_snapshot_free(ring);
  free(edges);
}

Test(pagerank, stops_soon_when_asked) {
  gli_snapshot *snapshot = random_graph(50000, 400000, true, 5, NULL);
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  options.tolerance = 0; /* never reached */
  options.max_iterations = INT32_MAX;
  gli_control control = GLI_CONTROL_INIT;
  control.max_seconds = 0.02;
  gli_result *result = NULL;
  cr_assert_eq(gli_pagerank(snapshot, &options, &control, &result, NULL), GLI_ERROR_TIMEOUT);
  control.max_seconds = 0;
  control.progress = refuse_progress;
  cr_assert_eq(gli_pagerank(snapshot, &options, &control, &result, NULL), GLI_ERROR_CALLBACK);
  cr_assert_null(result);
  gli_snapshot_free(snapshot);
}

/* example-directed of LDBC Graphalytics 1.11 with its reference output, two iterations. */
Test(pagerank, tolerance_0_does_a_fixed_number_of_iterations_as_ldbc) {
  static const pair edges[] = {{0, 2}, {0, 4}, {1, 3}, {1, 4}, {1, 9}, {2, 0},
                               {2, 4}, {2, 7}, {2, 9}, {4, 2}, {4, 3}, {4, 7},
                               {5, 2}, {5, 3}, {6, 3}, {7, 0}, {8, 3}};
  static const double expected[] = {
      1.477629166666667e-01, 4.753375000000000e-02, 1.550469444444444e-01, 1.597573611111111e-01,
      1.462400000000000e-01, 4.753375000000000e-02, 4.753375000000000e-02, 1.135740277777778e-01,
      4.753375000000000e-02, 8.748375000000001e-02};
  gli_snapshot *snapshot = graph_with(10, true, COUNT_OF(edges), edges, NULL, NULL);
  gli_pagerank_options options = GLI_PAGERANK_OPTIONS_INIT;
  options.tolerance = 0;
  options.max_iterations = 2;
  gli_result *result = run_on(snapshot, "pagerank", &options, 0);
  const double *score = gli_result_floats(result, "score");
  for (int k = 0; k < 10; k++)
    cr_expect_float_eq(score[k], expected[k], 1e-15, "node %d: %.17g", k, score[k]);
  cr_expect_eq(gli_result_run(result).iterations, 2);
  gli_result_free(result);
  options.max_iterations = 500; /* converged to the last bit or not: no error, no early end */
  result = run_on(snapshot, "pagerank", &options, 0);
  cr_expect_eq(gli_result_run(result).iterations, 500);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}
