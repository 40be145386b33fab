/* error.h: how every failure of libgli is reported. */
#ifndef GLI_BASE_ERROR_H
#define GLI_BASE_ERROR_H

#include <gli/status.h>

/* Fill `error` (may be NULL) and return `status`, so that a failing path reads
 *   return gli__fail(error, GLI_ERROR_LIMIT, "node_count is %lld; at most %d fit", ...);
 * The message names the argument, its value and what would be valid; one line. */
gli_status gli__fail(gli_error *error, gli_status status, const char *format, ...) GLI_PRINTF(3, 4);

/* The same with a place in a file or expression (0: unknown). */
gli_status gli__fail_at(gli_error *error, gli_status status, int64_t line, int64_t column,
                        const char *format, ...) GLI_PRINTF(5, 6);

/* Out of memory while making `what`. */
gli_status gli__no_memory(gli_error *error, const char *what);

#endif
