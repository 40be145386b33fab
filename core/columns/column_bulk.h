/* column_bulk.h: what the files of this room share about columns. */
#ifndef GLI_COLUMNS_COLUMN_BULK_H
#define GLI_COLUMNS_COLUMN_BULK_H

#include "columns/column.h"

/* Make the chunk table that long (new entries NULL). */
gli_status gli__column_reach(gli__column *column, size_t chunk_count, gli_error *error);
/* A value's 64 bits; strings and nested values are interned. GLI_ERROR_TYPE: no such type. */
gli_status gli__column_encode(gli__store *store, const gli_value *value, int64_t *bits_out,
                              gli_error *error);
/* Free a chunk of ours that holds nothing. */
void gli__column_drop_if_empty(gli__column *column, size_t index);

/* The kind of a column after a value of this type came in. */
static inline uint8_t gli__kind_with(uint8_t kind, uint8_t type) {
  const uint8_t other = (uint8_t)(type - 1);
  if (type <= GLI_VALUE_NULL || kind == other) {
    return kind;
  }
  return kind == GLI__COLUMN_EMPTY ? other : (uint8_t)GLI__COLUMN_MIXED;
}

#endif
