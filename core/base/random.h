/* random.h: gli_random for loops that draw millions: the same numbers, inline.
 *
 * xoshiro256** (Blackman and Vigna 2021, doi:10.1145/3460772), seeded by SplitMix64. A stream is a
 * pair (seed, stream number): both go through the SplitMix64 finalizer, so that neighbouring seeds
 * and neighbouring streams start in unrelated states. Kernels draw from one stream per node, source
 * or block, never per thread: results then do not depend on threads. */
#ifndef GLI_BASE_RANDOM_H
#define GLI_BASE_RANDOM_H

#include <gli/control.h>

#include "base/hash.h"

#define GLI__GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static inline gli_random gli__random_start(uint64_t seed, uint64_t stream) {
  const uint64_t base = gli__hash_int(seed) ^ gli__hash_int(gli__hash_int(stream) + GLI__GOLDEN);
  gli_random random;
  for (size_t word = 0; word < 4; word++) {
    /* gli__hash_int is a bijection: at most one of four distinct inputs gives zero. */
    random.state[word] = gli__hash_int(base + word * GLI__GOLDEN);
  }
  return random;
}

static inline uint64_t gli__rotate(uint64_t word, int bits) {
  return (word << bits) | (word >> (64 - bits));
}

static inline uint64_t gli__random_next(gli_random *random) {
  uint64_t *state = random->state;
  const uint64_t drawn = gli__rotate(state[1] * 5, 7) * 9;
  const uint64_t shifted = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = gli__rotate(state[3], 45);
  return drawn;
}

/* Rejection of the lowest 2^64 mod bound draws; the bitmask form would reject up to half of them.
 */
static inline uint64_t gli__random_accepted(gli_random *random, uint64_t bound) {
  uint64_t drawn = gli__random_next(random);
  if (drawn < bound) { /* else it is above the threshold as well: a division less */
    const uint64_t threshold = (0 - bound) % bound;
    while (drawn < threshold)
      drawn = gli__random_next(random);
  }
  return drawn;
}

/* A bound that is drawn below many times: one division for all of them. */
typedef struct gli__bound {
  uint64_t bound, inverse; /* (2^64 - 1) / bound */
} gli__bound;

static inline gli__bound gli__bound_of(uint64_t bound) {
  return (gli__bound){bound, UINT64_MAX / bound};
}

/* gli_random_below: the quotient by the inverse is right or one too small. */
static inline uint64_t gli__random_below(gli_random *random, gli__bound below) {
  __extension__ typedef unsigned __int128 wide;
  const uint64_t drawn = gli__random_accepted(random, below.bound);
  const uint64_t quotient = (uint64_t)((wide)drawn * below.inverse >> 64);
  const uint64_t rest = drawn - quotient * below.bound;
  return rest < below.bound ? rest : rest - below.bound;
}

#endif
