/* degree_centrality.c: degrees, scaled as NetworkX does it: times 1 / (n - 1), rounded once. */
#include <gli/algorithms/degree_centrality.h>

#include "cpu/common.h"
#include "cpu/degree/degrees.h"
#include "cpu/kernels.h"

enum { BLOCK_NODES = 1 << 16 };

typedef struct scaling {
  const int64_t *degree;
  const uint64_t *alive;
  double factor; /* 0: a node is alone */
  double *score;
} scaling;

static void scale_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const scaling *s = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (gli_bit(s->alive, v)) s->score[v] = s->factor > 0 ? (double)s->degree[v] * s->factor : 1;
  }
}

gli_status gli__cpu_degree_centrality(gli_run *run, gli_snapshot *snapshot, const void *options,
                                      gli_result *result, gli_error *error) {
  const gli_degree_centrality_options *given = options;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const int64_t others = gli_snapshot_node_count(snapshot) - 1;
  void *score = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &score, error);
  if (status != GLI_OK) return status;
  int64_t *degree = gli_run_allocate(run, limit, sizeof *degree);
  if (degree == NULL) return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  status = gli__cpu_count_degrees(run, snapshot, given->direction, degree, error);
  if (status != GLI_OK) return status;
  scaling s = {degree, gli_snapshot_node_bits(snapshot), others > 0 ? 1.0 / (double)others : 0,
               score};
  return gli_run_parallel(run, limit, BLOCK_NODES, scale_block, &s, error);
}
