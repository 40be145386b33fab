/* spectral_layout.c: coordinates from the lowest eigenvectors of the Laplacian D - A.
 *
 * Hall 1970 (doi:10.1287/mnsc.17.3.219) places nodes so that the squared lengths of edges are least
 * among all places of variance 1; the eigenvectors do that. What has an answer in closed form is
 * not iterated for: vectors of the eigenvalue 0 are constant on the components, so they are taken
 * from the components (islands), and only what they leave open is solved for. Up to GLI__DENSE
 * nodes the matrix is written out (symmetric.c), with the null space lifted above all else, so that
 * nothing has to be told from 0. Larger graphs go to lowest.c. */
#include <gli/algorithms/spectral_layout.h>

#include <math.h>
#include <string.h>

#include "cpu/components/components.h"
#include "cpu/drawing/laplacian.h"
#include "cpu/drawing/layout.h"
#include "cpu/kernels.h"

enum { AXES = 3, BLOCK_NODES = 1 << 13, CHECK_NODES = 1 << 14 };

#define LARGE 0.45 /* half would be met exactly where one component is twice another */
#define ALIKE 1e-6 /* of an eigenvalue: nearer ones count as one that is repeated */

typedef struct spectrum {
  gli_run *run;
  gli__layout layout;
  int64_t limit; /* of nodes */
  int axes;
  double *axis[AXES]; /* x, y, z */
  gli__laplacian laplacian;
  int32_t *number; /* [limit] component; -1: a hole */
  int64_t components;
  int64_t *size; /* [components] */
  double tolerance;
  int64_t max_iterations;
} spectrum;

/* --- Components ------------------------------------------------------------------------------- */

static int32_t root_of(int32_t *parent, int32_t v) {
  while (parent[v] != v) {
    parent[v] = parent[parent[v]];
    v = parent[v];
  }
  return v;
}

/* The smallest node of each component where edges of weight 0 are none. */
static gli_status join_by_weight(const spectrum *s, const double *weights, int32_t *first,
                                 gli_error *error) {
  const gli_rows *rows = &s->laplacian.sides.rows[0];
  for (int64_t v = 0; v < s->limit; v++)
    first[v] = (int32_t)v;
  for (int32_t v = 0; v < s->limit; v++) {
    const gli_row row = rows->rows[v];
    if (v % CHECK_NODES == 0 && gli_run_stopped(s->run)) break;
    for (int64_t e = row.begin; e < row.begin + row.length; e++) {
      if (!(weights[e] > 0)) continue;
      const int32_t a = root_of(first, v), b = root_of(first, rows->neighbors[e]);
      first[a > b ? a : b] = a > b ? b : a;
    }
  }
  for (int32_t v = 0; v < s->limit; v++)
    first[v] = root_of(first, v);
  return gli_run_check(s->run, error);
}

static gli_status find_components(spectrum *s, gli_snapshot *snapshot, const char *weight,
                                  gli_error *error) {
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  const double *weights = s->laplacian.weights[0];
  gli_weight_range range = {.minimum = 1};
  gli_status status = GLI_OK;
  s->number = gli_run_allocate(s->run, s->limit + 1, sizeof *s->number);
  s->size = gli_run_allocate_zeroed(s->run, s->layout.count + 1, sizeof *s->size);
  if (s->number == NULL || s->size == NULL) return gli_run_no_memory(s->run, error);
  if (weights != NULL) {
    status = gli_snapshot_weight_range(snapshot, weight, &range, error);
  }
  if (status == GLI_OK) {
    status = weights == NULL || range.minimum > 0
                 ? gli__cpu_weak_components(s->run, snapshot, s->number, error)
                 : join_by_weight(s, weights, s->number, error);
  }
  for (int32_t v = 0; v < s->limit && status == GLI_OK; v++) {
    if (!gli_bit(alive, v)) {
      s->number[v] = -1;
      continue;
    }
    /* A component's first node comes before the others: it is numbered already. */
    s->number[v] = s->number[v] == v ? (int32_t)s->components++ : s->number[s->number[v]];
    s->size[s->number[v]]++;
  }
  return status;
}

/* The first `count` axes: components on a circle, orthogonal over all nodes and of length 1. */
static gli_status place_components(spectrum *s, int count, gli_error *error) {
  const double turn = 2 * 3.14159265358979323846 / (double)s->components;
  double *value = gli_run_allocate(s->run, AXES * s->components + 1, sizeof *value);
  if (value == NULL) return gli_run_no_memory(s->run, error);
  for (int a = 0; a < count; a++) {
    double *here = value + a * s->components, squares = 0;
    for (int64_t c = 0; c < s->components; c++)
      here[c] = a == 1 ? sin(turn * (double)c) : cos(turn * (double)c * (a == 2 ? 2 : 1));
    for (int again = 0; again < 2; again++) {
      for (int b = -1; b < a; b++) { /* -1: the constant vector */
        const double *other = b < 0 ? NULL : value + b * s->components;
        double along = 0;
        for (int64_t c = 0; c < s->components; c++)
          along += (double)s->size[c] * here[c] * (other == NULL ? 1 : other[c]);
        if (other == NULL) along /= (double)s->layout.count;
        for (int64_t c = 0; c < s->components; c++)
          here[c] -= along * (other == NULL ? 1 : other[c]);
      }
    }
    for (int64_t c = 0; c < s->components; c++)
      squares += (double)s->size[c] * here[c] * here[c];
    for (int64_t c = 0; c < s->components; c++)
      here[c] /= sqrt(squares);
    for (int64_t k = 0; k < s->layout.count; k++)
      s->axis[a][s->layout.nodes[k]] = here[s->number[s->layout.nodes[k]]];
  }
  gli_run_release(s->run, value);
  return gli_run_check(s->run, error);
}

/* --- Which basis of a repeated eigenvalue's space -----------------------------------------------
 */

/* Vectors that were found, in whichever way, and how they go into the axes. */
typedef struct choice {
  const double *values;  /* [found] rising */
  const double *product; /* [found][GLI__FOUR] with the start's columns */
  int found, wanted;
  double alike;
  double *share; /* [wanted][found] out */
} choice;

/* Axis `a` of those whose space is vectors begin .. end: orthogonal to those from `begin` on. */
static void choose_one(const choice *c, int a, int begin, int end) {
  double *share = c->share + a * c->found, squares = 0;
  for (int k = begin; k < end; k++)
    share[k] = c->product[k * GLI__FOUR + a];
  for (int again = 0; again < 2; again++) {
    for (int b = begin; b < a; b++) {
      const double *other = c->share + b * c->found;
      double along = 0;
      for (int k = begin; k < end; k++)
        along += share[k] * other[k];
      for (int k = begin; k < end; k++)
        share[k] -= along * other[k];
    }
  }
  for (int k = begin; k < end; k++)
    squares += share[k] * share[k];
  for (int k = begin; k < end; k++)
    share[k] /= sqrt(squares);
}

static void choose(const choice *c) {
  memset(c->share, 0, (size_t)(c->wanted * c->found) * sizeof *c->share);
  for (int begin = 0, end; begin < c->wanted; begin = end) {
    end = begin + 1;
    while (end < c->found && c->values[end] - c->values[end - 1] <= c->alike * c->values[end])
      end++;
    for (int a = begin; a < end && a < c->wanted; a++) {
      if (end - begin == 1) {
        c->share[a * c->found + a] = 1;
      } else {
        choose_one(c, a, begin, end);
      }
    }
  }
}

/* --- Small graphs -------------------------------------------------------------------------------
 */

static gli_status solve_small(spectrum *s, int from, int wanted, gli_error *error) {
  const int n = (int)s->layout.count, found = n - (int)s->components;
  const double lift = 3 * s->laplacian.largest; /* no eigenvalue is above 2 * largest */
  int32_t *place = gli_run_allocate(s->run, s->limit + 1, sizeof *place);
  double *matrix = gli_run_allocate(s->run, 2 * n * n + (1 + GLI__FOUR + AXES) * n, sizeof *matrix);
  if (place == NULL || matrix == NULL) return gli_run_no_memory(s->run, error);
  double *vectors = matrix + n * n, *values = vectors + n * n, *product = values + n;
  double *share = product + GLI__FOUR * n;
  for (int32_t k = 0; k < n; k++)
    place[s->layout.nodes[k]] = k;
  gli__laplacian_write(&s->laplacian, place, n, matrix);
  for (int i = 0; i < n; i++) {
    const int32_t island = s->number[s->layout.nodes[i]];
    for (int j = 0; j < n; j++) {
      if (s->number[s->layout.nodes[j]] == island)
        matrix[i * n + j] += lift / (double)s->size[island];
    }
  }
  gli__symmetric_eigen(matrix, n, values, vectors);
  memset(product, 0, (size_t)(GLI__FOUR * n) * sizeof *product);
  for (int i = 0; i < n; i++) {
    double columns[GLI__FOUR];
    gli__lowest_start(s->layout.nodes[i], columns);
    for (int k = 0; k < found * GLI__FOUR; k++)
      product[k] += vectors[i * n + k / GLI__FOUR] * columns[k % GLI__FOUR];
  }
  choose(&(choice){values, product, found, wanted, ALIKE, share});
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < wanted * found; k++)
      s->axis[from + k / found][s->layout.nodes[i]] += share[k] * vectors[i * n + k % found];
  }
  gli_run_release(s->run, matrix);
  gli_run_release(s->run, place);
  return gli_run_check(s->run, error);
}

/* --- Large graphs -------------------------------------------------------------------------------
 */

typedef struct turning {
  spectrum *s;
  const gli__four *vectors;
  double *sums; /* [block][GLI__FOUR * GLI__FOUR] */
  double share[AXES * GLI__FOUR];
  int from, wanted, found;
} turning;

static void product_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const turning *t = context;
  double *sums = t->sums + begin / BLOCK_NODES * GLI__FOUR * GLI__FOUR;
  (void)worker;
  memset(sums, 0, GLI__FOUR * GLI__FOUR * sizeof *sums);
  for (int64_t v = begin; v < end; v++) {
    double columns[GLI__FOUR];
    gli__lowest_start(v, columns);
    for (int k = 0; k < GLI__FOUR * GLI__FOUR; k++)
      sums[k] += t->vectors[v][k / GLI__FOUR] * columns[k % GLI__FOUR];
  }
}

static void turn_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const turning *t = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    for (int k = 0; k < t->wanted * t->found; k++)
      t->s->axis[t->from + k / t->found][v] += t->share[k] * t->vectors[v][k % t->found];
  }
}

static gli_status take_vectors(spectrum *s, const gli__lowest_job *job, int from,
                               gli_error *error) {
  const int64_t blocks = gli__cpu_block_count(s->limit, BLOCK_NODES);
  double product[GLI__FOUR * GLI__FOUR] = {0};
  turning t = {.s = s, .vectors = job->vectors};
  t.from = from;
  t.wanted = job->wanted;
  t.found = job->found;
  t.sums = gli_run_allocate(s->run, blocks * GLI__FOUR * GLI__FOUR, sizeof *t.sums);
  if (t.sums == NULL) return gli_run_no_memory(s->run, error);
  gli_status status = gli_run_parallel(s->run, s->limit, BLOCK_NODES, product_block, &t, error);
  for (int64_t k = 0; k < blocks * GLI__FOUR * GLI__FOUR && status == GLI_OK; k++)
    product[k % (GLI__FOUR * GLI__FOUR)] += t.sums[k];
  if (status != GLI_OK) return status;
  choose(&(choice){job->values, product, job->found, job->wanted, job->alike, t.share});
  return gli_run_parallel(s->run, s->limit, BLOCK_NODES, turn_block, &t, error);
}

static gli_status solve_large(spectrum *s, int from, int wanted, gli_error *error) {
  gli__islands islands = {.number = s->number, .count = s->components};
  memcpy(islands.size, s->size, (size_t)s->components * sizeof *s->size);
  gli__lowest_job job = {.run = s->run,
                         .laplacian = &s->laplacian,
                         .islands = &islands,
                         .wanted = wanted,
                         .max_iterations = s->max_iterations,
                         .tolerance = s->tolerance,
                         .alike = fmax(ALIKE, s->tolerance)};
  job.vectors = gli_run_allocate(s->run, s->limit, sizeof *job.vectors);
  if (job.vectors == NULL) return gli_run_no_memory(s->run, error);
  const gli_status status = gli__lowest(&job, error);
  if (status != GLI_OK) return status;
  if (job.found < job.needed) {
    return gli__fail(error, GLI_ERROR_NOT_CONVERGED,
                     "spectral_layout: after %lld iterations the residual is %g of the eigenvalue; "
                     "%g was asked for: raise max_iterations or tolerance",
                     (long long)s->max_iterations, job.rest, s->tolerance);
  }
  return take_vectors(s, &job, from, error);
}

/* --- The layout ---------------------------------------------------------------------------------
 */

/* The first node with at least LARGE of the largest size is positive. */
static void turn_signs(const spectrum *s) {
  for (int a = 0; a < s->axes; a++) {
    double *axis = s->axis[a], largest = 0;
    int64_t first = 0;
    for (int64_t k = 0; k < s->layout.count; k++)
      largest = fmax(largest, fabs(axis[s->layout.nodes[k]]));
    while (fabs(axis[s->layout.nodes[first]]) < LARGE * largest)
      first++;
    const double sign = axis[s->layout.nodes[first]] < 0 ? -1 : 1;
    for (int64_t k = 0; k < s->layout.count; k++)
      axis[s->layout.nodes[k]] *= sign;
  }
}

static gli_status find_axes(spectrum *s, gli_snapshot *snapshot, const char *weight,
                            gli_error *error) {
  gli_status status = gli__laplacian_start(s->run, snapshot, weight, &s->laplacian, error);
  if (status == GLI_OK) status = find_components(s, snapshot, weight, error);
  if (status != GLI_OK) return status;
  const int64_t constant = s->components - 1, others = s->layout.count - s->components;
  const int from = constant < s->axes ? (int)constant : s->axes;
  const int wanted = others < s->axes - from ? (int)others : s->axes - from;
  if (from > 0) status = place_components(s, from, error);
  if (status != GLI_OK || wanted == 0) return status;
  return s->layout.count <= GLI__DENSE ? solve_small(s, from, wanted, error)
                                       : solve_large(s, from, wanted, error);
}

gli_status gli__cpu_spectral_layout(gli_run *run, gli_snapshot *snapshot, const void *options,
                                    gli_result *result, gli_error *error) {
  const gli_spectral_layout_options *given = options;
  const double center[AXES] = {given->center_x, given->center_y, given->center_z};
  spectrum s = {.run = run,
                .limit = gli_snapshot_node_limit(snapshot),
                .axes = (int)given->dim,
                .tolerance = given->tolerance,
                .max_iterations = given->max_iterations};
  gli_status status = gli__layout_start(run, snapshot, result, &s.layout, error);
  if (status == GLI_OK && s.axes == AXES) status = gli__layout_deepen(result, &s.layout, error);
  if (status != GLI_OK || s.layout.count == 0) return status;
  s.axis[0] = s.layout.x;
  s.axis[1] = s.layout.y;
  s.axis[2] = s.layout.z;
  if (s.layout.count > 2) {
    status = find_axes(&s, snapshot, given->weight, error);
    if (status != GLI_OK) return status;
    turn_signs(&s);
    gli__layout_rescale(&s.layout, given->scale);
  }
  /* NetworkX puts the first of two nodes into 0, whatever the centre, and the second twice as far.
   */
  const int64_t first = s.layout.count == 2 ? 1 : 0;
  for (int a = 0; a < s.axes; a++) {
    for (int64_t k = first; k < s.layout.count; k++)
      s.axis[a][s.layout.nodes[k]] += center[a] * (first == 1 ? 2 : 1);
  }
  return gli_run_check(run, error);
}
