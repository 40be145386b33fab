/* encoding.h: the canonical encoding of nested values, as its reader and its writer share it.
 *
 * A value is a tag byte (gli_nested_type) and its content. Equal values have equal bytes: every
 * number has one form only, the elements of a set stand in the order of their bytes.
 *
 *   tag             content
 *   1  NULL         nothing
 *   2  FALSE        nothing
 *   3  TRUE         nothing
 *   4  INT64        zigzag varint: 0, -1, 1, -2 ... become 0, 1, 2, 3 ...
 *   5  BIGINT       varint size (9 or more), two's complement, little endian, no byte that only
 *                   repeats the sign; what fits INT64 is one
 *   6  FLOAT64      8 bytes, little endian, of IEEE 754: bits as they came, NaN payloads too
 *   7  STRING       varint size, UTF-8 (surrogates allowed, overlong forms not)
 *   8  BYTES        varint size, bytes
 *   9  LIST         varint count, values
 *   10 TUPLE        varint count, values
 *   11 DICT         varint count of pairs; key, value, key, value ... in the dict's order
 *   12 SET          varint count, values, rising by their bytes, no two the same
 *   13 FROZENSET    as SET
 *   14 DATE         year (2 bytes, little endian), month, day
 *   15 DATETIME     as DATE; hour, minute, second, microsecond (3 bytes, little endian); flags:
 *                   bits 0-1 zone (0 none, 1 fixed offset, 2 name), bit 2 fold, bit 3 "has a
 * label"; zone 1: zigzag varint of the offset in microseconds, then the label if it has one (varint
 * size, UTF-8); zone 2: bit 4 "the other fold has another offset", the offset as in zone 1, and the
 * name (varint size, 1 or more, UTF-8)
 *
 * A varint is LEB128: seven bits a byte, low ones first, the high bit says that more follow; the
 * last byte is not 0 unless it is the only one. At most GLI_VALUE_DEPTH_LIMIT containers lie in one
 * another. What cannot be hashed in Python (LIST, DICT, SET, and a TUPLE that holds one) is neither
 * a key nor an element of a set. That a dict's keys differ is up to its writer. */
#ifndef GLI_VALUES_ENCODING_H
#define GLI_VALUES_ENCODING_H

#include <gli/value.h>

#define GLI__VARINT_SIZE_LIMIT 10
/* Longest content of fixed parts: a datetime with its flags and offset, and the tag. */
#define GLI__ITEM_SIZE_LIMIT 32

static inline bool gli__nested_is_container(gli_nested_type type) {
  return type >= GLI_NESTED_LIST && type <= GLI_NESTED_FROZENSET;
}
static inline bool gli__nested_is_set(gli_nested_type type) {
  return type == GLI_NESTED_SET || type == GLI_NESTED_FROZENSET;
}
/* Whether a value of this type can be a key, as far as the type alone tells. */
static inline bool gli__nested_is_hashable(gli_nested_type type) {
  return type != GLI_NESTED_LIST && type != GLI_NESTED_DICT && type != GLI_NESTED_SET;
}

/* Writes a varint, returns its length. */
size_t gli__varint_write(uint8_t *bytes, uint64_t number);
static inline uint64_t gli__zigzag(int64_t number) {
  return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}
static inline int64_t gli__zigzag_back(uint64_t number) {
  return (int64_t)(number >> 1 ^ (0 - (number & 1)));
}

/* Decode the item at *cursor and step behind it (behind the count of a container). NULL when all
 * is well, else what is wrong; *cursor then stays. Text is not checked to be UTF-8. */
const char *gli__item_read(const uint8_t **cursor, const uint8_t *end, gli_value_item *item_out);
/* Encode a DATE or DATETIME without its zone's name: returns the length, at most
 * GLI__ITEM_SIZE_LIMIT. */
size_t gli__date_write(uint8_t *bytes, const gli_datetime *date);
size_t gli__datetime_write(uint8_t *bytes, const gli_datetime *datetime);
/* What is wrong with a date (is_date: its time does not matter), or NULL. */
const char *gli__datetime_complaint(const gli_datetime *datetime, bool is_date);
/* One value, whole and nothing behind it, at most `depth_limit` containers deep; must_hash: it
 * stands as a key. NULL when all is well; *at_out is the offset of what is wrong. */
const char *gli__encoding_complaint(const uint8_t *bytes, size_t size_bytes, uint32_t depth_limit,
                                    bool must_hash, size_t *at_out);
/* Which of two encodings goes first in a set: below, at or above 0. */
int gli__encoding_compare(const uint8_t *left, size_t left_size_bytes, const uint8_t *right,
                          size_t right_size_bytes);
/* UTF-8 with surrogates allowed (three bytes each), as Python's "surrogatepass" writes it. */
bool gli__text_is_utf8(const uint8_t *bytes, size_t size_bytes);

#endif
