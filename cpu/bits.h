/* bits.h: how many bits two bitmaps have in common, as fast as this machine counts. */
#ifndef GLI_CPU_BITS_H
#define GLI_CPU_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* Bitmaps for this are whole lines of so many words. */
enum { GLI__BIT_LINE_WORDS = 8 };

typedef int64_t (*gli__bits_counter)(const uint64_t *left, const uint64_t *right, int64_t words);
/* Of the words at `places` alone. */
typedef int64_t (*gli__bits_prober)(const uint64_t *left, const uint64_t *right,
                                    const int32_t *places, int64_t count);

/* A way of counting; the fastest that runs here comes first, the last one runs everywhere. */
typedef struct gli__bits_variant {
  const char *name;
  bool (*runs_here)(void);
  gli__bits_counter common;
  gli__bits_prober common_at;
  int64_t words_per_probe; /* words of `common` that cost as much as one of `common_at` */
} gli__bits_variant;

extern const gli__bits_variant gli__bits_variants[];
extern const int gli__bits_variant_count;

const gli__bits_variant *gli__bits_best(void);

#endif
