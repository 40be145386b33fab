/* overlap.c: measures.c does the work. */
#include <gli/algorithms/overlap.h>

#include "device/link_prediction/measures.h"

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_overlap_options *options = given;
  return gli__call_measure_pairs(call, &options->pairs, GLI__OVERLAP, result);
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_overlap_options *options = given;
  return gli__measure_pairs_work(snapshot, &options->pairs, GLI__OVERLAP);
}

const gli__device_algorithm gli__device_overlap = {
    .program = GLI__MEASURES_PROGRAM, .work = work, .run = run};
