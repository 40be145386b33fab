/** @file value.h
 *  @brief Attribute values: scalars by value, strings and nested values as borrowed bytes.
 *
 *  A gli_value never owns memory. What you pass in is copied by the graph; what you get out is
 *  valid as long as the snapshot, or until the next change of the graph it was read from.
 *
 *  Nested values (lists, dicts, sets, dates, big integers ...) travel in GLI's canonical encoding:
 *  one byte of type tag, then the content, with equal contents giving equal bytes (sets sorted,
 *  dicts in their order). gli_value_builder writes it, gli_value_reader walks it.
 */
#ifndef GLI_VALUE_H
#define GLI_VALUE_H

#include <gli/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum gli_value_type {
  GLI_VALUE_ABSENT = 0, /**< the attribute is not there at all */
  GLI_VALUE_NULL,       /**< there, and set to null (None) */
  GLI_VALUE_BOOL,
  GLI_VALUE_INT64,
  GLI_VALUE_FLOAT64,
  GLI_VALUE_STRING, /**< UTF-8; surrogates may stand as their three bytes, NUL bytes are allowed */
  GLI_VALUE_NESTED, /**< canonical encoding of anything else */
} gli_value_type;

/** One value, 24 bytes. Strings and nested values point to bytes that someone else owns. */
typedef struct gli_value {
  uint8_t type; /**< a gli_value_type */
  uint8_t reserved[7];
  uint64_t size_bytes; /**< of STRING and NESTED, else 0 */
  union {
    bool boolean;
    int64_t integer;
    double real;
    const char *text;     /**< STRING: size_bytes bytes, not terminated */
    const uint8_t *bytes; /**< NESTED: size_bytes bytes of canonical encoding */
  } as;
} gli_value;

/** @brief A value by its type and the 64 bits of its content; the others here are made of it. */
/* Field by field: a zeroed struct with a type written over it makes GCC 12 store a byte and read
 * sixteen back, a stall of 4 ns, more than setting an attribute costs. */
static inline gli_value gli_value_of_bits(gli_value_type type, int64_t bits) {
  gli_value value;
  int k;
  value.type = (uint8_t)type;
  for (k = 0; k < 7; k++) {
    value.reserved[k] = 0;
  }
  value.size_bytes = 0;
  value.as.integer = bits;
  return value;
}
static inline gli_value gli_value_absent(void) {
  return gli_value_of_bits(GLI_VALUE_ABSENT, 0);
}
static inline gli_value gli_value_null(void) {
  return gli_value_of_bits(GLI_VALUE_NULL, 0);
}
static inline gli_value gli_value_bool(bool boolean) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return gli_value_of_bits(GLI_VALUE_BOOL, boolean); /* as.boolean is the first byte */
#else
  gli_value value = gli_value_of_bits(GLI_VALUE_BOOL, 0);
  value.as.boolean = boolean;
  return value;
#endif
}
static inline gli_value gli_value_int(int64_t integer) {
  return gli_value_of_bits(GLI_VALUE_INT64, integer);
}
static inline gli_value gli_value_float(double real) {
  gli_value value = gli_value_of_bits(GLI_VALUE_FLOAT64, 0);
  value.as.real = real;
  return value;
}
static inline gli_value gli_value_text(const char *text, size_t size_bytes) {
  gli_value value = gli_value_of_bits(GLI_VALUE_STRING, 0);
  value.size_bytes = size_bytes;
  value.as.text = text;
  return value;
}
static inline gli_value gli_value_nested(const void *bytes, size_t size_bytes) {
  gli_value value = gli_value_of_bits(GLI_VALUE_NESTED, 0);
  value.size_bytes = size_bytes;
  value.as.bytes = (const uint8_t *)bytes;
  return value;
}
/** @brief A value from a zero-terminated string, borrowed. */
GLI_API gli_value gli_value_string(const char *text);

/** @brief Whether two values are the same: same type and content; floats by their bits except that
 *  every NaN equals every NaN; -0.0 and 0.0 differ, 1 and 1.0 and true differ. */
GLI_API bool gli_value_same(const gli_value *left, const gli_value *right);

/** Type tags of the canonical encoding, as gli_value_reader reports them. */
typedef enum gli_nested_type {
  GLI_NESTED_NULL = 1,
  GLI_NESTED_FALSE,
  GLI_NESTED_TRUE,
  GLI_NESTED_INT64,
  GLI_NESTED_BIGINT, /**< two's complement, little endian, shortest form */
  GLI_NESTED_FLOAT64,
  GLI_NESTED_STRING,
  GLI_NESTED_BYTES,
  GLI_NESTED_LIST,
  GLI_NESTED_TUPLE,
  GLI_NESTED_DICT, /**< key, value, key, value ... in the dict's order */
  GLI_NESTED_SET,
  GLI_NESTED_FROZENSET,
  GLI_NESTED_DATE,     /**< year, month, day */
  GLI_NESTED_DATETIME, /**< date and time of day, fold, then no zone, a fixed offset or a zone name
                        */
} gli_nested_type;

/** Deepest nesting of a value: lists in lists and so on. */
#define GLI_VALUE_DEPTH_LIMIT 200

/** A date, or a date with a time of day. */
typedef struct gli_datetime {
  int32_t year;  /**< 1 to 9999 */
  uint8_t month; /**< 1 to 12 */
  uint8_t day;   /**< 1 to 31 */
  uint8_t hour, minute, second;
  uint8_t fold;                /**< 0 or 1: which of two equal wall-clock times (PEP 495) */
  uint8_t zone;                /**< 0: naive; 1: fixed offset; 2: named (zone_name) */
  uint8_t varies;              /**< zone 2: 1 where the other fold has another offset, else 0 */
  uint32_t microsecond;        /**< 0 to 999,999 */
  int64_t offset_microseconds; /**< offset from UTC; zone 2: by the caller's table of zones */
  const char *zone_name; /**< zone 2: such as "Europe/Paris"; zone 1: optional label or NULL */
  uint64_t zone_name_size_bytes;
} gli_datetime;

/** Writes one canonical value. Opaque; create, write, finish, free. Containers are opened and
 *  closed in pairs; elements of a set may come in any order and are sorted at its close. */
typedef struct gli_value_builder gli_value_builder;

GLI_API gli_status gli_value_builder_create(const gli_allocator *allocator,
                                            gli_value_builder **builder_out, gli_error *error);
GLI_API void gli_value_builder_free(gli_value_builder *builder);
/** @brief Forget what was written, keep the memory. */
GLI_API void gli_value_builder_reset(gli_value_builder *builder);
/** @brief Add a scalar or a string, or splice in an already encoded nested value. */
GLI_API gli_status gli_value_builder_add(gli_value_builder *builder, const gli_value *value,
                                         gli_error *error);
/** @brief Add an integer beyond int64: two's complement, little endian. */
GLI_API gli_status gli_value_builder_add_bigint(gli_value_builder *builder, const uint8_t *bytes,
                                                size_t size_bytes, gli_error *error);
GLI_API gli_status gli_value_builder_add_bytes(gli_value_builder *builder, const void *bytes,
                                               size_t size_bytes, gli_error *error);
GLI_API gli_status gli_value_builder_add_date(gli_value_builder *builder, const gli_datetime *date,
                                              gli_error *error);
GLI_API gli_status gli_value_builder_add_datetime(gli_value_builder *builder,
                                                  const gli_datetime *datetime, gli_error *error);
/** @brief Open a LIST, TUPLE, DICT, SET or FROZENSET. A dict takes keys and values in turn. */
GLI_API gli_status gli_value_builder_open(gli_value_builder *builder, gli_nested_type container,
                                          gli_error *error);
GLI_API gli_status gli_value_builder_close(gli_value_builder *builder, gli_error *error);
/** @brief The finished value: a scalar or STRING if that is all that was written, else NESTED.
 *  Borrowed from the builder until the next reset or free. */
GLI_API gli_status gli_value_builder_finish(gli_value_builder *builder, gli_value *value_out,
                                            gli_error *error);

/** One step of a walk over a nested value. */
typedef struct gli_value_item {
  gli_nested_type type;
  uint64_t count; /**< containers: elements to come (a dict counts pairs) */
  gli_value
      scalar; /**< NULL, BOOL, INT64, FLOAT64, STRING; also BYTES and BIGINT (as text/bytes) */
  gli_datetime datetime; /**< DATE and DATETIME */
} gli_value_item;

/** Walks a nested value in the order it was written; lives on the stack. */
typedef struct gli_value_reader {
  const uint8_t *cursor;
  const uint8_t *end;
} gli_value_reader;

GLI_API gli_value_reader gli_value_reader_start(const gli_value *nested);
/** @brief The next item; a container's elements follow it. False at the end or on damaged bytes. */
GLI_API bool gli_value_reader_next(gli_value_reader *reader, gli_value_item *item_out);
/** @brief Whether bytes are a well-formed canonical encoding (for readers of files). */
GLI_API gli_status gli_value_validate(const void *bytes, size_t size_bytes, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
