/* Nested values: known bytes, round trips, strictness, failing allocations.
 *
 * Outside sources of known bytes: LEB128 of 624485 is E5 8E 26 (DWARF 4, appendix C, and
 * en.wikipedia.org/wiki/LEB128); zigzag pairs from the Protocol Buffers encoding guide; UTF-8
 * samples from RFC 3629, section 7. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "values/encoding.h"

static gli_value_builder *builder_open(void) {
  gli_value_builder *builder = NULL;
  cr_assert_eq(gli_value_builder_create(NULL, &builder, NULL), GLI_OK);
  return builder;
}

static void add(gli_value_builder *builder, gli_value value) {
  gli_error error = {0};
  cr_assert_eq(gli_value_builder_add(builder, &value, &error), GLI_OK, "%s", error.message);
}

static void add_int(gli_value_builder *builder, int64_t integer) {
  add(builder, gli_value_int(integer));
}

static void open_container(gli_value_builder *builder, gli_nested_type type) {
  cr_assert_eq(gli_value_builder_open(builder, type, NULL), GLI_OK);
}

static void close_container(gli_value_builder *builder) {
  cr_assert_eq(gli_value_builder_close(builder, NULL), GLI_OK);
}

/* What was built is exactly these bytes, and they are valid. */
static void expect_bytes(gli_value_builder *builder, const char *bytes, size_t size_bytes) {
  gli_value value;
  gli_error error = {0};
  cr_assert_eq(gli_value_builder_finish(builder, &value, &error), GLI_OK, "%s", error.message);
  cr_assert_eq(value.type, GLI_VALUE_NESTED);
  cr_assert_eq(value.size_bytes, size_bytes, "%zu bytes", (size_t)value.size_bytes);
  cr_assert(memcmp(value.as.bytes, bytes, size_bytes) == 0);
  cr_assert_eq(gli_value_validate(bytes, size_bytes, &error), GLI_OK, "%s", error.message);
  gli_value_builder_reset(builder);
}

#define EXPECT(builder, bytes) expect_bytes(builder, bytes, sizeof(bytes) - 1)

static void expect_invalid(const char *bytes, size_t size_bytes, const char *complaint) {
  gli_error error = {0};
  cr_assert_eq(gli_value_validate(bytes, size_bytes, &error), GLI_ERROR_FORMAT, "accepted: %s",
               complaint);
  cr_assert_not_null(strstr(error.message, complaint), "%s", error.message);
}

#define INVALID(bytes, complaint) expect_invalid(bytes, sizeof(bytes) - 1, complaint)

Test(encoding, known_scalars) {
  gli_value_builder *const builder = builder_open();
  open_container(builder, GLI_NESTED_LIST);
  add(builder, gli_value_null());
  add(builder, gli_value_bool(false));
  add(builder, gli_value_bool(true));
  add_int(builder, 0);
  add_int(builder, -1);
  add_int(builder, 1);
  add_int(builder, -2);
  add_int(builder, 2147483647);
  add(builder, gli_value_float(1.0));
  add(builder, gli_value_string("\xe2\x89\xa2\xce\x91"));
  cr_assert_eq(gli_value_builder_add_bytes(builder, "\0\xff", 2, NULL), GLI_OK);
  close_container(builder);
  EXPECT(builder,
         "\x09\x0b\x01\x02\x03\x04\x00\x04\x01\x04\x02\x04\x03\x04\xfe\xff\xff\xff\x0f"
         "\x06\x00\x00\x00\x00\x00\x00\xf0\x3f\x07\x05\xe2\x89\xa2\xce\x91\x08\x02\x00\xff");
  gli_value_builder_free(builder);
}

Test(encoding, known_varints) {
  uint8_t bytes[GLI__VARINT_SIZE_LIMIT];
  cr_assert_eq(gli__varint_write(bytes, 624485), 3);
  cr_assert(memcmp(bytes, "\xe5\x8e\x26", 3) == 0);
  cr_assert_eq(gli__varint_write(bytes, UINT64_MAX), 10);
  cr_assert_eq(gli__zigzag(2147483647), UINT64_C(4294967294));
  cr_assert_eq(gli__zigzag(-2147483648LL), UINT64_C(4294967295));
  static const int64_t ends[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1};
  for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
    cr_assert_eq(gli__zigzag_back(gli__zigzag(ends[k])), ends[k]);
  }
}

Test(encoding, known_containers) {
  gli_value_builder *const builder = builder_open();
  open_container(builder, GLI_NESTED_DICT); /* {"b": [], "a": ({2, 1, 2},)} */
  add(builder, gli_value_string("b"));
  open_container(builder, GLI_NESTED_LIST);
  close_container(builder);
  add(builder, gli_value_string("a"));
  open_container(builder, GLI_NESTED_TUPLE);
  open_container(builder, GLI_NESTED_SET);
  add_int(builder, 2);
  add_int(builder, 1);
  add_int(builder, 2);
  close_container(builder);
  close_container(builder);
  close_container(builder);
  EXPECT(builder,
         "\x0b\x02\x07\x01"
         "b\x09\x00\x07\x01"
         "a\x0a\x01\x0c\x02\x04\x02\x04\x04");
  open_container(builder, GLI_NESTED_SET); /* {frozenset(), ("x",), None} */
  open_container(builder, GLI_NESTED_TUPLE);
  add(builder, gli_value_string("x"));
  close_container(builder);
  open_container(builder, GLI_NESTED_FROZENSET);
  close_container(builder);
  add(builder, gli_value_null());
  close_container(builder);
  EXPECT(builder, "\x0c\x03\x01\x0a\x01\x07\x01x\x0d\x00");
  gli_value_builder_free(builder);
}

/* 2^64 and -2^63 - 1 need nine bytes; what fits in 64 bits is an INT64. */
Test(encoding, known_bigints) {
  gli_value_builder *const builder = builder_open();
  const uint8_t power[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0};
  cr_assert_eq(gli_value_builder_add_bigint(builder, power, sizeof power, NULL), GLI_OK);
  EXPECT(builder, "\x05\x09\0\0\0\0\0\0\0\0\x01");
  const uint8_t below[] = {255, 255, 255, 255, 255, 255, 255, 127, 255, 255};
  cr_assert_eq(gli_value_builder_add_bigint(builder, below, sizeof below, NULL), GLI_OK);
  EXPECT(builder, "\x05\x09\xff\xff\xff\xff\xff\xff\xff\x7f\xff");
  static const struct {
    uint8_t bytes[10];
    size_t size_bytes;
    int64_t integer;
  } small[] = {{{0}, 0, 0},
               {{0xfe}, 1, -2},
               {{0xff, 0}, 2, 255},
               {{0x00, 0x80, 0xff, 0xff}, 4, -32768},
               {{0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0xff}, 10, INT64_MIN}};
  for (size_t k = 0; k < sizeof small / sizeof *small; k++) {
    gli_value value;
    cr_assert_eq(gli_value_builder_add_bigint(builder, small[k].bytes, small[k].size_bytes, NULL),
                 GLI_OK);
    cr_assert_eq(gli_value_builder_finish(builder, &value, NULL), GLI_OK);
    cr_assert_eq(value.type, GLI_VALUE_INT64);
    cr_assert_eq(value.as.integer, small[k].integer);
    gli_value_builder_reset(builder);
  }
  gli_value_builder_free(builder);
}

Test(encoding, known_dates) {
  gli_value_builder *const builder = builder_open();
  const gli_datetime day = {.year = 2024, .month = 2, .day = 29};
  cr_assert_eq(gli_value_builder_add_date(builder, &day, NULL), GLI_OK);
  EXPECT(builder, "\x0e\xe8\x07\x02\x1d");
  gli_datetime time = {.year = 1,
                       .month = 12,
                       .day = 31,
                       .hour = 23,
                       .minute = 59,
                       .second = 58,
                       .microsecond = 65537};
  cr_assert_eq(gli_value_builder_add_datetime(builder, &time, NULL), GLI_OK);
  EXPECT(builder, "\x0f\x01\x00\x0c\x1f\x17\x3b\x3a\x01\x00\x01\x00");
  time.zone = 1;
  time.fold = 1;
  time.offset_microseconds = -1;
  cr_assert_eq(gli_value_builder_add_datetime(builder, &time, NULL), GLI_OK);
  EXPECT(builder, "\x0f\x01\x00\x0c\x1f\x17\x3b\x3a\x01\x00\x01\x05\x01");
  time.zone_name = "";
  cr_assert_eq(gli_value_builder_add_datetime(builder, &time, NULL), GLI_OK);
  EXPECT(builder, "\x0f\x01\x00\x0c\x1f\x17\x3b\x3a\x01\x00\x01\x0d\x01\x00");
  time.zone = 2;
  time.zone_name = "UTC";
  time.zone_name_size_bytes = 3;
  cr_assert_eq(gli_value_builder_add_datetime(builder, &time, NULL), GLI_OK);
  EXPECT(builder, "\x0f\x01\x00\x0c\x1f\x17\x3b\x3a\x01\x00\x01\x06\x01\x03UTC");
  time.varies = 1;
  cr_assert_eq(gli_value_builder_add_datetime(builder, &time, NULL), GLI_OK);
  EXPECT(builder, "\x0f\x01\x00\x0c\x1f\x17\x3b\x3a\x01\x00\x01\x16\x01\x03UTC");
  gli_value_builder_free(builder);
}

Test(encoding, refuses_bad_dates) {
  static const gli_datetime bad[] = {
      {.year = 0, .month = 1, .day = 1},
      {.year = 10000, .month = 1, .day = 1},
      {.year = 2023, .month = 0, .day = 1},
      {.year = 2023, .month = 13, .day = 1},
      {.year = 2023, .month = 2, .day = 29},
      {.year = 1900, .month = 2, .day = 29},
      {.year = 2023, .month = 4, .day = 31},
      {.year = 2023, .month = 1, .day = 0},
      {.year = 2023, .month = 1, .day = 1, .hour = 24},
      {.year = 2023, .month = 1, .day = 1, .minute = 60},
      {.year = 2023, .month = 1, .day = 1, .second = 60},
      {.year = 2023, .month = 1, .day = 1, .microsecond = 1000000},
      {.year = 2023, .month = 1, .day = 1, .fold = 2},
      {.year = 2023, .month = 1, .day = 1, .zone = 3},
      {.year = 2023, .month = 1, .day = 1, .zone = 2},
      {.year = 2023, .month = 1, .day = 1, .zone = 1, .varies = 1},
      {.year = 2023, .month = 1, .day = 1, .zone = 1, .offset_microseconds = 86400000000},
      {.year = 2023, .month = 1, .day = 1, .zone = 1, .offset_microseconds = -86400000000},
      {.year = 2023,
       .month = 1,
       .day = 1,
       .zone = 2,
       .zone_name = "\xff",
       .zone_name_size_bytes = 1}};
  gli_value_builder *const builder = builder_open();
  gli_error error = {0};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    cr_assert_eq(gli_value_builder_add_datetime(builder, &bad[k], &error),
                 GLI_ERROR_INVALID_ARGUMENT, "%zu", k);
  }
  cr_assert_eq(gli_value_builder_add_date(builder, &bad[5], &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_str_eq(error.message, "date 1900-02-29 00:00:00.000000: the month has no such day");
  gli_value value;
  cr_assert_eq(gli_value_builder_finish(builder, &value, NULL), GLI_ERROR_INVALID_ARGUMENT);
  gli_value_builder_free(builder);
}

Test(encoding, validation_is_strict) {
  INVALID("", "a value is missing");
  INVALID("\x00", "there is no such tag");
  INVALID("\x10", "there is no such tag");
  INVALID("\x01\x01", "something stands behind the value");
  INVALID("\x04", "a number is cut off");
  INVALID("\x04\x80", "a number is cut off");
  INVALID("\x04\x80\x00", "a number is not in its shortest form");
  INVALID("\x04\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "a number has more than 64 bits");
  INVALID("\x05\x01\x01", "a big integer fits in 64 bits");
  INVALID("\x05\x0a\0\0\0\0\0\0\0\0\x01\0", "a big integer is not in its shortest form");
  INVALID("\x05\x09\0\0\0\0\0\0\0\x80\xff", "a big integer is not in its shortest form");
  INVALID("\x06\0\0\0\0\0\0\0", "a float is cut off");
  INVALID("\x07\x02x", "a size goes beyond the end");
  INVALID("\x07\x01\xff", "a text is not UTF-8");
  INVALID("\x07\x02\xc0\x80", "a text is not UTF-8");
  INVALID("\x07\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "a size goes beyond the end");
  INVALID("\x09\x02\x01", "a count goes beyond the end");
  INVALID("\x0b\x01\x01", "a count goes beyond the end");
  INVALID("\x0b\x01\x09\x00\x01", "stands as a key");
  INVALID("\x0b\x01\x0a\x01\x0b\x00\x01", "stands as a key");
  INVALID("\x0c\x01\x0c\x00", "stands as a key");
  INVALID("\x0c\x02\x04\x02\x04\x01", "the elements of a set do not rise");
  INVALID("\x0d\x02\x03\x03", "the elements of a set do not rise");
  INVALID("\x0c\x02\x0a\x01\x03\x0a\x01\x02", "the elements of a set do not rise");
  INVALID("\x0e\xe7\x07\x02\x1d", "the month has no such day");
  INVALID("\x0e\xe7\x07\x02", "a date is cut off");
  INVALID("\x0f\x01\x00\x01\x01\x00\x00\x00\x00\x00\x00\x10", "a datetime has unknown flags");
  INVALID("\x0f\x01\x00\x01\x01\x00\x00\x00\x00\x00\x00\x08", "a datetime has unknown flags");
  INVALID("\x0f\x01\x00\x01\x01\x00\x00\x00\x00\x00\x00\x03", "zone must be 0");
  INVALID("\x0f\x01\x00\x01\x01\x00\x00\x00\x00\x00\x00\x02\x00\x00", "must have a name");
  INVALID("\x0f\x01\x00\x01\x01\x00\x00\x00\x00\x00\x00\x20", "a datetime has unknown flags");
  INVALID("\x0f\x01\x00\x01\x01\x00\x00\x00\x00\x00\x00\x11\x00", "a datetime has unknown flags");
  cr_assert_eq(gli_value_validate(NULL, 0, NULL), GLI_ERROR_FORMAT);
}

Test(encoding, depth_is_limited) {
  gli_value_builder *const builder = builder_open();
  gli_error error = {0};
  for (int k = 0; k < GLI_VALUE_DEPTH_LIMIT; k++) {
    open_container(builder, GLI_NESTED_LIST);
  }
  const gli_value empty = gli_value_nested("\x09\x00", 2);
  cr_assert_eq(gli_value_builder_open(builder, GLI_NESTED_LIST, &error), GLI_ERROR_LIMIT);
  cr_assert_eq(gli_value_builder_add(builder, &empty, &error), GLI_ERROR_INVALID_ARGUMENT);
  add_int(builder, 7);
  for (int k = 0; k < GLI_VALUE_DEPTH_LIMIT; k++) {
    close_container(builder);
  }
  gli_value value;
  cr_assert_eq(gli_value_builder_finish(builder, &value, &error), GLI_OK);
  cr_assert_eq(gli_value_validate(value.as.bytes, value.size_bytes, &error), GLI_OK);
  uint8_t deeper[1024] = {GLI_NESTED_LIST, 1};
  memcpy(deeper + 2, value.as.bytes, value.size_bytes);
  expect_invalid((const char *)deeper, value.size_bytes + 2, "nested deeper than 200");
  gli_value_builder_free(builder);
}

Test(encoding, builder_refuses_what_has_no_meaning) {
  gli_value_builder *const builder = builder_open();
  gli_error error = {0};
  gli_value value = gli_value_absent();
  cr_assert_eq(gli_value_builder_add(builder, &value, &error), GLI_ERROR_TYPE);
  value = gli_value_text("\xf5", 1);
  cr_assert_eq(gli_value_builder_add(builder, &value, &error), GLI_ERROR_INVALID_ARGUMENT);
  value = gli_value_nested("\x09\x01", 2);
  cr_assert_eq(gli_value_builder_add(builder, &value, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_value_builder_close(builder, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_value_builder_open(builder, GLI_NESTED_DATE, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_value_builder_finish(builder, &value, &error), GLI_ERROR_INVALID_ARGUMENT);
  add_int(builder, 1);
  value = gli_value_int(2);
  cr_assert_eq(gli_value_builder_add(builder, &value, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_value_builder_open(builder, GLI_NESTED_LIST, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  gli_value_builder_reset(builder);
  open_container(builder, GLI_NESTED_DICT);
  cr_assert_eq(gli_value_builder_open(builder, GLI_NESTED_LIST, &error), GLI_ERROR_TYPE);
  value = gli_value_nested("\x0a\x01\x0c\x00", 4); /* a tuple that holds a set */
  cr_assert_eq(gli_value_builder_add(builder, &value, &error), GLI_ERROR_INVALID_ARGUMENT);
  add_int(builder, 1);
  cr_assert_eq(gli_value_builder_close(builder, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_value_builder_finish(builder, &value, &error), GLI_ERROR_INVALID_ARGUMENT);
  value = gli_value_nested("\x0c\x00", 2); /* as a value a set may stand */
  add(builder, value);
  close_container(builder);
  EXPECT(builder, "\x0b\x01\x04\x02\x0c\x00");
  gli_value_builder_free(builder);
  gli_value_builder_free(NULL);
}

/* A text may hold surrogates, as Python's surrogatepass writes them, and NUL bytes. */
Test(encoding, text) {
  static const struct {
    const char *bytes;
    size_t size_bytes;
    bool is_text;
  } samples[] = {{"", 0, true},
                 {"a\0b", 3, true},
                 {"\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4", 9, true},
                 {"\xef\xbb\xbf\xf0\xa3\x8e\xb4", 7, true},
                 {"\xed\xa0\x80", 3, true},
                 {"\xf4\x8f\xbf\xbf", 4, true},
                 {"\xf4\x90\x80\x80", 4, false},
                 {"\xe0\x80\x80", 3, false},
                 {"\xf0\x80\x80\x80", 4, false},
                 {"\xc1\xbf", 2, false},
                 {"\x80", 1, false},
                 {"12345678\xe2\x82", 10, false},
                 {"1234567\xe2\x82\xac", 10, true},
                 {"\xe2\x28\xa1", 3, false}};
  for (size_t k = 0; k < sizeof samples / sizeof *samples; k++) {
    cr_assert_eq(gli__text_is_utf8((const uint8_t *)samples[k].bytes, samples[k].size_bytes),
                 samples[k].is_text, "%zu", k);
  }
}

Test(encoding, same) {
  const uint64_t payload = UINT64_C(0x7ff8000000001234);
  gli_value nan = gli_value_float(0);
  memcpy(&nan.as.real, &payload, sizeof payload);
  const gli_value values[] = {gli_value_absent(),     gli_value_null(),
                              gli_value_bool(true),   gli_value_bool(false),
                              gli_value_int(1),       gli_value_int(0),
                              gli_value_float(1.0),   gli_value_float(0.0),
                              gli_value_float(-0.0),  gli_value_float(NAN),
                              gli_value_string("1"),  gli_value_string(""),
                              gli_value_text("1", 1), gli_value_nested("1", 1),
                              gli_value_string(NULL), nan};
  for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
    for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
      const bool same = k == j || (k == 10 && j == 12) || (k == 12 && j == 10) ||
                        (k == 11 && j == 14) || (k == 14 && j == 11) || (k == 9 && j == 15) ||
                        (k == 15 && j == 9);
      cr_assert_eq(gli_value_same(&values[k], &values[j]), same, "%zu %zu", k, j);
    }
  }
}

/* SplitMix64. */
static uint64_t next_random(uint64_t *state) {
  uint64_t number = *state += UINT64_C(0x9e3779b97f4a7c15);
  number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
  return number ^ (number >> 31);
}

static void build_random(gli_value_builder *builder, uint64_t *state, int depth, bool hashable);

static void build_random_scalar(gli_value_builder *builder, uint64_t *state, uint64_t kind) {
  static const char *const zones[] = {"Europe/Paris", "UTC", "Asia/Kathmandu"};
  uint8_t bytes[16];
  for (size_t k = 0; k < sizeof bytes; k++) {
    bytes[k] = (uint8_t)next_random(state);
  }
  const uint64_t number = next_random(state);
  gli_datetime time = {.year = 1 + (int32_t)(number % 9999),
                       .month = (uint8_t)(1 + bytes[0] % 12),
                       .day = (uint8_t)(1 + bytes[1] % 28),
                       .hour = bytes[2] % 24,
                       .minute = bytes[3] % 60,
                       .second = bytes[4] % 60,
                       .fold = bytes[5] & 1,
                       .zone = bytes[6] % 3,
                       .microsecond = (uint32_t)(number >> 32) % 1000000,
                       .offset_microseconds = (int64_t)(number % 172799999999) - 86399999999};
  if (time.zone == 2 || (time.zone == 1 && (bytes[7] & 1) != 0)) {
    time.zone_name = zones[bytes[8] % 3];
    time.zone_name_size_bytes = strlen(time.zone_name);
  }
  gli_value value = gli_value_float(0);
  switch (kind) {
    case 0:
      add(builder, gli_value_null());
      break;
    case 1:
      add(builder, gli_value_bool((number & 1) != 0));
      break;
    case 2:
      add_int(builder, (int64_t)(number >> (number % 64)));
      break;
    case 3:
      memcpy(&value.as.real, &number, sizeof number);
      add(builder, value);
      break;
    case 4:
      add(builder, gli_value_text("some text that is cut short", number % 28));
      break;
    case 5:
      cr_assert_eq(gli_value_builder_add_bytes(builder, bytes, number % 17, NULL), GLI_OK);
      break;
    case 6:
      cr_assert_eq(gli_value_builder_add_bigint(builder, bytes, number % 17, NULL), GLI_OK);
      break;
    case 7:
      cr_assert_eq(gli_value_builder_add_date(builder, &time, NULL), GLI_OK);
      break;
    default:
      cr_assert_eq(gli_value_builder_add_datetime(builder, &time, NULL), GLI_OK);
  }
}

static void build_random(gli_value_builder *builder, uint64_t *state, int depth, bool hashable) {
  const uint64_t kind = next_random(state) % 16;
  if (kind < 9 || depth == 0) {
    build_random_scalar(builder, state, kind % 9);
    return;
  }
  gli_nested_type type = (gli_nested_type)(GLI_NESTED_LIST + kind % 5);
  if (hashable && !gli__nested_is_hashable(type)) {
    type = kind % 2 == 0 ? GLI_NESTED_TUPLE : GLI_NESTED_FROZENSET;
  }
  open_container(builder, type);
  const uint64_t count = next_random(state) % (depth == 3 ? 200 : 6);
  for (uint64_t k = 0; k < count; k++) {
    if (type == GLI_NESTED_DICT) {
      build_random(builder, state, depth - 1, true);
    }
    build_random(builder, state, depth - 1, hashable || gli__nested_is_set(type));
  }
  close_container(builder);
}

/* Write anew what a reader walks over: canonical bytes come out as they went in. */
static void rebuild(gli_value_reader *reader, gli_value_builder *builder) {
  gli_value_item item;
  cr_assert(gli_value_reader_next(reader, &item));
  switch (item.type) {
    case GLI_NESTED_BYTES:
      cr_assert_eq(
          gli_value_builder_add_bytes(builder, item.scalar.as.bytes, item.scalar.size_bytes, NULL),
          GLI_OK);
      return;
    case GLI_NESTED_BIGINT:
      cr_assert_eq(
          gli_value_builder_add_bigint(builder, item.scalar.as.bytes, item.scalar.size_bytes, NULL),
          GLI_OK);
      return;
    case GLI_NESTED_DATE:
      cr_assert_eq(gli_value_builder_add_date(builder, &item.datetime, NULL), GLI_OK);
      return;
    case GLI_NESTED_DATETIME:
      cr_assert_eq(gli_value_builder_add_datetime(builder, &item.datetime, NULL), GLI_OK);
      return;
    default:
      if (!gli__nested_is_container(item.type)) {
        add(builder, item.scalar);
        return;
      }
  }
  open_container(builder, item.type);
  const uint64_t count = item.type == GLI_NESTED_DICT ? item.count * 2 : item.count;
  for (uint64_t k = 0; k < count; k++) {
    rebuild(reader, builder);
  }
  close_container(builder);
}

static void expect_canonical(const uint8_t *bytes, size_t size_bytes, gli_value_builder *builder) {
  const gli_value nested = gli_value_nested(bytes, size_bytes);
  gli_value_reader reader = gli_value_reader_start(&nested);
  gli_value_builder_reset(builder);
  open_container(builder, GLI_NESTED_TUPLE);
  rebuild(&reader, builder);
  close_container(builder);
  gli_value_item item;
  cr_assert_not(gli_value_reader_next(&reader, &item));
  gli_value again;
  cr_assert_eq(gli_value_builder_finish(builder, &again, NULL), GLI_OK);
  cr_assert_eq(again.size_bytes, size_bytes + 2);
  cr_assert(memcmp(again.as.bytes + 2, bytes, size_bytes) == 0);
}

/* Whatever validation lets pass is what the builder would write: also after bytes were changed. */
Test(encoding, valid_means_canonical) {
  gli_value_builder *const builder = builder_open();
  gli_value_builder *const other = builder_open();
  uint64_t state = 7;
  int damaged = 0;
  int harmless = 0;
  for (int round = 0; round < 400; round++) {
    gli_value_builder_reset(builder);
    open_container(builder, GLI_NESTED_LIST);
    build_random(builder, &state, 3, false);
    close_container(builder);
    gli_value value;
    cr_assert_eq(gli_value_builder_finish(builder, &value, NULL), GLI_OK);
    gli_error error = {0};
    cr_assert_eq(gli_value_validate(value.as.bytes, value.size_bytes, &error), GLI_OK, "%s",
                 error.message);
    expect_canonical(value.as.bytes, value.size_bytes, other);
    uint8_t *const copy = malloc(value.size_bytes);
    for (int k = 0; k < 50; k++) {
      memcpy(copy, value.as.bytes, value.size_bytes);
      copy[next_random(&state) % value.size_bytes] = (uint8_t)next_random(&state);
      const size_t cut = k % 5 == 0 ? next_random(&state) % value.size_bytes : 0;
      if (gli_value_validate(copy, value.size_bytes - cut, NULL) == GLI_OK) {
        expect_canonical(copy, value.size_bytes - cut, other);
        harmless++;
      } else {
        damaged++;
      }
      const gli_value nested = gli_value_nested(copy, value.size_bytes - cut);
      gli_value_reader reader = gli_value_reader_start(&nested);
      gli_value_item item;
      while (gli_value_reader_next(&reader, &item)) {
      }
      cr_assert_leq(reader.cursor, reader.end);
    }
    free(copy);
  }
  cr_assert_gt(damaged, 1000);
  cr_assert_gt(harmless, 1000);
  gli_value_builder_free(other);
  gli_value_builder_free(builder);
}

/* Elements in any order give the same bytes, large sets too. */
Test(encoding, sets_are_sorted) {
  gli_value_builder *const left = builder_open();
  gli_value_builder *const right = builder_open();
  for (int64_t count = 0; count < 3000; count = count * 3 + 1) {
    gli_value_builder_reset(left);
    gli_value_builder_reset(right);
    open_container(left, GLI_NESTED_SET);
    open_container(right, GLI_NESTED_SET);
    for (int64_t k = 0; k < count; k++) {
      add_int(left, k * 37);
      add_int(right, (count - 1 - k) * 37);
      add_int(right, (count - 1 - k) * 37);
    }
    close_container(left);
    close_container(right);
    gli_value one;
    gli_value two;
    cr_assert_eq(gli_value_builder_finish(left, &one, NULL), GLI_OK);
    cr_assert_eq(gli_value_builder_finish(right, &two, NULL), GLI_OK);
    cr_assert(gli_value_same(&one, &two));
    cr_assert_eq(gli_value_validate(one.as.bytes, one.size_bytes, NULL), GLI_OK);
  }
  gli_value_builder_free(right);
  gli_value_builder_free(left);
}

/* A value that makes the builder allocate everything that it can. */
static gli_status build_large(gli_value_builder *builder, gli_value *value, gli_error *error) {
  const gli_value text = gli_value_string("a text of some length, to fill the buffer sooner");
  gli_status status = gli_value_builder_open(builder, GLI_NESTED_FROZENSET, error);
  for (int64_t k = 0; status == GLI_OK && k < 40; k++) {
    const gli_value integer = gli_value_int(-k);
    status = gli_value_builder_add(builder, &integer, error);
  }
  if (status == GLI_OK) {
    status = gli_value_builder_add(builder, &text, error);
  }
  if (status == GLI_OK) {
    status = gli_value_builder_close(builder, error);
  }
  return status == GLI_OK ? gli_value_builder_finish(builder, value, error) : status;
}

Test(encoding, failing_allocations) {
  failing_loop loop = failing_loop_start("gli_value_builder");
  while (failing_loop_next(&loop)) {
    gli_value_builder *builder = NULL;
    gli_error error = {0};
    failing_loop_arm(&loop);
    gli_status status = gli_value_builder_create(&loop.allocator, &builder, &error);
    if (status == GLI_OK) {
      gli_value value;
      status = build_large(builder, &value, &error);
    }
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    if (builder != NULL) {
      gli_value value;
      gli_value_builder_reset(builder); /* still good for use */
      cr_assert_eq(build_large(builder, &value, &error), GLI_OK);
      cr_assert_eq(gli_value_validate(value.as.bytes, value.size_bytes, NULL), GLI_OK);
    }
    gli_value_builder_free(builder);
  }
}
