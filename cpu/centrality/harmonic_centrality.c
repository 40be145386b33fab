/* harmonic_centrality.c: the sum of the reciprocals of the distances to a node; distances.c. */
#include <gli/algorithms/harmonic_centrality.h>
#include <string.h>

#include "cpu/centrality/distances.h"
#include "cpu/kernels.h"

void gli__harmonic_scale_up(const gli__sources *sources, int64_t limit, int64_t others,
                            double *score) {
  const double seen = (double)sources->count;
  for (int64_t v = 0; v < limit; v++)
    score[v] *= (double)others / seen;
  for (int64_t k = 0; k < sources->count && seen > 1; k++)
    score[sources->nodes[k]] *= seen / (seen - 1); /* a source has not seen itself */
}

gli_status gli__cpu_harmonic_centrality(gli_run *run, gli_snapshot *snapshot, const void *options,
                                        gli_result *result, gli_error *error) {
  const gli_harmonic_centrality_options *given = options;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const int64_t count = gli_snapshot_node_count(snapshot);
  gli__distance_sums sums;
  gli__sources sources;
  void *score = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &score, error);
  if (status != GLI_OK || count == 0) return status;
  status = gli__brandes_sources(run, snapshot, given->samples, given->seed, &sources, error);
  if (status == GLI_OK) {
    status = gli__cpu_distance_sums(run, snapshot, given->distance, &sources, true, &sums, error);
  }
  if (status != GLI_OK) return status;
  memcpy(score, sums.sum, (size_t)limit * sizeof(double));
  if (sources.sampled) gli__harmonic_scale_up(&sources, limit, count - 1, score);
  return GLI_OK;
}
