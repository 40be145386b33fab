/* betweenness_centrality.c: node sums over brandes.c. */
#include <gli/algorithms/betweenness_centrality.h>

#include "cpu/centrality/brandes.h"
#include "cpu/kernels.h"

typedef struct betweenness {
  gli__brandes brandes;
  bool endpoints;
  double *score;
} betweenness;

/* Without a branch for the source: that one gets its score back. */
static void add_dependencies(double *score, const gli__dependencies *found, int64_t begin,
                             int64_t end) {
  const bool is_inside = found->source >= begin && found->source < end;
  const double own = is_inside ? score[found->source] : 0;
  for (int64_t v = begin; v < end; v++)
    score[v] += found->dependency[v];
  if (is_inside) score[found->source] = own;
}

static void add_batch(void *context, int64_t begin, int64_t end, int32_t worker) {
  betweenness *b = context;
  (void)worker;
  for (int32_t k = 0; k < b->brandes.batch_size; k++) {
    const gli__dependencies *found = &b->brandes.batch[k];
    if (!b->endpoints) {
      add_dependencies(b->score, found, begin, end);
      continue;
    }
    for (int64_t v = begin; v < end; v++) {
      if (v != found->source) {
        b->score[v] += found->dependency[v] + (gli__brandes_reached(found, v) ? 1 : 0);
      } else {
        b->score[v] += found->reached - 1;
      }
    }
  }
}

gli_status gli__cpu_betweenness_centrality(gli_run *run, gli_snapshot *snapshot,
                                           const void *options, gli_result *result,
                                           gli_error *error) {
  const gli_betweenness_centrality_options *given = options;
  betweenness b = {.endpoints = given->endpoints};
  void *score = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &score, error);
  if (status != GLI_OK || gli_snapshot_node_count(snapshot) == 0) return status;
  b.score = score;
  status = gli__brandes_prepare(&b.brandes, run, snapshot, given->weight, given->samples,
                                given->seed, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = gli__brandes_run(&b.brandes, add_batch, &b, error);
  if (status != GLI_OK) return status;
  gli__brandes_scale_nodes(snapshot, &b.brandes.sources, given->normalized, given->endpoints,
                           b.score);
  return GLI_OK;
}
