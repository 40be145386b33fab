/* bigint.c: the size of big integers; O(bytes). */
#include "values/bigint.h"

#include <math.h>

__extension__ typedef unsigned __int128 uint128;

gli__big gli__big_read(const uint8_t *bytes, size_t size_bytes) {
  gli__big number = {bytes, size_bytes, false};
  number.is_negative = size_bytes > 0 && (bytes[size_bytes - 1] & 0x80) != 0;
  return number;
}

/* Byte `at` of the magnitude; `carry` starts at 1 and goes on from byte to byte, from the lowest.
 */
static uint8_t magnitude_byte(gli__big number, size_t at, unsigned *carry) {
  if (!number.is_negative) return number.bytes[at];
  unsigned byte = (unsigned)(uint8_t)~number.bytes[at] + *carry;
  *carry = byte >> 8;
  return (uint8_t)byte;
}

uint64_t gli__big_top_bits(gli__big number, int64_t *shift_out, bool *lost_out) {
  size_t highest = 0;
  unsigned carry = 1;
  for (size_t at = 0; at < number.size; at++)
    if (magnitude_byte(number, at, &carry) != 0) highest = at;
  uint128 window = 0; /* the 16 highest bytes, more significant ones last in the loop */
  bool lost = false;
  size_t first = highest >= 15 ? highest - 15 : 0;
  carry = 1;
  for (size_t at = 0; at <= highest; at++) {
    uint8_t byte = magnitude_byte(number, at, &carry);
    if (at < first)
      lost = lost || byte != 0;
    else
      window |= (uint128)byte << (8 * (at - first));
  }
  int64_t shift = 8 * (int64_t)first;
  while (window >> 64 != 0) {
    lost = lost || (window & 1) != 0;
    window >>= 1;
    shift++;
  }
  uint64_t top = (uint64_t)window;
  while (top != 0 && top >> 63 == 0) {
    top <<= 1;
    shift--;
  }
  *shift_out = shift;
  *lost_out = lost;
  return top;
}

double gli__big_to_real(gli__big number) {
  int64_t shift;
  bool lost;
  const uint64_t top = gli__big_top_bits(number, &shift, &lost);
  const double real = ldexp((double)(top | (uint64_t)lost), shift > 2000 ? 2000 : (int)shift);
  return number.is_negative ? -real : real;
}
