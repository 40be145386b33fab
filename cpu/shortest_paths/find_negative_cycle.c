/* find_negative_cycle.c: the cycle that correcting.c comes upon. Without sources every node is one,
 * at distance 0: whatever cycle there is can be reached. */
#include <gli/algorithms/find_negative_cycle.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/shortest_paths/correcting.h"

static gli_status find(gli_run *run, gli_snapshot *snapshot,
                       const gli_find_negative_cycle_options *given, gli__correcting *found,
                       gli_error *error) {
  found->distance =
      gli_run_allocate(run, gli_snapshot_node_limit(snapshot), sizeof *found->distance);
  if (found->distance == NULL) return gli_run_no_memory(run, error);
  gli_status status =
      gli__cpu_weighted_rows(snapshot, given->weight, given->direction, &found->along, error);
  if (status == GLI_OK)
    status = gli_snapshot_edge_weights(snapshot, given->weight, &found->edge_weights, error);
  if (status == GLI_OK) status = gli__cpu_correct(run, snapshot, &given->source, found, error);
  return status;
}

gli_status gli__cpu_find_negative_cycle(gli_run *run, gli_snapshot *snapshot, const void *options,
                                        gli_result *result, gli_error *error) {
  const gli_find_negative_cycle_options *given = options;
  gli__correcting found = {.cycle_count = 0};
  void *node = NULL, *edge = NULL, *weight = NULL;
  gli_status status = GLI_OK;
  if (given->weight != NULL && gli_snapshot_edge_count(snapshot) > 0) /* else none is negative */
    status = find(run, snapshot, given, &found, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, found.cycle_count,
                                   &node, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "edge", GLI_COLUMN_EDGE, GLI_PER_ROW, found.cycle_count,
                                   &edge, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "weight", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0, &weight, error);
  if (status != GLI_OK) return status;
  for (int64_t k = 0; k < found.cycle_count; k++) {
    ((int32_t *)node)[k] = found.cycle_nodes[k];
    ((int64_t *)edge)[k] = found.cycle_edges[k];
  }
  *(double *)weight = found.cycle_weight;
  return gli_run_check(run, error);
}
