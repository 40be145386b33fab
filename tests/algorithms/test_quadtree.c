/* Repulsion from the quadtree against the sum over all pairs. */
#include "cpu/drawing/quadtree.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "base/pool.h"

enum { MOST = 3000 };

typedef struct forces {
  double x[MOST], y[MOST];
} forces;

static int32_t nodes[MOST];
static double places[2][MOST], masses[MOST];

/* Build the tree of the first `count` places and ask for every force. */
static void find_forces(int64_t count, double theta, double nearest, forces *found) {
  gli__memory *memory = gli__memory_create(NULL);
  gli_control control = GLI_CONTROL_INIT;
  gli_run *run = NULL;
  gli__quadtree tree;
  cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
  for (int32_t v = 0; v < count; v++)
    nodes[v] = v;
  gli__layout layout = {.run = run, .count = count, .nodes = nodes, .x = places[0], .y = places[1]};
  cr_assert_eq(gli__quadtree_start(&layout, masses, theta, nearest, &tree, NULL), GLI_OK);
  for (int round = 0; round < 2; round++) { /* a tree may be built again */
    cr_assert_eq(gli__quadtree_build(&tree, NULL), GLI_OK);
    cr_assert_leq(tree.cell_count, count + 1);
    for (int64_t begin = 0; begin < count; begin += GLI__GROUP_BODIES) {
      double x[GLI__GROUP_BODIES], y[GLI__GROUP_BODIES];
      const int64_t end = begin + GLI__GROUP_BODIES < count ? begin + GLI__GROUP_BODIES : count;
      gli__quadtree_repulsion(&tree, begin, end, x, y);
      for (int64_t b = begin; b < end; b++) {
        found->x[tree.nodes[b]] = x[b - begin];
        found->y[tree.nodes[b]] = y[b - begin];
      }
    }
  }
  gli__run_end(run);
  gli__memory_free(memory);
}

static void sum_all(int64_t count, double nearest, forces *exact) {
  for (int64_t v = 0; v < count; v++) {
    exact->x[v] = exact->y[v] = 0;
    for (int64_t u = 0; u < count; u++) {
      const double dx = places[0][v] - places[0][u], dy = places[1][v] - places[1][u];
      const double d2 = fmax(dx * dx + dy * dy, nearest * nearest);
      if (d2 == 0) continue;
      exact->x[v] += masses[u] * dx / d2;
      exact->y[v] += masses[u] * dy / d2;
    }
  }
}

/* Root of the mean squared error over the root of the mean squared force. */
static double relative_error(int64_t count, const forces *found, const forces *exact) {
  double error = 0, force = 0;
  for (int64_t v = 0; v < count; v++) {
    error += pow(found->x[v] - exact->x[v], 2) + pow(found->y[v] - exact->y[v], 2);
    force += pow(exact->x[v], 2) + pow(exact->y[v], 2);
  }
  return force > 0 ? sqrt(error / force) : sqrt(error);
}

/* Uniform, in clusters of very different size, or on a line; masses 1 .. 9. */
static void scatter(int64_t count, int shape, uint64_t seed) {
  gli_random random = gli_random_start(seed, 0);
  for (int64_t v = 0; v < count; v++) {
    const double shrink = shape == 1 ? pow(0.1, (double)(v % 6)) : 1;
    masses[v] = (double)(1 + gli_random_below(&random, 9));
    places[0][v] = gli_random_unit(&random) * shrink + (shape == 1 ? (double)(v % 6) : 0);
    places[1][v] = shape == 2 ? 3 : gli_random_unit(&random) * shrink;
  }
}

Test(quadtree, is_exact_where_nothing_is_put_together) {
  static forces found, exact;
  const int64_t counts[] = {1, 2, 9, 100, 700};
  for (int shape = 0; shape < 3; shape++) {
    for (int k = 0; k < 5; k++) {
      scatter(counts[k], shape, (uint64_t)k);
      find_forces(counts[k], 0, 0.01, &found);
      sum_all(counts[k], 0.01, &exact);
      cr_assert_lt(relative_error(counts[k], &found, &exact), 1e-13);
    }
  }
}

Test(quadtree, keeps_its_error_bounded) {
  static forces found, exact;
  const double thetas[] = {0.3, 0.5, 0.8, 1.2}, bounds[] = {0.003, 0.008, 0.02, 0.05};
  for (int shape = 0; shape < 3; shape++) {
    scatter(MOST, shape, 7);
    sum_all(MOST, 0, &exact);
    for (int k = 0; k < 4; k++) {
      find_forces(MOST, thetas[k], 0, &found);
      const double error = relative_error(MOST, &found, &exact);
      cr_log_info("shape %d, theta %g: %.4f", shape, thetas[k], error);
      cr_assert_lt(error, bounds[k], "shape %d, theta %g: %g", shape, thetas[k], error);
    }
  }
}

/* All in two places: as quick as elsewhere, and no force between what is in one place. */
Test(quadtree, of_nodes_in_the_same_place) {
  static forces found, exact;
  for (int64_t v = 0; v < MOST; v++) {
    masses[v] = 1;
    places[0][v] = places[1][v] = (double)(v % 2);
  }
  sum_all(MOST, 0, &exact);
  find_forces(MOST, 0.8, 0, &found);
  cr_assert_lt(relative_error(MOST, &found, &exact), 1e-12);
  for (int64_t v = 0; v < MOST; v++)
    places[0][v] = places[1][v] = 5;
  find_forces(MOST, 0.8, 0, &found);
  for (int64_t v = 0; v < MOST; v++)
    cr_assert(found.x[v] == 0 && found.y[v] == 0);
}

/* Far apart by ten millions and near by ten thousandths: one cell that cannot be divided. */
Test(quadtree, of_a_crowd_with_one_far_away) {
  static forces found, exact;
  scatter(500, 0, 3);
  for (int64_t v = 0; v < 500; v++) {
    places[0][v] *= 1e-4;
    places[1][v] *= 1e-4;
  }
  places[0][499] = 1e7;
  find_forces(500, 0.8, 0, &found);
  sum_all(500, 0, &exact);
  cr_assert_float_eq(found.x[499], exact.x[499], 1e-9 * fabs(exact.x[499]));
  for (int64_t v = 0; v < 499; v++) {
    cr_assert(isfinite(found.x[v]) && isfinite(found.y[v]));
    const double inward = (places[0][v] - 5e-5) * found.x[v] + (places[1][v] - 5e-5) * found.y[v];
    cr_assert_gt(inward, -1e6 * 1e-4, "outwards, or nearly in the middle");
  }
}

/* From the far corner of the square that holds all: that square must not be put together, for what
 * asks is in it. */
Test(quadtree, counts_nobody_against_itself) {
  static forces found, exact;
  enum { BODIES = 21 };
  scatter(BODIES, 0, 5);
  for (int64_t v = 0; v < BODIES; v++) {
    masses[v] = 1;
    places[0][v] *= 1e-3;
    places[1][v] *= 1e-3;
  }
  places[0][BODIES - 1] = places[1][BODIES - 1] = 1;
  find_forces(BODIES, 0.8, 0, &found);
  sum_all(BODIES, 0, &exact);
  cr_assert_float_eq(found.x[BODIES - 1], exact.x[BODIES - 1], 1e-3 * exact.x[BODIES - 1]);
  cr_assert_float_eq(found.y[BODIES - 1], exact.y[BODIES - 1], 1e-3 * exact.y[BODIES - 1]);
}

/* One that weighs as much as all the others of its crowd: the middle of these pushes it. */
Test(quadtree, of_a_crowd_with_a_heavy_one) {
  static forces found;
  enum { BODIES = 500, HEAVY = 7 };
  double x = 0, y = 0, rest = 0;
  scatter(BODIES, 0, 3);
  for (int64_t v = 0; v < BODIES - 1; v++) {
    places[0][v] *= 1e-4;
    places[1][v] *= 1e-4;
    if (v == HEAVY) continue;
    rest += masses[v];
    x += masses[v] * places[0][v];
    y += masses[v] * places[1][v];
  }
  masses[HEAVY] = rest;
  places[0][BODIES - 1] = 1e7; /* so that the crowd is one cell */
  x = places[0][HEAVY] - x / rest;
  y = places[1][HEAVY] - y / rest;
  find_forces(BODIES, 0.8, 0, &found);
  const double force = rest / (x * x + y * y);
  cr_assert_float_eq(found.x[HEAVY], x * force, 1e-6 * fabs(x * force));
  cr_assert_float_eq(found.y[HEAVY], y * force, 1e-6 * fabs(y * force));
}
