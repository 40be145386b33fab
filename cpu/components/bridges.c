/* bridges.c: the edges of the search's tree that nothing passes by; blocks.c does the work. */
#include <gli/algorithms/bridges.h>

#include "cpu/components/blocks.h"
#include "cpu/kernels.h"

gli_status gli__cpu_bridges(gli_run *run, gli_snapshot *snapshot, const void *options,
                            gli_result *result, gli_error *error) {
  void *bridge = NULL, *count = NULL;
  gli__blocks blocks;
  (void)options;
  gli_status status =
      gli_result_add_column(result, "bridge", GLI_COLUMN_BOOL, GLI_PER_EDGE, 0, &bridge, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status == GLI_OK) status = gli__cpu_find_blocks(run, snapshot, &blocks, error);
  if (status != GLI_OK) return status;
  int64_t found = 0;
  for (int64_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    if (!gli__cpu_hangs_on_bridge(&blocks, v)) continue;
    ((uint8_t *)bridge)[blocks.above[v]] = 1;
    found++;
  }
  *(int64_t *)count = found;
  return GLI_OK;
}
