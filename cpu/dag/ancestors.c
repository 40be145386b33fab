/* ancestors.c: the shared search along the in rows. */
#include <gli/algorithms/ancestors.h>

#include "cpu/dag/reach.h"
#include "cpu/kernels.h"

gli_status gli__cpu_ancestors(gli_run *run, gli_snapshot *snapshot, const void *options,
                              gli_result *result, gli_error *error) {
  const gli_ancestors_options *given = options;
  return gli__cpu_reach(run, snapshot, given->source, GLI_IN, result, error);
}
