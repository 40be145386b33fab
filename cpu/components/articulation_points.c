/* articulation_points.c: the nodes at which blocks meet; blocks.c does the work. */
#include <gli/algorithms/articulation_points.h>
#include <string.h>

#include "cpu/components/blocks.h"
#include "cpu/kernels.h"

gli_status gli__cpu_articulation_points(gli_run *run, gli_snapshot *snapshot, const void *options,
                                        gli_result *result, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  void *articulation = NULL, *count = NULL;
  gli__blocks blocks;
  (void)options;
  gli_status status = gli_result_add_column(result, "articulation", GLI_COLUMN_BOOL, GLI_PER_NODE,
                                            0, &articulation, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status == GLI_OK) status = gli__cpu_find_blocks(run, snapshot, &blocks, error);
  if (status != GLI_OK || limit == 0) return status;
  memcpy(articulation, blocks.cut, (size_t)limit);
  int64_t found = 0;
  for (int64_t v = 0; v < limit; v++)
    found += blocks.cut[v];
  *(int64_t *)count = found;
  return GLI_OK;
}
