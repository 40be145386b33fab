/* python.c: comparison, truth and text operations of Python on attribute values. */
#define _GNU_SOURCE /* memmem */
#include "query/python.h"

#include <string.h>

static bool same_bytes(const gli_value *left, const gli_value *right) {
  return left->size_bytes == right->size_bytes &&
         (left->size_bytes == 0 || memcmp(left->as.text, right->as.text, left->size_bytes) == 0);
}

bool gli__python_equal(const gli_value *left, const gli_value *right) {
  if (left->type == GLI_VALUE_STRING || right->type == GLI_VALUE_STRING)
    return left->type == right->type && same_bytes(left, right);
  gli__number one, other;
  bool has_one = gli__number_of(left, &one), has_other = gli__number_of(right, &other);
  if (has_one || has_other) return has_one && has_other && gli__number_compare(&one, &other) == 0;
  if (left->type != right->type) return false;
  return left->type == GLI_VALUE_NULL || gli__nested_equal(left, right);
}

/* -1, 0, 1; 2: no order. Texts by code points, which is the order of their UTF-8 bytes. */
static int order_of(const gli_value *left, const gli_value *right) {
  if (left->type == GLI_VALUE_STRING && right->type == GLI_VALUE_STRING) {
    size_t common = left->size_bytes < right->size_bytes ? left->size_bytes : right->size_bytes;
    int order = common == 0 ? 0 : memcmp(left->as.text, right->as.text, common);
    if (order != 0) return order < 0 ? -1 : 1;
    return (left->size_bytes > right->size_bytes) - (left->size_bytes < right->size_bytes);
  }
  gli__number one, other;
  if (!gli__number_of(left, &one) || !gli__number_of(right, &other)) return 2;
  return gli__number_compare(&one, &other);
}

static bool both_texts(const gli_value *left, const gli_value *right) {
  return left->type == GLI_VALUE_STRING && right->type == GLI_VALUE_STRING;
}

bool gli__python_holds(gli__relation relation, const gli_value *left, const gli_value *right) {
  if (left->type == GLI_VALUE_ABSENT || right->type == GLI_VALUE_ABSENT) return false;
  int order;
  switch (relation) {
    case GLI__EQUAL:
      return gli__python_equal(left, right);
    case GLI__NOT_EQUAL:
      return !gli__python_equal(left, right);
    case GLI__IS:
      return left->type == GLI_VALUE_NULL;
    case GLI__IS_NOT:
      return left->type != GLI_VALUE_NULL;
    case GLI__IN_TEXT:
      return gli__text_contains(right, left);
    case GLI__NOT_IN_TEXT:
      return both_texts(left, right) && !gli__text_contains(right, left);
    case GLI__LESS:
      return order_of(left, right) == -1;
    case GLI__LESS_EQUAL:
      order = order_of(left, right);
      return order == -1 || order == 0;
    case GLI__GREATER:
      return order_of(left, right) == 1;
    case GLI__GREATER_EQUAL:
      order = order_of(left, right);
      return order == 1 || order == 0;
    default:
      return false;
  }
}

bool gli__python_is_in(const gli_value *value, const gli_value *items, uint32_t item_count) {
  for (uint32_t item = 0; item < item_count; item++)
    if (gli__python_equal(value, &items[item])) return true;
  return false;
}

bool gli__python_truth(const gli_value *value) {
  switch (value->type) {
    case GLI_VALUE_BOOL:
      return value->as.boolean;
    case GLI_VALUE_INT64:
      return value->as.integer != 0;
    case GLI_VALUE_FLOAT64:
      return value->as.real != 0;
    case GLI_VALUE_STRING:
      return value->size_bytes != 0;
    case GLI_VALUE_NESTED: {
      gli_value length = gli__python_length(value);
      return length.type == GLI_VALUE_ABSENT || length.as.integer != 0;
    }
    default:
      return false;
  }
}

gli_value gli__python_length(const gli_value *value) {
  if (value->type == GLI_VALUE_STRING) {
    int64_t characters = 0;
    for (uint64_t at = 0; at < value->size_bytes; at++)
      characters += ((uint8_t)value->as.text[at] & 0xC0) != 0x80;
    return gli_value_int(characters);
  }
  if (value->type != GLI_VALUE_NESTED) return gli_value_absent();
  gli_value_item head = gli__nested_head(value);
  switch (head.type) {
    case GLI_NESTED_BYTES:
      return gli_value_int((int64_t)head.scalar.size_bytes);
    case GLI_NESTED_LIST:
    case GLI_NESTED_TUPLE:
    case GLI_NESTED_DICT:
    case GLI_NESTED_SET:
    case GLI_NESTED_FROZENSET:
      return gli_value_int((int64_t)head.count);
    default:
      return gli_value_absent();
  }
}

bool gli__text_starts_with(const gli_value *text, const gli_value *part) {
  return both_texts(text, part) && part->size_bytes <= text->size_bytes &&
         (part->size_bytes == 0 || memcmp(text->as.text, part->as.text, part->size_bytes) == 0);
}

bool gli__text_ends_with(const gli_value *text, const gli_value *part) {
  return both_texts(text, part) && part->size_bytes <= text->size_bytes &&
         (part->size_bytes == 0 || memcmp(text->as.text + text->size_bytes - part->size_bytes,
                                          part->as.text, part->size_bytes) == 0);
}

bool gli__text_contains(const gli_value *text, const gli_value *part) {
  return both_texts(text, part) &&
         (part->size_bytes == 0 ||
          (part->size_bytes <= text->size_bytes &&
           memmem(text->as.text, text->size_bytes, part->as.text, part->size_bytes) != NULL));
}
