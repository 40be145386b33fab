/* power.c: power iteration on a device: sums of rows, a scaling, a sum of changes. */
#include "device/power.h"

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
  power->rounds = gli__call_rounds_start(call);
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
         gli__arg_buffer(power->rounds.state), gli__arg_i64(power->count),
         gli__arg_f64(power->length), gli__arg_i32(squares));
}

typedef struct iteration {
  const gli__device_power *power;
  double enough;
  void (*round)(gli__call *call, const gli__device_power *power, const void *context);
  const void *context;
} iteration;

static void iterate_once(gli__call *call, void *context) {
  const iteration *i = context;
  const gli__device_power *power = i->power;
  i->round(call, power, i->context);
  gli__call_sum_f64(call, power->parts, power->change, power->count);
  LAUNCH(call, "close_round", gli__items(1), gli__arg_buffer(power->change),
         gli__arg_buffer(power->total), gli__arg_buffer(power->rounds.state),
         gli__arg_f64(i->enough * power->length));
}

void gli__call_power_iterate(gli__call *call, gli__device_power *power, int64_t max_iterations,
                             double enough,
                             void (*round)(gli__call *call, const gli__device_power *power,
                                           const void *context),
                             const void *context) {
  iteration i = {power, enough, round, context};
  gli__call_rounds(call, &power->rounds, max_iterations, iterate_once, &i);
}
