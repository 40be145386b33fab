/* Primitives against plain C: every size around a group, a tile and a block, contents that wrap,
 * tie and stay empty. CTest runs this with work-groups of 1, 8, 64 and 256 work-items. */
#include <criterion/criterion.h>
#include <math.h>

#include "device/plugin.h"

#define LARGEST 100003
static const int64_t sizes[] = {0,   1,   2,   7,    8,    9,    63,   64,    65,
                                255, 256, 257, 4095, 4096, 4097, 8192, 16385, LARGEST};
enum { SIZES = sizeof sizes / sizeof sizes[0] };
typedef enum content { ZEROES, ONES, LARGE, SPARSE, RANDOM, CONTENTS } content;

static plugin_rig rig;

static void open_rig(void) {
  const char *reason = NULL;
  const gli_device_driver *driver = plugin_driver("opencl", &reason);
  if (driver == NULL) cr_skip_test("no OpenCL device: %s", reason);
  cr_assert(plugin_rig_open(&rig, driver), "%s", rig.error.message);
}

static void close_rig(void) {
  if (rig.run == NULL) return;
  cr_assert_eq(rig.call.status, GLI_OK, "%s", rig.error.message);
  plugin_rig_close(&rig);
}

TestSuite(primitives, .init = open_rig, .fini = close_rig);

static void make(content kind, int64_t count, uint64_t *numbers) {
  gli_random random = gli_random_start((uint64_t)count, kind);
  for (int64_t k = 0; k < count; k++) {
    const uint64_t drawn = gli_random_next(&random);
    numbers[k] = kind == ZEROES   ? 0
                 : kind == ONES   ? 1
                 : kind == LARGE  ? UINT64_MAX - (drawn & 3)
                 : kind == SPARSE ? (drawn % 97 == 0 ? drawn : 0)
                                  : drawn;
  }
}

/* A buffer with these items; one item of room more. */
static gli_device_buffer *on_device(const void *items, int64_t count, size_t item_bytes) {
  gli_device_buffer *buffer = gli__call_buffer(&rig.call, count + 1, item_bytes);
  gli__call_upload(&rig.call, buffer, 0, items, count * (int64_t)item_bytes);
  return buffer;
}

static void *on_host(gli_device_buffer *buffer, int64_t count, size_t item_bytes) {
  void *items = calloc((size_t)count + 1, item_bytes);
  gli__call_download(&rig.call, buffer, 0, items, count * (int64_t)item_bytes);
  cr_assert_eq(rig.call.status, GLI_OK, "%s", rig.error.message);
  return items;
}

static uint32_t *narrowed(const uint64_t *numbers, int64_t count) {
  uint32_t *narrow = calloc((size_t)count + 1, sizeof *narrow);
  for (int64_t k = 0; k < count; k++)
    narrow[k] = (uint32_t)numbers[k];
  return narrow;
}

Test(primitives, scan) {
  uint64_t *numbers = calloc(LARGEST + 1, sizeof *numbers);
  for (int s = 0; s < SIZES; s++) {
    for (content kind = 0; kind < CONTENTS; kind++) {
      const int64_t count = sizes[s];
      make(kind, count, numbers);
      uint32_t *narrow = narrowed(numbers, count);
      gli_device_buffer *wide_in = on_device(numbers, count, 8);
      gli_device_buffer *narrow_in = on_device(narrow, count, 4);
      gli_device_buffer *wide_out = gli__call_buffer(&rig.call, count + 1, 8);
      gli_device_buffer *narrow_out = gli__call_buffer(&rig.call, count + 1, 4);
      gli__call_exclusive_scan(&rig.call, GLI_DEVICE_I64, wide_in, wide_out, count);
      gli__call_exclusive_scan(&rig.call, GLI_DEVICE_U32, narrow_in, narrow_out, count);
      uint64_t *wide_found = on_host(wide_out, count + 1, 8);
      uint32_t *narrow_found = on_host(narrow_out, count + 1, 4);
      uint64_t sum = 0;
      uint32_t narrow_sum = 0;
      for (int64_t k = 0; k <= count; k++) {
        cr_assert_eq(wide_found[k], sum, "int64, content %d, %lld of %lld", (int)kind, (long long)k,
                     (long long)count);
        cr_assert_eq(narrow_found[k], narrow_sum, "uint32, content %d, %lld of %lld", (int)kind,
                     (long long)k, (long long)count);
        if (k == count) break;
        sum += numbers[k];
        narrow_sum += narrow[k];
      }
      free(narrow);
      free(wide_found);
      free(narrow_found);
      gli__call_release(&rig.call, wide_in);
      gli__call_release(&rig.call, narrow_in);
      gli__call_release(&rig.call, wide_out);
      gli__call_release(&rig.call, narrow_out);
    }
  }
  free(numbers);
}

Test(primitives, select) {
  uint64_t *numbers = calloc(LARGEST + 1, sizeof *numbers);
  uint8_t *flags = calloc(LARGEST + 1, 1);
  for (int s = 0; s < SIZES; s++) {
    for (content kind = 0; kind < CONTENTS; kind++) {
      const int64_t count = sizes[s];
      make(kind, count, numbers);
      int64_t expected = 0;
      for (int64_t k = 0; k < count; k++) {
        /* Any byte but zero is a set flag; random: every other one. */
        flags[k] = kind == RANDOM && (numbers[k] & 0x100) ? 0 : (uint8_t)numbers[k];
        expected += flags[k] != 0;
      }
      gli_device_buffer *in = on_device(flags, count, 1);
      gli_device_buffer *out = gli__call_buffer(&rig.call, expected, 4);
      cr_assert_eq(gli__call_select(&rig.call, in, out, count), expected);
      int32_t *found = on_host(out, expected, 4);
      for (int64_t k = 0, at = 0; k < count; k++) {
        if (flags[k]) cr_assert_eq(found[at++], k);
      }
      free(found);
      gli__call_release(&rig.call, in);
      gli__call_release(&rig.call, out);
    }
  }
  free(numbers);
  free(flags);
}

static uint64_t reduce_wide(const uint64_t *numbers, int64_t count, gli_device_reduction how) {
  int64_t best = how == GLI_DEVICE_MIN ? INT64_MAX : INT64_MIN;
  uint64_t sum = 0;
  for (int64_t k = 0; k < count; k++) {
    const int64_t number = (int64_t)numbers[k];
    sum += numbers[k];
    if (how == GLI_DEVICE_MIN ? number < best : number > best) best = number;
  }
  return how == GLI_DEVICE_SUM ? sum : (uint64_t)best;
}

static uint32_t reduce_narrow(const uint32_t *numbers, int64_t count, gli_device_reduction how) {
  uint32_t best = how == GLI_DEVICE_MIN ? UINT32_MAX : 0, sum = 0;
  for (int64_t k = 0; k < count; k++) {
    sum += numbers[k];
    if (how == GLI_DEVICE_MIN ? numbers[k] < best : numbers[k] > best) best = numbers[k];
  }
  return how == GLI_DEVICE_SUM ? sum : best;
}

Test(primitives, reduce_integers) {
  uint64_t *numbers = calloc(LARGEST + 1, sizeof *numbers);
  gli_device_buffer *out = gli__call_buffer(&rig.call, 1, 8);
  for (int s = 0; s < SIZES; s++) {
    for (content kind = 0; kind < CONTENTS; kind++) {
      const int64_t count = sizes[s];
      make(kind, count, numbers);
      uint32_t *narrow = narrowed(numbers, count);
      gli_device_buffer *wide_in = on_device(numbers, count, 8);
      gli_device_buffer *narrow_in = on_device(narrow, count, 4);
      for (gli_device_reduction how = GLI_DEVICE_SUM; how <= GLI_DEVICE_MAX; how++) {
        gli__call_reduce(&rig.call, GLI_DEVICE_I64, how, wide_in, out, count);
        cr_assert_eq((uint64_t)gli__call_read_i64(&rig.call, out, 0),
                     reduce_wide(numbers, count, how), "int64, %d, content %d, %lld items",
                     (int)how, (int)kind, (long long)count);
        gli__call_reduce(&rig.call, GLI_DEVICE_U32, how, narrow_in, out, count);
        cr_assert_eq(gli__call_read_u32(&rig.call, out, 0), reduce_narrow(narrow, count, how),
                     "uint32, %d, content %d, %lld items", (int)how, (int)kind, (long long)count);
      }
      free(narrow);
      gli__call_release(&rig.call, wide_in);
      gli__call_release(&rig.call, narrow_in);
    }
  }
  free(numbers);
}

Test(primitives, reduce_floats) {
  double *numbers = calloc(LARGEST + 1, sizeof *numbers);
  gli_device_buffer *out = gli__call_buffer(&rig.call, 1, 8);
  for (int s = 0; s < SIZES; s++) {
    for (int shift = -1; shift <= 1; shift++) { /* all negative, both signs, all positive */
      const int64_t count = sizes[s];
      gli_random random = gli_random_start((uint64_t)count, (uint64_t)(shift + 1));
      double least = INFINITY, most = -INFINITY;
      for (int64_t k = 0; k < count; k++) {
        numbers[k] = ldexp(gli_random_unit(&random) - 0.5 + shift, (int)(k % 600) - 300);
        if (k % 1000 == 17) numbers[k] = shift == 0 ? -0.0 : shift * 5e-324;
        if (k == 4096 && shift == 0) numbers[k] = INFINITY;
        least = fmin(least, numbers[k]);
        most = fmax(most, numbers[k]);
      }
      gli_device_buffer *in = on_device(numbers, count, 8);
      gli__call_reduce(&rig.call, GLI_DEVICE_F64, GLI_DEVICE_MIN, in, out, count);
      cr_assert_eq(gli__call_read_f64(&rig.call, out, 0), least, "%lld items", (long long)count);
      gli__call_reduce(&rig.call, GLI_DEVICE_F64, GLI_DEVICE_MAX, in, out, count);
      cr_assert_eq(gli__call_read_f64(&rig.call, out, 0), most, "%lld items", (long long)count);
      gli__call_release(&rig.call, in);
    }
  }
  free(numbers);
}

/* The order that sum_f64.cl states, in plain C; `numbers` is overwritten. */
static double sum_in_order(double *numbers, int64_t count) {
  while (count > 1) {
    const int64_t blocks = (count + 4095) / 4096;
    for (int64_t b = 0; b < blocks; b++) {
      double lanes[256] = {0};
      const int64_t begin = b * 4096, end = begin + 4096 < count ? begin + 4096 : count;
      for (int64_t k = begin; k < end; k++)
        lanes[(k - begin) % 256] += numbers[k];
      for (int half = 128; half > 0; half /= 2) {
        for (int l = 0; l < half; l++)
          lanes[l] += lanes[l + half];
      }
      numbers[b] = lanes[0];
    }
    count = blocks;
  }
  return count == 0 ? 0 : numbers[0];
}

Test(primitives, sums_of_floats_have_the_same_bits_everywhere) {
  double *numbers = calloc(LARGEST + 1, sizeof *numbers);
  gli_device_buffer *out = gli__call_buffer(&rig.call, 1, 8);
  for (int s = 0; s < SIZES; s++) {
    const int64_t count = sizes[s];
    gli_random random = gli_random_start((uint64_t)count, 5);
    for (int64_t k = 0; k < count; k++) {
      numbers[k] = ldexp(gli_random_unit(&random) - 0.25, (int)gli_random_below(&random, 80));
    }
    gli_device_buffer *in = on_device(numbers, count, 8);
    gli__call_reduce(&rig.call, GLI_DEVICE_F64, GLI_DEVICE_SUM, in, out, count);
    const double found = gli__call_read_f64(&rig.call, out, 0);
    const double expected = sum_in_order(numbers, count);
    cr_assert_eq(memcmp(&found, &expected, sizeof found), 0, "%lld items: %.17g, expected %.17g",
                 (long long)count, found, expected);
    gli__call_release(&rig.call, in);
  }
  free(numbers);
}

typedef struct record {
  uint64_t key;
  uint64_t mask;
  uint32_t value;
} record;

static int compare_records(const void *left, const void *right) {
  const record *a = left, *b = right;
  if ((a->key & a->mask) != (b->key & b->mask)) {
    return (a->key & a->mask) < (b->key & b->mask) ? -1 : 1;
  }
  return a->value < b->value ? -1 : 1; /* values rise as they come in: stable */
}

static void check_sort(content kind, int64_t count, int32_t bits, bool with_values) {
  uint64_t *keys = calloc((size_t)count + 1, sizeof *keys);
  uint32_t *values = calloc((size_t)count + 1, sizeof *values);
  record *records = calloc((size_t)count + 1, sizeof *records);
  make(kind, count, keys);
  for (int64_t k = 0; k < count; k++) {
    values[k] = (uint32_t)k;
    records[k] = (record){keys[k], bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX, (uint32_t)k};
  }
  qsort(records, (size_t)count, sizeof *records, compare_records);
  gli_device_buffer *key_buffer = on_device(keys, count, 8);
  gli_device_buffer *value_buffer = on_device(values, count, 4);
  gli__call_sort(&rig.call, key_buffer, with_values ? value_buffer : NULL, count, bits);
  uint64_t *keys_found = on_host(key_buffer, count, 8);
  uint32_t *values_found = on_host(value_buffer, count, 4);
  for (int64_t k = 0; k < count; k++) {
    cr_assert_eq(keys_found[k], records[k].key, "%d bits, content %d, %lld of %lld", (int)bits,
                 (int)kind, (long long)k, (long long)count);
    cr_assert_eq(values_found[k], with_values ? records[k].value : values[k]);
  }
  gli__call_release(&rig.call, key_buffer);
  gli__call_release(&rig.call, value_buffer);
  free(keys);
  free(values);
  free(records);
  free(keys_found);
  free(values_found);
}

Test(primitives, sort) {
  const int32_t widths[] = {0, 1, 8, 13, 32, 64};
  for (int s = 0; s < SIZES; s++) {
    for (content kind = 0; kind < CONTENTS; kind++) {
      for (size_t b = 0; b < sizeof widths / sizeof widths[0]; b++) {
        if (sizes[s] > 5000 && b != 3 && b != 5) continue; /* the rest costs seconds */
        check_sort(kind, sizes[s], widths[b], true);
      }
      check_sort(kind, sizes[s], 20, false);
    }
  }
}

Test(primitives, histogram) {
  const int64_t bins[] = {1, 2, 100, 2048, 2049, 70000};
  uint64_t *numbers = calloc(LARGEST + 1, sizeof *numbers);
  uint32_t *keys = calloc(LARGEST + 1, sizeof *keys);
  uint32_t *expected = calloc(70000, sizeof *expected);
  for (int s = 0; s < SIZES; s++) {
    for (content kind = 0; kind < CONTENTS; kind++) {
      for (size_t b = 0; b < sizeof bins / sizeof bins[0]; b++) {
        make(kind, sizes[s], numbers);
        memset(expected, 0, 70000 * sizeof *expected);
        for (int64_t k = 0; k < sizes[s]; k++) {
          keys[k] = (uint32_t)(numbers[k] % (uint64_t)bins[b]);
          expected[keys[k]]++;
        }
        gli_device_buffer *in = on_device(keys, sizes[s], 4);
        gli_device_buffer *counts = gli__call_buffer(&rig.call, bins[b], 4);
        gli__call_fill_u32(&rig.call, counts, 0, bins[b], 0);
        gli__call_histogram(&rig.call, in, counts, sizes[s], bins[b]);
        uint32_t *found = on_host(counts, bins[b], 4);
        cr_assert_eq(memcmp(found, expected, (size_t)bins[b] * 4), 0, "%lld bins, %lld keys",
                     (long long)bins[b], (long long)sizes[s]);
        free(found);
        gli__call_release(&rig.call, in);
        gli__call_release(&rig.call, counts);
      }
    }
  }
  free(numbers);
  free(keys);
  free(expected);
}

/* --- Whose primitive is taken ---------------------------------------------------------------- */

static int asked;

static gli_device_code refuse_scan(gli_device *device, gli_device_element element,
                                   gli_device_buffer *in, gli_device_buffer *out, int64_t count,
                                   gli_device_error *error) {
  (void)device, (void)element, (void)in, (void)out, (void)count;
  asked++;
  snprintf(error->message, sizeof error->message, "too large");
  return error->code = GLI_DEVICE_REFUSED;
}

static gli_device_code fail_scan(gli_device *device, gli_device_element element,
                                 gli_device_buffer *in, gli_device_buffer *out, int64_t count,
                                 gli_device_error *error) {
  (void)device, (void)element, (void)in, (void)out, (void)count;
  asked++;
  snprintf(error->message, sizeof error->message, "the scan broke");
  return error->code = GLI_DEVICE_FAILED;
}

Test(primitives, the_drivers_own_come_first) {
  const uint32_t numbers[] = {3, 1, 2};
  const gli_device_driver *const driver = rig.device.driver;
  gli_device_driver table = *driver;
  rig.device.driver = &table;
  gli_device_buffer *in = on_device(numbers, 3, 4);
  gli_device_buffer *out = gli__call_buffer(&rig.call, 4, 4);

  table.primitives.exclusive_scan = refuse_scan; /* what it refuses is done portably */
  gli__call_exclusive_scan(&rig.call, GLI_DEVICE_U32, in, out, 3);
  cr_assert_eq(asked, 1);
  cr_assert_eq(gli__call_read_u32(&rig.call, out, 3), 6);

  table.struct_size = offsetof(gli_device_driver, primitives); /* the slot is past its end */
  gli__call_exclusive_scan(&rig.call, GLI_DEVICE_U32, in, out, 3);
  cr_assert_eq(asked, 1);

  table.struct_size = sizeof table; /* a failure is one */
  table.primitives.exclusive_scan = fail_scan;
  gli__call_exclusive_scan(&rig.call, GLI_DEVICE_U32, in, out, 3);
  cr_assert_eq(asked, 2);
  cr_assert_eq(rig.call.status, GLI_ERROR_DEVICE);
  cr_assert_not_null(strstr(rig.error.message, "the scan broke"));
  cr_assert_eq(gli__call_select(&rig.call, in, out, 3), 0); /* nothing is done after a failure */
  rig.call.status = GLI_OK;
  rig.device.driver = driver;
}
