/* hash.c: the hash of byte strings.
 *
 * XXH3 (https://github.com/Cyan4973/xxHash) inlined where its header was found. The fallback folds
 * 16 bytes a step with one 64 x 64 -> 128 bit multiplication, the mixing step of wyhash (Wang Yi,
 * public domain); ids are short, so both take a few nanoseconds. Neither resists an attacker who
 * chooses ids to collide: GLI is a library for analysts, not a server's dictionary. */
#include "base/hash.h"

#if defined(GLI_HAVE_XXHASH)

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t gli__hash(const void *bytes, size_t size_bytes) {
  return XXH3_64bits(bytes, size_bytes);
}

#else

#include <string.h>

#define SECRET_0 UINT64_C(0xa0761d6478bd642f)
#define SECRET_1 UINT64_C(0xe7037ed1a0b428db)

static uint64_t fold(uint64_t left, uint64_t right) {
  uint64_t low_low = (left & UINT32_MAX) * (right & UINT32_MAX);
  uint64_t low_high = (left & UINT32_MAX) * (right >> 32);
  uint64_t high_low = (left >> 32) * (right & UINT32_MAX);
  uint64_t high_high = (left >> 32) * (right >> 32);
  uint64_t middle = (low_low >> 32) + (low_high & UINT32_MAX) + (high_low & UINT32_MAX);
  uint64_t high = high_high + (low_high >> 32) + (high_low >> 32) + (middle >> 32);
  uint64_t low = (low_low & UINT32_MAX) | (middle << 32);
  return high ^ low;
}

/* Up to 8 bytes, zero-extended. */
static uint64_t load(const uint8_t *bytes, size_t size_bytes) {
  uint64_t word = 0;
  memcpy(&word, bytes, size_bytes);
  return word;
}

uint64_t gli__hash(const void *bytes, size_t size_bytes) {
  const uint8_t *at = bytes;
  size_t left = size_bytes;
  uint64_t state = SECRET_0;
  while (left > 16) {
    state = fold(load(at, 8) ^ SECRET_1, load(at + 8, 8) ^ state);
    at += 16;
    left -= 16;
  }
  uint64_t first = left > 8 ? load(at, 8) : left > 0 ? load(at, left) : 0;
  uint64_t second = left > 8 ? load(at + 8, left - 8) : 0;
  state = fold(first ^ SECRET_1, second ^ state);
  return fold(SECRET_1 ^ (uint64_t)size_bytes, state ^ SECRET_0);
}

#endif
