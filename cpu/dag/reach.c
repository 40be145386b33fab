/* reach.c: the nodes that a breadth-first search without limit reaches, less its sources: levels
 * above 0. Cost of the search (traversal/search.c) plus O(n). */
#include "cpu/dag/reach.h"

#include "cpu/common.h"
#include "cpu/traversal/search.h"

gli_status gli__cpu_reach(gli_run *run, gli_snapshot *snapshot, gli_node_list sources,
                          gli_direction direction, gli_result *result, gli_error *error) {
  const gli__search search = {.sources = sources, .direction = direction, .max_depth = INT32_MAX};
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  int32_t *level = gli_run_allocate(run, limit, sizeof *level);
  if (level == NULL) return gli_run_no_memory(run, error);
  gli_status status = gli__cpu_search(run, snapshot, &search, level, NULL, error);
  if (status != GLI_OK) return status;
  int64_t count = 0;
  for (int32_t v = 0; v < limit; v++)
    count += level[v] > 0;
  void *node = NULL;
  status = gli_result_add_column(result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, count, &node, error);
  if (status != GLI_OK) return status;
  int32_t *next = node;
  for (int32_t v = 0; v < limit; v++) {
    if (level[v] > 0) *next++ = v;
  }
  return gli_run_check(run, error);
}
