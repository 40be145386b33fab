/* encoding.c: items of the canonical encoding, read and written (encoding.h tells the format).
 *
 * Reading is strict: a number that is not in its shortest form, a date that is none, a count or
 * size beyond the end are errors, so that equal values cannot hide behind different bytes. */
#include "values/encoding.h"

#include <string.h>

#define OFFSET_LIMIT INT64_C(86400000000) /* a day in microseconds: offsets stay below it */
#define FLAG_FOLD 4u
#define FLAG_LABEL 8u
#define FLAG_VARIES 16u

size_t gli__varint_write(uint8_t *bytes, uint64_t number) {
  size_t length = 0;
  while (number >= 0x80) {
    bytes[length++] = (uint8_t)(number | 0x80);
    number >>= 7;
  }
  bytes[length++] = (uint8_t)number;
  return length;
}

static const char *varint_read(const uint8_t **cursor, const uint8_t *end, uint64_t *number_out) {
  uint64_t number = 0;
  const uint8_t *next = *cursor;
  for (uint32_t shift = 0;; shift += 7) {
    if (next == end) {
      return "a number is cut off";
    }
    const uint8_t byte = *next++;
    if (shift == 63 && byte > 1) {
      return "a number has more than 64 bits";
    }
    number |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (byte == 0 && shift != 0) {
        return "a number is not in its shortest form";
      }
      *number_out = number;
      *cursor = next;
      return NULL;
    }
  }
}

/* A size and that many bytes. */
static const char *sized_read(const uint8_t **cursor, const uint8_t *end, const uint8_t **bytes_out,
                              uint64_t *size_bytes_out) {
  const char *const complaint = varint_read(cursor, end, size_bytes_out);
  if (complaint != NULL) {
    return complaint;
  }
  if (*size_bytes_out > (uint64_t)(end - *cursor)) {
    return "a size goes beyond the end";
  }
  *bytes_out = *cursor;
  *cursor += *size_bytes_out;
  return NULL;
}

static const char *bigint_complaint(const uint8_t *bytes, uint64_t size_bytes) {
  if (size_bytes <= 8) {
    return "a big integer fits in 64 bits";
  }
  const uint8_t sign = bytes[size_bytes - 2] >= 0x80 ? 0xff : 0;
  return bytes[size_bytes - 1] == sign ? "a big integer is not in its shortest form" : NULL;
}

static uint8_t days_of_month(int32_t year, uint8_t month) {
  static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : days[month - 1];
}

const char *gli__datetime_complaint(const gli_datetime *datetime, bool is_date) {
  if (datetime->year < 1 || datetime->year > 9999) {
    return "the year must be 1 to 9999";
  }
  if (datetime->month < 1 || datetime->month > 12) {
    return "the month must be 1 to 12";
  }
  if (datetime->day < 1 || datetime->day > days_of_month(datetime->year, datetime->month)) {
    return "the month has no such day";
  }
  if (is_date) {
    return NULL;
  }
  if (datetime->hour > 23 || datetime->minute > 59 || datetime->second > 59 ||
      datetime->microsecond > 999999) {
    return "the time must be 00:00:00.000000 to 23:59:59.999999";
  }
  if (datetime->fold > 1) {
    return "the fold must be 0 or 1";
  }
  if (datetime->zone > 2) {
    return "the zone must be 0 (none), 1 (offset) or 2 (name)";
  }
  if (datetime->varies > (datetime->zone == 2)) {
    return "`varies` must be 0, or 1 in a named zone";
  }
  if (datetime->zone != 0 && (datetime->offset_microseconds <= -OFFSET_LIMIT ||
                              datetime->offset_microseconds >= OFFSET_LIMIT)) {
    return "the offset must be less than 24 hours";
  }
  if (datetime->zone == 2 && (datetime->zone_name == NULL || datetime->zone_name_size_bytes == 0)) {
    return "a named zone must have a name";
  }
  return NULL;
}

size_t gli__date_write(uint8_t *bytes, const gli_datetime *date) {
  bytes[0] = GLI_NESTED_DATE;
  bytes[1] = (uint8_t)date->year;
  bytes[2] = (uint8_t)(date->year >> 8);
  bytes[3] = date->month;
  bytes[4] = date->day;
  return 5;
}

size_t gli__datetime_write(uint8_t *bytes, const gli_datetime *datetime) {
  size_t length = gli__date_write(bytes, datetime);
  bytes[0] = GLI_NESTED_DATETIME;
  bytes[length++] = datetime->hour;
  bytes[length++] = datetime->minute;
  bytes[length++] = datetime->second;
  bytes[length++] = (uint8_t)datetime->microsecond;
  bytes[length++] = (uint8_t)(datetime->microsecond >> 8);
  bytes[length++] = (uint8_t)(datetime->microsecond >> 16);
  const bool has_label = datetime->zone == 1 && datetime->zone_name != NULL;
  bytes[length++] =
      (uint8_t)(datetime->zone | (datetime->fold != 0 ? FLAG_FOLD : 0) |
                (has_label ? FLAG_LABEL : 0) | (datetime->varies != 0 ? FLAG_VARIES : 0));
  if (datetime->zone != 0) {
    length += gli__varint_write(bytes + length, gli__zigzag(datetime->offset_microseconds));
  }
  return length;
}

static const char *zone_read(const uint8_t **cursor, const uint8_t *end, uint8_t flags,
                             gli_datetime *datetime) {
  datetime->zone = flags & 3;
  datetime->fold = (flags & FLAG_FOLD) != 0;
  const bool has_label = (flags & FLAG_LABEL) != 0;
  datetime->varies = (flags & FLAG_VARIES) != 0;
  if (flags > 31 || (has_label && datetime->zone != 1) ||
      (datetime->varies != 0 && datetime->zone != 2)) {
    return "a datetime has unknown flags";
  }
  if (datetime->zone == 1 || datetime->zone == 2) {
    uint64_t offset = 0;
    const char *const complaint = varint_read(cursor, end, &offset);
    if (complaint != NULL) {
      return complaint;
    }
    datetime->offset_microseconds = gli__zigzag_back(offset);
  }
  if (datetime->zone == 2 || has_label) {
    const uint8_t *name = NULL;
    const char *const complaint = sized_read(cursor, end, &name, &datetime->zone_name_size_bytes);
    if (complaint != NULL) {
      return complaint;
    }
    datetime->zone_name = (const char *)name;
  }
  return NULL;
}

static const char *date_read(const uint8_t **cursor, const uint8_t *end, bool is_date,
                             gli_datetime *date) {
  const uint8_t *next = *cursor;
  if (end - next < (is_date ? 4 : 11)) {
    return "a date is cut off";
  }
  date->year = next[0] | next[1] << 8;
  date->month = next[2];
  date->day = next[3];
  next += 4;
  if (!is_date) {
    date->hour = next[0];
    date->minute = next[1];
    date->second = next[2];
    date->microsecond = next[3] | (uint32_t)next[4] << 8 | (uint32_t)next[5] << 16;
    const uint8_t flags = next[6];
    next += 7;
    const char *const complaint = zone_read(&next, end, flags, date);
    if (complaint != NULL) {
      return complaint;
    }
  }
  *cursor = next;
  return gli__datetime_complaint(date, is_date);
}

static const char *container_read(const uint8_t **cursor, const uint8_t *end,
                                  gli_value_item *item) {
  const char *const complaint = varint_read(cursor, end, &item->count);
  if (complaint != NULL) {
    return complaint;
  }
  const uint64_t room = (uint64_t)(end - *cursor) / (item->type == GLI_NESTED_DICT ? 2 : 1);
  return item->count > room ? "a count goes beyond the end" : NULL;
}

static const char *float_read(const uint8_t **cursor, const uint8_t *end, double *real_out) {
  if (end - *cursor < 8) {
    return "a float is cut off";
  }
  uint64_t bits = 0;
  for (uint32_t k = 0; k < 8; k++) {
    bits |= (uint64_t)(*cursor)[k] << (8 * k);
  }
  memcpy(real_out, &bits, sizeof bits);
  *cursor += 8;
  return NULL;
}

static const char *scalar_read(const uint8_t **cursor, const uint8_t *end, gli_value_item *item) {
  gli_value *const scalar = &item->scalar;
  const char *complaint = NULL;
  uint64_t number = 0;
  switch (item->type) {
    case GLI_NESTED_NULL:
      *scalar = gli_value_null();
      return NULL;
    case GLI_NESTED_FALSE:
    case GLI_NESTED_TRUE:
      *scalar = gli_value_bool(item->type == GLI_NESTED_TRUE);
      return NULL;
    case GLI_NESTED_INT64:
      complaint = varint_read(cursor, end, &number);
      *scalar = gli_value_int(gli__zigzag_back(number));
      return complaint;
    case GLI_NESTED_FLOAT64:
      scalar->type = GLI_VALUE_FLOAT64;
      return float_read(cursor, end, &scalar->as.real);
    default: /* BIGINT, STRING, BYTES */
      scalar->type = item->type == GLI_NESTED_STRING ? GLI_VALUE_STRING : GLI_VALUE_NESTED;
      complaint = sized_read(cursor, end, &scalar->as.bytes, &scalar->size_bytes);
      if (complaint == NULL && item->type == GLI_NESTED_BIGINT) {
        complaint = bigint_complaint(scalar->as.bytes, scalar->size_bytes);
      }
      return complaint;
  }
}

const char *gli__item_read(const uint8_t **cursor, const uint8_t *end, gli_value_item *item_out) {
  if (*cursor == end) {
    return "a value is missing";
  }
  const uint8_t *next = *cursor;
  const uint8_t tag = *next++;
  if (tag < GLI_NESTED_NULL || tag > GLI_NESTED_DATETIME) {
    return "there is no such tag";
  }
  gli_value_item item = {.type = (gli_nested_type)tag};
  const char *complaint = NULL;
  if (gli__nested_is_container(item.type)) {
    complaint = container_read(&next, end, &item);
  } else if (item.type >= GLI_NESTED_DATE) {
    complaint = date_read(&next, end, item.type == GLI_NESTED_DATE, &item.datetime);
  } else {
    complaint = scalar_read(&next, end, &item);
  }
  if (complaint == NULL) {
    *item_out = item;
    *cursor = next;
  }
  return complaint;
}

int gli__encoding_compare(const uint8_t *left, size_t left_size_bytes, const uint8_t *right,
                          size_t right_size_bytes) {
  const size_t common = left_size_bytes < right_size_bytes ? left_size_bytes : right_size_bytes;
  const int order = common != 0 ? memcmp(left, right, common) : 0;
  return order != 0 ? order
                    : (left_size_bytes > right_size_bytes) - (left_size_bytes < right_size_bytes);
}

/* Length of the sequence that starts with this byte, and the smallest code point it may say. */
static uint32_t utf8_length(uint8_t lead, uint32_t *least_out, uint32_t *bits_out) {
  if (lead >= 0xc2 && lead < 0xe0) {
    *least_out = 0x80;
    *bits_out = lead & 0x1f;
    return 2;
  }
  if (lead >= 0xe0 && lead < 0xf0) {
    *least_out = 0x800;
    *bits_out = lead & 0x0f;
    return 3;
  }
  if (lead >= 0xf0 && lead < 0xf5) {
    *least_out = 0x10000;
    *bits_out = lead & 0x07;
    return 4;
  }
  return 0;
}

bool gli__text_is_utf8(const uint8_t *bytes, size_t size_bytes) {
  size_t k = 0;
  while (k < size_bytes) {
    uint64_t eight = 0;
    if (size_bytes - k >= sizeof eight) {
      memcpy(&eight, bytes + k, sizeof eight);
      if ((eight & UINT64_C(0x8080808080808080)) == 0) {
        k += sizeof eight;
        continue;
      }
    }
    if (bytes[k] < 0x80) {
      k++;
      continue;
    }
    uint32_t least = 0;
    uint32_t point = 0;
    const uint32_t length = utf8_length(bytes[k], &least, &point);
    if (length == 0 || length > size_bytes - k) {
      return false;
    }
    for (uint32_t follow = 1; follow < length; follow++) {
      if ((bytes[k + follow] & 0xc0) != 0x80) {
        return false;
      }
      point = point << 6 | (bytes[k + follow] & 0x3f);
    }
    if (point < least || point > 0x10ffff) {
      return false;
    }
    k += length;
  }
  return true;
}
