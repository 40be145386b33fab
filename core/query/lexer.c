/* lexer.c: cuts an expression into tokens.
 *
 * The text is UTF-8; surrogates may stand as their three bytes, as in attribute values. Columns
 * count characters, from 1; the end of the text is one past the last. */
#define _GNU_SOURCE /* strtod_l */
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__APPLE__)
#include <xlocale.h>
#endif

#include "base/error.h"
#include "query/expression.h"

#define SHOWN_BYTES 120 /* of the expression, in a message */

/* The start of the character that `place` is in, not before `text`. */
static const char *character_start(const char *text, const char *place) {
  while (place > text && ((uint8_t)*place & 0xC0) == 0x80)
    place--;
  return place;
}

gli_status gli__lexer_fail(const gli__lexer *lexer, const char *place, gli_error *error,
                           const char *format, ...) {
  if (error == NULL) return GLI_ERROR_SYNTAX;
  int64_t column = 1;
  for (const char *at = lexer->text; at < place; at++)
    if (((uint8_t)*at & 0xC0) != 0x80) column++;
  char message[240];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  const char *shown_end = lexer->end;
  if (shown_end - lexer->text > SHOWN_BYTES)
    shown_end = character_start(lexer->text, lexer->text + SHOWN_BYTES);
  return gli__fail_at(error, GLI_ERROR_SYNTAX, 0, column, "column %lld: %s in expression '%.*s%s'",
                      (long long)column, message, (int)(shown_end - lexer->text), lexer->text,
                      shown_end < lexer->end ? "..." : "");
}

const char *gli__token_describe(const gli__token *token, char *buffer, size_t size_bytes) {
  if (token->kind == GLI__TOKEN_END) return "the end";
  size_t shown = token->size_bytes < 40 ? token->size_bytes : 40;
  if (shown < token->size_bytes)
    shown = (size_t)(character_start(token->text, token->text + shown) - token->text);
  /* As Python quotes: 'and', but "'text'". */
  char quote = memchr(token->text, '\'', shown) != NULL ? '"' : '\'';
  snprintf(buffer, size_bytes, "%c%.*s%s%c", quote, (int)shown, token->text,
           shown < token->size_bytes ? "..." : "", quote);
  return buffer;
}

bool gli__token_is(const gli__token *token, const char *word) {
  return token->kind == GLI__TOKEN_WORD && strlen(word) == token->size_bytes &&
         memcmp(token->text, word, token->size_bytes) == 0;
}

/* --- Characters ------------------------------------------------------------------------------- */

static bool is_digit(char character) {
  return character >= '0' && character <= '9';
}
static bool starts_name(char character) {
  return character == '_' || (character >= 'a' && character <= 'z') ||
         (character >= 'A' && character <= 'Z') || (uint8_t)character >= 0x80;
}
static bool goes_on_name(char character) {
  return starts_name(character) || is_digit(character);
}

/* Bytes of the character at `place`, or 0 where it is not UTF-8 (surrogates are let through). */
static size_t character_length(const char *place, const char *end) {
  const uint8_t *bytes = (const uint8_t *)place;
  size_t left = (size_t)(end - place);
  if (bytes[0] < 0x80) return 1;
  if (left >= 3 && bytes[0] == 0xED && bytes[1] >= 0xA0 && bytes[1] <= 0xBF &&
      (bytes[2] & 0xC0) == 0x80)
    return 3;
  size_t length = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;
  return left >= length && gli__utf8_is_valid(place, length) ? length : 0;
}

static gli_status unexpected(const gli__lexer *lexer, const char *place, const char *where,
                             gli_error *error) {
  uint8_t byte = (uint8_t)*place;
  if (byte < 0x20 || byte == 0x7F)
    return gli__lexer_fail(lexer, place, error, "unexpected character '\\x%02x'%s", byte, where);
  return gli__lexer_fail(lexer, place, error, "unexpected character '%.*s'%s",
                         (int)character_length(place, lexer->end), place, where);
}

/* --- Tokens ----------------------------------------------------------------------------------- */

static const char *skip_digits(const gli__lexer *lexer, const char *at) {
  while (at < lexer->end && is_digit(*at))
    at++;
  return at;
}

static bool parse_real(const char *digits, double *real_out) {
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (plain == (locale_t)0) return false;
  *real_out = strtod_l(digits, NULL, plain);
  freelocale(plain);
  return true;
}

/* strtod wants a terminator: copy, to the heap only where a number is absurdly long. */
static gli_status read_real(const gli__lexer *lexer, gli__token *token, gli_error *error) {
  char room[128], *digits = room;
  if (token->size_bytes >= sizeof room) {
    digits = gli__allocate(lexer->memory, token->size_bytes + 1, 1);
    if (digits == NULL) return gli__no_memory(error, "a number");
  }
  memcpy(digits, token->text, token->size_bytes);
  digits[token->size_bytes] = '\0';
  bool is_read = parse_real(digits, &token->real);
  if (digits != room) gli__release(lexer->memory, digits, token->size_bytes + 1, 1);
  return is_read ? GLI_OK : gli__no_memory(error, "the C locale");
}

static gli_status read_integer(const gli__lexer *lexer, gli__token *token, gli_error *error) {
  uint64_t integer = 0;
  for (size_t at = 0; at < token->size_bytes; at++) {
    uint64_t digit = (uint64_t)(token->text[at] - '0');
    if (integer > (((uint64_t)1 << 63) - digit) / 10)
      return gli__lexer_fail(lexer, token->text, error, "integer %.*s does not fit into 64 bits",
                             token->size_bytes < 40 ? (int)token->size_bytes : 40, token->text);
    integer = integer * 10 + digit;
  }
  token->integer = integer;
  return GLI_OK;
}

static gli_status read_number(gli__lexer *lexer, const char *start, gli__token *token,
                              gli_error *error) {
  const char *at = skip_digits(lexer, start);
  token->kind = GLI__TOKEN_INT;
  if (at < lexer->end && *at == '.') {
    token->kind = GLI__TOKEN_FLOAT;
    at = skip_digits(lexer, at + 1);
  }
  if (at < lexer->end && (*at == 'e' || *at == 'E')) {
    token->kind = GLI__TOKEN_FLOAT;
    at++;
    if (at < lexer->end && (*at == '+' || *at == '-')) at++;
    const char *exponent = at;
    at = skip_digits(lexer, at);
    if (at == exponent)
      return gli__lexer_fail(lexer, at, error, "expected the digits of an exponent");
  }
  if (at < lexer->end && (goes_on_name(*at) || *at == '.'))
    return unexpected(lexer, at, " after a number", error);
  token->size_bytes = (size_t)(at - start);
  return token->kind == GLI__TOKEN_INT ? read_integer(lexer, token, error)
                                       : read_real(lexer, token, error);
}

static gli_status read_text(const gli__lexer *lexer, const char *start, gli__token *token,
                            gli_error *error) {
  token->kind = GLI__TOKEN_TEXT;
  for (const char *at = start + 1; at < lexer->end; at++) {
    if (*at == *start) {
      token->size_bytes = (size_t)(at + 1 - start);
      return GLI_OK;
    }
    if (*at != '\\') continue;
    if (at + 1 == lexer->end || at[1] == '\0' || strchr("\\'\"ntr", at[1]) == NULL)
      return gli__lexer_fail(lexer, at, error,
                             "unknown escape; allowed are \\\\ \\' \\\" \\n \\t \\r");
    at++;
  }
  return gli__lexer_fail(lexer, start, error, "this string is not closed");
}

size_t gli__token_unescape(const gli__token *token, char *room) {
  size_t size_bytes = 0;
  for (size_t at = 1; at + 1 < token->size_bytes; at++) {
    char character = token->text[at];
    if (character == '\\') {
      character = token->text[++at];
      if (character == 'n') character = '\n';
      if (character == 't') character = '\t';
      if (character == 'r') character = '\r';
    }
    room[size_bytes++] = character;
  }
  return size_bytes;
}

static gli_status read_quoted(const gli__lexer *lexer, const char *start, gli__token *token,
                              gli_error *error) {
  const char *close = memchr(start + 1, '`', (size_t)(lexer->end - start - 1));
  if (close == NULL)
    return gli__lexer_fail(lexer, start, error, "this name is not closed by a backtick");
  if (close == start + 1)
    return gli__lexer_fail(lexer, start, error, "expected a name between the backticks");
  token->kind = GLI__TOKEN_QUOTED;
  token->size_bytes = (size_t)(close + 1 - start);
  return GLI_OK;
}

static void read_word(const gli__lexer *lexer, const char *start, gli__token *token) {
  static const char *const keywords[] = {"or", "and", "not", "in", "is", "True", "False", "None"};
  const char *at = start;
  while (at < lexer->end && goes_on_name(*at))
    at++;
  token->size_bytes = (size_t)(at - start);
  token->kind = GLI__TOKEN_WORD;
  for (size_t word = 0; word < sizeof keywords / sizeof keywords[0]; word++)
    if (gli__token_is(token, keywords[word])) return;
  token->kind = GLI__TOKEN_NAME;
}

static gli_status read_operator(const gli__lexer *lexer, const char *start, gli__token *token,
                                gli_error *error) {
  size_t left = (size_t)(lexer->end - start);
  token->kind = GLI__TOKEN_WORD;
  token->size_bytes = 0;
  if (left >= 2 && ((start[1] == '=' && strchr("=!<>", *start) != NULL && *start != '\0') ||
                    (start[0] == '/' && start[1] == '/')))
    token->size_bytes = 2;
  else if (*start != '\0' && strchr("<>+-*/%()[],", *start) != NULL)
    token->size_bytes = 1;
  return token->size_bytes > 0 ? GLI_OK : unexpected(lexer, start, "", error);
}

gli_status gli__lexer_next(gli__lexer *lexer, gli_error *error) {
  const char *at = lexer->cursor;
  while (at < lexer->end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
    at++;
  gli__token token = {GLI__TOKEN_END, at, 0, 0, 0};
  gli_status status = GLI_OK;
  if (at < lexer->end) {
    if (*at == '\'' || *at == '"')
      status = read_text(lexer, at, &token, error);
    else if (*at == '`')
      status = read_quoted(lexer, at, &token, error);
    else if (is_digit(*at) || (*at == '.' && at + 1 < lexer->end && is_digit(at[1])))
      status = read_number(lexer, at, &token, error);
    else if (starts_name(*at))
      read_word(lexer, at, &token);
    else
      status = read_operator(lexer, at, &token, error);
  }
  if (status != GLI_OK) return status;
  lexer->token = token;
  lexer->cursor = at + token.size_bytes;
  return GLI_OK;
}

gli_status gli__lexer_start(gli__lexer *lexer, const char *text, size_t size_bytes,
                            gli_error *error) {
  lexer->text = lexer->cursor = text;
  lexer->end = text + size_bytes;
  for (const char *at = text; at < lexer->end;) {
    size_t length = character_length(at, lexer->end);
    if (length == 0)
      return gli__lexer_fail(lexer, at, error, "a byte that is not UTF-8 (0x%02x)", (uint8_t)*at);
    at += length;
  }
  gli_status status;
  do {
    status = gli__lexer_next(lexer, error);
  } while (status == GLI_OK && lexer->token.kind != GLI__TOKEN_END);
  if (status != GLI_OK) return status;
  lexer->cursor = text;
  return gli__lexer_next(lexer, error);
}
