/* resource_allocation.c: measures.c does the work. */
#include <gli/algorithms/resource_allocation.h>

#include "device/link_prediction/measures.h"

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_resource_allocation_options *options = given;
  return gli__call_measure_pairs(call, &options->pairs, GLI__RESOURCE_ALLOCATION, result);
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_resource_allocation_options *options = given;
  return gli__measure_pairs_work(snapshot, &options->pairs, GLI__RESOURCE_ALLOCATION);
}

const gli__device_algorithm gli__device_resource_allocation = {
    .program = GLI__MEASURES_PROGRAM, .needs = GLI__NEEDS_FP64, .work = work, .run = run};
