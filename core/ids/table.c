/* table.c: the hash table of ids, its growth and the history of ids added again.
 *
 * Linear probing over 8-byte slots, at most seven in ten used. Measured on 1 M ids of this machine:
 * a Robin Hood order saves nothing at that load and cannot be read without a lock while it moves.
 *
 * Readers beside the adder. The adder writes a record, then stores its slot with release order; a
 * reader loads slots with acquire order and looks at no record whose index is not below its own
 * limit, so it touches nothing that is being written. Growth fills a new table and publishes the
 * pointer; a reader that still walks the old one finds there everything that was in it, which
 * covers its limit. The old one is freed at once when this graph holds the only reference (then no
 * reader exists: a graph's own readers are kept out by its lock, and references are only made from
 * the graph's own), else it is chained and freed when that is so again, at the latest with the ids.
 * All old tables together are smaller than the current one.
 *
 * An id that was removed and is added again takes over its slot, so that a million removals and
 * adds of one id do not make a chain of a million dead slots. The older index goes to the history;
 * only a reader with an older limit follows it. A pair may be taken back and another put in its
 * place while such a reader searches: it compares the record in the end, and starts anew when
 * `undone` moved. */
#include "base/error.h"
#include "ids/storage.h"

void gli__id_release_retired(gli__ids *ids) {
  while (ids->retired != NULL) {
    gli__id_block *block = ids->retired;
    ids->retired = block->next;
    gli__release(ids->memory, block, block->size_bytes, 1);
  }
}

void gli__id_retire(gli__ids *ids, void *block_pointer) {
  gli__id_block *block = block_pointer;
  if (block == NULL) return;
  block->next = ids->retired;
  ids->retired = block;
  if (atomic_load_explicit(&ids->references, memory_order_acquire) == 1)
    gli__id_release_retired(ids);
}

/* --- Looking up ---------------------------------------------------------------------------- */

/* The index that `newer` had before its id was added again, or GLI_NODE_NONE. */
static int32_t older_index(const gli__ids *ids, int32_t newer) {
  gli__id_history *history = atomic_load_explicit(&ids->history, memory_order_acquire);
  if (history == NULL) return GLI_NODE_NONE;
  int64_t low = 0, high = atomic_load_explicit(&history->count, memory_order_acquire);
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    uint64_t pair = atomic_load_explicit(&history->pairs[middle], memory_order_acquire);
    if ((int32_t)(pair >> 32) == newer) return (int32_t)(uint32_t)pair;
    if ((int32_t)(pair >> 32) < newer)
      low = middle + 1;
    else
      high = middle;
  }
  return GLI_NODE_NONE;
}

int32_t gli__id_look_up(const gli__ids *ids, const gli__id_table *table, uint32_t tag,
                        gli__id_record key, int32_t limit) {
again:;
  uint64_t undone = atomic_load_explicit(&ids->undone, memory_order_acquire);
  bool went_back = false;
  uint64_t position = gli__id_home(table, tag);
  for (;;) {
    uint64_t slot = atomic_load_explicit(&table->slots[position], memory_order_acquire);
    if (slot == 0) break;
    if (slot >> 32 == tag && (uint32_t)slot != GLI__ID_TOMBSTONE) {
      int32_t index = (int32_t)((uint32_t)slot - 1);
      while (GLI__UNLIKELY(index >= limit)) {
        went_back = true;
        index = older_index(ids, index);
      }
      if (GLI__LIKELY(index >= 0) && gli__id_equal(*gli__id_at(ids, index), key)) return index;
    }
    if (++position == table->slot_count) position = 0;
  }
  if (went_back && atomic_load_explicit(&ids->undone, memory_order_acquire) != undone) goto again;
  return GLI_NODE_NONE;
}

uint64_t gli__ids_hash(const gli_id *id) {
  return gli__id_hash_key(gli__id_key(id));
}

void gli__ids_prefetch_slot(const gli__ids *ids, uint64_t hash) {
  const gli__id_table *table = atomic_load_explicit(&ids->table, memory_order_acquire);
  if (table != NULL)
    GLI__PREFETCH((const void *)&table->slots[gli__id_home(table, gli__id_tag(hash))]);
}

void gli__ids_prefetch_slot_of(const gli__ids *ids, int32_t index) {
  if (atomic_load_explicit(&ids->table, memory_order_acquire) == NULL) return;
  const gli__id_record record = *gli__id_at(ids, index);
  if (gli__id_kind(record) != GLI__ID_LONG) gli__ids_prefetch_slot(ids, gli__id_hash_key(record));
}

static int32_t find_identical(const gli_id *id, int32_t limit, const uint64_t *bits) {
  if (id->kind != GLI_ID_INT || (uint64_t)id->as.integer >= (uint64_t)limit) return GLI_NODE_NONE;
  const int32_t index = (int32_t)id->as.integer;
  return gli_bit(bits, index) ? index : GLI_NODE_NONE;
}

/* A candidate that is the id, or the whole search. */
static inline int32_t confirm(const gli__ids *ids, const gli__id_table *table, int32_t candidate,
                              uint32_t tag, gli__id_record key, int32_t limit,
                              const uint64_t *bits) {
  int32_t index = candidate;
  if (index == GLI_NODE_NONE) return index;
  /* At the limit or above: newer than this reader's view, or being written. */
  if (GLI__UNLIKELY(index >= limit || !gli__id_equal(*gli__id_at(ids, index), key)))
    index = gli__id_look_up(ids, table, tag, key, limit);
  return index >= 0 && gli_bit(bits, index) ? index : GLI_NODE_NONE;
}

int32_t gli__ids_find(const gli__ids *ids, const gli_id *id, uint64_t hash, int32_t limit,
                      const uint64_t *bits) {
  const gli__id_table *table = atomic_load_explicit(&ids->table, memory_order_acquire);
  if (table == NULL) return find_identical(id, limit, bits);
  const uint32_t tag = gli__id_tag(hash);
  return confirm(ids, table, gli__id_candidate(table, tag), tag, gli__id_key(id), limit, bits);
}

void gli__ids_find_pair(const gli__ids *ids, gli__ids_pair *pair, int32_t limit,
                        const uint64_t *bits) {
  const gli__id_table *table = atomic_load_explicit(&ids->table, memory_order_acquire);
  if (table == NULL) {
    for (int end = 0; end < 2; end++)
      pair->index[end] = find_identical(pair->id[end], limit, bits);
    return;
  }
  const uint32_t tags[2] = {gli__id_tag(pair->hash[0]), gli__id_tag(pair->hash[1])};
  GLI__PREFETCH((const void *)&table->slots[gli__id_home(table, tags[1])]);
  int32_t candidates[2];
  for (int end = 0; end < 2; end++) {
    candidates[end] = gli__id_candidate(table, tags[end]);
    if (candidates[end] != GLI_NODE_NONE) GLI__PREFETCH(gli__id_at(ids, candidates[end]));
  }
  for (int end = 0; end < 2; end++)
    pair->index[end] =
        confirm(ids, table, candidates[end], tags[end], gli__id_key(pair->id[end]), limit, bits);
}

/* --- Growing ------------------------------------------------------------------------------- */

static gli_status grow_directory(gli__ids *ids, gli_error *error) {
  int32_t capacity = ids->directory_capacity == 0 ? 16 : ids->directory_capacity * 2;
  size_t size_bytes = sizeof(gli__id_directory) + (size_t)capacity * sizeof(gli__id_record *);
  gli__id_directory *directory = gli__allocate_zeroed(ids->memory, size_bytes, 1);
  if (directory == NULL) return gli__no_memory(error, "the directory of ids");
  directory->block.size_bytes = size_bytes;
  gli__id_directory *old = atomic_load_explicit(&ids->directory, memory_order_relaxed);
  for (int32_t segment = 0; segment < ids->segment_count; segment++)
    directory->segments[segment] = old->segments[segment];
  atomic_store_explicit(&ids->directory, directory, memory_order_release);
  ids->directory_capacity = capacity;
  gli__id_retire(ids, old);
  return GLI_OK;
}

/* Segments for the records below `limit`. */
static gli_status make_records(gli__ids *ids, int32_t limit, gli_error *error) {
  if (limit == 0) return GLI_OK;
  uint32_t offset = 0;
  int32_t last = gli__id_segment(limit - 1, &offset);
  while (ids->segment_count <= last) {
    if (ids->segment_count == ids->directory_capacity) {
      gli_status status = grow_directory(ids, error);
      if (status != GLI_OK) return status;
    }
    gli__id_record *records = gli__allocate(ids->memory, gli__id_segment_size(ids->segment_count),
                                            sizeof(gli__id_record));
    if (records == NULL) return gli__no_memory(error, "the records of ids");
    gli__id_directory *directory = atomic_load_explicit(&ids->directory, memory_order_relaxed);
    directory->segments[ids->segment_count++] = records;
  }
  return GLI_OK;
}

void gli__id_release_records(gli__ids *ids) {
  gli__id_directory *directory = atomic_load_explicit(&ids->directory, memory_order_relaxed);
  for (int32_t segment = 0; segment < ids->segment_count; segment++)
    gli__release(ids->memory, directory->segments[segment], gli__id_segment_size(segment),
                 sizeof(gli__id_record));
}

static gli__id_table *create_table(gli__ids *ids, uint64_t slot_count) {
  size_t size_bytes = sizeof(gli__id_table) + (size_t)slot_count * sizeof(uint64_t);
  gli__id_table *table = gli__allocate_zeroed(ids->memory, size_bytes, 1);
  if (table == NULL) return NULL;
  table->block.size_bytes = size_bytes;
  table->slot_count = slot_count;
  return table;
}

/* Enter a slot into a table that no one else sees. */
static void place(gli__id_table *table, uint64_t slot) {
  uint64_t position = gli__id_home(table, (uint32_t)(slot >> 32));
  while (atomic_load_explicit(&table->slots[position], memory_order_relaxed) != 0)
    if (++position == table->slot_count) position = 0;
  atomic_store_explicit(&table->slots[position], slot, memory_order_relaxed);
}

static bool is_full(uint64_t used, uint64_t slot_count) {
  return used * 10 > slot_count * 7;
}

/* A table with room for `entries`, holding what the old one holds, without its tombstones. */
static gli_status grow_table(gli__ids *ids, uint64_t entries, gli_error *error) {
  gli__id_table *old = atomic_load_explicit(&ids->table, memory_order_relaxed);
  uint64_t slot_count = old == NULL ? 64 : old->slot_count;
  /* Some room to spare: adds that are taken back leave tombstones, which must not bring a rebuild
   * each time when the table is nearly full. */
  while (is_full(entries + slot_count / 16, slot_count))
    slot_count *= 2;
  gli__id_table *table = create_table(ids, slot_count);
  if (table == NULL) return gli__no_memory(error, "the table of ids");
  uint64_t used = 0;
  for (uint64_t position = 0; old != NULL && position < old->slot_count; position++) {
    uint64_t slot = atomic_load_explicit(&old->slots[position], memory_order_relaxed);
    if (slot == 0 || (uint32_t)slot == GLI__ID_TOMBSTONE) continue;
    place(table, slot);
    used++;
  }
  ids->used_slots = used;
  atomic_store_explicit(&ids->table, table, memory_order_release);
  gli__id_retire(ids, old);
  return GLI_OK;
}

gli_status gli__id_check_limit(const gli__ids *ids, int64_t count, gli_error *error) {
  if (count > GLI__ID_COUNT_LIMIT - ids->count)
    return gli__fail(error, GLI_ERROR_LIMIT, "%lld nodes and %lld more; at most %d fit",
                     (long long)ids->count, (long long)count, GLI__ID_COUNT_LIMIT);
  return GLI_OK;
}

gli_status gli__id_make_room(gli__ids *ids, int64_t count, gli_error *error) {
  gli_status status = gli__id_check_limit(ids, count, error);
  if (status == GLI_OK) status = make_records(ids, ids->count + (int32_t)count, error);
  if (status != GLI_OK) return status;
  gli__id_table *table = atomic_load_explicit(&ids->table, memory_order_relaxed);
  if (is_full(ids->used_slots + (uint64_t)count, table->slot_count))
    return grow_table(ids, (uint64_t)ids->count + (uint64_t)count, error);
  return GLI_OK;
}

void gli__id_expect(gli__ids *ids, int64_t count) {
  gli__id_table *table = atomic_load_explicit(&ids->table, memory_order_relaxed);
  if (count > GLI__ID_COUNT_LIMIT - ids->count) count = GLI__ID_COUNT_LIMIT - ids->count;
  if (!is_full(ids->used_slots + (uint64_t)count, table->slot_count)) return;
  gli_status status = grow_table(ids, (uint64_t)ids->count + (uint64_t)count, NULL);
  (void)status; /* a hint: it grows step by step then */
}

gli_status gli__id_materialize(gli__ids *ids, gli_error *error) {
  gli_status status = make_records(ids, ids->count, error);
  if (status != GLI_OK) return status;
  uint64_t slot_count = 64;
  while (is_full((uint64_t)ids->count + 1, slot_count))
    slot_count *= 2;
  gli__id_table *table = create_table(ids, slot_count);
  if (table == NULL) return gli__no_memory(error, "the table of ids");
  for (int32_t begin = 0; begin < ids->count; begin += GLI__ID_GROUP) {
    int32_t end = ids->count - begin < GLI__ID_GROUP ? ids->count : begin + GLI__ID_GROUP;
    uint32_t tags[GLI__ID_GROUP];
    for (int32_t index = begin; index < end; index++) {
      tags[index - begin] = gli__id_tag(gli__hash_int((uint64_t)index));
      GLI__PREFETCH((const void *)&table->slots[gli__id_home(table, tags[index - begin])]);
    }
    for (int32_t index = begin; index < end; index++) {
      *gli__id_at(ids, index) = gli__id_int_key(index);
      place(table, gli__id_slot(tags[index - begin], index));
    }
  }
  ids->used_slots = (uint64_t)ids->count;
  atomic_store_explicit(&ids->table, table, memory_order_release);
  return GLI_OK;
}

/* --- Adding -------------------------------------------------------------------------------- */

static gli_status grow_history(gli__ids *ids, gli__id_history *old, gli_error *error) {
  int64_t capacity = old == NULL ? 16 : old->capacity * 2;
  size_t size_bytes = sizeof(gli__id_history) + (size_t)capacity * sizeof(uint64_t);
  gli__id_history *history = gli__allocate_zeroed(ids->memory, size_bytes, 1);
  if (history == NULL) return gli__no_memory(error, "the history of ids");
  history->block.size_bytes = size_bytes;
  history->capacity = capacity;
  int64_t count = old == NULL ? 0 : atomic_load_explicit(&old->count, memory_order_relaxed);
  for (int64_t pair = 0; pair < count; pair++)
    atomic_store_explicit(&history->pairs[pair],
                          atomic_load_explicit(&old->pairs[pair], memory_order_relaxed),
                          memory_order_relaxed);
  atomic_store_explicit(&history->count, count, memory_order_relaxed);
  atomic_store_explicit(&ids->history, history, memory_order_release);
  gli__id_retire(ids, old);
  return GLI_OK;
}

static gli_status remember_older(gli__ids *ids, int32_t newer, int32_t older, gli_error *error) {
  gli__id_history *history = atomic_load_explicit(&ids->history, memory_order_relaxed);
  int64_t count = history == NULL ? 0 : atomic_load_explicit(&history->count, memory_order_relaxed);
  if (history == NULL || count == history->capacity) {
    gli_status status = grow_history(ids, history, error);
    if (status != GLI_OK) return status;
    history = atomic_load_explicit(&ids->history, memory_order_relaxed);
  }
  atomic_store_explicit(&history->pairs[count], (uint64_t)newer << 32 | (uint32_t)older,
                        memory_order_release);
  atomic_store_explicit(&history->count, count + 1, memory_order_release);
  return GLI_OK;
}

/* Copy a long text into the arena. */
static gli_status keep_text(gli__ids *ids, gli__id_record *key, gli_error *error) {
  size_t size = (uint32_t)key->high;
  gli__id_text *text = ids->texts;
  if (text == NULL || text->capacity - text->used < size) {
    size_t wanted = ids->text_bytes < 65536 ? 1024 : 65536;
    size_t capacity = size > wanted ? size : wanted;
    gli__id_text *fresh = gli__allocate(ids->memory, sizeof(gli__id_text) + capacity, 1);
    if (fresh == NULL) return gli__no_memory(error, "the text of an id");
    fresh->next = text;
    fresh->capacity = capacity;
    fresh->used = 0;
    ids->texts = text = fresh;
    ids->text_bytes += (int64_t)(sizeof(gli__id_text) + capacity);
  }
  memcpy(text->bytes + text->used, gli__id_long_text(*key), size);
  key->low = (uint64_t)(uintptr_t)(text->bytes + text->used);
  text->used += size;
  return GLI_OK;
}

gli_status gli__id_enter(gli__ids *ids, uint32_t tag, gli__id_record key,
                         const gli__id_alive *alive, int32_t *index_out, gli_error *error) {
  gli__id_table *table = atomic_load_explicit(&ids->table, memory_order_relaxed);
  uint64_t position = gli__id_home(table, tag), free_position = UINT64_MAX;
  int32_t older = GLI_NODE_NONE;
  for (;;) {
    uint64_t slot = atomic_load_explicit(&table->slots[position], memory_order_relaxed);
    if (slot == 0) break;
    if ((uint32_t)slot == GLI__ID_TOMBSTONE) {
      if (free_position == UINT64_MAX) free_position = position;
    } else if (slot >> 32 == tag) {
      int32_t index = (int32_t)((uint32_t)slot - 1);
      if (gli__id_equal(*gli__id_at(ids, index), key)) {
        older = index;
        break;
      }
    }
    if (++position == table->slot_count) position = 0;
  }
  gli_status status = GLI_OK;
  if (older != GLI_NODE_NONE) {
    if (alive != NULL && (older >= alive->limit || gli_bit(alive->bits, older))) {
      *index_out = older;
      return GLI_OK;
    }
    status = remember_older(ids, ids->count, older, error);
    key = *gli__id_at(ids, older);
  } else {
    if (free_position != UINT64_MAX) position = free_position;
    if (gli__id_kind(key) == GLI__ID_LONG) status = keep_text(ids, &key, error);
  }
  if (status != GLI_OK) return status;
  if (atomic_load_explicit(&table->slots[position], memory_order_relaxed) == 0) ids->used_slots++;
  *gli__id_at(ids, ids->count) = key;
  atomic_store_explicit(&table->slots[position], gli__id_slot(tag, ids->count),
                        memory_order_release);
  *index_out = ids->count++;
  gli__id_note_integer(ids, key);
  return GLI_OK;
}

/* The text of an id that goes, when it is the newest in the arena. */
static void drop_text(gli__ids *ids, gli__id_record record) {
  gli__id_text *text = ids->texts;
  if (gli__id_kind(record) == GLI__ID_LONG && text != NULL &&
      gli__id_long_text(record) + (uint32_t)record.high == text->bytes + text->used)
    text->used -= (uint32_t)record.high;
}

/* Whether an id from index `keep` on was there before, under an older index. */
static bool has_added_again(const gli__ids *ids, int32_t keep) {
  gli__id_history *history = atomic_load_explicit(&ids->history, memory_order_relaxed);
  int64_t count = history == NULL ? 0 : atomic_load_explicit(&history->count, memory_order_relaxed);
  if (count == 0) return false;
  return (int32_t)(atomic_load_explicit(&history->pairs[count - 1], memory_order_relaxed) >> 32) >=
         keep;
}

/* A table without what is to go, as growing makes one: readers with an older limit find all of
 * theirs in either. */
bool gli__id_leave_many(gli__ids *ids, int32_t keep) {
  gli__id_table *old = atomic_load_explicit(&ids->table, memory_order_relaxed);
  if (has_added_again(ids, keep)) return false;
  uint64_t slot_count = 64, used = 0;
  while (is_full((uint64_t)keep + slot_count / 16, slot_count))
    slot_count *= 2;
  gli__id_table *table = create_table(ids, slot_count);
  if (table == NULL) return false;
  for (uint64_t position = 0; keep > 0 && position < old->slot_count; position++) {
    uint64_t slot = atomic_load_explicit(&old->slots[position], memory_order_relaxed);
    if (slot == 0 || (uint32_t)slot == GLI__ID_TOMBSTONE || (uint32_t)slot > (uint32_t)keep)
      continue;
    place(table, slot);
    used++;
  }
  while (ids->count > keep)
    drop_text(ids, *gli__id_at(ids, --ids->count));
  ids->used_slots = used;
  atomic_store_explicit(&ids->table, table, memory_order_release);
  gli__id_retire(ids, old);
  return true;
}

/* Undo the newest gli__id_enter. */
void gli__id_leave(gli__ids *ids) {
  int32_t index = ids->count - 1;
  gli__id_record record = *gli__id_at(ids, index);
  gli__id_table *table = atomic_load_explicit(&ids->table, memory_order_relaxed);
  uint32_t tag = gli__id_tag(gli__id_hash_key(record));
  uint64_t position = gli__id_home(table, tag), wanted = gli__id_slot(tag, index);
  while (atomic_load_explicit(&table->slots[position], memory_order_relaxed) != wanted)
    if (++position == table->slot_count) position = 0;
  int32_t older = older_index(ids, index);
  if (older != GLI_NODE_NONE) {
    gli__id_history *history = atomic_load_explicit(&ids->history, memory_order_relaxed);
    atomic_fetch_add_explicit(&ids->undone, 1, memory_order_release);
    atomic_store_explicit(&table->slots[position], gli__id_slot(tag, older), memory_order_release);
    atomic_fetch_sub_explicit(&history->count, 1, memory_order_release);
  } else {
    atomic_store_explicit(&table->slots[position], (uint64_t)tag << 32 | GLI__ID_TOMBSTONE,
                          memory_order_release);
    drop_text(ids, record);
  }
  ids->count--;
}
