/* expression.h: a parsed expression, and the lexer that the parser reads from.
 *
 * The parser writes postfix code, which is also the tree: every instruction knows where its subtree
 * begins, so its last operand ends right before it and begins at that operand's `start`. Nothing
 * that walks the code recurses, however long a chain of operators is. */
#ifndef GLI_QUERY_EXPRESSION_H
#define GLI_QUERY_EXPRESSION_H

#include <gli/query.h>

#include "base/memory.h"
#include "ids/ids.h"
#include "query/python.h"

#define GLI__EXPRESSION_DEPTH 100

typedef enum gli__operation {
  GLI__OP_CONSTANT, /* argument: index of a constant */
  GLI__OP_NAME,     /* argument: index of a name */
  GLI__OP_HAS,      /* argument: index of a name */
  GLI__OP_NOT,
  GLI__OP_NEGATE,
  GLI__OP_AND,
  GLI__OP_OR,
  GLI__OP_ADD,
  GLI__OP_SUBTRACT,
  GLI__OP_MULTIPLY,
  GLI__OP_DIVIDE,
  GLI__OP_FLOOR_DIVIDE,
  GLI__OP_REMAINDER,
  /* One pair of a chain. Stack before: [so far] left right; `so far` is missing for the first pair.
   * After: so-far right, so that the next pair finds its left side; after the last pair: so-far. */
  GLI__OP_COMPARE,
  GLI__OP_LENGTH,
  GLI__OP_ABSOLUTE,
  GLI__OP_LOWER,
  GLI__OP_UPPER,
  GLI__OP_STARTS_WITH,
  GLI__OP_ENDS_WITH,
  GLI__OP_CONTAINS,
} gli__operation;

typedef struct gli__instruction {
  uint8_t operation; /* gli__operation */
  uint8_t relation;  /* COMPARE: gli__relation */
  bool is_first;     /* COMPARE: of its chain */
  bool is_last;
  uint32_t argument; /* see the operations; COMPARE with a list: its constant */
  uint32_t start;    /* where the subtree begins that ends here */
} gli__instruction;

/* A literal. A list or tuple has its items too, for `in`. */
typedef struct gli__constant {
  gli_value value; /* text and bytes are the expression's */
  gli_value *items;
  uint32_t item_count;
  bool is_sequence;
} gli__constant;

typedef struct gli__name_text {
  char *text;
  size_t size_bytes;
} gli__name_text;

struct gli_expression {
  gli__memory *memory;
  gli__instruction *code;
  gli__constant *constants;
  gli__name_text *names;
  uint32_t code_count, code_capacity;
  uint32_t constant_count, constant_capacity;
  uint32_t name_count, name_capacity;
};

/* --- lexer.c ---------------------------------------------------------------------------------- */

typedef enum gli__token_kind {
  GLI__TOKEN_END,
  GLI__TOKEN_INT,
  GLI__TOKEN_FLOAT,
  GLI__TOKEN_TEXT,
  GLI__TOKEN_NAME,
  GLI__TOKEN_QUOTED, /* a name in backticks */
  GLI__TOKEN_WORD,   /* an operator, a bracket or a keyword */
} gli__token_kind;

typedef struct gli__token {
  gli__token_kind kind;
  const char *text; /* as written, quotes included */
  size_t size_bytes;
  uint64_t integer; /* up to 2^63, which only a minus sign makes a 64-bit integer */
  double real;
} gli__token;

/* Where the parser is: the text and the token in hand. A copy of it is a place to come back to. */
typedef struct gli__lexer {
  gli__memory *memory;
  const char *text, *end;
  const char *cursor; /* behind the token */
  gli__token token;
} gli__lexer;

/* Whether all of the text can be cut into tokens; the parser's calls cannot fail after that. */
gli_status gli__lexer_start(gli__lexer *lexer, const char *text, size_t size_bytes,
                            gli_error *error);
gli_status gli__lexer_next(gli__lexer *lexer, gli_error *error);
bool gli__token_is(const gli__token *token, const char *word);
/* GLI_ERROR_SYNTAX at a place of the text. */
gli_status gli__lexer_fail(const gli__lexer *lexer, const char *place, gli_error *error,
                           const char *format, ...) GLI_PRINTF(4, 5);
/* A token for a message: 'and', or the end. */
const char *gli__token_describe(const gli__token *token, char *buffer, size_t size_bytes);
/* The text of a string literal without quotes and escapes; `room` holds token->size_bytes. */
size_t gli__token_unescape(const gli__token *token, char *room);

/* --- literal.c -------------------------------------------------------------------------------- */

/* A literal at the token in hand; its constant's index. Lists and tuples nest. */
gli_status gli__parse_literal(gli_expression *expression, gli__lexer *lexer, int32_t *depth,
                              uint32_t *constant_out, gli_error *error);
/* A number at the token in hand, or the number that a minus sign before it makes. */
gli_status gli__parse_number(gli__lexer *lexer, bool is_negative, gli_value *value_out,
                             gli_error *error);
/* Keep a scalar or text (copied) as a constant. */
gli_status gli__keep_constant(gli_expression *expression, const gli_value *value,
                              uint32_t *constant_out, gli_error *error);
void gli__constant_release(gli_expression *expression, gli__constant *constant);
/* An array of the expression with room for one more, or NULL with the error set. */
void *gli__expression_grow(gli_expression *expression, void *array, uint32_t count,
                           uint32_t *capacity, size_t item_bytes, gli_error *error);

#endif
