/* serials.c: serial numbers to positions and back; see serials.h.
 *
 * serial - position never falls as positions rise. So the position of a serial lies between
 * serial - gap(last) and serial - gap(first): with few gaps the search window is a handful of
 * places, and with none at the front (the usual graph) the first probe hits. */
#include "ids/serials.h"

#include <assert.h>

#include "base/error.h"

struct gli__serials_array {
  _Atomic int64_t references;
  int64_t capacity;
  int64_t *items;
};

#define SMALLEST_CAPACITY 16

int64_t gli__serials_find(const gli__serials *serials, int64_t serial) {
  int64_t count = serials->count;
  if (serial < 0 || count == 0) return -1;
  const int64_t *sorted = serials->sorted;
  if (sorted == NULL) return serial < count ? serial : -1;
  if (serial < sorted[0] || serial > sorted[count - 1]) return -1;
  int64_t low = serial - (sorted[count - 1] - (count - 1)); /* first candidate */
  int64_t high = serial - sorted[0];                        /* last candidate */
  if (low < 0) low = 0;
  if (high > count - 1) high = count - 1;
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (sorted[middle] < serial) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == high && sorted[low] == serial ? low : -1;
}

static void array_free(gli__serials_array *array, gli__memory *memory) {
  if (array == NULL) return;
  if (atomic_fetch_sub_explicit(&array->references, 1, memory_order_acq_rel) != 1) return;
  gli__release(memory, array->items, (size_t)array->capacity, sizeof *array->items);
  gli__release(memory, array, 1, sizeof *array);
}

static gli_status array_create(gli__memory *memory, int64_t capacity,
                               gli__serials_array **array_out, gli_error *error) {
  gli__serials_array *array = gli__allocate(memory, 1, sizeof *array);
  if (array == NULL) return gli__no_memory(error, "the serial numbers");
  if (capacity < SMALLEST_CAPACITY) capacity = SMALLEST_CAPACITY;
  array->items = gli__allocate(memory, (size_t)capacity, sizeof *array->items);
  if (array->items == NULL) {
    gli__release(memory, array, 1, sizeof *array);
    return gli__no_memory(error, "the serial numbers");
  }
  atomic_init(&array->references, 1);
  array->capacity = capacity;
  *array_out = array;
  return GLI_OK;
}

static int64_t grown_capacity(int64_t capacity, int64_t needed) {
  int64_t grown = capacity + (capacity < (INT64_C(1) << 16) ? capacity : capacity / 4);
  return grown < needed ? needed : grown;
}

/* An array that this one may append `more` items to. */
static gli_status make_room(gli__serials *serials, gli__memory *memory, int64_t more,
                            gli_error *error) {
  gli__serials_array *array = serials->array;
  int64_t needed = serials->count + more;
  bool shared = array != NULL && atomic_load_explicit(&array->references, memory_order_acquire) > 1;
  if (array != NULL && !shared) serials->borrowed = false;
  if (array != NULL && needed <= array->capacity && !serials->borrowed) return GLI_OK;
  if (array != NULL && !shared) {
    int64_t capacity = grown_capacity(array->capacity, needed);
    int64_t *items = gli__reallocate(memory, array->items, (size_t)array->capacity,
                                     (size_t)capacity, sizeof *items);
    if (items == NULL) return gli__no_memory(error, "the serial numbers");
    array->items = items;
    array->capacity = capacity;
    serials->sorted = items;
    return GLI_OK;
  }
  gli__serials_array *fresh = NULL;
  gli_status status = array_create(memory, grown_capacity(serials->count, needed), &fresh, error);
  if (status != GLI_OK) return status;
  for (int64_t k = 0; k < serials->count; ++k)
    fresh->items[k] = gli__serials_at(serials, k);
  array_free(array, memory);
  serials->array = fresh;
  serials->sorted = fresh->items;
  serials->borrowed = false;
  return GLI_OK;
}

gli_status gli__serials_append(gli__serials *serials, gli__memory *memory, int64_t serial,
                               gli_error *error) {
  return gli__serials_append_many(serials, memory, serial, 1, error);
}

gli_status gli__serials_append_many(gli__serials *serials, gli__memory *memory, int64_t first,
                                    int64_t count, gli_error *error) {
  if (count <= 0) return GLI_OK;
  assert(serials->count == 0 || first > gli__serials_at(serials, serials->count - 1));
  if (serials->sorted != NULL || first != serials->count) {
    gli_status status = make_room(serials, memory, count, error);
    if (status != GLI_OK) return status;
    int64_t *items = serials->array->items + serials->count;
    for (int64_t k = 0; k < count; ++k)
      items[k] = first + k;
  }
  serials->count += count;
  if (serials->next < first + count) serials->next = first + count;
  return GLI_OK;
}

gli_status gli__serials_gather(gli__serials *serials, gli__memory *memory, const int64_t *kept,
                               int64_t count, gli_error *error) {
  bool identity = serials->sorted == NULL && (count == 0 || kept[count - 1] == count - 1);
  gli__serials_array *fresh = NULL;
  if (!identity && count > 0) {
    gli_status status = array_create(memory, count, &fresh, error);
    if (status != GLI_OK) return status;
    for (int64_t k = 0; k < count; ++k)
      fresh->items[k] = gli__serials_at(serials, kept[k]);
  }
  array_free(serials->array, memory);
  serials->array = fresh;
  serials->sorted = fresh == NULL ? NULL : fresh->items;
  serials->count = count;
  serials->borrowed = false;
  return GLI_OK;
}

gli_status gli__serials_clone(const gli__serials *serials, gli__memory *memory,
                              gli__serials *clone_out, gli_error *error) {
  (void)memory;
  (void)error;
  gli__serials clone = *serials;
  if (clone.array != NULL) {
    atomic_fetch_add_explicit(&clone.array->references, 1, memory_order_relaxed);
    clone.borrowed = true;
  }
  *clone_out = clone;
  return GLI_OK;
}

void gli__serials_clear(gli__serials *serials, gli__memory *memory) {
  array_free(serials->array, memory);
  *serials = (gli__serials){0};
}

int64_t gli__serials_bytes(const gli__serials *serials) {
  if (serials->array == NULL) return 0;
  return serials->array->capacity * (int64_t)sizeof(int64_t) + (int64_t)sizeof *serials->array;
}
