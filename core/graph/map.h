/* map.h: int64 -> int64, open addressing with linear probing, at most half full; nothing is ever
 * removed. For the few things that a batch has to remember about the graph it will change. */
#ifndef GLI_GRAPH_MAP_H
#define GLI_GRAPH_MAP_H

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"

typedef struct gli__map_entry {
  int64_t key; /* -1: free */
  int64_t value;
} gli__map_entry;

typedef struct gli__map {
  gli__map_entry *entries;
  int64_t capacity; /* a power of two, or 0 */
  int64_t count;
} gli__map;

static inline void gli__map_clear(gli__map *map, gli__memory *memory) {
  gli__release(memory, map->entries, (size_t)map->capacity, sizeof *map->entries);
  *map = (gli__map){.entries = NULL};
}

static inline gli__map_entry *gli__map_place(const gli__map *map, int64_t key) {
  const uint64_t mask = (uint64_t)map->capacity - 1;
  uint64_t at = gli__hash_int((uint64_t)key) & mask;
  while (map->entries[at].key != -1 && map->entries[at].key != key)
    at = (at + 1) & mask;
  return &map->entries[at];
}

/* The value of a key >= 0, or `otherwise`. */
static inline int64_t gli__map_get(const gli__map *map, int64_t key, int64_t otherwise) {
  if (map->count == 0) return otherwise;
  const gli__map_entry *entry = gli__map_place(map, key);
  return entry->key == key ? entry->value : otherwise;
}

static inline bool gli__map_has(const gli__map *map, int64_t key) {
  return map->count != 0 && gli__map_place(map, key)->key == key;
}

/* Room for `more` keys, so that putting them cannot fail. */
static inline gli_status gli__map_reserve(gli__map *map, gli__memory *memory, int64_t more,
                                          gli_error *error) {
  if ((map->count + more) * 2 <= map->capacity) return GLI_OK;
  int64_t capacity = map->capacity == 0 ? 16 : map->capacity * 2;
  while (capacity < (map->count + more) * 2)
    capacity *= 2;
  gli__map grown = {.capacity = capacity};
  grown.entries = gli__allocate(memory, (size_t)capacity, sizeof *grown.entries);
  if (grown.entries == NULL) return gli__no_memory(error, "what a batch remembers");
  for (int64_t at = 0; at < capacity; at++)
    grown.entries[at].key = -1;
  for (int64_t at = 0; at < map->capacity; at++) {
    if (map->entries[at].key != -1) {
      *gli__map_place(&grown, map->entries[at].key) = map->entries[at];
    }
  }
  grown.count = map->count;
  gli__map_clear(map, memory);
  *map = grown;
  return GLI_OK;
}

/* Put a key for which there is room. */
static inline void gli__map_put(gli__map *map, int64_t key, int64_t value) {
  gli__map_entry *entry = gli__map_place(map, key);
  map->count += entry->key == -1;
  entry->key = key;
  entry->value = value;
}

#endif
