/* Known values: NetworkX 3.6.1, katz_centrality(..., tol=1e-14); parallel edges as one edge of
 * their added weights, since NetworkX refuses multigraphs here. */
#include "algorithms/support.h"

#define EXACT 1e-12

static const gli_katz_centrality_options defaults = GLI_KATZ_CENTRALITY_OPTIONS_INIT;

static const pair small_edges[] = {{0, 1}, {0, 2}, {1, 2}, {2, 0}, {2, 2},
                                   {3, 0}, {3, 4}, {0, 1}, {4, 5}};
static const double small_weights[] = {2, 1, 3, 0.5, 1.5, 1, 4, 1, 0};

static gli_katz_centrality_options tight(void) {
  gli_katz_centrality_options options = GLI_KATZ_CENTRALITY_OPTIONS_INIT;
  options.tolerance = 1e-14;
  return options;
}

static void expect_scores(gli_snapshot *snapshot, const gli_katz_centrality_options *options,
                          const double *expected, int64_t count) {
  gli_result *result = run_on(snapshot, "katz_centrality", options, 0);
  const double *score = gli_result_floats(result, "score");
  for (int64_t k = 0; k < count; k++) {
    cr_assert_float_eq(score[k], expected[k], EXACT, "node %d: %.17g, expected %.17g", (int)k,
                       score[k], expected[k]);
  }
  gli_result_free(result);
}

Test(katz_centrality, holds_what_every_algorithm_must) {
  gli_katz_centrality_options options = GLI_KATZ_CENTRALITY_OPTIONS_INIT;
  options.alpha = 0.002; /* random graphs of the checks have large weights */
  options.weight = "weight";
  check_algorithm("katz_centrality", &defaults, &options);
}

Test(katz_centrality, agrees_with_networkx_on_the_karate_club) {
  gli_snapshot *snapshot = karate_club();
  const gli_katz_centrality_options options = tight();
  gli_result *result = run_on(snapshot, "katz_centrality", &options, 0);
  const double *score = gli_result_floats(result, "score");
  cr_assert_float_eq(score[0], 0.3213246219124109, EXACT);
  cr_assert_float_eq(score[1], 0.23548427483304826, EXACT);
  cr_assert_float_eq(score[11], 0.09661671600809041, EXACT);
  cr_assert_float_eq(score[32], 0.2750851674850531, EXACT);
  cr_assert_float_eq(score[33], 0.33140642739978216, EXACT);
  cr_assert_gt(gli_result_run(result).iterations, 10);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(katz_centrality, counts_parallel_edges_loops_and_weights) {
  gli_snapshot *directed = graph_with(6, true, 9, small_edges, small_weights, NULL);
  gli_snapshot *undirected = graph_with(6, false, 9, small_edges, small_weights, NULL);
  gli_katz_centrality_options options = tight();
  expect_scores(directed, &options,
                (double[]){0.4259301525240993, 0.4290278263606382, 0.47704177082699056,
                           0.343841795855819, 0.3782259754414009, 0.3816643933999591},
                6);
  options.weight = "weight";
  options.alpha = 0.05;
  expect_scores(undirected, &options,
                (double[]){0.4315516810491504, 0.44256730646124337, 0.44333583846673824,
                           0.4116443732219689, 0.3936630531782543, 0.31133417853386064},
                6);
  options.alpha = 0.2;
  options.beta = 0.5;
  options.normalized = false;
  expect_scores(
      directed, &options,
      (double[]){0.7763975155279434, 0.9658385093167619, 1.7639751552794694, 0.5, 0.9, 0.5}, 6);
  gli_snapshot_free(directed);
  gli_snapshot_free(undirected);
}

Test(katz_centrality, says_when_alpha_is_too_large) {
  gli_snapshot *snapshot = karate_club();
  gli_katz_centrality_options options = defaults;
  options.alpha = 0.9; /* the largest eigenvalue is 6.7 */
  options.max_iterations = 50;
  gli_result *result = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_katz_centrality(snapshot, &options, NULL, &result, &error),
               GLI_ERROR_NOT_CONVERGED);
  cr_assert_not_null(strstr(error.message, "after 50 iterations"), "%s", error.message);
  cr_assert_not_null(strstr(error.message, "alpha is 0.9"), "%s", error.message);
  cr_assert_null(result);
  /* Growing sixfold, the scores leave float64 after some 400; the rest is not gone through. */
  options.max_iterations = 1000000000;
  cr_assert_eq(gli_katz_centrality(snapshot, &options, NULL, &result, &error),
               GLI_ERROR_NOT_CONVERGED);
  cr_assert_not_null(strstr(error.message, "too large for float64"), "%s", error.message);
  gli_snapshot_free(snapshot);
}
