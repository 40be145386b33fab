/* Serial numbers: identity, gaps, clones that share, renumbering, failing allocations. */
#include "ids/serials.h"

#include <criterion/criterion.h>
#include <gli/control.h>

#include "support/failing_allocator.h"

Test(serials, identity_needs_no_memory) {
  gli__memory *memory = gli__memory_create(NULL);
  int64_t bytes = atomic_load(&memory->live_bytes);
  gli__serials serials = {0};
  for (int64_t k = 0; k < 1000; ++k) {
    cr_assert_eq(gli__serials_append(&serials, memory, serials.next, NULL), GLI_OK);
  }
  cr_assert_eq(gli__serials_append_many(&serials, memory, 1000, 500, NULL), GLI_OK);
  cr_assert_eq(serials.count, 1500);
  cr_assert_eq(serials.next, 1500);
  cr_assert_eq(gli__serials_at(&serials, 1234), 1234);
  cr_assert_eq(gli__serials_find(&serials, 1499), 1499);
  cr_assert_eq(gli__serials_find(&serials, 1500), -1);
  cr_assert_eq(gli__serials_find(&serials, -1), -1);
  cr_assert_eq(atomic_load(&memory->live_bytes), bytes);
  gli__serials_clear(&serials, memory);
  gli__memory_free(memory);
}

Test(serials, gaps_at_random) {
  gli__memory *memory = gli__memory_create(NULL);
  gli_random random = gli_random_start(3, 0);
  for (int round = 0; round < 20; ++round) {
    gli__serials serials = {0};
    static int64_t expected[5000];
    int64_t count = 0, next = round % 2 == 0 ? 0 : 17;
    while (count < 4000) {
      if (gli_random_below(&random, 1 + (uint64_t)round * 10) == 0) {
        next += (int64_t)gli_random_below(&random, 1000);
      }
      int64_t many = 1 + (int64_t)gli_random_below(&random, 5);
      cr_assert_eq(gli__serials_append_many(&serials, memory, next, many, NULL), GLI_OK);
      for (int64_t k = 0; k < many; ++k)
        expected[count++] = next++;
    }
    cr_assert_eq(serials.count, count);
    cr_assert_eq(serials.next, next);
    int64_t position = 0;
    for (int64_t serial = -2; serial < next + 2; ++serial) {
      bool known = position < count && expected[position] == serial;
      cr_assert_eq(gli__serials_find(&serials, serial), known ? position : -1);
      if (known) cr_assert_eq(gli__serials_at(&serials, position++), serial);
    }
    gli__serials_clear(&serials, memory);
    cr_assert_eq(gli__serials_bytes(&serials), 0);
  }
  gli__memory_free(memory);
}

/* A clone shares the array; either may go on without the other seeing it. */
Test(serials, clones_share) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__serials serials = {0}, clone = {0}, second = {0};
  cr_assert_eq(gli__serials_append_many(&serials, memory, 10, 100, NULL), GLI_OK);
  int64_t bytes = atomic_load(&memory->live_bytes);
  cr_assert_eq(gli__serials_clone(&serials, memory, &clone, NULL), GLI_OK);
  cr_assert_eq(atomic_load(&memory->live_bytes), bytes);
  cr_assert_eq(gli__serials_append(&serials, memory, 500, NULL), GLI_OK);
  cr_assert_eq(gli__serials_append(&clone, memory, 300, NULL), GLI_OK);
  cr_assert_eq(gli__serials_find(&serials, 500), 100);
  cr_assert_eq(gli__serials_find(&serials, 300), -1);
  cr_assert_eq(gli__serials_find(&clone, 300), 100);
  cr_assert_eq(gli__serials_find(&clone, 500), -1);
  cr_assert_eq(gli__serials_clone(&serials, memory, &second, NULL), GLI_OK);
  cr_assert_eq(gli__serials_append_many(&serials, memory, 600, 5000, NULL), GLI_OK);
  cr_assert_eq(second.count, 101);
  cr_assert_eq(gli__serials_at(&second, 100), 500);
  gli__serials_clear(&serials, memory);
  cr_assert_eq(gli__serials_append(&second, memory, 501, NULL), GLI_OK);
  cr_assert_eq(gli__serials_at(&second, 101), 501);
  gli__serials_clear(&clone, memory);
  gli__serials_clear(&second, memory);
  gli__memory_free(memory);
}

Test(serials, gather_keeps_order_and_next) {
  gli__memory *memory = gli__memory_create(NULL);
  gli__serials serials = {0};
  cr_assert_eq(gli__serials_append_many(&serials, memory, 0, 10, NULL), GLI_OK);
  const int64_t front[] = {0, 1, 2, 3, 4}, odd[] = {1, 3};
  cr_assert_eq(gli__serials_gather(&serials, memory, front, 5, NULL), GLI_OK);
  cr_assert_null(serials.sorted, "the first ones are still the identity");
  cr_assert_eq(serials.next, 10, "numbers never come back");
  cr_assert_eq(gli__serials_append(&serials, memory, serials.next, NULL), GLI_OK);
  cr_assert_eq(gli__serials_find(&serials, 10), 5);
  cr_assert_eq(gli__serials_find(&serials, 5), -1);
  cr_assert_eq(gli__serials_gather(&serials, memory, odd, 2, NULL), GLI_OK);
  cr_assert_eq(gli__serials_find(&serials, 3), 1);
  cr_assert_eq(gli__serials_find(&serials, 2), -1);
  cr_assert_eq(gli__serials_gather(&serials, memory, NULL, 0, NULL), GLI_OK);
  cr_assert_eq(serials.count, 0);
  cr_assert_eq(gli__serials_append(&serials, memory, serials.next, NULL), GLI_OK);
  cr_assert_eq(gli__serials_at(&serials, 0), 11);
  gli__serials_clear(&serials, memory);
  gli__memory_free(memory);
}

Test(serials, failing_allocations) {
  failing_loop loop = failing_loop_start("serials");
  while (failing_loop_next(&loop)) {
    gli__memory *memory = gli__memory_create(&loop.allocator);
    gli__serials serials = {0}, clone = {0};
    cr_assert_eq(gli__serials_append_many(&serials, memory, 5, 16, NULL), GLI_OK);
    cr_assert_eq(gli__serials_clone(&serials, memory, &clone, NULL), GLI_OK);
    failing_loop_arm(&loop);
    gli_status grown = gli__serials_append_many(&serials, memory, 100, 100, NULL);
    int64_t count = grown == GLI_OK ? 116 : 16;
    cr_assert_eq(serials.count, count);
    cr_assert_eq(gli__serials_find(&serials, 20), 15);
    gli_status copied = gli__serials_append(&clone, memory, 50, NULL);
    cr_assert_eq(clone.count, copied == GLI_OK ? 17 : 16);
    const int64_t kept[] = {0, 2, 4};
    gli_status gathered = gli__serials_gather(&clone, memory, kept, 3, NULL);
    if (gathered != GLI_OK) cr_assert_eq(gli__serials_find(&clone, 6), 1);
    bool failed = failing_loop_disarm(&loop);
    bool reported = grown != GLI_OK || copied != GLI_OK || gathered != GLI_OK;
    cr_assert_eq(failed, reported);
    gli__serials_clear(&serials, memory);
    gli__serials_clear(&clone, memory);
    gli__memory_free(memory);
  }
}
