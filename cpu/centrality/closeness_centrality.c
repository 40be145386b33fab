/* closeness_centrality.c: nodes that reach a node over the sum of their distances; distances.c. */
#include <gli/algorithms/closeness_centrality.h>

#include "cpu/centrality/distances.h"
#include "cpu/kernels.h"

enum { BLOCK_NODES = 1 << 14 };

typedef struct closeness {
  gli__distance_sums sums;
  double seen; /* sources other than the node itself */
  bool wf_improved;
  double *score;
} closeness;

static double score_of(const closeness *c, int64_t node, double seen) {
  const double count = c->sums.count[node], sum = c->sums.sum[node];
  if (!(sum > 0)) return 0;
  return c->wf_improved ? count / sum * (count / seen) : count / sum;
}

static void score_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const closeness *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++)
    c->score[v] = score_of(c, v, c->seen);
}

gli_status gli__closeness_scores(gli_run *run, gli_snapshot *snapshot, const gli__sources *sources,
                                 const gli__distance_sums *sums, bool wf_improved, double *score,
                                 gli_error *error) {
  closeness c = {.sums = *sums,
                 .seen = (double)(sources->sampled ? sources->count : sources->count - 1),
                 .wf_improved = wf_improved,
                 .score = score};
  const gli_status status =
      gli_run_parallel(run, gli_snapshot_node_limit(snapshot), BLOCK_NODES, score_block, &c, error);
  for (int64_t k = 0; status == GLI_OK && sources->sampled && k < sources->count; k++)
    score[sources->nodes[k]] = score_of(&c, sources->nodes[k], c.seen - 1);
  return status;
}

gli_status gli__cpu_closeness_centrality(gli_run *run, gli_snapshot *snapshot, const void *options,
                                         gli_result *result, gli_error *error) {
  const gli_closeness_centrality_options *given = options;
  gli__distance_sums sums;
  gli__sources sources;
  void *score = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &score, error);
  if (status != GLI_OK || gli_snapshot_node_count(snapshot) == 0) return status;
  status = gli__brandes_sources(run, snapshot, given->samples, given->seed, &sources, error);
  if (status == GLI_OK) {
    status = gli__cpu_distance_sums(run, snapshot, given->distance, &sources, false, &sums, error);
  }
  if (status != GLI_OK) return status;
  return gli__closeness_scores(run, snapshot, &sources, &sums, given->wf_improved, score, error);
}
