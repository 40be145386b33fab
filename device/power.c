/* power.c: power iteration on a device: sums of rows, a scaling, a sum of changes.
 *
 * As katz_centrality.c, the test for convergence runs on the device and turns what is queued after
 * it into nothing; the host reads the state once per batch of rounds, and a batch doubles while it
 * takes less than BATCH_SECONDS: cancelling stays quick, and small graphs pay few round trips. */
#include "device/power.h"

#include "base/pool.h"

enum { MAX_BATCH = 64 };
#define BATCH_SECONDS 0.01

static const char program[] = "power";

#define LAUNCH(call, kernel, shape, ...)                                        \
  gli__call_launch_from(                                                        \
      call, program, kernel, shape, (const gli_device_argument[]){__VA_ARGS__}, \
      sizeof((const gli_device_argument[]){__VA_ARGS__}) / sizeof(gli_device_argument))

void gli__call_power_prepare(gli__call *call, gli__device_power *power, int64_t count,
                             double length) {
  *power = (gli__device_power){.count = count, .length = length};
  power->sums = gli__call_buffer(call, count, sizeof(double));
  power->parts = gli__call_buffer(call, count, sizeof(double));
  power->total = gli__call_buffer(call, 1, sizeof(double));
  power->change = gli__call_buffer(call, 1, sizeof(double));
  power->state = gli__call_buffer(call, GLI__POWER_STATE_COUNT, sizeof(double));
  gli__call_fill_f64(call, power->state, 0, GLI__POWER_STATE_COUNT, 0);
}

void gli__call_power_start(gli__call *call, const gli__device_power *power,
                           const gli__device_rows *side, gli_device_buffer *scores) {
  const double nodes = (double)gli_snapshot_node_count(call->snapshot);
  LAUNCH(call, "start", gli__items(power->count), gli__arg_buffer(side->rows),
         gli__arg_buffer(scores), gli__arg_i64(power->count), gli__arg_f64(power->length / nodes));
}

void gli__call_power_add_own(gli__call *call, const gli__device_power *power,
                             gli_device_buffer *scores) {
  LAUNCH(call, "add_own", gli__items(power->count), gli__arg_buffer(power->sums),
         gli__arg_buffer(scores), gli__arg_i64(power->count));
}

void gli__call_power_scale(gli__call *call, const gli__device_power *power, bool squares,
                           gli_device_buffer *scores) {
  if (squares) {
    LAUNCH(call, "square", gli__items(power->count), gli__arg_buffer(power->sums),
           gli__arg_buffer(power->parts), gli__arg_i64(power->count));
  }
  gli__call_sum_f64(call, squares ? power->parts : power->sums, power->total, power->count);
  LAUNCH(call, "scale", gli__items(power->count), gli__arg_buffer(power->sums),
         gli__arg_buffer(power->total), gli__arg_buffer(scores), gli__arg_buffer(power->parts),
         gli__arg_buffer(power->state), gli__arg_i64(power->count), gli__arg_f64(power->length),
         gli__arg_i32(squares));
}

static void close_round(gli__call *call, const gli__device_power *power, double enough) {
  gli__call_sum_f64(call, power->parts, power->change, power->count);
  LAUNCH(call, "close_round", gli__items(1), gli__arg_buffer(power->change),
         gli__arg_buffer(power->total), gli__arg_buffer(power->state),
         gli__arg_f64(enough * power->length));
}

void gli__call_power_iterate(gli__call *call, gli__device_power *power, int64_t max_iterations,
                             double enough,
                             void (*round)(gli__call *call, const gli__device_power *power,
                                           const void *context),
                             const void *context) {
  int64_t queued = 0, batch = 1;
  while (gli__call_go_on(call) && power->found[GLI__POWER_DONE] == 0 && queued < max_iterations) {
    const double began = gli__seconds_now();
    gli_run_progress(call->run, (double)queued, (double)max_iterations);
    for (int64_t k = 0; k < batch && queued < max_iterations; k++, queued++) {
      round(call, power, context);
      close_round(call, power, enough);
    }
    gli__call_download(call, power->state, 0, power->found, sizeof power->found);
    if (batch < MAX_BATCH && gli__seconds_now() - began < BATCH_SECONDS) batch *= 2;
  }
  for (int64_t k = 0; k < (int64_t)power->found[GLI__POWER_ITERATIONS]; k++)
    gli_run_count_iteration(call->run);
}
