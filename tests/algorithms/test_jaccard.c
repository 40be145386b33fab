/* Known values: NetworkX 3.6.1, jaccard_coefficient() of the karate club. */
#include "algorithms/support.h"

static const gli_jaccard_options defaults = GLI_JACCARD_OPTIONS_INIT;

Test(jaccard, holds_what_every_algorithm_must) {
  const int32_t sources[] = {1, 2, 3, 1, 1}, targets[] = {1, 9, 4, 7, 1};
  gli_jaccard_options options = GLI_JACCARD_OPTIONS_INIT;
  check_algorithm("jaccard", &defaults, &defaults);
  options.pairs = (gli_pair_list){sources, targets, 5};
  check_algorithm("jaccard", &defaults, &options);
}

Test(jaccard, agrees_with_networkx_on_the_karate_club) {
  const int32_t sources[] = {0, 0, 32, 0}, targets[] = {1, 33, 33, 1};
  gli_jaccard_options options = GLI_JACCARD_OPTIONS_INIT;
  options.pairs = (gli_pair_list){sources, targets, 4};
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, "jaccard", &options, 0);
  gli_column column;
  cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
  cr_expect_eq(column.length, 3, "a repeated pair comes once");
  const double *score = gli_result_floats(result, "score");
  cr_expect_float_eq(score[0], 0.3888888888888889, 1e-15);
  cr_expect_float_eq(score[1], 0.13793103448275862, 1e-15);
  cr_expect_float_eq(score[2], 0.5263157894736842, 1e-15);
  cr_expect_eq(gli_result_nodes(result, "target")[1], 33);
  gli_result_free(result);
  result = run_on(snapshot, "jaccard", NULL, 0);
  cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
  cr_expect_eq(column.length, 78);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* NetworkX's definition: loops make a node its own neighbour, but u and v are never common ones. */
static double by_definition(gli_snapshot *snapshot, int32_t u, int32_t v) {
  const int32_t *sources, *targets;
  bool near[2][64] = {{false}};
  int common = 0, all = 0;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
    for (int side = 0; side < 2; side++) {
      const int32_t node = side == 0 ? u : v;
      if (sources[e] == node) near[side][targets[e]] = true;
      if (targets[e] == node) near[side][sources[e]] = true;
    }
  }
  for (int k = 0; k < 64; k++) {
    common += near[0][k] && near[1][k] && k != u && k != v;
    all += near[0][k] || near[1][k];
  }
  return all == 0 ? 0 : (double)common / all;
}

Test(jaccard, is_what_its_definition_says_on_random_graphs) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    gli_snapshot *snapshot = random_graph(64, (int64_t)(30 + seed * 60), seed % 2 == 0, seed, NULL);
    int32_t sources[64 * 64], targets[64 * 64];
    for (int32_t k = 0; k < 64 * 64; k++) {
      sources[k] = k / 64;
      targets[k] = k % 64;
    }
    gli_jaccard_options options = GLI_JACCARD_OPTIONS_INIT;
    options.pairs = (gli_pair_list){sources, targets, 64 * 64};
    gli_result *result = run_on(snapshot, "jaccard", &options, 0);
    const double *score = gli_result_floats(result, "score");
    for (int32_t k = 0; k < 64 * 64; k++)
      cr_assert_eq(score[k], by_definition(snapshot, k / 64, k % 64), "pair %d %d", k / 64, k % 64);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}
