/* python.h: Python's operations on attribute values. MISSING is a value of type ABSENT. */
#ifndef GLI_QUERY_PYTHON_H
#define GLI_QUERY_PYTHON_H

#include <gli/value.h>
#include <string.h>

__extension__ typedef __int128 gli__int128;

typedef enum gli__relation {
  GLI__EQUAL,
  GLI__NOT_EQUAL,
  GLI__LESS,
  GLI__LESS_EQUAL,
  GLI__GREATER,
  GLI__GREATER_EQUAL,
  GLI__IS, /* is None */
  GLI__IS_NOT,
  GLI__IN_TEXT, /* text in text */
  GLI__NOT_IN_TEXT,
  GLI__IN, /* in a literal list or tuple: gli__python_is_in */
  GLI__NOT_IN,
} gli__relation;

/* left == right, neither MISSING. Numbers compare exactly across int (of any size), float and bool;
 * lists, tuples, dicts and sets by their contents; datetimes as PEP 495 has it. */
bool gli__python_equal(const gli_value *left, const gli_value *right);
/* False where a side is MISSING; an order is between numbers or between texts. Not for IN. */
bool gli__python_holds(gli__relation relation, const gli_value *left, const gli_value *right);
bool gli__python_is_in(const gli_value *value, const gli_value *items, uint32_t item_count);
/* A hash that equal values share; false for what Python cannot hash: list, dict, set, or a tuple
 * with one. */
bool gli__python_hash(const gli_value *value, uint64_t *hash_out);
/* bool(value); MISSING is false. */
bool gli__python_truth(const gli_value *value);
/* len(value), or MISSING. */
gli_value gli__python_length(const gli_value *value);
/* -value, abs(value): numbers of 64 bits, else MISSING. */
gli_value gli__python_negate(const gli_value *value);
gli_value gli__python_absolute(const gli_value *value);

typedef enum gli__arithmetic {
  GLI__ADD,
  GLI__SUBTRACT,
  GLI__MULTIPLY,
  GLI__DIVIDE,
  GLI__FLOOR_DIVIDE,
  GLI__REMAINDER,
} gli__arithmetic;
/* MISSING where an operand is no number of 64 bits, where an int result is none, and by zero. */
gli_value gli__python_calculate(gli__arithmetic operation, const gli_value *left,
                                const gli_value *right);
/* Text operations; false unless both are texts. */
bool gli__text_starts_with(const gli_value *text, const gli_value *part);
bool gli__text_ends_with(const gli_value *text, const gli_value *part);
bool gli__text_contains(const gli_value *text, const gli_value *part);

/* --- number.c --------------------------------------------------------------------------------- */

/* A number taken apart: an int of 64 bits (bytes NULL), a float, or an int beyond 64 bits. */
typedef struct gli__number {
  bool is_real;
  int64_t integer;
  double real;
  const uint8_t *bytes; /* two's complement, little endian, shortest form */
  size_t size_bytes;
} gli__number;

/* False where the value (the item of a nested value) is no bool, int or float. */
bool gli__number_of(const gli_value *value, gli__number *number_out);
bool gli__number_of_item(const gli_value_item *item, gli__number *number_out);
/* float(number), rounded to nearest, beyond the largest float infinite. */
double gli__number_to_real(const gli__number *number);
/* The quotient rounded once; divisor > 0. */
double gli__divide_exactly(gli__int128 dividend, int64_t divisor);
/* Left against right: -1, 0, 1, or 2 with a NaN. */
int gli__number_compare(const gli__number *left, const gli__number *right);

/* --- nested.c --------------------------------------------------------------------------------- */

/* By the fields alone, in microseconds since some day. */
int64_t gli__datetime_microseconds(const gli_datetime *at);
bool gli__nested_equal(const gli_value *left, const gli_value *right);
/* The first item of a nested value: its own type and count. */
gli_value_item gli__nested_head(const gli_value *nested);

#endif
