/** @file id.h
 *  @brief Names of nodes: a 64-bit integer or a UTF-8 string. `7` and `"7"` are two nodes.
 */
#ifndef GLI_ID_H
#define GLI_ID_H

#include <gli/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum gli_id_kind { GLI_ID_INT = 0, GLI_ID_TEXT = 1 } gli_id_kind;

/** A node's id. A text id borrows its bytes: the graph copies what it keeps; ids handed out are
 *  valid until the graph they came from changes, or as long as the snapshot they came from. */
typedef struct gli_id {
  uint32_t kind;       /**< a gli_id_kind */
  uint32_t size_bytes; /**< of the text, without a terminator; else 0 */
  union {
    int64_t integer;
    const char *text;
  } as;
} gli_id;

static inline gli_id gli_id_int(int64_t integer) {
  gli_id id = {GLI_ID_INT, 0, {integer}};
  return id;
}
static inline gli_id gli_id_text(const char *text, uint32_t size_bytes) {
  gli_id id = {GLI_ID_TEXT, size_bytes, {0}};
  id.as.text = text;
  return id;
}
/** @brief An id from a zero-terminated string, borrowed. */
GLI_API gli_id gli_id_string(const char *text);
/** @brief Same kind and content. */
GLI_API bool gli_id_same(const gli_id *left, const gli_id *right);
/** @brief Write an id for people: 42 or "alice"; always terminated, cut to fit. Returns `buffer`.
 */
GLI_API const char *gli_id_format(const gli_id *id, char *buffer, size_t buffer_size_bytes);

#ifdef __cplusplus
}
#endif
#endif
