/* transitivity.c: triangles over triples; triangles.c does the work. */
#include <gli/algorithms/transitivity.h>

#include "device/cluster/triangles.h"

static gli_status run(gli__call *call, const void *options, gli_result *result) {
  (void)options;
  const gli__device_simple_rows simple = gli__call_simple_rows(call);
  gli_device_buffer *counts = gli__call_count_triangles(call, &simple);
  const gli__corners corners = gli__call_corners(call, &simple, counts);
  double *share =
      gli__call_column(call, result, "transitivity", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0, NULL);
  if (share != NULL) *share = gli__closed_share(call, &corners);
  return call->status;
}

const gli__device_algorithm gli__device_transitivity = {
    .program = GLI__TRIANGLES_PROGRAM, .work = gli__triangles_work, .run = run};
