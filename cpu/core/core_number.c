/* core_number.c: peel.c does the work. */
#include <gli/algorithms/core_number.h>

#include "cpu/core/peel.h"
#include "cpu/kernels.h"

gli_status gli__cpu_core_number(gli_run *run, gli_snapshot *snapshot, const void *options,
                                gli_result *result, gli_error *error) {
  void *core = NULL;
  (void)options;
  const gli_status status =
      gli_result_add_column(result, "core", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &core, error);
  if (status != GLI_OK) return status;
  return gli__cpu_peel(run, snapshot, true, core, NULL, error);
}
