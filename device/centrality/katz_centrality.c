/* katz_centrality.c: x = alpha * A' x + beta on a device: row sums, an update, a sum of changes.
 *
 * Once the change is small enough the row sums that are queued still run, and change nothing that
 * counts. 24 n bytes beside the mirror. */
#include "cpu/centrality/katz.h"
#include "device/rounds.h"
#include "device/row_sums.h"

enum { LONG_ROW = 256 };

typedef struct katz {
  gli__device_rows in;
  gli__long_rows long_rows;
  gli_device_buffer *weights, *score, *sums, *changes, *total;
  gli__rounds rounds;
  const gli_katz_centrality_options *options;
  int64_t count;
  double enough;
} katz;

static void prepare(gli__call *call, katz *k, const char *weight) {
  k->in = gli__call_rows(call, true);
  k->long_rows = gli__call_long_rows(call, &k->in, LONG_ROW);
  k->weights = gli__call_weights(call, weight, true);
  k->score = gli__call_buffer(call, k->count, sizeof(double));
  k->sums = gli__call_buffer(call, k->count, sizeof(double));
  k->changes = gli__call_buffer(call, k->count, sizeof(double));
  k->total = gli__call_buffer(call, 1, sizeof(double));
  k->rounds = gli__call_rounds_start(call);
  gli__call_fill_f64(call, k->score, 0, k->count, 0);
}

static void iterate_once(gli__call *call, void *context) {
  const katz *k = context;
  gli__call_row_sums(call, &k->in, &k->long_rows, k->weights, k->score, k->sums);
  GLI__LAUNCH(call, "update", gli__items(k->count), gli__arg_buffer(k->in.rows),
              gli__arg_buffer(k->sums), gli__arg_buffer(k->score), gli__arg_buffer(k->changes),
              gli__arg_buffer(k->rounds.state), gli__arg_i64(k->count),
              gli__arg_f64(k->options->alpha), gli__arg_f64(k->options->beta));
  gli__call_sum_f64(call, k->changes, k->total, k->count);
  GLI__LAUNCH(call, "close_iteration", gli__items(1), gli__arg_buffer(k->total),
              gli__arg_buffer(k->rounds.state), gli__arg_f64(k->enough));
}

static void iterate(gli__call *call, katz *k) {
  k->enough = (double)gli_snapshot_node_count(call->snapshot) * k->options->tolerance;
  gli__call_rounds(call, &k->rounds, k->options->max_iterations, iterate_once, k);
  const double *found = k->rounds.found;
  const bool small_enough = found[GLI__ROUNDS_DONE] != 0 && found[GLI__ROUNDS_CHANGE] < k->enough;
  if (call->status == GLI_OK && !small_enough) {
    call->status = gli__katz_not_converged(k->options, (int64_t)found[GLI__ROUNDS_COUNT],
                                           found[GLI__ROUNDS_CHANGE], k->enough, call->error);
  }
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_katz_centrality_options *options = given;
  katz k = {.count = gli_snapshot_node_limit(call->snapshot), .options = options};
  if (gli_snapshot_node_count(call->snapshot) > 0) {
    prepare(call, &k, options->weight);
    gli_run_prepared(call->run);
    iterate(call, &k);
  }
  double *score =
      gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, k.score);
  if (score != NULL && options->normalized) gli__katz_normalize(score, k.count);
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_katz_centrality_options *options = given;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double iterations = options->max_iterations < 20 ? (double)options->max_iterations : 20;
  return (gli__device_work){.entries = entries * iterations,
                            .nodes = 8 * nodes * iterations,
                            .launches = 6 + 6 * iterations,
                            .round_trips = 6,
                            .cpu_seconds = iterations * (entries * 1.6e-9 + nodes * 3e-9),
                            .result_bytes = 8 * nodes,
                            .reads_in = true,
                            .in_weight = options->weight};
}

const gli__device_algorithm gli__device_katz_centrality = {
    .program = "centrality/katz_centrality", .needs = GLI__NEEDS_FP64, .work = work, .run = run};
