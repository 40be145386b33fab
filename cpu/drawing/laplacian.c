/* laplacian.c: the Laplacian D - A times four vectors at once.
 *
 * A row sums weight * (x[v] - x[u]) rather than degree * x[v] - sum: smooth vectors, which the
 * lowest eigenvectors are, lose nothing to cancellation then, and loops drop out by themselves. */
#include "cpu/drawing/laplacian.h"

#include <math.h>
#include <string.h>

enum { BLOCK_ENTRIES = 1 << 14 };

/* Jacobi's: the eigenvalues of D^-1 L lie in [0, 2], and the upper half is to be damped most. */
#define DAMPING (2.0 / 3.0)

static void measure_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const gli__laplacian *l = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    double degree = 0;
    for (int side = 0; side < l->sides.count; side++) {
      const gli_row row = l->sides.rows[side].rows[v];
      const int32_t *neighbors = l->sides.rows[side].neighbors;
      const double *weights = l->weights[side];
      for (int64_t e = row.begin; e < row.begin + row.length; e++) {
        if (neighbors[e] != v) degree += weights == NULL ? 1 : weights[e] * l->scale;
      }
    }
    l->degree[v] = degree;
  }
}

gli_status gli__laplacian_measure(gli_run *run, gli__laplacian *laplacian, gli_error *error) {
  gli__laplacian *l = laplacian;
  l->grain = gli__cpu_grain(l->count, gli__cpu_sides_entries(&l->sides), BLOCK_ENTRIES);
  l->degree = gli_run_allocate(run, l->count + 1, sizeof *l->degree);
  if (l->degree == NULL) return gli_run_no_memory(run, error);
  const gli_status status = gli_run_parallel(run, l->count, l->grain, measure_block, l, error);
  l->largest = 0;
  for (int64_t v = 0; v < l->count && status == GLI_OK; v++)
    l->largest = fmax(l->largest, l->degree[v]);
  return status;
}

gli_status gli__laplacian_start(gli_run *run, gli_snapshot *snapshot, const char *weight,
                                gli__laplacian *laplacian_out, gli_error *error) {
  gli__laplacian l = {.count = gli_snapshot_node_limit(snapshot), .scale = 1};
  gli_status status = gli__cpu_sides(snapshot, &l.sides, error);
  for (int side = 0; side < l.sides.count && status == GLI_OK; side++)
    status = gli__cpu_row_weights(snapshot, weight, side == 1, &l.weights[side], error);
  if (status == GLI_OK && l.weights[0] != NULL) {
    gli_weight_range range;
    int exponent = 0;
    status = gli_snapshot_weight_range(snapshot, weight, &range, error);
    if (status == GLI_OK) frexp(range.maximum, &exponent);
    l.scale = ldexp(1, exponent < -1000 ? 1000 : -exponent);
  }
  if (status == GLI_OK) status = gli__laplacian_measure(run, &l, error);
  if (status == GLI_OK) *laplacian_out = l;
  return status;
}

typedef struct product {
  const gli__laplacian *l;
  const gli__four *b, *x;
  gli__four *y;
} product;

static void product_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const product *p = context;
  const gli__laplacian *l = p->l;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    gli__four row = {0};
    if (p->x != NULL) gli__laplacian_row(l, p->x, v, &row);
    if (p->b == NULL) {
      p->y[v] = row;
      continue;
    }
    gli__four step = p->b[v] - row;
    step *= l->degree[v] > 0 ? DAMPING / l->degree[v] : 0;
    if (p->x != NULL) step += p->x[v];
    p->y[v] = step;
  }
}

gli_status gli__laplacian_times(gli_run *run, const gli__laplacian *laplacian, const gli__four *x,
                                gli__four *y, gli_error *error) {
  product p = {.l = laplacian, .x = x, .y = y};
  return gli_run_parallel(run, laplacian->count, laplacian->grain, product_block, &p, error);
}

gli_status gli__laplacian_smooth(gli_run *run, const gli__laplacian *laplacian, const gli__four *b,
                                 const gli__four *x, gli__four *y, gli_error *error) {
  product p = {.l = laplacian, .b = b, .x = x, .y = y};
  return gli_run_parallel(run, laplacian->count, laplacian->grain, product_block, &p, error);
}

void gli__laplacian_write(const gli__laplacian *laplacian, const int32_t *place, int64_t n,
                          double *matrix) {
  const gli__laplacian *l = laplacian;
  memset(matrix, 0, (size_t)(n * n) * sizeof *matrix);
  for (int64_t v = 0; v < l->count; v++) {
    const int64_t at = place == NULL ? v : place[v];
    for (int side = 0; side < l->sides.count; side++) {
      const gli_row row = l->sides.rows[side].rows[v];
      for (int64_t e = row.begin; e < row.begin + row.length; e++) {
        const int32_t u = l->sides.rows[side].neighbors[e];
        const double weight = l->weights[side] == NULL ? 1 : l->weights[side][e] * l->scale;
        if (u == v) continue;
        matrix[at * n + at] += weight;
        matrix[at * n + (place == NULL ? u : place[u])] -= weight;
      }
    }
  }
}
