/* forceatlas2_layout.c: ForceAtlas2, repulsion by Barnes and Hut.
 *
 * As NetworkX 3.6 computes it: a node's mass is its degree plus 1; two nodes push each other away
 * by scaling_ratio * mass * mass / d, an edge pulls its ends together by d times its weight
 * (LinLog: by log(1 + d)), gravity pulls to the mean place by gravity * mass (strong: times the
 * distance). A node's speed falls with how much it swings, and the speed of all follows the share
 * of traction in all swinging (Jacomy et al. 2014). NetworkX takes for swinging the distance
 * between place and force, summed since the beginning, and so does this. All nodes move at once;
 * sums over nodes are taken per block, in order: the same on any number of threads. Cost O(m + n
 * log n) a step. */
#include <gli/algorithms/forceatlas2_layout.h>

#include <math.h>

#include "cpu/drawing/quadtree.h"
#include "cpu/kernels.h"
#include "cpu/sides.h"

enum { BLOCK_BODIES = 1 << 7 };

typedef struct atlas {
  gli__layout layout;
  gli__quadtree tree;
  gli__sides sides;
  const double *weights[2]; /* in row order; NULL: 1 each */
  const gli_forceatlas2_layout_options *given;
  double *mass;              /* [node] */
  double *force_x, *force_y; /* [node] */
  double mean_x, mean_y;
  double *swings, *tractions; /* [block] */
  double swing, traction, speed, efficiency;
} atlas;

static void add_pull(const atlas *a, int32_t v, double *x, double *y) {
  double sum_x = 0, sum_y = 0;
  for (int side = 0; side < a->sides.count; side++) {
    const gli_rows *rows = &a->sides.rows[side];
    const gli_row row = rows->rows[v];
    for (int64_t e = row.begin; e < row.begin + row.length; e++) {
      const int32_t u = rows->neighbors[e];
      const double dx = a->layout.x[v] - a->layout.x[u], dy = a->layout.y[v] - a->layout.y[u];
      double pull = a->weights[side] == NULL ? 1 : a->weights[side][e];
      if (a->given->linlog) {
        const double distance = sqrt(dx * dx + dy * dy);
        pull *= distance > 0 ? log(1 + distance) / distance : 0;
      }
      sum_x -= dx * pull;
      sum_y -= dy * pull;
    }
  }
  const double share = a->given->distributed_action ? 1 / a->mass[v] : 1;
  *x += sum_x * share;
  *y += sum_y * share;
}

static void add_gravity(const atlas *a, int32_t v, double *x, double *y) {
  const double dx = a->layout.x[v] - a->mean_x, dy = a->layout.y[v] - a->mean_y;
  const double distance = sqrt(dx * dx + dy * dy);
  double pull = a->given->gravity * a->mass[v];
  if (!a->given->strong_gravity) pull = distance > 0 ? pull / distance : 0;
  *x -= dx * pull;
  *y -= dy * pull;
}

typedef struct unrest {
  double swing, traction;
} unrest;

static unrest force_group(const atlas *a, int64_t begin, int64_t end) {
  double force_x[GLI__GROUP_BODIES], force_y[GLI__GROUP_BODIES];
  unrest sum = {0, 0};
  gli__quadtree_repulsion(&a->tree, begin, end, force_x, force_y);
  for (int64_t b = begin; b < end; b++) {
    const int32_t v = a->tree.nodes[b];
    double x = force_x[b - begin] * (a->given->scaling_ratio * a->mass[v]);
    double y = force_y[b - begin] * (a->given->scaling_ratio * a->mass[v]);
    add_pull(a, v, &x, &y);
    add_gravity(a, v, &x, &y);
    const double less_x = a->layout.x[v] - x, less_y = a->layout.y[v] - y;
    const double more_x = a->layout.x[v] + x, more_y = a->layout.y[v] + y;
    sum.swing += a->mass[v] * sqrt(less_x * less_x + less_y * less_y);
    sum.traction += a->mass[v] * sqrt(more_x * more_x + more_y * more_y) / 2;
    a->force_x[v] = x;
    a->force_y[v] = y;
  }
  return sum;
}

static void force_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const atlas *a = context;
  unrest sum = {0, 0};
  (void)worker;
  for (int64_t b = begin; b < end && !gli_run_stopped(a->layout.run); b += GLI__GROUP_BODIES) {
    const unrest more =
        force_group(a, b, b + GLI__GROUP_BODIES < end ? b + GLI__GROUP_BODIES : end);
    sum.swing += more.swing;
    sum.traction += more.traction;
  }
  a->swings[begin / BLOCK_BODIES] = sum.swing;
  a->tractions[begin / BLOCK_BODIES] = sum.traction;
}

/* The speed of the next step, from the swinging and traction up to now. */
static void set_speed(atlas *a) {
  const double nodes = (double)a->layout.count, tolerance = a->given->jitter_tolerance;
  const double best = 0.05 * sqrt(nodes), least_efficiency = 0.05, most_rise = 0.5;
  const double other = fmin(10, best * a->traction / (nodes * nodes));
  double jitter = tolerance * fmax(sqrt(best), other);
  if (a->swing / a->traction > 2) {
    if (a->efficiency > least_efficiency) a->efficiency *= 0.5;
    jitter = fmax(jitter, tolerance);
  }
  const double target = a->swing == 0 ? INFINITY : jitter * a->efficiency * a->traction / a->swing;
  if (a->swing > jitter * a->traction) {
    if (a->efficiency > least_efficiency) a->efficiency *= 0.7;
  } else if (a->speed < 1000) {
    a->efficiency *= 1.3;
  }
  a->speed += fmin(target - a->speed, most_rise * a->speed);
}

/* Returns the sum of all steps' coordinates. */
static double apply_forces(const atlas *a) {
  double moved = 0;
  for (int64_t k = 0; k < a->layout.count; k++) {
    const int32_t v = a->layout.nodes[k];
    const double x = a->force_x[v], y = a->force_y[v];
    const double factor = a->speed / (1 + sqrt(a->speed * a->mass[v] * sqrt(x * x + y * y)));
    a->layout.x[v] += x * factor;
    a->layout.y[v] += y * factor;
    moved += fabs(x * factor) + fabs(y * factor);
  }
  return moved;
}

static gli_status step(atlas *a, double *moved_out, gli_error *error) {
  gli_run *run = a->layout.run;
  gli_status status = gli__quadtree_build(&a->tree, error);
  if (status != GLI_OK) return status;
  a->mean_x = a->mean_y = 0;
  for (int64_t k = 0; k < a->layout.count; k++) {
    a->mean_x += a->layout.x[a->layout.nodes[k]];
    a->mean_y += a->layout.y[a->layout.nodes[k]];
  }
  a->mean_x /= (double)a->layout.count;
  a->mean_y /= (double)a->layout.count;
  status = gli_run_parallel(run, a->layout.count, BLOCK_BODIES, force_block, a, error);
  if (status == GLI_OK) status = gli_run_check(run, error);
  if (status != GLI_OK) return status;
  for (int64_t b = 0; b < gli__cpu_block_count(a->layout.count, BLOCK_BODIES); b++) {
    a->swing += a->swings[b];
    a->traction += a->tractions[b];
  }
  set_speed(a);
  *moved_out = apply_forces(a);
  return GLI_OK;
}

static gli_status prepare(atlas *a, gli_snapshot *snapshot, gli_error *error) {
  const gli_forceatlas2_layout_options *given = a->given;
  gli_run *run = a->layout.run;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const int64_t blocks = gli__cpu_block_count(a->layout.count, BLOCK_BODIES);
  gli_status status = gli__cpu_sides(snapshot, &a->sides, error);
  for (int side = 0; side < a->sides.count && status == GLI_OK; side++)
    status = gli__cpu_row_weights(snapshot, given->weight, side == 1, &a->weights[side], error);
  if (status != GLI_OK) return status;
  a->mass = gli_run_allocate(run, limit + 1, sizeof *a->mass);
  a->force_x = gli_run_allocate(run, limit + 1, sizeof *a->force_x);
  a->force_y = gli_run_allocate(run, limit + 1, sizeof *a->force_y);
  a->swings = gli_run_allocate(run, blocks + 1, sizeof *a->swings);
  a->tractions = gli_run_allocate(run, blocks + 1, sizeof *a->tractions);
  if (a->mass == NULL || a->force_x == NULL || a->force_y == NULL || a->swings == NULL ||
      a->tractions == NULL) {
    return gli_run_no_memory(run, error);
  }
  for (int64_t v = 0; v < limit; v++) {
    a->mass[v] = 1;
    for (int side = 0; side < a->sides.count; side++) {
      const gli_row row = a->sides.rows[side].rows[v];
      a->mass[v] += row.length;
      for (int64_t e = row.begin; a->sides.count == 1 && e < row.begin + row.length; e++)
        a->mass[v] += a->sides.rows[0].neighbors[e] == v; /* a loop stands once and counts two */
    }
  }
  a->swing = a->traction = a->speed = a->efficiency = 1;
  status = gli__quadtree_start(&a->layout, a->mass, given->theta, 0, &a->tree, error);
  if (status == GLI_OK) status = gli__layout_scatter(&a->layout, given->seed, error);
  if (status == GLI_OK) gli__layout_place(&a->layout, &given->x, &given->y);
  return status;
}

gli_status gli__cpu_forceatlas2_layout(gli_run *run, gli_snapshot *snapshot, const void *options,
                                       gli_result *result, gli_error *error) {
  const gli_forceatlas2_layout_options *given = options;
  const double still = 1e-10;
  atlas a = {.given = given};
  gli_status status = gli__layout_start(run, snapshot, result, &a.layout, error);
  if (status != GLI_OK || a.layout.count == 0) return status;
  status = prepare(&a, snapshot, error);
  gli_run_prepared(run);
  double moved = INFINITY;
  for (int64_t round = 0; round < given->iterations && status == GLI_OK && moved >= still;
       round++) {
    gli_run_progress(run, (double)round, (double)given->iterations);
    status = step(&a, &moved, error);
    gli_run_count_iteration(run);
  }
  return status;
}
