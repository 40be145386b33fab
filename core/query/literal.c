/* literal.c: the constants of an expression. A list or tuple is kept twice: as one nested value in
 * canonical encoding, for == and len, and as its items, for `in`. */
#include "base/error.h"
#include "query/expression.h"

void *gli__expression_grow(gli_expression *expression, void *array, uint32_t count,
                           uint32_t *capacity, size_t item_bytes, gli_error *error) {
  if (count < *capacity) return array;
  uint32_t grown = *capacity == 0 ? 8 : *capacity * 2;
  void *moved = NULL;
  if (*capacity < UINT32_MAX / 2)
    moved = gli__reallocate(expression->memory, array, *capacity, grown, item_bytes);
  if (moved == NULL)
    gli__no_memory(error, "an expression");
  else
    *capacity = grown;
  return moved;
}

static bool owns_bytes(const gli_value *value) {
  return (value->type == GLI_VALUE_STRING || value->type == GLI_VALUE_NESTED) &&
         value->size_bytes > 0;
}
static void release_value(gli__memory *memory, gli_value *value) {
  if (owns_bytes(value))
    gli__release(memory, (void *)(uintptr_t)value->as.text, value->size_bytes, 1);
}

void gli__constant_release(gli_expression *expression, gli__constant *constant) {
  release_value(expression->memory, &constant->value);
  for (uint32_t item = 0; item < constant->item_count; item++)
    release_value(expression->memory, &constant->items[item]);
  gli__release(expression->memory, constant->items, constant->item_count, sizeof(gli_value));
}

/* A value with bytes of its own. */
static gli_status copy_value(gli__memory *memory, const gli_value *value, gli_value *copy_out,
                             gli_error *error) {
  gli_value copy = *value;
  if (owns_bytes(value)) {
    char *bytes = gli__allocate(memory, value->size_bytes, 1);
    if (bytes == NULL) return gli__no_memory(error, "a literal");
    memcpy(bytes, value->as.text, value->size_bytes);
    copy.as.text = bytes;
  }
  *copy_out = copy;
  return GLI_OK;
}

gli_status gli__keep_constant(gli_expression *expression, const gli_value *value,
                              uint32_t *constant_out, gli_error *error) {
  gli__constant constant = {{0}, NULL, 0, false};
  gli__constant *constants =
      gli__expression_grow(expression, expression->constants, expression->constant_count,
                           &expression->constant_capacity, sizeof(gli__constant), error);
  if (constants == NULL) return GLI_ERROR_OUT_OF_MEMORY;
  expression->constants = constants;
  gli_status status = copy_value(expression->memory, value, &constant.value, error);
  if (status != GLI_OK) return status;
  *constant_out = expression->constant_count;
  expression->constants[expression->constant_count++] = constant;
  return GLI_OK;
}

gli_status gli__parse_number(gli__lexer *lexer, bool is_negative, gli_value *value_out,
                             gli_error *error) {
  const gli__token *token = &lexer->token;
  gli_value value;
  if (token->kind == GLI__TOKEN_FLOAT) {
    value = gli_value_float(is_negative ? -token->real : token->real);
  } else {
    if (token->integer > (uint64_t)INT64_MAX && !is_negative)
      return gli__lexer_fail(lexer, token->text, error, "integer %.*s does not fit into 64 bits",
                             (int)token->size_bytes, token->text);
    value = gli_value_int((int64_t)(is_negative ? 0 - token->integer : token->integer));
  }
  *value_out = value;
  return gli__lexer_next(lexer, error);
}

static gli_status keep_text(gli_expression *expression, gli__lexer *lexer, uint32_t *constant_out,
                            gli_error *error) {
  size_t room_bytes = lexer->token.size_bytes;
  char *room = gli__allocate(expression->memory, room_bytes, 1);
  if (room == NULL) return gli__no_memory(error, "a string literal");
  gli_value value = gli_value_text(room, gli__token_unescape(&lexer->token, room));
  gli_status status = gli__keep_constant(expression, &value, constant_out, error);
  gli__release(expression->memory, room, room_bytes, 1);
  return status == GLI_OK ? gli__lexer_next(lexer, error) : status;
}

/* Turn the constants from `first` on into the items of one sequence. */
static gli_status close_sequence(gli_expression *expression, uint32_t first, bool is_list,
                                 gli_error *error) {
  gli__memory *memory = expression->memory;
  uint32_t count = expression->constant_count - first;
  gli__constant sequence = {{0}, NULL, 0, true};
  gli_value encoded;
  gli_value_builder *builder = NULL;
  gli_status status = gli_value_builder_create(&memory->allocator, &builder, error);
  if (status == GLI_OK)
    status = gli_value_builder_open(builder, is_list ? GLI_NESTED_LIST : GLI_NESTED_TUPLE, error);
  for (uint32_t item = 0; item < count && status == GLI_OK; item++)
    status = gli_value_builder_add(builder, &expression->constants[first + item].value, error);
  if (status == GLI_OK) status = gli_value_builder_close(builder, error);
  if (status == GLI_OK) status = gli_value_builder_finish(builder, &encoded, error);
  if (status == GLI_OK) status = copy_value(memory, &encoded, &sequence.value, error);
  if (status == GLI_OK && count > 0) {
    sequence.items = gli__allocate(memory, count, sizeof(gli_value));
    if (sequence.items == NULL) {
      release_value(memory, &sequence.value);
      status = gli__no_memory(error, "a list literal");
    }
  }
  gli_value_builder_free(builder);
  if (status != GLI_OK) return status;
  for (uint32_t item = 0; item < count; item++) {
    gli__constant *constant = &expression->constants[first + item];
    sequence.items[item] = constant->value;
    constant->value = gli_value_absent();
    gli__constant_release(expression, constant);
  }
  sequence.item_count = count;
  expression->constant_count = first;
  expression->constants[expression->constant_count++] = sequence;
  return GLI_OK;
}

static gli_status parse_sequence(gli_expression *expression, gli__lexer *lexer, int32_t *depth,
                                 uint32_t *constant_out, gli_error *error) {
  bool is_list = gli__token_is(&lexer->token, "["), has_comma = true;
  const char *close = is_list ? "]" : ")";
  char shown[64];
  gli_status status = gli__lexer_next(lexer, error);
  if (status != GLI_OK) return status;
  if (++*depth > GLI__EXPRESSION_DEPTH)
    return gli__lexer_fail(lexer, lexer->token.text, error, "nested deeper than %d levels",
                           GLI__EXPRESSION_DEPTH);
  uint32_t first = expression->constant_count, item;
  while (!gli__token_is(&lexer->token, close)) {
    if (!has_comma)
      return gli__lexer_fail(lexer, lexer->token.text, error, "expected ',' or '%s', found %s",
                             close, gli__token_describe(&lexer->token, shown, sizeof shown));
    status = gli__parse_literal(expression, lexer, depth, &item, error);
    if (status != GLI_OK) return status;
    has_comma = gli__token_is(&lexer->token, ",");
    if (has_comma) status = gli__lexer_next(lexer, error);
    if (status != GLI_OK) return status;
  }
  status = gli__lexer_next(lexer, error);
  if (status != GLI_OK) return status;
  --*depth;
  if (!is_list && expression->constant_count - first == 1 && !has_comma)
    return gli__lexer_fail(lexer, lexer->token.text, error,
                           "expected ',': a tuple of one literal is written (x,)");
  if (expression->constant_count == first) { /* room for the sequence itself */
    gli_value none = gli_value_null();
    status = gli__keep_constant(expression, &none, &item, error);
    if (status != GLI_OK) return status;
    expression->constant_count = first;
  }
  *constant_out = first;
  return close_sequence(expression, first, is_list, error);
}

gli_status gli__parse_literal(gli_expression *expression, gli__lexer *lexer, int32_t *depth,
                              uint32_t *constant_out, gli_error *error) {
  const gli__token *token = &lexer->token;
  char shown[64];
  gli_value value = gli_value_absent();
  if (gli__token_is(token, "(") || gli__token_is(token, "["))
    return parse_sequence(expression, lexer, depth, constant_out, error);
  if (token->kind == GLI__TOKEN_TEXT) return keep_text(expression, lexer, constant_out, error);
  gli_status status = GLI_OK;
  if (token->kind == GLI__TOKEN_INT || token->kind == GLI__TOKEN_FLOAT) {
    status = gli__parse_number(lexer, false, &value, error);
  } else if (gli__token_is(token, "-")) {
    status = gli__lexer_next(lexer, error);
    if (status != GLI_OK) return status;
    if (token->kind != GLI__TOKEN_INT && token->kind != GLI__TOKEN_FLOAT)
      return gli__lexer_fail(lexer, token->text, error, "expected a number, found %s",
                             gli__token_describe(token, shown, sizeof shown));
    status = gli__parse_number(lexer, true, &value, error);
  } else if (gli__token_is(token, "True") || gli__token_is(token, "False")) {
    value = gli_value_bool(gli__token_is(token, "True"));
    status = gli__lexer_next(lexer, error);
  } else if (gli__token_is(token, "None")) {
    value = gli_value_null();
    status = gli__lexer_next(lexer, error);
  } else {
    return gli__lexer_fail(lexer, token->text, error, "expected a literal, found %s",
                           gli__token_describe(token, shown, sizeof shown));
  }
  if (status != GLI_OK) return status;
  return gli__keep_constant(expression, &value, constant_out, error);
}
