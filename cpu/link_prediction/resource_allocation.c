/* resource_allocation.c: pairs.c and measures.c do the work. */
#include <gli/algorithms/resource_allocation.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/measures.h"

gli_status gli__cpu_resource_allocation(gli_run *run, gli_snapshot *snapshot, const void *options,
                                        gli_result *result, gli_error *error) {
  const gli_resource_allocation_options *given = options;
  return gli__measure_pairs(run, snapshot, &given->pairs, GLI__RESOURCE_ALLOCATION, result, error);
}
