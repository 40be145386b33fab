/* topological_sort.c: Kahn's order as rows; where there is a cycle, one of its edges by name.
 *
 * What Kahn's algorithm leaves over stands on cycles or behind them. Each of these nodes has one of
 * them before it, so that going backwards from any of them ends in a cycle. */
#include <gli/algorithms/topological_sort.h>

#include "cpu/common.h"
#include "cpu/dag/order.h"
#include "cpu/kernels.h"

enum { NODE_TEXT_SIZE = 96 };

/* GLI_ERROR_INVALID_ARGUMENT with an edge of a cycle among the nodes that still wait. */
static gli_status name_cycle(gli_run *run, gli_snapshot *snapshot, const int32_t *waits,
                             gli_error *error) {
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  int64_t *before = gli_run_allocate(run, limit, sizeof *before); /* an edge from one that waits */
  uint8_t *seen = gli_run_allocate_zeroed(run, limit, 1);
  if (before == NULL || seen == NULL) return gli_run_no_memory(run, error);
  int32_t node = GLI_NODE_NONE;
  for (int32_t v = limit; v-- > 0;) { /* the smallest index remains */
    if (waits[v] <= 0) continue;
    node = v;
    for (uint32_t k = rows.rows[v].length; k-- > 0;) {
      const int64_t entry = rows.rows[v].begin + k;
      before[rows.neighbors[entry]] = rows.edges[entry];
    }
  }
  const int32_t *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  while (seen[node] == 0) {
    seen[node] = 1;
    node = sources[before[node]];
  }
  char source[NODE_TEXT_SIZE], target[NODE_TEXT_SIZE];
  const gli_id from = gli_snapshot_node_id(snapshot, sources[before[node]]);
  const gli_id to = gli_snapshot_node_id(snapshot, node);
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "topological_sort: the graph has a cycle through the edge from %s to %s (edge "
                   "id %lld); it must have none",
                   gli_id_format(&from, source, sizeof source),
                   gli_id_format(&to, target, sizeof target),
                   (long long)gli_snapshot_edge_id(snapshot, before[node]));
}

gli_status gli__cpu_topological_sort(gli_run *run, gli_snapshot *snapshot, const void *options,
                                     gli_result *result, gli_error *error) {
  (void)options;
  const int64_t count = gli_snapshot_node_count(snapshot);
  void *node = NULL, *generation = NULL;
  gli_status status =
      gli_result_add_column(result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, count, &node, error);
  if (status != GLI_OK) return status;
  status = gli_result_add_column(result, "generation", GLI_COLUMN_INT64, GLI_PER_ROW, count,
                                 &generation, error);
  if (status != GLI_OK) return status;
  gli__order order = {.nodes = node, .generation = generation};
  status = gli__cpu_order(run, snapshot, &order, error);
  if (status != GLI_OK || order.count == count) return status;
  return name_cycle(run, snapshot, order.waits, error);
}
