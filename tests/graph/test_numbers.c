/* Serial numbers and positions: gaps, late arrivals, sharing, renumbering, against a plain array.
 */
#include <criterion/criterion.h>
#include <gli/gli.h>

#include "graph/numbers.h"

typedef struct plain {
  int64_t numbers[4096];
  int64_t count;
} plain;

static void compare(const gli__number_map *map, const plain *wanted) {
  cr_assert_eq(map->count, wanted->count);
  for (int64_t k = 0; k < wanted->count; k++) {
    cr_assert_eq(gli__number_at(map, k), wanted->numbers[k], "position %ld", (long)k);
    cr_assert_eq(gli__number_find(map, wanted->numbers[k]), k, "number %ld",
                 (long)wanted->numbers[k]);
  }
  int64_t misses = 0;
  for (int64_t number = -2; number < 9000; number++) {
    misses += gli__number_find(map, number) < 0;
  }
  cr_assert_eq(misses, 9002 - wanted->count);
}

Test(numbers, random_blocks_late_and_shared) {
  static plain wanted, held_wanted;
  gli_error error = {0};
  for (uint64_t seed = 0; seed < 40; seed++) {
    gli_random random = gli_random_start(seed, 3);
    gli__memory *memory = gli__memory_create(gli_allocator_default());
    const int64_t live_before = atomic_load(&memory->live_bytes);
    gli__numbers *numbers = NULL, *held = NULL;
    gli__number_map held_map = {.count = 0};
    cr_assert_eq(gli__numbers_create(memory, &numbers, &error), GLI_OK);
    wanted.count = 0;
    int64_t next = 0, late_first = -1, late_end = -1;
    for (int step = 0; step < 60; step++) {
      const int64_t count = 1 + (int64_t)gli_random_below(&random, 20);
      const int draw = (int)gli_random_below(&random, 8);
      int64_t first = next;
      if (draw == 0) {
        late_first = next; /* a batch reserves numbers */
        late_end = next + count;
        next += count;
        continue;
      }
      if (draw == 1) next = first = first + 5; /* a gap */
      if (draw == 2 && late_first >= 0) {
        first = late_first;
      } else {
        late_end = late_end < 0 ? -1 : late_end;
        next = first + count;
      }
      const int64_t used = first == late_first ? late_end - late_first : count;
      if (first == late_first) late_first = -1;
      cr_assert_eq(gli__numbers_reserve(&numbers, first, used, true, &error), GLI_OK);
      gli__numbers_push_many(numbers, first, used);
      for (int64_t k = 0; k < used; k++)
        wanted.numbers[wanted.count++] = first + k;
      cr_assert_geq(numbers->next, first + used);
      if (draw == 3) {
        if (held != NULL) compare(&held_map, &held_wanted);
        gli__numbers_free(held);
        held = gli__numbers_retain(numbers);
        held_map = numbers->map;
        held_wanted = wanted;
      }
      if (draw == 4) {
        int64_t kept[4096], kept_count = 0;
        plain gathered = {.count = 0};
        for (int64_t k = 0; k < wanted.count; k++) {
          if (gli_random_below(&random, 4) == 0) continue;
          kept[kept_count++] = k;
          gathered.numbers[gathered.count++] = wanted.numbers[k];
        }
        gli__numbers *squeezed = NULL;
        cr_assert_eq(gli__numbers_gather(numbers, kept, kept_count, &squeezed, &error), GLI_OK);
        cr_assert_eq(squeezed->next, numbers->next);
        gli__numbers_free(numbers);
        numbers = squeezed;
        wanted = gathered;
      }
      if (draw == 5) {
        gli__numbers *clone = NULL;
        cr_assert_eq(gli__numbers_clone(numbers, &clone, &error), GLI_OK);
        compare(&clone->map, &wanted);
        gli__numbers_free(clone);
      }
      compare(&numbers->map, &wanted);
    }
    if (held != NULL) compare(&held_map, &held_wanted);
    gli__numbers_free(held);
    gli__numbers_free(numbers);
    cr_assert_eq(atomic_load(&memory->live_bytes), live_before);
    gli__memory_free(memory);
  }
}

Test(numbers, an_unbroken_run_stores_nothing) {
  gli_error error = {0};
  gli__memory *memory = gli__memory_create(gli_allocator_default());
  gli__numbers *numbers = NULL;
  cr_assert_eq(gli__numbers_create(memory, &numbers, &error), GLI_OK);
  const int64_t before = gli__numbers_bytes(numbers);
  cr_assert_eq(gli__numbers_reserve(&numbers, 70, 1000000, true, &error), GLI_OK);
  gli__numbers_push_many(numbers, 70, 1000000);
  cr_assert_eq(gli__numbers_bytes(numbers), before);
  cr_assert_eq(gli__number_find(&numbers->map, 69), -1);
  cr_assert_eq(gli__number_find(&numbers->map, 70), 0);
  cr_assert_eq(gli__number_find(&numbers->map, INT64_MIN), -1);
  cr_assert_eq(gli__number_find(&numbers->map, INT64_MAX), -1);
  gli__numbers_free(numbers);
  gli__memory_free(memory);
}
