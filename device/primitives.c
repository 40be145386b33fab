/* primitives.c: scan, select, reduce, sum, sort and histogram for the host loops of algorithms.
 *
 * A driver's own primitive is taken where its table has one; what it refuses, and all that it
 * lacks, the portable kernels of primitives/ do. Who did it cannot be told from the result.
 *
 * The portable kernels cut their input into partitions, a work-group each: enough to fill the
 * device, few enough that one group handles what comes out of them. That makes three launches
 * whatever the size, and one where the input is small; nothing waits for the device but
 * gli__call_select, which has a number to return. */
#include "device/call.h"

#include <math.h>

/* Elements that one work-group of a CPU, of a GPU should have at least: fewer cost more in launches
 * than they gain. */
#define LEAST_SPAN INT64_C(4096)
#define MOST_SPAN (INT64_C(1) << 30) /* counters of a partition have 32 bits */
#define SPAN_MULTIPLE INT64_C(2048)  /* of every kernel's tile, so that tiles begin aligned */
#define MOST_PARTITIONS INT64_C(2048)
#define SUM_BLOCK INT64_C(4096)  /* as in sum_f64.cl */
#define LOCAL_BINS INT64_C(2048) /* as in histogram.cl */

#define SCAN "primitives/scan"
#define REDUCE "primitives/reduce"
#define SUM_F64 "primitives/sum_f64"
#define SORT "primitives/sort"
#define HISTOGRAM "primitives/histogram"

#define LAUNCH(call, program, kernel, shape, ...)                               \
  gli__call_launch_from(                                                        \
      call, program, kernel, shape, (const gli_device_argument[]){__VA_ARGS__}, \
      sizeof((const gli_device_argument[]){__VA_ARGS__}) / sizeof(gli_device_argument))

/* A slot of the driver's table: NULL also where the driver is older than the slot. */
#define SLOT(call, slot)                                                                      \
  ((call)->device->driver->struct_size >= offsetof(gli_device_driver, primitives) +           \
                                              offsetof(gli_device_primitives, slot) +         \
                                              sizeof((call)->device->driver->primitives.slot) \
       ? (call)->device->driver->primitives.slot                                              \
       : NULL)

typedef struct partitions {
  int64_t span;  /* elements of a partition, but for the last one */
  int64_t count; /* partitions */
} partitions;

static int64_t divide_up(int64_t dividend, int64_t divisor) {
  return dividend / divisor + (dividend % divisor != 0);
}

/* Partitions of `count` > 0 elements: several per compute unit, so that a slow one is made up for.
 */
static partitions cut(const gli__call *call, int64_t count) {
  const gli_device_info *info = &call->device->info;
  const int64_t units = info->compute_units > 0 ? (int64_t)info->compute_units : 1;
  int64_t most = units * (info->is_cpu ? 4 : 8);
  if (most > MOST_PARTITIONS) most = MOST_PARTITIONS;
  int64_t span = divide_up(count, most);
  if (span < LEAST_SPAN) span = LEAST_SPAN;
  if (span > MOST_SPAN) span = MOST_SPAN;
  span = divide_up(span, SPAN_MULTIPLE) * SPAN_MULTIPLE;
  return (partitions){span, divide_up(count, span)};
}

/* Whether the driver's own primitive did it, or failed for good; what it refused is still to do. */
static bool settled(gli__call *call, gli_device_code code, const gli_device_error *error) {
  if (code == GLI_DEVICE_REFUSED) return false;
  gli__call_check(call, code, error);
  return true;
}

/* The exclusive scan of `count` int64 in place by one group, the total behind them. */
static void scan_in_place(gli__call *call, gli_device_buffer *sums, int64_t count) {
  LAUNCH(call, SCAN, "scan_write", gli__groups(1), gli__arg_buffer(NULL), gli__arg_buffer(sums),
         gli__arg_buffer(NULL), gli__arg_buffer(sums), gli__arg_buffer(NULL), gli__arg_i64(count),
         gli__arg_i64(count), gli__arg_i64(1));
}

static void scan_portably(gli__call *call, gli_device_element element, gli_device_buffer *in,
                          gli_device_buffer *out, int64_t count) {
  const bool wide = element == GLI_DEVICE_I64;
  gli_device_buffer *const narrow_in = wide ? NULL : in, *const wide_in = wide ? in : NULL;
  const partitions parts = cut(call, count);
  gli_device_buffer *sums = NULL;
  if (parts.count > 1) {
    sums = gli__call_buffer(call, parts.count + 1, sizeof(int64_t));
    LAUNCH(call, SCAN, "scan_sums", gli__groups(parts.count), gli__arg_buffer(narrow_in),
           gli__arg_buffer(wide_in), gli__arg_buffer(sums), gli__arg_i64(count),
           gli__arg_i64(parts.span), gli__arg_i64(parts.count));
    scan_in_place(call, sums, parts.count);
  }
  LAUNCH(call, SCAN, "scan_write", gli__groups(parts.count), gli__arg_buffer(narrow_in),
         gli__arg_buffer(wide_in), gli__arg_buffer(wide ? NULL : out),
         gli__arg_buffer(wide ? out : NULL), gli__arg_buffer(sums), gli__arg_i64(count),
         gli__arg_i64(parts.span), gli__arg_i64(parts.count));
  if (sums != NULL) gli__call_release(call, sums);
}

void gli__call_exclusive_scan(gli__call *call, gli_device_element element, gli_device_buffer *in,
                              gli_device_buffer *out, int64_t count) {
  if (call->status != GLI_OK) return;
  if (count <= 0) {
    if (element == GLI_DEVICE_I64) {
      gli__call_fill_i64(call, out, 0, 1, 0);
    } else {
      gli__call_fill_u32(call, out, 0, 1, 0);
    }
    return;
  }
  gli_device_error error = {0};
  if (SLOT(call, exclusive_scan) != NULL &&
      settled(call,
              SLOT(call, exclusive_scan)(call->device->handle, element, in, out, count, &error),
              &error)) {
    return;
  }
  scan_portably(call, element, in, out, count);
}

static void select_portably(gli__call *call, gli_device_buffer *flags, gli_device_buffer *positions,
                            gli_device_buffer *found, int64_t count) {
  const partitions parts = cut(call, count);
  gli_device_buffer *sums = NULL;
  if (parts.count > 1) {
    sums = gli__call_buffer(call, parts.count + 1, sizeof(int64_t));
    LAUNCH(call, SCAN, "select_sums", gli__groups(parts.count), gli__arg_buffer(flags),
           gli__arg_buffer(sums), gli__arg_i64(count), gli__arg_i64(parts.span),
           gli__arg_i64(parts.count));
    scan_in_place(call, sums, parts.count);
  }
  LAUNCH(call, SCAN, "select_write", gli__groups(parts.count), gli__arg_buffer(flags),
         gli__arg_buffer(positions), gli__arg_buffer(found), gli__arg_buffer(sums),
         gli__arg_i64(count), gli__arg_i64(parts.span), gli__arg_i64(parts.count));
  if (sums != NULL) gli__call_release(call, sums);
}

int64_t gli__call_select(gli__call *call, gli_device_buffer *flags, gli_device_buffer *positions,
                         int64_t count) {
  if (call->status != GLI_OK || count <= 0) return 0;
  gli_device_buffer *found = gli__call_buffer(call, 1, sizeof(uint32_t));
  if (call->status != GLI_OK) return 0;
  gli_device_error error = {0};
  if (SLOT(call, select) == NULL ||
      !settled(call,
               SLOT(call, select)(call->device->handle, flags, positions, found, count, &error),
               &error)) {
    select_portably(call, flags, positions, found, count);
  }
  const int64_t result = (int64_t)gli__call_read_u32(call, found, 0);
  gli__call_release(call, found);
  return result;
}

/* What nothing at all reduces to: 0, or what every element of the type replaces. */
static void reduce_nothing(gli__call *call, gli_device_element element,
                           gli_device_reduction reduction, gli_device_buffer *out) {
  const bool least = reduction == GLI_DEVICE_MIN;
  if (element == GLI_DEVICE_U32) {
    gli__call_fill_u32(call, out, 0, 1, least ? UINT32_MAX : 0);
  } else if (element == GLI_DEVICE_I64) {
    const int64_t neutral = reduction == GLI_DEVICE_SUM ? 0 : least ? INT64_MAX : INT64_MIN;
    gli__call_fill_i64(call, out, 0, 1, neutral);
  } else {
    gli__call_fill_f64(call, out, 0, 1, least ? (double)INFINITY : -(double)INFINITY);
  }
}

static void reduce_portably(gli__call *call, gli_device_element element,
                            gli_device_reduction reduction, gli_device_buffer *in,
                            gli_device_buffer *out, int64_t count) {
  const bool narrow = element == GLI_DEVICE_U32;
  gli_device_buffer *const narrow_out = narrow ? out : NULL, *const wide_out = narrow ? NULL : out;
  gli_device_buffer *narrow_in = narrow ? in : NULL, *wide_in = narrow ? NULL : in;
  gli_device_element type_in = element;
  const partitions parts = cut(call, count);
  gli_device_buffer *partial = NULL;
  if (parts.count > 1) {
    partial = gli__call_buffer(call, parts.count, sizeof(int64_t));
    LAUNCH(call, REDUCE, "reduce", gli__groups(parts.count), gli__arg_buffer(narrow_in),
           gli__arg_buffer(wide_in), gli__arg_buffer(partial), gli__arg_buffer(NULL),
           gli__arg_buffer(NULL), gli__arg_i32((int32_t)element), gli__arg_i32(GLI_DEVICE_I64),
           gli__arg_i32((int32_t)reduction), gli__arg_i64(count), gli__arg_i64(parts.span),
           gli__arg_i64(parts.count));
    narrow_in = NULL;
    wide_in = partial;
    type_in = GLI_DEVICE_I64;
    count = parts.count;
  }
  LAUNCH(call, REDUCE, "reduce", gli__groups(1), gli__arg_buffer(narrow_in),
         gli__arg_buffer(wide_in), gli__arg_buffer(NULL), gli__arg_buffer(narrow_out),
         gli__arg_buffer(wide_out), gli__arg_i32((int32_t)type_in), gli__arg_i32((int32_t)element),
         gli__arg_i32((int32_t)reduction), gli__arg_i64(count), gli__arg_i64(count),
         gli__arg_i64(1));
  if (partial != NULL) gli__call_release(call, partial);
}

void gli__call_reduce(gli__call *call, gli_device_element element, gli_device_reduction reduction,
                      gli_device_buffer *in, gli_device_buffer *out, int64_t count) {
  if (call->status != GLI_OK) return;
  if (element == GLI_DEVICE_F64 && reduction == GLI_DEVICE_SUM) {
    gli__call_sum_f64(call, in, out, count);
    return;
  }
  if (count <= 0) {
    reduce_nothing(call, element, reduction, out);
    return;
  }
  gli_device_error error = {0};
  if (SLOT(call, reduce) != NULL &&
      settled(call,
              SLOT(call, reduce)(call->device->handle, element, reduction, in, out, count, &error),
              &error)) {
    return;
  }
  reduce_portably(call, element, reduction, in, out, count);
}

void gli__call_sum_f64(gli__call *call, gli_device_buffer *in, gli_device_buffer *out,
                       int64_t count) {
  if (call->status != GLI_OK) return;
  if (count <= 0) {
    gli__call_fill_f64(call, out, 0, 1, 0);
    return;
  }
  gli_device_buffer *from = in;
  while (call->status == GLI_OK) {
    const int64_t blocks = divide_up(count, SUM_BLOCK);
    gli_device_buffer *const to = blocks > 1 ? gli__call_buffer(call, blocks, sizeof(double)) : out;
    LAUNCH(call, SUM_F64, "sum_blocks", gli__groups(blocks), gli__arg_buffer(from),
           gli__arg_buffer(to), gli__arg_i64(count), gli__arg_i64(blocks));
    if (from != in) gli__call_release(call, from);
    if (blocks == 1) return;
    from = to;
    count = blocks;
  }
}

/* One pass over `mask`'s bits of the keys from `shift` on. */
static void sort_pass(gli__call *call, partitions parts, int64_t count, int32_t shift,
                      uint32_t mask, int64_t digits, gli_device_buffer *starts,
                      gli_device_buffer *const from[2], gli_device_buffer *const to[2]) {
  LAUNCH(call, SORT, "sort_counts", gli__groups(parts.count), gli__arg_buffer(from[0]),
         gli__arg_buffer(starts), gli__arg_i64(count), gli__arg_i64(parts.span),
         gli__arg_i64(parts.count), gli__arg_i32(shift), gli__arg_u32(mask));
  const int64_t counters = digits * parts.count;
  if (counters <= 4 * SPAN_MULTIPLE) {
    scan_in_place(call, starts, counters);
  } else {
    scan_portably(call, GLI_DEVICE_I64, starts, starts, counters);
  }
  LAUNCH(call, SORT, "sort_scatter", gli__groups(parts.count), gli__arg_buffer(from[0]),
         gli__arg_buffer(to[0]), gli__arg_buffer(from[1]), gli__arg_buffer(to[1]),
         gli__arg_buffer(starts), gli__arg_i64(count), gli__arg_i64(parts.span),
         gli__arg_i64(parts.count), gli__arg_i32(shift), gli__arg_u32(mask));
}

static void sort_portably(gli__call *call, gli_device_buffer *keys, gli_device_buffer *values,
                          int64_t count, int32_t bits) {
  const int32_t digit_bits = call->device->info.group_size > 1 ? 4 : 8; /* as in sort.cl */
  const int64_t digits = INT64_C(1) << digit_bits;
  const partitions parts = cut(call, count);
  gli_device_buffer *const starts =
      gli__call_buffer(call, digits * parts.count + 1, sizeof(int64_t));
  gli_device_buffer *const own[2] = {keys, values};
  gli_device_buffer *const spare[2] = {
      gli__call_buffer(call, count, sizeof(uint64_t)),
      values != NULL ? gli__call_buffer(call, count, sizeof(uint32_t)) : NULL};
  bool in_spare = false;
  for (int32_t shift = 0; shift < bits && call->status == GLI_OK; shift += digit_bits) {
    const int32_t width = bits - shift < digit_bits ? bits - shift : digit_bits;
    sort_pass(call, parts, count, shift, (UINT32_C(1) << width) - 1, digits, starts,
              in_spare ? spare : own, in_spare ? own : spare);
    in_spare = !in_spare;
  }
  if (in_spare) {
    gli__call_copy(call, spare[0], 0, keys, 0, count * (int64_t)sizeof(uint64_t));
    if (values != NULL) {
      gli__call_copy(call, spare[1], 0, values, 0, count * (int64_t)sizeof(uint32_t));
    }
  }
  gli__call_release(call, starts);
  gli__call_release(call, spare[0]);
  if (values != NULL) gli__call_release(call, spare[1]);
}

void gli__call_sort(gli__call *call, gli_device_buffer *keys, gli_device_buffer *values,
                    int64_t count, int32_t bits) {
  if (call->status != GLI_OK || count <= 1 || bits <= 0) return;
  if (bits > 64) bits = 64;
  gli_device_error error = {0};
  if (SLOT(call, sort) != NULL &&
      settled(call, SLOT(call, sort)(call->device->handle, keys, values, count, bits, &error),
              &error)) {
    return;
  }
  sort_portably(call, keys, values, count, bits);
}

void gli__call_histogram(gli__call *call, gli_device_buffer *keys, gli_device_buffer *counts,
                         int64_t count, int64_t bins) {
  if (call->status != GLI_OK || count <= 0 || bins <= 0) return;
  gli_device_error error = {0};
  if (SLOT(call, histogram) != NULL &&
      settled(call, SLOT(call, histogram)(call->device->handle, keys, counts, count, bins, &error),
              &error)) {
    return;
  }
  if (bins > LOCAL_BINS) {
    LAUNCH(call, HISTOGRAM, "histogram_many", gli__items(count), gli__arg_buffer(keys),
           gli__arg_buffer(counts), gli__arg_i64(count));
    return;
  }
  const partitions parts = cut(call, count);
  LAUNCH(call, HISTOGRAM, "histogram_few", gli__groups(parts.count), gli__arg_buffer(keys),
         gli__arg_buffer(counts), gli__arg_i64(count), gli__arg_i64(parts.span),
         gli__arg_i64(parts.count), gli__arg_u32((uint32_t)bins));
}
