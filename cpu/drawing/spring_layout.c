/* spring_layout.c: Fruchterman and Reingold's springs, repulsion by Barnes and Hut.
 *
 * As NetworkX computes it: with d the distance of two nodes, at least NEAREST, they push each other
 * away by k^2 / d and an edge pulls its ends together by d^2 / k times its weight; a node goes by
 * the temperature in the direction of its force, and the temperature falls linearly from a tenth of
 * the starting square. All nodes move at once, so a step is parallel and the same on any number of
 * threads; how far they went is summed per block.
 *
 * Repulsion from a quadtree (quadtree.h) costs O(n log n) a step where the sum over all pairs costs
 * O(n^2), at an error of 0.2 to 0.7 % of the force (root mean square) with the default theta 0.8,
 * of 0.7 to 1.7 % with 1.2; theta 0 is exact. */
#include <gli/algorithms/spring_layout.h>

#include <math.h>

#include "cpu/drawing/quadtree.h"
#include "cpu/kernels.h"
#include "cpu/sides.h"

#define NEAREST 0.01

enum { BLOCK_BODIES = 1 << 7, BLOCK_NODES = 1 << 13 };

typedef struct springs {
  gli__layout layout;
  gli__quadtree tree;
  gli__sides sides;
  const double *weights[2]; /* in row order; NULL: 1 each */
  double k, temperature;
  double *move_x, *move_y; /* [node] */
  double *moved;           /* [block] squares of the ways */
} springs;

/* What its edges make of the force at v. */
static void add_pull(const springs *s, int32_t v, double *x, double *y) {
  for (int side = 0; side < s->sides.count; side++) {
    const gli_rows *rows = &s->sides.rows[side];
    const gli_row row = rows->rows[v];
    const double *weights = s->weights[side];
    const gli__springs_row around = {.x = s->layout.x,
                                     .y = s->layout.y,
                                     .neighbors = rows->neighbors + row.begin,
                                     .weights = weights == NULL ? NULL : weights + row.begin,
                                     .length = row.length,
                                     .node = v,
                                     .least = NEAREST * NEAREST};
    double pull_x, pull_y;
    s->tree.forces->pull(&around, &pull_x, &pull_y);
    *x -= pull_x / s->k;
    *y -= pull_y / s->k;
  }
}

/* Returns the squares of the ways. */
static double move_group(const springs *s, int64_t begin, int64_t end) {
  double x[GLI__GROUP_BODIES], y[GLI__GROUP_BODIES], moved = 0;
  const int32_t *nodes = s->tree.nodes + begin;
  gli__quadtree_repulsion(&s->tree, begin, end, x, y);
  for (int64_t k = 0; k < end - begin; k++) {
    x[k] *= s->k * s->k;
    y[k] *= s->k * s->k;
    add_pull(s, nodes[k], &x[k], &y[k]);
  }
  for (int64_t k = 0; k < end - begin; k++) {
    const double force = sqrt(x[k] * x[k] + y[k] * y[k]);
    const double step = s->temperature / (force > NEAREST ? force : NEAREST);
    const double move_x = x[k] * step, move_y = y[k] * step;
    s->move_x[nodes[k]] = move_x;
    s->move_y[nodes[k]] = move_y;
    moved += move_x * move_x + move_y * move_y;
  }
  return moved;
}

static void move_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const springs *s = context;
  double moved = 0;
  (void)worker;
  for (int64_t b = begin; b < end && !gli_run_stopped(s->layout.run); b += GLI__GROUP_BODIES)
    moved += move_group(s, b, b + GLI__GROUP_BODIES < end ? b + GLI__GROUP_BODIES : end);
  s->moved[begin / BLOCK_BODIES] = moved;
}

/* How long the vector of all ways is. */
static double apply_moves(const springs *s) {
  double moved = 0;
  for (int64_t k = 0; k < s->layout.count; k++) {
    const int32_t v = s->layout.nodes[k];
    s->layout.x[v] += s->move_x[v];
    s->layout.y[v] += s->move_y[v];
  }
  for (int64_t b = 0; b < gli__cpu_block_count(s->layout.count, BLOCK_BODIES); b++)
    moved += s->moved[b];
  return sqrt(moved);
}

/* The longer side of the rectangle that the nodes start in. */
static double extent(const gli__layout *layout) {
  double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  for (int64_t k = 0; k < layout->count; k++) {
    const int32_t v = layout->nodes[k];
    low[0] = fmin(low[0], layout->x[v]);
    high[0] = fmax(high[0], layout->x[v]);
    low[1] = fmin(low[1], layout->y[v]);
    high[1] = fmax(high[1], layout->y[v]);
  }
  return fmax(high[0] - low[0], high[1] - low[1]);
}

static gli_status prepare(springs *s, gli_snapshot *snapshot,
                          const gli_spring_layout_options *given, gli_error *error) {
  gli_run *run = s->layout.run;
  const int64_t limit = gli_snapshot_node_limit(snapshot), count = s->layout.count;
  gli_status status = gli__cpu_sides(snapshot, &s->sides, error);
  for (int side = 0; side < s->sides.count && status == GLI_OK; side++)
    status = gli__cpu_row_weights(snapshot, given->weight, side == 1, &s->weights[side], error);
  if (status == GLI_OK) {
    status = gli__quadtree_start(&s->layout, NULL, given->theta, NEAREST, &s->tree, error);
  }
  if (status != GLI_OK) return status;
  s->move_x = gli_run_allocate(run, limit + 1, sizeof *s->move_x);
  s->move_y = gli_run_allocate(run, limit + 1, sizeof *s->move_y);
  s->moved = gli_run_allocate(run, gli__cpu_block_count(count, BLOCK_BODIES) + 1, sizeof(double));
  if (s->move_x == NULL || s->move_y == NULL || s->moved == NULL) {
    return gli_run_no_memory(run, error);
  }
  status = gli__layout_scatter(&s->layout, given->seed, error);
  gli__layout_place(&s->layout, &given->x, &given->y);
  s->k = given->k > 0 ? given->k : sqrt(1 / (double)count);
  s->temperature = extent(&s->layout) / 10;
  return status;
}

gli_status gli__cpu_spring_layout(gli_run *run, gli_snapshot *snapshot, const void *options,
                                  gli_result *result, gli_error *error) {
  const gli_spring_layout_options *given = options;
  springs s = {.k = 0};
  gli_status status = gli__layout_start(run, snapshot, result, &s.layout, error);
  if (status != GLI_OK || s.layout.count == 0) return status;
  status = prepare(&s, snapshot, given, error);
  gli_run_prepared(run);
  const double cooling = s.temperature / (double)(given->iterations + 1);
  for (int64_t round = 0; round < given->iterations && status == GLI_OK; round++) {
    gli_run_progress(run, (double)round, (double)given->iterations);
    status = gli__quadtree_build(&s.tree, error);
    if (status != GLI_OK) break;
    status = gli_run_parallel(run, s.layout.count, BLOCK_BODIES, move_block, &s, error);
    if (status == GLI_OK) status = gli_run_check(run, error);
    if (status != GLI_OK) break;
    gli_run_count_iteration(run);
    s.temperature -= cooling;
    if (apply_moves(&s) / (double)s.layout.count < given->threshold) break;
  }
  if (status == GLI_OK) gli__layout_rescale(&s.layout, given->scale);
  return status;
}
