/* harmonic_centrality.c: reciprocals of distances summed on the device (distance_sums.c), scaled up
 * from a sample by the CPU kernel's function. */
#include <gli/algorithms/harmonic_centrality.h>
#include <string.h>

#include "device/centrality/distance_sums.h"

static bool takes(gli_snapshot *snapshot, const void *given, const char **why_not_out) {
  const gli_harmonic_centrality_options *options = given;
  (void)snapshot;
  *why_not_out = "harmonic centrality over lengths has a CPU kernel only";
  return options->distance == NULL;
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_harmonic_centrality_options *options = given;
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  const int64_t count = gli_snapshot_node_count(call->snapshot);
  gli__distance_sums sums = {NULL, NULL};
  gli__sources sources = {NULL, 0, false};
  if (count > 0) {
    call->status = gli__brandes_sources(call->run, call->snapshot, options->samples, options->seed,
                                        &sources, call->error);
    if (call->status != GLI_OK) return call->status;
    sums = gli__call_distance_sums(call, &sources, true);
  }
  double *score =
      gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, NULL);
  if (score == NULL || sums.sum == NULL) return call->status; /* failed, or there is no node */
  memcpy(score, sums.sum, (size_t)limit * sizeof *score);
  if (sources.sampled) gli__harmonic_scale_up(&sources, limit, count - 1, score);
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_harmonic_centrality_options *options = given;
  return gli__distance_sums_work(snapshot, options->samples);
}

const gli__device_algorithm gli__device_harmonic_centrality = {
    .program = GLI__DISTANCE_SUMS_PROGRAM,
    .needs = GLI__NEEDS_FP64,
    .takes = takes,
    .work = work,
    .run = run};
