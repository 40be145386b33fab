/* text.c: opening a file as text; gzip through zlib, zstd through libzstd (docs/adr/0002). */
#include "io/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef GLI_HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef GLI_HAVE_ZSTD
#include <zstd.h>
#endif

#include "base/error.h"

static gli_status map_file(gli__text *text, const char *path, gli_error *error) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return gli__fail(error, GLI_ERROR_IO, "cannot open '%s': %s", path, strerror(errno));
  gli_status status = GLI_OK;
  struct stat information;
  if (fstat(file, &information) != 0) {
    status = gli__fail(error, GLI_ERROR_IO, "cannot look at '%s': %s", path, strerror(errno));
  } else if (!S_ISREG(information.st_mode)) {
    status = gli__fail(error, GLI_ERROR_IO, "'%s' is not a regular file", path);
  } else if (information.st_size > 0) {
    size_t size_bytes = (size_t)information.st_size;
    void *mapping = mmap(NULL, size_bytes, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapping == MAP_FAILED) {
      status = gli__fail(error, GLI_ERROR_IO, "cannot map '%s': %s", path, strerror(errno));
    } else {
      text->mapping = mapping;
      text->mapping_bytes = size_bytes;
      text->bytes = mapping;
      text->size_bytes = size_bytes;
    }
  }
  close(file);
  return status;
}

static void unmap_file(gli__text *text) {
  if (text->mapping != NULL) munmap(text->mapping, text->mapping_bytes);
  text->mapping = NULL;
}

#if defined(GLI_HAVE_ZLIB) || defined(GLI_HAVE_ZSTD)
/* Room for more unpacked bytes: doubles, so unpacking is linear. */
static gli_status grow(gli__text *text, size_t used, gli_error *error) {
  if (used < text->unpacked_room) return GLI_OK;
  size_t room = text->unpacked_room == 0 ? (size_t)1 << 20 : text->unpacked_room * 2;
  char *grown = gli__reallocate(text->memory, text->unpacked, text->unpacked_room, room, 1);
  if (grown == NULL) return gli__no_memory(error, "the unpacked text");
  text->unpacked = grown;
  text->unpacked_room = room;
  return GLI_OK;
}
#endif

#ifdef GLI_HAVE_ZLIB
static gli_status unpack_gzip(gli__text *text, const char *path, gli_run *run, gli_error *error) {
  z_stream stream = {0};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return gli__no_memory(error, "the gzip reader");
  gli_status status = GLI_OK;
  size_t used = 0, consumed = 0;
  while (status == GLI_OK) {
    /* zlib counts in 32 bits: hand over at most 1 GiB at a time. */
    size_t left = text->mapping_bytes - consumed;
    stream.next_in = (Bytef *)(uintptr_t)((const char *)text->mapping + consumed);
    stream.avail_in = (uInt)(left < (1u << 30) ? left : (1u << 30));
    status = grow(text, used, error);
    if (status != GLI_OK) break;
    size_t room = text->unpacked_room - used;
    stream.next_out = (Bytef *)text->unpacked + used;
    stream.avail_out = (uInt)(room < (1u << 30) ? room : (1u << 30));
    uInt given_in = stream.avail_in, given_out = stream.avail_out;
    const int code = inflate(&stream, Z_NO_FLUSH);
    consumed += given_in - stream.avail_in;
    used += given_out - stream.avail_out;
    if (code == Z_STREAM_END) {
      if (consumed == text->mapping_bytes) break;
      inflateReset(&stream); /* gzip files may be several members in a row */
    } else if (code != Z_OK || (given_in == stream.avail_in && given_out == stream.avail_out)) {
      status = gli__fail(
          error, GLI_ERROR_IO, "'%s' is a broken gzip file: %s after %zu of %zu bytes", path,
          stream.msg != NULL ? stream.msg : "it ends too early", consumed, text->mapping_bytes);
      break;
    }
    status = gli_run_check(run, error);
  }
  inflateEnd(&stream);
  text->bytes = text->unpacked;
  text->size_bytes = used;
  return status;
}
#endif

#ifdef GLI_HAVE_ZSTD
static gli_status unpack_zstd(gli__text *text, const char *path, gli_run *run, gli_error *error) {
  ZSTD_DStream *stream = ZSTD_createDStream();
  if (stream == NULL) return gli__no_memory(error, "the zstd reader");
  gli_status status = GLI_OK;
  ZSTD_inBuffer input = {text->mapping, text->mapping_bytes, 0};
  size_t used = 0, hint = 1;
  while (status == GLI_OK) {
    status = grow(text, used, error);
    if (status != GLI_OK) break;
    ZSTD_outBuffer output = {text->unpacked, text->unpacked_room, used};
    size_t before_in = input.pos;
    hint = ZSTD_decompressStream(stream, &output, &input);
    bool stuck = input.pos == before_in && output.pos == used;
    used = output.pos;
    if (ZSTD_isError(hint) || (stuck && hint != 0)) {
      status =
          gli__fail(error, GLI_ERROR_IO, "'%s' is a broken zstd file: %s after %zu of %zu bytes",
                    path, ZSTD_isError(hint) ? ZSTD_getErrorName(hint) : "it ends too early",
                    input.pos, input.size);
      break;
    }
    if (hint == 0 && input.pos == input.size) break;
    status = gli_run_check(run, error);
  }
  ZSTD_freeDStream(stream);
  text->bytes = text->unpacked;
  text->size_bytes = used;
  return status;
}
#endif

static bool starts_with(const gli__text *text, const char *magic, size_t size_bytes) {
  return text->mapping_bytes >= size_bytes && memcmp(text->mapping, magic, size_bytes) == 0;
}

gli_status gli__text_open(gli__text *text, const char *path, gli__memory *memory, gli_run *run,
                          gli_error *error) {
  *text = (gli__text){.bytes = "", .memory = memory};
  gli_status status = map_file(text, path, error);
  if (status != GLI_OK) return status;
  if (starts_with(text, "\x1f\x8b", 2)) {
#ifdef GLI_HAVE_ZLIB
    status = unpack_gzip(text, path, run, error);
#else
    status = gli__fail(error, GLI_ERROR_IO, "'%s' is gzip, and this build has no zlib", path);
#endif
    unmap_file(text);
  } else if (starts_with(text, "\x28\xb5\x2f\xfd", 4)) {
#ifdef GLI_HAVE_ZSTD
    status = unpack_zstd(text, path, run, error);
#else
    status = gli__fail(error, GLI_ERROR_IO, "'%s' is zstd, and this build has no libzstd", path);
#endif
    unmap_file(text);
  }
  (void)run;
  if (status == GLI_OK && text->size_bytes >= 3 && memcmp(text->bytes, "\xef\xbb\xbf", 3) == 0) {
    text->bytes += 3; /* a byte order mark is not content */
    text->size_bytes -= 3;
  }
  if (status != GLI_OK) gli__text_close(text);
  return status;
}

void gli__text_close(gli__text *text) {
  unmap_file(text);
  if (text->unpacked != NULL) gli__release(text->memory, text->unpacked, text->unpacked_room, 1);
  *text = (gli__text){0};
}

gli_status gli__text_cut(const char *bytes, size_t size_bytes, size_t block_bytes,
                         gli__memory *memory, size_t **starts_out, int64_t *count_out,
                         gli_error *error) {
  size_t most = size_bytes / block_bytes + 2;
  size_t *starts = gli__allocate(memory, most, sizeof *starts);
  if (starts == NULL) return gli__no_memory(error, "the list of text blocks");
  int64_t count = 0;
  size_t at = 0;
  starts[0] = 0;
  while (at < size_bytes) {
    size_t end = size_bytes - at <= block_bytes ? size_bytes : at + block_bytes;
    if (end < size_bytes) {
      const char *newline = memchr(bytes + end, '\n', size_bytes - end);
      end = newline == NULL ? size_bytes : (size_t)(newline - bytes) + 1;
    }
    starts[++count] = end;
    at = end;
  }
  size_t *fitted = gli__reallocate(memory, starts, most, (size_t)count + 1, sizeof *starts);
  if (fitted == NULL) {
    gli__release(memory, starts, most, sizeof *starts);
    return gli__no_memory(error, "the list of text blocks");
  }
  *starts_out = fitted;
  *count_out = count;
  return GLI_OK;
}
