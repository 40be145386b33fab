/* betweenness_centrality.c: node sums over brandes.c. */
#include <gli/algorithms/betweenness_centrality.h>

#include "cpu/centrality/brandes.h"
#include "cpu/kernels.h"

/* Without a branch for the source: that one gets its sum back. */
static void add_inner(const gli__brandes *brandes, const gli__dependencies *found, int64_t begin,
                      int64_t end, double *sums) {
  const bool is_inside = found->source >= begin && found->source < end;
  const double own = is_inside ? sums[found->source] : 0;
  (void)brandes;
  for (int64_t v = begin; v < end; v++)
    sums[v] += found->dependency[v];
  if (is_inside) sums[found->source] = own;
}

static void add_with_endpoints(const gli__brandes *brandes, const gli__dependencies *found,
                               int64_t begin, int64_t end, double *sums) {
  (void)brandes;
  for (int64_t v = begin; v < end; v++) {
    if (v != found->source) {
      sums[v] += found->dependency[v] + (gli__brandes_reached(found, v) ? 1 : 0);
    } else {
      sums[v] += found->reached - 1;
    }
  }
}

gli_status gli__cpu_betweenness_centrality(gli_run *run, gli_snapshot *snapshot,
                                           const void *options, gli_result *result,
                                           gli_error *error) {
  const gli_betweenness_centrality_options *given = options;
  gli__brandes b = {0};
  void *score = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &score, error);
  if (status != GLI_OK || gli_snapshot_node_count(snapshot) == 0) return status;
  status =
      gli__brandes_prepare(&b, run, snapshot, given->weight, given->samples, given->seed, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = gli__brandes_run(&b, given->endpoints ? add_with_endpoints : add_inner, score,
                            b.node_limit, error);
  if (status != GLI_OK) return status;
  gli__brandes_scale_nodes(snapshot, &b.sources, given->normalized, given->endpoints, score);
  return GLI_OK;
}
