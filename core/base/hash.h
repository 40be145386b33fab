/* hash.h: the one hash of the library. XXH3 where xxHash was found at build time, else a plain
 * multiply-and-fold; no file and no result depends on which. */
#ifndef GLI_BASE_HASH_H
#define GLI_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t gli__hash(const void *bytes, size_t size_bytes);

/* Of one 64-bit number: the finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t gli__hash_int(uint64_t number) {
  number += UINT64_C(0x9e3779b97f4a7c15);
  number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
  return number ^ (number >> 31);
}

#endif
