/* numbering.c: the first node of each label by atomic minimum, which nodes are first, a scan over
 * them, and each node asks its label's first node. Integers only: the same on every device. */
#include "device/numbering.h"

static const char program[] = "numbering";

int64_t gli__call_number_labels(gli__call *call, const gli__device_rows *side,
                                gli_device_buffer *labels, gli_device_buffer *numbers) {
  const int64_t count = side->node_limit;
  gli_device_buffer *first = gli__call_buffer(call, count, sizeof(int32_t));
  gli_device_buffer *is_first = gli__call_buffer(call, count, sizeof(uint32_t));
  gli_device_buffer *rank = gli__call_buffer(call, count + 1, sizeof(uint32_t));
  gli__call_fill_u32(call, first, 0, count, INT32_MAX);
  const gli_device_argument find[] = {gli__arg_buffer(side->rows), gli__arg_buffer(labels),
                                      gli__arg_buffer(first), gli__arg_i64(count)};
  gli__call_launch_from(call, program, "find_first", gli__items(count), find, 4);
  const gli_device_argument mark[] = {gli__arg_buffer(side->rows), gli__arg_buffer(labels),
                                      gli__arg_buffer(first), gli__arg_buffer(is_first),
                                      gli__arg_i64(count)};
  gli__call_launch_from(call, program, "mark_first", gli__items(count), mark, 5);
  gli__call_exclusive_scan(call, GLI_DEVICE_U32, is_first, rank, count);
  const gli_device_argument give[] = {gli__arg_buffer(side->rows), gli__arg_buffer(labels),
                                      gli__arg_buffer(first),      gli__arg_buffer(rank),
                                      gli__arg_buffer(numbers),    gli__arg_i64(count)};
  gli__call_launch_from(call, program, "give_numbers", gli__items(count), give, 6);
  const int64_t found = gli__call_read_u32(call, rank, count);
  gli__call_release(call, first);
  gli__call_release(call, is_first);
  gli__call_release(call, rank);
  return found;
}
