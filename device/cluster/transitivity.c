/* transitivity.c: triangles over triples; triangles.c does the work. */
#include <gli/algorithms/transitivity.h>

#include "device/cluster/triangles.h"

static gli_status run(gli__call *call, const void *options, gli_result *result) {
  void *share = NULL;
  (void)options;
  const gli__device_simple_rows simple = gli__call_simple_rows(call);
  gli_device_buffer *counts = gli__call_count_triangles(call, &simple);
  const gli__corners corners = gli__call_corners(call, &simple, counts);
  if (call->status != GLI_OK) return call->status;
  call->status = gli_result_add_column(result, "transitivity", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0,
                                       &share, call->error);
  if (call->status == GLI_OK) *(double *)share = gli__closed_share(call, &corners);
  return call->status;
}

const gli__device_algorithm gli__device_transitivity = {
    .program = GLI__TRIANGLES_PROGRAM, .work = gli__triangles_work, .run = run};
