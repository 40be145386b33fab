/* spectral_layout.
 *
 * Known values: NetworkX 3.6.1's manual (a path of four nodes); beyond that closed forms (Brouwer
 * and Haemers, Spectra of Graphs, section 1.4): a path of n nodes has the eigenvectors cos(pi k (i
 * + 1/2) / n), a lattice their products. */
#include "algorithms/support.h"

enum { ACROSS = 23, DOWN = 14, LONG = 5000, RING = 90 };

static const gli_spectral_layout_options defaults = GLI_SPECTRAL_LAYOUT_OPTIONS_INIT;
static const double pi = 3.14159265358979323846;

static gli_spectral_layout_options tight(const char *weight) {
  gli_spectral_layout_options options = defaults;
  options.tolerance = 1e-10;
  options.weight = weight;
  return options;
}

static const double *axis(const gli_result *result, int which) {
  static const char *const names[] = {"x", "y", "z"};
  return gli_result_floats(result, names[which]);
}

static gli_snapshot *path_of(int32_t count) {
  pair *edges = calloc((size_t)count, sizeof *edges);
  for (int32_t v = 0; v + 1 < count; v++) {
    edges[v][0] = v;
    edges[v][1] = v + 1;
  }
  gli_snapshot *made = graph_of(count, false, count - 1, (const pair *)edges);
  free(edges);
  return made;
}

static gli_snapshot *lattice(bool directed) {
  pair edges[2 * ACROSS * DOWN];
  int64_t count = 0;
  for (int32_t v = 0; v < ACROSS * DOWN; v++) {
    if (v % ACROSS + 1 < ACROSS) {
      edges[count][0] = v;
      edges[count++][1] = v + 1;
    }
    if (v + ACROSS < ACROSS * DOWN) {
      edges[count][0] = v + ACROSS;
      edges[count++][1] = v;
    }
  }
  return graph_of(ACROSS * DOWN, directed, count, (const pair *)edges);
}

Test(spectral_layout, holds_what_every_algorithm_must) {
  gli_spectral_layout_options options = defaults;
  options.weight = "weight";
  options.dim = 3;
  options.center_x = -2;
  check_algorithm("spectral_layout", &defaults, &options);
}

Test(spectral_layout, agrees_with_networkx_on_a_path) {
  static const double known[2][4] = {
      {1, 0.41421356237, -0.41421356237, -1},
      {0.76536686473, -0.76536686473, -0.76536686473, 0.76536686473}};
  gli_snapshot *snapshot = path_of(4);
  gli_result *result = run_on(snapshot, "spectral_layout", NULL, 0);
  for (int v = 0; v < 4; v++) {
    cr_assert_float_eq(axis(result, 0)[v], known[0][v], 1e-10);
    cr_assert_float_eq(axis(result, 1)[v], known[1][v], 1e-10);
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(spectral_layout, of_a_long_path_is_a_cosine) {
  const gli_spectral_layout_options options = tight(NULL);
  gli_snapshot *snapshot = path_of(LONG);
  gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
  const double longest = cos(pi / 2 / LONG);
  for (int v = 0; v < LONG; v++) {
    cr_assert_float_eq(axis(result, 0)[v], cos(pi * (v + 0.5) / LONG) / longest, 1e-6);
    cr_assert_float_eq(axis(result, 1)[v], cos(2 * pi * (v + 0.5) / LONG) / longest, 1e-6);
  }
  cr_assert_lt(gli_result_run(result).iterations, 40, "the multigrid does its part");
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Three dimensions, a centre, a scale; directions do not matter. */
Test(spectral_layout, of_a_lattice_is_the_lattice) {
  for (int directed = 0; directed < 2; directed++) {
    gli_spectral_layout_options options = tight(NULL);
    options.dim = 3;
    options.center_x = 5;
    options.center_z = -1;
    options.scale = 10;
    gli_snapshot *snapshot = lattice(directed == 1);
    gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
    /* x and y are long by sqrt(2 / n), the third, their product, by 2 / sqrt(n): it is the largest
     */
    const double corner = cos(pi / 2 / ACROSS) * cos(pi / 2 / DOWN), root = sqrt(0.5);
    for (int v = 0; v < ACROSS * DOWN; v++) {
      const int column = v % ACROSS, row = v / ACROSS;
      const double across = cos(pi * (column + 0.5) / ACROSS);
      const double down = cos(pi * (row + 0.5) / DOWN);
      cr_assert_float_eq(axis(result, 0)[v] - 5, 10 * across * root / corner, 1e-6);
      cr_assert_float_eq(axis(result, 1)[v], 10 * down * root / corner, 1e-6);
      cr_assert_float_eq(axis(result, 2)[v] + 1, 10 * across * down / corner, 1e-6);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

/* A ring's eigenvalues come in pairs: any turn of the circle will do. */
Test(spectral_layout, of_a_ring_is_a_circle) {
  const gli_spectral_layout_options options = tight(NULL);
  for (int count = 30; count <= RING; count += 60) {
    pair edges[RING];
    for (int32_t v = 0; v < count; v++) {
      edges[v][0] = v;
      edges[v][1] = (v + 1) % count;
    }
    gli_snapshot *snapshot = graph_of(count, false, count, (const pair *)edges);
    gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
    const double radius = hypot(axis(result, 0)[0], axis(result, 1)[0]);
    for (int v = 0; v < count; v++) {
      const double x = axis(result, 0)[v], y = axis(result, 1)[v];
      const int next = (v + 1) % count;
      const double way = hypot(axis(result, 0)[next] - x, axis(result, 1)[next] - y);
      cr_assert_float_eq(hypot(x, y), radius, 1e-7);
      cr_assert_float_eq(way, 2 * radius * sin(pi / count), 1e-7);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

/* |L x - value x| / value of a unit x over the edges of a tree, x scaled. */
static double residual(const double *x, const pair *edges, int32_t count) {
  double *image = calloc((size_t)count, sizeof *image);
  double squares = 0, product = 0, rest = 0;
  for (int32_t v = 1; v < count; v++) {
    const double difference = x[v] - x[edges[v][1]];
    image[v] += difference;
    image[edges[v][1]] -= difference;
  }
  for (int32_t v = 0; v < count; v++) {
    squares += x[v] * x[v];
    product += x[v] * image[v];
  }
  const double value = product / squares;
  for (int32_t v = 0; v < count; v++)
    rest += (image[v] - value * x[v]) * (image[v] - value * x[v]);
  free(image);
  return sqrt(rest / squares) / value;
}

/* In some of them a graph of the multigrid is hardly smaller than the one before: what it gives is
 * not to be lengthened then, or the next ones blow it up (three of the larger trees). */
Test(spectral_layout, of_random_trees_takes_few_rounds) {
  enum { LARGE = 1021, SMALL = 135, SEEDS = 40 };
  static pair edges[LARGE];
  for (int k = 0; k < 2 * SEEDS; k++) {
    const int32_t count = k < SEEDS ? LARGE : SMALL;
    gli_random random = gli_random_start((uint64_t)(k % SEEDS), 0);
    for (int32_t v = 1; v < count; v++) {
      edges[v][0] = v;
      edges[v][1] = (int32_t)gli_random_below(&random, (uint64_t)v);
    }
    gli_snapshot *snapshot = graph_of(count, false, count - 1, (const pair *)(edges + 1));
    gli_result *result = run_on(snapshot, "spectral_layout", NULL, 0);
    cr_assert_lt(gli_result_run(result).iterations, 30, "tree %d", k);
    for (int a = 0; a < 2; a++)
      cr_assert_lt(residual(axis(result, a), (const pair *)edges, count), 1.1e-5, "tree %d", k);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

/* Every vector but the constant one is an eigenvector: orthogonal to it and to each other. */
Test(spectral_layout, of_a_complete_graph) {
  enum { ALL = 60 };
  pair edges[ALL * ALL];
  int64_t count = 0;
  for (int32_t u = 0; u < ALL; u++) {
    for (int32_t v = 0; v < u; v++) {
      edges[count][0] = u;
      edges[count++][1] = v;
    }
  }
  gli_snapshot *snapshot = graph_of(ALL, false, count, (const pair *)edges);
  gli_result *result = run_on(snapshot, "spectral_layout", NULL, 0);
  double sums[5] = {0};
  for (int v = 0; v < ALL; v++) {
    const double x = axis(result, 0)[v], y = axis(result, 1)[v];
    const double add[] = {x, y, x * y, x * x, y * y};
    for (int k = 0; k < 5; k++)
      sums[k] += add[k];
  }
  for (int k = 0; k < 3; k++)
    cr_assert_float_eq(sums[k], 0, 1e-11);
  cr_assert_float_eq(sums[3], sums[4], 1e-10);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Eigenvalues that come four times and more: x and y are the space's vectors nearest to fixed ones,
 * whatever the tolerance let the rounds find first. */
Test(spectral_layout, of_a_torus_and_a_cube_is_the_same_at_any_tolerance) {
  enum { WIDE = 20, CUBE = 8 };
  static pair edges[2 * WIDE * WIDE], cube[CUBE << CUBE];
  int64_t count = 0;
  for (int32_t v = 0; v < WIDE * WIDE; v++) {
    edges[2 * v][0] = edges[2 * v + 1][0] = v;
    edges[2 * v][1] = v - v % WIDE + (v + 1) % WIDE;
    edges[2 * v + 1][1] = (v + WIDE) % (WIDE * WIDE);
  }
  for (int32_t v = 0; v < 1 << CUBE; v++) {
    for (int k = 0; k < CUBE; k++) {
      if ((v >> k & 1) == 1) continue;
      cube[count][0] = v;
      cube[count++][1] = v | 1 << k;
    }
  }
  gli_snapshot *const snapshots[] = {
      graph_of(WIDE * WIDE, false, COUNT_OF(edges), (const pair *)edges),
      graph_of(1 << CUBE, false, count, (const pair *)cube)};
  gli_spectral_layout_options few = defaults;
  few.max_iterations = 13; /* enough for two vectors of the torus, not for four */
  expect_error(snapshots[0], "spectral_layout", &few, GLI_ERROR_NOT_CONVERGED,
               "after 13 iterations the residual is");
  for (int g = 0; g < 2; g++) {
    const gli_spectral_layout_options options = tight(NULL);
    gli_result *exact = run_on(snapshots[g], "spectral_layout", &options, 0);
    gli_result *result = run_on(snapshots[g], "spectral_layout", NULL, 0);
    cr_assert_lt(gli_result_run(result).iterations, gli_result_run(exact).iterations);
    for (int v = 0; v < (g == 0 ? WIDE * WIDE : 1 << CUBE); v++) {
      for (int a = 0; a < 2; a++)
        cr_assert_float_eq(axis(result, a)[v], axis(exact, a)[v], 1e-4, "%d: %d", g, v);
    }
    gli_result_free(result);
    gli_result_free(exact);
    gli_snapshot_free(snapshots[g]);
  }
}

/* Two graphs and a light edge between them: x tends to a number for each, y to the second's. */
Test(spectral_layout, tells_apart_what_hangs_together_by_next_to_nothing) {
  enum { HALF = 40, EDGES = 4 * HALF + 1 };
  static const double lights[] = {1e-6, 1e-9, 1e-12, 1e-14, 1e-18};
  static const double tolerances[] = {1e-5, 1e-9};
  pair edges[EDGES] = {{0, HALF}};
  double weights[EDGES];
  gli_random random = gli_random_start(5, 0);
  for (int32_t k = 1; k < EDGES; k++) {
    const int32_t v = (k - 1) % (2 * HALF), first = v - v % HALF; /* a ring, then any other */
    const int32_t any = (int32_t)gli_random_below(&random, HALF - 1);
    weights[k] = 1;
    edges[k][0] = v;
    edges[k][1] = first + (k <= 2 * HALF ? (v + 1) % HALF : (v + 1 + any) % HALF);
  }
  for (int k = 0; k < 10; k++) {
    gli_spectral_layout_options options = tight("weight");
    options.tolerance = tolerances[k % 2];
    options.max_iterations = 100;
    weights[0] = lights[k / 2];
    gli_snapshot *snapshot = graph_with(2 * HALF, false, EDGES, (const pair *)edges, weights, NULL);
    gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
    double least = 1, most = 0;
    for (int v = 0; v < 2 * HALF; v++) {
      const double x = axis(result, 0)[v], y = axis(result, 1)[v];
      cr_assert_float_eq(x, axis(result, 0)[v < HALF ? 0 : HALF], 1e-3 * fabs(x), "%d: %d", k, v);
      cr_assert_lt(axis(result, 0)[0] * axis(result, 0)[HALF], 0);
      least = fmin(least, fmin(fabs(y), fabs(axis(result, 1)[(v + HALF) % (2 * HALF)])));
      most = fmax(most, fabs(y));
    }
    cr_assert(most > 0.9 && least < 1e-3, "%d: %g, %g", k, most, least);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

/* Eigenvalues that differ by next to nothing count as one: the square's x is what it is with edges
 * alike. */
Test(spectral_layout, takes_nearly_repeated_eigenvalues_as_repeated) {
  enum { SIDE = 12, EDGES = 2 * SIDE * (SIDE - 1) };
  static const double splits[] = {0, 1e-7, 1e-4}, tolerances[] = {1e-10, 1e-10, 1e-2};
  pair edges[EDGES];
  double weights[EDGES], expected[SIDE * SIDE];
  for (int k = 0; k < 3; k++) {
    int64_t count = 0;
    for (int32_t v = 0; v < SIDE * SIDE; v++) {
      for (int down = 0; down < 2; down++) {
        if ((down == 0 ? v % SIDE : v / SIDE) + 1 == SIDE) continue;
        weights[count] = down == 0 ? 1 : 1 + splits[k];
        edges[count][0] = v;
        edges[count++][1] = down == 0 ? v + 1 : v + SIDE;
      }
    }
    gli_spectral_layout_options options = tight("weight");
    options.tolerance = tolerances[k];
    gli_snapshot *snapshot =
        graph_with(SIDE * SIDE, false, EDGES, (const pair *)edges, weights, NULL);
    gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
    for (int v = 0; v < SIDE * SIDE; v++) {
      const double x = axis(result, 0)[v];
      if (k == 0) expected[v] = x;
      cr_assert_float_eq(x, expected[v], k == 1 ? 1e-5 : 0.05, "%d, %d: %g", k, v, x);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

/* A heavy edge makes one node of two (a heavy loop nothing); on either side of it x is a cosine of
 * an angle that lies between those of the paths of as many nodes, and of one less. */
Test(spectral_layout, of_a_path_with_a_heavy_edge_is_two_cosines) {
  enum { NODES = 100, HEAVY = 37 };
  pair edges[NODES];
  double weights[NODES];
  for (int32_t v = 0; v < NODES - 1; v++) {
    edges[v][0] = v;
    edges[v][1] = v + 1;
    weights[v] = 1;
  }
  edges[NODES - 1][0] = edges[NODES - 1][1] = 5;
  weights[NODES - 1] = 1e12;
  for (int digits = 3; digits <= 18; digits += 3) {
    const gli_spectral_layout_options options = tight("weight");
    weights[HEAVY] = pow(10, digits);
    gli_snapshot *snapshot = graph_with(NODES, false, NODES, (const pair *)edges, weights, NULL);
    gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
    const double *x = axis(result, 0), angle = acos(1 - (1 - x[1] / x[0]) / 2);
    cr_assert(angle > pi / NODES && angle < pi / (NODES - 1), "1e%d: %g", digits, pi / angle);
    for (int v = 0; v < NODES; v++) {
      const int end = v <= HEAVY ? 0 : NODES - 1, steps = abs(v - end);
      const double expected = x[end] * cos(angle * (steps + 0.5)) / cos(angle / 2);
      cr_assert_float_eq(x[v], expected, 1e-4, "1e%d, %d: %g", digits, v, x[v]);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

/* Two paths of 40 and 20 nodes: x tells them apart, y spreads the longer. Three and more components
 * lie in one place each, on a circle where they are alike. */
Test(spectral_layout, of_components) {
  pair edges[60];
  for (int32_t v = 0; v < 59; v++) {
    edges[v][0] = v;
    edges[v][1] = v == 39 ? 40 : v + 1;
  }
  for (int extra = 0; extra < 2; extra++) { /* 60 and 40 nodes: either way of solving */
    const int32_t long_path = extra == 0 ? 40 : 24, count = extra == 0 ? 60 : 40;
    edges[long_path - 1][1] = long_path - 1; /* a loop instead of the link */
    gli_snapshot *snapshot = graph_of(count, false, count - 1, (const pair *)edges);
    const gli_spectral_layout_options options = tight(NULL);
    gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
    const double *x = axis(result, 0), *y = axis(result, 1);
    cr_assert_gt(x[0], 0);
    for (int v = 0; v < count; v++) {
      const bool first = v < long_path;
      const double other = -x[0] * long_path / (count - long_path);
      cr_assert_float_eq(x[v], first ? x[0] : other, 1e-12);
      const double wave = cos(pi * (v + 0.5) / long_path) / cos(pi / 2 / long_path) * y[0];
      cr_assert_float_eq(y[v], first ? wave : 0, 1e-8, "%d: %g", v, y[v]);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
    edges[long_path - 1][1] = long_path;
  }
  const pair triples[] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}};
  gli_snapshot *snapshot = graph_of(10, true, 5, triples);
  gli_result *result = run_on(snapshot, "spectral_layout", NULL, 0);
  for (int v = 0; v < 10; v++) {
    const int component = v / 2;
    const double angle = 2 * pi * component / 5;
    cr_assert_float_eq(axis(result, 0)[v], cos(angle), 1e-12);
    cr_assert_float_eq(axis(result, 1)[v], sin(angle), 1e-12);
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

/* Edges of weight 0 are none; those of any other size only matter beside each other. */
Test(spectral_layout, takes_weights_of_any_size) {
  static const double factors[] = {1, 1e300, 1e-300, 5e-324};
  const pair edges[] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {1, 2}, {2, 2}, {4, 0}};
  double first[5] = {0};
  for (int f = 0; f < 4; f++) {
    const double factor = factors[f];
    const double weights[] = {factor, factor, factor, factor, factor, 7 * factor, 0};
    gli_snapshot *snapshot = graph_with(5, false, 7, edges, weights, NULL);
    const gli_spectral_layout_options options = tight("weight");
    gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
    for (int v = 0; v < 5; v++) {
      if (f == 0) first[v] = axis(result, 0)[v];
      cr_assert_float_eq(axis(result, 0)[v], first[v], 1e-12);
    }
    if (f == 0) { /* L x = value x at node 0, whose only edge leads to node 1, and at 4 */
      cr_assert_float_eq((first[0] - first[1]) / first[0], (first[4] - first[3]) / first[4], 1e-12);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
  const double none[] = {1, 0, 1, 0, 0, 0, 0};
  gli_snapshot *snapshot = graph_with(5, false, 7, edges, none, NULL);
  const gli_spectral_layout_options options = tight("weight");
  gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
  cr_assert(axis(result, 0)[0] == axis(result, 0)[1] && axis(result, 0)[2] == axis(result, 0)[3]);
  cr_assert_neq(axis(result, 0)[1], axis(result, 0)[2]);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(spectral_layout, of_next_to_nothing_and_with_holes) {
  const pair edges[] = {{0, 0}, {0, 1}, {1, 2}};
  gli_spectral_layout_options options = defaults;
  options.center_x = 3;
  options.center_z = 1;
  options.dim = 3;
  for (int32_t count = 0; count <= 3; count++) {
    gli_snapshot *snapshot = graph_of(count, false, count, edges);
    gli_result *result = run_on(snapshot, "spectral_layout", &options, 0);
    const double *x = axis(result, 0), *z = axis(result, 2);
    if (count == 1) cr_assert(x[0] == 3 && z[0] == 1);
    if (count == 2) cr_assert(x[0] == 0 && x[1] == 6 && z[0] == 0 && z[1] == 2);
    if (count == 3)
      cr_assert(fabs(x[0] - 3 - sqrt(0.75)) + fabs(x[1] - 3) + fabs(z[2] - 1) < 1e-12);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
  for (int32_t size = 30; size < 200; size += 100) {
    gli_snapshot *snapshot = ring_with_holes(size);
    gli_result *result = run_on(snapshot, "spectral_layout", NULL, 0);
    for (int v = 0; v < size; v++) {
      cr_assert(isfinite(axis(result, 0)[v]) && fabs(axis(result, 1)[v]) <= 1 + 1e-12);
      if (v % 5 == 0) cr_assert(axis(result, 0)[v] == 0 && axis(result, 1)[v] == 0);
    }
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(spectral_layout, of_a_larger_graph_is_the_same_on_any_number_of_threads) {
  gli_snapshot *snapshot = random_graph(6000, 60000, true, 4, NULL);
  gli_spectral_layout_options options = defaults;
  options.weight = "weight";
  options.tolerance = 1e-3;
  gli_result *alone = run_on(snapshot, "spectral_layout", &options, 1);
  for (int threads = 2; threads < 8; threads += 3) {
    gli_result *result = run_on(snapshot, "spectral_layout", &options, threads);
    expect_same(alone, result);
    gli_result_free(result);
  }
  gli_result_free(alone);
  gli_snapshot_free(snapshot);
}

/* Of the way that larger graphs go. */
Test(spectral_layout, gives_back_what_it_took_when_memory_ends) {
  const gli_algorithm *algorithm = gli_algorithm_find("spectral_layout");
  gli_spectral_layout_options options = defaults;
  options.weight = "weight";
  failing_loop loop = failing_loop_start("spectral_layout");
  while (failing_loop_next(&loop)) {
    gli_snapshot *snapshot = random_graph(150, 600, true, 7, &loop.allocator);
    gli_result *result = NULL;
    gli_error error = {0};
    failing_loop_arm(&loop);
    const gli_status status =
        gli_algorithm_run(algorithm, snapshot, &options, NULL, &result, &error);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", error.message);
    gli_result_free(result);
    gli_snapshot_free(snapshot);
  }
}

Test(spectral_layout, says_what_is_wrong) {
  gli_snapshot *snapshot = lattice(false);
  gli_spectral_layout_options options = tight(NULL);
  options.max_iterations = 2;
  expect_error(snapshot, "spectral_layout", &options, GLI_ERROR_NOT_CONVERGED,
               "after 2 iterations the residual is");
  options = defaults;
  options.dim = 4;
  expect_error(snapshot, "spectral_layout", &options, GLI_ERROR_INVALID_ARGUMENT, "dim is 4");
  options = defaults;
  options.scale = 0;
  expect_error(snapshot, "spectral_layout", &options, GLI_ERROR_INVALID_ARGUMENT, "scale is 0");
  gli_snapshot_free(snapshot);
  const pair edges[] = {{0, 1}, {1, 2}};
  const double weights[] = {1, -1};
  snapshot = graph_with(3, false, 2, edges, weights, NULL);
  options = tight("weight");
  expect_error(snapshot, "spectral_layout", &options, GLI_ERROR_INVALID_ARGUMENT, "-1");
  gli_snapshot_free(snapshot);
}
