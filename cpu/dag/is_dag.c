/* is_dag.c: whether Kahn's order takes in every node. */
#include <gli/algorithms/is_dag.h>

#include "cpu/common.h"
#include "cpu/dag/order.h"
#include "cpu/kernels.h"

gli_status gli__cpu_is_dag(gli_run *run, gli_snapshot *snapshot, const void *options,
                           gli_result *result, gli_error *error) {
  (void)options;
  const int64_t count = gli_snapshot_node_count(snapshot);
  void *is_dag = NULL;
  gli_status status =
      gli_result_add_column(result, "is_dag", GLI_COLUMN_BOOL, GLI_SCALAR, 0, &is_dag, error);
  if (status != GLI_OK) return status;
  if (!gli_snapshot_is_directed(snapshot)) return gli_run_check(run, error);
  gli__order order = {.nodes = gli_run_allocate(run, count, sizeof *order.nodes)};
  if (order.nodes == NULL) return gli_run_no_memory(run, error);
  status = gli__cpu_order(run, snapshot, &order, error);
  if (status == GLI_OK) *(uint8_t *)is_dag = order.count == count;
  return status;
}
