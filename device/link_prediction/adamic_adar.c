/* adamic_adar.c: measures.c does the work. */
#include <gli/algorithms/adamic_adar.h>

#include "device/link_prediction/measures.h"

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_adamic_adar_options *options = given;
  return gli__call_measure_pairs(call, &options->pairs, GLI__ADAMIC_ADAR, result);
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_adamic_adar_options *options = given;
  return gli__measure_pairs_work(snapshot, &options->pairs, GLI__ADAMIC_ADAR);
}

const gli__device_algorithm gli__device_adamic_adar = {
    .program = GLI__MEASURES_PROGRAM, .needs = GLI__NEEDS_FP64, .work = work, .run = run};
