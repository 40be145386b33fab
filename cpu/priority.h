/* priority.h: a random order of nodes or edges that follows from a seed alone, so that any thread
 * can ask for the place of any of them. */
#ifndef GLI_CPU_PRIORITY_H
#define GLI_CPU_PRIORITY_H

#include "base/hash.h"

/* Smaller comes first; ties by the smaller index. */
static inline uint32_t gli__priority(int64_t seed, int64_t index) {
  return (uint32_t)(gli__hash_int(gli__hash_int((uint64_t)seed) ^ (uint64_t)index) >> 32);
}

#endif
