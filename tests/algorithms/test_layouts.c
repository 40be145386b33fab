/* circular_layout, random_layout, spring_layout, forceatlas2_layout.
 *
 * Known values: NetworkX 3.6.1, spring_layout(method="force") and forceatlas2_layout of the karate
 * club from starting places that are given, ten steps; theta 0 is the sum over all pairs. Beyond
 * that, layouts are held against what a good one shows. */
#include "algorithms/support.h"

enum { SIDE = 12 };

static const gli_circular_layout_options circular = GLI_CIRCULAR_LAYOUT_OPTIONS_INIT;
static const gli_random_layout_options scattered = GLI_RANDOM_LAYOUT_OPTIONS_INIT;
static const gli_spring_layout_options spring = GLI_SPRING_LAYOUT_OPTIONS_INIT;
static const gli_forceatlas2_layout_options atlas = GLI_FORCEATLAS2_LAYOUT_OPTIONS_INIT;

Test(layouts, hold_what_every_algorithm_must) {
  const int32_t nodes[] = {3, 7};
  const double places[] = {0.5, -2};
  gli_spring_layout_options springs = spring;
  gli_forceatlas2_layout_options atlases = atlas;
  check_algorithm("circular_layout", &circular, &circular);
  check_algorithm("random_layout", &scattered, &scattered);
  springs.iterations = 3;
  springs.weight = "weight";
  springs.x = springs.y = (gli_node_weights){nodes, places, 2};
  check_algorithm("spring_layout", &spring, &springs);
  atlases.iterations = 3;
  atlases.weight = "weight";
  atlases.linlog = atlases.strong_gravity = atlases.distributed_action = true;
  atlases.y = (gli_node_weights){nodes, places, 2};
  check_algorithm("forceatlas2_layout", &atlas, &atlases);
}

static const double *xs(const gli_result *result) {
  return gli_result_floats(result, "x");
}

static const double *ys(const gli_result *result) {
  return gli_result_floats(result, "y");
}

Test(layouts, circular) {
  gli_snapshot *snapshot = ring_with_holes(30);
  gli_circular_layout_options options = circular;
  options.scale = 2;
  gli_result *result = run_on(snapshot, "circular_layout", &options, 0);
  int place = 0;
  for (int v = 0; v < 30; v++) {
    const double angle = 2 * acos(-1) * place / 24;
    const bool hole = v % 5 == 0;
    cr_assert_float_eq(xs(result)[v], hole ? 0 : 2 * cos(angle), 1e-14);
    cr_assert_float_eq(ys(result)[v], hole ? 0 : 2 * sin(angle), 1e-14);
    place += !hole;
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
  const pair no_edge[] = {{0, 0}};
  snapshot = graph_of(1, true, 0, no_edge);
  result = run_on(snapshot, "circular_layout", NULL, 0);
  cr_assert(xs(result)[0] == 0 && ys(result)[0] == 0, "one node stands in the centre");
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Each sixteenth of the square has about as many; seeds differ. */
Test(layouts, random_places_are_uniform) {
  const pair no_edge[] = {{0, 0}};
  int counts[16] = {0};
  double chi = 0;
  gli_snapshot *snapshot = graph_of(16000, true, 0, no_edge);
  gli_random_layout_options options = scattered;
  gli_result *result = run_on(snapshot, "random_layout", &options, 0);
  for (int v = 0; v < 16000; v++) {
    const double x = xs(result)[v], y = ys(result)[v];
    cr_assert(x >= 0 && x < 1 && y >= 0 && y < 1);
    counts[(int)(4 * x) * 4 + (int)(4 * y)]++;
  }
  for (int k = 0; k < 16; k++)
    chi += (counts[k] - 1000.0) * (counts[k] - 1000.0) / 1000;
  cr_assert_lt(chi, 56.5, "chi-square of 15 degrees, exceeded once in 1e6: %g", chi);
  options.seed = 1;
  gli_result *other = run_on(snapshot, "random_layout", &options, 0);
  cr_assert_neq(xs(result)[0], xs(other)[0]);
  gli_result_free(other);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Where the known layouts of the karate club start. */
static int32_t club[34];
static double start_x[34], start_y[34];

static void set_start(gli_node_weights *x, gli_node_weights *y) {
  for (int32_t k = 0; k < 34; k++) {
    club[k] = k;
    start_x[k] = 7 * k % 10 / 10.0 + k / 100.0;
    start_y[k] = 3 * k % 7 / 7.0;
  }
  *x = (gli_node_weights){club, start_x, 34};
  *y = (gli_node_weights){club, start_y, 34};
}

static void expect_places(const char *name, const void *options, const double (*known)[2]) {
  const int nodes[] = {0, 16, 33};
  gli_snapshot *snapshot = karate_club();
  gli_result *result = run_on(snapshot, name, options, 0);
  for (int k = 0; k < 3; k++) {
    cr_assert_float_eq(xs(result)[nodes[k]], known[k][0], 1e-9, "%s: %.17g", name,
                       xs(result)[nodes[k]]);
    cr_assert_float_eq(ys(result)[nodes[k]], known[k][1], 1e-9, "%s: %.17g", name,
                       ys(result)[nodes[k]]);
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(layouts, spring_goes_as_networkx) {
  const double known[2][3][2] = {{{-0.18982110124097962, -0.26188973112136843},
                                  {-0.9945275293244087, 0.46701447734042273},
                                  {0.11938749319216006, 0.08450252065161987}},
                                 {{-0.21578171594070716, -0.19236921298628484},
                                  {-1.0, 0.3774490772893841},
                                  {0.13820641973013514, 0.1576395928563897}}};
  gli_spring_layout_options options = spring;
  set_start(&options.x, &options.y);
  options.theta = 0;
  options.iterations = 10;
  expect_places("spring_layout", &options, known[0]);
  options.weight = "weight";
  expect_places("spring_layout", &options, known[1]);
}

Test(layouts, forceatlas2_goes_as_networkx) {
  const double known[3][3][2] = {{{4.265575762901741, -12.372638432824917},
                                  {10.46582484316332, 15.163457911366555},
                                  {-15.445744413284382, -3.6777809022819374}},
                                 {{-24.262678437640727, -69.10937545656475},
                                  {26.5173262129174, 23.13031065942956},
                                  {-78.96184927630702, -43.23053013945605}},
                                 {{-0.6212902734318473, -14.424715299004685},
                                  {6.652588946140614, 20.260880604138976},
                                  {-17.837288676688964, -6.6238466093837}}};
  gli_forceatlas2_layout_options options = atlas;
  set_start(&options.x, &options.y);
  options.theta = 0;
  options.iterations = 10;
  expect_places("forceatlas2_layout", &options, known[0]);
  options.linlog = options.distributed_action = true;
  options.weight = "weight";
  expect_places("forceatlas2_layout", &options, known[1]);
  options = atlas;
  set_start(&options.x, &options.y);
  options.theta = 0;
  options.iterations = 10;
  options.strong_gravity = true;
  options.gravity = 0.1;
  options.scaling_ratio = 3;
  options.jitter_tolerance = 0.5;
  expect_places("forceatlas2_layout", &options, known[2]);
}

/* --- What a good layout shows ----------------------------------------------------------------- */

static gli_snapshot *grid(void) {
  pair edges[2 * SIDE * SIDE];
  int64_t count = 0;
  for (int32_t v = 0; v < SIDE * SIDE; v++) {
    if (v % SIDE + 1 < SIDE) {
      edges[count][0] = v;
      edges[count++][1] = v + 1;
    }
    if (v + SIDE < SIDE * SIDE) {
      edges[count][0] = v;
      edges[count++][1] = v + SIDE;
    }
  }
  return graph_of(SIDE * SIDE, true, count, (const pair *)edges);
}

/* Pearson's correlation of the distances in the plane with those of the grid (corner to corner as
 * the crow flies), over all pairs: 1 for the grid itself, about 0 for random places. */
static double correlation(const gli_result *result) {
  double sums[5] = {0}, count = 0;
  for (int u = 0; u < SIDE * SIDE; u++) {
    for (int v = 0; v < u; v++) {
      const double a = hypot(xs(result)[u] - xs(result)[v], ys(result)[u] - ys(result)[v]);
      const double b = hypot(u % SIDE - v % SIDE, u / SIDE - v / SIDE);
      const double add[] = {a, b, a * a, b * b, a * b};
      for (int k = 0; k < 5; k++)
        sums[k] += add[k];
      count++;
    }
  }
  const double covariance = sums[4] - sums[0] * sums[1] / count;
  return covariance /
         sqrt((sums[2] - sums[0] * sums[0] / count) * (sums[3] - sums[1] * sums[1] / count));
}

Test(layouts, by_forces_unfold_a_grid) {
  gli_snapshot *snapshot = grid();
  gli_spring_layout_options springs = spring;
  gli_forceatlas2_layout_options atlases = atlas;
  gli_result *result = run_on(snapshot, "random_layout", NULL, 0);
  cr_assert_lt(fabs(correlation(result)), 0.1);
  gli_result_free(result);
  springs.iterations = 200;
  atlases.iterations = 400;
  double best[2] = {0, 0}; /* a grid may stay folded where it started so: the best of five */
  for (springs.seed = atlases.seed = 0; springs.seed < 5; springs.seed = ++atlases.seed) {
    result = run_on(snapshot, "spring_layout", &springs, 0);
    best[0] = fmax(best[0], correlation(result));
    gli_result_free(result);
    result = run_on(snapshot, "forceatlas2_layout", &atlases, 0);
    best[1] = fmax(best[1], correlation(result));
    gli_result_free(result);
  }
  cr_assert(best[0] > 0.95 && best[1] > 0.95, "%g and %g", best[0], best[1]);
  result = run_on(snapshot, "spring_layout", &springs, 0);
  double largest = 0, sum = 0;
  for (int v = 0; v < SIDE * SIDE; v++) {
    largest = fmax(largest, fmax(fabs(xs(result)[v]), fabs(ys(result)[v])));
    sum += xs(result)[v];
  }
  cr_assert_float_eq(largest, 1, 1e-14);
  cr_assert_float_eq(sum, 0, 1e-11);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Edges are much shorter than pairs of nodes on average. */
Test(layouts, by_forces_keep_neighbors_near) {
  static const char *const names[] = {"spring_layout", "forceatlas2_layout"};
  gli_snapshot *snapshot = karate_club();
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int k = 0; k < 2; k++) {
    gli_result *result = run_on(snapshot, names[k], NULL, 0);
    const double *x = xs(result), *y = ys(result);
    double edges = 0, pairs = 0;
    for (int e = 0; e < 78; e++)
      edges += hypot(x[sources[e]] - x[targets[e]], y[sources[e]] - y[targets[e]]) / 78;
    for (int u = 0; u < 34; u++) {
      for (int v = 0; v < u; v++)
        pairs += hypot(x[u] - x[v], y[u] - y[v]) / (34 * 33 / 2);
    }
    cr_assert_lt(edges, 0.75 * pairs, "%s: %g and %g", names[k], edges, pairs);
    gli_result_free(result);
  }
  gli_snapshot_free(snapshot);
}

Test(layouts, of_next_to_nothing_and_with_holes) {
  static const char *const names[] = {"spring_layout", "forceatlas2_layout"};
  const pair edges[] = {{0, 0}, {0, 1}};
  for (int k = 0; k < 2; k++) {
    gli_snapshot *snapshot = graph_of(1, false, 1, edges);
    gli_result *result = run_on(snapshot, names[k], NULL, 0);
    cr_assert(isfinite(xs(result)[0]) && isfinite(ys(result)[0]));
    if (k == 0) cr_assert(xs(result)[0] == 0 && ys(result)[0] == 0);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
    const int32_t nodes[] = {0, 1}; /* both in one place: no direction to go */
    const double places[] = {3, 3};
    gli_spring_layout_options options = spring;
    options.x = options.y = (gli_node_weights){nodes, places, 2};
    snapshot = graph_of(2, false, 2, edges);
    if (k == 0) {
      result = run_on(snapshot, "spring_layout", &options, 0);
      cr_assert(xs(result)[0] == 0 && xs(result)[1] == 0);
      gli_result_free(result);
    }
    gli_snapshot_free(snapshot);
    snapshot = ring_with_holes(30);
    result = run_on(snapshot, names[k], NULL, 0);
    for (int v = 0; v < 30; v++) {
      cr_assert(isfinite(xs(result)[v]));
      if (v % 5 == 0) cr_assert(xs(result)[v] == 0 && ys(result)[v] == 0);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(layouts, say_what_is_wrong) {
  gli_snapshot *snapshot = karate_club();
  const int32_t nodes[] = {3, 99};
  const double places[] = {0, (double)INFINITY};
  gli_spring_layout_options springs = spring;
  springs.theta = 3;
  expect_error(snapshot, "spring_layout", &springs, GLI_ERROR_INVALID_ARGUMENT, "theta is 3");
  springs = spring;
  springs.x = (gli_node_weights){nodes, places, 2};
  expect_error(snapshot, "spring_layout", &springs, GLI_ERROR_NODE_NOT_FOUND, "99");
  springs.x = (gli_node_weights){nodes, places + 1, 1};
  expect_error(snapshot, "spring_layout", &springs, GLI_ERROR_INVALID_ARGUMENT, "x of 3 is inf");
  gli_forceatlas2_layout_options atlases = atlas;
  atlases.jitter_tolerance = 0;
  expect_error(snapshot, "forceatlas2_layout", &atlases, GLI_ERROR_INVALID_ARGUMENT,
               "jitter_tolerance is 0");
  gli_circular_layout_options circle = circular;
  circle.scale = -1;
  expect_error(snapshot, "circular_layout", &circle, GLI_ERROR_INVALID_ARGUMENT, "scale is -1");
  gli_random_layout_options random = scattered;
  random.seed = -1;
  expect_error(snapshot, "random_layout", &random, GLI_ERROR_INVALID_ARGUMENT, "seed is -1");
  gli_snapshot_free(snapshot);
}
