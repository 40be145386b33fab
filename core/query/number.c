/* number.c: exact comparison and Python's arithmetic.
 *
 * An int and a float compare by their exact values, as in Python: 2**53 + 1 is above 2.0**53 though
 * both convert to the same double. Division of ints is rounded once, from the exact quotient. */
#include <math.h>

#include "query/python.h"
#include "values/bigint.h"

__extension__ typedef unsigned __int128 uint128;

bool gli__number_of_item(const gli_value_item *item, gli__number *number_out) {
  gli__number number = {false, 0, 0, NULL, 0};
  switch (item->type) {
    case GLI_NESTED_FALSE:
    case GLI_NESTED_TRUE:
      number.integer = item->type == GLI_NESTED_TRUE;
      break;
    case GLI_NESTED_INT64:
      number.integer = item->scalar.as.integer;
      break;
    case GLI_NESTED_FLOAT64:
      number.is_real = true;
      number.real = item->scalar.as.real;
      break;
    case GLI_NESTED_BIGINT:
      number.bytes = item->scalar.as.bytes;
      number.size_bytes = (size_t)item->scalar.size_bytes;
      break;
    default:
      return false;
  }
  *number_out = number;
  return true;
}

bool gli__number_of(const gli_value *value, gli__number *number_out) {
  gli__number number = {false, 0, 0, NULL, 0};
  switch (value->type) {
    case GLI_VALUE_BOOL:
      number.integer = value->as.boolean;
      break;
    case GLI_VALUE_INT64:
      number.integer = value->as.integer;
      break;
    case GLI_VALUE_FLOAT64:
      number.is_real = true;
      number.real = value->as.real;
      break;
    case GLI_VALUE_NESTED: {
      gli_value_item item = gli__nested_head(value);
      return gli__number_of_item(&item, number_out);
    }
    default:
      return false;
  }
  *number_out = number;
  return true;
}

static int compare_int_float(int64_t integer, double real) {
  if (real != real) return 2;
  if (real >= 0x1p63) return -1;
  if (real < -0x1p63) return 1;
  double whole = floor(real);
  int64_t rounded = (int64_t)whole;
  if (integer != rounded) return integer < rounded ? -1 : 1;
  return real > whole ? -1 : 0;
}

/* --- Big ints --------------------------------------------------------------------------------- */

static gli__big read_big(const gli__number *value) {
  return gli__big_read(value->bytes, value->size_bytes);
}

static int compare_bigs(gli__big left, gli__big right) {
  if (left.is_negative != right.is_negative) return left.is_negative ? -1 : 1;
  if (left.size != right.size) return (left.size < right.size) != left.is_negative ? -1 : 1;
  for (size_t at = left.size; at-- > 0;)
    if (left.bytes[at] != right.bytes[at]) return left.bytes[at] < right.bytes[at] ? -1 : 1;
  return 0;
}

static int compare_big_float(gli__big number, double real) {
  if (real != real) return 2;
  if (isinf(real)) return real > 0 ? -1 : 1;
  if (number.is_negative != (real < 0)) return number.is_negative ? -1 : 1;
  int64_t shift;
  bool lost;
  uint64_t top = gli__big_top_bits(number, &shift, &lost);
  int exponent;
  double fraction = frexp(fabs(real), &exponent); /* |real| = fraction * 2^exponent */
  int order;
  if (fraction == 0 || shift + 64 != exponent) {
    order = fraction == 0 || shift + 64 > exponent ? 1 : -1;
  } else {
    uint64_t wanted = (uint64_t)ldexp(fraction, 64);
    order = top != wanted ? (top < wanted ? -1 : 1) : lost ? 1 : 0;
  }
  return number.is_negative ? -order : order;
}

double gli__number_to_real(const gli__number *number) {
  if (number->is_real) return number->real;
  if (number->bytes == NULL) return (double)number->integer;
  return gli__big_to_real(read_big(number));
}

static int turn(int order) {
  return order == 2 ? 2 : -order;
}

int gli__number_compare(const gli__number *left, const gli__number *right) {
  if (left->bytes != NULL) {
    gli__big number = read_big(left);
    if (right->bytes != NULL) return compare_bigs(number, read_big(right));
    if (right->is_real) return compare_big_float(number, right->real);
    return number.is_negative ? -1 : 1;
  }
  if (right->bytes != NULL) return turn(gli__number_compare(right, left));
  if (left->is_real && right->is_real) {
    double one = left->real, other = right->real;
    return one < other ? -1 : one > other ? 1 : one == other ? 0 : 2;
  }
  if (left->is_real) return turn(compare_int_float(right->integer, left->real));
  if (right->is_real) return compare_int_float(left->integer, right->real);
  return (left->integer > right->integer) - (left->integer < right->integer);
}

/* --- Arithmetic ------------------------------------------------------------------------------- */

static bool is_small_number(const gli_value *value) {
  return value->type == GLI_VALUE_BOOL || value->type == GLI_VALUE_INT64 ||
         value->type == GLI_VALUE_FLOAT64;
}
static int64_t integer_of(const gli_value *value) {
  return value->type == GLI_VALUE_BOOL ? (int64_t)value->as.boolean : value->as.integer;
}
static double real_of(const gli_value *value) {
  return value->type == GLI_VALUE_FLOAT64 ? value->as.real : (double)integer_of(value);
}
static int highest_bit(uint128 number) { /* of a number above 0 */
  uint64_t high = (uint64_t)(number >> 64);
  return high != 0 ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)number);
}

double gli__divide_exactly(gli__int128 dividend, int64_t divisor) {
  if (dividend == 0) return 0;
  uint128 absolute = dividend < 0 ? 0 - (uint128)dividend : (uint128)dividend;
  uint128 whole_divisor = (uint64_t)divisor;
  int shift = 127 - highest_bit(absolute);
  uint128 scaled = absolute << shift, whole = scaled / whole_divisor;
  /* At least 64 bits, of which 53 stay: the lowest one may stand for all that was lost. */
  if (whole * whole_divisor != scaled) whole |= 1;
  double quotient = ldexp((double)whole, -shift);
  return dividend < 0 ? -quotient : quotient;
}

static double divide_ints(int64_t left, int64_t right) {
  const int64_t exact = (int64_t)1 << 53;
  if (left >= -exact && left <= exact && right >= -exact && right <= exact)
    return (double)left / (double)right;
  if (right > 0) return gli__divide_exactly(left, right);
  /* -2^63 / -2^63 and its like: scale the smallest divisor, whose negative does not fit. */
  if (right == INT64_MIN) return -((double)left * 0x1p-63);
  return gli__divide_exactly(-(gli__int128)left, -right);
}

/* CPython's float_divmod (Objects/floatobject.c): the remainder has the divisor's sign. */
static void divide_floor(double left, double right, double *quotient_out, double *remainder_out) {
  double remainder = fmod(left, right), quotient = (left - remainder) / right;
  if (remainder != 0) {
    if ((right < 0) != (remainder < 0)) {
      remainder += right;
      quotient -= 1.0;
    }
  } else {
    remainder = copysign(0.0, right);
  }
  double whole;
  if (quotient != 0) {
    whole = floor(quotient);
    if (quotient - whole > 0.5) whole += 1.0;
  } else {
    whole = copysign(0.0, left / right);
  }
  *quotient_out = whole;
  *remainder_out = remainder;
}

static gli_value calculate_reals(gli__arithmetic operation, double left, double right) {
  double quotient, remainder;
  switch (operation) {
    case GLI__ADD:
      return gli_value_float(left + right);
    case GLI__SUBTRACT:
      return gli_value_float(left - right);
    case GLI__MULTIPLY:
      return gli_value_float(left * right);
    default:
      break;
  }
  if (right == 0) return gli_value_absent();
  if (operation == GLI__DIVIDE) return gli_value_float(left / right);
  divide_floor(left, right, &quotient, &remainder);
  return gli_value_float(operation == GLI__FLOOR_DIVIDE ? quotient : remainder);
}

static gli_value calculate_ints(gli__arithmetic operation, int64_t left, int64_t right) {
  int64_t result = 0;
  bool overflows = false;
  switch (operation) {
    case GLI__ADD:
      overflows = __builtin_add_overflow(left, right, &result);
      break;
    case GLI__SUBTRACT:
      overflows = __builtin_sub_overflow(left, right, &result);
      break;
    case GLI__MULTIPLY:
      overflows = __builtin_mul_overflow(left, right, &result);
      break;
    case GLI__DIVIDE:
      return right == 0 ? gli_value_absent() : gli_value_float(divide_ints(left, right));
    case GLI__FLOOR_DIVIDE:
    case GLI__REMAINDER:
      if (right == 0) return gli_value_absent();
      if (right == -1) { /* the smallest int has no negative */
        overflows = operation == GLI__FLOOR_DIVIDE && left == INT64_MIN;
        result = operation == GLI__FLOOR_DIVIDE && !overflows ? -left : 0;
        break;
      }
      result = left % right;
      if (result != 0 && (result < 0) != (right < 0)) result += right;
      if (operation == GLI__FLOOR_DIVIDE)
        result = left / right - (left % right != 0 && (left < 0) != (right < 0));
      break;
  }
  return overflows ? gli_value_absent() : gli_value_int(result);
}

gli_value gli__python_calculate(gli__arithmetic operation, const gli_value *left,
                                const gli_value *right) {
  if (!is_small_number(left) || !is_small_number(right)) return gli_value_absent();
  if (left->type == GLI_VALUE_FLOAT64 || right->type == GLI_VALUE_FLOAT64)
    return calculate_reals(operation, real_of(left), real_of(right));
  return calculate_ints(operation, integer_of(left), integer_of(right));
}

gli_value gli__python_negate(const gli_value *value) {
  if (value->type == GLI_VALUE_FLOAT64) return gli_value_float(-value->as.real);
  gli_value zero = gli_value_int(0);
  return gli__python_calculate(GLI__SUBTRACT, &zero, value);
}

gli_value gli__python_absolute(const gli_value *value) {
  if (value->type == GLI_VALUE_FLOAT64) return gli_value_float(fabs(value->as.real));
  if (!is_small_number(value)) return gli_value_absent();
  gli_value plain = gli_value_int(integer_of(value));
  return plain.as.integer < 0 ? gli__python_negate(&plain) : plain;
}
