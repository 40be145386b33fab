/* fields.c: splitting lines and reading numbers.
 *
 * Integers, nearly all of what edge lists hold, are read digit by digit here; other numbers go to
 * strtod, except plain decimals of at most 15 digits, which one division gives exactly. */
#include "io/fields.h"

#include <stdlib.h>
#include <string.h>

const char *gli__line_end(const char *begin, const char *end, const char **next_out) {
  const char *newline = memchr(begin, '\n', (size_t)(end - begin));
  *next_out = newline == NULL ? end : newline + 1;
  const char *line_end = newline == NULL ? end : newline;
  if (line_end > begin && line_end[-1] == '\r') line_end--;
  return line_end;
}

gli__line gli__line_start(const char *begin, const char *end, gli__delimiter delimiter) {
  gli__line line = {begin, begin, end, delimiter, true, false};
  return line;
}

static void take_quoted(gli__line *line, gli__field *field) {
  const char *at = line->at + 1;
  field->bytes = at;
  field->quoted = true;
  while (at < line->end) {
    if (*at == '"') {
      if (at + 1 < line->end && at[1] == '"') {
        field->has_escapes = true;
        at++;
      } else {
        break;
      }
    }
    at++;
  }
  if (at >= line->end) line->broken = true;
  field->size_bytes = (uint32_t)(at - field->bytes);
  line->at = at < line->end ? at + 1 : at;
}

bool gli__line_next(gli__line *line, gli__field *field_out) {
  const bool blanks = line->delimiter == GLI__BLANKS;
  while (line->at < line->end && (blanks ? gli__is_blank(*line->at) : *line->at == ' '))
    line->at++;
  if (line->at >= line->end && (blanks || !line->more)) return false;
  *field_out = (gli__field){line->at, 0, false, false};
  line->more = false;
  if (line->at < line->end && *line->at == '"') {
    take_quoted(line, field_out);
    if (line->broken) return false;
    while (!blanks && line->at < line->end && *line->at == ' ')
      line->at++;
    if (line->at < line->end &&
        !(blanks ? gli__is_blank(*line->at) : *line->at == (char)line->delimiter)) {
      line->broken = true; /* something stands right behind a closing quote */
      return false;
    }
  } else {
    const char *at = line->at;
    if (blanks) {
      while (at < line->end && !gli__is_blank(*at))
        at++;
    } else {
      const char *found = memchr(at, (int)line->delimiter, (size_t)(line->end - at));
      at = found == NULL ? line->end : found;
    }
    const char *last = at;
    while (!blanks && last > field_out->bytes && last[-1] == ' ')
      last--;
    field_out->size_bytes = (uint32_t)(last - field_out->bytes);
    line->at = at;
  }
  if (!blanks && line->at < line->end) {
    line->at++;
    line->more = true;
  }
  return true;
}

bool gli__parse_int(const gli__field *field, int64_t *integer_out) {
  const char *at = field->bytes, *end = at + field->size_bytes;
  if (field->quoted || at == end) return false;
  const bool negative = *at == '-';
  if (negative) at++;
  if (at == end || end - at > 19 || (*at == '0' && (end - at > 1 || negative))) return false;
  uint64_t number = 0;
  for (; at < end; at++) {
    unsigned digit = (unsigned)(*at - '0');
    if (digit > 9) return false;
    number = number * 10 + digit; /* 19 digits fit in 64 bits */
  }
  if (number > (uint64_t)INT64_MAX + (negative ? 1u : 0u)) return false;
  *integer_out = negative ? (int64_t)(0 - number) : (int64_t)number;
  return true;
}

/* digits[.digits] with at most 15 digits: exact in a double, and so is the power of ten. */
static bool parse_short_decimal(const char *at, const char *end, double *real_out) {
  static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = at < end && *at == '-';
  if (negative) at++;
  int64_t number = 0;
  int digits = 0, after_point = -1;
  for (; at < end; at++) {
    if (*at == '.' && after_point < 0) {
      after_point = 0;
      continue;
    }
    unsigned digit = (unsigned)(*at - '0');
    if (digit > 9 || ++digits > 15) return false;
    number = number * 10 + (int64_t)digit;
    if (after_point >= 0) after_point++;
  }
  if (digits == 0) return false;
  double real = (double)number / powers[after_point < 0 ? 0 : after_point];
  *real_out = negative ? -real : real;
  return true;
}

bool gli__parse_float(const gli__field *field, double *real_out) {
  if (field->quoted || field->size_bytes == 0 || field->size_bytes > 400) return false;
  if (parse_short_decimal(field->bytes, field->bytes + field->size_bytes, real_out)) return true;
  char first = field->bytes[0];
  if (first == '+' || first == '-') first = field->size_bytes > 1 ? field->bytes[1] : '\0';
  if (!(first == '.' || (first >= '0' && first <= '9') || strchr("iInN", first) != NULL))
    return false;
  char buffer[401];
  memcpy(buffer, field->bytes, field->size_bytes);
  buffer[field->size_bytes] = '\0';
  if (strpbrk(buffer, "xXpP(") != NULL) return false; /* no hexadecimal floats, no nan(...) */
  char *end = NULL;
  *real_out = strtod(buffer, &end);
  return end == buffer + field->size_bytes;
}

bool gli__parse_bool(const gli__field *field, bool *boolean_out) {
  if (field->quoted || field->size_bytes < 4 || field->size_bytes > 5) return false;
  const bool yes = field->size_bytes == 4;
  if ((yes && (memcmp(field->bytes, "True", 4) == 0 || memcmp(field->bytes, "true", 4) == 0)) ||
      (!yes && (memcmp(field->bytes, "False", 5) == 0 || memcmp(field->bytes, "false", 5) == 0))) {
    *boolean_out = yes;
    return true;
  }
  return false;
}
