/* bfs.c: levels and predecessors by the shared search. */
#include <gli/algorithms/bfs.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/traversal/search.h"

gli_status gli__cpu_bfs(gli_run *run, gli_snapshot *snapshot, const void *options,
                        gli_result *result, gli_error *error) {
  const gli_bfs_options *given = options;
  const gli__search search = {.sources = given->source,
                              .direction = gli__cpu_direction(given->direction),
                              .max_depth = given->max_depth};
  void *level = NULL, *predecessor = NULL;
  int32_t *narrow = gli_run_allocate(run, gli_snapshot_node_limit(snapshot), sizeof *narrow);
  if (narrow == NULL) return gli_run_no_memory(run, error);
  gli_status status =
      gli_result_add_column(result, "level", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &level, error);
  if (status != GLI_OK) return status;
  status = gli_result_add_column(result, "predecessor", GLI_COLUMN_NODE, GLI_PER_NODE, 0,
                                 &predecessor, error);
  if (status != GLI_OK) return status;
  status = gli__cpu_search(run, snapshot, &search, narrow, predecessor, error);
  if (status != GLI_OK) return status;
  return gli__cpu_widen(run, snapshot, narrow, level, error);
}
