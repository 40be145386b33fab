/* random.c: xoshiro256** (Blackman and Vigna 2021, doi:10.1145/3460772), seeded by SplitMix64.
 *
 * A stream is a pair (seed, stream number): both go through the SplitMix64 finalizer, so that
 * neighbouring seeds and neighbouring streams start in unrelated states. Kernels draw from one
 * stream per node, source or block, never per thread: results then do not depend on threads. */
#include <gli/control.h>

#include "base/hash.h"

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

gli_random gli_random_start(uint64_t seed, uint64_t stream) {
  uint64_t base = gli__hash_int(seed) ^ gli__hash_int(gli__hash_int(stream) + GOLDEN);
  gli_random random;
  for (size_t word = 0; word < 4; word++) {
    /* gli__hash_int is a bijection: at most one of four distinct inputs gives zero. */
    random.state[word] = gli__hash_int(base + word * GOLDEN);
  }
  return random;
}

static uint64_t rotate(uint64_t word, int bits) {
  return (word << bits) | (word >> (64 - bits));
}

uint64_t gli_random_next(gli_random *random) {
  uint64_t *state = random->state;
  uint64_t drawn = rotate(state[1] * 5, 7) * 9;
  uint64_t shifted = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotate(state[3], 45);
  return drawn;
}

/* Rejection of the lowest 2^64 mod bound draws; the bitmask form would reject up to half of them.
 */
uint64_t gli_random_below(gli_random *random, uint64_t bound) {
  uint64_t drawn = gli_random_next(random);
  if (drawn < bound) { /* else it is above the threshold as well: a division less */
    const uint64_t threshold = (0 - bound) % bound;
    while (drawn < threshold)
      drawn = gli_random_next(random);
  }
  return drawn % bound;
}

double gli_random_unit(gli_random *random) {
  return (double)(gli_random_next(random) >> 11) * 0x1.0p-53;
}
