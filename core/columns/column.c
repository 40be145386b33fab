/* column.c: a column's life, single writes and what is known about it. Bulk work: column_bulk.c;
 * chunk views, decoding and gather: column_view.c.
 *
 * Cost of one write in order (position = next): 2-4 ns for an int or float, the store's look-up
 * more for a string. Memory per 1 M rows: rising ints 4.1 MB, a constant 0.15 MB (bitmaps only). */
#include "columns/column.h"

#include "base/error.h"
#include "columns/column_bulk.h"

gli_status gli__column_create(gli__memory *memory, gli__store *store, gli__column **column_out,
                              gli_error *error) {
  gli__column *const column = gli__allocate_zeroed(memory, 1, sizeof *column);
  if (column == NULL) {
    return gli__no_memory(error, "an attribute column");
  }
  atomic_init(&column->references, 1);
  column->memory = gli__memory_retain(memory);
  column->store = gli__store_retain(store);
  *column_out = column;
  return GLI_OK;
}

gli__column *gli__column_retain(gli__column *column) {
  atomic_fetch_add_explicit(&column->references, 1, memory_order_relaxed);
  return column;
}

void gli__column_free(gli__column *column) {
  if (column == NULL ||
      atomic_fetch_sub_explicit(&column->references, 1, memory_order_acq_rel) != 1) {
    return;
  }
  gli__memory *const memory = column->memory;
  for (size_t index = 0; index < column->chunk_count; index++) {
    gli__chunk_free(memory, column->chunks[index]);
  }
  gli__release(memory, column->chunks, column->chunk_capacity, sizeof(gli__chunk *));
  gli__store_free(column->store);
  gli__release(memory, column, 1, sizeof *column);
  gli__memory_free(memory);
}

gli_status gli__column_clone_shared(gli__column **column, gli_error *error) {
  gli__column *const shared = *column;
  gli__column *clone = NULL;
  const gli_status status = gli__column_create(shared->memory, shared->store, &clone, error);
  if (status != GLI_OK) {
    return status;
  }
  if (shared->chunk_count != 0) {
    clone->chunks = gli__allocate(clone->memory, shared->chunk_count, sizeof(gli__chunk *));
    if (clone->chunks == NULL) {
      gli__column_free(clone);
      return gli__no_memory(error, "a writable copy of an attribute column");
    }
    clone->chunk_capacity = shared->chunk_count;
    clone->chunk_count = shared->chunk_count;
    for (size_t index = 0; index < shared->chunk_count; index++) {
      gli__chunk *const chunk = shared->chunks[index];
      if (chunk != NULL) {
        atomic_fetch_add_explicit(&chunk->references, 1, memory_order_relaxed);
      }
      clone->chunks[index] = chunk;
    }
  }
  clone->version = shared->version;
  clone->kind = shared->kind;
  *column = clone;
  gli__column_free(shared);
  return GLI_OK;
}

gli_status gli__column_reach(gli__column *column, size_t chunk_count, gli_error *error) {
  if (chunk_count <= column->chunk_count) {
    return GLI_OK;
  }
  if (chunk_count > column->chunk_capacity) {
    const size_t half_more = column->chunk_capacity + column->chunk_capacity / 2 + 4;
    const size_t capacity = chunk_count > half_more ? chunk_count : half_more;
    gli__chunk **const chunks = gli__reallocate(column->memory, column->chunks,
                                                column->chunk_capacity, capacity, sizeof *chunks);
    if (chunks == NULL) {
      return gli__no_memory(error, "the chunks of an attribute column");
    }
    column->chunks = chunks;
    column->chunk_capacity = capacity;
  }
  memset(column->chunks + column->chunk_count, 0,
         (chunk_count - column->chunk_count) * sizeof(gli__chunk *));
  column->chunk_count = chunk_count;
  return GLI_OK;
}

gli_status gli__column_encode(gli__store *store, const gli_value *value, int64_t *bits_out,
                              gli_error *error) {
  uint32_t reference = 0;
  gli_status status = GLI_OK;
  switch (value->type) {
    case GLI_VALUE_ABSENT:
    case GLI_VALUE_NULL:
      *bits_out = 0;
      return GLI_OK;
    case GLI_VALUE_BOOL:
      *bits_out = value->as.boolean;
      return GLI_OK;
    case GLI_VALUE_INT64:
    case GLI_VALUE_FLOAT64:
      *bits_out = value->as.integer;
      return GLI_OK;
    case GLI_VALUE_STRING:
    case GLI_VALUE_NESTED:
      status = gli__store_add(store, value->as.bytes, value->size_bytes, &reference, error);
      if (status == GLI_OK) {
        *bits_out = reference;
      }
      return status;
    default:
      return gli__fail(error, GLI_ERROR_TYPE, "value has type %d; a gli_value_type is 0 to %d",
                       value->type, GLI_VALUE_NESTED);
  }
}

/* Make room for one value that is encoded already. */
static gli_status prepare_encoded(gli__column *column, int64_t position, uint8_t type, int64_t bits,
                                  gli_error *error) {
  const size_t index = (size_t)position >> GLI__CHUNK_SHIFT;
  gli__chunk_need need = gli__chunk_need_none();
  if (type == GLI_VALUE_ABSENT) {
    if (index >= column->chunk_count || column->chunks[index] == NULL) {
      return GLI_OK;
    }
  } else {
    gli__chunk_need_add(&need, (uint32_t)position % GLI__CHUNK_SIZE, type, bits);
  }
  const gli_status status = gli__column_reach(column, index + 1, error);
  if (status != GLI_OK) {
    return status;
  }
  const gli__chunk *const previous = index != 0 ? column->chunks[index - 1] : NULL;
  return gli__chunk_prepare(column->memory, &column->chunks[index], previous, &need)
             ? GLI_OK
             : gli__no_memory(error, "a chunk of an attribute column");
}

static gli_status check_position(int64_t position, gli_error *error) {
  return position >= 0 ? GLI_OK
                       : gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                                   "position is %lld; it must be 0 or more", (long long)position);
}

gli_status gli__column_prepare(gli__column *column, int64_t position, const gli_value *value,
                               gli_error *error) {
  int64_t bits = 0;
  gli_status status = check_position(position, error);
  if (status == GLI_OK) {
    status = gli__column_encode(column->store, value, &bits, error);
  }
  return status == GLI_OK ? prepare_encoded(column, position, value->type, bits, error) : status;
}

void gli__column_drop_if_empty(gli__column *column, size_t index) {
  gli__chunk *const chunk = column->chunks[index];
  if (chunk != NULL && chunk->present_count == 0) {
    column->chunks[index] = NULL;
    gli__chunk_free(column->memory, chunk);
  }
}

gli_status gli__column_set_slow(gli__column *column, int64_t position, const gli_value *value,
                                gli_error *error) {
  int64_t bits = 0;
  gli_status status = check_position(position, error);
  if (status == GLI_OK) {
    status = gli__column_encode(column->store, value, &bits, error);
  }
  if (status != GLI_OK) {
    return status;
  }
  const size_t index = (size_t)position >> GLI__CHUNK_SHIFT;
  const uint32_t offset = (uint32_t)position % GLI__CHUNK_SIZE;
  const uint8_t type = value->type;
  gli__chunk *const chunk = index < column->chunk_count ? column->chunks[index] : NULL;
  if (chunk != NULL && type > GLI_VALUE_NULL && gli__chunk_put(chunk, offset, type, bits)) {
    column->version++;
    return GLI_OK;
  }
  if (chunk == NULL || type == GLI_VALUE_ABSENT ||
      !gli__chunk_is_ready(chunk, offset, type, bits)) {
    status = prepare_encoded(column, position, type, bits, error);
    if (status != GLI_OK) {
      return status;
    }
    if (type != GLI_VALUE_ABSENT) {
      gli__chunk_write(column->chunks[index], offset, type, bits);
      column->kind = gli__kind_with(column->kind, type);
    } else if (index < column->chunk_count && column->chunks[index] != NULL) {
      gli__chunk_remove(column->chunks[index], offset);
      gli__column_drop_if_empty(column, index);
    }
  } else {
    gli__chunk_write(chunk, offset, type, bits);
    column->kind = gli__kind_with(column->kind, type);
  }
  column->version++;
  return GLI_OK;
}

gli_value gli__column_get_slow(const gli__column *column, const gli__chunk *chunk,
                               uint32_t offset) {
  uint8_t type = GLI_VALUE_ABSENT;
  int64_t bits = 0;
  size_t size_bytes = 0;
  if (!gli__chunk_read(chunk, offset, &type, &bits)) {
    return gli_value_absent();
  }
  switch (type) {
    case GLI_VALUE_BOOL:
      return gli_value_bool(bits != 0);
    case GLI_VALUE_STRING:
    case GLI_VALUE_NESTED: {
      const uint8_t *const bytes = gli__store_get(column->store, (uint32_t)bits, &size_bytes);
      return type == GLI_VALUE_STRING ? gli_value_text((const char *)bytes, size_bytes)
                                      : gli_value_nested(bytes, size_bytes);
    }
    default:
      return gli_value_of_bits((gli_value_type)type, bits);
  }
}

bool gli__column_has_nulls(const gli__column *column) {
  for (size_t index = 0; index < column->chunk_count; index++) {
    const gli__chunk *const chunk = column->chunks[index];
    if (chunk == NULL) {
      continue;
    }
    if (chunk->form != GLI__CHUNK_PACKED) {
      if (chunk->null_count != 0) {
        return true;
      }
    } else if (chunk->types != NULL &&
               memchr(chunk->types, GLI_VALUE_NULL, chunk->present_count) != NULL) {
      return true;
    }
  }
  return false;
}

int64_t gli__column_present_count(const gli__column *column) {
  int64_t count = 0;
  for (size_t index = 0; index < column->chunk_count; index++) {
    count += column->chunks[index] != NULL ? column->chunks[index]->present_count : 0;
  }
  return count;
}

int64_t gli__column_bytes(const gli__column *column) {
  int64_t bytes = (int64_t)(sizeof *column + column->chunk_capacity * sizeof(gli__chunk *));
  for (size_t index = 0; index < column->chunk_count; index++) {
    bytes += column->chunks[index] != NULL ? gli__chunk_bytes(column->chunks[index]) : 0;
  }
  return bytes;
}

gli__store *gli__column_store(const gli__column *column) {
  return column->store;
}
