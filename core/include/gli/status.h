/** @file status.h
 *  @brief What went wrong: one status per kind of failure, one caller-owned message.
 *
 *  Every function that can fail returns a gli_status; its last argument is a `gli_error *`. The
 *  error is written on failure only, may be NULL, and belongs to the caller: nothing is
 *  thread-local, nothing is printed, nothing aborts.
 */
#ifndef GLI_STATUS_H
#define GLI_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define GLI_API
#else
#define GLI_API __attribute__((visibility("default")))
#endif

#if defined(__GNUC__)
#define GLI_PRINTF(format_index, first_index) \
  __attribute__((format(printf, format_index, first_index)))
#else
#define GLI_PRINTF(format_index, first_index)
#endif

/** Zeroes a struct, in C and in C++ without a warning: `gli_value value = GLI_ZERO;` */
#if defined(__cplusplus)
#define GLI_ZERO \
  {}
#else
#define GLI_ZERO \
  { 0 }
#endif

/** The status codes: X(name, text, meaning). The numbers are part of the ABI: add at the end. */
#define GLI_STATUS_LIST(X)                                                                      \
  X(OK, "ok", "success")                                                                        \
  X(ERROR_INVALID_ARGUMENT, "invalid argument", "a value outside of what is allowed")           \
  X(ERROR_TYPE, "wrong type", "a value of a type that cannot stand here")                       \
  X(ERROR_OUT_OF_MEMORY, "out of memory", "an allocation failed; nothing was changed")          \
  X(ERROR_NODE_NOT_FOUND, "node not found", "no node has this id")                              \
  X(ERROR_EDGE_NOT_FOUND, "edge not found", "no edge has this id or joins these nodes")         \
  X(ERROR_ATTRIBUTE_NOT_FOUND, "attribute not found", "the node or edge lacks this attribute")  \
  X(ERROR_CONFLICT, "conflict", "others changed what a batch relies on; nothing was applied")   \
  X(ERROR_LIMIT, "limit exceeded", "more nodes, edges, bytes or depth than can be represented") \
  X(ERROR_CANCELLED, "cancelled", "the caller asked to stop; nothing was changed")              \
  X(ERROR_TIMEOUT, "timed out", "max_seconds passed; nothing was changed")                      \
  X(ERROR_NOT_CONVERGED, "not converged", "max_iterations passed above the tolerance")          \
  X(ERROR_IO, "input/output error", "the operating system refused a file operation")            \
  X(ERROR_FORMAT, "bad format", "a file breaks its format; line and column say where")          \
  X(ERROR_SYNTAX, "bad expression", "an expression breaks the grammar; column says where")      \
  X(ERROR_BACKEND_UNAVAILABLE, "backend unavailable", "asked for by name, and not here")        \
  X(ERROR_DEVICE, "device error", "a device or its driver failed")                              \
  X(ERROR_ABI, "incompatible ABI", "an extension or driver was built for another version")      \
  X(ERROR_BUSY, "busy", "the graph was being written when this process forked")                 \
  X(ERROR_CALLBACK, "callback failed", "a function given by the caller reported a failure")     \
  X(ERROR_NEGATIVE_CYCLE, "negative cycle", "a cycle of negative weight: paths have no shortest")

typedef enum gli_status {
#define GLI_STATUS_ENUM(name, text, meaning) GLI_##name,
  GLI_STATUS_LIST(GLI_STATUS_ENUM)
#undef GLI_STATUS_ENUM
} gli_status;

/** Room for one line of explanation; longer messages are cut and end in "...". */
#define GLI_ERROR_MESSAGE_SIZE 480

/** What a failed call wants to say. Initialise with `gli_error error = {0};` or not at all. */
typedef struct gli_error {
  gli_status status;                    /**< the same as the call's return value */
  int32_t driver_code;                  /**< a driver's own number, with GLI_ERROR_DEVICE; or 0 */
  int64_t line;                         /**< 1-based line of a file; 0 where it has no meaning */
  int64_t column;                       /**< 1-based column of a line or expression; or 0 */
  char message[GLI_ERROR_MESSAGE_SIZE]; /**< names the argument, its value, what would be valid */
} gli_error;

/** @brief The status in words, such as "node not found". Never NULL. */
GLI_API const char *gli_status_text(gli_status status);

/** @brief One sentence on what the status means. Never NULL. */
GLI_API const char *gli_status_meaning(gli_status status);

/** @brief For kernels and extensions: fill `error` (may be NULL) with one line and return `status`.
 *  The message names the argument, its value and what would be valid. */
GLI_API gli_status gli_fail(gli_error *error, gli_status status, const char *format, ...)
    GLI_PRINTF(3, 4);

/** @brief The library's version, such as "0.1.0". */
GLI_API const char *gli_version(void);

#ifdef __cplusplus
}
#endif
#endif
