/* Known values: scikit-learn 1.9.1 (adjusted_rand_score, rand_score, normalized_mutual_info_score,
 * homogeneity_score, completeness_score, mutual_info_score), small ones from the examples of its
 * manual, and igraph 1.0.0's compare_communities. */
#include "algorithms/communities.h"

enum { MOST = 3000 };

static const gli_compare_partitions_options defaults = GLI_COMPARE_PARTITIONS_OPTIONS_INIT;

static gli_result *compare(int32_t count, const double *names, const double *others,
                           int32_t threads) {
  static int32_t nodes[MOST];
  const pair no_edge[] = {{0, 0}};
  for (int32_t v = 0; v < count; v++)
    nodes[v] = v;
  gli_snapshot *snapshot = graph_of(count, false, 0, no_edge);
  gli_compare_partitions_options options = defaults;
  options.community = (gli_node_weights){nodes, names, count};
  options.other = (gli_node_weights){nodes, others, count};
  gli_result *result = run_on(snapshot, "compare_partitions", &options, threads);
  gli_snapshot_free(snapshot);
  return result;
}

Test(compare_partitions, holds_what_every_algorithm_must) {
  gli_compare_partitions_options options = defaults;
  check_partition_algorithm("compare_partitions", &defaults, &options, &options.community,
                            &options.other);
}

static double scalar(const gli_result *result, const char *name) {
  return *gli_result_floats(result, name);
}

Test(compare_partitions, agrees_with_the_manual_of_scikit_learn) {
  const struct {
    double names[4], others[4];
    const char *measure;
    double known, within;
  } cases[] = {
      {{0, 0, 1, 1}, {0, 0, 1, 1}, "adjusted_rand_index", 1, 0},
      {{0, 0, 1, 1}, {1, 1, 0, 0}, "adjusted_rand_index", 1, 0},
      {{0, 0, 1, 2}, {0, 0, 1, 1}, "adjusted_rand_index", 4.0 / 7, 1e-15},
      {{0, 0, 1, 1}, {0, 0, 1, 2}, "adjusted_rand_index", 4.0 / 7, 1e-15},
      {{0, 0, 0, 0}, {0, 1, 2, 3}, "adjusted_rand_index", 0, 0},
      {{0, 0, 1, 1}, {0, 1, 0, 1}, "adjusted_rand_index", -0.5, 1e-15},
      {{0, 0, 1, 2}, {0, 0, 1, 1}, "rand_index", 5.0 / 6, 1e-15},
      {{0, 0, 0, 0}, {0, 1, 2, 3}, "rand_index", 0, 0},
      {{0, 0, 1, 1}, {1, 1, 0, 0}, "normalized_mutual_information", 1, 1e-15},
      {{0, 0, 0, 0}, {0, 1, 2, 3}, "normalized_mutual_information", 0, 1e-15},
      {{0, 0, 1, 1}, {0, 0, 1, 2}, "homogeneity", 1, 1e-15},
      {{0, 0, 1, 1}, {0, 1, 2, 3}, "homogeneity", 1, 1e-15},
      {{0, 0, 1, 1}, {0, 1, 0, 1}, "homogeneity", 0, 1e-15},
      {{0, 0, 1, 1}, {0, 0, 0, 0}, "homogeneity", 0, 1e-15},
      {{0, 0, 1, 1}, {0, 0, 0, 0}, "completeness", 1, 1e-15},
      {{0, 1, 2, 3}, {0, 0, 1, 1}, "completeness", 1, 1e-15},
      {{0, 0, 1, 1}, {0, 1, 0, 1}, "completeness", 0, 1e-15},
      {{0, 0, 0, 0}, {7, 7, 7, 7}, "normalized_mutual_information", 1, 0},
      {{0, 0, 0, 0}, {7, 7, 7, 7}, "adjusted_rand_index", 1, 0},
      {{0, 1, 2, 3}, {3, 2, 1, 0}, "adjusted_rand_index", 1, 0},
  };
  for (int64_t k = 0; k < COUNT_OF(cases); k++) {
    gli_result *result = compare(4, cases[k].names, cases[k].others, 0);
    cr_assert_float_eq(scalar(result, cases[k].measure), cases[k].known, cases[k].within + 1e-300,
                       "%s of case %d is %.17g", cases[k].measure, (int)k,
                       scalar(result, cases[k].measure));
    gli_result_free(result);
  }
}

Test(compare_partitions, agrees_with_igraph_and_scikit_learn) {
  static const char *const measures[] = {"normalized_mutual_information", "adjusted_rand_index",
                                         "rand_index", "variation_of_information",
                                         "mutual_information"};
  static const double known[3][5] = {{0.002990103464025037, -0.03846153846153859,
                                      0.4866310160427807, 1.7855475507442018, 0.002677491936244336},
                                     {0.45076047779160205, 0.20437956204379545, 0.6114081996434937,
                                      1.4479722220735685, 0.5941748765879957},
                                     {0.02934848763898197, -0.07683284457477979, 0.6149732620320856,
                                      2.95168344786487, 0.04462335044074514}};
  static const double homogeneous[3] = {0.0038628043384398916, 0.8572131478743131,
                                        0.04064963133710981};
  static const double complete[3] = {0.0024390606944887025, 0.3057753106986465,
                                     0.022964146386981545};
  double half[34], third[34], fives[34];
  for (int v = 0; v < 34; v++) {
    half[v] = v < 17;
    third[v] = v % 3 * 1e9;
    fives[v] = v / 5 + 0.25;
  }
  const double *const names[3][2] = {{half, third}, {half, fives}, {third, fives}};
  for (int k = 0; k < 3; k++) {
    gli_result *result = compare(34, names[k][0], names[k][1], 0);
    gli_result *back = compare(34, names[k][1], names[k][0], 0);
    for (int j = 0; j < 5; j++) {
      cr_assert_float_eq(scalar(result, measures[j]), known[k][j], 1e-13, "%s", measures[j]);
      cr_assert_float_eq(scalar(back, measures[j]), known[k][j], 1e-13, "%s", measures[j]);
    }
    cr_assert_float_eq(scalar(result, "homogeneity"), homogeneous[k], 1e-13);
    cr_assert_float_eq(scalar(result, "completeness"), complete[k], 1e-13);
    cr_assert_float_eq(scalar(back, "homogeneity"), complete[k], 1e-13);
    cr_assert_float_eq(scalar(back, "completeness"), homogeneous[k], 1e-13);
    gli_result_free(result);
    gli_result_free(back);
  }
}

Test(compare_partitions, tells_what_is_shared) {
  const double names[] = {5, 2, 5, 2, 5}, others[] = {1, 1, 9, 1, 1};
  const double rows[][3] = {{2, 5, 1}, {1, 5, 9}, {2, 2, 1}};
  gli_result *result = compare(5, names, others, 0);
  gli_column column;
  cr_assert_eq(gli_result_column(result, "shared", &column, NULL), GLI_OK);
  cr_assert_eq(column.length, 3);
  for (int k = 0; k < 3; k++) {
    cr_assert_eq((double)gli_result_ints(result, "shared")[k], rows[k][0]);
    cr_assert_eq(gli_result_floats(result, "community")[k], rows[k][1]);
    cr_assert_eq(gli_result_floats(result, "other")[k], rows[k][2]);
  }
  gli_result_free(result);
}

Test(compare_partitions, refuses_what_is_no_partition) {
  gli_snapshot *snapshot = karate_club();
  int32_t nodes[34];
  double names[34];
  for (int32_t v = 0; v < 34; v++) {
    nodes[v] = v;
    names[v] = v % 4;
  }
  gli_compare_partitions_options options = defaults;
  options.community = (gli_node_weights){nodes, names, 34};
  expect_error(snapshot, "compare_partitions", &options, GLI_ERROR_INVALID_ARGUMENT,
               "other is required");
  options.other = (gli_node_weights){nodes, names, 20};
  expect_error(snapshot, "compare_partitions", &options, GLI_ERROR_INVALID_ARGUMENT,
               "other does not say where 20 belongs");
  gli_snapshot_free(snapshot);
}
