/* fields.h: lines and fields of delimited text, and the numbers in them. */
#ifndef GLI_IO_FIELDS_H
#define GLI_IO_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How fields are told apart. BLANKS: any run of spaces and tabs, none at the line's ends. */
typedef enum gli__delimiter {
  GLI__BLANKS = ' ',
  GLI__TAB = '\t',
  GLI__COMMA = ',',
  GLI__SEMICOLON = ';',
} gli__delimiter;

/* One field of a line. A quoted field ("...", with "" for a quote inside) is always text; its bytes
 * here are those between the outer quotes, and `has_escapes` says that "" stands inside. */
typedef struct gli__field {
  const char *bytes;
  uint32_t size_bytes;
  bool quoted;
  bool has_escapes;
} gli__field;

/* Walks a line's fields. A quote that never closes ends the walk with `broken` set. */
typedef struct gli__line {
  const char *begin, *at, *end; /* without the line end */
  gli__delimiter delimiter;
  bool more; /* a delimiter was seen: one more field follows, if only an empty one */
  bool broken;
} gli__line;

static inline bool gli__is_blank(char c) {
  return c == ' ' || c == '\t';
}

gli__line gli__line_start(const char *begin, const char *end, gli__delimiter delimiter);
bool gli__line_next(gli__line *line, gli__field *field_out);
/* Columns are counted in bytes from 1. */
static inline int64_t gli__line_column(const gli__line *line, const char *at) {
  return at - line->begin + 1;
}

/* The end of the line that starts at `begin` (without "\n" and "\r"), and where the next starts. */
const char *gli__line_end(const char *begin, const char *end, const char **next_out);

/* Plain decimal int64 without leading zeros or plus sign (so that text comes back as it was). */
bool gli__parse_int(const gli__field *field, int64_t *integer_out);
/* Any decimal float, inf, nan. */
bool gli__parse_float(const gli__field *field, double *real_out);
/* True or False, true or false. */
bool gli__parse_bool(const gli__field *field, bool *boolean_out);

#endif
