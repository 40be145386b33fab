/* memory.h: every allocation of libgli goes through here.
 *
 * gli__memory is the counted allocator of one owner (a graph and its snapshots, a run): the user's
 * gli_allocator plus a running total, which memory_usage and the Python binding read. */
#ifndef GLI_BASE_MEMORY_H
#define GLI_BASE_MEMORY_H

#include <gli/allocator.h>
#include <stdatomic.h>
#include <string.h>

/* Reference-counted: shared by a graph, its snapshots and all buffers made for them. */
typedef struct gli__memory {
  gli_allocator allocator;
  _Atomic int64_t live_bytes; /* handed out and not given back */
  _Atomic int64_t peak_bytes; /* highest live_bytes since gli__memory_reset_peak */
  _Atomic int64_t references;
} gli__memory;

gli__memory *gli__memory_create(const gli_allocator *allocator); /* NULL: none left */
gli__memory *gli__memory_retain(gli__memory *memory);
void gli__memory_free(gli__memory *memory);       /* drops one reference; NULL is legal */
void gli__memory_reset_peak(gli__memory *memory); /* the peak starts again from what is live now */

/* count * size bytes, checked for overflow. Zero bytes are never asked for:
 * gli__allocate(.., 0, ..) returns NULL. */
void *gli__allocate(gli__memory *memory, size_t count, size_t size_bytes);
void *gli__allocate_zeroed(gli__memory *memory, size_t count, size_t size_bytes);
/* Grow or shrink; on failure NULL, the old block stays. block may be NULL with old_count 0. */
void *gli__reallocate(gli__memory *memory, void *block, size_t old_count, size_t new_count,
                      size_t size_bytes);
void gli__release(gli__memory *memory, void *block, size_t count, size_t size_bytes);

/* Whether blocks of this size come zeroed from this allocator, so that nobody clears them again. */
bool gli__allocator_gives_zeroes(const gli_allocator *allocator, size_t size_bytes);

/* Checked arithmetic: false on overflow. */
static inline bool gli__multiply(size_t left, size_t right, size_t *product_out) {
  return !__builtin_mul_overflow(left, right, product_out);
}
static inline bool gli__add(size_t left, size_t right, size_t *sum_out) {
  return !__builtin_add_overflow(left, right, sum_out);
}

#define GLI__LIKELY(condition) __builtin_expect(!!(condition), 1)
#define GLI__UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define GLI__PREFETCH(address) __builtin_prefetch((address), 0, 3)

#endif
