/* id.c: the public helpers around gli_id. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <gli/id.h>

gli_id gli_id_string(const char *text) {
  size_t size_bytes = strlen(text);
  return gli_id_text(text, size_bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)size_bytes);
}

bool gli_id_same(const gli_id *left, const gli_id *right) {
  if (left->kind != right->kind) return false;
  if (left->kind == GLI_ID_INT) return left->as.integer == right->as.integer;
  return left->size_bytes == right->size_bytes &&
         (left->size_bytes == 0 || memcmp(left->as.text, right->as.text, left->size_bytes) == 0);
}

const char *gli_id_format(const gli_id *id, char *buffer, size_t buffer_size_bytes) {
  if (buffer_size_bytes == 0) return buffer;
  if (id->kind == GLI_ID_INT) {
    snprintf(buffer, buffer_size_bytes, "%" PRId64, id->as.integer);
    return buffer;
  }
  size_t at = 0, room = buffer_size_bytes - 1;
  if (at < room) buffer[at++] = '"';
  for (uint32_t index = 0; index < id->size_bytes && at < room; index++) {
    uint8_t byte = (uint8_t)id->as.text[index];
    buffer[at++] = byte < 0x20 || byte == 0x7F ? '?' : (char)byte;
  }
  if (at < room) {
    buffer[at++] = '"';
  } else {
    /* Cut: not in the middle of a character. */
    size_t start = at;
    while (start > 0 && ((uint8_t)buffer[start - 1] & 0xC0) == 0x80)
      start--;
    if (start > 0 && (uint8_t)buffer[start - 1] >= 0xC0) {
      uint8_t first = (uint8_t)buffer[start - 1];
      size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
      if (at - (start - 1) < length) at = start - 1;
    }
  }
  buffer[at] = '\0';
  return buffer;
}
