/* random_layout.c: layout.c does the work. */
#include <gli/algorithms/random_layout.h>

#include "cpu/drawing/layout.h"
#include "cpu/kernels.h"

gli_status gli__cpu_random_layout(gli_run *run, gli_snapshot *snapshot, const void *options,
                                  gli_result *result, gli_error *error) {
  const gli_random_layout_options *given = options;
  gli__layout layout;
  const gli_status status = gli__layout_start(run, snapshot, result, &layout, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  return gli__layout_scatter(&layout, given->seed, error);
}
