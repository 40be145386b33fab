/* keys.c: attribute names, interned; keys.h says how they are shared.
 *
 * Open addressing over key numbers, at most half full, linear probing. */
#include "graph/keys.h"

#include "base/error.h"
#include "base/hash.h"
#include "ids/ids.h"

typedef struct key_name {
  _Atomic int64_t references; /* tables that have it */
  uint64_t hash;
  size_t size_bytes;
  char text[];
} key_name;

struct gli__keys {
  _Atomic int64_t references;
  gli__memory *memory;
  key_name **names;
  uint32_t count, capacity;
  uint32_t *slots; /* key + 1; 0: free */
  uint32_t slot_count;
};

gli_status gli__keys_create(gli__memory *memory, gli__keys **keys_out, gli_error *error) {
  gli__keys *keys = gli__allocate_zeroed(memory, 1, sizeof *keys);
  if (keys == NULL) return gli__no_memory(error, "the table of attribute names");
  atomic_init(&keys->references, 1);
  keys->memory = gli__memory_retain(memory);
  *keys_out = keys;
  return GLI_OK;
}

gli__keys *gli__keys_retain(gli__keys *keys) {
  atomic_fetch_add_explicit(&keys->references, 1, memory_order_relaxed);
  return keys;
}

static void free_name(gli__memory *memory, key_name *name) {
  if (atomic_fetch_sub_explicit(&name->references, 1, memory_order_acq_rel) == 1) {
    gli__release(memory, name, 1, sizeof *name + name->size_bytes + 1);
  }
}

void gli__keys_free(gli__keys *keys) {
  if (keys == NULL) return;
  if (atomic_fetch_sub_explicit(&keys->references, 1, memory_order_acq_rel) != 1) return;
  gli__memory *memory = keys->memory;
  for (uint32_t key = 0; key < keys->count; key++)
    free_name(memory, keys->names[key]);
  gli__release(memory, keys->names, keys->capacity, sizeof *keys->names);
  gli__release(memory, keys->slots, keys->slot_count, sizeof *keys->slots);
  gli__release(memory, keys, 1, sizeof *keys);
  gli__memory_free(memory);
}

int64_t gli__keys_bytes(const gli__keys *keys) {
  size_t bytes =
      sizeof *keys + keys->capacity * sizeof *keys->names + keys->slot_count * sizeof *keys->slots;
  for (uint32_t key = 0; key < keys->count; key++) {
    bytes += sizeof(key_name) + keys->names[key]->size_bytes + 1;
  }
  return (int64_t)bytes;
}

gli_key gli__keys_count(const gli__keys *keys) {
  return keys->count;
}

const char *gli__keys_name(const gli__keys *keys, gli_key key, size_t *size_bytes_out) {
  if (key >= keys->count) return NULL;
  if (size_bytes_out != NULL) *size_bytes_out = keys->names[key]->size_bytes;
  return keys->names[key]->text;
}

static gli_key find_hashed(const gli__keys *keys, const char *name, size_t size_bytes,
                           uint64_t hash) {
  if (keys->slot_count == 0) return GLI_KEY_NONE;
  const uint32_t mask = keys->slot_count - 1;
  for (uint32_t at = (uint32_t)hash & mask; keys->slots[at] != 0; at = (at + 1) & mask) {
    const key_name *known = keys->names[keys->slots[at] - 1];
    if (known->hash == hash && known->size_bytes == size_bytes &&
        memcmp(known->text, name, size_bytes) == 0) {
      return keys->slots[at] - 1;
    }
  }
  return GLI_KEY_NONE;
}

gli_key gli__keys_find(const gli__keys *keys, const char *name, size_t name_size_bytes) {
  if (name == NULL || name_size_bytes == 0) return GLI_KEY_NONE;
  return find_hashed(keys, name, name_size_bytes, gli__hash(name, name_size_bytes));
}

static void enter(uint32_t *slots, uint32_t slot_count, uint64_t hash, gli_key key) {
  uint32_t at = (uint32_t)hash & (slot_count - 1);
  while (slots[at] != 0)
    at = (at + 1) & (slot_count - 1);
  slots[at] = key + 1;
}

/* Tables of twice the room with the same names; the old ones are given back. */
static gli_status grow(gli__keys *keys, gli_error *error) {
  const uint32_t capacity = keys->capacity == 0 ? 8 : keys->capacity * 2;
  const uint32_t slot_count = capacity * 2;
  key_name **names = gli__allocate(keys->memory, capacity, sizeof *names);
  uint32_t *slots = gli__allocate_zeroed(keys->memory, slot_count, sizeof *slots);
  if (names == NULL || slots == NULL) {
    gli__release(keys->memory, names, capacity, sizeof *names);
    gli__release(keys->memory, slots, slot_count, sizeof *slots);
    return gli__no_memory(error, "the table of attribute names");
  }
  for (gli_key key = 0; key < keys->count; key++) {
    names[key] = keys->names[key];
    enter(slots, slot_count, names[key]->hash, key);
  }
  gli__release(keys->memory, keys->names, keys->capacity, sizeof *keys->names);
  gli__release(keys->memory, keys->slots, keys->slot_count, sizeof *keys->slots);
  keys->names = names;
  keys->slots = slots;
  keys->capacity = capacity;
  keys->slot_count = slot_count;
  return GLI_OK;
}

static gli_status clone(const gli__keys *keys, gli__keys **clone_out, gli_error *error) {
  gli__keys *cloned = NULL;
  gli_status status = gli__keys_create(keys->memory, &cloned, error);
  if (status != GLI_OK) return status;
  while (status == GLI_OK && cloned->capacity < keys->count)
    status = grow(cloned, error);
  if (status != GLI_OK) {
    gli__keys_free(cloned);
    return status;
  }
  for (gli_key key = 0; key < keys->count; key++) {
    atomic_fetch_add_explicit(&keys->names[key]->references, 1, memory_order_relaxed);
    cloned->names[key] = keys->names[key];
    enter(cloned->slots, cloned->slot_count, cloned->names[key]->hash, key);
  }
  cloned->count = keys->count;
  *clone_out = cloned;
  return GLI_OK;
}

static gli_status check_name(const char *name, size_t size_bytes, gli_error *error) {
  if (name == NULL || size_bytes == 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "name is empty; an attribute name has at least one byte");
  }
  if (memchr(name, 0, size_bytes) != NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "name holds a NUL byte; attribute names are UTF-8 without NUL");
  }
  if (!gli__utf8_is_valid(name, size_bytes)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "name is not UTF-8");
  }
  return GLI_OK;
}

gli_status gli__keys_add(gli__keys **keys_in, const char *name, size_t name_size_bytes,
                         gli_key *key_out, gli_error *error) {
  gli__keys *keys = *keys_in;
  gli_status status = check_name(name, name_size_bytes, error);
  if (status != GLI_OK) return status;
  const uint64_t hash = gli__hash(name, name_size_bytes);
  const gli_key known = find_hashed(keys, name, name_size_bytes, hash);
  if (known != GLI_KEY_NONE) {
    *key_out = known;
    return GLI_OK;
  }
  if (keys->count >= UINT32_C(1) << 28) {
    return gli__fail(error, GLI_ERROR_LIMIT, "the graph has %lu attribute names; no more fit",
                     (unsigned long)keys->count);
  }
  size_t size_bytes = 0;
  key_name *entry = NULL;
  if (gli__add(name_size_bytes, sizeof *entry + 1, &size_bytes)) {
    entry = gli__allocate(keys->memory, 1, size_bytes);
  }
  if (entry == NULL) return gli__no_memory(error, "an attribute name");
  atomic_init(&entry->references, 1);
  entry->hash = hash;
  entry->size_bytes = name_size_bytes;
  memcpy(entry->text, name, name_size_bytes);
  entry->text[name_size_bytes] = 0;

  gli__keys *own = keys;
  if (atomic_load_explicit(&keys->references, memory_order_acquire) != 1) {
    own = NULL;
    status = clone(keys, &own, error);
  }
  if (status == GLI_OK && own->count == own->capacity) status = grow(own, error);
  if (status != GLI_OK) {
    if (own != keys) gli__keys_free(own);
    free_name(keys->memory, entry);
    return status;
  }
  own->names[own->count] = entry;
  enter(own->slots, own->slot_count, hash, own->count);
  *key_out = own->count++;
  if (own != keys) {
    *keys_in = own;
    gli__keys_free(keys);
  }
  return GLI_OK;
}
