/* bits.c: bits that two bitmaps have in common, in the ways that machines have.
 *
 * Of 121 words, as bitmaps of triangle counting have them: 16 cycles with AVX-512, 130 with popcnt,
 * 500 without. `words` is a multiple of GLI__BIT_LINE_WORDS. */
#include "cpu/bits.h"

#define COUNT_WORDS                                     \
  int64_t common = 0;                                   \
  for (int64_t k = 0; k < words; k++)                   \
    common += __builtin_popcountll(left[k] & right[k]); \
  return common;
#define COUNT_PLACES                                                    \
  int64_t common = 0;                                                   \
  for (int64_t k = 0; k < count; k++)                                   \
    common += __builtin_popcountll(left[places[k]] & right[places[k]]); \
  return common;

static bool anywhere(void) {
  return true;
}
static int64_t common_portable(const uint64_t *left, const uint64_t *right, int64_t words) {
  COUNT_WORDS
}
static int64_t common_at_portable(const uint64_t *left, const uint64_t *right,
                                  const int32_t *places, int64_t count) {
  COUNT_PLACES
}

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#include <immintrin.h>

static bool has_popcnt(void) {
  return __builtin_cpu_supports("popcnt");
}
__attribute__((target("popcnt"))) static int64_t common_popcnt(const uint64_t *left,
                                                               const uint64_t *right,
                                                               int64_t words) {
  COUNT_WORDS
}
__attribute__((target("popcnt"))) static int64_t common_at_popcnt(const uint64_t *left,
                                                                  const uint64_t *right,
                                                                  const int32_t *places,
                                                                  int64_t count) {
  COUNT_PLACES
}

static bool has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq") &&
         has_popcnt();
}
__attribute__((target("avx512f,avx512vpopcntdq"))) static int64_t common_avx512(
    const uint64_t *left, const uint64_t *right, int64_t words) {
  __m512i common = _mm512_setzero_si512();
  for (int64_t k = 0; k < words; k += 8) {
    const __m512i both =
        _mm512_and_si512(_mm512_loadu_si512(left + k), _mm512_loadu_si512(right + k));
    common = _mm512_add_epi64(common, _mm512_popcnt_epi64(both));
  }
  return _mm512_reduce_add_epi64(common);
}
#endif

const gli__bits_variant gli__bits_variants[] = {
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
    {"avx512", has_avx512, common_avx512, common_at_popcnt, 6},
    {"popcnt", has_popcnt, common_popcnt, common_at_popcnt, 2},
#endif
    {"portable", anywhere, common_portable, common_at_portable, 1},
};
const int gli__bits_variant_count = sizeof gli__bits_variants / sizeof gli__bits_variants[0];

const gli__bits_variant *gli__bits_best(void) {
  int k = 0;
  while (!gli__bits_variants[k].runs_here())
    k++;
  return &gli__bits_variants[k];
}
