/* eigenvector_centrality.c: power iteration with A' + 1 on a device, by power.h. 24 n bytes beside
 * the mirror. */
#include "cpu/centrality/eigenvector.h"
#include "cpu/power.h"
#include "device/power.h"

enum { LONG_ROW = 256 };

typedef struct eigenvector {
  gli__device_rows in;
  gli__long_rows long_rows;
  gli_device_buffer *weights, *score;
} eigenvector;

static void iterate_once(gli__call *call, const gli__device_power *power, const void *context) {
  const eigenvector *e = context;
  gli__call_row_sums(call, &e->in, &e->long_rows, e->weights, e->score, power->sums);
  gli__call_power_add_own(call, power, e->score);
  gli__call_power_scale(call, power, true, e->score);
}

static void iterate(gli__call *call, eigenvector *e, double length,
                    const gli_eigenvector_centrality_options *options) {
  const double enough = (double)gli_snapshot_node_count(call->snapshot) * options->tolerance;
  gli__device_power power;
  e->in = gli__call_rows(call, true);
  e->long_rows = gli__call_long_rows(call, &e->in, LONG_ROW);
  e->weights = gli__call_weights(call, options->weight, true);
  e->score = gli__call_buffer(call, e->in.node_limit, sizeof(double));
  gli__call_power_prepare(call, &power, e->in.node_limit, length);
  gli__call_power_start(call, &power, &e->in, e->score);
  gli_run_prepared(call->run);
  gli__call_power_iterate(call, &power, options->max_iterations, enough, iterate_once, e);
  if (call->status == GLI_OK && power.rounds.found[GLI__ROUNDS_DONE] == 0) {
    call->status = gli__eigenvector_not_converged(
        options, power.rounds.found[GLI__ROUNDS_CHANGE] / length, enough, call->error);
  }
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_eigenvector_centrality_options *options = given;
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  eigenvector e = {.score = NULL};
  double length = 1;
  call->status = gli__power_length(call->snapshot, options->weight, &length, call->error);
  if (call->status == GLI_OK && gli_snapshot_node_count(call->snapshot) > 0) {
    iterate(call, &e, length, options);
  }
  double *score =
      gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, e.score);
  for (int64_t v = 0; score != NULL && length != 1 && v < limit; v++)
    score[v] /= length;
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_eigenvector_centrality_options *options = given;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double iterations = options->max_iterations < 20 ? (double)options->max_iterations : 20;
  return (gli__device_work){.entries = entries * iterations,
                            .nodes = 12 * nodes * iterations,
                            .launches = 6 + 10 * iterations,
                            .round_trips = 6,
                            .cpu_seconds = iterations * (entries * 1.6e-9 + nodes * 5e-9),
                            .result_bytes = 8 * nodes,
                            .reads_in = true,
                            .in_weight = options->weight};
}

const gli__device_algorithm gli__device_eigenvector_centrality = {
    .program = "power", .needs = GLI__NEEDS_FP64, .work = work, .run = run};
