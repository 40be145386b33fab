/* builder.c: writes one canonical value (the format: encoding.h).
 *
 * Bytes are appended to one buffer. A container leaves a byte for its count, which is filled in
 * when it is closed (and its content moved up when the count needs more: above 127 elements). The
 * starts of a set's elements are remembered; at its close they are sorted by a heap sort, in place
 * and without a comparison function that calls back, and the content is written anew in that order.
 * A call that fails leaves the builder as it was. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "values/encoding.h"

typedef struct open_frame {
  gli_nested_type type;
  bool must_hash;       /* stands as a key: what it holds must be hashable */
  size_t begin;         /* of its tag */
  size_t count;         /* elements so far; a dict counts keys and values */
  size_t first_element; /* sets: where its elements begin in builder->elements */
} open_frame;

/* An element of a set on its way to its place. */
typedef struct set_element {
  const uint8_t *bytes;
  size_t size_bytes;
} set_element;

struct gli_value_builder {
  gli__memory *memory;
  uint8_t *bytes;
  size_t size_bytes;
  size_t capacity_bytes;
  size_t *elements; /* starts of the elements of the sets that are open */
  size_t element_count;
  size_t element_capacity;
  uint32_t depth;
  open_frame open[GLI_VALUE_DEPTH_LIMIT];
};

gli_status gli_value_builder_create(const gli_allocator *allocator, gli_value_builder **builder_out,
                                    gli_error *error) {
  gli__memory *const memory = gli__memory_create(allocator);
  if (memory == NULL) {
    return gli__no_memory(error, "a value builder");
  }
  gli_value_builder *const builder = gli__allocate_zeroed(memory, 1, sizeof *builder);
  if (builder == NULL) {
    gli__memory_free(memory);
    return gli__no_memory(error, "a value builder");
  }
  builder->memory = memory;
  *builder_out = builder;
  return GLI_OK;
}

void gli_value_builder_free(gli_value_builder *builder) {
  if (builder == NULL) {
    return;
  }
  gli__memory *const memory = builder->memory;
  gli__release(memory, builder->bytes, builder->capacity_bytes, 1);
  gli__release(memory, builder->elements, builder->element_capacity, sizeof(size_t));
  gli__release(memory, builder, 1, sizeof *builder);
  gli__memory_free(memory);
}

void gli_value_builder_reset(gli_value_builder *builder) {
  builder->size_bytes = 0;
  builder->element_count = 0;
  builder->depth = 0;
}

static gli_status reserve_bytes(gli_value_builder *builder, size_t size_bytes, gli_error *error) {
  size_t wanted = 0;
  if (gli__add(builder->size_bytes, size_bytes, &wanted) && wanted <= builder->capacity_bytes) {
    return GLI_OK;
  }
  const size_t half_more = builder->capacity_bytes + builder->capacity_bytes / 2 + 64;
  const size_t capacity = wanted > half_more ? wanted : half_more;
  uint8_t *const bytes =
      wanted >= size_bytes
          ? gli__reallocate(builder->memory, builder->bytes, builder->capacity_bytes, capacity, 1)
          : NULL;
  if (bytes == NULL) {
    return gli__no_memory(error, "a nested value");
  }
  builder->bytes = bytes;
  builder->capacity_bytes = capacity;
  return GLI_OK;
}

static gli_status reserve_element(gli_value_builder *builder, gli_error *error) {
  if (builder->element_count < builder->element_capacity) {
    return GLI_OK;
  }
  const size_t capacity = builder->element_capacity * 2 + 16;
  size_t *const elements = gli__reallocate(builder->memory, builder->elements,
                                           builder->element_capacity, capacity, sizeof *elements);
  if (elements == NULL) {
    return gli__no_memory(error, "the elements of a set");
  }
  builder->elements = elements;
  builder->element_capacity = capacity;
  return GLI_OK;
}

static bool next_must_hash(const gli_value_builder *builder) {
  if (builder->depth == 0) {
    return false;
  }
  const open_frame *const frame = &builder->open[builder->depth - 1];
  return frame->must_hash || gli__nested_is_set(frame->type) ||
         (frame->type == GLI_NESTED_DICT && frame->count % 2 == 0);
}

/* Whether a value of `type` may come next, and room for `size_bytes` of it. */
static gli_status begin_item(gli_value_builder *builder, gli_nested_type type, size_t size_bytes,
                             gli_error *error) {
  if (builder->depth == 0 && builder->size_bytes != 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "the builder holds a whole value; finish or reset it before another one");
  }
  if (next_must_hash(builder) && !gli__nested_is_hashable(type)) {
    return gli__fail(error, GLI_ERROR_TYPE,
                     "a %s cannot be a dict's key or an element of a set; its items must be "
                     "scalars, dates, tuples or frozensets",
                     type == GLI_NESTED_LIST   ? "list"
                     : type == GLI_NESTED_DICT ? "dict"
                                               : "set");
  }
  const gli_status status = reserve_bytes(builder, size_bytes, error);
  return status == GLI_OK ? reserve_element(builder, error) : status;
}

/* Count what begins at the end of the bytes; nothing fails after begin_item. */
static void count_item(gli_value_builder *builder) {
  if (builder->depth == 0) {
    return;
  }
  open_frame *const frame = &builder->open[builder->depth - 1];
  if (gli__nested_is_set(frame->type)) {
    builder->elements[builder->element_count++] = builder->size_bytes;
  }
  frame->count++;
}

static gli_status append_item(gli_value_builder *builder, const uint8_t *head, size_t head_size,
                              const void *tail, size_t tail_size, gli_error *error) {
  size_t size_bytes = 0;
  if (!gli__add(head_size, tail_size, &size_bytes)) {
    return gli__no_memory(error, "a nested value");
  }
  const gli_status status = begin_item(builder, (gli_nested_type)head[0], size_bytes, error);
  if (status != GLI_OK) {
    return status;
  }
  count_item(builder);
  memcpy(builder->bytes + builder->size_bytes, head, head_size);
  if (tail_size != 0) {
    memcpy(builder->bytes + builder->size_bytes + head_size, tail, tail_size);
  }
  builder->size_bytes += size_bytes;
  return GLI_OK;
}

/* STRING, BYTES, BIGINT. */
static gli_status append_sized(gli_value_builder *builder, gli_nested_type type, const void *bytes,
                               size_t size_bytes, gli_error *error) {
  uint8_t head[1 + GLI__VARINT_SIZE_LIMIT] = {(uint8_t)type};
  const size_t head_size = 1 + gli__varint_write(head + 1, size_bytes);
  return append_item(builder, head, head_size, bytes, size_bytes, error);
}

static gli_status append_int(gli_value_builder *builder, int64_t integer, gli_error *error) {
  uint8_t head[1 + GLI__VARINT_SIZE_LIMIT] = {GLI_NESTED_INT64};
  const size_t head_size = 1 + gli__varint_write(head + 1, gli__zigzag(integer));
  return append_item(builder, head, head_size, NULL, 0, error);
}

static gli_status append_float(gli_value_builder *builder, double real, gli_error *error) {
  uint8_t head[9] = {GLI_NESTED_FLOAT64};
  uint64_t bits = 0;
  memcpy(&bits, &real, sizeof bits);
  for (uint32_t k = 0; k < 8; k++) {
    head[1 + k] = (uint8_t)(bits >> (8 * k));
  }
  return append_item(builder, head, sizeof head, NULL, 0, error);
}

static gli_status append_text(gli_value_builder *builder, const gli_value *value,
                              gli_error *error) {
  if (!gli__text_is_utf8(value->as.bytes, value->size_bytes)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "a text of %llu bytes is not UTF-8; add such bytes as bytes",
                     (unsigned long long)value->size_bytes);
  }
  return append_sized(builder, GLI_NESTED_STRING, value->as.text, value->size_bytes, error);
}

static gli_status append_nested(gli_value_builder *builder, const gli_value *value,
                                gli_error *error) {
  size_t at = 0;
  const char *const complaint =
      gli__encoding_complaint(value->as.bytes, value->size_bytes,
                              GLI_VALUE_DEPTH_LIMIT - builder->depth, next_must_hash(builder), &at);
  if (complaint != NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "nested value, byte %zu of %llu: %s", at,
                     (unsigned long long)value->size_bytes, complaint);
  }
  return append_item(builder, value->as.bytes, 1, value->as.bytes + 1, value->size_bytes - 1,
                     error);
}

gli_status gli_value_builder_add(gli_value_builder *builder, const gli_value *value,
                                 gli_error *error) {
  const uint8_t null_tag = GLI_NESTED_NULL;
  const uint8_t bool_tag =
      value->type == GLI_VALUE_BOOL && value->as.boolean ? GLI_NESTED_TRUE : GLI_NESTED_FALSE;
  switch (value->type) {
    case GLI_VALUE_NULL:
      return append_item(builder, &null_tag, 1, NULL, 0, error);
    case GLI_VALUE_BOOL:
      return append_item(builder, &bool_tag, 1, NULL, 0, error);
    case GLI_VALUE_INT64:
      return append_int(builder, value->as.integer, error);
    case GLI_VALUE_FLOAT64:
      return append_float(builder, value->as.real, error);
    case GLI_VALUE_STRING:
      return append_text(builder, value, error);
    case GLI_VALUE_NESTED:
      return append_nested(builder, value, error);
    default:
      return gli__fail(error, GLI_ERROR_TYPE,
                       "value has type %d; NULL (1) to NESTED (%d) can be inside a value",
                       value->type, GLI_VALUE_NESTED);
  }
}

gli_status gli_value_builder_add_bigint(gli_value_builder *builder, const uint8_t *bytes,
                                        size_t size_bytes, gli_error *error) {
  while (size_bytes > 1 && bytes[size_bytes - 1] == (bytes[size_bytes - 2] >= 0x80 ? 0xff : 0)) {
    size_bytes--;
  }
  if (size_bytes > 8) {
    return append_sized(builder, GLI_NESTED_BIGINT, bytes, size_bytes, error);
  }
  uint64_t bits = size_bytes != 0 && bytes[size_bytes - 1] >= 0x80 ? UINT64_MAX : 0;
  for (size_t k = size_bytes; k-- != 0;) {
    bits = bits << 8 | bytes[k];
  }
  return append_int(builder, (int64_t)bits, error);
}

gli_status gli_value_builder_add_bytes(gli_value_builder *builder, const void *bytes,
                                       size_t size_bytes, gli_error *error) {
  return append_sized(builder, GLI_NESTED_BYTES, bytes, size_bytes, error);
}

static gli_status refuse_date(const gli_datetime *date, const char *complaint, gli_error *error) {
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "date %d-%02u-%02u %02u:%02u:%02u.%06u: %s",
                   date->year, date->month, date->day, date->hour, date->minute, date->second,
                   date->microsecond, complaint);
}

gli_status gli_value_builder_add_date(gli_value_builder *builder, const gli_datetime *date,
                                      gli_error *error) {
  const char *const complaint = gli__datetime_complaint(date, true);
  if (complaint != NULL) {
    return refuse_date(date, complaint, error);
  }
  uint8_t head[GLI__ITEM_SIZE_LIMIT];
  const size_t head_size = gli__date_write(head, date);
  return append_item(builder, head, head_size, NULL, 0, error);
}

gli_status gli_value_builder_add_datetime(gli_value_builder *builder, const gli_datetime *datetime,
                                          gli_error *error) {
  const char *complaint = gli__datetime_complaint(datetime, false);
  const bool has_name = datetime->zone != 0 && datetime->zone_name != NULL;
  const size_t name_size = has_name ? (size_t)datetime->zone_name_size_bytes : 0;
  if (complaint == NULL && has_name &&
      !gli__text_is_utf8((const uint8_t *)datetime->zone_name, name_size)) {
    complaint = "the zone's name is not UTF-8";
  }
  if (complaint != NULL) {
    return refuse_date(datetime, complaint, error);
  }
  uint8_t head[GLI__ITEM_SIZE_LIMIT + GLI__VARINT_SIZE_LIMIT];
  size_t head_size = gli__datetime_write(head, datetime);
  if (has_name) {
    head_size += gli__varint_write(head + head_size, name_size);
  }
  return append_item(builder, head, head_size, datetime->zone_name, name_size, error);
}

gli_status gli_value_builder_open(gli_value_builder *builder, gli_nested_type container,
                                  gli_error *error) {
  if (!gli__nested_is_container(container)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "container is %d; it must be GLI_NESTED_LIST (%d) to FROZENSET (%d)",
                     (int)container, GLI_NESTED_LIST, GLI_NESTED_FROZENSET);
  }
  if (builder->depth == GLI_VALUE_DEPTH_LIMIT) {
    return gli__fail(error, GLI_ERROR_LIMIT, "the value is nested deeper than %d containers",
                     GLI_VALUE_DEPTH_LIMIT);
  }
  const bool must_hash = next_must_hash(builder);
  const gli_status status = begin_item(builder, container, 2, error);
  if (status != GLI_OK) {
    return status;
  }
  count_item(builder);
  builder->open[builder->depth++] = (open_frame){.type = container,
                                                 .must_hash = must_hash,
                                                 .begin = builder->size_bytes,
                                                 .first_element = builder->element_count};
  builder->bytes[builder->size_bytes++] = (uint8_t)container;
  builder->bytes[builder->size_bytes++] = 0; /* the count's place */
  return GLI_OK;
}

static int compare_elements(const set_element *left, const set_element *right) {
  return gli__encoding_compare(left->bytes, left->size_bytes, right->bytes, right->size_bytes);
}

/* Heap sort (Williams 1964): the C library's qsort may allocate behind our back. */
static void sort_elements(set_element *elements, size_t count) {
  size_t root = count / 2;
  while (count > 1) {
    set_element moved;
    if (root != 0) {
      moved = elements[--root];
    } else {
      moved = elements[--count];
      elements[count] = elements[0];
    }
    size_t hole = root;
    for (;;) {
      size_t child = hole * 2 + 1;
      if (child >= count) {
        break;
      }
      child += child + 1 < count && compare_elements(&elements[child], &elements[child + 1]) < 0;
      if (compare_elements(&moved, &elements[child]) >= 0) {
        break;
      }
      elements[hole] = elements[child];
      hole = child;
    }
    elements[hole] = moved;
  }
}

/* Put the elements of the innermost container, a set, in their order, each once. */
static gli_status close_set(gli_value_builder *builder, size_t *count_out, gli_error *error) {
  const open_frame *const frame = &builder->open[builder->depth - 1];
  const size_t count = frame->count;
  const size_t begin = frame->begin + 2;
  const size_t size_bytes = builder->size_bytes - begin;
  const size_t *const starts = builder->elements + frame->first_element;
  gli_status status = GLI_OK;
  *count_out = count;
  if (count < 2) {
    return GLI_OK;
  }
  uint8_t *const sorted = gli__allocate(builder->memory, size_bytes, 1);
  set_element *const elements = gli__allocate(builder->memory, count, sizeof *elements);
  if (sorted == NULL || elements == NULL) {
    status = gli__no_memory(error, "the elements of a set");
    goto cleanup;
  }
  for (size_t k = 0; k < count; k++) {
    const size_t end = k + 1 < count ? starts[k + 1] : builder->size_bytes;
    elements[k] = (set_element){builder->bytes + starts[k], end - starts[k]};
  }
  sort_elements(elements, count);
  size_t length = 0;
  size_t distinct = 0;
  for (size_t k = 0; k < count; k++) {
    if (k == 0 || compare_elements(&elements[k - 1], &elements[k]) != 0) {
      memcpy(sorted + length, elements[k].bytes, elements[k].size_bytes);
      length += elements[k].size_bytes;
      distinct++;
    }
  }
  memcpy(builder->bytes + begin, sorted, length);
  builder->size_bytes = begin + length;
  *count_out = distinct;

cleanup:
  gli__release(builder->memory, elements, count, sizeof *elements);
  gli__release(builder->memory, sorted, size_bytes, 1);
  return status;
}

gli_status gli_value_builder_close(gli_value_builder *builder, gli_error *error) {
  if (builder->depth == 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "no container is open");
  }
  const open_frame *const frame = &builder->open[builder->depth - 1];
  if (frame->type == GLI_NESTED_DICT && frame->count % 2 != 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "the dict's last key has no value");
  }
  gli_status status = reserve_bytes(builder, GLI__VARINT_SIZE_LIMIT, error);
  size_t count = frame->type == GLI_NESTED_DICT ? frame->count / 2 : frame->count;
  if (status == GLI_OK && gli__nested_is_set(frame->type)) {
    status = close_set(builder, &count, error);
  }
  if (status != GLI_OK) {
    return status;
  }
  uint8_t number[GLI__VARINT_SIZE_LIMIT];
  const size_t number_size = gli__varint_write(number, count);
  uint8_t *const content = builder->bytes + frame->begin + 2;
  memmove(content + number_size - 1, content,
          builder->size_bytes - (size_t)(content - builder->bytes));
  memcpy(content - 1, number, number_size);
  builder->size_bytes += number_size - 1;
  builder->element_count = frame->first_element;
  builder->depth--;
  return GLI_OK;
}

gli_status gli_value_builder_finish(gli_value_builder *builder, gli_value *value_out,
                                    gli_error *error) {
  if (builder->depth != 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%u containers are still open",
                     builder->depth);
  }
  if (builder->size_bytes == 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "the builder holds no value");
  }
  const uint8_t *cursor = builder->bytes;
  gli_value_item item;
  const char *const complaint =
      gli__item_read(&cursor, builder->bytes + builder->size_bytes, &item);
  if (complaint == NULL && (item.type == GLI_NESTED_STRING || item.type == GLI_NESTED_FLOAT64 ||
                            (item.type <= GLI_NESTED_INT64))) {
    *value_out = item.scalar;
  } else {
    *value_out = gli_value_nested(builder->bytes, builder->size_bytes);
  }
  return GLI_OK;
}
