/* numbers.h: numbers that are never used twice <-> positions that get renumbered.
 *
 * Edge ids and node serials. While number == position + offset nothing is stored. After a gap
 * (numbers burnt by a discarded batch, renumbering) `rising` holds, per position, the greatest
 * number up to there: number_at is one load, find a binary search.
 *
 * A batch hands out numbers long before its edges enter the graph, so with other writers between an
 * edge can arrive with a number below its predecessors'. Such late arrivals are kept aside in two
 * small arrays, by position and by number: `rising` just repeats its last entry there, which is how
 * number_at notices them. The losers: a hash map (16 bytes for every edge for a rare case), and
 * runs of consecutive numbers (small, but number_at becomes a search with cache misses).
 *
 * Snapshots read a map by value beside the writer, who only ever writes past their count; what
 * would move or reorder anything is done in a clone while the object is shared. */
#ifndef GLI_GRAPH_NUMBERS_H
#define GLI_GRAPH_NUMBERS_H

#include <gli/status.h>

#include "base/memory.h"

typedef struct gli__late_number {
  int64_t position, number;
} gli__late_number;

/* What a reader needs; valid while a reference to the gli__numbers it came from is held. */
typedef struct gli__number_map {
  int64_t count;         /* positions in use */
  int64_t offset;        /* the number of position 0 while `rising` is NULL */
  const int64_t *rising; /* greatest number up to each position, or NULL: no gap */
  const gli__late_number *late_by_position;
  const gli__late_number *late_by_number;
  int64_t late_count;
} gli__number_map;

typedef struct gli__numbers {
  gli__number_map map;
  gli__memory *memory;
  _Atomic int64_t references;
  int64_t next; /* above every number that was ever handed out */
  int64_t capacity, late_capacity;
} gli__numbers;

gli_status gli__numbers_create(gli__memory *memory, gli__numbers **numbers_out, gli_error *error);
gli__numbers *gli__numbers_retain(gli__numbers *numbers);
void gli__numbers_free(gli__numbers *numbers); /* drops one reference */
gli_status gli__numbers_clone(const gli__numbers *numbers, gli__numbers **clone_out,
                              gli_error *error);
/* new position k = old position kept[k], kept rising; `next` is kept. kept 0: emptied. */
gli_status gli__numbers_gather(const gli__numbers *numbers, const int64_t *kept, int64_t count,
                               gli__numbers **numbers_out, gli_error *error);
int64_t gli__numbers_bytes(const gli__numbers *numbers);

/* The slow ways of what follows. */
gli_status gli__numbers_reserve_slow(gli__numbers **numbers, int64_t first, int64_t count,
                                     bool consecutive, gli_error *error);
void gli__numbers_push_slow(gli__numbers *numbers, int64_t number);
int64_t gli__number_late_at(const gli__number_map *map, int64_t position);
int64_t gli__number_search(const gli__number_map *map, int64_t number);

/* Make sure that pushing `count` numbers, rising from `first`, cannot fail; `consecutive`: without
 * a gap between them. May replace *numbers. */
static inline gli_status gli__numbers_reserve(gli__numbers **numbers, int64_t first, int64_t count,
                                              bool consecutive, gli_error *error) {
  const gli__number_map *map = &(*numbers)->map;
  if (map->rising == NULL && consecutive && (map->count == 0 || first == map->count + map->offset))
    return GLI_OK;
  return gli__numbers_reserve_slow(numbers, first, count, consecutive, error);
}

/* Append one position; room was reserved. */
static inline void gli__numbers_push(gli__numbers *numbers, int64_t number) {
  gli__number_map *map = &numbers->map;
  if (map->rising == NULL && (map->count == 0 || number == map->count + map->offset)) {
    map->offset = number - map->count;
    map->count++;
    if (number >= numbers->next) numbers->next = number + 1;
    return;
  }
  gli__numbers_push_slow(numbers, number);
}
/* Take back the last of numbers without a gap. */
static inline void gli__numbers_pop(gli__numbers *numbers) {
  numbers->map.count--;
  numbers->next--;
}
/* Append `count` consecutive numbers. */
void gli__numbers_push_many(gli__numbers *numbers, int64_t first, int64_t count);

static inline int64_t gli__number_at(const gli__number_map *map, int64_t position) {
  if (map->rising == NULL) return position + map->offset;
  if (map->late_count == 0 || position == 0 || map->rising[position] != map->rising[position - 1])
    return map->rising[position];
  return gli__number_late_at(map, position);
}

/* The position of a number, or -1. */
static inline int64_t gli__number_find(const gli__number_map *map, int64_t number) {
  if (map->rising == NULL) {
    uint64_t position = (uint64_t)number - (uint64_t)map->offset;
    return position < (uint64_t)map->count ? (int64_t)position : -1;
  }
  return gli__number_search(map, number);
}

#endif
