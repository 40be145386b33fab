/* test_random.c: random streams and the hash. */
#include <criterion/criterion.h>
#include <gli/control.h>
#include <math.h>
#include <stdio.h>

#include "base/hash.h"

/* SplitMix64's first outputs for state 0, from https://prng.di.unimi.it/splitmix64.c (the
 * well-known e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f, f88bb8a8724c81ec). */
Test(hash, of_a_number_is_splitmix64) {
  const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
  cr_assert_eq(gli__hash_int(0), UINT64_C(0xe220a8397b1dcdaf));
  cr_assert_eq(gli__hash_int(golden), UINT64_C(0x6e789e6aa1b965f4));
  cr_assert_eq(gli__hash_int(golden * 2), UINT64_C(0x06c45d188009454f));
  cr_assert_eq(gli__hash_int(golden * 3), UINT64_C(0xf88bb8a8724c81ec));
}

/* With state {1, 2, 3, 4} xoshiro256** gives 11520, 0, 1509978240, 1215971899390074240: the values
 * that the Rust crate rand_xoshiro tests against its authors' C code. */
Test(random, is_xoshiro256_starstar) {
  gli_random random = {.state = {1, 2, 3, 4}};
  const uint64_t expected[] = {11520, 0, 1509978240, UINT64_C(1215971899390074240)};
  for (int draw = 0; draw < 4; draw++) {
    cr_assert_eq(gli_random_next(&random), expected[draw]);
  }
}

Test(random, streams_are_repeatable_and_differ) {
  gli_random first = gli_random_start(42, 7), again = gli_random_start(42, 7);
  for (int draw = 0; draw < 100; draw++) {
    cr_assert_eq(gli_random_next(&first), gli_random_next(&again));
  }
  /* 64 x 64 neighbouring (seed, stream) pairs: no first draw twice, also not where seed and stream
   * change places. */
  static uint64_t seen[4096];
  for (uint64_t pair = 0; pair < 4096; pair++) {
    gli_random random = gli_random_start(pair / 64, pair % 64);
    seen[pair] = gli_random_next(&random);
    for (uint64_t other = 0; other < pair; other++) {
      cr_assert_neq(seen[other], seen[pair]);
    }
  }
}

Test(random, below_is_within_bounds_and_even) {
  gli_random random = gli_random_start(1, 0);
  int64_t counts[7] = {0};
  for (int draw = 0; draw < 70000; draw++) {
    counts[gli_random_below(&random, 7)]++;
  }
  double chi_square = 0;
  for (int bin = 0; bin < 7; bin++) {
    double off = (double)counts[bin] - 10000;
    chi_square += off * off / 10000;
  }
  cr_assert_lt(chi_square, 22.46); /* 6 degrees of freedom, p = 0.001 */
  for (int draw = 0; draw < 100; draw++) {
    cr_assert_eq(gli_random_below(&random, 1), 0);
    cr_assert_lt(gli_random_below(&random, UINT64_MAX), UINT64_MAX);
    cr_assert_lt(gli_random_below(&random, (UINT64_C(1) << 63) + 1), (UINT64_C(1) << 63) + 1);
  }
}

Test(random, unit_is_in_the_half_open_interval) {
  gli_random random = gli_random_start(3, 0);
  double sum = 0;
  for (int draw = 0; draw < 100000; draw++) {
    double drawn = gli_random_unit(&random);
    cr_assert(drawn >= 0 && drawn < 1);
    sum += drawn;
  }
  cr_assert_lt(fabs(sum / 100000 - 0.5), 0.005); /* 5.5 standard deviations */
}

Test(hash, depends_on_every_byte_and_the_length) {
  uint8_t bytes[100] = {0};
  uint64_t by_length[101];
  for (size_t length = 0; length <= 100; length++) {
    by_length[length] = gli__hash(bytes, length);
    for (size_t other = 0; other < length; other++) {
      cr_assert_neq(by_length[other], by_length[length]);
    }
    for (size_t at = 0; at < length; at++) {
      bytes[at] = 1;
      cr_assert_neq(gli__hash(bytes, length), by_length[length]);
      bytes[at] = 0;
    }
  }
}

/* Sequential ids must spread over the low bits, which choose a slot. */
Test(hash, spreads_names_over_low_bits) {
  static int counts[1024];
  for (int number = 0; number < 102400; number++) {
    char name[24];
    int length = snprintf(name, sizeof name, "node_%d", number);
    counts[gli__hash(name, (size_t)length) % 1024]++;
  }
  double chi_square = 0;
  for (int slot = 0; slot < 1024; slot++) {
    chi_square += (counts[slot] - 100.0) * (counts[slot] - 100.0) / 100.0;
  }
  cr_assert_lt(chi_square, 1170.0); /* 1023 degrees of freedom, p = 0.001 */
}
