/* katz_centrality.c: x = alpha * A' x + beta by iteration from 0, pulled over the in rows.
 *
 * A pass reads one array of scores and writes the other. The change is summed per block of nodes
 * and added in block order: the same bits on any number of threads. Cost O(n + m) per iteration,
 * n float64 beside the result. */
#include <math.h>

#include "cpu/centrality/katz.h"
#include "cpu/common.h"
#include "cpu/kernels.h"

enum { BLOCK_ENTRIES = 1 << 16 };

typedef struct katz {
  gli_rows in;
  const double *weights; /* in row order; NULL: each entry counts 1 */
  const uint64_t *alive;
  double *score, *next;
  double *changes; /* per block */
  double alpha, beta;
  int64_t grain;
} katz;

static double row_sum(const katz *k, int64_t node) {
  const gli_row row = k->in.rows[node];
  const int32_t *neighbors = k->in.neighbors + row.begin;
  const double *weights = k->weights == NULL ? NULL : k->weights + row.begin;
  double sum = 0;
  for (uint32_t at = 0; at < row.length; at++)
    sum += (weights == NULL ? 1 : weights[at]) * k->score[neighbors[at]];
  return sum;
}

static void iterate_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  katz *k = context;
  double change = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (!gli_bit(k->alive, v)) continue;
    k->next[v] = k->alpha * row_sum(k, v) + k->beta;
    change += fabs(k->next[v] - k->score[v]);
  }
  k->changes[begin / k->grain] = change;
}

/* Iterates until the change is small enough; k->score holds the scores then. */
static gli_status iterate(katz *k, gli_run *run, gli_snapshot *snapshot,
                          const gli_katz_centrality_options *options, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const double enough = (double)gli_snapshot_node_count(snapshot) * options->tolerance;
  double change = 0;
  for (int64_t round = 0; round < options->max_iterations; round++) {
    gli_run_progress(run, (double)round, (double)options->max_iterations);
    const gli_status status = gli_run_parallel(run, limit, k->grain, iterate_block, k, error);
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
    change = 0;
    for (int64_t block = 0; block < gli__cpu_block_count(limit, k->grain); block++)
      change += k->changes[block];
    double *read = k->score;
    k->score = k->next;
    k->next = read;
    if (change < enough) return GLI_OK;
    if (isnan(change)) return gli__katz_not_converged(options, round + 1, change, enough, error);
  }
  return gli__katz_not_converged(options, options->max_iterations, change, enough, error);
}

void gli__katz_normalize(double *score, int64_t count) {
  double largest = 0, squares = 0;
  for (int64_t v = 0; v < count; v++)
    largest = fmax(largest, fabs(score[v]));
  if (!(largest > 0)) return;
  for (int64_t v = 0; v < count; v++)
    squares += (score[v] / largest) * (score[v] / largest);
  const double length = largest * sqrt(squares);
  for (int64_t v = 0; v < count; v++)
    score[v] /= length;
}

gli_status gli__katz_not_converged(const gli_katz_centrality_options *options, int64_t iterations,
                                   double change, double enough, gli_error *error) {
  if (isnan(change)) {
    return gli__fail(error, GLI_ERROR_NOT_CONVERGED,
                     "katz_centrality: after %lld iterations the scores are too large for float64: "
                     "alpha is %g, which must be below 1 over the largest eigenvalue; lower alpha",
                     (long long)iterations, options->alpha);
  }
  return gli__fail(error, GLI_ERROR_NOT_CONVERGED,
                   "katz_centrality: after %lld iterations the scores still change by %g; below %g "
                   "was asked for: alpha is %g, which must be below 1 over the largest eigenvalue; "
                   "lower alpha, or raise max_iterations or tolerance",
                   (long long)iterations, change, enough, options->alpha);
}

gli_status gli__cpu_katz_centrality(gli_run *run, gli_snapshot *snapshot, const void *options,
                                    gli_result *result, gli_error *error) {
  const gli_katz_centrality_options *given = options;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  katz k = {.alive = gli_snapshot_node_bits(snapshot), .alpha = given->alpha, .beta = given->beta};
  void *column = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &column, error);
  if (status != GLI_OK || gli_snapshot_node_count(snapshot) == 0) return status;
  status = gli_snapshot_in_rows(snapshot, &k.in, error);
  if (status == GLI_OK) {
    status = gli__cpu_row_weights(snapshot, given->weight, true, &k.weights, error);
  }
  if (status != GLI_OK) return status;
  double *score = column, *other = gli_run_allocate_zeroed(run, limit, sizeof *other);
  k.grain = gli__cpu_grain(limit, k.in.entry_count, BLOCK_ENTRIES);
  k.changes = gli_run_allocate(run, gli__cpu_block_count(limit, k.grain), sizeof *k.changes);
  if (other == NULL || k.changes == NULL) return gli_run_no_memory(run, error);
  k.score = other; /* both hold zeros */
  k.next = score;
  gli_run_prepared(run);
  status = iterate(&k, run, snapshot, given, error);
  if (status != GLI_OK) return status;
  for (int64_t v = 0; v < limit && k.score != score; v++)
    score[v] = k.score[v];
  if (given->normalized) gli__katz_normalize(score, limit);
  return GLI_OK;
}
