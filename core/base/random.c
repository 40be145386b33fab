/* random.c: the public functions of random.h. */
#include "base/random.h"

gli_random gli_random_start(uint64_t seed, uint64_t stream) {
  return gli__random_start(seed, stream);
}

uint64_t gli_random_next(gli_random *random) {
  return gli__random_next(random);
}

uint64_t gli_random_below(gli_random *random, uint64_t bound) {
  return gli__random_accepted(random, bound) % bound;
}

double gli_random_unit(gli_random *random) {
  return (double)(gli__random_next(random) >> 11) * 0x1.0p-53;
}
