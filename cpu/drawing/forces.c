/* forces.c: sums of forces, and which cells are far, in the ways that machines have.
 *
 * Source number j adds to sum number j modulo GLI__LANES, and these are added in pairs at the end:
 * the order is the same in every variant. A repulsion takes 0.33 ns with AVX2, which is what a
 * division takes, and 0.85 without (1.4 where the compiler is left to find vectors). AVX-512 takes
 * 0.29 to 0.32, one division for two distances and three products more 0.37: no gain that would
 * pay for another variant. */
#include "cpu/drawing/forces.h"

#include <math.h>
#include <stddef.h>

static double add_up(const double *lanes) {
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) +
         ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

static bool anywhere(void) {
  return true;
}

/* --- Everywhere ------------------------------------------------------------------------------- */

/* Two numbers at a time, as every processor has them. */
typedef double two_doubles __attribute__((vector_size(16), aligned(8), may_alias));
typedef int64_t two_choices __attribute__((vector_size(16)));

static void repel_portable(const gli__group *group, const double *xs, const double *ys,
                           const double *masses, int64_t count) {
  const two_doubles least = {group->least, group->least};
  for (int64_t k = 0; k < group->count; k++) {
    const two_doubles x = {group->x[k], group->x[k]}, y = {group->y[k], group->y[k]};
    two_doubles sum_x[GLI__LANES / 2] = {{0}}, sum_y[GLI__LANES / 2] = {{0}};
    for (int64_t j = 0; j < count; j += GLI__LANES) {
      for (int two = 0; two < GLI__LANES / 2; two++) {
        const two_doubles dx = x - *(const two_doubles *)(xs + j + 2 * two);
        const two_doubles dy = y - *(const two_doubles *)(ys + j + 2 * two);
        const two_doubles d2 = dx * dx + dy * dy;
        const two_choices is_more = d2 > least;
        const two_doubles divisor =
            (two_doubles)((is_more & (two_choices)d2) | (~is_more & (two_choices)least));
        const two_doubles force = *(const two_doubles *)(masses + j + 2 * two) / divisor;
        sum_x[two] += dx * force;
        sum_y[two] += dy * force;
      }
    }
    group->sum_x[k] += add_up((const double *)sum_x);
    group->sum_y[k] += add_up((const double *)sum_y);
  }
}

/* How far outside of [low, high] a place is. */
static double outside(double low, double place, double high) {
  const double below = low - place, above = place - high;
  const double far = below > above ? below : above;
  return far > 0 ? far : 0;
}

/* What is opened and what is noted, without a branch: each quarter is written where the next one
 * will be, unless it counts. */
static inline void open_cells(gli__group *group, const gli__cells *cells, int32_t number,
                              unsigned opened, unsigned noted) {
  for (unsigned k = 0; k < 4; k++) {
    group->open[group->open_count] = cells[number].inside[k];
    group->open_count += opened >> k & 1;
    group->leaves[group->leaf_count] = (int64_t)number * 4 + k;
    group->leaf_count += noted >> k & 1;
  }
}

static void sort_out_portable(gli__group *group, const gli__cells *all, int32_t number) {
  const gli__cells *cells = &all[number];
  unsigned opened = 0, noted = 0;
  for (unsigned k = 0; k < 4; k++) {
    const double dx = outside(group->low_x, cells->x[k], group->high_x);
    const double dy = outside(group->low_y, cells->y[k], group->high_y);
    const bool apart = group->end <= cells->begin[k] || cells->end[k] <= group->begin;
    const bool far = apart && cells->reach[k] < dx * dx + dy * dy;
    group->list_x[group->listed] = cells->x[k];
    group->list_y[group->listed] = cells->y[k];
    group->list_mass[group->listed] = cells->mass[k];
    group->listed += far;
    opened |= (unsigned)(!far && cells->inside[k] > 0) << k;
    noted |= (unsigned)(!far && cells->inside[k] < 0) << k;
  }
  open_cells(group, all, number, opened, noted);
}

static void pull_portable(const gli__springs_row *row, double *x_out, double *y_out) {
  const double x = row->x[row->node], y = row->y[row->node];
  double sum_x[GLI__LANES] = {0}, sum_y[GLI__LANES] = {0};
  for (uint32_t k = 0; k < row->length; k++) {
    const int32_t u = row->neighbors[k];
    const double dx = x - row->x[u], dy = y - row->y[u], d2 = dx * dx + dy * dy;
    const double weight = row->weights == NULL ? 1 : row->weights[k];
    const double force = sqrt(d2 > row->least ? d2 : row->least) * weight;
    sum_x[k % GLI__LANES] += dx * force;
    sum_y[k % GLI__LANES] += dy * force;
  }
  *x_out = add_up(sum_x);
  *y_out = add_up(sum_y);
}

/* --- Four numbers at a time ------------------------------------------------------------------- */

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

static bool has_avx2(void) {
  return __builtin_cpu_supports("avx2");
}

/* Of lanes 0 to 3 and 4 to 7. */
AVX2 static inline double add_up_avx2(__m256d low, __m256d high) {
  const __m256d sums = _mm256_add_pd(low, high);
  const __m128d pairs = _mm_add_pd(_mm256_castpd256_pd128(sums), _mm256_extractf128_pd(sums, 1));
  return _mm_cvtsd_f64(pairs) + _mm_cvtsd_f64(_mm_unpackhi_pd(pairs, pairs));
}

AVX2 static inline __m256d square_avx2(__m256d dx, __m256d dy) {
  return _mm256_add_pd(_mm256_mul_pd(dx, dx), _mm256_mul_pd(dy, dy));
}

AVX2 static void repel_avx2(const gli__group *group, const double *xs, const double *ys,
                            const double *masses, int64_t count) {
  const __m256d least = _mm256_set1_pd(group->least);
  for (int64_t k = 0; k < group->count; k++) {
    const __m256d x = _mm256_set1_pd(group->x[k]), y = _mm256_set1_pd(group->y[k]);
    __m256d sum_x[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
    __m256d sum_y[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
    for (int64_t j = 0; j < count; j += GLI__LANES) {
      for (int half = 0; half < 2; half++) {
        const __m256d dx = _mm256_sub_pd(x, _mm256_loadu_pd(xs + j + 4 * half));
        const __m256d dy = _mm256_sub_pd(y, _mm256_loadu_pd(ys + j + 4 * half));
        const __m256d d2 = _mm256_max_pd(square_avx2(dx, dy), least);
        const __m256d force = _mm256_div_pd(_mm256_loadu_pd(masses + j + 4 * half), d2);
        sum_x[half] = _mm256_add_pd(sum_x[half], _mm256_mul_pd(dx, force));
        sum_y[half] = _mm256_add_pd(sum_y[half], _mm256_mul_pd(dy, force));
      }
    }
    group->sum_x[k] += add_up_avx2(sum_x[0], sum_x[1]);
    group->sum_y[k] += add_up_avx2(sum_y[0], sum_y[1]);
  }
}

AVX2 static inline __m256d outside_avx2(double low, __m256d place, double high) {
  const __m256d below = _mm256_sub_pd(_mm256_set1_pd(low), place);
  const __m256d above = _mm256_sub_pd(place, _mm256_set1_pd(high));
  return _mm256_max_pd(_mm256_max_pd(below, above), _mm256_setzero_pd());
}

/* The numbers whose bits are set, to the front. */
AVX2 static inline void store_front(double *to, const double *from, __m256i order) {
  const __m256i numbers = _mm256_castpd_si256(_mm256_loadu_pd(from));
  _mm256_storeu_pd(to, _mm256_castsi256_pd(_mm256_permutevar8x32_epi32(numbers, order)));
}

AVX2 static void sort_out_avx2(gli__group *group, const gli__cells *all, int32_t number) {
  const gli__cells *cells = &all[number];
  static const int32_t orders[16][8] = {
      {0, 1, 2, 3, 4, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7}, {2, 3, 0, 1, 4, 5, 6, 7},
      {0, 1, 2, 3, 4, 5, 6, 7}, {4, 5, 0, 1, 2, 3, 6, 7}, {0, 1, 4, 5, 2, 3, 6, 7},
      {2, 3, 4, 5, 0, 1, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7}, {6, 7, 0, 1, 2, 3, 4, 5},
      {0, 1, 6, 7, 2, 3, 4, 5}, {2, 3, 6, 7, 0, 1, 4, 5}, {0, 1, 2, 3, 6, 7, 4, 5},
      {4, 5, 6, 7, 0, 1, 2, 3}, {0, 1, 4, 5, 6, 7, 2, 3}, {2, 3, 4, 5, 6, 7, 0, 1},
      {0, 1, 2, 3, 4, 5, 6, 7}};
  const __m256d dx = outside_avx2(group->low_x, _mm256_loadu_pd(cells->x), group->high_x);
  const __m256d dy = outside_avx2(group->low_y, _mm256_loadu_pd(cells->y), group->high_y);
  const __m256d beyond =
      _mm256_cmp_pd(_mm256_loadu_pd(cells->reach), square_avx2(dx, dy), _CMP_LT_OQ);
  const __m128i begin = _mm_loadu_si128((const __m128i *)cells->begin);
  const __m128i end = _mm_loadu_si128((const __m128i *)cells->end);
  const __m128i inside = _mm_loadu_si128((const __m128i *)cells->inside);
  const __m128i shared = _mm_and_si128(_mm_cmpgt_epi32(_mm_set1_epi32(group->end), begin),
                                       _mm_cmpgt_epi32(end, _mm_set1_epi32(group->begin)));
  const unsigned far =
      (unsigned)_mm256_movemask_pd(beyond) & ~(unsigned)_mm_movemask_ps(_mm_castsi128_ps(shared));
  const unsigned leaves = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(inside));
  const unsigned divided =
      (unsigned)_mm_movemask_ps(_mm_castsi128_ps(_mm_cmpgt_epi32(inside, _mm_setzero_si128())));
  const __m256i order = _mm256_loadu_si256((const __m256i *)orders[far]);
  store_front(group->list_x + group->listed, cells->x, order);
  store_front(group->list_y + group->listed, cells->y, order);
  store_front(group->list_mass + group->listed, cells->mass, order);
  group->listed += (far & 1) + (far >> 1 & 1) + (far >> 2 & 1) + (far >> 3);
  open_cells(group, all, number, divided & ~far, leaves & ~far);
}

/* Four scalar loads: gathering instructions are slow on many machines. */
AVX2 static inline __m256d gather_avx2(const double *values, const int32_t *at) {
  return _mm256_set_pd(values[at[3]], values[at[2]], values[at[1]], values[at[0]]);
}

AVX2 static void pull_avx2(const gli__springs_row *row, double *x_out, double *y_out) {
  const __m256d x = _mm256_set1_pd(row->x[row->node]), y = _mm256_set1_pd(row->y[row->node]);
  const __m256d least = _mm256_set1_pd(row->least);
  __m256d sum_x[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
  __m256d sum_y[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
  int32_t last[GLI__LANES];
  double last_weights[GLI__LANES] = {0};
  for (uint32_t k = 0; k < row->length; k += GLI__LANES) {
    const int32_t *neighbors = row->neighbors + k;
    const double *weights = row->weights == NULL ? NULL : row->weights + k;
    if (row->length - k < GLI__LANES) {
      for (uint32_t lane = 0; lane < GLI__LANES; lane++) {
        const bool is_there = k + lane < row->length;
        last[lane] = is_there ? neighbors[lane] : row->node; /* no distance, no force */
        if (weights != NULL && is_there) last_weights[lane] = weights[lane];
      }
      neighbors = last;
      if (weights != NULL) weights = last_weights;
    }
    for (int half = 0; half < 2; half++) {
      const __m256d dx = _mm256_sub_pd(x, gather_avx2(row->x, neighbors + 4 * half));
      const __m256d dy = _mm256_sub_pd(y, gather_avx2(row->y, neighbors + 4 * half));
      __m256d force = _mm256_sqrt_pd(_mm256_max_pd(square_avx2(dx, dy), least));
      if (weights != NULL) force = _mm256_mul_pd(force, _mm256_loadu_pd(weights + 4 * half));
      sum_x[half] = _mm256_add_pd(sum_x[half], _mm256_mul_pd(dx, force));
      sum_y[half] = _mm256_add_pd(sum_y[half], _mm256_mul_pd(dy, force));
    }
  }
  *x_out = add_up_avx2(sum_x[0], sum_x[1]);
  *y_out = add_up_avx2(sum_y[0], sum_y[1]);
}
#endif

const gli__forces_variant gli__forces_variants[] = {
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
    {"avx2", has_avx2, repel_avx2, sort_out_avx2, pull_avx2},
#endif
    {"portable", anywhere, repel_portable, sort_out_portable, pull_portable},
};
const int gli__forces_variant_count = sizeof gli__forces_variants / sizeof gli__forces_variants[0];

const gli__forces_variant *gli__forces_best(void) {
  int k = 0;
  while (!gli__forces_variants[k].runs_here())
    k++;
  return &gli__forces_variants[k];
}
