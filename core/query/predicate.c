/* predicate.c: one question about one attribute, answered a chunk at a time.
 *
 * Each form of a chunk has its way: a constant is asked once; ints and floats are compared in their
 * own width (kernels.c); a text equal to a literal is an equal reference; other questions about
 * texts and nested values are answered once per distinct content and kept in a memo by reference,
 * so a column of a million rows and a hundred names asks a hundred times; mixed values one by one.
 */
#include "base/error.h"
#include "query/filter.h"

#define KERNEL_ITEMS 16 /* `in` lists up to here are a kernel per item */

gli_status gli__predicate_prepare(gli__predicate *predicate, gli__memory *memory,
                                  gli_error *error) {
  predicate->store = predicate->column == NULL ? NULL : gli__column_store(predicate->column);
  predicate->reference = -1;
  if (predicate->store == NULL) return GLI_OK;
  gli__column_kind kind = gli__column_type(predicate->column);
  if (kind != GLI__COLUMN_STRING && kind != GLI__COLUMN_NESTED && kind != GLI__COLUMN_MIXED)
    return GLI_OK;
  if (predicate->question == GLI__ASKS_RELATION && predicate->relation <= GLI__NOT_EQUAL &&
      predicate->constant.type == GLI_VALUE_STRING) {
    uint32_t found = gli__store_find(predicate->store, predicate->constant.as.text,
                                     predicate->constant.size_bytes);
    predicate->reference = found == GLI__STORE_NONE ? -1 : (int64_t)found;
    return GLI_OK;
  }
  if (kind == GLI__COLUMN_MIXED) return GLI_OK;
  predicate->memo_count = gli__store_count(predicate->store);
  if (predicate->memo_count == 0) return GLI_OK;
  predicate->memo = gli__allocate_zeroed(memory, predicate->memo_count, 1);
  return predicate->memo == NULL ? gli__no_memory(error, "a filter") : GLI_OK;
}

void gli__predicate_release(gli__predicate *predicate, gli__memory *memory) {
  gli__release(memory, (void *)predicate->memo, predicate->memo_count, 1);
}

bool gli__predicate_test(const gli__predicate *predicate, const gli_value *value) {
  switch (predicate->question) {
    case GLI__ASKS_RELATION:
      if (predicate->relation == GLI__IN || predicate->relation == GLI__NOT_IN)
        return value->type != GLI_VALUE_ABSENT &&
               gli__python_is_in(value, predicate->items, predicate->item_count) ==
                   (predicate->relation == GLI__IN);
      return gli__python_holds(predicate->relation, value, &predicate->constant);
    case GLI__ASKS_TRUTH:
      return gli__python_truth(value);
    case GLI__ASKS_PRESENCE:
      return value->type != GLI_VALUE_ABSENT;
    case GLI__ASKS_STARTS_WITH:
      return gli__text_starts_with(value, &predicate->constant);
    case GLI__ASKS_ENDS_WITH:
      return gli__text_ends_with(value, &predicate->constant);
    default:
      return gli__text_contains(value, &predicate->constant);
  }
}

static gli_value content_of(const gli__predicate *predicate, gli__column_kind kind,
                            uint32_t reference) {
  size_t size_bytes = 0;
  const uint8_t *bytes = gli__store_get(predicate->store, reference, &size_bytes);
  return kind == GLI__COLUMN_STRING ? gli_value_text((const char *)bytes, size_bytes)
                                    : gli_value_nested(bytes, size_bytes);
}

static bool test_reference(const gli__predicate *predicate, gli__column_kind kind,
                           uint32_t reference) {
  _Atomic uint8_t *answer = reference < predicate->memo_count ? &predicate->memo[reference] : NULL;
  uint8_t known = answer == NULL ? 0 : atomic_load_explicit(answer, memory_order_relaxed);
  if (known != 0) return known == 2;
  gli_value value = content_of(predicate, kind, reference);
  bool holds = gli__predicate_test(predicate, &value);
  if (answer != NULL) atomic_store_explicit(answer, holds ? 2 : 1, memory_order_relaxed);
  return holds;
}

/* data[k] of a view as a value. */
static gli_value value_at(const gli__predicate *predicate, const gli__chunk_view *view,
                          uint32_t k) {
  int64_t bits = gli__chunk_view_at(view, k);
  uint8_t type = view->types != NULL ? view->types[k] : (uint8_t)(view->kind + 1);
  gli_value value = {0};
  switch (type) {
    case GLI_VALUE_BOOL:
      return gli_value_bool(bits != 0);
    case GLI_VALUE_INT64:
      return gli_value_int(bits);
    case GLI_VALUE_FLOAT64:
      memcpy(&value.as.real, &bits, sizeof bits);
      value.type = GLI_VALUE_FLOAT64;
      return value;
    case GLI_VALUE_STRING:
      return content_of(predicate, GLI__COLUMN_STRING, (uint32_t)bits);
    case GLI_VALUE_NESTED:
      return content_of(predicate, GLI__COLUMN_NESTED, (uint32_t)bits);
    default:
      return gli_value_null();
  }
}

/* --- Answers for data[0 .. count) ------------------------------------------------------------- */

static void complement(uint64_t *words, uint32_t count) {
  for (uint32_t word = 0; word < (count + 63) / 64; word++)
    words[word] = ~words[word];
}

static bool ask_ints(gli__relation relation, const gli_value *constant, const gli__chunk_view *view,
                     uint32_t count, uint64_t *words) {
  gli__int_range range;
  if (!gli__int_range_of(relation, constant, &range)) return false;
  gli__ints_in_range(view->data, view->width, count, range.minimum, range.maximum, words);
  if (range.is_complement) complement(words, count);
  return true;
}

static bool ask_floats(gli__relation relation, const gli_value *constant,
                       const gli__chunk_view *view, uint32_t count, uint64_t *words) {
  gli__float_bound bound;
  if (!gli__float_bound_of(relation, constant, &bound)) return false;
  gli__floats_in_relation(view->data, count, bound, words);
  if (bound.is_complement) complement(words, count);
  return true;
}

static bool ask_numbers(gli__relation relation, const gli_value *constant,
                        const gli__chunk_view *view, uint32_t count, uint64_t *words) {
  return view->kind == GLI__COLUMN_FLOAT64 ? ask_floats(relation, constant, view, count, words)
                                           : ask_ints(relation, constant, view, count, words);
}

/* A short list of numbers: one kernel each. Items that are no numbers equal none. */
static bool ask_items(const gli__predicate *predicate, const gli__chunk_view *view, uint32_t count,
                      uint64_t *words) {
  if (predicate->item_count > KERNEL_ITEMS) return false;
  uint64_t some[GLI__CHUNK_WORDS];
  size_t word_count = (count + 63) / 64;
  memset(words, 0, word_count * sizeof *words);
  for (uint32_t item = 0; item < predicate->item_count; item++) {
    if (!ask_numbers(GLI__EQUAL, &predicate->items[item], view, count, some)) continue;
    for (size_t word = 0; word < word_count; word++)
      words[word] |= some[word];
  }
  if (predicate->relation == GLI__NOT_IN) complement(words, count);
  return true;
}

static bool ask_kernel(const gli__predicate *predicate, const gli__chunk_view *view, uint32_t count,
                       uint64_t *words) {
  bool is_number = view->kind == GLI__COLUMN_INT64 || view->kind == GLI__COLUMN_BOOL ||
                   view->kind == GLI__COLUMN_FLOAT64;
  if (is_number && predicate->question == GLI__ASKS_TRUTH) {
    gli_value zero = gli_value_int(0);
    return ask_numbers(GLI__NOT_EQUAL, &zero, view, count, words);
  }
  if (predicate->question != GLI__ASKS_RELATION) return false;
  if (is_number && (predicate->relation == GLI__IN || predicate->relation == GLI__NOT_IN))
    return ask_items(predicate, view, count, words);
  if (is_number) return ask_numbers(predicate->relation, &predicate->constant, view, count, words);
  if (view->kind == GLI__COLUMN_STRING && predicate->relation <= GLI__NOT_EQUAL &&
      predicate->constant.type == GLI_VALUE_STRING) {
    int64_t reference = predicate->reference;
    gli__ints_in_range(view->data, view->width, count, reference, reference < 0 ? -2 : reference,
                       words);
    if (predicate->relation == GLI__NOT_EQUAL) complement(words, count);
    return true;
  }
  return false;
}

/* One by one, where `wanted` says (NULL: all). */
static void ask_each(const gli__predicate *predicate, const gli__chunk_view *view,
                     const uint64_t *wanted, uint32_t count, uint64_t *words) {
  bool by_reference = view->kind == GLI__COLUMN_STRING || view->kind == GLI__COLUMN_NESTED;
  for (uint32_t word = 0; word < (count + 63) / 64; word++) {
    uint32_t left = count - word * 64;
    uint64_t open = left < 64 ? (UINT64_C(1) << left) - 1 : ~UINT64_C(0), hits = 0;
    if (wanted != NULL) open &= wanted[word];
    for (; open != 0; open &= open - 1) {
      uint32_t bit = (uint32_t)__builtin_ctzll(open), k = word * 64 + bit;
      bool holds;
      if (by_reference) {
        holds = test_reference(predicate, view->kind, (uint32_t)gli__chunk_view_at(view, k));
      } else {
        gli_value value = value_at(predicate, view, k);
        holds = gli__predicate_test(predicate, &value);
      }
      hits |= (uint64_t)holds << bit;
    }
    words[word] = hits;
  }
}

/* Bits of packed values to the offsets that they stand at. */
static void spread(const uint64_t *packed, const uint64_t *present, uint64_t *words) {
  uint32_t k = 0;
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    uint64_t hits = 0;
    for (uint64_t open = present[word]; open != 0; open &= open - 1, k++)
      if ((packed[k / 64] >> (k % 64) & 1) != 0) hits |= open & (0 - open);
    words[word] = hits;
  }
}

void gli__predicate_run(const gli__predicate *predicate, int64_t chunk,
                        uint64_t words[GLI__CHUNK_WORDS]) {
  gli__chunk_view view;
  memset(words, 0, GLI__CHUNK_WORDS * sizeof *words);
  if (predicate->column == NULL) return;
  gli__column_chunk(predicate->column, chunk, &view);
  if (view.present == NULL) return;
  if (predicate->question == GLI__ASKS_PRESENCE) {
    memcpy(words, view.present, GLI__CHUNK_WORDS * sizeof *words);
    return;
  }
  uint64_t packed[GLI__CHUNK_WORDS] = {0};
  if (view.is_constant) {
    gli_value value = value_at(predicate, &view, 0);
    if (view.kind != GLI__COLUMN_EMPTY && gli__predicate_test(predicate, &value))
      memset(words, 0xFF, GLI__CHUNK_WORDS * sizeof *words);
  } else if (view.is_packed) {
    if (!ask_kernel(predicate, &view, view.capacity, packed))
      ask_each(predicate, &view, NULL, view.capacity, packed);
    spread(packed, view.present, words);
  } else if (view.kind != GLI__COLUMN_EMPTY &&
             !ask_kernel(predicate, &view, view.capacity, words)) {
    uint64_t wanted[GLI__CHUNK_WORDS];
    for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++)
      wanted[word] = view.present[word] & (view.nulls == NULL ? ~UINT64_C(0) : ~view.nulls[word]);
    ask_each(predicate, &view, wanted, view.capacity, words);
  }
  gli_value null = gli_value_null();
  bool null_holds = view.nulls != NULL && gli__predicate_test(predicate, &null);
  for (uint32_t word = 0; word < GLI__CHUNK_WORDS; word++) {
    uint64_t nulls = view.nulls == NULL ? 0 : view.nulls[word];
    words[word] = (words[word] & view.present[word] & ~nulls) | (null_holds ? nulls : 0);
  }
}
