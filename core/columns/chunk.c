/* chunk.c: the life of a chunk and how its forms turn into each other (see chunk.h for the forms).
 *
 * Every change of form happens in gli__chunk_prepare: new blocks are allocated first, then values
 * are carried over, then the old blocks go, so a failure changes nothing. gli__chunk_write only
 * stores. A value's representation never tells when it came: all steps are monotone (packed ->
 * constant -> dense, narrow -> wide, one kind -> MIXED) until a gather writes the chunk anew. */
#include "columns/chunk.h"

#include <assert.h>

/* Packed chunks turn dense at this many values at the latest: 5 KiB to shift on an insertion in
 * the worst case, some 60 ns. */
#define PACKED_LIMIT 512
#define PACKED_FIRST 4
#define DENSE_FIRST 64

typedef struct chunk_shape {
  uint8_t form;
  uint8_t kind;
  uint8_t width;
  bool has_nulls;
  uint32_t capacity;
  int64_t constant;
} chunk_shape;

static size_t data_size_bytes(uint8_t form, uint8_t kind, uint8_t width, uint32_t capacity) {
  const size_t per_value = (size_t)width + (form == GLI__CHUNK_PACKED ? sizeof(uint16_t) : 0) +
                           (kind == GLI__COLUMN_MIXED ? 1 : 0);
  return form == GLI__CHUNK_CONSTANT ? 0 : per_value * capacity;
}

static size_t chunk_data_size_bytes(const gli__chunk *chunk) {
  return data_size_bytes(chunk->form, chunk->kind, chunk->width, chunk->capacity);
}

/* Point into the one block that holds values, positions, types. */
static void lay_out(gli__chunk *chunk) {
  chunk->positions = NULL;
  chunk->types = NULL;
  if (chunk->form == GLI__CHUNK_CONSTANT) {
    return; /* there is no block */
  }
  uint8_t *next = chunk->data + (size_t)chunk->width * chunk->capacity;
  if (chunk->form == GLI__CHUNK_PACKED) {
    chunk->positions = (uint16_t *)(void *)next;
    next += sizeof(uint16_t) * chunk->capacity;
  }
  if (chunk->kind == GLI__COLUMN_MIXED) {
    chunk->types = next;
  }
}

static uint8_t width_of(uint8_t kind, int64_t min, int64_t max) {
  if (kind == GLI__COLUMN_BOOL || kind == GLI__COLUMN_EMPTY) {
    return 1;
  }
  if (kind == GLI__COLUMN_FLOAT64 || kind == GLI__COLUMN_MIXED) {
    return 8;
  }
  if (min >= INT8_MIN && max <= INT8_MAX) {
    return 1;
  }
  if (min >= INT16_MIN && max <= INT16_MAX) {
    return 2;
  }
  return min >= INT32_MIN && max <= INT32_MAX ? 4 : 8;
}

/* The kind of values of two kinds together. */
static uint8_t join_kinds(uint8_t left, uint8_t right) {
  if (left == right || right == GLI__COLUMN_EMPTY) {
    return left;
  }
  return left == GLI__COLUMN_EMPTY ? right : (uint8_t)GLI__COLUMN_MIXED;
}

/* Packed chunks have no bitmap of nulls: a null there makes the chunk MIXED. */
static uint8_t packed_kind(const gli__chunk_need *need) {
  return need->has_null ? (uint8_t)GLI__COLUMN_MIXED : need->kind;
}

static uint32_t round_up_capacity(uint32_t first, uint32_t wanted) {
  uint32_t capacity = first;
  while (capacity < wanted) {
    capacity *= 2;
  }
  return capacity;
}

static bool is_better_unpacked(uint32_t count, uint32_t high) {
  return count > PACKED_LIMIT || (count > 16 && count * 4 > high);
}

static gli__chunk *chunk_allocate(gli__memory *memory, const chunk_shape *shape) {
  gli__chunk *chunk = gli__allocate_zeroed(memory, 1, sizeof *chunk);
  if (chunk == NULL) {
    return NULL;
  }
  atomic_init(&chunk->references, 1);
  chunk->form = shape->form;
  chunk->kind = shape->kind;
  chunk->width = shape->width;
  chunk->constant = shape->constant;
  bool done = true;
  if (shape->form != GLI__CHUNK_CONSTANT) {
    const size_t size = data_size_bytes(shape->form, shape->kind, shape->width, shape->capacity);
    chunk->data = gli__allocate(memory, size, 1);
    done = chunk->data != NULL;
    chunk->capacity = done ? shape->capacity : 0;
  }
  if (done && shape->form != GLI__CHUNK_PACKED) {
    chunk->present = gli__allocate_zeroed(memory, GLI__CHUNK_WORDS, sizeof(uint64_t));
    done = chunk->present != NULL;
  }
  if (done && shape->has_nulls && shape->form != GLI__CHUNK_PACKED) {
    chunk->nulls = gli__allocate_zeroed(memory, GLI__CHUNK_WORDS, sizeof(uint64_t));
    done = chunk->nulls != NULL;
  }
  if (!done) {
    gli__chunk_free(memory, chunk);
    return NULL;
  }
  lay_out(chunk);
  return chunk;
}

void gli__chunk_free(gli__memory *memory, gli__chunk *chunk) {
  if (chunk == NULL ||
      atomic_fetch_sub_explicit(&chunk->references, 1, memory_order_acq_rel) != 1) {
    return;
  }
  gli__release(memory, chunk->data, chunk_data_size_bytes(chunk), 1);
  gli__release(memory, chunk->present, GLI__CHUNK_WORDS, sizeof(uint64_t));
  gli__release(memory, chunk->nulls, GLI__CHUNK_WORDS, sizeof(uint64_t));
  gli__release(memory, chunk, 1, sizeof *chunk);
}

int64_t gli__chunk_bytes(const gli__chunk *chunk) {
  const size_t bitmap = GLI__CHUNK_WORDS * sizeof(uint64_t);
  return (int64_t)(sizeof *chunk + chunk_data_size_bytes(chunk) +
                   (chunk->present != NULL ? bitmap : 0) + (chunk->nulls != NULL ? bitmap : 0));
}

bool gli__chunk_clone(gli__memory *memory, const gli__chunk *chunk, gli__chunk **clone_out) {
  const chunk_shape shape = {.form = chunk->form,
                             .kind = chunk->kind,
                             .width = chunk->width,
                             .has_nulls = chunk->null_count != 0,
                             .capacity = chunk->capacity,
                             .constant = chunk->constant};
  gli__chunk *const clone = chunk_allocate(memory, &shape);
  if (clone == NULL) {
    return false;
  }
  clone->present_count = chunk->present_count;
  clone->null_count = chunk->null_count;
  if (clone->data != NULL) {
    memcpy(clone->data, chunk->data, chunk_data_size_bytes(chunk));
  }
  if (clone->present != NULL) {
    memcpy(clone->present, chunk->present, GLI__CHUNK_WORDS * sizeof(uint64_t));
  }
  if (clone->nulls != NULL) {
    memcpy(clone->nulls, chunk->nulls, GLI__CHUNK_WORDS * sizeof(uint64_t));
  }
  *clone_out = clone;
  return true;
}

/* The widths are constants where this is inlined, so that each pair becomes a vector loop. */
static inline void carry(void *to, uint32_t to_width, const void *from, uint32_t from_width,
                         uint32_t count) {
  for (uint32_t k = 0; k < count; k++) {
    gli__bits_put(to, to_width, k, gli__bits_get(from, from_width, k));
  }
}

static void carry_values(void *to, uint32_t to_width, const void *from, uint32_t from_width,
                         uint32_t count) {
  if (to_width == from_width) {
    if (count != 0) {
      memcpy(to, from, (size_t)to_width * count);
    }
  } else if (from_width == 1) {
    switch (to_width) {
      case 2:
        carry(to, 2, from, 1, count);
        break;
      case 4:
        carry(to, 4, from, 1, count);
        break;
      default:
        carry(to, 8, from, 1, count);
    }
  } else if (from_width == 2 && to_width == 4) {
    carry(to, 4, from, 2, count);
  } else if (from_width == 2) {
    carry(to, 8, from, 2, count);
  } else {
    carry(to, 8, from, 4, count);
  }
}

/* New data for a packed or dense chunk: more room, wider, or MIXED; its values stay. */
static bool data_resize(gli__memory *memory, gli__chunk *chunk, uint8_t kind, uint8_t width,
                        uint32_t capacity) {
  const bool is_packed = chunk->form == GLI__CHUNK_PACKED;
  const uint8_t form = is_packed ? (uint8_t)GLI__CHUNK_PACKED : width;
  uint8_t *const data = gli__allocate(memory, data_size_bytes(form, kind, width, capacity), 1);
  if (data == NULL) {
    return false;
  }
  const gli__chunk old = {.form = chunk->form,
                          .kind = chunk->kind,
                          .width = chunk->width,
                          .capacity = chunk->capacity,
                          .data = chunk->data,
                          .types = chunk->types,
                          .positions = chunk->positions};
  const uint32_t count = is_packed ? chunk->present_count : chunk->capacity;
  chunk->form = form;
  chunk->kind = kind;
  chunk->width = width;
  chunk->capacity = capacity;
  chunk->data = data;
  lay_out(chunk);
  carry_values(data, width, old.data, old.width, count);
  if (is_packed && count != 0) {
    memcpy(chunk->positions, old.positions, sizeof(uint16_t) * count);
  }
  if (chunk->types != NULL && count != 0) {
    if (old.types != NULL) {
      memcpy(chunk->types, old.types, count);
    } else {
      memset(chunk->types, old.kind + 1, count);
    }
  }
  gli__release(memory, old.data, data_size_bytes(old.form, old.kind, old.width, old.capacity), 1);
  return true;
}

/* The place of an offset among the packed ones: the first that is not below it. */
static uint32_t packed_search(const gli__chunk *chunk, uint32_t offset) {
  uint32_t begin = 0;
  uint32_t length = chunk->present_count;
  if (length != 0 && chunk->positions[length - 1] < offset) {
    return length; /* appending */
  }
  while (length != 0) {
    const uint32_t half = length / 2;
    const bool is_below = chunk->positions[begin + half] < offset;
    begin = is_below ? begin + half + 1 : begin;
    length = is_below ? length - half - 1 : half;
  }
  return begin;
}

static bool packed_has(const gli__chunk *chunk, uint32_t place, uint32_t offset) {
  return place < chunk->present_count && chunk->positions[place] == offset;
}

/* A constant or dense chunk with room for what a packed one holds and for what is needed. */
static bool packed_to_plain(gli__memory *memory, gli__chunk **slot, const gli__chunk_need *need) {
  gli__chunk *const packed = *slot;
  gli__chunk_need all = *need;
  for (uint32_t k = 0; k < packed->present_count; k++) {
    const uint8_t type = packed->types != NULL ? packed->types[k] : (uint8_t)(packed->kind + 1);
    gli__chunk_need_add(&all, packed->positions[k], type,
                        gli__bits_get(packed->data, packed->width, k));
  }
  const bool is_constant =
      all.kind != GLI__COLUMN_MIXED && (all.kind == GLI__COLUMN_EMPTY || all.min == all.max);
  const uint8_t width = width_of(all.kind, all.min, all.max);
  const chunk_shape shape = {
      .form = is_constant ? (uint8_t)GLI__CHUNK_CONSTANT : width,
      .kind = all.kind,
      .width = width,
      .has_nulls = all.has_null,
      .capacity = is_constant ? 0 : round_up_capacity(DENSE_FIRST, all.high + 1),
      .constant = all.kind == GLI__COLUMN_EMPTY ? 0 : all.min};
  gli__chunk *const plain = chunk_allocate(memory, &shape);
  if (plain == NULL) {
    return false;
  }
  for (uint32_t k = 0; k < packed->present_count; k++) {
    const uint8_t type = packed->types != NULL ? packed->types[k] : (uint8_t)(packed->kind + 1);
    gli__chunk_write(plain, packed->positions[k], type,
                     gli__bits_get(packed->data, packed->width, k));
  }
  gli__chunk_free(memory, packed);
  *slot = plain;
  return true;
}

static bool prepare_packed(gli__memory *memory, gli__chunk **slot, const gli__chunk_need *need) {
  gli__chunk *const chunk = *slot;
  uint32_t fresh = need->count;
  if (fresh == 1 && packed_has(chunk, packed_search(chunk, need->low), need->low)) {
    fresh = 0;
  }
  const uint32_t count = chunk->present_count + fresh;
  uint32_t capacity = chunk->capacity;
  if (count > capacity) {
    const uint32_t last =
        chunk->present_count != 0 ? chunk->positions[chunk->present_count - 1] : 0;
    if (is_better_unpacked(count, last > need->high ? last : need->high)) {
      return packed_to_plain(memory, slot, need);
    }
    capacity = round_up_capacity(capacity, count);
  }
  const bool is_empty = chunk->present_count == 0;
  const uint8_t kind = is_empty ? packed_kind(need) : join_kinds(chunk->kind, packed_kind(need));
  uint8_t width = width_of(kind, need->min, need->max);
  width = !is_empty && chunk->width > width ? chunk->width : width;
  if (kind == chunk->kind && width <= chunk->width && capacity == chunk->capacity) {
    return true;
  }
  return data_resize(memory, chunk, kind, width, capacity);
}

static bool add_nulls(gli__memory *memory, gli__chunk *chunk) {
  if (chunk->nulls == NULL) {
    chunk->nulls = gli__allocate_zeroed(memory, GLI__CHUNK_WORDS, sizeof(uint64_t));
  }
  return chunk->nulls != NULL;
}

static uint32_t highest_present(const gli__chunk *chunk) {
  for (uint32_t word = GLI__CHUNK_WORDS; word-- != 0;) {
    if (chunk->present[word] != 0) {
      return word * 64 + 63 - (uint32_t)__builtin_clzll(chunk->present[word]);
    }
  }
  return 0;
}

/* The form of a constant chunk that something else comes into. */
static bool constant_to_dense(gli__memory *memory, gli__chunk *chunk, const gli__chunk_need *need) {
  const uint32_t last = highest_present(chunk);
  const uint32_t high = last > need->high ? last : need->high;
  const uint32_t capacity = round_up_capacity(DENSE_FIRST, high + 1);
  const uint8_t kind = join_kinds(chunk->kind, need->kind);
  const uint8_t width = width_of(kind, chunk->constant < need->min ? chunk->constant : need->min,
                                 chunk->constant > need->max ? chunk->constant : need->max);
  uint8_t *const data = gli__allocate(memory, data_size_bytes(width, kind, width, capacity), 1);
  if (data == NULL) {
    return false;
  }
  const uint8_t type = (uint8_t)(chunk->kind + 1);
  chunk->form = width;
  chunk->kind = kind;
  chunk->width = width;
  chunk->capacity = capacity;
  chunk->data = data;
  lay_out(chunk);
  for (uint32_t k = 0; k < capacity; k++) {
    gli__bits_put(data, width, k, chunk->constant);
  }
  if (chunk->types != NULL) {
    memset(chunk->types, type, capacity);
  }
  return true;
}

static bool prepare_constant(gli__memory *memory, gli__chunk *chunk, const gli__chunk_need *need) {
  if (need->has_null && !add_nulls(memory, chunk)) {
    return false;
  }
  if (need->kind == GLI__COLUMN_EMPTY) {
    return true;
  }
  if (chunk->present_count == chunk->null_count && need->kind != GLI__COLUMN_MIXED &&
      need->min == need->max) {
    chunk->kind = need->kind; /* nobody can see them: there are only nulls so far */
    chunk->constant = need->min;
    chunk->width = width_of(need->kind, need->min, need->max);
    return true;
  }
  if (chunk->kind == need->kind && need->min == need->max && need->min == chunk->constant) {
    return true;
  }
  return constant_to_dense(memory, chunk, need);
}

static bool prepare_dense(gli__memory *memory, gli__chunk *chunk, const gli__chunk_need *need) {
  if (need->has_null && !add_nulls(memory, chunk)) {
    return false;
  }
  const uint8_t kind = join_kinds(chunk->kind, need->kind);
  uint8_t width = need->kind == GLI__COLUMN_EMPTY ? 1 : width_of(kind, need->min, need->max);
  width = chunk->width > width ? chunk->width : width;
  const uint32_t capacity = round_up_capacity(chunk->capacity, need->high + 1);
  if (kind == chunk->kind && width == chunk->width && capacity == chunk->capacity) {
    return true;
  }
  return data_resize(memory, chunk, kind, width, capacity);
}

bool gli__chunk_create(gli__memory *memory, const gli__chunk *previous, const gli__chunk_need *need,
                       gli__chunk **chunk_out) {
  const bool is_single = need->kind != GLI__COLUMN_MIXED &&
                         (need->kind == GLI__COLUMN_EMPTY || need->min == need->max);
  chunk_shape shape = {.form = GLI__CHUNK_PACKED,
                       .kind = need->kind,
                       .width = width_of(need->kind, need->min, need->max),
                       .has_nulls = need->has_null,
                       .constant = need->kind == GLI__COLUMN_EMPTY ? 0 : need->min};
  const bool goes_on = previous != NULL && previous->form != GLI__CHUNK_PACKED &&
                       previous->present_count == GLI__CHUNK_SIZE && need->low == 0;
  if (goes_on && is_single && previous->form == GLI__CHUNK_CONSTANT &&
      previous->kind == need->kind && previous->constant == shape.constant) {
    shape.form = GLI__CHUNK_CONSTANT;
  } else if (goes_on && previous->form != GLI__CHUNK_CONSTANT && previous->kind == need->kind &&
             need->count < GLI__CHUNK_SIZE) {
    shape.width = previous->width > shape.width ? previous->width : shape.width;
    shape.form = shape.width;
    shape.capacity = GLI__CHUNK_SIZE;
  } else if (is_better_unpacked(need->count, need->high)) {
    shape.form = is_single ? (uint8_t)GLI__CHUNK_CONSTANT : shape.width;
    shape.capacity = is_single ? 0 : round_up_capacity(DENSE_FIRST, need->high + 1);
  } else {
    shape.kind = packed_kind(need);
    shape.width = width_of(shape.kind, need->min, need->max);
    shape.capacity = round_up_capacity(PACKED_FIRST, need->count);
  }
  gli__chunk *const chunk = chunk_allocate(memory, &shape);
  if (chunk == NULL) {
    return false;
  }
  *chunk_out = chunk;
  return true;
}

bool gli__chunk_prepare(gli__memory *memory, gli__chunk **slot, const gli__chunk *previous,
                        const gli__chunk_need *need) {
  if (*slot == NULL) {
    return gli__chunk_create(memory, previous, need, slot);
  }
  if (!gli__chunk_is_owned(*slot)) {
    gli__chunk *clone = NULL;
    if (!gli__chunk_clone(memory, *slot, &clone)) {
      return false;
    }
    gli__chunk_free(memory, *slot);
    *slot = clone;
  }
  switch ((*slot)->form) {
    case GLI__CHUNK_PACKED:
      return prepare_packed(memory, slot, need);
    case GLI__CHUNK_CONSTANT:
      return prepare_constant(memory, *slot, need);
    default:
      return prepare_dense(memory, *slot, need);
  }
}

static void packed_write(gli__chunk *chunk, uint32_t offset, uint8_t type, int64_t bits) {
  const uint32_t place = packed_search(chunk, offset);
  if (!packed_has(chunk, place, offset)) {
    assert(chunk->present_count < chunk->capacity);
    const uint32_t behind = chunk->present_count - place;
    uint8_t *const value = chunk->data + (size_t)place * chunk->width;
    memmove(value + chunk->width, value, (size_t)behind * chunk->width);
    memmove(chunk->positions + place + 1, chunk->positions + place, behind * sizeof(uint16_t));
    if (chunk->types != NULL) {
      memmove(chunk->types + place + 1, chunk->types + place, behind);
    }
    chunk->positions[place] = (uint16_t)offset;
    chunk->present_count++;
  }
  gli__bits_put(chunk->data, chunk->width, place, bits);
  if (chunk->types != NULL) {
    chunk->types[place] = type;
  }
}

void gli__chunk_write(gli__chunk *chunk, uint32_t offset, uint8_t type, int64_t bits) {
  if (chunk->form == GLI__CHUNK_PACKED) {
    packed_write(chunk, offset, type, bits);
    return;
  }
  const uint64_t bit = UINT64_C(1) << (offset % 64);
  uint64_t *const present = &chunk->present[offset / 64];
  chunk->present_count = (uint16_t)(chunk->present_count + ((*present & bit) == 0));
  *present |= bit;
  if (chunk->nulls != NULL) {
    uint64_t *const nulls = &chunk->nulls[offset / 64];
    const uint32_t was_null = (*nulls & bit) != 0;
    const uint32_t is_null = type == GLI_VALUE_NULL;
    *nulls = (*nulls & ~bit) | (is_null != 0 ? bit : 0);
    chunk->null_count = (uint16_t)(chunk->null_count + is_null - was_null);
  }
  if (chunk->form == GLI__CHUNK_CONSTANT) {
    return;
  }
  assert(offset < chunk->capacity);
  gli__bits_put(chunk->data, chunk->width, offset, type == GLI_VALUE_NULL ? 0 : bits);
  if (chunk->types != NULL) {
    chunk->types[offset] = type;
  }
}

static void packed_remove(gli__chunk *chunk, uint32_t offset) {
  const uint32_t place = packed_search(chunk, offset);
  if (!packed_has(chunk, place, offset)) {
    return;
  }
  const uint32_t behind = chunk->present_count - place - 1;
  uint8_t *const value = chunk->data + (size_t)place * chunk->width;
  memmove(value, value + chunk->width, (size_t)behind * chunk->width);
  memmove(chunk->positions + place, chunk->positions + place + 1, behind * sizeof(uint16_t));
  if (chunk->types != NULL) {
    memmove(chunk->types + place, chunk->types + place + 1, behind);
  }
  chunk->present_count--;
}

void gli__chunk_remove(gli__chunk *chunk, uint32_t offset) {
  if (chunk->form == GLI__CHUNK_PACKED) {
    packed_remove(chunk, offset);
    return;
  }
  const uint64_t bit = UINT64_C(1) << (offset % 64);
  uint64_t *const present = &chunk->present[offset / 64];
  chunk->present_count = (uint16_t)(chunk->present_count - ((*present & bit) != 0));
  *present &= ~bit;
  if (chunk->nulls != NULL) {
    uint64_t *const nulls = &chunk->nulls[offset / 64];
    chunk->null_count = (uint16_t)(chunk->null_count - ((*nulls & bit) != 0));
    *nulls &= ~bit;
  }
}

bool gli__chunk_read(const gli__chunk *chunk, uint32_t offset, uint8_t *type_out,
                     int64_t *bits_out) {
  uint32_t place = offset;
  if (chunk->form == GLI__CHUNK_PACKED) {
    place = packed_search(chunk, offset);
    if (!packed_has(chunk, place, offset)) {
      return false;
    }
  } else {
    if ((chunk->present[offset / 64] >> (offset % 64) & 1) == 0) {
      return false;
    }
    if (chunk->null_count != 0 && (chunk->nulls[offset / 64] >> (offset % 64) & 1) != 0) {
      *type_out = GLI_VALUE_NULL;
      *bits_out = 0;
      return true;
    }
    if (chunk->form == GLI__CHUNK_CONSTANT) {
      *type_out = (uint8_t)(chunk->kind + 1);
      *bits_out = chunk->constant;
      return true;
    }
  }
  *type_out = chunk->types != NULL ? chunk->types[place] : (uint8_t)(chunk->kind + 1);
  *bits_out = gli__bits_get(chunk->data, chunk->width, place);
  return true;
}
