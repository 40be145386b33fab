/* row_sums.c: two launches, one for short rows and one for long ones. */
#include "device/row_sums.h"

static const char program[] = "row_sums";

void gli__call_long_row_sums(gli__call *call, const gli__device_rows *side,
                             const gli__long_rows *long_rows, gli_device_buffer *weights,
                             gli_device_buffer *values, gli_device_buffer *sums) {
  const gli_device_argument arguments[] = {gli__arg_buffer(long_rows->nodes),
                                           gli__arg_i64(long_rows->count),
                                           gli__arg_buffer(side->rows),
                                           gli__arg_buffer(side->neighbors),
                                           gli__arg_buffer(weights),
                                           gli__arg_buffer(values),
                                           gli__arg_buffer(sums)};
  gli__call_launch_from(call, program, "sum_long", gli__groups(long_rows->count), arguments,
                        sizeof arguments / sizeof arguments[0]);
}

void gli__call_row_sums(gli__call *call, const gli__device_rows *side,
                        const gli__long_rows *long_rows, gli_device_buffer *weights,
                        gli_device_buffer *values, gli_device_buffer *sums) {
  const gli_device_argument arguments[] = {
      gli__arg_buffer(side->rows),   gli__arg_buffer(side->neighbors),
      gli__arg_buffer(weights),      gli__arg_buffer(values),
      gli__arg_buffer(sums),         gli__arg_i64(side->node_limit),
      gli__arg_u32(long_rows->limit)};
  gli__call_launch_from(call, program, "sum_short", gli__items(side->node_limit), arguments,
                        sizeof arguments / sizeof arguments[0]);
  gli__call_long_row_sums(call, side, long_rows, weights, values, sums);
}
