/* Held against similar_nodes, which is held against the measures of pairs: both ways of each pair
 * are there, sorted, and cut at the limit. */
#include "algorithms/support.h"

static const gli_similar_pairs_options defaults = GLI_SIMILAR_PAIRS_OPTIONS_INIT;
static const char *const measures[] = {"adamic_adar",
                                       "common_neighbors",
                                       "cosine",
                                       "jaccard",
                                       "overlap",
                                       "preferential_attachment",
                                       "resource_allocation",
                                       "sorensen"};

Test(similar_pairs, hold_what_every_algorithm_must) {
  gli_similar_pairs_options options = defaults;
  check_algorithm("similar_pairs", &defaults, &defaults);
  options.max_pairs = 100; /* far fewer than there are: cut again and again */
  options.measure = "resource_allocation";
  options.threshold = 0.1;
  options.adjacent = false;
  check_algorithm("similar_pairs", &defaults, &options);
}

typedef struct scored {
  double score;
  int32_t source, target;
} scored;

static int by_order(const void *left, const void *right) {
  const scored *a = left, *b = right;
  if (a->score != b->score) return a->score > b->score ? -1 : 1;
  if (a->source != b->source) return a->source < b->source ? -1 : 1;
  return a->target < b->target ? -1 : a->target > b->target;
}

/* The pairs of similar_nodes with source below target, in order. */
static scored *expected_pairs(gli_snapshot *snapshot, const gli_similar_pairs_options *given,
                              int64_t *count_out) {
  gli_similar_nodes_options options = GLI_SIMILAR_NODES_OPTIONS_INIT;
  options.k = INT32_MAX;
  options.measure = given->measure;
  options.threshold = given->threshold;
  options.adjacent = given->adjacent;
  gli_result *result = run_on(snapshot, "similar_nodes", &options, 0);
  const int32_t *sources = gli_result_nodes(result, "source");
  const int32_t *targets = gli_result_nodes(result, "target");
  gli_column column;
  cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
  scored *pairs = calloc((size_t)column.length + 1, sizeof *pairs);
  int64_t count = 0;
  for (int64_t k = 0; k < column.length; k++) {
    if (sources[k] > targets[k]) continue;
    pairs[count++] = (scored){gli_result_floats(result, "score")[k], sources[k], targets[k]};
  }
  cr_assert_eq(2 * count, column.length);
  qsort(pairs, (size_t)count, sizeof *pairs, by_order);
  gli_result_free(result);
  *count_out = count;
  return pairs;
}

static void expect_best(gli_snapshot *snapshot, const gli_similar_pairs_options *options) {
  int64_t count = 0;
  scored *expected = expected_pairs(snapshot, options, &count);
  gli_result *result = run_on(snapshot, "similar_pairs", options, 0);
  gli_column column;
  cr_assert_eq(gli_result_column(result, "score", &column, NULL), GLI_OK);
  cr_assert_eq(gli_result_ints(result, "found")[0], count);
  cr_assert_eq(column.length, count < options->max_pairs ? count : options->max_pairs);
  for (int64_t k = 0; k < column.length; k++) {
    cr_assert_eq(gli_result_floats(result, "score")[k], expected[k].score, "row %d", (int)k);
    cr_assert_eq(gli_result_nodes(result, "source")[k], expected[k].source, "row %d", (int)k);
    cr_assert_eq(gli_result_nodes(result, "target")[k], expected[k].target, "row %d", (int)k);
  }
  gli_result_free(result);
  free(expected);
}

Test(similar_pairs, are_the_best_of_all_pairs) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    gli_similar_pairs_options options = defaults;
    options.measure = measures[seed % 8];
    options.adjacent = seed % 3 != 0;
    options.max_pairs = (int64_t[]){1, 10, 1000, INT32_MAX}[seed % 5 % 4];
    options.threshold = seed % 7 == 0 ? 0.25 : 0;
    gli_snapshot *snapshot = random_graph(200, (int64_t)seed * 20, seed % 2, seed, NULL);
    expect_best(snapshot, &options);
    gli_snapshot_free(snapshot);
  }
}

/* Three million pairs: several windows, and with the limit several cuts between them. */
Test(similar_pairs, by_windows) {
  gli_snapshot *snapshot = random_graph(3000, 60000, false, 5, NULL);
  gli_similar_pairs_options options = defaults;
  options.max_pairs = 20000;
  options.measure = "common_neighbors"; /* many ties */
  gli_result *result = run_on(snapshot, "similar_pairs", &options, 0);
  cr_assert_gt(gli_result_run(result).iterations, 2);
  gli_result_free(result);
  expect_best(snapshot, &options);
  options.max_pairs = INT32_MAX;
  options.threshold = 5;
  expect_best(snapshot, &options);
  gli_snapshot_free(snapshot);
}

/* Some four million pairs, more than are worked on at once: those that come late are better than
 * many that were kept, and no better than the best half of them. */
Test(similar_pairs, keeps_what_comes_late) {
  enum { LEAVES = 3000, LIMIT = 1000, EARLY = 36, LATE = 26, FIRST_LATE = 2900 };
  enum { EDGES = LEAVES + 2 * EARLY + LATE };
  static pair edges[EDGES];
  int64_t at = 0;
  for (int32_t v = 0; v < LEAVES; v++) {
    const bool early = v < EARLY, late = v >= FIRST_LATE && v < FIRST_LATE + LATE;
    const bool joined[] = {true, early, early, late}; /* to the hub 3000, 3001, 3002, 3003 */
    for (int32_t hub = 0; hub < 4; hub++) {
      if (!joined[hub]) continue;
      edges[at][0] = v;
      edges[at++][1] = LEAVES + hub;
    }
  }
  gli_snapshot *snapshot = graph_of(LEAVES + 4, false, at, (const pair *)edges);
  gli_similar_pairs_options options = defaults;
  options.measure = "common_neighbors";
  options.max_pairs = LIMIT;
  gli_result *result = run_on(snapshot, "similar_pairs", &options, 0);
  const double *score = gli_result_floats(result, "score");
  /* Hubs with each other; pairs of early leaves, of late ones, of any. */
  const int64_t ends[] = {3, 4, 4 + EARLY * (EARLY - 1) / 2,
                          4 + EARLY * (EARLY - 1) / 2 + LATE * (LATE - 1) / 2, LIMIT};
  const double scores[] = {EARLY, LATE, 3, 2, 1};
  gli_column column;
  cr_assert(gli_result_column_at(result, 0, &column));
  cr_assert_eq(column.length, LIMIT);
  for (int64_t k = 0, part = 0; k < LIMIT; k++) {
    part += k == ends[part];
    cr_assert_eq(score[k], scores[part], "row %d has %g", (int)k, score[k]);
  }
  cr_assert_eq(*gli_result_ints(result, "found"), (int64_t)LEAVES * (LEAVES - 1) / 2 + 4);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* More ties than one thread puts in order: of dense rows, whose targets rise, and of sparse ones,
 * whose targets come in any order; alone, and with better pairs between them. */
Test(similar_pairs, in_order_among_ties) {
  enum { STARS = 150, LEAVES = 40, MIXED = STARS * LEAVES / 3 };
  static pair edges[STARS * LEAVES + MIXED];
  gli_similar_pairs_options options = defaults;
  options.max_pairs = INT32_MAX;
  options.measure = "common_neighbors";
  gli_snapshot *snapshot = random_graph(1000, 16000, false, 7, NULL);
  expect_best(snapshot, &options);
  gli_snapshot_free(snapshot);
  for (int32_t k = 0; k < STARS * LEAVES; k++) {
    edges[k][0] = STARS * LEAVES + k / LEAVES;
    edges[k][1] = (int32_t)((int64_t)k * 1009 % (STARS * LEAVES));
  }
  for (int32_t k = 0; k < MIXED; k++) { /* leaves of several stars */
    edges[STARS * LEAVES + k][0] = STARS * LEAVES + k % STARS;
    edges[STARS * LEAVES + k][1] = 3 * k;
  }
  const int64_t counts[] = {STARS * LEAVES, STARS * LEAVES + MIXED};
  for (int k = 0; k < 2; k++) {
    snapshot = graph_of(STARS * LEAVES + STARS, false, counts[k], (const pair *)edges);
    options.measure = k == 0 ? "common_neighbors" : "adamic_adar";
    expect_best(snapshot, &options);
    options.max_pairs = k == 0 ? 70000 : INT32_MAX;
    expect_best(snapshot, &options);
    gli_snapshot_free(snapshot);
  }
}

/* So many portions of a few pairs each that they are put together before the end: all leaves of a
 * star, of which every 16th and the next one have another neighbour in common. */
Test(similar_pairs, many_small_portions) {
  enum { LEAVES = 16600, STEP = 16, TWINS = LEAVES / STEP };
  static pair edges[LEAVES + 2 * TWINS];
  gli_similar_pairs_options options = defaults;
  options.measure = "common_neighbors";
  options.threshold = 2;
  for (int32_t k = 0; k < LEAVES; k++) {
    edges[k][0] = LEAVES;
    edges[k][1] = k;
  }
  for (int32_t k = 0; k < 2 * TWINS; k++) {
    edges[LEAVES + k][0] = LEAVES + 1 + k / 2;
    edges[LEAVES + k][1] = k / 2 * STEP + k % 2;
  }
  gli_snapshot *snapshot =
      graph_of(LEAVES + 1 + TWINS, false, LEAVES + 2 * TWINS, (const pair *)edges);
  gli_result *result = run_on(snapshot, "similar_pairs", &options, 0);
  cr_assert_eq(*gli_result_ints(result, "found"), 2 * TWINS);
  for (int32_t k = 0; k < 2 * TWINS; k++) { /* then the star with each of the other neighbours */
    const int32_t source = k < TWINS ? k * STEP : LEAVES;
    const int32_t target = k < TWINS ? source + 1 : LEAVES + 1 + k - TWINS;
    cr_assert_eq(gli_result_floats(result, "score")[k], 2);
    cr_assert_eq(gli_result_nodes(result, "source")[k], source);
    cr_assert_eq(gli_result_nodes(result, "target")[k], target);
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(similar_pairs, say_what_is_wrong) {
  gli_snapshot *snapshot = karate_club();
  gli_similar_pairs_options options = defaults;
  options.max_pairs = 0;
  expect_error(snapshot, "similar_pairs", &options, GLI_ERROR_INVALID_ARGUMENT, "max_pairs is 0");
  options = defaults;
  options.measure = "";
  expect_error(snapshot, "similar_pairs", &options, GLI_ERROR_INVALID_ARGUMENT, "'jaccard'");
  options = defaults;
  options.threshold = (double)NAN;
  expect_error(snapshot, "similar_pairs", &options, GLI_ERROR_INVALID_ARGUMENT, "threshold is nan");
  gli_snapshot_free(snapshot);
}
