/* k_hop.c: levels by the shared search, without predecessors, which lets it stop at first hits. */
#include <gli/algorithms/k_hop.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/traversal/search.h"

gli_status gli__cpu_k_hop(gli_run *run, gli_snapshot *snapshot, const void *options,
                          gli_result *result, gli_error *error) {
  const gli_k_hop_options *given = options;
  const gli__search search = {.sources = given->source,
                              .direction = gli__cpu_direction(given->direction),
                              .max_depth = given->k};
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  void *level = NULL, *count = NULL;
  int32_t *narrow = gli_run_allocate(run, limit, sizeof *narrow);
  if (narrow == NULL) return gli_run_no_memory(run, error);
  gli_status status =
      gli_result_add_column(result, "level", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &level, error);
  if (status != GLI_OK) return status;
  status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  if (status != GLI_OK) return status;
  status = gli__cpu_search(run, snapshot, &search, narrow, NULL, error);
  if (status != GLI_OK) return status;
  int64_t within = 0;
  for (int64_t v = 0; v < limit; v++)
    within += narrow[v] >= 0;
  *(int64_t *)count = within;
  return gli__cpu_widen(run, snapshot, narrow, level, error);
}
