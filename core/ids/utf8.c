/* utf8.c: whether bytes are UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms, nothing
 * above U+10FFFF). Sixteen ASCII bytes at a time, the rest by ranges of the second byte. */
#include "ids/ids.h"

static size_t ascii_length(const uint8_t *bytes, size_t size_bytes) {
  size_t at = 0;
  for (; at + 16 <= size_bytes; at += 16) {
    uint64_t words[2];
    memcpy(words, bytes + at, 16);
    if (((words[0] | words[1]) & UINT64_C(0x8080808080808080)) != 0) break;
  }
  /* The rest: two words that overlap, the usual end of an id. */
  if (size_bytes - at < 16 && size_bytes - at >= 8) {
    uint64_t words[2];
    memcpy(&words[0], bytes + at, 8);
    memcpy(&words[1], bytes + size_bytes - 8, 8);
    if (((words[0] | words[1]) & UINT64_C(0x8080808080808080)) == 0) return size_bytes;
  }
  while (at < size_bytes && bytes[at] < 0x80)
    at++;
  return at;
}

static bool is_tail(uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

/* Bytes of the well-formed sequence that starts here, or 0. */
static size_t sequence_length(const uint8_t *bytes, size_t size_bytes) {
  uint8_t first = bytes[0];
  if (first >= 0xC2 && first <= 0xDF) return size_bytes >= 2 && is_tail(bytes[1]) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (size_bytes < 3 || !is_tail(bytes[1]) || !is_tail(bytes[2])) return 0;
    if (first == 0xE0 && bytes[1] < 0xA0) return 0; /* overlong */
    if (first == 0xED && bytes[1] > 0x9F) return 0; /* surrogate */
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (size_bytes < 4 || !is_tail(bytes[1]) || !is_tail(bytes[2]) || !is_tail(bytes[3])) return 0;
    if (first == 0xF0 && bytes[1] < 0x90) return 0; /* overlong */
    if (first == 0xF4 && bytes[1] > 0x8F) return 0; /* above U+10FFFF */
    return 4;
  }
  return 0;
}

bool gli__utf8_is_valid(const char *text, size_t size_bytes) {
  const uint8_t *bytes = (const uint8_t *)text;
  size_t at = 0;
  for (;;) {
    at += ascii_length(bytes + at, size_bytes - at);
    if (at == size_bytes) return true;
    size_t length = sequence_length(bytes + at, size_bytes - at);
    if (length == 0) return false;
    at += length;
  }
}
