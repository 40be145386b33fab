/* buffer.c: the life of shared arrays; see buffer.h.
 *
 * Growth is by doubling while small, then by a quarter, then by an eighth: large blocks grow
 * without a copy (mremap), so small steps cost little time and waste a sixteenth of the memory on
 * average. */
#include "topology/buffer.h"

#include "base/error.h"

#define SMALLEST_CAPACITY 16
#define HUGE_PAGE_BYTES (INT64_C(2) << 20)
#define MANY_ITEMS (INT64_C(1) << 14)
#define LARGE_ITEMS (INT64_C(1) << 18)

uint64_t gli__buffer_token(void) {
  static _Atomic uint64_t last = 0;
  return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

/* Whole huge pages once a column is that large: growing by less would leave it on small ones, and
 * random access to a row three times as slow (measured at 1 M nodes). */
static int64_t grown_capacity(int64_t capacity, int64_t needed, uint32_t item_bytes) {
  int64_t step = capacity < MANY_ITEMS    ? capacity
                 : capacity < LARGE_ITEMS ? capacity / 4
                                          : capacity / 8;
  int64_t grown = capacity + step < needed ? needed : capacity + step;
  int64_t page_items = HUGE_PAGE_BYTES / item_bytes;
  if (grown < page_items) return grown;
  return (grown + page_items - 1) / page_items * page_items;
}

gli_status gli__buffer_create(gli__memory *memory, uint32_t columns, uint32_t item_bytes,
                              int64_t capacity, uint64_t owner, gli__buffer **buffer_out,
                              gli_error *error) {
  gli__buffer *buffer = gli__allocate_zeroed(memory, 1, sizeof *buffer);
  if (buffer == NULL) return gli__no_memory(error, "a buffer of the topology");
  /* Never empty: no reader has to mind a null array. */
  if (capacity < SMALLEST_CAPACITY) capacity = SMALLEST_CAPACITY;
  buffer->memory = gli__memory_retain(memory);
  buffer->columns = columns;
  buffer->item_bytes = item_bytes;
  buffer->capacity = capacity;
  atomic_init(&buffer->references, 1);
  atomic_init(&buffer->owner, owner);
  for (uint32_t column = 0; column < columns; ++column) {
    buffer->data[column] = gli__allocate(memory, (size_t)capacity, item_bytes);
    if (buffer->data[column] == NULL) {
      gli__buffer_free(buffer);
      return gli__no_memory(error, "an array of the topology");
    }
    buffer->allocated[column] = capacity;
  }
  *buffer_out = buffer;
  return GLI_OK;
}

gli__buffer *gli__buffer_retain(gli__buffer *buffer) {
  if (buffer != NULL) atomic_fetch_add_explicit(&buffer->references, 1, memory_order_relaxed);
  return buffer;
}

void gli__buffer_free(gli__buffer *buffer) {
  if (buffer == NULL) return;
  if (atomic_fetch_sub_explicit(&buffer->references, 1, memory_order_acq_rel) != 1) return;
  gli__memory *memory = buffer->memory;
  for (uint32_t column = 0; column < buffer->columns; ++column) {
    gli__release(memory, buffer->data[column], (size_t)buffer->allocated[column],
                 buffer->item_bytes);
  }
  gli__release(memory, buffer, 1, sizeof *buffer);
  gli__memory_free(memory);
}

bool gli__buffer_claim(gli__buffer *buffer, uint64_t owner) {
  uint64_t present = atomic_load_explicit(&buffer->owner, memory_order_relaxed);
  if (present == owner) return true;
  if (!gli__buffer_is_shared(buffer)) {
    atomic_store_explicit(&buffer->owner, owner, memory_order_relaxed);
    return true;
  }
  uint64_t nobody = 0;
  return atomic_compare_exchange_strong_explicit(&buffer->owner, &nobody, owner,
                                                 memory_order_relaxed, memory_order_relaxed);
}

static gli_status replace_by_copy(gli__buffer **buffer, uint64_t owner, int64_t used,
                                  int64_t capacity, gli_error *error) {
  gli__buffer *old = *buffer, *copy = NULL;
  gli_status status =
      gli__buffer_create(old->memory, old->columns, old->item_bytes, capacity, owner, &copy, error);
  if (status != GLI_OK) return status;
  for (uint32_t column = 0; column < old->columns; ++column) {
    if (used > 0) memcpy(copy->data[column], old->data[column], (size_t)used * old->item_bytes);
  }
  gli__buffer_free(old);
  *buffer = copy;
  return GLI_OK;
}

gli_status gli__buffer_reserve(gli__buffer **buffer, uint64_t owner, int64_t used, int64_t needed,
                               gli_error *error) {
  gli__buffer *old = *buffer;
  bool fits = needed <= old->capacity;
  if (fits && gli__buffer_claim(old, owner)) return GLI_OK;
  int64_t capacity = fits ? old->capacity : grown_capacity(old->capacity, needed, old->item_bytes);
  if (gli__buffer_is_shared(old)) return replace_by_copy(buffer, owner, used, capacity, error);
  for (uint32_t column = 0; column < old->columns; ++column) {
    if (old->allocated[column] >= capacity) continue;
    void *larger = gli__reallocate(old->memory, old->data[column], (size_t)old->allocated[column],
                                   (size_t)capacity, old->item_bytes);
    if (larger == NULL) return gli__no_memory(error, "a larger array of the topology");
    old->data[column] = larger;
    old->allocated[column] = capacity;
  }
  old->capacity = capacity;
  atomic_store_explicit(&old->owner, owner, memory_order_relaxed);
  return GLI_OK;
}

gli_status gli__buffer_own(gli__buffer **buffer, uint64_t owner, int64_t used, gli_error *error) {
  if (gli__buffer_is_shared(*buffer)) {
    return replace_by_copy(buffer, owner, used, (*buffer)->capacity, error);
  }
  atomic_store_explicit(&(*buffer)->owner, owner, memory_order_relaxed);
  return GLI_OK;
}

int64_t gli__buffer_bytes(const gli__buffer *buffer) {
  if (buffer == NULL) return 0;
  int64_t items = 0;
  for (uint32_t column = 0; column < buffer->columns; ++column)
    items += buffer->allocated[column];
  return items * (int64_t)buffer->item_bytes + (int64_t)sizeof *buffer;
}
