/* closeness_centrality.c: distances summed on the device (distance_sums.c), scores made of the sums
 * by the CPU kernel's function: the same bits. */
#include <gli/algorithms/closeness_centrality.h>

#include "device/centrality/distance_sums.h"

static bool takes(gli_snapshot *snapshot, const void *given, const char **why_not_out) {
  const gli_closeness_centrality_options *options = given;
  (void)snapshot;
  *why_not_out = "closeness over lengths has a CPU kernel only";
  return options->distance == NULL;
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_closeness_centrality_options *options = given;
  gli__distance_sums sums = {NULL, NULL};
  gli__sources sources = {NULL, 0, false};
  if (gli_snapshot_node_count(call->snapshot) > 0) {
    call->status = gli__brandes_sources(call->run, call->snapshot, options->samples, options->seed,
                                        &sources, call->error);
    if (call->status != GLI_OK) return call->status;
    sums = gli__call_distance_sums(call, &sources, false);
  }
  double *score =
      gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, NULL);
  if (score == NULL || sums.sum == NULL) return call->status; /* failed, or there is no node */
  return gli__closeness_scores(call->run, call->snapshot, &sources, &sums, options->wf_improved,
                               score, call->error);
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_closeness_centrality_options *options = given;
  return gli__distance_sums_work(snapshot, options->samples);
}

const gli__device_algorithm gli__device_closeness_centrality = {
    .program = GLI__DISTANCE_SUMS_PROGRAM, .takes = takes, .work = work, .run = run};
