/* layout.c: starting places, and the frame that a layout ends in. Cost O(n). */
#include "cpu/drawing/layout.h"

#include <math.h>

enum { BLOCK_NODES = 1 << 13 };

gli_status gli__layout_start(gli_run *run, gli_snapshot *snapshot, gli_result *result,
                             gli__layout *layout_out, gli_error *error) {
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  void *x = NULL, *y = NULL;
  gli_status status =
      gli_result_add_column(result, "x", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &x, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "y", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &y, error);
  }
  if (status != GLI_OK) return status;
  gli__layout layout = {.run = run, .x = x, .y = y};
  layout.nodes = gli_run_allocate(run, (int64_t)limit + 1, sizeof *layout.nodes);
  if (layout.nodes == NULL) return gli_run_no_memory(run, error);
  for (int32_t v = 0; v < limit; v++) {
    if (gli_bit(alive, v)) layout.nodes[layout.count++] = v;
  }
  *layout_out = layout;
  return gli_run_check(run, error);
}

gli_status gli__layout_deepen(gli_result *result, gli__layout *layout, gli_error *error) {
  void *z = NULL;
  const gli_status status =
      gli_result_add_column(result, "z", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &z, error);
  layout->z = z;
  return status;
}

typedef struct scattering {
  const gli__layout *layout;
  uint64_t seed;
} scattering;

static void scatter_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const scattering *s = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    const int32_t v = s->layout->nodes[k];
    gli_random random = gli_random_start(s->seed, (uint64_t)v);
    s->layout->x[v] = gli_random_unit(&random);
    s->layout->y[v] = gli_random_unit(&random);
  }
}

gli_status gli__layout_scatter(const gli__layout *layout, int64_t seed, gli_error *error) {
  scattering s = {layout, (uint64_t)seed};
  return gli_run_parallel(layout->run, layout->count, BLOCK_NODES, scatter_block, &s, error);
}

void gli__layout_place(const gli__layout *layout, const gli_node_weights *x,
                       const gli_node_weights *y) {
  for (int64_t k = 0; k < x->count; k++)
    layout->x[x->nodes[k]] = x->weights[k];
  for (int64_t k = 0; k < y->count; k++)
    layout->y[y->nodes[k]] = y->weights[k];
}

void gli__layout_rescale(const gli__layout *layout, double scale) {
  double *const axes[] = {layout->x, layout->y, layout->z};
  const int count = layout->z == NULL ? 2 : 3;
  double largest = 0;
  for (int axis = 0; axis < count; axis++) {
    double sum = 0;
    for (int64_t k = 0; k < layout->count; k++)
      sum += axes[axis][layout->nodes[k]];
    const double mean = sum / (double)layout->count;
    for (int64_t k = 0; k < layout->count; k++) {
      double *place = &axes[axis][layout->nodes[k]];
      *place -= mean;
      largest = fmax(largest, fabs(*place));
    }
  }
  for (int axis = 0; axis < count && largest > 0; axis++) {
    for (int64_t k = 0; k < layout->count; k++)
      axes[axis][layout->nodes[k]] *= scale / largest;
  }
}
