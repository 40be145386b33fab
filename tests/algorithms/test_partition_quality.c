/* Known values: NetworkX 3.6.1, community.partition_quality, conductance, cut_size, volume. */
#include "algorithms/communities.h"

enum { MOST = 20000 };

static const gli_partition_quality_options defaults = GLI_PARTITION_QUALITY_OPTIONS_INIT;

static gli_result *judge(gli_snapshot *snapshot, const double *names, const char *weight) {
  static int32_t nodes[MOST];
  const int32_t count = gli_snapshot_node_limit(snapshot);
  for (int32_t v = 0; v < count; v++)
    nodes[v] = v;
  gli_partition_quality_options options = defaults;
  options.community = (gli_node_weights){nodes, names, count};
  options.weight = weight;
  return run_on(snapshot, "partition_quality", &options, 0);
}

Test(partition_quality, holds_what_every_algorithm_must) {
  gli_partition_quality_options options = defaults;
  options.weight = "weight";
  check_partition_algorithm("partition_quality", &defaults, &options, &options.community, NULL);
}

static void expect_columns(const gli_result *result, const double (*known)[4], int64_t count) {
  static const char *const columns[] = {"conductance", "cut", "volume", "within"};
  for (int k = 0; k < 4; k++) {
    gli_column column;
    cr_assert_eq(gli_result_column(result, columns[k], &column, NULL), GLI_OK);
    cr_assert_eq(column.length, count);
    for (int64_t row = 0; row < count; row++)
      cr_assert_float_eq(gli_result_floats(result, columns[k])[row], known[row][k], 1e-14, "%s",
                         columns[k]);
  }
}

Test(partition_quality, agrees_with_networkx_on_the_karate_club) {
  const double weighted[2][4] = {{0.2446351931330472, 57, 233, 88},
                                 {0.2446351931330472, 57, 235, 89}};
  const double thirds[3][4] = {
      {0.65625, 42, 64, 11}, {0.7209302325581395, 31, 43, 6}, {0.6326530612244898, 31, 49, 9}};
  gli_snapshot *snapshot = karate_club();
  double half[34], third[34];
  for (int v = 0; v < 34; v++) {
    half[v] = v < 17 ? 7 : 3;
    third[v] = v % 3 + 0.5;
  }
  gli_result *result = judge(snapshot, half, "weight");
  expect_columns(result, weighted, 2);
  cr_assert_eq(gli_result_floats(result, "community")[0], 7, "in the order of first nodes");
  cr_assert_eq(gli_result_ints(result, "size")[1], 17);
  cr_assert_eq(*gli_result_ints(result, "count"), 2);
  cr_assert_float_eq(*gli_result_floats(result, "coverage"), 177.0 / 234, 1e-15);
  cr_assert_float_eq(*gli_result_floats(result, "performance"), 0.5828877005347594, 1e-15);
  gli_result_free(result);
  result = judge(snapshot, third, NULL);
  expect_columns(result, thirds, 3);
  cr_assert_float_eq(*gli_result_floats(result, "coverage"), 0.3333333333333333, 1e-15);
  cr_assert_float_eq(*gli_result_floats(result, "performance"), 0.6399286987522281, 1e-15);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* The same club, each edge from the smaller to the larger node. */
Test(partition_quality, of_a_directed_graph) {
  const double known[2][4] = {{0.7142857142857143, 20, 50, 30}, {0.7142857142857143, 20, 28, 28}};
  gli_snapshot *club = karate_club();
  const int32_t *sources, *targets;
  gli_snapshot *snapshot = NULL;
  double half[34];
  gli_snapshot_edge_ends(club, &sources, &targets);
  cr_assert_eq(gli_snapshot_from_edges(34, 78, sources, targets, NULL, true, NULL, &snapshot, NULL),
               GLI_OK);
  for (int v = 0; v < 34; v++)
    half[v] = v < 17;
  gli_result *result = judge(snapshot, half, NULL);
  expect_columns(result, known, 2);
  cr_assert_float_eq(*gli_result_floats(result, "performance"), 0.5490196078431373, 1e-15);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  gli_snapshot_free(club);
}

Test(partition_quality, counts_loops_and_parallel_edges) {
  /* 0 and 1 within, by two edges and a loop; 1 - 2 and twice 0 - 2 between; 3 by itself. */
  const pair edges[] = {{0, 1}, {1, 0}, {1, 1}, {1, 2}, {0, 2}, {0, 2}};
  const double names[] = {0, 0, 1, 1};
  const double undirected[2][4] = {{1, 3, 9, 3}, {1, 3, 3, 0}};
  const double directed[2][4] = {{0, 3, 6, 3}, {0, 3, 0, 0}};
  gli_snapshot *snapshot = graph_of(4, false, 6, edges);
  gli_result *result = judge(snapshot, names, NULL);
  expect_columns(result, undirected, 2);
  cr_assert_eq(*gli_result_floats(result, "coverage"), 0.5);
  /* Right: 0 - 1, the loop, and two of the four pairs between; six pairs in all. */
  cr_assert_float_eq(*gli_result_floats(result, "performance"), 4.0 / 6, 1e-15);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  snapshot = graph_of(4, true, 6, edges);
  result = judge(snapshot, names, NULL);
  expect_columns(result, directed, 2); /* nothing leaves 2 and 3: their volume is 0 */
  /* Right: 0 -> 1, 1 -> 0, the loop, and six of the eight pairs between; twelve in all. */
  cr_assert_float_eq(*gli_result_floats(result, "performance"), 9.0 / 12, 1e-15);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(partition_quality, of_next_to_nothing) {
  const double names[30] = {5, 5, 6};
  const pair loop[] = {{0, 0}};
  gli_snapshot *snapshot = graph_of(1, false, 0, loop);
  gli_result *result = judge(snapshot, names, NULL);
  cr_assert_eq(*gli_result_floats(result, "coverage"), 0);
  cr_assert_eq(*gli_result_floats(result, "performance"), 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  snapshot = graph_of(3, true, 0, loop);
  result = judge(snapshot, names, NULL);
  cr_assert_float_eq(*gli_result_floats(result, "performance"), 4.0 / 6, 1e-15);
  cr_assert_eq(gli_result_floats(result, "conductance")[0], 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(partition_quality, leaves_holes_out) {
  gli_snapshot *snapshot = ring_with_holes(30);
  gli_partition_quality_options options = defaults;
  options.community = ring_halves();
  gli_result *result = run_on(snapshot, "partition_quality", &options, 0);
  cr_assert_float_eq(*gli_result_floats(result, "coverage"), 22.0 / 24, 1e-15);
  cr_assert_eq(gli_result_ints(result, "size")[0], 12);
  cr_assert_float_eq(gli_result_floats(result, "conductance")[1], 2.0 / 12, 1e-15);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(partition_quality, refuses_what_is_no_partition) {
  gli_snapshot *snapshot = karate_club();
  const int32_t nodes[] = {0, 1, 2, 40};
  double names[] = {0, 0, 1, 1};
  gli_partition_quality_options options = defaults;
  expect_error(snapshot, "partition_quality", &options, GLI_ERROR_INVALID_ARGUMENT,
               "community is required");
  options.community = (gli_node_weights){nodes, names, 3};
  expect_error(snapshot, "partition_quality", &options, GLI_ERROR_INVALID_ARGUMENT,
               "partition_quality: community does not say where 3 belongs");
  options.community.count = 4;
  expect_error(snapshot, "partition_quality", &options, GLI_ERROR_NODE_NOT_FOUND, "community[3]");
  names[1] = (double)NAN;
  options.community.count = 3;
  expect_error(snapshot, "partition_quality", &options, GLI_ERROR_INVALID_ARGUMENT,
               "community of 1 is nan");
  gli_snapshot_free(snapshot);
}
