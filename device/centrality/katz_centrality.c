/* katz_centrality.c: x = alpha * A' x + beta on a device: row sums, an update, a sum of changes.
 *
 * As pagerank.c, the test for convergence runs on the device and turns what is queued after it into
 * nothing (the row sums still run, and change nothing that counts); the host reads the state once
 * per batch of iterations. 24 n bytes beside the mirror. */
#include "base/pool.h"
#include "cpu/centrality/katz.h"
#include "device/row_sums.h"

enum { LONG_ROW = 256, MAX_BATCH = 64 };
#define BATCH_SECONDS 0.01

enum { CHANGE, ITERATIONS, DONE, STATE_COUNT };

typedef struct katz {
  gli__device_rows in;
  gli__long_rows long_rows;
  gli_device_buffer *weights, *score, *sums, *changes, *total, *state;
  int64_t count;
} katz;

static void prepare(gli__call *call, katz *k, const char *weight) {
  k->in = gli__call_rows(call, true);
  k->long_rows = gli__call_long_rows(call, &k->in, LONG_ROW);
  k->weights = gli__call_weights(call, weight, true);
  k->score = gli__call_buffer(call, k->count, sizeof(double));
  k->sums = gli__call_buffer(call, k->count, sizeof(double));
  k->changes = gli__call_buffer(call, k->count, sizeof(double));
  k->total = gli__call_buffer(call, 1, sizeof(double));
  k->state = gli__call_buffer(call, STATE_COUNT, sizeof(double));
  gli__call_fill_f64(call, k->score, 0, k->count, 0);
  gli__call_fill_f64(call, k->state, 0, STATE_COUNT, 0);
}

static void iterate_once(gli__call *call, const katz *k, const gli_katz_centrality_options *options,
                         double enough) {
  gli__call_row_sums(call, &k->in, &k->long_rows, k->weights, k->score, k->sums);
  GLI__LAUNCH(call, "update", gli__items(k->count), gli__arg_buffer(k->in.rows),
              gli__arg_buffer(k->sums), gli__arg_buffer(k->score), gli__arg_buffer(k->changes),
              gli__arg_buffer(k->state), gli__arg_i64(k->count), gli__arg_f64(options->alpha),
              gli__arg_f64(options->beta));
  gli__call_sum_f64(call, k->changes, k->total, k->count);
  GLI__LAUNCH(call, "close_iteration", gli__items(1), gli__arg_buffer(k->total),
              gli__arg_buffer(k->state), gli__arg_f64(enough));
}

static void iterate(gli__call *call, const katz *k, const gli_katz_centrality_options *options) {
  const double enough = (double)gli_snapshot_node_count(call->snapshot) * options->tolerance;
  double state[STATE_COUNT] = {0};
  int64_t queued = 0, batch = 1;
  while (gli__call_go_on(call) && state[DONE] == 0 && queued < options->max_iterations) {
    const double began = gli__seconds_now();
    gli_run_progress(call->run, (double)queued, (double)options->max_iterations);
    for (int64_t i = 0; i < batch && queued < options->max_iterations; i++, queued++)
      iterate_once(call, k, options, enough);
    gli__call_download(call, k->state, 0, state, sizeof state);
    if (batch < MAX_BATCH && gli__seconds_now() - began < BATCH_SECONDS) batch *= 2;
  }
  for (int64_t i = 0; i < (int64_t)state[ITERATIONS]; i++)
    gli_run_count_iteration(call->run);
  if (call->status == GLI_OK && state[DONE] == 0) {
    call->status = gli__katz_not_converged(options, state[CHANGE], enough, call->error);
  }
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_katz_centrality_options *options = given;
  katz k = {.count = gli_snapshot_node_limit(call->snapshot)};
  if (gli_snapshot_node_count(call->snapshot) > 0) {
    prepare(call, &k, options->weight);
    gli_run_prepared(call->run);
    iterate(call, &k, options);
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
                            .reads_in = true};
}

const gli__device_algorithm gli__device_katz_centrality = {
    .program = "centrality/katz_centrality", .needs = GLI__NEEDS_FP64, .work = work, .run = run};
