/* cache.c: compiled programs kept on disk between processes.
 *
 * One file per program in <cache>/gli/opencl, where <cache> is $XDG_CACHE_HOME or ~/.cache
 * ($GLI_CACHE_DIR/opencl where that is set), named by the digest of everything that the machine
 * code depends on. A file is a header and the driver's binary; the header holds the key again, the
 * size and a digest of it all.
 *
 * A binary is code that will run in the user's process, so nothing is loaded that somebody else
 * could have put there: the folder and the file belong to the user and nobody else may write them,
 * the file is a plain one with a single name, reached without following a link. Damage is found by
 * the digest. Whatever fails a check counts as not there; the program is compiled and the entry
 * written anew.
 *
 * Writing goes to a temporary file of its own that is renamed at the end: readers see a whole entry
 * or none, and any number of processes may write the same one. Nothing is synced: after a power cut
 * an entry may be damaged, which is found.
 *
 * Compiling is done by one process at a time, which holds the folder with flock(2) meanwhile; the
 * others find the entry then. That is not for speed alone: PoCL (3.1 as well as 7) replaces the
 * file program.bc in a cache of its own by removing it first, so a process that compiles the same
 * text at that moment reads a binary without a program, or none, and a binary without a program
 * ends every process that loads it, by an assertion.
 *
 * FNV-1a (Fowler, Noll, Vo) with 128 bits goes over the text (100 KB: 0.2 ms) and the binary. It is
 * not made against attackers; those are kept out by the owner's checks. */
#define _GNU_SOURCE /* secure_getenv */
#include "opencl/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
  PATH_BYTES = 4096,
  NAME_BYTES = 64,
  CACHE_BYTES = 64 << 20, /* all entries together */
  STALE_SECONDS = 3600,   /* a temporary file this old was left behind by a crash */
  HOLD_STEP_MS = 5,
};
static const char magic[8] = "GLICLB1";
static const char suffix[] = ".bin";
static const char temporary_prefix[] = ".new-";

typedef struct entry_header {
  char magic[8];
  opencl_digest key;
  uint64_t size_bytes;
  opencl_digest content; /* of key, size and bytes */
} entry_header;

/* --- Digest ----------------------------------------------------------------------------------- */

__extension__ typedef unsigned __int128 wide;

opencl_digest opencl_digest_begin(void) {
  return (opencl_digest){UINT64_C(0x6c62272e07bb0142), UINT64_C(0x62b821756295c58d)};
}

void opencl_digest_add(opencl_digest *digest, const void *bytes, size_t size_bytes) {
  const wide prime = ((wide)1 << 88) + 0x13b;
  wide state = ((wide)digest->high << 64) | digest->low;
  const unsigned char *at = bytes;
  for (size_t i = 0; i < size_bytes; i++)
    state = (state ^ at[i]) * prime;
  digest->high = (uint64_t)(state >> 64);
  digest->low = (uint64_t)state;
}

void opencl_digest_add_text(opencl_digest *digest, const char *text) {
  if (text == NULL) text = "";
  opencl_digest_add(digest, text, strlen(text) + 1);
}

static opencl_digest content_of(const entry_header *header, const unsigned char *bytes) {
  opencl_digest digest = opencl_digest_begin();
  opencl_digest_add(&digest, &header->key, sizeof header->key);
  opencl_digest_add(&digest, &header->size_bytes, sizeof header->size_bytes);
  opencl_digest_add(&digest, bytes, (size_t)header->size_bytes);
  return digest;
}

static bool same_digest(opencl_digest left, opencl_digest right) {
  return left.high == right.high && left.low == right.low;
}

/* --- The folder ------------------------------------------------------------------------------- */

/* Ours, and nobody else may write into it. */
static bool is_private(const struct stat *state) {
  return state->st_uid == geteuid() && (state->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static bool folder_path(char *path, size_t capacity) {
  const char *own = secure_getenv("GLI_CACHE_DIR");
  const char *xdg = secure_getenv("XDG_CACHE_HOME");
  const char *home = secure_getenv("HOME");
  int length = -1;
  if (own != NULL && own[0] != '\0') {
    length = own[0] == '/' ? snprintf(path, capacity, "%s/opencl", own) : -1;
  } else if (xdg != NULL && xdg[0] == '/') {
    length = snprintf(path, capacity, "%s/gli/opencl", xdg);
  } else if (home != NULL && home[0] == '/') {
    length = snprintf(path, capacity, "%s/.cache/gli/opencl", home);
  }
  return length > 0 && (size_t)length < capacity;
}

/* Make the folders of a path that are missing, for the user alone. */
static void make_folders(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    (void)mkdir(path, 0700); /* opening the last one tells whether all are there */
    *slash = '/';
  }
  (void)mkdir(path, 0700);
}

/* A descriptor of the cache's folder, or -1 when there is none to trust. */
static int open_folder(bool make) {
  char path[PATH_BYTES];
  if (!folder_path(path, sizeof path)) return -1;
  if (make) make_folders(path);
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat state;
  if (folder >= 0 && (fstat(folder, &state) != 0 || !is_private(&state))) {
    (void)close(folder);
    return -1;
  }
  return folder;
}

static void entry_name(opencl_digest key, char *name) {
  (void)snprintf(name, NAME_BYTES, "%016" PRIx64 "%016" PRIx64 "%s", key.high, key.low, suffix);
}

/* --- Reading ---------------------------------------------------------------------------------- */

static bool read_all(int file, void *target, size_t size_bytes) {
  unsigned char *at = target;
  while (size_bytes > 0) {
    ssize_t got = read(file, at, size_bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size_bytes -= (size_t)got;
  }
  return true;
}

/* The size of a file that may be loaded, header included; 0 when it may not. */
static size_t trusted_size(int file) {
  struct stat state;
  if (fstat(file, &state) != 0 || !S_ISREG(state.st_mode) || !is_private(&state)) return 0;
  if (state.st_nlink != 1 || state.st_size <= (off_t)sizeof(entry_header)) return 0;
  return state.st_size <= CACHE_BYTES ? (size_t)state.st_size : 0;
}

static unsigned char *read_entry(int file, opencl_digest key, size_t *size_bytes_out) {
  entry_header header;
  size_t size_bytes = trusted_size(file);
  if (size_bytes == 0 || !read_all(file, &header, sizeof header)) return NULL;
  if (memcmp(header.magic, magic, sizeof magic) != 0 || !same_digest(header.key, key) ||
      header.size_bytes != size_bytes - sizeof header) {
    return NULL;
  }
  unsigned char *bytes = malloc((size_t)header.size_bytes);
  if (bytes != NULL && read_all(file, bytes, (size_t)header.size_bytes) &&
      same_digest(content_of(&header, bytes), header.content)) {
    *size_bytes_out = (size_t)header.size_bytes;
    return bytes;
  }
  free(bytes);
  return NULL;
}

unsigned char *opencl_cache_load(opencl_digest key, size_t *size_bytes_out) {
  char name[NAME_BYTES];
  unsigned char *bytes = NULL;
  int folder = open_folder(false);
  if (folder < 0) return NULL;
  entry_name(key, name);
  /* O_NONBLOCK: a planted FIFO must not hold us up. */
  int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file >= 0) {
    bytes = read_entry(file, key, size_bytes_out);
    if (bytes != NULL) (void)futimens(file, NULL);
    (void)close(file);
  }
  (void)close(folder);
  return bytes;
}

/* --- Writing ---------------------------------------------------------------------------------- */

int opencl_cache_hold(int wait_ms) {
  int folder = open_folder(true);
  for (int waited_ms = 0; folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) != 0;) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) break; /* a file system without locks: as if we were alone */
    if (waited_ms >= wait_ms) {
      (void)close(folder);
      return -1;
    }
    const struct timespec step = {0, HOLD_STEP_MS * 1000000};
    (void)nanosleep(&step, NULL);
    waited_ms += HOLD_STEP_MS;
  }
  return folder;
}

void opencl_cache_let_go(int held) {
  if (held < 0) return;
  (void)flock(held, LOCK_UN); /* a child forked meanwhile has the descriptor too */
  (void)close(held);
}

static bool write_all(int file, const void *source, size_t size_bytes) {
  const unsigned char *at = source;
  while (size_bytes > 0) {
    ssize_t put = write(file, at, size_bytes);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += put;
    size_bytes -= (size_t)put;
  }
  return true;
}

static bool write_entry(int folder, const char *name, const entry_header *header,
                        const unsigned char *bytes) {
  static atomic_uint counter;
  char temporary[NAME_BYTES];
  struct timespec now = {0, 0};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  (void)snprintf(temporary, sizeof temporary, "%s%ld-%u-%lx", temporary_prefix, (long)getpid(),
                 atomic_fetch_add(&counter, 1), (unsigned long)now.tv_nsec);
  int file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return false;
  bool done =
      write_all(file, header, sizeof *header) && write_all(file, bytes, (size_t)header->size_bytes);
  done = close(file) == 0 && done;
  done = done && renameat(folder, temporary, folder, name) == 0;
  if (!done) (void)unlinkat(folder, temporary, 0);
  return done;
}

typedef struct cached_file {
  char name[NAME_BYTES];
  int64_t used_ns; /* when it was last used */
  uint64_t size_bytes;
} cached_file;

static int by_age(const void *left, const void *right) {
  int64_t a = ((const cached_file *)left)->used_ns, b = ((const cached_file *)right)->used_ns;
  return (a > b) - (a < b);
}

static bool ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The entries there are; temporary files that a crash left behind are removed on the way. */
static size_t list_entries(int folder, cached_file **files_out) {
  cached_file *files = NULL;
  size_t count = 0, capacity = 0;
  int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* closedir closes it */
  DIR *stream = again >= 0 ? fdopendir(again) : NULL;
  if (stream == NULL && again >= 0) (void)close(again);
  for (struct dirent *item; stream != NULL && (item = readdir(stream)) != NULL;) {
    struct stat state;
    if (strlen(item->d_name) >= NAME_BYTES ||
        fstatat(folder, item->d_name, &state, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    bool is_temporary = strncmp(item->d_name, temporary_prefix, sizeof temporary_prefix - 1) == 0;
    if (is_temporary && state.st_mtime < time(NULL) - STALE_SECONDS) {
      (void)unlinkat(folder, item->d_name, 0);
    }
    if (is_temporary || !ends_with(item->d_name, suffix) || S_ISDIR(state.st_mode)) continue;
    if (count == capacity) {
      size_t wanted = capacity == 0 ? 64 : capacity * 2;
      cached_file *larger = realloc(files, wanted * sizeof *files);
      if (larger == NULL) break;
      files = larger;
      capacity = wanted;
    }
    cached_file *file = &files[count++];
    memcpy(file->name, item->d_name, strlen(item->d_name) + 1);
    file->used_ns = (int64_t)state.st_mtim.tv_sec * 1000000000 + state.st_mtim.tv_nsec;
    file->size_bytes = (uint64_t)state.st_size;
  }
  if (stream != NULL) (void)closedir(stream);
  *files_out = files;
  return count;
}

/* Remove the entries that were not used for longest until the rest fits. */
static void evict(int folder) {
  cached_file *files = NULL;
  size_t count = list_entries(folder, &files);
  uint64_t total = 0;
  for (size_t i = 0; i < count; i++)
    total += files[i].size_bytes;
  if (total > CACHE_BYTES) qsort(files, count, sizeof *files, by_age);
  for (size_t i = 0; i < count && total > CACHE_BYTES; i++) {
    (void)unlinkat(folder, files[i].name, 0);
    total -= files[i].size_bytes;
  }
  free(files);
}

void opencl_cache_store(opencl_digest key, const unsigned char *bytes, size_t size_bytes) {
  char name[NAME_BYTES];
  entry_header header = {.key = key, .size_bytes = size_bytes};
  if (size_bytes == 0 || size_bytes > CACHE_BYTES / 4) return;
  int folder = open_folder(true);
  if (folder < 0) return;
  memcpy(header.magic, magic, sizeof magic);
  header.content = content_of(&header, bytes);
  entry_name(key, name);
  if (write_entry(folder, name, &header, bytes)) evict(folder);
  (void)close(folder);
}
