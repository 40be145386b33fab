/* memory.c: the counted allocator of one owner.
 *
 * Counting is one relaxed atomic addition per block; the peak is kept by a compare-and-swap that is
 * only tried when the total rises above it. No lock: two threads never wait for each other here. */
#include "base/memory.h"

static void count_bytes(gli__memory *memory, size_t size_bytes) {
  int64_t added = (int64_t)size_bytes;
  int64_t live =
      atomic_fetch_add_explicit(&memory->live_bytes, added, memory_order_relaxed) + added;
  int64_t peak = atomic_load_explicit(&memory->peak_bytes, memory_order_relaxed);
  while (live > peak &&
         !atomic_compare_exchange_weak_explicit(&memory->peak_bytes, &peak, live,
                                                memory_order_relaxed, memory_order_relaxed)) {
  }
}

static void uncount_bytes(gli__memory *memory, size_t size_bytes) {
  atomic_fetch_sub_explicit(&memory->live_bytes, (int64_t)size_bytes, memory_order_relaxed);
}

/* The bytes of an array, or false: none, or more than a signed size can say. */
static bool array_bytes(size_t count, size_t size_bytes, size_t *total_out) {
  return gli__multiply(count, size_bytes, total_out) && *total_out > 0 && *total_out <= PTRDIFF_MAX;
}

gli__memory *gli__memory_create(const gli_allocator *allocator) {
  const gli_allocator *chosen = allocator != NULL ? allocator : gli_allocator_default();
  gli__memory *memory = chosen->allocate(chosen->context, sizeof *memory);
  if (memory == NULL) {
    return NULL;
  }
  memory->allocator = *chosen;
  atomic_init(&memory->live_bytes, 0);
  atomic_init(&memory->peak_bytes, 0);
  atomic_init(&memory->references, 1);
  count_bytes(memory, sizeof *memory);
  return memory;
}

gli__memory *gli__memory_retain(gli__memory *memory) {
  atomic_fetch_add_explicit(&memory->references, 1, memory_order_relaxed);
  return memory;
}

void gli__memory_free(gli__memory *memory) {
  if (memory == NULL ||
      atomic_fetch_sub_explicit(&memory->references, 1, memory_order_acq_rel) != 1) {
    return;
  }
  gli_allocator allocator = memory->allocator;
  allocator.release(allocator.context, memory, sizeof *memory);
}

void gli__memory_reset_peak(gli__memory *memory) {
  int64_t live = atomic_load_explicit(&memory->live_bytes, memory_order_relaxed);
  atomic_store_explicit(&memory->peak_bytes, live, memory_order_relaxed);
}

void *gli__allocate(gli__memory *memory, size_t count, size_t size_bytes) {
  size_t total;
  if (GLI__UNLIKELY(!array_bytes(count, size_bytes, &total))) {
    return NULL;
  }
  void *block = memory->allocator.allocate(memory->allocator.context, total);
  if (GLI__LIKELY(block != NULL)) {
    count_bytes(memory, total);
  }
  return block;
}

void *gli__allocate_zeroed(gli__memory *memory, size_t count, size_t size_bytes) {
  void *block = gli__allocate(memory, count, size_bytes);
  if (block != NULL && !gli__allocator_gives_zeroes(&memory->allocator, count * size_bytes)) {
    memset(block, 0, count * size_bytes);
  }
  return block;
}

void *gli__reallocate(gli__memory *memory, void *block, size_t old_count, size_t new_count,
                      size_t size_bytes) {
  if (block == NULL) {
    return gli__allocate(memory, new_count, size_bytes);
  }
  size_t new_total;
  if (GLI__UNLIKELY(!array_bytes(new_count, size_bytes, &new_total))) {
    return NULL;
  }
  size_t old_total = old_count * size_bytes;
  void *moved =
      memory->allocator.reallocate(memory->allocator.context, block, old_total, new_total);
  if (GLI__LIKELY(moved != NULL)) {
    if (new_total >= old_total) {
      count_bytes(memory, new_total - old_total);
    } else {
      uncount_bytes(memory, old_total - new_total);
    }
  }
  return moved;
}

void gli__release(gli__memory *memory, void *block, size_t count, size_t size_bytes) {
  if (block == NULL) {
    return;
  }
  uncount_bytes(memory, count * size_bytes);
  memory->allocator.release(memory->allocator.context, block, count * size_bytes);
}
