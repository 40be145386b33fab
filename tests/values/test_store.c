/* The content store: one reference per content, contents that stay where they are, failures. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support/failing_allocator.h"
#include "values/store.h"

static gli__store *store_open(gli__memory *memory) {
  gli__store *store = NULL;
  cr_assert_eq(gli__store_create(memory, &store, NULL), GLI_OK);
  return store;
}

static uint32_t store_add(gli__store *store, const void *bytes, size_t size_bytes) {
  uint32_t reference = GLI__STORE_NONE;
  gli_error error = {0};
  cr_assert_eq(gli__store_add(store, bytes, size_bytes, &reference, &error), GLI_OK, "%s",
               error.message);
  return reference;
}

static void expect_content(const gli__store *store, uint32_t reference, const void *bytes,
                           size_t size_bytes) {
  size_t found_bytes = SIZE_MAX;
  const uint8_t *const found = gli__store_get(store, reference, &found_bytes);
  cr_assert_not_null(found);
  cr_assert_eq(found_bytes, size_bytes);
  cr_assert(size_bytes == 0 || memcmp(found, bytes, size_bytes) == 0);
}

Test(store, equal_contents_are_one) {
  gli__memory *const memory = gli__memory_create(NULL);
  gli__store *const store = store_open(memory);
  static const char text[] = "abcdefghijklmnopqrstuvwxyz";
  for (uint32_t size = 0; size <= 26; size++) {
    cr_assert_eq(gli__store_find(store, text, size), GLI__STORE_NONE);
    cr_assert_eq(store_add(store, text, size), size);
  }
  char copy[27];
  memcpy(copy, text, sizeof copy);
  for (uint32_t size = 0; size <= 26; size++) {
    cr_assert_eq(store_add(store, copy, size), size);
    cr_assert_eq(gli__store_find(store, copy, size), size);
    expect_content(store, size, text, size);
  }
  cr_assert_eq(store_add(store, NULL, 0), 0);
  cr_assert_eq(store_add(store, "a\0", 2), 27); /* not "a" */
  cr_assert_eq(store_add(store, "a\0\0", 3), 28);
  cr_assert_eq(store_add(store, "a", 1), 1);
  cr_assert_eq(gli__store_count(store), 29);
  gli__store_free(gli__store_retain(store));
  gli__store_free(store);
  gli__store_free(NULL);
  cr_assert_eq(atomic_load(&memory->live_bytes), (int64_t)sizeof *memory);
  gli__memory_free(memory);
}

/* 200,000 contents of all lengths: references count up, nothing moves, every byte is counted. */
Test(store, grows_without_moving) {
  enum { COUNT = 200000 };
  gli__memory *const memory = gli__memory_create(NULL);
  gli__store *const store = store_open(memory);
  static const uint8_t *places[COUNT];
  char text[400];
  size_t size_bytes = 0;
  for (uint32_t k = 0; k < COUNT; k++) {
    const int size = snprintf(text, sizeof text, "%u%*s", k, (int)(k % 97 == 0 ? 300 : k % 30), "");
    cr_assert_eq(store_add(store, text, (size_t)size), k);
    places[k] = gli__store_get(store, k, &size_bytes);
  }
  for (uint32_t k = 0; k < COUNT; k++) {
    const int size = snprintf(text, sizeof text, "%u%*s", k, (int)(k % 97 == 0 ? 300 : k % 30), "");
    expect_content(store, k, text, (size_t)size);
    cr_assert_eq(gli__store_get(store, k, &size_bytes), places[k]);
    cr_assert_eq(gli__store_find(store, text, (size_t)size), k);
    text[0] = 'x';
    cr_assert_eq(gli__store_find(store, text, (size_t)size), GLI__STORE_NONE);
    gli__store_prefetch(store, k);
  }
  cr_assert_eq(gli__store_bytes(store) + (int64_t)sizeof *memory, atomic_load(&memory->live_bytes));
  gli__store_free(store);
  cr_assert_eq(atomic_load(&memory->live_bytes), (int64_t)sizeof *memory);
  gli__memory_free(memory);
}

/* Large contents get room of their own; small ones go on filling the block. */
Test(store, large_contents) {
  gli__memory *const memory = gli__memory_create(NULL);
  gli__store *const store = store_open(memory);
  const size_t size = (size_t)3 << 20;
  uint8_t *const large = malloc(size);
  cr_assert_not_null(large);
  for (uint32_t k = 0; k < 20; k++) {
    memset(large, (int)k, size);
    cr_assert_eq(store_add(store, large, size - k), 2 * k);
    cr_assert_eq(store_add(store, large, 100), 2 * k + 1);
  }
  for (uint32_t k = 0; k < 20; k++) {
    memset(large, (int)k, size);
    expect_content(store, 2 * k, large, size - k);
    expect_content(store, 2 * k + 1, large, 100);
  }
  cr_assert_lt(gli__store_bytes(store), 20 * ((int64_t)size + 65536));
  gli_error error = {0};
  uint32_t reference = 0;
  cr_assert_eq(gli__store_add(store, large, (size_t)UINT32_MAX + 1, &reference, &error),
               GLI_ERROR_LIMIT);
  free(large);
  gli__store_free(store);
  gli__memory_free(memory);
}

Test(store, failing_allocations) {
  enum { COUNT = 700 };
  failing_loop loop = failing_loop_start("gli__store_add");
  while (failing_loop_next(&loop)) {
    gli__memory *const memory = gli__memory_create(&loop.allocator);
    cr_assert_not_null(memory);
    gli__store *store = NULL;
    gli_error error = {0};
    failing_loop_arm(&loop);
    gli_status status = gli__store_create(memory, &store, &error);
    uint32_t added = 0;
    char text[64];
    for (; status == GLI_OK && added < COUNT; added++) {
      const int size = snprintf(text, sizeof text, "%u and %u more", added, added % 5 * 1000000);
      uint32_t reference = 77;
      status = gli__store_add(store, text, (size_t)size, &reference, &error);
      cr_assert_eq(reference, status == GLI_OK ? added : 77);
      if (status != GLI_OK) {
        break;
      }
    }
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    if (store != NULL) {
      cr_assert_eq(gli__store_count(store), added);
      for (uint32_t k = 0; k < COUNT; k++) { /* what failed can be added now */
        const int size = snprintf(text, sizeof text, "%u and %u more", k, k % 5 * 1000000);
        cr_assert_eq(store_add(store, text, (size_t)size), k);
        expect_content(store, k, text, (size_t)size);
      }
    }
    gli__store_free(store);
    cr_assert_eq(atomic_load(&memory->live_bytes), (int64_t)sizeof *memory);
    gli__memory_free(memory);
  }
}
