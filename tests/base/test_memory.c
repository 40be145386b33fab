/* test_memory.c: counted memory, and the default allocator's two regimes. */
#include <criterion/criterion.h>
#include <stdint.h>

#include "base/memory.h"
#include "support/failing_allocator.h"

static const size_t sizes[] = {1,       24,      4096,    1 << 20, (2 << 20) - 1, 2 << 20,
                               2097153, 3 << 20, 5000001, 9 << 20, 40 << 20};
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

static void fill(uint8_t *bytes, size_t size_bytes) {
  for (size_t at = 0; at < size_bytes; at += 1009) {
    bytes[at] = (uint8_t)(at / 1009 * 31);
  }
  bytes[size_bytes - 1] = 7;
}

static void check(const uint8_t *bytes, size_t size_bytes, size_t kept) {
  for (size_t at = 0; at + 1 < kept; at += 1009) {
    cr_assert_eq(bytes[at], (uint8_t)(at / 1009 * 31), "byte %zu of %zu", at, size_bytes);
  }
}

Test(memory, counts_live_and_peak_bytes) {
  gli__memory *memory = gli__memory_create(NULL);
  int64_t own = memory->live_bytes;
  void *first = gli__allocate(memory, 10, 8);
  void *second = gli__reallocate(memory, NULL, 0, 5, 4);
  cr_assert_eq(memory->live_bytes, own + 100);
  gli__release(memory, first, 10, 8);
  cr_assert_eq(memory->live_bytes, own + 20);
  cr_assert_eq(memory->peak_bytes, own + 100);
  gli__memory_reset_peak(memory);
  cr_assert_eq(memory->peak_bytes, own + 20);
  second = gli__reallocate(memory, second, 5, 50, 4);
  cr_assert_eq(memory->live_bytes, own + 200);
  second = gli__reallocate(memory, second, 50, 1, 4);
  cr_assert_eq(memory->live_bytes, own + 4);
  cr_assert_eq(memory->peak_bytes, own + 200);
  gli__release(memory, second, 1, 4);
  gli__release(memory, NULL, 0, 4);
  cr_assert_eq(memory->live_bytes, own);
  gli__memory_free(memory);
  gli__memory_free(NULL);
}

Test(memory, zero_and_overflowing_sizes_give_nothing) {
  gli__memory *memory = gli__memory_create(NULL);
  int64_t own = memory->live_bytes;
  cr_assert_null(gli__allocate(memory, 0, 8));
  cr_assert_null(gli__allocate(memory, 8, 0));
  cr_assert_null(gli__allocate(memory, SIZE_MAX / 4, 8));
  cr_assert_null(gli__allocate(memory, SIZE_MAX / 2 + 1, 1));
  cr_assert_null(gli__allocate_zeroed(memory, SIZE_MAX, SIZE_MAX));
  cr_assert_null(gli__allocate(memory, PTRDIFF_MAX, 1));
  uint8_t *block = gli__allocate(memory, 16, 1);
  fill(block, 16);
  cr_assert_null(gli__reallocate(memory, block, 16, SIZE_MAX / 2, 4));
  check(block, 16, 16);
  cr_assert_eq(memory->live_bytes, own + 16);
  gli__release(memory, block, 16, 1);
  gli__memory_free(memory);
}

Test(memory, default_allocator_keeps_bytes_across_its_regimes) {
  gli__memory *memory = gli__memory_create(NULL);
  int64_t own = memory->live_bytes;
  for (size_t from = 0; from < SIZE_COUNT; from++) {
    for (size_t to = 0; to < SIZE_COUNT; to++) {
      uint8_t *block = gli__allocate(memory, sizes[from], 1);
      cr_assert_not_null(block);
      cr_assert_eq((uintptr_t)block % 16, 0);
      fill(block, sizes[from]);
      block = gli__reallocate(memory, block, sizes[from], sizes[to], 1);
      cr_assert_not_null(block);
      cr_assert_eq((uintptr_t)block % 16, 0);
      check(block, sizes[to], sizes[from] < sizes[to] ? sizes[from] : sizes[to]);
      fill(block, sizes[to]);
      gli__release(memory, block, sizes[to], 1);
    }
  }
  cr_assert_eq(memory->live_bytes, own);
  gli__memory_free(memory);
}

static int64_t handed_on;

static void *count_and_hand_on(void *context, size_t size_bytes) {
  (void)context;
  handed_on += (int64_t)size_bytes;
  return gli_allocator_default()->allocate(NULL, size_bytes);
}

Test(memory, an_allocator_that_hands_on_is_not_cleared_again) {
  gli_allocator table = *gli_allocator_default();
  table.allocate = count_and_hand_on;
  const size_t large = 40 << 20;
  for (int said = 0; said < 2; said++) {
    if (said) gli_allocator_hands_on(count_and_hand_on);
    cr_expect_eq(gli__allocator_gives_zeroes(&table, large),
                 said && gli__allocator_gives_zeroes(gli_allocator_default(), large));
    cr_expect_not(gli__allocator_gives_zeroes(&table, 1000));
    gli__memory *memory = gli__memory_create(&table);
    for (int again = 0; again < 2; again++) {
      handed_on = 0;
      uint8_t *block = gli__allocate_zeroed(memory, large, 1);
      cr_assert_eq(handed_on, (int64_t)large);
      for (size_t at = 0; at < large; at += 997)
        cr_assert_eq(block[at], 0);
      memset(block, 0xff, large);
      gli__release(memory, block, large, 1);
    }
    gli__memory_free(memory);
  }
  gli_allocator_hands_on(NULL);
  cr_expect_not(gli__allocator_gives_zeroes(&table, large));
}

Test(memory, zeroed_blocks_are_zero_whatever_was_there) {
  gli__memory *memory = gli__memory_create(NULL);
  for (size_t index = 0; index < SIZE_COUNT; index++) {
    uint8_t *used = gli__allocate(memory, sizes[index], 1);
    memset(used, 0xEE, sizes[index]);
    gli__release(memory, used, sizes[index], 1);
    uint8_t *block = gli__allocate_zeroed(memory, sizes[index], 1);
    for (size_t at = 0; at < sizes[index]; at++) {
      cr_assert_eq(block[at], 0);
    }
    gli__release(memory, block, sizes[index], 1);
  }
  gli__memory_free(memory);
}

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
Test(memory, large_blocks_start_on_huge_pages_also_after_growing) {
  gli__memory *memory = gli__memory_create(NULL);
  size_t count = (size_t)2 << 20;
  uint8_t *block = gli__allocate(memory, count, 1);
  void *obstacles[6];
  for (int step = 0; step < 6; step++) {
    cr_assert_eq((uintptr_t)block % (2 << 20), 0);
    obstacles[step] = gli__allocate(memory, 4 << 20, 1);
    block = gli__reallocate(memory, block, count, count * 2, 1);
    cr_assert_not_null(block);
    count *= 2;
  }
  gli__release(memory, block, count, 1);
  for (int step = 0; step < 6; step++) {
    gli__release(memory, obstacles[step], 4 << 20, 1);
  }
  gli__memory_free(memory);
}
#endif

Test(memory, references_keep_it_alive) {
  failing_allocator failing = {.fail_at = -1};
  gli_allocator table = failing_allocator_table(&failing);
  gli__memory *memory = gli__memory_create(&table);
  cr_assert_eq(gli__memory_retain(memory), memory);
  gli__memory_free(memory);
  cr_assert_eq(failing.live_blocks, 1);
  gli__memory_free(memory);
  cr_assert_eq(failing.live_blocks, 0);
}

Test(memory, every_failing_allocation_leaves_the_old_block) {
  failing_loop loop = failing_loop_start("gli__allocate and gli__reallocate");
  while (failing_loop_next(&loop)) {
    failing_loop_arm(&loop);
    gli__memory *memory = gli__memory_create(&loop.allocator);
    int64_t own = memory != NULL ? memory->live_bytes : 0;
    uint32_t *block = memory != NULL ? gli__allocate(memory, 4, 4) : NULL;
    uint32_t *zeroed = memory != NULL ? gli__allocate_zeroed(memory, 3, 4) : NULL;
    size_t count = 4;
    if (block != NULL) {
      block[3] = 77;
      uint32_t *moved = gli__reallocate(memory, block, 4, 400, 4);
      block = moved != NULL ? moved : block;
      count = moved != NULL ? 400 : 4;
      cr_assert_eq(block[3], 77);
    }
    bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(failed, memory == NULL || block == NULL || zeroed == NULL || count == 4);
    if (memory != NULL) {
      gli__release(memory, block, count, 4);
      gli__release(memory, zeroed, 3, 4);
      cr_assert_eq(memory->live_bytes, own);
    }
    gli__memory_free(memory);
  }
}

Test(memory, checked_arithmetic) {
  size_t result = 0;
  cr_assert(gli__multiply(3, 5, &result));
  cr_assert_eq(result, 15);
  cr_assert(gli__multiply(SIZE_MAX, 1, &result));
  cr_assert_not(gli__multiply(SIZE_MAX / 2 + 1, 2, &result));
  cr_assert(gli__add(SIZE_MAX - 1, 1, &result));
  cr_assert_not(gli__add(SIZE_MAX, 1, &result));
}
