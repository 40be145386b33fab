/* numbers.c: serials and edge ids <-> positions; numbers.h says how. */
#include "graph/numbers.h"

#include <assert.h>

#include "base/error.h"

gli_status gli__numbers_create(gli__memory *memory, gli__numbers **numbers_out, gli_error *error) {
  gli__numbers *numbers = gli__allocate_zeroed(memory, 1, sizeof *numbers);
  if (numbers == NULL) return gli__no_memory(error, "a map of serial numbers");
  numbers->memory = gli__memory_retain(memory);
  atomic_init(&numbers->references, 1);
  *numbers_out = numbers;
  return GLI_OK;
}

gli__numbers *gli__numbers_retain(gli__numbers *numbers) {
  atomic_fetch_add_explicit(&numbers->references, 1, memory_order_relaxed);
  return numbers;
}

static void release_arrays(gli__memory *memory, const gli__numbers *numbers) {
  const gli__number_map *map = &numbers->map;
  gli__release(memory, (void *)(uintptr_t)map->rising, (size_t)numbers->capacity, sizeof(int64_t));
  gli__release(memory, (void *)(uintptr_t)map->late_by_position, (size_t)numbers->late_capacity,
               sizeof(gli__late_number));
  gli__release(memory, (void *)(uintptr_t)map->late_by_number, (size_t)numbers->late_capacity,
               sizeof(gli__late_number));
}

void gli__numbers_free(gli__numbers *numbers) {
  if (numbers == NULL) return;
  if (atomic_fetch_sub_explicit(&numbers->references, 1, memory_order_acq_rel) != 1) return;
  gli__memory *memory = numbers->memory;
  release_arrays(memory, numbers);
  gli__release(memory, numbers, 1, sizeof *numbers);
  gli__memory_free(memory);
}

int64_t gli__numbers_bytes(const gli__numbers *numbers) {
  return (int64_t)sizeof *numbers + numbers->capacity * (int64_t)sizeof(int64_t) +
         2 * numbers->late_capacity * (int64_t)sizeof(gli__late_number);
}

/* --- looking up ------------------------------------------------------------------------------- */

int64_t gli__number_late_at(const gli__number_map *map, int64_t position) {
  int64_t low = 0, high = map->late_count;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (map->late_by_position[middle].position < position) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return map->late_by_position[low].number;
}

int64_t gli__number_search(const gli__number_map *map, int64_t number) {
  int64_t low = 0, high = map->count;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (map->rising[middle] < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  /* The first position with this greatest number is the one that has it itself. */
  if (low < map->count && map->rising[low] == number) return low;
  low = 0;
  high = map->late_count;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (map->late_by_number[middle].number < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low < map->late_count && map->late_by_number[low].number == number) {
    return map->late_by_number[low].position;
  }
  return -1;
}

/* --- growing ---------------------------------------------------------------------------------- */

/* A copy with room for at least `capacity` positions (0: none stored) and `late_capacity` late
 * ones. */
static gli_status clone_with_room(const gli__numbers *numbers, int64_t capacity,
                                  int64_t late_capacity, gli__numbers **clone_out,
                                  gli_error *error) {
  gli__numbers *clone = NULL;
  gli_status status = gli__numbers_create(numbers->memory, &clone, error);
  if (status != GLI_OK) return status;
  gli__memory *memory = numbers->memory;
  const gli__number_map *map = &numbers->map;
  int64_t *rising = NULL;
  gli__late_number *by_position = NULL, *by_number = NULL;
  if (capacity > 0) rising = gli__allocate(memory, (size_t)capacity, sizeof *rising);
  if (late_capacity > 0) {
    by_position = gli__allocate(memory, (size_t)late_capacity, sizeof *by_position);
    by_number = gli__allocate(memory, (size_t)late_capacity, sizeof *by_number);
  }
  clone->next = numbers->next;
  clone->map = *map;
  clone->map.rising = rising;
  clone->map.late_by_position = by_position;
  clone->map.late_by_number = by_number;
  clone->capacity = rising != NULL ? capacity : 0;
  clone->late_capacity = late_capacity;
  if ((capacity > 0 && rising == NULL) ||
      (late_capacity > 0 && (by_position == NULL || by_number == NULL))) {
    gli__numbers_free(clone);
    return gli__no_memory(error, "a map of serial numbers");
  }
  if (rising != NULL) {
    for (int64_t position = 0; position < map->count; position++) {
      rising[position] = map->rising != NULL ? map->rising[position] : position + map->offset;
    }
  }
  if (map->late_count > 0) {
    const size_t late_bytes = (size_t)map->late_count * sizeof *by_position;
    memcpy(by_position, map->late_by_position, late_bytes);
    memcpy(by_number, map->late_by_number, late_bytes);
  }
  *clone_out = clone;
  return GLI_OK;
}

gli_status gli__numbers_clone(const gli__numbers *numbers, gli__numbers **clone_out,
                              gli_error *error) {
  const bool stored = numbers->map.rising != NULL;
  return clone_with_room(numbers, stored ? numbers->map.count + 1 : 0, numbers->map.late_count,
                         clone_out, error);
}

static bool grow_array(gli__memory *memory, int64_t **array, int64_t *capacity, int64_t wanted) {
  int64_t *grown =
      gli__reallocate(memory, *array, (size_t)*capacity, (size_t)wanted, sizeof *grown);
  if (grown == NULL) return false;
  *array = grown;
  *capacity = wanted;
  return true;
}

/* Room in place; the object is ours alone, and `rising` may move. */
static gli_status grow_rising(gli__numbers *numbers, int64_t wanted, gli_error *error) {
  gli__number_map *map = &numbers->map;
  int64_t *rising = (int64_t *)(uintptr_t)map->rising;
  const bool stored = rising != NULL;
  if (!grow_array(numbers->memory, &rising, &numbers->capacity, wanted)) {
    return gli__no_memory(error, "a map of serial numbers");
  }
  if (!stored) {
    for (int64_t position = 0; position < map->count; position++) {
      rising[position] = position + map->offset;
    }
  }
  map->rising = rising;
  return GLI_OK;
}

static int64_t with_slack(int64_t wanted, int64_t capacity) {
  const int64_t half_more = capacity + capacity / 2;
  return wanted > half_more ? wanted + 8 : half_more;
}

/* Both late arrays, or neither; a failure between the two only leaves one with spare room. */
static gli_status grow_late(gli__numbers *numbers, int64_t wanted, gli_error *error) {
  gli__number_map *map = &numbers->map;
  gli__late_number *by_position =
      gli__allocate(numbers->memory, (size_t)wanted, sizeof *by_position);
  gli__late_number *by_number = gli__allocate(numbers->memory, (size_t)wanted, sizeof *by_number);
  if (by_position == NULL || by_number == NULL) {
    gli__release(numbers->memory, by_position, (size_t)wanted, sizeof *by_position);
    gli__release(numbers->memory, by_number, (size_t)wanted, sizeof *by_number);
    return gli__no_memory(error, "a map of late serial numbers");
  }
  if (map->late_count > 0) {
    memcpy(by_position, map->late_by_position, (size_t)map->late_count * sizeof *by_position);
    memcpy(by_number, map->late_by_number, (size_t)map->late_count * sizeof *by_number);
  }
  gli__release(numbers->memory, (void *)(uintptr_t)map->late_by_position,
               (size_t)numbers->late_capacity, sizeof *by_position);
  gli__release(numbers->memory, (void *)(uintptr_t)map->late_by_number,
               (size_t)numbers->late_capacity, sizeof *by_number);
  map->late_by_position = by_position;
  map->late_by_number = by_number;
  numbers->late_capacity = wanted;
  return GLI_OK;
}

gli_status gli__numbers_reserve_slow(gli__numbers **numbers_in, int64_t first, int64_t count,
                                     bool consecutive, gli_error *error) {
  gli__numbers *numbers = *numbers_in;
  const gli__number_map *map = &numbers->map;
  const int64_t last = map->count == 0       ? INT64_MIN
                       : map->rising != NULL ? map->rising[map->count - 1]
                                             : map->count - 1 + map->offset;
  const bool late = first <= last;
  /* Room for one more than stored now, so that an identity with a gap gets its array, too. */
  const bool room = map->rising != NULL && map->count + count <= numbers->capacity;
  const bool late_room = !late || map->late_count + count <= numbers->late_capacity;
  const bool shared = atomic_load_explicit(&numbers->references, memory_order_acquire) != 1;
  (void)consecutive;
  if (room && late_room && !(late && shared)) return GLI_OK;
  const int64_t capacity =
      room ? numbers->capacity : with_slack(map->count + count, numbers->capacity);
  const int64_t late_capacity = late_room
                                    ? numbers->late_capacity
                                    : with_slack(map->late_count + count, numbers->late_capacity);
  if (shared) {
    gli__numbers *clone = NULL;
    const gli_status status = clone_with_room(numbers, capacity, late_capacity, &clone, error);
    if (status != GLI_OK) return status;
    *numbers_in = clone;
    gli__numbers_free(numbers);
    return GLI_OK;
  }
  gli_status status = GLI_OK;
  if (!room) status = grow_rising(numbers, capacity, error);
  if (status == GLI_OK && !late_room) status = grow_late(numbers, late_capacity, error);
  return status;
}

/* A number below its predecessor's: enter it in both orders. Batches push theirs rising, so the
 * place by number is found from the end. */
static void push_late(gli__numbers *numbers, int64_t position, int64_t number) {
  gli__number_map *map = &numbers->map;
  gli__late_number *by_position = (gli__late_number *)(uintptr_t)map->late_by_position;
  gli__late_number *by_number = (gli__late_number *)(uintptr_t)map->late_by_number;
  const gli__late_number entry = {position, number};
  by_position[map->late_count] = entry;
  int64_t place = map->late_count;
  while (place > 0 && by_number[place - 1].number > number)
    place--;
  memmove(by_number + place + 1, by_number + place,
          (size_t)(map->late_count - place) * sizeof *by_number);
  by_number[place] = entry;
  map->late_count++;
}

void gli__numbers_push_slow(gli__numbers *numbers, int64_t number) {
  gli__number_map *map = &numbers->map;
  int64_t *rising = (int64_t *)(uintptr_t)map->rising;
  const int64_t position = map->count;
  assert(rising != NULL && position < numbers->capacity);
  if (position > 0 && number < rising[position - 1]) {
    rising[position] = rising[position - 1];
    push_late(numbers, position, number);
  } else {
    rising[position] = number;
  }
  map->count++;
  if (number >= numbers->next) numbers->next = number + 1;
}

void gli__numbers_push_many(gli__numbers *numbers, int64_t first, int64_t count) {
  gli__number_map *map = &numbers->map;
  if (count > 0 && map->rising == NULL && (map->count == 0 || first == map->count + map->offset)) {
    map->offset = first - map->count;
    map->count += count;
    if (first + count > numbers->next) numbers->next = first + count;
    return;
  }
  for (int64_t k = 0; k < count; k++)
    gli__numbers_push(numbers, first + k);
}

/* --- renumbering ------------------------------------------------------------------------------ */

gli_status gli__numbers_gather(const gli__numbers *numbers, const int64_t *kept, int64_t count,
                               gli__numbers **numbers_out, gli_error *error) {
  gli__numbers *gathered = NULL;
  gli_status status = gli__numbers_create(numbers->memory, &gathered, error);
  if (status != GLI_OK) return status;
  const gli__number_map *map = &numbers->map;
  gathered->next = numbers->next;
  int64_t late_count = 0;
  bool has_gap = map->late_count > 0;
  for (int64_t k = 1; k < count && !has_gap; k++) {
    has_gap = gli__number_at(map, kept[k]) != gli__number_at(map, kept[k - 1]) + 1;
  }
  if (!has_gap) {
    gathered->map.count = count;
    gathered->map.offset = count > 0 ? gli__number_at(map, kept[0]) : 0;
    *numbers_out = gathered;
    return GLI_OK;
  }
  int64_t greatest = INT64_MIN;
  for (int64_t k = 0; k < count; k++) {
    const int64_t number = gli__number_at(map, kept[k]);
    late_count += number < greatest;
    greatest = number > greatest ? number : greatest;
  }
  status = count > 0 ? grow_rising(gathered, count + 1, error) : GLI_OK;
  if (status == GLI_OK && late_count > 0) status = grow_late(gathered, late_count, error);
  if (status != GLI_OK) {
    gli__numbers_free(gathered);
    return status;
  }
  for (int64_t k = 0; k < count; k++) {
    gli__numbers_push_slow(gathered, gli__number_at(map, kept[k]));
  }
  *numbers_out = gathered;
  return GLI_OK;
}
