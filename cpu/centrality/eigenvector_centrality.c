/* eigenvector_centrality.c: power iteration x <- (A' + 1) x, pulled over the in rows.
 *
 * The 1 keeps the eigenvectors and makes the leading eigenvalue the only one of its size, where
 * plain power iteration would swing for ever on a bipartite graph. Two passes per iteration, one
 * over the rows and one to scale. Cost O(n + m) per iteration, n float64 beside the result. */
#include <math.h>

#include "cpu/centrality/eigenvector.h"
#include "cpu/kernels.h"
#include "cpu/power.h"

enum { BLOCK_ENTRIES = 1 << 16 };

gli_status gli__eigenvector_not_converged(const gli_eigenvector_centrality_options *options,
                                          double change, double enough, gli_error *error) {
  return gli__fail(error, GLI_ERROR_NOT_CONVERGED,
                   "eigenvector_centrality: after %lld iterations the scores still change by %g; "
                   "below %g was asked for: raise max_iterations or tolerance",
                   (long long)options->max_iterations, change, enough);
}

/* Iterates from pass->from; the scores are in pass->to then, scaled to `length`. */
static gli_status iterate(gli_run *run, gli__power_pass *pass, double length, double enough,
                          const gli_eigenvector_centrality_options *options, gli_error *error) {
  double change = 0;
  for (int64_t round = 0; round < options->max_iterations; round++) {
    double squares = 0;
    gli_run_progress(run, (double)round, (double)options->max_iterations);
    gli_status status = gli__power_sum_rows(run, pass, &squares, error);
    if (status != GLI_OK) return status;
    const double norm = squares > 0 ? sqrt(squares) : length; /* NetworkX: all 0 stay */
    status = gli__power_scale(run, pass, length / norm, pass->from, &change, error);
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
    if (change < enough * length) return GLI_OK;
    double *read = pass->to;
    pass->to = pass->from;
    pass->from = read;
  }
  return gli__eigenvector_not_converged(options, change / length, enough, error);
}

gli_status gli__cpu_eigenvector_centrality(gli_run *run, gli_snapshot *snapshot,
                                           const void *options, gli_result *result,
                                           gli_error *error) {
  const gli_eigenvector_centrality_options *given = options;
  const int64_t count = gli_snapshot_node_count(snapshot);
  gli__power_pass pass = {.alive = gli_snapshot_node_bits(snapshot),
                          .limit = gli_snapshot_node_limit(snapshot),
                          .own = 1,
                          .squares = true};
  void *column = NULL;
  double length = 1;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &column, error);
  if (status != GLI_OK || count == 0) return status;
  status = gli_snapshot_in_rows(snapshot, &pass.rows, error);
  if (status == GLI_OK) {
    status = gli__cpu_row_weights(snapshot, given->weight, true, &pass.weights, error);
  }
  if (status == GLI_OK) status = gli__power_length(snapshot, given->weight, &length, error);
  if (status != GLI_OK) return status;
  double *score = column, *start = gli_run_allocate_zeroed(run, pass.limit, sizeof *start);
  pass.grain = gli__cpu_grain(pass.limit, pass.rows.entry_count, BLOCK_ENTRIES);
  pass.partial =
      gli_run_allocate(run, gli__cpu_block_count(pass.limit, pass.grain), sizeof *pass.partial);
  if (start == NULL || pass.partial == NULL) return gli_run_no_memory(run, error);
  for (int64_t v = 0; v < pass.limit; v++) {
    if (gli_bit(pass.alive, v)) start[v] = length / (double)count;
  }
  pass.from = start;
  pass.to = score;
  gli_run_prepared(run);
  const double enough = (double)count * given->tolerance;
  status = iterate(run, &pass, length, enough, given, error);
  if (status != GLI_OK) return status;
  for (int64_t v = 0; v < pass.limit && (pass.to != score || length != 1); v++)
    score[v] = pass.to[v] / length;
  return GLI_OK;
}
