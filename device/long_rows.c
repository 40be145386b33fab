/* long_rows.c: marks and selects the long rows of a side. */
#include "device/long_rows.h"

gli__long_rows gli__call_long_rows(gli__call *call, const gli__device_rows *side, uint32_t limit) {
  gli__long_rows found = {.limit = UINT32_MAX};
  if (call->device->info.group_size == 1) return found;
  gli_device_buffer *flags = gli__call_buffer(call, side->node_limit, sizeof(uint8_t));
  const gli_device_argument arguments[] = {gli__arg_buffer(side->rows), gli__arg_buffer(flags),
                                           gli__arg_i64(side->node_limit), gli__arg_u32(limit)};
  found.limit = limit;
  found.nodes = gli__call_buffer(call, side->node_limit, sizeof(int32_t));
  gli__call_launch_from(call, "long_rows", "mark_long", gli__items(side->node_limit), arguments,
                        sizeof arguments / sizeof arguments[0]);
  found.count = gli__call_select(call, flags, found.nodes, side->node_limit);
  gli__call_release(call, flags);
  return found;
}
