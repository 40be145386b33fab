/* error.c: filling the caller's gli_error.
 *
 * A message is one line of UTF-8 whatever it quotes: control characters become '?', and a message
 * that does not fit is cut between two characters and ends in "...". */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The largest length <= `length` that does not cut a UTF-8 character of `text` in two. */
static size_t whole_characters(const char *text, size_t length) {
  while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) {
    length--;
  }
  return length;
}

/* What vsnprintf left in the message, which wanted so many bytes, made fit to be shown. */
static void finish(gli_error *error, gli_status status, int64_t line, int64_t column, int wanted) {
  char *message = error->message;
  if (wanted < 0) {
    message[0] = '\0'; /* a format that cannot be printed; the status still says what happened */
  } else if ((size_t)wanted >= sizeof error->message) {
    static const char ellipsis[] = "...";
    size_t end = whole_characters(message, sizeof error->message - sizeof ellipsis);
    memcpy(message + end, ellipsis, sizeof ellipsis);
  }
  for (char *at = message; *at != '\0'; at++) {
    if ((unsigned char)*at < 0x20 || *at == 0x7F) {
      *at = '?';
    }
  }
  error->status = status;
  error->driver_code = 0;
  error->line = line;
  error->column = column;
}

void gli__report(gli_error *error, gli_status status, const char *format, ...) {
  if (error != NULL) {
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    finish(error, status, 0, 0, wanted);
  }
}

gli_status gli_fail(gli_error *error, gli_status status, const char *format, ...) {
  if (error != NULL) {
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    finish(error, status, 0, 0, wanted);
  }
  return status;
}

void gli__report_at(gli_error *error, gli_status status, int64_t line, int64_t column,
                    const char *format, ...) {
  if (error != NULL) {
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    finish(error, status, line, column, wanted);
  }
}
