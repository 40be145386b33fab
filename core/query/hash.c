/* hash.c: hashes that agree with Python's ==: 1, 1.0 and True have one, sets ignore order. */
#include <math.h>

#include "base/hash.h"
#include "query/python.h"

static uint64_t mix(uint64_t seed, uint64_t hash) {
  return gli__hash_int(seed * UINT64_C(0x9e3779b97f4a7c15) + hash);
}

static uint64_t hash_number(const gli__number *number) {
  if (!number->is_real && number->bytes == NULL) return gli__hash_int((uint64_t)number->integer);
  /* An int beyond 64 bits equals a float only where it converts to it exactly. */
  double real = gli__number_to_real(number);
  if (real != real) return UINT64_C(0x7ff8);
  /* 2^63 in decimals: cppcheck cannot read 0x1p63 here. */
  if (real >= -9223372036854775808.0 && real < 9223372036854775808.0 && floor(real) == real)
    return gli__hash_int((uint64_t)(int64_t)real);
  uint64_t bits;
  memcpy(&bits, &real, sizeof bits);
  return mix(3, bits);
}

/* By the instant, but where it varies with the fold: there only the same zone's can be equal. */
static uint64_t hash_datetime(const gli_datetime *at) {
  if (at->zone != 0 && at->varies == 0)
    return mix(11, (uint64_t)(gli__datetime_microseconds(at) - at->offset_microseconds));
  return mix(12, (uint64_t)gli__datetime_microseconds(at));
}

static bool hash_item(gli_value_reader *reader, uint64_t *hash_out) {
  gli_value_item item;
  gli__number number;
  uint64_t hash, part;
  if (!gli_value_reader_next(reader, &item)) return false;
  if (gli__number_of_item(&item, &number)) {
    *hash_out = hash_number(&number);
    return true;
  }
  switch (item.type) {
    case GLI_NESTED_NULL:
      hash = 1;
      break;
    case GLI_NESTED_STRING:
      hash = gli__hash(item.scalar.as.text, (size_t)item.scalar.size_bytes);
      break;
    case GLI_NESTED_BYTES:
      hash = mix(5, gli__hash(item.scalar.as.bytes, (size_t)item.scalar.size_bytes));
      break;
    case GLI_NESTED_TUPLE:
      hash = mix(7, item.count);
      for (uint64_t element = 0; element < item.count; element++) {
        if (!hash_item(reader, &part)) return false;
        hash = mix(hash, part);
      }
      break;
    case GLI_NESTED_FROZENSET:
      hash = mix(8, item.count);
      for (uint64_t element = 0; element < item.count; element++) {
        if (!hash_item(reader, &part)) return false;
        hash += part;
      }
      break;
    case GLI_NESTED_DATE:
      hash = mix(
          9, (uint64_t)item.datetime.year * 400 + item.datetime.month * 32u + item.datetime.day);
      break;
    case GLI_NESTED_DATETIME:
      hash = hash_datetime(&item.datetime);
      break;
    default:
      return false; /* list, dict, set */
  }
  *hash_out = hash;
  return true;
}

bool gli__python_hash(const gli_value *value, uint64_t *hash_out) {
  gli__number number;
  if (value->type == GLI_VALUE_NULL || value->type == GLI_VALUE_ABSENT) {
    *hash_out = 1;
  } else if (value->type == GLI_VALUE_STRING) {
    *hash_out = gli__hash(value->as.text, (size_t)value->size_bytes);
  } else if (value->type != GLI_VALUE_NESTED) {
    gli__number_of(value, &number);
    *hash_out = hash_number(&number);
  } else {
    gli_value_reader reader = gli_value_reader_start(value);
    return hash_item(&reader, hash_out);
  }
  return true;
}
