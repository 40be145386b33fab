/* triangle_count.c: triangles.c does the work. */
#include <gli/algorithms/triangle_count.h>

#include "device/cluster/triangles.h"

static gli_status run(gli__call *call, const void *options, gli_result *result) {
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  (void)options;
  const gli__device_simple_rows simple = gli__call_simple_rows(call);
  gli_device_buffer *counts = gli__call_count_triangles(call, &simple);
  const int64_t *triangles =
      gli__call_column(call, result, "triangles", GLI_COLUMN_INT64, GLI_PER_NODE, 0, counts);
  int64_t *total = gli__call_column(call, result, "total", GLI_COLUMN_INT64, GLI_SCALAR, 0, NULL);
  if (total == NULL) return call->status;
  int64_t corners = 0;
  for (int64_t v = 0; v < limit; v++)
    corners += triangles[v];
  *total = corners / 3;
  return GLI_OK;
}

const gli__device_algorithm gli__device_triangle_count = {
    .program = GLI__TRIANGLES_PROGRAM, .work = gli__triangles_work, .run = run};
