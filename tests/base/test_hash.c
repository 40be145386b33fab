/* test_hash.c: the hash, as built and as it is where xxHash was not found. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The fallback under a name of its own, whatever this build uses. */
#undef GLI_HAVE_XXHASH
#define gli__hash fallback_hash
#include "base/hash.c"
#undef gli__hash
uint64_t gli__hash(const void *bytes, size_t size_bytes);

static uint64_t (*const hashes[])(const void *, size_t) = {gli__hash, fallback_hash};
#define HASH_COUNT 2

/* SplitMix64's first outputs for state 0, from https://prng.di.unimi.it/splitmix64.c (the
 * well-known e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f, f88bb8a8724c81ec). */
Test(hash, of_a_number_is_splitmix64) {
  const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
  cr_assert_eq(gli__hash_int(0), UINT64_C(0xe220a8397b1dcdaf));
  cr_assert_eq(gli__hash_int(golden), UINT64_C(0x6e789e6aa1b965f4));
  cr_assert_eq(gli__hash_int(golden * 2), UINT64_C(0x06c45d188009454f));
  cr_assert_eq(gli__hash_int(golden * 3), UINT64_C(0xf88bb8a8724c81ec));
}

/* No two lengths of the same bytes, and no single changed byte, give the same hash. */
Test(hash, depends_on_every_byte_and_the_length) {
  for (int which = 0; which < HASH_COUNT; which++) {
    uint8_t bytes[100] = {0};
    uint64_t by_length[101];
    for (size_t length = 0; length <= 100; length++) {
      by_length[length] = hashes[which](bytes, length);
      for (size_t other = 0; other < length; other++) {
        cr_assert_neq(by_length[other], by_length[length]);
      }
      for (size_t at = 0; at < length; at++) {
        bytes[at] = 1;
        cr_assert_neq(hashes[which](bytes, length), by_length[length]);
        bytes[at] = 0;
      }
    }
  }
}

/* Chi-square of 102,400 sequential names over 1,024 slots chosen by ten bits from `shift` on: below
 * 1170 with probability 0.999 (1023 degrees of freedom) if they were random. */
static double unevenness(uint64_t (*hash)(const void *, size_t), int shift) {
  static int counts[1024];
  memset(counts, 0, sizeof counts);
  for (int number = 0; number < 102400; number++) {
    char name[24];
    int length = snprintf(name, sizeof name, "node_%d", number);
    counts[hash(name, (size_t)length) >> shift & 1023]++;
  }
  double chi_square = 0;
  for (int slot = 0; slot < 1024; slot++) {
    chi_square += (counts[slot] - 100.0) * (counts[slot] - 100.0) / 100.0;
  }
  return chi_square;
}

/* The low bits choose a slot of a table, the high ones are its tag. */
Test(hash, spreads_sequential_names) {
  for (int which = 0; which < HASH_COUNT; which++) {
    cr_assert_lt(unevenness(hashes[which], 0), 1170.0, "low bits of hash %d", which);
    cr_assert_lt(unevenness(hashes[which], 32), 1170.0, "middle bits of hash %d", which);
    cr_assert_lt(unevenness(hashes[which], 54), 1170.0, "high bits of hash %d", which);
  }
}

/* Unaligned bytes hash as aligned ones do. */
Test(hash, does_not_depend_on_alignment) {
  uint8_t bytes[64 + 8];
  for (int which = 0; which < HASH_COUNT; which++) {
    for (size_t at = 0; at < sizeof bytes; at++) {
      bytes[at] = (uint8_t)(at % 8);
    }
    for (size_t shift = 0; shift + 8 <= sizeof bytes; shift += 8) {
      cr_assert_eq(hashes[which](bytes + shift, 8), hashes[which](bytes, 8));
    }
    memmove(bytes + 3, bytes, 40);
    uint64_t moved = hashes[which](bytes + 3, 37);
    memmove(bytes, bytes + 3, 37);
    cr_assert_eq(hashes[which](bytes, 37), moved);
  }
}
