/* descendants.c: the shared search along the out rows. */
#include <gli/algorithms/descendants.h>

#include "cpu/dag/reach.h"
#include "cpu/kernels.h"

gli_status gli__cpu_descendants(gli_run *run, gli_snapshot *snapshot, const void *options,
                                gli_result *result, gli_error *error) {
  const gli_descendants_options *given = options;
  return gli__cpu_reach(run, snapshot, given->source, GLI_OUT, result, error);
}
