/* store.c: the content-addressed store.
 *
 * Records of 16 bytes, in segments of 256 that never move, behind a directory. Contents of up to 12
 * bytes live in their record, so that reading a short string costs one cache miss; longer ones in
 * blocks that never move either. (The inline prefix is Umbra's string format: Neumann and Freitag,
 * "Umbra: A Disk-Based System with In-Memory Performance", CIDR 2020.)
 *
 * The hash table holds 8 bytes per slot, {hash32, reference32}, linear probing, doubled at three
 * quarters: a probe touches a record only when 32 bits of hash agree, and growing reads no content.
 *
 * Lock-free reading: a reader gets its reference from a column that was published under a graph's
 * lock (or as a snapshot) after the record was written. It loads the directory with acquire; a
 * directory that was outgrown stays allocated until the store goes (together they are as large as
 * the last one: 1/512 of the records), so a stale one is as good as new for older references.
 *
 * Cost: 25-34 bytes per distinct short string; adding a known string 15-20 ns in cache. */
#include "values/store.h"

#include <sched.h>

#include "base/error.h"
#include "base/fork.h"
#include "base/hash.h"
#include "base/pause.h"

#define SEGMENT_SHIFT 8
#define SEGMENT_SIZE (1u << SEGMENT_SHIFT)
#define DIRECTORY_FIRST 8
#define SLOTS_FIRST 16
#define INLINE_SIZE 12
#define GROUP_SIZE 32
#define BLOCK_SMALLEST 1024
#define BLOCK_LARGEST ((size_t)1 << 20)
#define COUNT_LIMIT (UINT32_MAX - 1)

typedef struct store_record {
  uint32_t size_bytes;
  uint8_t start[4]; /* of a content of up to 12 bytes, which goes on in `rest` */
  union {
    uint8_t rest[8];
    const uint8_t *bytes; /* of a longer one */
  } as;
} store_record;

typedef struct store_block {
  struct store_block *older;
  size_t capacity_bytes;
  uint8_t bytes[];
} store_block;

typedef struct store_directory {
  struct store_directory *older; /* outgrown ones, for readers that still look at them */
  size_t capacity;
  store_record *segments[];
} store_directory;

typedef struct store_table {
  size_t slot_count; /* a power of two */
  uint64_t slots[];  /* hash32 << 32 | reference + 1; 0: free */
} store_table;

struct gli__store {
  _Atomic int64_t references;
  gli__memory *memory;
  _Atomic(store_directory *) directory;
  _Atomic uint32_t count;
  _Atomic uint32_t
      busy; /* the lock of adding and finding: 0, or 1 + the holder's fork generation */
  _Atomic int64_t bytes; /* allocated by us */
  store_table *table;
  store_block *block;
  size_t block_used;
};

/* Held for some 20 ns, or for a doubling of the table; contended only by graphs that share a store.
 * A holder that a fork left behind in the parent is passed over: every step of an addition leaves
 * the store whole. */
static void store_lock(gli__store *store) {
  const uint32_t mine = gli__fork_generation() + 1;
  for (uint32_t spins = 1;; spins++) {
    uint32_t holder = atomic_load_explicit(&store->busy, memory_order_relaxed);
    if (holder != mine &&
        atomic_compare_exchange_weak_explicit(&store->busy, &holder, mine, memory_order_acquire,
                                              memory_order_relaxed)) {
      return;
    }
    if (spins % 64 == 0) {
      sched_yield();
    } else {
      gli__pause();
    }
  }
}

static void store_unlock(gli__store *store) {
  atomic_store_explicit(&store->busy, 0, memory_order_release);
}

static void count_bytes(gli__store *store, size_t size_bytes) {
  atomic_fetch_add_explicit(&store->bytes, (int64_t)size_bytes, memory_order_relaxed);
}

static size_t directory_size_bytes(size_t capacity) {
  return sizeof(store_directory) + capacity * sizeof(store_record *);
}

static size_t table_size_bytes(size_t slot_count) {
  return sizeof(store_table) + slot_count * sizeof(uint64_t);
}

gli_status gli__store_create(gli__memory *memory, gli__store **store_out, gli_error *error) {
  gli__fork_watch();
  gli__store *const store = gli__allocate_zeroed(memory, 1, sizeof *store);
  if (store == NULL) {
    return gli__no_memory(error, "the store of attribute values");
  }
  atomic_init(&store->references, 1);
  store->memory = gli__memory_retain(memory);
  count_bytes(store, sizeof *store);
  *store_out = store;
  return GLI_OK;
}

gli__store *gli__store_retain(gli__store *store) {
  atomic_fetch_add_explicit(&store->references, 1, memory_order_relaxed);
  return store;
}

void gli__store_free(gli__store *store) {
  if (store == NULL ||
      atomic_fetch_sub_explicit(&store->references, 1, memory_order_acq_rel) != 1) {
    return;
  }
  gli__memory *const memory = store->memory;
  store_directory *directory = atomic_load_explicit(&store->directory, memory_order_relaxed);
  for (size_t k = 0; directory != NULL && k < directory->capacity; k++) {
    gli__release(memory, directory->segments[k], SEGMENT_SIZE, sizeof(store_record));
  }
  while (directory != NULL) {
    store_directory *const older = directory->older;
    gli__release(memory, directory, directory_size_bytes(directory->capacity), 1);
    directory = older;
  }
  while (store->block != NULL) {
    store_block *const older = store->block->older;
    gli__release(memory, store->block, sizeof *older + store->block->capacity_bytes, 1);
    store->block = older;
  }
  if (store->table != NULL) {
    gli__release(memory, store->table, table_size_bytes(store->table->slot_count), 1);
  }
  gli__release(memory, store, 1, sizeof *store);
  gli__memory_free(memory);
}

static inline const store_record *record_at(const gli__store *store, uint32_t reference) {
  const store_directory *const directory =
      atomic_load_explicit(&store->directory, memory_order_acquire);
  return &directory->segments[reference >> SEGMENT_SHIFT][reference % SEGMENT_SIZE];
}

/* The bytes of a record; short ones run from `start` into `as.rest`. */
static inline const uint8_t *record_bytes(const store_record *record) {
  return record->size_bytes <= INLINE_SIZE ? (const uint8_t *)record + offsetof(store_record, start)
                                           : record->as.bytes;
}

const uint8_t *gli__store_get(const gli__store *store, uint32_t reference, size_t *size_bytes_out) {
  const store_record *const record = record_at(store, reference);
  *size_bytes_out = record->size_bytes;
  return record_bytes(record);
}

void gli__store_prefetch(const gli__store *store, uint32_t reference) {
  GLI__PREFETCH(record_at(store, reference));
}

/* The slot of a content, or the free slot where it would go. The table is there and not full. */
static size_t find_slot(const gli__store *store, uint32_t hash, const void *bytes,
                        size_t size_bytes) {
  const store_table *const table = store->table;
  const size_t mask = table->slot_count - 1;
  for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const uint64_t entry = table->slots[slot];
    if (entry == 0) {
      return slot;
    }
    if (entry >> 32 != hash) {
      continue;
    }
    const store_record *const record = record_at(store, (uint32_t)entry - 1);
    if (record->size_bytes == size_bytes &&
        (size_bytes == 0 || memcmp(record_bytes(record), bytes, size_bytes) == 0)) {
      return slot;
    }
  }
}

static uint32_t content_hash(const void *bytes, size_t size_bytes) {
  const uint64_t hash = gli__hash(size_bytes != 0 ? bytes : "", size_bytes);
  return (uint32_t)(hash ^ hash >> 32);
}

uint32_t gli__store_find(gli__store *store, const void *bytes, size_t size_bytes) {
  const uint32_t hash = content_hash(bytes, size_bytes);
  uint32_t reference = GLI__STORE_NONE;
  store_lock(store);
  if (store->table != NULL) {
    const uint64_t entry = store->table->slots[find_slot(store, hash, bytes, size_bytes)];
    reference = (uint32_t)entry - 1; /* a free slot: 0 - 1 */
  }
  store_unlock(store);
  return reference;
}

static bool grow_table(gli__store *store) {
  store_table *const old = store->table;
  const size_t old_count = old != NULL ? old->slot_count : 0;
  const size_t count = old_count != 0 ? old_count * 2 : SLOTS_FIRST;
  store_table *const table = gli__allocate_zeroed(store->memory, table_size_bytes(count), 1);
  if (table == NULL) {
    return false;
  }
  table->slot_count = count;
  for (size_t k = 0; k < old_count; k++) {
    const uint64_t entry = old->slots[k];
    if (entry != 0) {
      size_t slot = (size_t)(entry >> 32) & (count - 1);
      while (table->slots[slot] != 0) {
        slot = (slot + 1) & (count - 1);
      }
      table->slots[slot] = entry;
    }
  }
  store->table = table;
  count_bytes(store, (count - old_count) * sizeof(uint64_t) + (old == NULL ? sizeof *table : 0));
  if (old != NULL) {
    gli__release(store->memory, old, table_size_bytes(old_count), 1);
  }
  return true;
}

/* A directory that can name segment `index`. */
static bool grow_directory(gli__store *store, size_t index) {
  store_directory *const old = atomic_load_explicit(&store->directory, memory_order_relaxed);
  const size_t old_capacity = old != NULL ? old->capacity : 0;
  if (index < old_capacity) {
    return true;
  }
  const size_t capacity = old_capacity != 0 ? old_capacity * 2 : DIRECTORY_FIRST;
  store_directory *const directory =
      gli__allocate_zeroed(store->memory, directory_size_bytes(capacity), 1);
  if (directory == NULL) {
    return false;
  }
  directory->older = old;
  directory->capacity = capacity;
  if (old != NULL) {
    memcpy(directory->segments, old->segments, old_capacity * sizeof(store_record *));
  }
  count_bytes(store, directory_size_bytes(capacity));
  atomic_store_explicit(&store->directory, directory, memory_order_release);
  return true;
}

static store_record *grow_records(gli__store *store, uint32_t reference) {
  const size_t index = reference >> SEGMENT_SHIFT;
  if (!grow_directory(store, index)) {
    return NULL;
  }
  store_record **const segment =
      &atomic_load_explicit(&store->directory, memory_order_relaxed)->segments[index];
  if (*segment == NULL) {
    *segment = gli__allocate(store->memory, SEGMENT_SIZE, sizeof(store_record));
    if (*segment == NULL) {
      return NULL;
    }
    count_bytes(store, SEGMENT_SIZE * sizeof(store_record));
  }
  return *segment + reference % SEGMENT_SIZE;
}

/* Room for the bytes of a long content. Blocks are an eighth of what is there, so that what is not
 * used yet stays small against what is. */
static uint8_t *grow_bytes(gli__store *store, size_t size_bytes) {
  store_block *block = store->block;
  if (block == NULL || block->capacity_bytes - store->block_used < size_bytes) {
    size_t capacity =
        (size_t)atomic_load_explicit(&store->bytes, memory_order_relaxed) / 8 / 64 * 64;
    capacity = capacity < BLOCK_SMALLEST ? BLOCK_SMALLEST : capacity;
    capacity = capacity > BLOCK_LARGEST ? BLOCK_LARGEST : capacity;
    capacity = capacity < size_bytes ? size_bytes : capacity;
    block = gli__allocate(store->memory, sizeof *block + capacity, 1);
    if (block == NULL) {
      return NULL;
    }
    block->capacity_bytes = capacity;
    count_bytes(store, sizeof *block + capacity);
    if (store->block != NULL && size_bytes > capacity / 2 &&
        store->block->capacity_bytes - store->block_used > capacity - size_bytes) {
      /* A large content of its own: go on filling the current block. */
      block->older = store->block->older;
      store->block->older = block;
      return block->bytes;
    }
    block->older = store->block;
    store->block = block;
    store->block_used = 0;
  }
  uint8_t *const bytes = block->bytes + store->block_used;
  store->block_used += size_bytes;
  return bytes;
}

/* Add a content that is not there. What can fail comes first. */
static gli_status add_new(gli__store *store, uint32_t hash, const void *bytes, size_t size_bytes,
                          uint32_t *reference_out, gli_error *error) {
  const uint32_t reference = atomic_load_explicit(&store->count, memory_order_relaxed);
  if (reference >= COUNT_LIMIT) {
    return gli__fail(error, GLI_ERROR_LIMIT, "%u distinct strings and nested values; no more fit",
                     reference);
  }
  const size_t slot_count = store->table != NULL ? store->table->slot_count : 0;
  if (reference >= slot_count / 4 * 3 && !grow_table(store)) {
    return gli__no_memory(error, "the index of attribute values");
  }
  store_record *const record = grow_records(store, reference);
  if (record == NULL) {
    return gli__no_memory(error, "an attribute value");
  }
  if (size_bytes <= INLINE_SIZE) {
    uint8_t content[INLINE_SIZE] = {0};
    if (size_bytes != 0) {
      memcpy(content, bytes, size_bytes);
    }
    memcpy(record->start, content, sizeof record->start);
    memcpy(record->as.rest, content + sizeof record->start, sizeof record->as.rest);
  } else {
    uint8_t *const place = grow_bytes(store, size_bytes);
    if (place == NULL) {
      return gli__no_memory(error, "an attribute value");
    }
    memcpy(place, bytes, size_bytes);
    memset(record->start, 0, sizeof record->start);
    record->as.bytes = place;
  }
  record->size_bytes = (uint32_t)size_bytes;
  const size_t slot = find_slot(store, hash, bytes, size_bytes);
  store->table->slots[slot] = (uint64_t)hash << 32 | (reference + 1);
  atomic_store_explicit(&store->count, reference + 1, memory_order_release);
  *reference_out = reference;
  return GLI_OK;
}

/* Find or add, with the lock held. */
static gli_status add_hashed(gli__store *store, uint32_t hash, const void *bytes,
                             uint64_t size_bytes, uint32_t *reference_out, gli_error *error) {
  if (size_bytes > UINT32_MAX) {
    return gli__fail(error, GLI_ERROR_LIMIT, "a value of %llu bytes; at most %u fit",
                     (unsigned long long)size_bytes, UINT32_MAX);
  }
  if (store->table != NULL) {
    const uint64_t entry = store->table->slots[find_slot(store, hash, bytes, size_bytes)];
    if (entry != 0) {
      *reference_out = (uint32_t)entry - 1;
      return GLI_OK;
    }
  }
  return add_new(store, hash, bytes, size_bytes, reference_out, error);
}

gli_status gli__store_add(gli__store *store, const void *bytes, size_t size_bytes,
                          uint32_t *reference_out, gli_error *error) {
  const uint32_t hash = size_bytes <= UINT32_MAX ? content_hash(bytes, size_bytes) : 0;
  store_lock(store);
  const gli_status status = add_hashed(store, hash, bytes, size_bytes, reference_out, error);
  store_unlock(store);
  return status;
}

static bool is_content(const gli_value *value) {
  return (value->type == GLI_VALUE_STRING || value->type == GLI_VALUE_NESTED) &&
         value->size_bytes <= UINT32_MAX;
}

gli_status gli__store_add_many(gli__store *store, int64_t count, const gli_value *values,
                               int64_t *references_out, gli_error *error) {
  uint32_t hashes[GROUP_SIZE];
  gli_status status = GLI_OK;
  for (int64_t begin = 0; status == GLI_OK && begin < count; begin += GROUP_SIZE) {
    const int64_t length = count - begin < GROUP_SIZE ? count - begin : GROUP_SIZE;
    store_lock(store);
    for (int64_t k = 0; k < length; k++) {
      const gli_value *const value = &values[begin + k];
      hashes[k] = is_content(value) ? content_hash(value->as.bytes, value->size_bytes) : 0;
      if (store->table != NULL) {
        GLI__PREFETCH(&store->table->slots[hashes[k] & (store->table->slot_count - 1)]);
      }
    }
    for (int64_t k = 0; status == GLI_OK && k < length; k++) {
      const gli_value *const value = &values[begin + k];
      uint32_t reference = 0;
      if (value->type == GLI_VALUE_STRING || value->type == GLI_VALUE_NESTED) {
        status =
            add_hashed(store, hashes[k], value->as.bytes, value->size_bytes, &reference, error);
        references_out[begin + k] = reference;
      }
    }
    store_unlock(store);
  }
  return status;
}

uint32_t gli__store_count(const gli__store *store) {
  return atomic_load_explicit(&store->count, memory_order_acquire);
}

int64_t gli__store_bytes(const gli__store *store) {
  return atomic_load_explicit(&store->bytes, memory_order_relaxed);
}
