/* circular_layout, random_layout, spring_layout, forceatlas2_layout.
 *
 * Known values: NetworkX 3.6.1, spring_layout(method="force") and forceatlas2_layout of the karate
 * club from starting places that are given, ten steps; theta 0 is the sum over all pairs. Beyond
 * that, layouts are held against what a good one shows. */
#include "algorithms/support.h"

#include "cpu/drawing/forces.h"

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

/* --- Far nodes put together ------------------------------------------------------------------- */

/* One step without edges from these places, `theta` against all pairs: how far the nodes that count
 * end apart, root mean square, and at the most. A step is a tenth of the square that the nodes
 * start in, which is about 2 wide at the end. */
static void expect_nearly_the_same(int32_t count, const double *x, const double *y, double theta,
                                   double mean, double most) {
  const pair no_edge[] = {{0, 0}};
  int32_t *nodes = calloc((size_t)count, sizeof *nodes);
  double sum = 0, largest = 0;
  gli_spring_layout_options options = spring;
  for (int32_t v = 0; v < count; v++)
    nodes[v] = v;
  options.x = (gli_node_weights){nodes, x, count};
  options.y = (gli_node_weights){nodes, y, count};
  options.iterations = 1;
  options.theta = theta;
  gli_snapshot *snapshot = graph_of(count, false, 0, no_edge);
  gli_result *found = run_on(snapshot, "spring_layout", &options, 0);
  options.theta = 0;
  gli_result *exact = run_on(snapshot, "spring_layout", &options, 0);
  for (int32_t v = 0; v < count; v++) {
    const double apart = hypot(xs(found)[v] - xs(exact)[v], ys(found)[v] - ys(exact)[v]);
    sum += apart * apart;
    largest = fmax(largest, apart);
  }
  cr_expect_lt(sqrt(sum / count), mean, "theta %g: %g apart", theta, sqrt(sum / count));
  cr_expect_lt(largest, most, "theta %g: %g apart", theta, largest);
  cr_expect(theta < 0.1 || largest > 0, "nothing was put together");
  gli_result_free(exact);
  gli_result_free(found);
  gli_snapshot_free(snapshot);
  free(nodes);
}

Test(layouts, more_theta_is_nearly_the_same) {
  enum { NODES = 1000 };
  double x[NODES], y[NODES];
  gli_random random = gli_random_start(3, 4);
  for (int v = 0; v < NODES; v++) {
    x[v] = gli_random_unit(&random);
    y[v] = gli_random_unit(&random);
  }
  expect_nearly_the_same(NODES, x, y, 0.8, 0.003, 0.03);
  expect_nearly_the_same(NODES, x, y, 0.3, 0.0003, 0.003);
  for (int v = 0; v < 600; v++)
    x[v] = y[v] = 0.3; /* a crowd that no cell can divide */
  expect_nearly_the_same(NODES, x, y, 0.8, 0.003, 0.03);
}

/* Cells within cells, so many that their room has to grow. */
Test(layouts, of_nodes_that_are_nearer_and_nearer) {
  enum { CHAINS = 30, LENGTH = 26 };
  double x[CHAINS * LENGTH], y[CHAINS * LENGTH];
  gli_random random = gli_random_start(5, 6);
  for (int v = 0; v < CHAINS * LENGTH; v += LENGTH) {
    x[v] = gli_random_unit(&random);
    y[v] = gli_random_unit(&random);
    for (int k = 1; k < LENGTH; k++) {
      x[v + k] = x[v] + ldexp(0.06, -k);
      y[v + k] = y[v] + ldexp(0.03, -k);
    }
  }
  expect_nearly_the_same(CHAINS * LENGTH, x, y, 0.8, 0.006, 0.03);
}

enum { TARGETS = 5, SOURCES = 64, ROWS = 20 };

static double draws[8][SOURCES];
static int32_t row[ROWS];

static void draw_places(void) {
  gli_random random = gli_random_start(1, 2);
  for (int k = 0; k < 8 * SOURCES; k++)
    draws[k / SOURCES][k % SOURCES] = gli_random_unit(&random);
  for (int k = 0; k < ROWS; k++)
    row[k] = (int32_t)gli_random_below(&random, SOURCES);
}

/* Sums of one variant: repulsion, pull with and without weights. */
static void add_up_by(const gli__forces_variant *variant, double *sums) {
  gli__group group = {.x = draws[0], .y = draws[1], .count = TARGETS, .least = 1e-3};
  group.sum_x = sums;
  group.sum_y = sums + TARGETS;
  variant->repel(&group, draws[2], draws[3], draws[4], SOURCES);
  sums += 2 * TARGETS;
  for (uint32_t length = 0; length <= ROWS; length++) {
    gli__springs_row around = {draws[5], draws[6], row, draws[7], length, 7, 1e-3};
    variant->pull(&around, sums, sums + 1);
    around.weights = NULL;
    variant->pull(&around, sums + 2, sums + 3);
    sums += 4;
  }
}

Test(layouts, every_way_of_adding_up_gives_the_same) {
  enum { SUMS = 2 * TARGETS + 4 * (ROWS + 1) };
  const gli__forces_variant *portable = &gli__forces_variants[gli__forces_variant_count - 1];
  double expected[SUMS] = {0}, by_hand[2] = {0};
  cr_assert(portable->runs_here());
  draw_places();
  add_up_by(portable, expected);
  for (int k = 0; k < SOURCES; k++) {
    const double dx = draws[0][0] - draws[2][k], dy = draws[1][0] - draws[3][k];
    by_hand[0] += draws[4][k] * dx / fmax(dx * dx + dy * dy, 1e-3);
  }
  for (int k = 0; k < ROWS; k++) {
    const double dx = draws[5][7] - draws[5][row[k]], dy = draws[6][7] - draws[6][row[k]];
    by_hand[1] += draws[7][k] * dx * fmax(hypot(dx, dy), sqrt(1e-3));
  }
  cr_assert_float_eq(expected[0], by_hand[0], 1e-9);
  cr_assert_float_eq(expected[SUMS - 4], by_hand[1], 1e-9);
  for (int v = 0; v < gli__forces_variant_count; v++) {
    double found[SUMS] = {0};
    if (!gli__forces_variants[v].runs_here()) continue;
    add_up_by(&gli__forces_variants[v], found);
    for (int k = 0; k < SUMS; k++)
      cr_expect_float_eq(found[k], expected[k], 1e-12, "%s: sum %d", gli__forces_variants[v].name,
                         k);
  }
}

/* A group in the middle and four random quarters, some far, some near, some empty. */
static void sort_out_by(const gli__forces_variant *variant, uint64_t seed, gli__group *group) {
  gli_random random = gli_random_start(seed, 7);
  gli__cells cells;
  memset(group, 0, sizeof *group);
  group->begin = 32;
  group->end = 48;
  group->low_x = group->low_y = 0.4;
  group->high_x = group->high_y = 0.5;
  for (int k = 0; k < 4; k++) {
    cells.x[k] = gli_random_unit(&random);
    cells.y[k] = gli_random_unit(&random);
    cells.mass[k] = gli_random_unit(&random);
    cells.reach[k] = gli_random_unit(&random) / 4;
    cells.begin[k] = (int32_t)gli_random_below(&random, 64);
    cells.end[k] = cells.begin[k] + (int32_t)gli_random_below(&random, 20);
    cells.inside[k] = (int32_t)gli_random_below(&random, 3) - 1;
    if (cells.inside[k] == 0) cells.reach[k] = (double)INFINITY;
  }
  variant->sort_out(group, &cells, 0);
}

Test(layouts, every_way_of_sorting_out_cells_gives_the_same) {
  const gli__forces_variant *portable = &gli__forces_variants[gli__forces_variant_count - 1];
  static gli__group expected, found;
  int64_t listed = 0, opened = 0, noted = 0;
  for (uint64_t seed = 0; seed < 400; seed++) {
    sort_out_by(portable, seed, &expected);
    listed += expected.listed;
    opened += expected.open_count;
    noted += expected.leaf_count;
    for (int v = 0; v < gli__forces_variant_count; v++) {
      if (!gli__forces_variants[v].runs_here()) continue;
      sort_out_by(&gli__forces_variants[v], seed, &found);
      cr_assert(found.listed == expected.listed && found.open_count == expected.open_count &&
                found.leaf_count == expected.leaf_count);
      for (int64_t k = 0; k < found.listed; k++)
        cr_assert(found.list_x[k] == expected.list_x[k] && found.list_y[k] == expected.list_y[k] &&
                  found.list_mass[k] == expected.list_mass[k]);
      for (int64_t k = 0; k < found.open_count; k++)
        cr_assert_eq(found.open[k], expected.open[k]);
      for (int64_t k = 0; k < found.leaf_count; k++)
        cr_assert_eq(found.leaves[k], expected.leaves[k]);
    }
  }
  cr_assert(listed > 100 && opened > 100 && noted > 100);
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
