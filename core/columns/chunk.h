/* chunk.h: 4,096 values of a column in the form that is cheapest for them.
 *
 *   packed    few values: their offsets (uint16, rising) beside their values. 2 + width bytes a
 *             value and a header of 64; a look-up is a binary search. One in 1,000 rows: ~35 bytes
 *             a value, where a bitmap of presence alone would cost 128.
 *   constant  all values that are not null are equal: two bitmaps and one value.
 *   dense     a bitmap and an array that reaches as far as the highest offset (64, 128 ... 4,096).
 *
 * A new chunk is packed, unless it goes on where a full one ended (then it takes that one's form,
 * so appending converts nothing). Packed becomes constant or dense once a quarter of the offsets
 * up to its last one is taken, or at 512 values.
 *
 * Integers and references are kept in the narrowest of 1, 2, 4, 8 bytes, signed, that all values of
 * the chunk need; it grows on demand. A chunk whose values are of several types is MIXED: 8 bytes
 * and a type byte each. Null is a bit of its own, except in packed chunks, where it is an entry of
 * type NULL (the chunk is MIXED then).
 *
 * Chunks are reference-counted and shared between columns; who writes one must hold its only
 * reference (gli__chunk_prepare clones it otherwise). Preparing may fail and changes no value;
 * writing after it cannot fail. */
#ifndef GLI_COLUMNS_CHUNK_H
#define GLI_COLUMNS_CHUNK_H

#include <gli/value.h>

#include "base/memory.h"

#define GLI__CHUNK_SHIFT 12
#define GLI__CHUNK_SIZE 4096
#define GLI__CHUNK_WORDS (GLI__CHUNK_SIZE / 64)

/* Of columns and of chunks: a gli_value_type less one, so that no table is needed. */
typedef enum gli__column_kind {
  GLI__COLUMN_EMPTY = 0, /* no value but nulls was ever set */
  GLI__COLUMN_BOOL = GLI_VALUE_BOOL - 1,
  GLI__COLUMN_INT64 = GLI_VALUE_INT64 - 1,
  GLI__COLUMN_FLOAT64 = GLI_VALUE_FLOAT64 - 1,
  GLI__COLUMN_STRING = GLI_VALUE_STRING - 1,
  GLI__COLUMN_NESTED = GLI_VALUE_NESTED - 1,
  GLI__COLUMN_MIXED,
} gli__column_kind;

/* How a chunk is kept. Dense ones are named by their width, so that the paths for one value need
 * a single switch. */
typedef enum gli__chunk_form {
  GLI__CHUNK_PACKED = 0,
  GLI__CHUNK_DENSE_1 = 1,
  GLI__CHUNK_DENSE_2 = 2,
  GLI__CHUNK_DENSE_4 = 4,
  GLI__CHUNK_DENSE_8 = 8,
  GLI__CHUNK_CONSTANT = 16,
} gli__chunk_form;

/* 64 bytes: one cache line. A value is 64 bits: an int, a bool, a float's bits, a reference. */
typedef struct gli__chunk {
  _Atomic uint32_t references;
  uint8_t form;           /* gli__chunk_form */
  uint8_t kind;           /* gli__column_kind of the values that are not null */
  uint8_t width;          /* bytes per value in data */
  uint8_t reserved;       /* zero */
  uint16_t present_count; /* nulls included */
  uint16_t null_count;    /* constant and dense; packed keeps nulls as entries */
  uint32_t capacity;      /* values that data has room for */
  int64_t constant;
  uint8_t *data;       /* values, then positions (packed), then types (MIXED): one block */
  uint64_t *present;   /* 64 words; packed: NULL */
  uint64_t *nulls;     /* 64 words, or NULL while there was none */
  uint8_t *types;      /* inside data; MIXED only */
  uint16_t *positions; /* inside data; packed only */
} gli__chunk;

/* What is about to be written into one chunk, summed up: enough to make room for it. */
typedef struct gli__chunk_need {
  uint32_t low, high; /* smallest and largest offset */
  uint32_t count;     /* values; more than are new is no harm */
  uint8_t kind;       /* EMPTY: nothing but nulls; MIXED: several types */
  bool has_null;
  int64_t min, max; /* of the values that are not null */
} gli__chunk_need;

/* One chunk spelled out. */
typedef struct gli__chunk_rows {
  uint64_t present[GLI__CHUNK_WORDS];
  uint8_t types[GLI__CHUNK_SIZE]; /* gli_value_type; NULL for nulls */
  int64_t bits[GLI__CHUNK_SIZE];
} gli__chunk_rows;

void gli__chunk_free(gli__memory *memory, gli__chunk *chunk); /* drops one reference */
int64_t gli__chunk_bytes(const gli__chunk *chunk);
/* Make *slot (NULL: nothing yet) a chunk of our own that can take what `need` says. `previous` is
 * the chunk before it, a hint; may be NULL. False: out of memory, no value changed. */
bool gli__chunk_prepare(gli__memory *memory, gli__chunk **slot, const gli__chunk *previous,
                        const gli__chunk_need *need);
/* Write a value (null, or not) that was prepared for. */
void gli__chunk_write(gli__chunk *chunk, uint32_t offset, uint8_t type, int64_t bits);
/* Take a value away from a chunk that we own, if it is there. */
void gli__chunk_remove(gli__chunk *chunk, uint32_t offset);
/* False: absent. */
bool gli__chunk_read(const gli__chunk *chunk, uint32_t offset, uint8_t *type_out,
                     int64_t *bits_out);
/* Spell out a chunk (NULL: nothing present). */
void gli__chunk_decode(const gli__chunk *chunk, gli__chunk_rows *rows);
/* The cheapest chunk for what is spelled out; *chunk_out is NULL when nothing is present. */
bool gli__chunk_encode(gli__memory *memory, const gli__chunk_rows *rows, gli__chunk **chunk_out);
/* A new, empty chunk that fits `need`; a chunk of exactly its values is then as good as it gets. */
bool gli__chunk_create(gli__memory *memory, const gli__chunk *previous, const gli__chunk_need *need,
                       gli__chunk **chunk_out);
/* A deep copy with one reference. */
bool gli__chunk_clone(gli__memory *memory, const gli__chunk *chunk, gli__chunk **clone_out);

/* Write values[0 .. count) of one type, none null, to offsets from `offset`; they were prepared
 * for. `values` are int64, doubles, or (BOOL) bytes. */
void gli__chunk_write_run(gli__chunk *chunk, uint32_t offset, uint8_t type, const void *values,
                          uint32_t count);

static inline gli__chunk_need gli__chunk_need_none(void) {
  const gli__chunk_need none = {
      .low = GLI__CHUNK_SIZE, .kind = GLI__COLUMN_EMPTY, .min = INT64_MAX, .max = INT64_MIN};
  return none;
}

/* Add one value to what is needed. */
static inline void gli__chunk_need_add(gli__chunk_need *need, uint32_t offset, uint8_t type,
                                       int64_t bits) {
  need->low = offset < need->low ? offset : need->low;
  need->high = offset > need->high ? offset : need->high;
  need->count++;
  if (type == GLI_VALUE_NULL) {
    need->has_null = true;
    return;
  }
  const uint8_t kind = (uint8_t)(type - 1);
  if (need->kind != kind) {
    need->kind = need->kind == GLI__COLUMN_EMPTY ? kind : (uint8_t)GLI__COLUMN_MIXED;
  }
  need->min = bits < need->min ? bits : need->min;
  need->max = bits > need->max ? bits : need->max;
}

static inline bool gli__chunk_is_owned(gli__chunk *chunk) {
  return atomic_load_explicit(&chunk->references, memory_order_acquire) == 1;
}

static inline int64_t gli__bits_get(const void *data, uint32_t width, uint32_t k) {
  switch (width) {
    case 1:
      return ((const int8_t *)data)[k];
    case 2:
      return ((const int16_t *)data)[k];
    case 4:
      return ((const int32_t *)data)[k];
    default:
      return ((const int64_t *)data)[k];
  }
}

static inline void gli__bits_put(void *data, uint32_t width, uint32_t k, int64_t bits) {
  switch (width) {
    case 1:
      ((int8_t *)data)[k] = (int8_t)bits;
      break;
    case 2:
      ((int16_t *)data)[k] = (int16_t)bits;
      break;
    case 4:
      ((int32_t *)data)[k] = (int32_t)bits;
      break;
    default:
      ((int64_t *)data)[k] = bits;
  }
}

/* The short way to write one value: an owned chunk without nulls, constant or dense, of the value's
 * kind, that has room. False: nothing was done, take the long way. */
static inline bool gli__chunk_put(gli__chunk *chunk, uint32_t offset, uint8_t type, int64_t bits) {
  if (chunk->kind + 1 != type || chunk->null_count != 0 || !gli__chunk_is_owned(chunk)) {
    return false;
  }
  if (chunk->form == GLI__CHUNK_CONSTANT) {
    if (chunk->constant != bits) {
      return false;
    }
  } else {
    if (offset >= chunk->capacity) {
      return false;
    }
    switch (chunk->form) {
      case GLI__CHUNK_DENSE_1:
        if ((int8_t)bits != bits) {
          return false;
        }
        ((int8_t *)chunk->data)[offset] = (int8_t)bits;
        break;
      case GLI__CHUNK_DENSE_2:
        if ((int16_t)bits != bits) {
          return false;
        }
        ((int16_t *)(void *)chunk->data)[offset] = (int16_t)bits;
        break;
      case GLI__CHUNK_DENSE_4:
        if ((int32_t)bits != bits) {
          return false;
        }
        ((int32_t *)(void *)chunk->data)[offset] = (int32_t)bits;
        break;
      case GLI__CHUNK_DENSE_8:
        ((int64_t *)(void *)chunk->data)[offset] = bits;
        break;
      default:
        return false;
    }
  }
  uint64_t *const word = &chunk->present[offset / 64];
  const uint64_t bit = UINT64_C(1) << (offset % 64);
  chunk->present_count = (uint16_t)(chunk->present_count + ((*word & bit) == 0));
  *word |= bit;
  return true;
}

/* Whether a dense chunk takes a value as it is; then gli__chunk_write needs no preparation. Wider
 * than gli__chunk_put: nulls and values of several types too. */
static inline bool gli__chunk_is_ready(gli__chunk *chunk, uint32_t offset, uint8_t type,
                                       int64_t bits) {
  if (offset >= chunk->capacity || chunk->form == GLI__CHUNK_PACKED ||
      !gli__chunk_is_owned(chunk)) {
    return false;
  }
  if (type == GLI_VALUE_NULL) {
    return chunk->nulls != NULL;
  }
  if (chunk->kind != GLI__COLUMN_MIXED && chunk->kind + 1 != type) {
    return false;
  }
  const uint32_t unused = 64 - 8 * (uint32_t)chunk->width;
  return (int64_t)((uint64_t)bits << unused) >> unused == bits;
}

#endif
