/* nested.c: Python's == on nested values, by walking both encodings.
 *
 * Sets and dicts are compared without order: each element is looked for in the other one, from the
 * same place on, so that equal ones in the same order cost one walk and only shuffled ones a
 * quadratic search. Depth is bounded by GLI_VALUE_DEPTH_LIMIT. */
#include "query/python.h"

gli_value_item gli__nested_head(const gli_value *nested) {
  gli_value_item item;
  gli_value_reader reader = gli_value_reader_start(nested);
  if (!gli_value_reader_next(&reader, &item)) memset(&item, 0, sizeof item);
  return item;
}

/* Values that an item is followed by. */
static uint64_t parts(const gli_value_item *item) {
  switch (item->type) {
    case GLI_NESTED_LIST:
    case GLI_NESTED_TUPLE:
    case GLI_NESTED_SET:
    case GLI_NESTED_FROZENSET:
      return item->count;
    case GLI_NESTED_DICT:
      return item->count * 2;
    default:
      return 0;
  }
}

/* Step over one whole value. */
static bool skip(gli_value_reader *reader) {
  uint64_t open = 1;
  while (open > 0) {
    gli_value_item item;
    if (!gli_value_reader_next(reader, &item)) return false;
    open += parts(&item) - 1;
  }
  return true;
}

static bool is_set(gli_nested_type type) {
  return type == GLI_NESTED_SET || type == GLI_NESTED_FROZENSET;
}

int64_t gli__datetime_microseconds(const gli_datetime *at) {
  /* Days of the civil calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
  int64_t year = at->month <= 2 ? at->year - 1 : at->year;
  int64_t century = year / 400, of_century = year - century * 400;
  int64_t day_of_year = (153 * ((at->month + 9) % 12) + 2) / 5 + at->day - 1;
  int64_t days =
      century * 146097 + of_century * 365 + of_century / 4 - of_century / 100 + day_of_year;
  int64_t seconds = ((days * 24 + at->hour) * 60 + at->minute) * 60 + at->second;
  return seconds * 1000000 + at->microsecond;
}

static bool same_zone_name(const gli_datetime *left, const gli_datetime *right) {
  return left->zone_name_size_bytes == right->zone_name_size_bytes &&
         (left->zone_name_size_bytes == 0 ||
          memcmp(left->zone_name, right->zone_name, left->zone_name_size_bytes) == 0);
}

/* As PEP 495 has it: of one zone by the wall clock, whatever the fold; of two by the instant, but a
 * time whose offset varies with the fold equals none of another zone. */
static bool same_datetime(const gli_datetime *left, const gli_datetime *right) {
  int64_t difference = gli__datetime_microseconds(left) - gli__datetime_microseconds(right);
  if (left->zone == 0 || right->zone == 0) return left->zone == right->zone && difference == 0;
  if (left->zone == 2 && right->zone == 2 && same_zone_name(left, right)) return difference == 0;
  if (left->varies != 0 || right->varies != 0) return false;
  return difference == left->offset_microseconds - right->offset_microseconds;
}

static bool same_value(gli_value_reader *left, gli_value_reader *right);

static bool same_sequence(gli_value_reader *left, gli_value_reader *right, uint64_t count) {
  for (uint64_t element = 0; element < count; element++)
    if (!same_value(left, right)) return false;
  return true;
}

/* Every one of `count` elements of the left stands on the right too; `width` 2: with its value. */
static bool same_unordered(gli_value_reader *left, const gli_value_reader *right, uint64_t count,
                           int width) {
  gli_value_reader cursor = *right;
  uint64_t at = 0;
  for (uint64_t element = 0; element < count; element++) {
    bool is_found = false;
    for (uint64_t tried = 0; tried < count && !is_found; tried++, at++) {
      if (at == count) {
        at = 0;
        cursor = *right;
      }
      gli_value_reader mine = *left, other = cursor;
      is_found = same_value(&mine, &other);
      if (is_found && width == 2 && !same_value(&mine, &other)) return false;
      for (int part = 0; part < width; part++)
        if (!skip(&cursor)) return false;
    }
    if (!is_found) return false;
    for (int part = 0; part < width; part++)
      if (!skip(left)) return false;
  }
  return true;
}

/* Whether the values that both readers stand before are equal. Where they are, both readers are
 * behind them afterwards. */
static bool same_value(gli_value_reader *left, gli_value_reader *right) {
  gli_value_reader right_start = *right;
  gli_value_item one, other;
  if (!gli_value_reader_next(left, &one) || !gli_value_reader_next(right, &other)) return false;
  gli__number first, second;
  if (gli__number_of_item(&one, &first) && gli__number_of_item(&other, &second))
    return gli__number_compare(&first, &second) == 0;
  if (is_set(one.type) && is_set(other.type)) {
    if (one.count != other.count || !same_unordered(left, right, one.count, 1)) return false;
    *right = right_start;
    return skip(right);
  }
  if (one.type != other.type) return false;
  switch (one.type) {
    case GLI_NESTED_NULL:
      return true;
    case GLI_NESTED_STRING:
    case GLI_NESTED_BYTES:
      return one.scalar.size_bytes == other.scalar.size_bytes &&
             (one.scalar.size_bytes == 0 ||
              memcmp(one.scalar.as.bytes, other.scalar.as.bytes, one.scalar.size_bytes) == 0);
    case GLI_NESTED_LIST:
    case GLI_NESTED_TUPLE:
      return one.count == other.count && same_sequence(left, right, one.count);
    case GLI_NESTED_DICT:
      if (one.count != other.count || !same_unordered(left, right, one.count, 2)) return false;
      *right = right_start;
      return skip(right);
    case GLI_NESTED_DATE:
      return one.datetime.year == other.datetime.year &&
             one.datetime.month == other.datetime.month && one.datetime.day == other.datetime.day;
    case GLI_NESTED_DATETIME:
      return same_datetime(&one.datetime, &other.datetime);
    default:
      return false;
  }
}

bool gli__nested_equal(const gli_value *left, const gli_value *right) {
  gli_value_reader one = gli_value_reader_start(left), other = gli_value_reader_start(right);
  return same_value(&one, &other);
}
