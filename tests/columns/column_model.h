/* column_model.h: a column and, beside it, a plain array of values that says what must be in it. */
#ifndef TESTS_COLUMNS_COLUMN_MODEL_H
#define TESTS_COLUMNS_COLUMN_MODEL_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "columns/column.h"

/* SplitMix64: a test is repeated by its seed. */
typedef struct model_random {
  uint64_t state;
} model_random;

static inline uint64_t model_next(model_random *random) {
  uint64_t number = random->state += UINT64_C(0x9e3779b97f4a7c15);
  number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
  return number ^ (number >> 31);
}

static inline uint64_t model_below(model_random *random, uint64_t limit) {
  return model_next(random) % limit;
}

/* Texts that values of the model point to; they outlive it. */
static const char *const model_texts[] = {"",
                                          "a",
                                          "Oslo",
                                          "exactly12by.",
                                          "thirteen byte",
                                          "a text that is longer than a record holds",
                                          "\0inside",
                                          "red",
                                          "green",
                                          "blue"};
#define MODEL_TEXTS (sizeof model_texts / sizeof *model_texts)

static inline gli_value model_text(uint64_t k) {
  const char *const text = model_texts[k % MODEL_TEXTS];
  return gli_value_text(text, k % MODEL_TEXTS == 6 ? 7 : strlen(text));
}

/* Any value; kinds is a set of bits 1 << gli_value_type to choose from. */
static inline gli_value model_value(model_random *random, uint32_t kinds) {
  uint32_t type = 0;
  do {
    type = (uint32_t)model_below(random, 7);
  } while ((kinds >> type & 1) == 0);
  switch (type) {
    case GLI_VALUE_ABSENT:
      return gli_value_absent();
    case GLI_VALUE_NULL:
      return gli_value_null();
    case GLI_VALUE_BOOL:
      return gli_value_bool(model_below(random, 2) != 0);
    case GLI_VALUE_INT64: {
      static const int64_t edges[] = {0,      1,         -1,        127,       128,
                                      -128,   -129,      32767,     32768,     -32768,
                                      -32769, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
      const uint64_t k = model_below(random, 40);
      if (k < 3) {
        return gli_value_int(edges[model_below(random, sizeof edges / sizeof *edges)]);
      }
      return gli_value_int((int64_t)model_below(random, k < 30 ? 100 : 40000) - 50);
    }
    case GLI_VALUE_FLOAT64: {
      static const uint64_t edges[] = {UINT64_C(0x8000000000000000), UINT64_C(0x7ff8000000000000),
                                       UINT64_C(0x7ff8000000000123), UINT64_C(0xfff0000000000000),
                                       UINT64_C(1)};
      gli_value value = gli_value_float((double)model_below(random, 10) / 4);
      if (model_below(random, 8) == 0) {
        const uint64_t bits = edges[model_below(random, 5)];
        memcpy(&value.as.real, &bits, sizeof bits);
      }
      return value;
    }
    case GLI_VALUE_STRING:
      return model_text(model_next(random));
    default: {
      const gli_value text = model_text(model_next(random));
      return gli_value_nested(text.as.bytes, text.size_bytes);
    }
  }
}

/* The same value to the last bit: NaN payloads and the sign of zero included. */
static inline bool model_same(const gli_value *left, const gli_value *right) {
  if (left->type != right->type || left->size_bytes != right->size_bytes) {
    return false;
  }
  switch (left->type) {
    case GLI_VALUE_ABSENT:
    case GLI_VALUE_NULL:
      return true;
    case GLI_VALUE_BOOL:
      return left->as.boolean == right->as.boolean;
    case GLI_VALUE_STRING:
    case GLI_VALUE_NESTED:
      return left->size_bytes == 0 ||
             memcmp(left->as.bytes, right->as.bytes, left->size_bytes) == 0;
    default:
      return left->as.integer == right->as.integer;
  }
}

typedef struct column_model {
  gli__column *column;
  gli_value *values; /* [count] */
  int64_t count;
} column_model;

static inline int64_t model_present(const column_model *model) {
  int64_t present = 0;
  for (int64_t k = 0; k < model->count; k++) {
    present += model->values[k].type != GLI_VALUE_ABSENT;
  }
  return present;
}

/* Every position, beyond the end too, and the counts. */
static inline void model_check(const column_model *model) {
  bool has_nulls = false;
  for (int64_t k = 0; k < model->count; k++) {
    const gli_value value = gli__column_get(model->column, k);
    cr_assert(model_same(&value, &model->values[k]), "position %lld: type %d, expected %d",
              (long long)k, value.type, model->values[k].type);
    has_nulls = has_nulls || value.type == GLI_VALUE_NULL;
  }
  cr_assert_eq(gli__column_get(model->column, model->count).type, GLI_VALUE_ABSENT);
  cr_assert_eq(gli__column_get(model->column, model->count + 100000).type, GLI_VALUE_ABSENT);
  cr_assert_eq(gli__column_present_count(model->column), model_present(model));
  cr_assert_eq(gli__column_has_nulls(model->column), has_nulls);
}

/* What gli__column_chunk tells must lead to the same values. */
static inline void model_check_views(const column_model *model) {
  for (int64_t chunk = 0; chunk < gli__column_chunk_count(model->column); chunk++) {
    gli__chunk_view view;
    gli__column_chunk(model->column, chunk, &view);
    uint32_t rank = 0;
    for (uint32_t k = 0; k < GLI__CHUNK_SIZE; k++) {
      const int64_t position = chunk * GLI__CHUNK_SIZE + k;
      const gli_value want = position < model->count ? model->values[position] : gli_value_absent();
      const bool present = view.present != NULL && (view.present[k / 64] >> (k % 64) & 1) != 0;
      cr_assert_eq(present, want.type != GLI_VALUE_ABSENT);
      if (!present) {
        continue;
      }
      const uint32_t place = view.is_constant ? 0 : view.is_packed ? rank : k;
      rank++;
      const bool null = view.nulls != NULL && (view.nulls[k / 64] >> (k % 64) & 1) != 0;
      cr_assert_eq(null, want.type == GLI_VALUE_NULL);
      if (null) {
        continue;
      }
      cr_assert_lt(place, view.capacity);
      cr_assert_eq(want.type, view.types != NULL ? view.types[place] : (uint8_t)(view.kind + 1));
      int64_t bits = gli__chunk_view_at(&view, place);
      if (want.type >= GLI_VALUE_STRING) {
        size_t size_bytes = 0;
        const uint8_t *const bytes =
            gli__store_get(gli__column_store(model->column), (uint32_t)bits, &size_bytes);
        cr_assert_eq(size_bytes, want.size_bytes);
        cr_assert(size_bytes == 0 || memcmp(bytes, want.as.bytes, size_bytes) == 0);
      } else {
        cr_assert_eq(bits, want.type == GLI_VALUE_BOOL ? want.as.boolean : want.as.integer);
      }
    }
    cr_assert_eq(rank, view.count);
  }
}

/* Decoded chunks hold the numbers, as ints and as floats, and the references. */
static inline void model_check_decoded(const column_model *model) {
  static int64_t ints[GLI__CHUNK_SIZE];
  static double floats[GLI__CHUNK_SIZE];
  static uint32_t texts[GLI__CHUNK_SIZE];
  uint64_t valid_ints[64];
  uint64_t valid_floats[64];
  uint64_t valid_texts[64];
  for (int64_t chunk = 0; chunk < gli__column_chunk_count(model->column) + 1; chunk++) {
    const gli__column *const column = model->column;
    const bool any_int = gli__column_chunk_ints(column, chunk, ints, valid_ints);
    const bool any_float = gli__column_chunk_floats(column, chunk, floats, valid_floats);
    const bool any_text =
        gli__column_chunk_references(column, chunk, GLI__COLUMN_STRING, texts, valid_texts);
    for (uint32_t k = 0; k < GLI__CHUNK_SIZE; k++) {
      const int64_t position = chunk * GLI__CHUNK_SIZE + k;
      const gli_value want = position < model->count ? model->values[position] : gli_value_absent();
      const bool is_int = any_int && (valid_ints[k / 64] >> (k % 64) & 1) != 0;
      const bool is_float = any_float && (valid_floats[k / 64] >> (k % 64) & 1) != 0;
      const bool is_text = any_text && (valid_texts[k / 64] >> (k % 64) & 1) != 0;
      cr_assert_eq(is_int, want.type == GLI_VALUE_INT64 || want.type == GLI_VALUE_BOOL);
      cr_assert_eq(is_float, is_int || want.type == GLI_VALUE_FLOAT64);
      cr_assert_eq(is_text, want.type == GLI_VALUE_STRING);
      const int64_t number = want.type == GLI_VALUE_BOOL ? want.as.boolean : want.as.integer;
      if (any_int) {
        cr_assert_eq(ints[k], is_int ? number : 0);
      }
      if (any_float) {
        double expected = is_int ? (double)number : 0;
        expected = want.type == GLI_VALUE_FLOAT64 ? want.as.real : expected;
        cr_assert(memcmp(&floats[k], &expected, sizeof expected) == 0);
      }
      if (is_text) {
        size_t size_bytes = 0;
        gli__store_get(gli__column_store(column), texts[k], &size_bytes);
        cr_assert_eq(size_bytes, want.size_bytes);
      } else if (any_text) {
        cr_assert_eq(texts[k], UINT32_MAX);
      }
    }
  }
}

static inline void model_set(column_model *model, int64_t position, gli_value value) {
  cr_assert_eq(gli__column_own(&model->column, NULL), GLI_OK);
  const uint64_t version = gli__column_version(model->column);
  cr_assert_eq(gli__column_set(model->column, position, &value, NULL), GLI_OK);
  cr_assert_gt(gli__column_version(model->column), version);
  model->values[position] = value;
}

static inline column_model model_create(gli__memory *memory, gli__store *store, int64_t count) {
  column_model model = {.count = count};
  model.values = calloc((size_t)count, sizeof *model.values);
  cr_assert_not_null(model.values);
  cr_assert_eq(gli__column_create(memory, store, &model.column, NULL), GLI_OK);
  return model;
}

/* A second holder of the same column, as a snapshot is. */
static inline column_model model_share(const column_model *model) {
  column_model copy = {.count = model->count};
  copy.column = gli__column_retain(model->column);
  copy.values = malloc((size_t)model->count * sizeof *copy.values);
  cr_assert_not_null(copy.values);
  memcpy(copy.values, model->values, (size_t)model->count * sizeof *copy.values);
  return copy;
}

static inline void model_free(column_model *model) {
  gli__column_free(model->column);
  free(model->values);
}

#endif
