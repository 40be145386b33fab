/* parser.c: recursive descent by precedence (Richards 1979, precedence climbing) into postfix code.
 *
 *   or < and < not < comparisons (chained), in, is < + - < * / // % < unary - < values
 *
 * Recursion happens only where the text nests: parentheses, lists, `not`, unary minus, arguments;
 * deeper than 100 of these is refused. The C stack is at most about 800 frames deep. */
#include "base/error.h"
#include "query/expression.h"

typedef enum precedence {
  LEVEL_OR,
  LEVEL_AND,
  LEVEL_NOT,
  LEVEL_COMPARISON,
  LEVEL_SUM,
  LEVEL_TERM,
  LEVEL_UNARY,
} precedence;

typedef struct parser {
  gli_expression *expression;
  gli__lexer lexer;
  int32_t depth;
} parser;

static gli_status parse_level(parser *state, precedence minimum, gli_error *error);

static bool is_next(const parser *state, const char *word) {
  return gli__token_is(&state->lexer.token, word);
}
static gli_status advance(parser *state, gli_error *error) {
  return gli__lexer_next(&state->lexer, error);
}
static gli_status fail_expected(const parser *state, const char *expected, gli_error *error) {
  char shown[64];
  return gli__lexer_fail(&state->lexer, state->lexer.token.text, error, "expected %s, found %s",
                         expected, gli__token_describe(&state->lexer.token, shown, sizeof shown));
}
static gli_status expect(parser *state, const char *word, const char *quoted, gli_error *error) {
  if (!is_next(state, word)) return fail_expected(state, quoted, error);
  return advance(state, error);
}
static gli_status enter(parser *state, gli_error *error) {
  if (++state->depth <= GLI__EXPRESSION_DEPTH) return GLI_OK;
  return gli__lexer_fail(&state->lexer, state->lexer.token.text, error,
                         "nested deeper than %d levels", GLI__EXPRESSION_DEPTH);
}

/* The token behind the one in hand. */
static gli__token peek(const parser *state) {
  gli__lexer ahead = state->lexer;
  gli_status status = gli__lexer_next(&ahead, NULL);
  (void)status; /* the whole text was cut into tokens before; the one in hand stays at the end */
  return ahead.token;
}

static gli_status emit(parser *state, gli__instruction instruction, gli_error *error) {
  gli_expression *expression = state->expression;
  gli__instruction *code =
      gli__expression_grow(expression, expression->code, expression->code_count,
                           &expression->code_capacity, sizeof(gli__instruction), error);
  if (code == NULL) return GLI_ERROR_OUT_OF_MEMORY;
  expression->code = code;
  code[expression->code_count++] = instruction;
  return GLI_OK;
}
static gli_status emit_leaf(parser *state, gli__operation operation, uint32_t argument,
                            gli_error *error) {
  gli__instruction leaf = {(uint8_t)operation,           0, false, false, argument,
                           state->expression->code_count};
  return emit(state, leaf, error);
}
static gli_status emit_node(parser *state, gli__operation operation, uint32_t start,
                            gli_error *error) {
  gli__instruction node = {(uint8_t)operation, 0, false, false, 0, start};
  return emit(state, node, error);
}

/* --- Values ----------------------------------------------------------------------------------- */

/* The name in hand, without backticks; the same text has one index. */
static gli_status keep_name(parser *state, uint32_t *name_out, gli_error *error) {
  gli_expression *expression = state->expression;
  const gli__token *token = &state->lexer.token;
  bool is_quoted = token->kind == GLI__TOKEN_QUOTED;
  const char *text = token->text + is_quoted;
  size_t size_bytes = token->size_bytes - 2 * (size_t)is_quoted;
  uint32_t name = 0;
  while (name < expression->name_count &&
         (expression->names[name].size_bytes != size_bytes ||
          memcmp(expression->names[name].text, text, size_bytes) != 0))
    name++;
  if (name == expression->name_count) {
    gli__name_text *names =
        gli__expression_grow(expression, expression->names, name, &expression->name_capacity,
                             sizeof(gli__name_text), error);
    if (names == NULL) return GLI_ERROR_OUT_OF_MEMORY;
    expression->names = names;
    char *copy = gli__allocate(expression->memory, size_bytes, 1);
    if (copy == NULL) return gli__no_memory(error, "a name");
    memcpy(copy, text, size_bytes);
    expression->names[expression->name_count++] = (gli__name_text){copy, size_bytes};
  }
  *name_out = name;
  return advance(state, error);
}

static gli_status parse_call(parser *state, gli_error *error) {
  static const struct {
    const char *name;
    gli__operation operation;
    int arguments;
  } functions[] = {{"abs", GLI__OP_ABSOLUTE, 1},
                   {"contains", GLI__OP_CONTAINS, 2},
                   {"endswith", GLI__OP_ENDS_WITH, 2},
                   {"has", GLI__OP_HAS, 0},
                   {"len", GLI__OP_LENGTH, 1},
                   {"lower", GLI__OP_LOWER, 1},
                   {"startswith", GLI__OP_STARTS_WITH, 2},
                   {"upper", GLI__OP_UPPER, 1}};
  const size_t function_count = sizeof functions / sizeof functions[0];
  gli__token token = state->lexer.token;
  size_t chosen = 0;
  while (chosen < function_count &&
         (strlen(functions[chosen].name) != token.size_bytes ||
          memcmp(functions[chosen].name, token.text, token.size_bytes) != 0))
    chosen++;
  gli_status status = advance(state, error);
  if (status == GLI_OK) status = advance(state, error);
  if (status != GLI_OK) return status;
  if (chosen == function_count) {
    char shown[64];
    return gli__lexer_fail(&state->lexer, token.text, error,
                           "unknown function %s; there are abs, contains, endswith, has, len, "
                           "lower, startswith, upper",
                           gli__token_describe(&token, shown, sizeof shown));
  }
  if (functions[chosen].operation == GLI__OP_HAS) {
    gli__token_kind kind = state->lexer.token.kind;
    uint32_t name = 0;
    if (kind != GLI__TOKEN_NAME && kind != GLI__TOKEN_QUOTED)
      return fail_expected(state, "an attribute name", error);
    status = keep_name(state, &name, error);
    if (status == GLI_OK) status = expect(state, ")", "')'", error);
    return status == GLI_OK ? emit_leaf(state, GLI__OP_HAS, name, error) : status;
  }
  uint32_t start = state->expression->code_count;
  status = enter(state, error);
  for (int argument = 0; argument < functions[chosen].arguments && status == GLI_OK; argument++) {
    if (argument > 0) status = expect(state, ",", "','", error);
    if (status == GLI_OK) status = parse_level(state, LEVEL_OR, error);
  }
  state->depth--;
  if (status == GLI_OK) status = expect(state, ")", "')'", error);
  return status == GLI_OK ? emit_node(state, functions[chosen].operation, start, error) : status;
}

static gli_status parse_constant(parser *state, gli_error *error) {
  uint32_t constant = 0;
  gli_status status =
      gli__parse_literal(state->expression, &state->lexer, &state->depth, &constant, error);
  return status == GLI_OK ? emit_leaf(state, GLI__OP_CONSTANT, constant, error) : status;
}

/* Whether the parenthesis in hand opens a tuple: `()`, or a literal and a comma. Tried on a copy of
 * the state; the constants it makes are dropped again. */
static gli_status opens_tuple(parser *state, bool *is_tuple_out, gli_error *error) {
  gli_expression *expression = state->expression;
  parser attempt = *state;
  uint32_t kept = expression->constant_count, constant;
  gli_status status = advance(&attempt, NULL);
  bool is_tuple = status == GLI_OK && is_next(&attempt, ")");
  if (status == GLI_OK && !is_tuple) {
    status = gli__parse_literal(expression, &attempt.lexer, &attempt.depth, &constant, NULL);
    is_tuple = status == GLI_OK && is_next(&attempt, ",");
  }
  while (expression->constant_count > kept)
    gli__constant_release(expression, &expression->constants[--expression->constant_count]);
  if (status == GLI_ERROR_OUT_OF_MEMORY) return gli__no_memory(error, "a literal");
  *is_tuple_out = is_tuple;
  return GLI_OK;
}

static gli_status parse_parenthesis(parser *state, gli_error *error) {
  bool is_literal = is_next(state, "[");
  gli_status status = is_literal ? GLI_OK : opens_tuple(state, &is_literal, error);
  if (status != GLI_OK) return status;
  if (is_literal) return parse_constant(state, error);
  status = advance(state, error);
  if (status == GLI_OK) status = enter(state, error);
  if (status == GLI_OK) status = parse_level(state, LEVEL_OR, error);
  if (status != GLI_OK) return status;
  state->depth--;
  if (is_next(state, ","))
    return gli__lexer_fail(&state->lexer, state->lexer.token.text, error,
                           "expected ')': a tuple holds literals only");
  return expect(state, ")", "')'", error);
}

static gli_status parse_value(parser *state, gli_error *error) {
  const gli__token *token = &state->lexer.token;
  switch (token->kind) {
    case GLI__TOKEN_INT:
    case GLI__TOKEN_FLOAT:
    case GLI__TOKEN_TEXT:
      return parse_constant(state, error);
    case GLI__TOKEN_NAME: {
      gli__token after = peek(state);
      if (gli__token_is(&after, "(")) return parse_call(state, error);
    }
      __attribute__((fallthrough));
    case GLI__TOKEN_QUOTED: {
      uint32_t name = 0;
      gli_status status = keep_name(state, &name, error);
      return status == GLI_OK ? emit_leaf(state, GLI__OP_NAME, name, error) : status;
    }
    default:
      break;
  }
  if (is_next(state, "(") || is_next(state, "[")) return parse_parenthesis(state, error);
  if (is_next(state, "True") || is_next(state, "False") || is_next(state, "None"))
    return parse_constant(state, error);
  return fail_expected(state, "a value", error);
}

/* --- Operators -------------------------------------------------------------------------------- */

static gli_status parse_operand(parser *state, precedence minimum, gli_error *error) {
  uint32_t start = state->expression->code_count;
  bool is_not = minimum <= LEVEL_NOT && is_next(state, "not");
  if (!is_not && !is_next(state, "-")) return parse_value(state, error);
  gli_status status = GLI_OK;
  if (!is_not) {
    gli__token after = peek(state);
    if (after.kind == GLI__TOKEN_INT || after.kind == GLI__TOKEN_FLOAT)
      return parse_constant(state, error); /* a signed number is one literal */
  }
  status = advance(state, error);
  if (status == GLI_OK) status = enter(state, error);
  if (status == GLI_OK) status = parse_level(state, is_not ? LEVEL_NOT : LEVEL_UNARY, error);
  state->depth--;
  if (status != GLI_OK) return status;
  return emit_node(state, is_not ? GLI__OP_NOT : GLI__OP_NEGATE, start, error);
}

/* The relation in hand, if it is one; `not` must be followed by `in`, `is` by None. */
static gli_status parse_relation(parser *state, bool *is_relation_out, gli__relation *relation_out,
                                 gli_error *error) {
  static const struct {
    const char *word;
    gli__relation relation;
  } plain[] = {{"==", GLI__EQUAL},      {"!=", GLI__NOT_EQUAL}, {"<", GLI__LESS},
               {"<=", GLI__LESS_EQUAL}, {">", GLI__GREATER},    {">=", GLI__GREATER_EQUAL},
               {"in", GLI__IN_TEXT}};
  *is_relation_out = true;
  for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++) {
    if (!is_next(state, plain[k].word)) continue;
    *relation_out = plain[k].relation;
    return advance(state, error);
  }
  gli_status status = GLI_OK;
  if (is_next(state, "not")) {
    *relation_out = GLI__NOT_IN_TEXT;
    status = advance(state, error);
    return status == GLI_OK ? expect(state, "in", "'in'", error) : status;
  }
  if (is_next(state, "is")) {
    *relation_out = GLI__IS;
    status = advance(state, error);
    if (status == GLI_OK && is_next(state, "not")) {
      *relation_out = GLI__IS_NOT;
      status = advance(state, error);
    }
    if (status == GLI_OK && !is_next(state, "None"))
      return fail_expected(state, "None after 'is'", error);
    return status;
  }
  *is_relation_out = false;
  return GLI_OK;
}

static gli_status parse_comparison(parser *state, uint32_t start, gli_error *error) {
  gli_expression *expression = state->expression;
  bool is_first = true;
  for (;;) {
    bool is_relation = false;
    gli__relation relation = GLI__EQUAL;
    gli_status status = parse_relation(state, &is_relation, &relation, error);
    if (status != GLI_OK) return status;
    if (!is_relation) break;
    uint32_t right = expression->code_count;
    status = parse_level(state, LEVEL_SUM, error);
    if (status != GLI_OK) return status;
    gli__instruction pair = {GLI__OP_COMPARE, (uint8_t)relation, is_first, false, 0, start};
    const gli__instruction *operand = &expression->code[right];
    if ((relation == GLI__IN_TEXT || relation == GLI__NOT_IN_TEXT) &&
        expression->code_count == right + 1 && operand->operation == GLI__OP_CONSTANT &&
        expression->constants[operand->argument].is_sequence) {
      pair.relation = relation == GLI__IN_TEXT ? GLI__IN : GLI__NOT_IN;
      pair.argument = operand->argument;
    }
    status = emit(state, pair, error);
    if (status != GLI_OK) return status;
    is_first = false;
  }
  expression->code[expression->code_count - 1].is_last = true;
  return GLI_OK;
}

static bool is_relation_next(const parser *state) {
  static const char *const words[] = {"==", "!=", "<", "<=", ">", ">=", "in", "is", "not"};
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
    if (is_next(state, words[k])) return true;
  return false;
}

static bool binary_next(const parser *state, precedence *level_out, gli__operation *operation_out) {
  static const struct {
    const char *word;
    precedence level;
    gli__operation operation;
  } binary[] = {{"or", LEVEL_OR, GLI__OP_OR},
                {"and", LEVEL_AND, GLI__OP_AND},
                {"+", LEVEL_SUM, GLI__OP_ADD},
                {"-", LEVEL_SUM, GLI__OP_SUBTRACT},
                {"*", LEVEL_TERM, GLI__OP_MULTIPLY},
                {"/", LEVEL_TERM, GLI__OP_DIVIDE},
                {"//", LEVEL_TERM, GLI__OP_FLOOR_DIVIDE},
                {"%", LEVEL_TERM, GLI__OP_REMAINDER}};
  for (size_t k = 0; k < sizeof binary / sizeof binary[0]; k++) {
    if (!is_next(state, binary[k].word)) continue;
    *level_out = binary[k].level;
    *operation_out = binary[k].operation;
    return true;
  }
  return false;
}

/* An operand and all operators that bind at least as tightly as `minimum`. */
static gli_status parse_level(parser *state, precedence minimum, gli_error *error) {
  uint32_t start = state->expression->code_count;
  gli_status status = parse_operand(state, minimum, error);
  while (status == GLI_OK) {
    precedence level = LEVEL_OR;
    gli__operation operation = GLI__OP_OR;
    if (is_relation_next(state)) {
      if (minimum > LEVEL_COMPARISON) break;
      status = parse_comparison(state, start, error);
      continue;
    }
    if (!binary_next(state, &level, &operation) || level < minimum) break;
    status = advance(state, error);
    if (status == GLI_OK) status = parse_level(state, (precedence)(level + 1), error);
    if (status == GLI_OK) status = emit_node(state, operation, start, error);
  }
  return status;
}

gli_status gli_expression_parse(const char *text, size_t size_bytes, const gli_allocator *allocator,
                                gli_expression **expression_out, gli_error *error) {
  gli__memory *memory = gli__memory_create(allocator);
  if (memory == NULL) return gli__no_memory(error, "an expression");
  gli_expression *expression = gli__allocate_zeroed(memory, 1, sizeof *expression);
  if (expression == NULL) {
    gli__memory_free(memory);
    return gli__no_memory(error, "an expression");
  }
  expression->memory = memory;
  parser state = {.expression = expression, .lexer = {.memory = memory}};
  gli_status status = gli__lexer_start(&state.lexer, text, size_bytes, error);
  if (status == GLI_OK) status = parse_level(&state, LEVEL_OR, error);
  if (status == GLI_OK && state.lexer.token.kind != GLI__TOKEN_END)
    status = fail_expected(&state, "an operator or the end", error);
  if (status != GLI_OK) {
    gli_expression_free(expression);
    return status;
  }
  *expression_out = expression;
  return GLI_OK;
}

void gli_expression_free(gli_expression *expression) {
  if (expression == NULL) return;
  gli__memory *memory = expression->memory;
  for (uint32_t k = 0; k < expression->constant_count; k++)
    gli__constant_release(expression, &expression->constants[k]);
  for (uint32_t k = 0; k < expression->name_count; k++)
    gli__release(memory, expression->names[k].text, expression->names[k].size_bytes, 1);
  gli__release(memory, expression->constants, expression->constant_capacity, sizeof(gli__constant));
  gli__release(memory, expression->names, expression->name_capacity, sizeof(gli__name_text));
  gli__release(memory, expression->code, expression->code_capacity, sizeof(gli__instruction));
  gli__release(memory, expression, 1, sizeof *expression);
  gli__memory_free(memory);
}
