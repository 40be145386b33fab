/* column_inline.h: the short paths of column.h, included by it: one value read or written where
 * nothing has to be converted, some ten instructions and no call (strings call the store). */
#ifndef GLI_COLUMNS_COLUMN_INLINE_H
#define GLI_COLUMNS_COLUMN_INLINE_H

#include "columns/column.h"

struct gli__column {
  _Atomic int64_t references;
  gli__memory *memory;
  gli__store *store;
  gli__chunk **chunks; /* NULL entries: nobody wrote */
  size_t chunk_count;  /* entries of chunks in use */
  size_t chunk_capacity;
  uint64_t version;
  uint8_t kind; /* gli__column_kind */
};

gli_status gli__column_clone_shared(gli__column **column, gli_error *error);
gli_status gli__column_set_slow(gli__column *column, int64_t position, const gli_value *value,
                                gli_error *error);
gli_value gli__column_get_slow(const gli__column *column, const gli__chunk *chunk, uint32_t offset);

static inline gli_status gli__column_own(gli__column **column, gli_error *error) {
  if (GLI__LIKELY(atomic_load_explicit(&(*column)->references, memory_order_acquire) == 1)) {
    return GLI_OK;
  }
  return gli__column_clone_shared(column, error);
}

static inline gli_status gli__column_set(gli__column *column, int64_t position,
                                         const gli_value *value, gli_error *error) {
  const uint64_t index = (uint64_t)position >> GLI__CHUNK_SHIFT;
  if (GLI__LIKELY(index < column->chunk_count && column->chunks[index] != NULL) &&
      value->type >= GLI_VALUE_BOOL && value->type <= GLI_VALUE_FLOAT64 &&
      gli__chunk_put(column->chunks[index], (uint32_t)position % GLI__CHUNK_SIZE, value->type,
                     value->type == GLI_VALUE_BOOL ? value->as.boolean : value->as.integer)) {
    column->version++;
    return GLI_OK;
  }
  return gli__column_set_slow(column, position, value, error);
}

static inline gli_value gli__column_get(const gli__column *column, int64_t position) {
  const uint64_t index = (uint64_t)position >> GLI__CHUNK_SHIFT;
  const gli__chunk *const chunk = index < column->chunk_count ? column->chunks[index] : NULL;
  if (chunk == NULL) {
    return gli_value_absent();
  }
  const uint32_t offset = (uint32_t)position % GLI__CHUNK_SIZE;
  if (chunk->form == GLI__CHUNK_PACKED || chunk->null_count != 0 ||
      chunk->kind < GLI__COLUMN_BOOL || chunk->kind > GLI__COLUMN_FLOAT64) {
    return gli__column_get_slow(column, chunk, offset);
  }
  if ((chunk->present[offset / 64] >> (offset % 64) & 1) == 0) {
    return gli_value_absent();
  }
  const int64_t bits = chunk->form == GLI__CHUNK_CONSTANT
                           ? chunk->constant
                           : gli__bits_get(chunk->data, chunk->form, offset);
  return chunk->kind == GLI__COLUMN_BOOL
             ? gli_value_bool(bits != 0)
             : gli_value_of_bits((gli_value_type)(chunk->kind + 1), bits);
}

static inline void gli__column_prefetch(const gli__column *column, int64_t position) {
  const uint64_t index = (uint64_t)position >> GLI__CHUNK_SHIFT;
  const gli__chunk *const chunk = index < column->chunk_count ? column->chunks[index] : NULL;
  if (chunk == NULL) {
    return;
  }
  if (chunk->form != GLI__CHUNK_PACKED) {
    const uint32_t offset = (uint32_t)position % GLI__CHUNK_SIZE;
    GLI__PREFETCH(&chunk->present[offset / 64]);
    if (chunk->form != GLI__CHUNK_CONSTANT && offset < chunk->capacity) {
      GLI__PREFETCH(chunk->data + (size_t)offset * chunk->width);
    }
  } else {
    GLI__PREFETCH(chunk->positions);
  }
}

static inline gli__column_kind gli__column_type(const gli__column *column) {
  return (gli__column_kind)column->kind;
}

static inline uint64_t gli__column_version(const gli__column *column) {
  return column->version;
}

static inline int64_t gli__chunk_view_at(const gli__chunk_view *view, uint32_t k) {
  return gli__bits_get(view->data, view->width, k);
}

#endif
