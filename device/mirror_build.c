/* mirror_build.c: rows that the host has not built, built on the device from the out side: nothing
 * of them goes over the bus, and the host is spared a pass of seconds on large graphs.
 *
 * In rows: every entry as a key (source, target) with its place in the arena, stably sorted by
 * target; each node's row is found by bisection. In such rows neighbours rise by source (the host's
 * are in order of insertion); places are kept, to bring weights into the same order.
 * Simple rows: both directions as pairs, sorted, equal ones and loops left out. O(m) with the radix
 * sort's constant; 24 to 36 bytes of scratch per entry, so it is only done where that is free.
 *
 * On a CPU's OpenCL device the host's own counting sort is faster (and its rows are shared by the
 * CPU's kernels): it is left to the host. */
#include "device/mirror_parts.h"

#define PROGRAM "mirror_build"

static void launch(gli__call *call, const char *kernel, int64_t items,
                   const gli_device_argument *arguments, size_t count) {
  gli__call_launch_from(call, PROGRAM, kernel, gli__items(items), arguments, count);
}
#define LAUNCH(call, kernel, items, ...)                                  \
  launch(call, kernel, items, (const gli_device_argument[]){__VA_ARGS__}, \
         sizeof((const gli_device_argument[]){__VA_ARGS__}) / sizeof(gli_device_argument))

/* How many bits a node index takes. */
static int32_t node_bits(int64_t node_count) {
  int32_t bits = 1;
  while (bits < 31 && (INT64_C(1) << bits) < node_count)
    bits++;
  return bits;
}

/* Whether the device is one that builds faster than the host, and has this much room. */
static bool pays(gli__call *call, int64_t entry_count, int64_t entry_limit, uint64_t entry_bytes) {
  gli__device *device = call->device;
  gli_device_memory memory = {0};
  gli_device_error error = {0};
  if (call->status != GLI_OK || device->info.is_cpu) return false;
  if (entry_count == 0 || entry_limit > UINT32_MAX) return false;
  const gli_device_code code = device->driver->memory(device->handle, &memory, &error);
  if (code == GLI_DEVICE_LOST) gli__call_check(call, code, &error);
  if (code != GLI_DEVICE_OK) return false;
  const uint64_t wanted = (uint64_t)entry_count * entry_bytes;
  const uint64_t largest = device->info.largest_bytes;
  return wanted < memory.free_bytes && (largest == 0 || (uint64_t)entry_count * 16 <= largest);
}

/* Where each row's entries stand when rows are put one behind the other; entry_count at the end. */
static gli_device_buffer *row_starts(gli__call *call, const gli__mirror_side *out) {
  gli_device_buffer *lengths = gli__call_buffer(call, out->node_limit, sizeof(int64_t));
  gli_device_buffer *starts = gli__call_buffer(call, out->node_limit + INT64_C(1), sizeof(int64_t));
  LAUNCH(call, "row_lengths", out->node_limit, gli__arg_buffer(out->rows.buffer),
         gli__arg_buffer(lengths), gli__arg_i64(out->node_limit));
  gli__call_exclusive_scan(call, GLI_DEVICE_I64, lengths, starts, out->node_limit);
  gli__call_release(call, lengths);
  return starts;
}

bool gli__mirror_build_in(gli__call *call, gli__mirror *mirror) {
  const gli__mirror_side *out = &mirror->sides[0];
  gli__mirror_side *in = &mirror->sides[1];
  const gli_rows rows = gli_snapshot_out_rows(call->snapshot);
  if (!pays(call, rows.entry_count, rows.entry_limit, 36)) return false;
  (void)gli__mirror_rows(call, false);
  const int64_t nodes = out->node_limit, entries = out->entry_count;
  in->state = mirror->state;
  in->mark = (gli__mark){0};
  if (!gli__held_reserve(call, mirror, &in->rows, (uint64_t)nodes * sizeof(gli_row), 0) ||
      !gli__held_reserve(call, mirror, &in->neighbors, (uint64_t)entries * sizeof(int32_t), 0) ||
      !gli__held_reserve(call, mirror, &in->origins, (uint64_t)entries * sizeof(uint32_t), 0)) {
    goto cleanup;
  }
  gli_device_buffer *starts = row_starts(call, out);
  gli_device_buffer *keys = gli__call_buffer(call, entries, sizeof(uint64_t));
  LAUNCH(call, "entry_keys", entries, gli__arg_buffer(out->rows.buffer),
         gli__arg_buffer(out->neighbors.buffer), gli__arg_buffer(starts), gli__arg_buffer(keys),
         gli__arg_buffer(in->origins.buffer), gli__arg_i64(nodes), gli__arg_i64(entries));
  gli__call_release(call, starts);
  gli__call_sort(call, keys, in->origins.buffer, entries, node_bits(nodes));
  LAUNCH(call, "in_records", nodes, gli__arg_buffer(keys), gli__arg_buffer(out->rows.buffer),
         gli__arg_buffer(in->rows.buffer), gli__arg_i64(nodes), gli__arg_i64(entries));
  LAUNCH(call, "high_halves", entries, gli__arg_buffer(keys), gli__arg_buffer(in->neighbors.buffer),
         gli__arg_i64(entries));
  gli__call_release(call, keys);
cleanup:
  if (call->status != GLI_OK) {
    gli__mirror_side_release(call->device, mirror, in);
    return true;
  }
  in->node_limit = out->node_limit;
  in->entry_limit = in->entry_count = entries;
  return true;
}

void gli__mirror_gather(gli__call *call, const gli__held *from, const gli__held *origins,
                        const gli__held *to, int64_t count) {
  LAUNCH(call, "gather", count, gli__arg_buffer(from->buffer), gli__arg_buffer(origins->buffer),
         gli__arg_buffer(to->buffer), gli__arg_i64(count));
}

void gli__mirror_gather_words(gli__call *call, const gli__held *from, const gli__held *origins,
                              const gli__held *to, int64_t count) {
  LAUNCH(call, "gather_words", count, gli__arg_buffer(from->buffer),
         gli__arg_buffer(origins->buffer), gli__arg_buffer(to->buffer), gli__arg_i64(count));
}

/* The sorted pairs as rows: kept ones are counted first, then written. */
static void keep_pairs(gli__call *call, gli__mirror *mirror, gli_device_buffer *keys, int32_t bits,
                       int64_t pairs, int64_t nodes) {
  gli__mirror_simple_view *view = &mirror->simple;
  gli_device_buffer *flags = gli__call_buffer(call, pairs, sizeof(uint32_t));
  gli_device_buffer *places = gli__call_buffer(call, pairs + 1, sizeof(uint32_t));
  LAUNCH(call, "first_pairs", pairs, gli__arg_buffer(keys), gli__arg_buffer(flags),
         gli__arg_i32(bits), gli__arg_i64(pairs));
  gli__call_exclusive_scan(call, GLI_DEVICE_U32, flags, places, pairs);
  gli__call_release(call, flags);
  view->entry_count = gli__call_read_u32(call, places, pairs);
  if (!gli__held_reserve(call, mirror, &view->offsets, (uint64_t)(nodes + 1) * sizeof(int64_t),
                         0) ||
      !gli__held_reserve(call, mirror, &view->neighbors,
                         (uint64_t)view->entry_count * sizeof(int32_t), 0)) {
    return;
  }
  LAUNCH(call, "keep_pairs", pairs, gli__arg_buffer(keys), gli__arg_buffer(places),
         gli__arg_buffer(view->neighbors.buffer), gli__arg_i32(bits), gli__arg_i64(pairs));
  LAUNCH(call, "pair_offsets", nodes + 1, gli__arg_buffer(keys), gli__arg_buffer(places),
         gli__arg_buffer(view->offsets.buffer), gli__arg_i32(bits), gli__arg_i64(nodes),
         gli__arg_i64(pairs));
  gli__call_release(call, places);
}

bool gli__mirror_build_simple(gli__call *call, gli__mirror *mirror) {
  const gli__mirror_side *out = &mirror->sides[0];
  const bool both = gli_snapshot_is_directed(call->snapshot);
  const int64_t entries = gli_snapshot_out_rows(call->snapshot).entry_count;
  const int64_t pairs = both ? 2 * entries : entries;
  if (!pays(call, pairs, pairs, 32)) return false;
  (void)gli__mirror_rows(call, false);
  const int64_t nodes = out->node_limit;
  const int32_t bits = node_bits(nodes);
  gli_device_buffer *starts = row_starts(call, out);
  gli_device_buffer *keys = gli__call_buffer(call, pairs, sizeof(uint64_t));
  LAUNCH(call, "pair_keys", entries, gli__arg_buffer(out->rows.buffer),
         gli__arg_buffer(out->neighbors.buffer), gli__arg_buffer(starts), gli__arg_buffer(keys),
         gli__arg_i32(bits), gli__arg_i32(both), gli__arg_i64(nodes), gli__arg_i64(entries));
  gli__call_release(call, starts);
  gli__call_sort(call, keys, NULL, pairs, 2 * bits + 1);
  keep_pairs(call, mirror, keys, bits, pairs, nodes);
  gli__call_release(call, keys);
  return true;
}
