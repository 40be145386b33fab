/* clustering.c: local clustering from the triangles at each node; triangles.c does the work.
 *
 * The divisions are made on the host, from integers, as the CPU kernel makes them: the same bits,
 * and no device needs float64 for it. Weighted and directed triangles have a CPU kernel only. */
#include <gli/algorithms/clustering.h>

#include "device/cluster/triangles.h"

static bool takes(gli_snapshot *snapshot, const void *given, const char **why_not_out) {
  const gli_clustering_options *options = given;
  if (options->weight == NULL && !gli_snapshot_is_directed(snapshot)) return true;
  *why_not_out = "clustering with weights or directions has a CPU kernel only";
  return false;
}

static double *add(gli__call *call, gli_result *result, const char *name,
                   gli_column_domain domain) {
  return gli__call_column(call, result, name, GLI_COLUMN_FLOAT64, domain, 0, NULL);
}

static gli_status run(gli__call *call, const void *options, gli_result *result) {
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  const int64_t nodes = gli_snapshot_node_count(call->snapshot);
  (void)options;
  const gli__device_simple_rows simple = gli__call_simple_rows(call);
  gli_device_buffer *counts = gli__call_count_triangles(call, &simple);
  const gli__corners corners = gli__call_corners(call, &simple, counts);
  double *coefficient = add(call, result, "coefficient", GLI_PER_NODE);
  double *average = add(call, result, "average", GLI_SCALAR);
  double *transitivity = add(call, result, "transitivity", GLI_SCALAR);
  if (transitivity == NULL) return call->status;
  double sum = 0;
  for (int64_t v = 0; v < limit; v++) {
    const double degree = (double)(corners.offsets[v + 1] - corners.offsets[v]);
    if (degree < 2) continue;
    coefficient[v] = 2 * (double)corners.triangles[v] / (degree * (degree - 1));
    sum += coefficient[v];
  }
  *average = nodes > 0 ? sum / (double)nodes : 0;
  *transitivity = gli__closed_share(call, &corners);
  return GLI_OK;
}

const gli__device_algorithm gli__device_clustering = {
    .program = GLI__TRIANGLES_PROGRAM, .takes = takes, .work = gli__triangles_work, .run = run};
