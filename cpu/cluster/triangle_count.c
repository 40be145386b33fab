/* triangle_count.c: triangles.c does the work. */
#include <gli/algorithms/triangle_count.h>

#include "cpu/cluster/triangles.h"
#include "cpu/kernels.h"

gli_status gli__cpu_triangle_count(gli_run *run, gli_snapshot *snapshot, const void *options,
                                   gli_result *result, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  void *triangles = NULL, *total = NULL;
  gli_simple_rows simple;
  (void)options;
  gli_status status = gli_result_add_column(result, "triangles", GLI_COLUMN_INT64, GLI_PER_NODE, 0,
                                            &triangles, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "total", GLI_COLUMN_INT64, GLI_SCALAR, 0, &total, error);
  }
  if (status == GLI_OK) status = gli_snapshot_simple_rows(snapshot, &simple, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = gli__cpu_count_triangles(run, limit, &simple, triangles, total, error);
  return status;
}
