/* Known values: NetworkX 3.6.1, hits(..., tol=0), which is SciPy's ARPACK; parallel edges added up,
 * as its adjacency matrix has them. */
#include "algorithms/support.h"

#define EXACT 1e-11

static const gli_hits_options defaults = GLI_HITS_OPTIONS_INIT;

static const pair small_edges[] = {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {2, 2},
                                   {3, 0}, {3, 4}, {0, 1}, {4, 5}};
static const double small_weights[] = {2, 1, 3, 0.5, 1.5, 1, 4, 1, 0};

static gli_hits_options tight(const char *weight) {
  gli_hits_options options = GLI_HITS_OPTIONS_INIT;
  options.tolerance = 1e-14;
  options.weight = weight;
  return options;
}

static void expect_scores(gli_snapshot *snapshot, const gli_hits_options *options,
                          const double *hubs, const double *authorities, int64_t count) {
  gli_result *result = run_on(snapshot, "hits", options, 0);
  const double *hub = gli_result_floats(result, "hub");
  const double *authority = gli_result_floats(result, "authority");
  for (int64_t k = 0; k < count; k++) {
    cr_assert_float_eq(hub[k], hubs[k], EXACT, "hub %d: %.17g, not %.17g", (int)k, hub[k], hubs[k]);
    cr_assert_float_eq(authority[k], authorities[k], EXACT, "authority %d: %.17g, not %.17g",
                       (int)k, authority[k], authorities[k]);
  }
  gli_result_free(result);
}

Test(hits, holds_what_every_algorithm_must) {
  gli_hits_options options = defaults;
  options.weight = "weight";
  options.max_iterations = 100000;
  check_algorithm("hits", &defaults, &options);
}

Test(hits, agrees_with_networkx_on_a_real_graph) {
  gli_snapshot *snapshot = email_core();
  gli_hits_options options = tight(NULL);
  gli_result *result = run_on(snapshot, "hits", &options, 0);
  const double *hub = gli_result_floats(result, "hub");
  const double *authority = gli_result_floats(result, "authority");
  cr_assert_float_eq(hub[0], 0.0011656523581661015, EXACT);
  cr_assert_float_eq(hub[160], 0.010628802611038442, EXACT);
  cr_assert_float_eq(authority[107], 0.00689817019986465, EXACT);
  cr_assert_float_eq(authority[1004], 2.04131131947922e-05, EXACT);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

static const double weighted_hubs[] = {
    0.02357261095902105, 0.03333243537386723, 0.04372263819063425, 0.8993723154764774, 0, 0};
static const double weighted_authorities[] = {
    0.1927833831843323, 0.014798876812440109, 0.039583578447786746, 0, 0.7528341615554409, 0};

Test(hits, counts_parallel_edges_loops_and_weights) {
  gli_snapshot *directed = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_snapshot *undirected = graph_with(6, false, 9, small_edges, small_weights, NULL);
  gli_hits_options options = tight(NULL);
  static const double both[] = {0.3173244581842488, 0.24811873292657596, 0.3130772690287369,
                                0.0896756813503542, 0.02520506551043755, 0.006598792999646649};
  expect_scores(directed, &options,
                (double[]){0.562013782543319, 0.16593587830552928, 0.2138675890237903,
                           0.05818275012736131, 0, 0},
                (double[]){0.11353985555728124, 0.4691114437884688, 0.39306620548810484, 0,
                           0.024282495166145154, 0},
                6);
  expect_scores(undirected, &options, both, both, 6);
  options.weight = "weight";
  expect_scores(directed, &options, weighted_hubs, weighted_authorities, 6);
  options.normalized = false;
  expect_scores(directed, &options,
                (double[]){0.107905696631305, 0.15258214992339034, 0.20014421570527952,
                           4.116955750091039, 0, 0},
                (double[]){0.24770628148716867, 0.019014993330058298, 0.050860716641130115, 0,
                           0.9673123671509675, 0},
                6);
  gli_snapshot_free(directed);
  gli_snapshot_free(undirected);
}

Test(hits, takes_weights_of_any_size) {
  static const double factors[] = {1e300, 1e-300, 1e150};
  for (int f = 0; f < 3; f++) {
    double weights[9];
    for (int k = 0; k < 9; k++)
      weights[k] = small_weights[k] * factors[f];
    gli_snapshot *snapshot = graph_with(6, true, 9, small_edges, weights, NULL);
    const gli_hits_options options = tight("weight");
    expect_scores(snapshot, &options, weighted_hubs, weighted_authorities, 6);
    gli_snapshot_free(snapshot);
  }
}

Test(hits, of_corner_cases) {
  static const double zeros[10] = {0};
  gli_snapshot *empty = graph_of(0, true, 0, NULL);
  gli_result_free(run_on(empty, "hits", NULL, 0));
  gli_snapshot_free(empty);
  gli_snapshot *no_edge = graph_of(3, true, 0, NULL);
  expect_scores(no_edge, &defaults, zeros, zeros, 3);
  gli_snapshot_free(no_edge);
  const double nothing[] = {0};
  gli_hits_options options = tight("weight");
  options.normalized = false;
  gli_snapshot *weightless = graph_with(2, true, 1, (const pair[]){{0, 1}}, nothing, NULL);
  expect_scores(weightless, &options, zeros, zeros, 2);
  gli_snapshot_free(weightless);
  gli_snapshot *one_edge = graph_of(3, true, 1, (const pair[]){{0, 2}});
  expect_scores(one_edge, &defaults, (double[]){1, 0, 0}, (double[]){0, 0, 1}, 3);
  gli_snapshot_free(one_edge);
  gli_snapshot *holes = ring_with_holes(10);
  static const double eighths[] = {0, .125, .125, .125, .125, 0, .125, .125, .125, .125};
  expect_scores(holes, &defaults, eighths, eighths, 10);
  gli_snapshot_free(holes);
}

Test(hits, says_what_is_wrong) {
  gli_snapshot *snapshot = karate_club();
  gli_hits_options options = defaults;
  options.max_iterations = 2;
  gli_result *result = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_hits(snapshot, &options, NULL, &result, &error), GLI_ERROR_NOT_CONVERGED);
  cr_assert_not_null(strstr(error.message, "after 2 iterations"), "%s", error.message);
  cr_assert_null(result);
  gli_snapshot_free(snapshot);
  const double weights[] = {1, -1};
  snapshot = graph_with(3, true, 2, (const pair[]){{0, 1}, {1, 2}}, weights, NULL);
  options.weight = "weight";
  expect_error(snapshot, "hits", &options, GLI_ERROR_INVALID_ARGUMENT, "weight");
  gli_snapshot_free(snapshot);
}
