/* test_random.c: random streams. */
#include <criterion/criterion.h>
#include <gli/control.h>
#include <math.h>
#include <string.h>

#include "base/random.h"

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

/* By an inverse in place of a division: bounds of every size, and those next to powers of two. */
Test(random, below_is_the_same_without_division) {
  gli_random bounds = gli_random_start(2, 0);
  for (int round = 0; round < 100000; round++) {
    const uint64_t power = UINT64_C(1) << round % 64;
    const uint64_t near = power + gli_random_below(&bounds, 5) - 2;
    uint64_t bound = round % 3 == 0 ? near : gli_random_next(&bounds) >> round % 64;
    if (bound == 0) bound = 1;
    gli_random first = gli_random_start(3, (uint64_t)round), second = first;
    for (int draw = 0; draw < 5; draw++) {
      const uint64_t expected = gli_random_below(&first, bound);
      cr_assert_eq(gli__random_below(&second, gli__bound_of(bound)), expected, "%llu",
                   (unsigned long long)bound);
    }
    cr_assert_eq(memcmp(&first, &second, sizeof first), 0);
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
