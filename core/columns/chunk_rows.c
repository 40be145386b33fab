/* chunk_rows.c: whole chunks at once: spelling out, encoding, writing runs.
 *
 * A run of 4,096 int64 goes into a dense chunk at the speed of a narrowing copy; writing value by
 * value (gli__chunk_write) costs 2-3 ns each. */
#include "columns/chunk.h"

static bool has_bit(const uint64_t *words, uint32_t offset) {
  return (words[offset / 64] >> (offset % 64) & 1) != 0;
}

void gli__chunk_decode(const gli__chunk *chunk, gli__chunk_rows *rows) {
  memset(rows->present, 0, sizeof rows->present);
  if (chunk == NULL) {
    return;
  }
  const uint8_t type = (uint8_t)(chunk->kind + 1);
  if (chunk->form == GLI__CHUNK_PACKED) {
    for (uint32_t k = 0; k < chunk->present_count; k++) {
      const uint32_t offset = chunk->positions[k];
      rows->present[offset / 64] |= UINT64_C(1) << (offset % 64);
      rows->types[offset] = chunk->types != NULL ? chunk->types[k] : type;
      rows->bits[offset] = gli__bits_get(chunk->data, chunk->width, k);
    }
    return;
  }
  memcpy(rows->present, chunk->present, sizeof rows->present);
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    for (uint64_t left = rows->present[word]; left != 0; left &= left - 1) {
      const uint32_t offset = word * 64 + (uint32_t)__builtin_ctzll(left);
      if (chunk->null_count != 0 && has_bit(chunk->nulls, offset)) {
        rows->types[offset] = GLI_VALUE_NULL;
        rows->bits[offset] = 0;
      } else {
        rows->types[offset] = chunk->types != NULL ? chunk->types[offset] : type;
        rows->bits[offset] = chunk->form == GLI__CHUNK_CONSTANT
                                 ? chunk->constant
                                 : gli__bits_get(chunk->data, chunk->form, offset);
      }
    }
  }
}

bool gli__chunk_encode(gli__memory *memory, const gli__chunk_rows *rows, gli__chunk **chunk_out) {
  gli__chunk_need need = gli__chunk_need_none();
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    for (uint64_t left = rows->present[word]; left != 0; left &= left - 1) {
      const uint32_t offset = word * 64 + (uint32_t)__builtin_ctzll(left);
      gli__chunk_need_add(&need, offset, rows->types[offset], rows->bits[offset]);
    }
  }
  gli__chunk *chunk = NULL;
  if (need.count != 0 && !gli__chunk_create(memory, NULL, &need, &chunk)) {
    return false;
  }
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    for (uint64_t left = rows->present[word]; left != 0; left &= left - 1) {
      const uint32_t offset = word * 64 + (uint32_t)__builtin_ctzll(left);
      gli__chunk_write(chunk, offset, rows->types[offset], rows->bits[offset]);
    }
  }
  *chunk_out = chunk;
  return true;
}

/* Narrowing copies; each loop is a vector loop. */
static void narrow_run(gli__chunk *chunk, uint32_t offset, const int64_t *values, uint32_t count) {
  switch (chunk->form) {
    case GLI__CHUNK_DENSE_1:
      for (uint32_t k = 0; k < count; k++) {
        ((int8_t *)chunk->data)[offset + k] = (int8_t)values[k];
      }
      break;
    case GLI__CHUNK_DENSE_2:
      for (uint32_t k = 0; k < count; k++) {
        ((int16_t *)(void *)chunk->data)[offset + k] = (int16_t)values[k];
      }
      break;
    case GLI__CHUNK_DENSE_4:
      for (uint32_t k = 0; k < count; k++) {
        ((int32_t *)(void *)chunk->data)[offset + k] = (int32_t)values[k];
      }
      break;
    default:
      memcpy(chunk->data + (size_t)offset * 8, values, (size_t)count * 8);
  }
}

static void bool_run(gli__chunk *chunk, uint32_t offset, const uint8_t *values, uint32_t count) {
  if (chunk->form == GLI__CHUNK_DENSE_1) {
    for (uint32_t k = 0; k < count; k++) {
      chunk->data[offset + k] = values[k] != 0;
    }
  } else {
    for (uint32_t k = 0; k < count; k++) {
      gli__bits_put(chunk->data, chunk->form, offset + k, values[k] != 0);
    }
  }
}

/* The bits of [begin, end) within the word that holds `begin`. */
static uint64_t word_mask(uint32_t begin, uint32_t end) {
  const uint32_t length = end - begin;
  const uint64_t ones = length >= 64 ? UINT64_MAX : (UINT64_C(1) << length) - 1;
  return ones << (begin % 64);
}

static void mark_run(gli__chunk *chunk, uint32_t offset, uint32_t count) {
  const uint32_t end = offset + count;
  for (uint32_t begin = offset; begin < end; begin = (begin / 64 + 1) * 64) {
    const uint64_t mask = word_mask(begin, end);
    uint64_t *const present = &chunk->present[begin / 64];
    chunk->present_count =
        (uint16_t)(chunk->present_count + __builtin_popcountll(mask & ~*present));
    *present |= mask;
    if (chunk->nulls != NULL) {
      uint64_t *const nulls = &chunk->nulls[begin / 64];
      chunk->null_count = (uint16_t)(chunk->null_count - __builtin_popcountll(mask & *nulls));
      *nulls &= ~mask;
    }
  }
}

void gli__chunk_write_run(gli__chunk *chunk, uint32_t offset, uint8_t type, const void *values,
                          uint32_t count) {
  if (count == 0) {
    return;
  }
  if (chunk->form == GLI__CHUNK_PACKED) {
    for (uint32_t k = 0; k < count; k++) {
      const int64_t bits =
          type == GLI_VALUE_BOOL ? ((const uint8_t *)values)[k] != 0 : ((const int64_t *)values)[k];
      gli__chunk_write(chunk, offset + k, type, bits);
    }
    return;
  }
  if (chunk->form != GLI__CHUNK_CONSTANT) {
    if (type == GLI_VALUE_BOOL) {
      bool_run(chunk, offset, values, count);
    } else {
      narrow_run(chunk, offset, values, count);
    }
    if (chunk->types != NULL) {
      memset(chunk->types + offset, type, count);
    }
  }
  mark_run(chunk, offset, count);
}
