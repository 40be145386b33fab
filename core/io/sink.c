/* sink.c: writing beside and renaming, so that a failure leaves an older file as it was.
 *
 * What is no regular file is written to as it is: renaming over /dev/stdout or /dev/null would put
 * a file in the place of the device. Through a link, the file that it leads to is replaced and the
 * link stays. */
#include "io/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef GLI_HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef GLI_HAVE_ZSTD
#include <zstd.h>
#endif

#include "base/error.h"

#define BUFFER_BYTES (1 << 17)

typedef enum packing { PLAIN, GZIP, ZSTD } packing;

struct gli__sink {
  gli__memory *memory;
  int file;
  packing packing;
  char path[PATH_MAX];           /* as it was given */
  char place[PATH_MAX];          /* what is renamed over; links followed */
  char temporary[PATH_MAX + 32]; /* empty: written to as it is */
  size_t used;
  char buffer[BUFFER_BYTES]; /* text to come */
  char packed[BUFFER_BYTES];
#ifdef GLI_HAVE_ZLIB
  z_stream gzip;
#endif
#ifdef GLI_HAVE_ZSTD
  ZSTD_CStream *zstd;
#endif
};

static gli_status write_all(gli__sink *sink, const char *bytes, size_t size_bytes,
                            gli_error *error) {
  while (size_bytes > 0) {
    ssize_t written = write(sink->file, bytes, size_bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return gli__fail(error, GLI_ERROR_IO, "cannot write '%s': %s", sink->path, strerror(errno));
    }
    bytes += written;
    size_bytes -= (size_t)written;
  }
  return GLI_OK;
}

#ifdef GLI_HAVE_ZLIB
static gli_status flush_gzip(gli__sink *sink, bool finish, gli_error *error) {
  sink->gzip.next_in = (Bytef *)sink->buffer;
  sink->gzip.avail_in = (uInt)sink->used;
  int code = Z_OK;
  do {
    sink->gzip.next_out = (Bytef *)sink->packed;
    sink->gzip.avail_out = BUFFER_BYTES;
    code = deflate(&sink->gzip, finish ? Z_FINISH : Z_NO_FLUSH);
    gli_status status = write_all(sink, sink->packed, BUFFER_BYTES - sink->gzip.avail_out, error);
    if (status != GLI_OK) return status;
  } while (sink->gzip.avail_out == 0 || (finish && code == Z_OK));
  return GLI_OK;
}
#endif

#ifdef GLI_HAVE_ZSTD
static gli_status flush_zstd(gli__sink *sink, bool finish, gli_error *error) {
  ZSTD_inBuffer input = {sink->buffer, sink->used, 0};
  size_t left;
  do {
    ZSTD_outBuffer output = {sink->packed, BUFFER_BYTES, 0};
    left = ZSTD_compressStream2(sink->zstd, &output, &input, finish ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left)) {
      return gli__fail(error, GLI_ERROR_IO, "cannot compress '%s': %s", sink->path,
                       ZSTD_getErrorName(left));
    }
    gli_status status = write_all(sink, sink->packed, output.pos, error);
    if (status != GLI_OK) return status;
  } while (finish ? left != 0 : input.pos < input.size);
  return GLI_OK;
}
#endif

static gli_status flush(gli__sink *sink, bool finish, gli_error *error) {
  gli_status status = GLI_OK;
  switch (sink->packing) {
    case PLAIN:
      status = write_all(sink, sink->buffer, sink->used, error);
      break;
    case GZIP:
#ifdef GLI_HAVE_ZLIB
      status = flush_gzip(sink, finish, error);
#endif
      break;
    case ZSTD:
#ifdef GLI_HAVE_ZSTD
      status = flush_zstd(sink, finish, error);
#endif
      break;
  }
  (void)finish;
  sink->used = 0;
  return status;
}

static gli_status start_packing(gli__sink *sink, gli_error *error) {
  if (sink->packing == GZIP) {
#ifdef GLI_HAVE_ZLIB
    if (deflateInit2(&sink->gzip, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      return gli__no_memory(error, "the gzip writer");
    }
#else
    return gli__fail(error, GLI_ERROR_IO, "'%s' asks for gzip, and this build has no zlib",
                     sink->path);
#endif
  }
  if (sink->packing == ZSTD) {
#ifdef GLI_HAVE_ZSTD
    sink->zstd = ZSTD_createCStream();
    if (sink->zstd == NULL) return gli__no_memory(error, "the zstd writer");
#else
    return gli__fail(error, GLI_ERROR_IO, "'%s' asks for zstd, and this build has no libzstd",
                     sink->path);
#endif
  }
  return GLI_OK;
}

static void stop_packing(gli__sink *sink) {
#ifdef GLI_HAVE_ZLIB
  if (sink->packing == GZIP) deflateEnd(&sink->gzip);
#endif
#ifdef GLI_HAVE_ZSTD
  if (sink->packing == ZSTD) ZSTD_freeCStream(sink->zstd);
#endif
  (void)sink;
}

static gli_status open_target(gli__sink *sink, gli_error *error) {
  struct stat target;
  const bool is_there = stat(sink->path, &target) == 0;
  if (is_there && S_ISDIR(target.st_mode)) {
    return gli__fail(error, GLI_ERROR_IO, "cannot write '%s': it is a folder", sink->path);
  }
  if (is_there && !S_ISREG(target.st_mode)) {
    sink->file = open(sink->path, O_WRONLY | O_CLOEXEC);
  } else {
    if (!is_there || realpath(sink->path, sink->place) == NULL) {
      memcpy(sink->place, sink->path, sizeof sink->place);
    }
    /* The process id keeps two writers of one name apart; O_EXCL keeps planted links out. */
    snprintf(sink->temporary, sizeof sink->temporary, "%s.%ld.tmp", sink->place, (long)getpid());
    sink->file = open(sink->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  }
  if (sink->file >= 0) return GLI_OK;
  /* What is in the way has the temporary name; all else is the matter of the name given. */
  return gli__fail(error, GLI_ERROR_IO, "cannot create '%s': %s",
                   errno == EEXIST ? sink->temporary : sink->path, strerror(errno));
}

gli_status gli__sink_open(const char *path, gli__memory *memory, gli__sink **sink_out,
                          gli_error *error) {
  const size_t length = strlen(path);
  if (length == 0 || length >= PATH_MAX) {
    return gli__fail(error, GLI_ERROR_IO, "path has %zu bytes; 1 to %d are valid", length,
                     PATH_MAX - 1);
  }
  gli__sink *sink = gli__allocate_zeroed(memory, 1, sizeof *sink);
  if (sink == NULL) return gli__no_memory(error, "a file's buffers");
  sink->memory = memory;
  snprintf(sink->path, sizeof sink->path, "%s", path);
  if (length > 3 && strcmp(path + length - 3, ".gz") == 0) sink->packing = GZIP;
  if (length > 4 && strcmp(path + length - 4, ".zst") == 0) sink->packing = ZSTD;
  gli_status status = start_packing(sink, error);
  if (status != GLI_OK) {
    gli__release(memory, sink, 1, sizeof *sink);
    return status;
  }
  status = open_target(sink, error);
  if (status != GLI_OK) {
    stop_packing(sink);
    gli__release(memory, sink, 1, sizeof *sink);
    return status;
  }
  *sink_out = sink;
  return GLI_OK;
}

gli_status gli__sink_put(gli__sink *sink, const char *bytes, size_t size_bytes, gli_error *error) {
  while (size_bytes > 0) {
    size_t room = BUFFER_BYTES - sink->used;
    size_t taken = size_bytes < room ? size_bytes : room;
    memcpy(sink->buffer + sink->used, bytes, taken);
    sink->used += taken;
    bytes += taken;
    size_bytes -= taken;
    if (sink->used == BUFFER_BYTES) {
      gli_status status = flush(sink, false, error);
      if (status != GLI_OK) return status;
    }
  }
  return GLI_OK;
}

gli_status gli__sink_close(gli__sink *sink, gli_status so_far, gli_error *error) {
  gli_status status = so_far;
  if (status == GLI_OK) status = flush(sink, true, error);
  if (close(sink->file) != 0 && status == GLI_OK) {
    status = gli__fail(error, GLI_ERROR_IO, "cannot write '%s': %s", sink->path, strerror(errno));
  }
  const bool beside = sink->temporary[0] != '\0';
  if (status == GLI_OK && beside && rename(sink->temporary, sink->place) != 0) {
    status = gli__fail(error, GLI_ERROR_IO, "cannot rename '%s' to '%s': %s", sink->temporary,
                       sink->place, strerror(errno));
  }
  if (status != GLI_OK && beside) unlink(sink->temporary);
  stop_packing(sink);
  gli__release(sink->memory, sink, 1, sizeof *sink);
  return status;
}
