/* storage.h: what gli__ids is made of; seen by the files of this room only.
 *
 * Record: 16 bytes per index. The top byte of `high` says what it is: 0 to 15 is the length of a
 * text whose bytes fill the rest from the first byte on, zero padded; GLI__ID_INTEGER has the
 * integer in `low`; GLI__ID_LONG has a pointer into the arena in `low` and the length in the low
 * half of `high`. Two records of short ids are the same id exactly when both words agree, so a
 * look-up compares two words. A look-up key is such a record too, with `low` pointing to the
 * caller's text.
 *
 * Records stand in segments that never move: 64, 64, 128, 256 ... up to 131,072 (2 MiB, one huge
 * page), then all of that size. A directory of segment pointers is all that grows.
 *
 * Table: slots of one 64-bit word, tag in the high half, index + 1 in the low half, 0 empty. The
 * tag is the high half of the hash and its home is tag * slot_count >> 32: rising tags have rising
 * homes, so growing a table is one sequential pass over the old slots into the new ones, without a
 * look at the records. (Masking low bits instead scatters that pass: 3 times slower at 1 M.) */
#ifndef GLI_IDS_STORAGE_H
#define GLI_IDS_STORAGE_H

#include <stdatomic.h>

#include <gli/snapshot.h>

#include "base/hash.h"
#include "ids/ids.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "a record's text starts at the low byte of its first word");

#define GLI__ID_INLINE_SIZE 15
#define GLI__ID_INTEGER 0xFEu
#define GLI__ID_LONG 0xFFu
#define GLI__ID_FIRST_SHIFT 6    /* records of the first segment: 64 */
#define GLI__ID_SEGMENT_SHIFT 17 /* of the largest */
#define GLI__ID_COUNT_LIMIT INT32_MAX
#define GLI__ID_TOMBSTONE UINT32_C(0xFFFFFFFF) /* low half of a slot whose add was taken back */
#define GLI__ID_GROUP 64                       /* look-ups whose cache misses overlap */

typedef struct gli__id_record {
  uint64_t low;
  uint64_t high;
} gli__id_record;

/* Head of what is replaced when it grows; chained while a snapshot may still read it. */
typedef struct gli__id_block {
  struct gli__id_block *next;
  size_t size_bytes;
} gli__id_block;

typedef struct gli__id_table {
  gli__id_block block;
  uint64_t slot_count;
  uint64_t padding[5]; /* slots begin at a cache line of the block */
  _Atomic uint64_t slots[];
} gli__id_table;

typedef struct gli__id_directory {
  gli__id_block block;
  gli__id_record *segments[];
} gli__id_directory;

/* An id that was removed and added again: its slot has the newer index, and a pair (newer << 32 |
 * older) says where to look for the older one. Pairs rise with `newer`. */
typedef struct gli__id_history {
  gli__id_block block;
  int64_t capacity;
  _Atomic int64_t count;
  _Atomic uint64_t pairs[];
} gli__id_history;

typedef struct gli__id_text {
  struct gli__id_text *next;
  size_t capacity;
  size_t used;
  char bytes[];
} gli__id_text;

struct gli__ids {
  gli__memory *memory;
  _Atomic int64_t references;
  _Atomic(gli__id_table *) table; /* NULL: the identity */
  _Atomic(gli__id_directory *) directory;
  _Atomic(gli__id_history *) history;
  _Atomic uint64_t undone; /* grows when a pair is taken back */
  /* The rest is the adder's alone. */
  gli__id_block *retired; /* replaced while snapshots were there */
  gli__id_text *texts;    /* newest first */
  uint64_t used_slots;    /* tombstones included */
  uint64_t next_integer;  /* 2^63: none left */
  uint64_t undo_next[2];  /* next_integer before the last two adds */
  int64_t text_bytes;     /* of all arena blocks */
  int32_t count;
  int32_t segment_count;
  int32_t directory_capacity;
};

static inline uint32_t gli__id_tag(uint64_t hash) {
  return (uint32_t)(hash >> 32);
}
static inline uint64_t gli__id_home(const gli__id_table *table, uint32_t tag) {
  return (tag * table->slot_count) >> 32;
}
static inline uint64_t gli__id_slot(uint32_t tag, int32_t index) {
  return (uint64_t)tag << 32 | ((uint32_t)index + 1);
}

/* The index in the first slot whose tag fits, which nearly always names the one, or
 * GLI_NODE_NONE: then the id is not there. Acquire: the slot may be newer than a reader's view, and
 * its segment must be seen. */
static inline int32_t gli__id_candidate(const gli__id_table *table, uint32_t tag) {
  uint64_t position = gli__id_home(table, tag);
  for (;;) {
    const uint64_t slot = atomic_load_explicit(&table->slots[position], memory_order_acquire);
    if (slot >> 32 == tag && (uint32_t)slot != GLI__ID_TOMBSTONE && slot != 0)
      return (int32_t)((uint32_t)slot - 1);
    if (slot == 0) return GLI_NODE_NONE;
    if (++position == table->slot_count) position = 0;
  }
}

static inline int32_t gli__id_segment(int32_t index, uint32_t *offset_out) {
  uint32_t at = (uint32_t)index;
  if (at >= 1u << GLI__ID_SEGMENT_SHIFT) {
    *offset_out = at & ((1u << GLI__ID_SEGMENT_SHIFT) - 1);
    return GLI__ID_SEGMENT_SHIFT - GLI__ID_FIRST_SHIFT + (int32_t)(at >> GLI__ID_SEGMENT_SHIFT);
  }
  if (at < 1u << GLI__ID_FIRST_SHIFT) {
    *offset_out = at;
    return 0;
  }
  int32_t top = 31 - __builtin_clz(at);
  *offset_out = at - (1u << top);
  return top - GLI__ID_FIRST_SHIFT + 1;
}
static inline size_t gli__id_segment_size(int32_t segment) {
  int32_t shift = GLI__ID_FIRST_SHIFT + (segment <= 1 ? 0 : segment - 1);
  return (size_t)1 << (shift > GLI__ID_SEGMENT_SHIFT ? GLI__ID_SEGMENT_SHIFT : shift);
}
static inline gli__id_record *gli__id_at(const gli__ids *ids, int32_t index) {
  uint32_t offset = 0;
  int32_t segment = gli__id_segment(index, &offset);
  return atomic_load_explicit(&ids->directory, memory_order_acquire)->segments[segment] + offset;
}

static inline uint64_t gli__id_load(const char *text, size_t size) {
  uint64_t word = 0;
  memcpy(&word, text, size);
  return word;
}
/* The key of a text of up to 15 bytes: overlapping loads instead of a copy of variable length. */
static inline gli__id_record gli__id_short_key(const char *text, uint32_t size) {
  gli__id_record key = {0, (uint64_t)size << 56};
  if (size > 8) {
    key.low = gli__id_load(text, 8);
    key.high |= gli__id_load(text + size - 8, 8) >> (8 * (16 - size));
  } else if (size == 8) {
    key.low = gli__id_load(text, 8);
  } else if (size >= 4) {
    key.low = gli__id_load(text, 4) | gli__id_load(text + size - 4, 4) << (8 * (size - 4));
  } else if (size > 0) {
    key.low = (uint64_t)(uint8_t)text[0] | (uint64_t)(uint8_t)text[size / 2] << (8 * (size / 2)) |
              (uint64_t)(uint8_t)text[size - 1] << (8 * (size - 1));
  }
  return key;
}
static inline gli__id_record gli__id_int_key(int64_t integer) {
  gli__id_record key = {(uint64_t)integer, (uint64_t)GLI__ID_INTEGER << 56};
  return key;
}
static inline gli__id_record gli__id_key(const gli_id *id) {
  if (id->kind == GLI_ID_INT) return gli__id_int_key(id->as.integer);
  if (id->size_bytes <= GLI__ID_INLINE_SIZE) return gli__id_short_key(id->as.text, id->size_bytes);
  gli__id_record key = {(uint64_t)(uintptr_t)id->as.text,
                        (uint64_t)GLI__ID_LONG << 56 | id->size_bytes};
  return key;
}
static inline uint32_t gli__id_kind(gli__id_record record) {
  return (uint32_t)(record.high >> 56);
}
static inline const char *gli__id_long_text(gli__id_record record) {
  return (const char *)(uintptr_t)record.low;
}
static inline bool gli__id_equal(gli__id_record left, gli__id_record right) {
  if (left.high != right.high) return false;
  if (left.low == right.low) return true;
  return gli__id_kind(left) == GLI__ID_LONG &&
         memcmp(gli__id_long_text(left), gli__id_long_text(right), (uint32_t)left.high) == 0;
}
/* The id that a stored record says; inline text is borrowed from the record. */
static inline gli_id gli__id_of(const gli__id_record *record) {
  uint32_t kind = gli__id_kind(*record);
  if (kind == GLI__ID_INTEGER) return gli_id_int((int64_t)record->low);
  if (kind == GLI__ID_LONG) return gli_id_text(gli__id_long_text(*record), (uint32_t)record->high);
  return gli_id_text((const char *)record, kind);
}

/* table.c */
/* The index of a key below `limit`, dead or alive, or GLI_NODE_NONE. */
int32_t gli__id_look_up(const gli__ids *ids, const gli__id_table *table, uint32_t tag,
                        gli__id_record key, int32_t limit);
/* GLI_ERROR_LIMIT when `count` more do not fit. */
gli_status gli__id_check_limit(const gli__ids *ids, int64_t count, gli_error *error);
/* Room for `count` more entries in the table and the records; the identity must be over. */
gli_status gli__id_make_room(gli__ids *ids, int64_t count, gli_error *error);
/* About `count` more are coming: a table for them at once, if there is memory for it. */
void gli__id_expect(gli__ids *ids, int64_t count);
/* Which of the indices that a look-up may find are alive: from `limit` on all, below by `bits`. */
typedef struct gli__id_alive {
  int32_t limit;
  const uint64_t *bits; /* NULL: all */
} gli__id_alive;
/* The index of a key that is alive, else the next index, entered. `alive` NULL: none is. Room is
 * there; still the arena and the history may fail to grow: then nothing changed. */
gli_status gli__id_enter(gli__ids *ids, uint32_t tag, gli__id_record key,
                         const gli__id_alive *alive, int32_t *index_out, gli_error *error);
void gli__id_leave(gli__ids *ids); /* undo the newest gli__id_enter */
/* Undo those from index `keep` on at once; false, and nothing is changed, without memory or where
 * one of them is an id added again. */
bool gli__id_leave_many(gli__ids *ids, int32_t keep);
void gli__id_release_records(gli__ids *ids);
/* End the identity: write out the records and the table. */
gli_status gli__id_materialize(gli__ids *ids, gli_error *error);
/* Give a replaced block back, or chain it while a snapshot may read it. */
void gli__id_retire(gli__ids *ids, void *block);
void gli__id_release_retired(gli__ids *ids);

/* What makes an id refused: its kind, or text that is not UTF-8. */
gli_status gli__id_check(const gli_id *id, gli_error *error);

static inline uint64_t gli__id_hash_key(gli__id_record key) {
  uint32_t kind = gli__id_kind(key);
  if (kind == GLI__ID_INTEGER) return gli__hash_int(key.low);
  if (kind == GLI__ID_LONG) return gli__hash(gli__id_long_text(key), (uint32_t)key.high);
  return gli__hash_int(key.low + key.high * UINT64_C(0x9e3779b97f4a7c15));
}

/* Automatic ids stay above every integer entered; the last two states are kept for undoing. */
static inline void gli__id_note_integer(gli__ids *ids, gli__id_record key) {
  ids->undo_next[1] = ids->undo_next[0];
  ids->undo_next[0] = ids->next_integer;
  if (gli__id_kind(key) == GLI__ID_INTEGER && (int64_t)key.low >= 0 && key.low >= ids->next_integer)
    ids->next_integer = key.low + 1;
}

#endif
