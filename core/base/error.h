/* error.h: how every failure of libgli is reported. */
#ifndef GLI_BASE_ERROR_H
#define GLI_BASE_ERROR_H

#include <gli/status.h>

/* Fill `error`, which may be NULL. */
void gli__report(gli_error *error, gli_status status, const char *format, ...) GLI_PRINTF(3, 4);
void gli__report_at(gli_error *error, gli_status status, int64_t line, int64_t column,
                    const char *format, ...) GLI_PRINTF(5, 6);

static inline gli_status gli__same_status(gli_status status) {
  return status;
}

/* Fill `error` (may be NULL) and give back `status`, so that a failing path reads
 *   return gli__fail(error, GLI_ERROR_LIMIT, "node_count is %lld; at most %d fit", ...);
 * The message names the argument, its value and what would be valid; one line.
 *
 * An expression, not a function, so that compilers and analysers see that what comes back is the
 * status that was given: a failure stays one on every path. */
#define gli__fail(error, status, ...) \
  (gli__report((error), (status), __VA_ARGS__), gli__same_status(status))

/* The same with a place in a file or expression (0: unknown). */
#define gli__fail_at(error, status, line, column, ...) \
  (gli__report_at((error), (status), (line), (column), __VA_ARGS__), gli__same_status(status))

/* Out of memory while making `what`. */
static inline gli_status gli__no_memory(gli_error *error, const char *what) {
  return gli__fail(error, GLI_ERROR_OUT_OF_MEMORY, "no memory for %s; nothing was changed", what);
}

#endif
