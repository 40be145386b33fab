/* column_view.c: whole chunks read: as they are kept, as plain arrays, or gathered anew.
 *
 * Decoding a dense chunk of numbers is one widening copy and one pass over two bitmaps:
 * 1 M rows in about 1 ms. */
#include "base/error.h"
#include "columns/column_bulk.h"

int64_t gli__column_chunk_count(const gli__column *column) {
  return (int64_t)column->chunk_count;
}

static const gli__chunk *chunk_at(const gli__column *column, int64_t chunk) {
  return chunk >= 0 && (uint64_t)chunk < column->chunk_count ? column->chunks[chunk] : NULL;
}

static void view_packed(const gli__chunk *chunk, gli__chunk_view *view) {
  uint64_t *const present = view->words;
  uint64_t *const nulls = view->words + GLI__CHUNK_WORDS;
  memset(view->words, 0, sizeof view->words);
  bool has_null = false;
  for (uint32_t k = 0; k < chunk->present_count; k++) {
    const uint64_t bit = UINT64_C(1) << (chunk->positions[k] % 64);
    present[chunk->positions[k] / 64] |= bit;
    if (chunk->types != NULL && chunk->types[k] == GLI_VALUE_NULL) {
      nulls[chunk->positions[k] / 64] |= bit;
      has_null = true;
    }
  }
  view->present = present;
  view->nulls = has_null ? nulls : NULL;
}

void gli__column_chunk(const gli__column *column, int64_t chunk, gli__chunk_view *view_out) {
  const gli__chunk *const kept = chunk_at(column, chunk);
  view_out->present = NULL;
  view_out->nulls = NULL;
  view_out->types = NULL;
  view_out->kind = GLI__COLUMN_EMPTY;
  view_out->width = 1;
  view_out->is_constant = false;
  view_out->is_packed = false;
  view_out->count = 0;
  view_out->capacity = 0;
  view_out->data = NULL;
  if (kept == NULL || kept->present_count == 0) {
    return;
  }
  view_out->present = kept->present;
  view_out->nulls = kept->null_count != 0 ? kept->nulls : NULL;
  view_out->types = kept->types;
  view_out->kind = (gli__column_kind)kept->kind;
  view_out->width = kept->width;
  view_out->count = kept->present_count;
  view_out->capacity = kept->capacity;
  view_out->data = kept->data;
  if (kept->form == GLI__CHUNK_CONSTANT) {
    view_out->is_constant = true;
    view_out->width = 8;
    view_out->capacity = 1;
    view_out->data = &kept->constant;
  } else if (kept->form == GLI__CHUNK_PACKED) {
    view_out->is_packed = true;
    view_out->capacity = kept->present_count;
    view_packed(kept, view_out);
  }
}

/* Bits of the positions that are present and not null. */
static void valid_words(const gli__chunk *chunk, uint64_t *valid) {
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    valid[word] =
        chunk->present[word] & (chunk->null_count != 0 ? ~chunk->nulls[word] : ~UINT64_C(0));
  }
}

static bool is_wanted(uint8_t type, uint32_t wanted) {
  return (wanted >> type & 1) != 0;
}

#define TYPE_BIT(type) (UINT32_C(1) << (type))
#define INT_TYPES (TYPE_BIT(GLI_VALUE_BOOL) | TYPE_BIT(GLI_VALUE_INT64))
#define NUMBER_TYPES (INT_TYPES | TYPE_BIT(GLI_VALUE_FLOAT64))

/* Values that are not of one dense kind: one by one, through `rows`. */
static bool decode_slowly(const gli__chunk *chunk, uint32_t wanted, gli__chunk_rows *rows,
                          uint64_t *valid) {
  bool has_any = false;
  gli__chunk_decode(chunk, rows);
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    valid[word] = 0;
    for (uint64_t left = rows->present[word]; left != 0; left &= left - 1) {
      if (is_wanted(rows->types[word * 64 + (uint32_t)__builtin_ctzll(left)], wanted)) {
        valid[word] |= left & -left;
        has_any = true;
      }
    }
  }
  return has_any;
}

/* The widening copy of a dense chunk; vector loops. */
static void widen(const gli__chunk *chunk, int64_t *bits) {
  const uint32_t count = chunk->capacity;
  switch (chunk->form) {
    case GLI__CHUNK_DENSE_1:
      for (uint32_t k = 0; k < count; k++) {
        bits[k] = ((const int8_t *)chunk->data)[k];
      }
      break;
    case GLI__CHUNK_DENSE_2:
      for (uint32_t k = 0; k < count; k++) {
        bits[k] = ((const int16_t *)(const void *)chunk->data)[k];
      }
      break;
    case GLI__CHUNK_DENSE_4:
      for (uint32_t k = 0; k < count; k++) {
        bits[k] = ((const int32_t *)(const void *)chunk->data)[k];
      }
      break;
    default:
      memcpy(bits, chunk->data, (size_t)count * sizeof *bits);
  }
}

/* Zero what is not valid. */
static void mask_values(int64_t *bits, const uint64_t *valid) {
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    if (valid[word] == UINT64_MAX) {
      continue;
    }
    for (uint32_t k = 0; k < 64; k++) {
      bits[word * 64 + k] &= -(int64_t)(valid[word] >> k & 1);
    }
  }
}

/* Ints and bools as int64, others by their bits; false: none is wanted. `types` (may be NULL) tells
 * them apart in a chunk of several types. */
static bool decode_bits(const gli__chunk *chunk, uint32_t wanted, int64_t *bits, uint64_t *valid,
                        uint8_t *types) {
  if (chunk == NULL || chunk->present_count == 0) {
    return false;
  }
  if (chunk->form == GLI__CHUNK_PACKED || chunk->types != NULL) {
    gli__chunk_rows rows;
    if (!decode_slowly(chunk, wanted, &rows, valid)) {
      return false;
    }
    memcpy(bits, rows.bits, sizeof rows.bits);
    if (types != NULL) {
      memcpy(types, rows.types, sizeof rows.types);
    }
  } else {
    if (!is_wanted((uint8_t)(chunk->kind + 1), wanted) ||
        chunk->null_count == chunk->present_count) {
      return false;
    }
    valid_words(chunk, valid);
    if (chunk->form == GLI__CHUNK_CONSTANT) {
      for (uint32_t k = 0; k < GLI__CHUNK_SIZE; k++) {
        bits[k] = chunk->constant;
      }
    } else {
      widen(chunk, bits);
      memset(bits + chunk->capacity, 0, (GLI__CHUNK_SIZE - chunk->capacity) * sizeof *bits);
    }
    if (types != NULL) {
      memset(types, chunk->kind + 1, GLI__CHUNK_SIZE);
    }
  }
  mask_values(bits, valid);
  return true;
}

bool gli__column_chunk_ints(const gli__column *column, int64_t chunk, int64_t *values,
                            uint64_t *valid) {
  return decode_bits(chunk_at(column, chunk), INT_TYPES, values, valid, NULL);
}

bool gli__column_chunk_floats(const gli__column *column, int64_t chunk, double *values,
                              uint64_t *valid) {
  const gli__chunk *const kept = chunk_at(column, chunk);
  uint8_t types[GLI__CHUNK_SIZE];
  int64_t bits[GLI__CHUNK_SIZE];
  if (!decode_bits(kept, NUMBER_TYPES, bits, valid, types)) {
    return false;
  }
  if (kept->kind == GLI__COLUMN_FLOAT64) {
    memcpy(values, bits, sizeof bits);
    return true;
  }
  if (kept->kind != GLI__COLUMN_MIXED) {
    for (uint32_t k = 0; k < GLI__CHUNK_SIZE; k++) {
      values[k] = (double)bits[k];
    }
    return true;
  }
  for (uint32_t k = 0; k < GLI__CHUNK_SIZE; k++) {
    const bool is_valid = (valid[k / 64] >> (k % 64) & 1) != 0;
    if (is_valid && types[k] == GLI_VALUE_FLOAT64) {
      memcpy(&values[k], &bits[k], sizeof bits[k]);
    } else {
      values[k] = (double)bits[k]; /* not valid: 0 */
    }
  }
  return true;
}

bool gli__column_chunk_references(const gli__column *column, int64_t chunk, gli__column_kind kind,
                                  uint32_t *references, uint64_t *valid) {
  int64_t bits[GLI__CHUNK_SIZE];
  if (!decode_bits(chunk_at(column, chunk), TYPE_BIT(kind + 1), bits, valid, NULL)) {
    return false;
  }
  for (uint32_t k = 0; k < GLI__CHUNK_SIZE; k++) {
    const uint32_t is_valid = (uint32_t)(valid[k / 64] >> (k % 64) & 1);
    references[k] = (uint32_t)bits[k] | (is_valid - 1);
  }
  return true;
}

/* References of one store, in terms of another. */
static gli_status move_content(const gli__store *from, gli__store *to, int64_t *bits,
                               gli_error *error) {
  size_t size_bytes = 0;
  uint32_t reference = 0;
  const uint8_t *const content = gli__store_get(from, (uint32_t)*bits, &size_bytes);
  const gli_status status = gli__store_add(to, content, size_bytes, &reference, error);
  if (status == GLI_OK) {
    *bits = reference;
  }
  return status;
}

/* Spell out the rows old[kept[0 .. count)]. */
static gli_status gather_rows(const gli__column *column, gli__store *store, const int64_t *kept,
                              uint32_t count, gli__chunk_rows *rows, gli_error *error) {
  memset(rows->present, 0, sizeof rows->present);
  for (uint32_t k = 0; k < count; k++) {
    const gli__chunk *const chunk = chunk_at(column, kept[k] >> GLI__CHUNK_SHIFT);
    if (chunk == NULL || !gli__chunk_read(chunk, (uint32_t)kept[k] % GLI__CHUNK_SIZE,
                                          &rows->types[k], &rows->bits[k])) {
      continue;
    }
    rows->present[k / 64] |= UINT64_C(1) << (k % 64);
    if (store != column->store &&
        (rows->types[k] == GLI_VALUE_STRING || rows->types[k] == GLI_VALUE_NESTED)) {
      const gli_status status = move_content(column->store, store, &rows->bits[k], error);
      if (status != GLI_OK) {
        return status;
      }
    }
  }
  return GLI_OK;
}

/* A chunk that stays whole and at its place is shared instead of copied. */
static gli__chunk *shared_chunk(const gli__column *column, const gli__store *store,
                                const int64_t *kept, uint32_t count) {
  if (count != GLI__CHUNK_SIZE || kept[0] % GLI__CHUNK_SIZE != 0 ||
      kept[count - 1] - kept[0] != GLI__CHUNK_SIZE - 1) {
    return NULL;
  }
  if ((uint64_t)kept[0] >> GLI__CHUNK_SHIFT >= column->chunk_count) {
    return NULL;
  }
  gli__chunk *const chunk = column->chunks[kept[0] >> GLI__CHUNK_SHIFT];
  const bool has_references = chunk != NULL && chunk->kind >= GLI__COLUMN_STRING;
  return store == column->store || !has_references ? chunk : NULL;
}

static uint8_t chunk_kind(const gli__chunk *chunk) {
  if (chunk->kind != GLI__COLUMN_MIXED) {
    return chunk->kind;
  }
  gli__chunk_rows rows;
  uint8_t kind = GLI__COLUMN_EMPTY;
  gli__chunk_decode(chunk, &rows);
  for (uint32_t k = 0; k < GLI__CHUNK_SIZE; k++) {
    if ((rows.present[k / 64] >> (k % 64) & 1) != 0) {
      kind = gli__kind_with(kind, rows.types[k]);
    }
  }
  return kind;
}

gli_status gli__column_gather(const gli__column *column, gli__store *store, const int64_t *kept,
                              int64_t count, gli__column **column_out, gli_error *error) {
  gli__column *gathered = NULL;
  gli__chunk_rows *rows = NULL;
  gli__store *const target = store != NULL ? store : column->store;
  gli_status status = gli__column_create(column->memory, target, &gathered, error);
  if (status != GLI_OK) {
    return status;
  }
  rows = gli__allocate(column->memory, 1, sizeof *rows);
  if (rows == NULL) {
    status = gli__no_memory(error, "a renumbered attribute column");
    goto cleanup;
  }
  for (int64_t begin = 0; begin < count; begin += GLI__CHUNK_SIZE) {
    const uint32_t length =
        (uint32_t)(count - begin < GLI__CHUNK_SIZE ? count - begin : GLI__CHUNK_SIZE);
    const size_t index = (size_t)begin >> GLI__CHUNK_SHIFT;
    gli__chunk *chunk = shared_chunk(column, target, kept + begin, length);
    if (chunk != NULL) {
      atomic_fetch_add_explicit(&chunk->references, 1, memory_order_relaxed);
    } else {
      status = gather_rows(column, target, kept + begin, length, rows, error);
      if (status == GLI_OK && !gli__chunk_encode(column->memory, rows, &chunk)) {
        status = gli__no_memory(error, "a renumbered attribute column");
      }
    }
    if (status == GLI_OK && chunk != NULL) {
      status = gli__column_reach(gathered, index + 1, error);
      if (status == GLI_OK) {
        gathered->chunks[index] = chunk;
        const uint8_t kind = chunk_kind(chunk);
        gathered->kind =
            kind == GLI__COLUMN_MIXED ? kind : gli__kind_with(gathered->kind, (uint8_t)(kind + 1));
      } else {
        gli__chunk_free(column->memory, chunk);
      }
    }
    if (status != GLI_OK) {
      goto cleanup;
    }
  }
  gathered->version = column->version + 1;
  *column_out = gathered;
  gathered = NULL;

cleanup:
  gli__release(column->memory, rows, 1, sizeof *rows);
  gli__column_free(gathered);
  return status;
}
