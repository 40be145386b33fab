/* hits.c: hubs and authorities by power iteration, pulled over the in rows, then over the out rows.
 *
 * Kleinberg 1999, doi:10.1145/324133.324140: authority = A' hub, hub = A authority, each scaled to
 * the same sum. What is positive stays positive, so the sums are never 0 by accident. Cost O(n + m)
 * per iteration, n float64 beside the result. */
#include "cpu/link_analysis/hits.h"

#include <math.h>
#include <string.h>

#include "cpu/kernels.h"
#include "cpu/power.h"

enum { BLOCK_ENTRIES = 1 << 16 };

void gli__hits_finish(const gli_hits_options *options, double length, double growth, int64_t limit,
                      double *hub, double *authority) {
  double squares = 0;
  for (int64_t v = 0; v < limit; v++) {
    hub[v] /= length;
    authority[v] /= length;
    squares += authority[v] * authority[v];
  }
  if (options->normalized || !(squares > 0)) return;
  const double euclidean = sqrt(squares);
  for (int64_t v = 0; v < limit; v++) {
    authority[v] /= euclidean;
    hub[v] *= growth / euclidean;
  }
}

gli_status gli__hits_not_converged(const gli_hits_options *options, double change,
                                   gli_error *error) {
  return gli__fail(error, GLI_ERROR_NOT_CONVERGED,
                   "hits: after %lld iterations the hubs still change by %g; below %g was asked "
                   "for: raise max_iterations or tolerance",
                   (long long)options->max_iterations, change, options->tolerance);
}

typedef struct hits {
  gli__power_pass to_authority, to_hub;
  double length, growth;
} hits;

/* pass->to = rows * pass->from, scaled to sum to `length`; *growth_out: by what it had grown. */
static gli_status half_round(gli_run *run, gli__power_pass *pass, double length,
                             const double *before, double *growth_out, double *change_out,
                             gli_error *error) {
  double sum = 0;
  const gli_status status = gli__power_sum_rows(run, pass, &sum, error);
  if (status != GLI_OK) return status;
  *growth_out = sum / length;
  return gli__power_scale(run, pass, sum > 0 ? length / sum : 0, before, change_out, error);
}

static gli_status iterate(gli_run *run, hits *h, const gli_hits_options *options,
                          gli_error *error) {
  double change = 0;
  for (int64_t round = 0; round < options->max_iterations; round++) {
    double *hub = h->to_authority.from;
    gli_run_progress(run, (double)round, (double)options->max_iterations);
    gli_status status = half_round(run, &h->to_authority, h->length, NULL, &h->growth, NULL, error);
    if (status == GLI_OK) {
      status = half_round(run, &h->to_hub, h->length, hub, &h->growth, &change, error);
    }
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
    h->to_authority.from = h->to_hub.to;
    h->to_hub.to = hub;
    if (change < options->tolerance * h->length) return GLI_OK;
  }
  return gli__hits_not_converged(options, change / h->length, error);
}

static gli_status prepare(gli_run *run, gli_snapshot *snapshot, const char *weight, hits *h,
                          gli_error *error) {
  gli__power_pass pass = {.alive = gli_snapshot_node_bits(snapshot),
                          .limit = gli_snapshot_node_limit(snapshot)};
  gli_status status = gli__power_length(snapshot, weight, &h->length, error);
  if (status != GLI_OK) return status;
  const gli_rows out = gli_snapshot_out_rows(snapshot);
  pass.grain = gli__cpu_grain(pass.limit, out.entry_count, BLOCK_ENTRIES);
  pass.partial =
      gli_run_allocate(run, gli__cpu_block_count(pass.limit, pass.grain), sizeof *pass.partial);
  if (pass.partial == NULL) return gli_run_no_memory(run, error);
  h->to_authority = h->to_hub = pass;
  h->to_hub.rows = out;
  status = gli__cpu_row_weights(snapshot, weight, false, &h->to_hub.weights, error);
  if (status == GLI_OK) status = gli_snapshot_in_rows(snapshot, &h->to_authority.rows, error);
  if (status != GLI_OK) return status;
  return gli__cpu_row_weights(snapshot, weight, true, &h->to_authority.weights, error);
}

gli_status gli__cpu_hits(gli_run *run, gli_snapshot *snapshot, const void *options,
                         gli_result *result, gli_error *error) {
  const gli_hits_options *given = options;
  const int64_t count = gli_snapshot_node_count(snapshot);
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  void *hub = NULL, *authority = NULL;
  hits h = {.length = 1};
  gli_status status =
      gli_result_add_column(result, "hub", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &hub, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "authority", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0,
                                   &authority, error);
  }
  if (status != GLI_OK || gli_snapshot_edge_count(snapshot) == 0) return status;
  status = prepare(run, snapshot, given->weight, &h, error);
  if (status != GLI_OK) return status;
  double *start = gli_run_allocate_zeroed(run, limit, sizeof *start);
  if (start == NULL) return gli_run_no_memory(run, error);
  for (int64_t v = 0; v < limit; v++) {
    if (gli_bit(h.to_hub.alive, v)) start[v] = h.length / (double)count;
  }
  h.to_authority.from = start;
  h.to_authority.to = h.to_hub.from = authority;
  h.to_hub.to = hub;
  gli_run_prepared(run);
  status = iterate(run, &h, given, error);
  if (status != GLI_OK) return status;
  if (h.to_authority.from != hub) {
    memcpy(hub, h.to_authority.from, (size_t)limit * sizeof(double));
  }
  gli__hits_finish(given, h.length, h.growth, limit, hub, authority);
  return GLI_OK;
}
