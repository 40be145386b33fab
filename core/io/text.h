/* text.h: the bytes of a file as one block of text, whatever wraps them.
 *
 * Plain files are mapped; gzip and zstd (told apart by their first bytes, not by the name) are
 * unpacked into memory. The text is read-only and lives until gli__text_close. */
#ifndef GLI_IO_TEXT_H
#define GLI_IO_TEXT_H

#include "base/memory.h"
#include "base/pool.h"

typedef struct gli__text {
  const char *bytes;
  size_t size_bytes;
  void *mapping; /* of a plain file, else NULL */
  size_t mapping_bytes;
  char *unpacked; /* of a compressed file, else NULL */
  size_t unpacked_room;
  gli__memory *memory;
} gli__text;

/* GLI_ERROR_IO: cannot be opened or read, or its compression is broken or not built in. */
gli_status gli__text_open(gli__text *text, const char *path, gli__memory *memory, gli_run *run,
                          gli_error *error);
void gli__text_close(gli__text *text);

/* Text files are cut into blocks of about this size at line ends; tests make it small. */
#define GLI__TEXT_BLOCK_BYTES (1 << 20)

/* Cut at line ends: starts[0] = 0 < starts[1] < ... < starts[*count_out] = size. The array has
 * *count_out + 1 entries and belongs to the caller (gli__release with that count). */
gli_status gli__text_cut(const char *bytes, size_t size_bytes, size_t block_bytes,
                         gli__memory *memory, size_t **starts_out, int64_t *count_out,
                         gli_error *error);

#endif
