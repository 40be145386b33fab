/* circular_layout.c: nodes on a circle, in their order. Cost O(n). */
#include <gli/algorithms/circular_layout.h>

#include <math.h>

#include "cpu/drawing/layout.h"
#include "cpu/kernels.h"

enum { BLOCK_NODES = 1 << 12 };

typedef struct circle {
  gli__layout layout;
  double radius;
} circle;

static void place_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const circle *c = context;
  const double turn = 2 * 3.14159265358979323846;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    const double angle = turn * (double)k / (double)c->layout.count;
    c->layout.x[c->layout.nodes[k]] = c->radius * cos(angle);
    c->layout.y[c->layout.nodes[k]] = c->radius * sin(angle);
  }
}

gli_status gli__cpu_circular_layout(gli_run *run, gli_snapshot *snapshot, const void *options,
                                    gli_result *result, gli_error *error) {
  const gli_circular_layout_options *given = options;
  circle c = {.radius = given->scale};
  const gli_status status = gli__layout_start(run, snapshot, result, &c.layout, error);
  if (status != GLI_OK || c.layout.count < 2) return status; /* one node: the centre */
  gli_run_prepared(run);
  return gli_run_parallel(run, c.layout.count, BLOCK_NODES, place_block, &c, error);
}
