/* transitivity.c: triangles over triples; triangles.c does the work. */
#include <gli/algorithms/transitivity.h>

#include "cpu/cluster/triangles.h"
#include "cpu/kernels.h"

gli_status gli__cpu_transitivity(gli_run *run, gli_snapshot *snapshot, const void *options,
                                 gli_result *result, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  void *share = NULL;
  gli_simple_rows simple;
  int64_t triangles = 0;
  (void)options;
  gli_status status = gli_result_add_column(result, "transitivity", GLI_COLUMN_FLOAT64, GLI_SCALAR,
                                            0, &share, error);
  if (status == GLI_OK) status = gli_snapshot_simple_rows(snapshot, &simple, error);
  if (status != GLI_OK) return status;
  int64_t *counts = gli_run_allocate_zeroed(run, limit + 1, sizeof *counts);
  if (counts == NULL) return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  status = gli__cpu_count_triangles(run, limit, &simple, counts, &triangles, error);
  if (status != GLI_OK) return status;
  return gli__cpu_closed_share(run, limit, &simple, triangles, share, error);
}
