/* sorensen.c: measures.c does the work. */
#include <gli/algorithms/sorensen.h>

#include "device/link_prediction/measures.h"

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_sorensen_options *options = given;
  return gli__call_measure_pairs(call, &options->pairs, GLI__SORENSEN, result);
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_sorensen_options *options = given;
  return gli__measure_pairs_work(snapshot, &options->pairs, GLI__SORENSEN);
}

const gli__device_algorithm gli__device_sorensen = {
    .program = GLI__MEASURES_PROGRAM, .work = work, .run = run};
