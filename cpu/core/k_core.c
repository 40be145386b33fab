/* k_core.c: the nodes whose core number is at least k; peel.c does the work. */
#include <gli/algorithms/k_core.h>

#include "cpu/core/peel.h"
#include "cpu/kernels.h"

gli_status gli__cpu_k_core(gli_run *run, gli_snapshot *snapshot, const void *options,
                           gli_result *result, gli_error *error) {
  const gli_k_core_options *given = options;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  void *in_core = NULL, *k_used = NULL, *count = NULL;
  gli_status status =
      gli_result_add_column(result, "in_core", GLI_COLUMN_BOOL, GLI_PER_NODE, 0, &in_core, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "k", GLI_COLUMN_INT64, GLI_SCALAR, 0, &k_used, error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status != GLI_OK) return status;
  int64_t *core = gli_run_allocate_zeroed(run, limit, sizeof *core);
  if (core == NULL) return gli_run_no_memory(run, error);
  status = gli__cpu_peel(run, snapshot, true, core, NULL, error);
  if (status != GLI_OK) return status;
  int64_t k = given->k, found = 0;
  for (int64_t v = 0; given->k < 0 && v < limit; v++)
    k = core[v] > k ? core[v] : k;
  if (k < 0) k = 0; /* the empty graph */
  for (int64_t v = 0; v < limit; v++) {
    const bool inside = gli_bit(alive, v) && core[v] >= k;
    ((uint8_t *)in_core)[v] = inside;
    found += inside;
  }
  *(int64_t *)k_used = k;
  *(int64_t *)count = found;
  return GLI_OK;
}
