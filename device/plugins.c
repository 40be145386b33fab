/* plugins.c: a driver's shared object, from a folder to a table of functions.
 *
 * What is refused, each with its reason:
 * - a folder of GLI_BACKEND_PATH that is not absolute: it would mean another one after a chdir;
 * - a file or its folder that group or others can write, or that belongs neither to root nor to the
 *   user; a symbolic link is followed first, and both ends have to pass. Beside libgli a file may
 *   be what libgli's own file is (same owner, writable by the same group): whoever could change it
 *   could change libgli as well;
 * - what is no whole ELF file of this machine: the loader maps a truncated one and dies of SIGBUS;
 * - no entry symbol, another ABI, a table that is too short or lacks a function.
 *
 * No swap between check and use: folder and file are opened, the open files are looked at, and the
 * loader gets the open file (/proc/self/fd/N), not the name. Its descriptor stays open, for those
 * who look at the process from outside.
 *
 * A constructor that crashes takes the process along. For what lies beside libgli nothing else
 * could be meant than loading it; a file from GLI_BACKEND_PATH may be anything, and is loaded in a
 * forked child first. glibc makes malloc and the loader usable in the child of a process with
 * threads, and the child ends with _exit, so nothing of the parent's runs there. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dladdr1 */
#endif
#include "device/plugins.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#endif

#ifndef GLI_PLUGIN_FOLDER
#define GLI_PLUGIN_FOLDER "" /* the library folder that CMake was configured with */
#endif
#define PROBE_SECONDS 20

/* A place to look, and whose files may lie there. */
typedef struct place {
  char folder[PATH_MAX];
  bool is_own;       /* libgli's own folder, or the one that it was configured with */
  bool is_named;     /* by GLI_BACKEND_PATH: tried in a child first */
  struct stat trust; /* of libgli's own file, where is_own */
} place;

typedef struct reason {
  char *text;
  size_t size;
} reason;

static bool refuse(reason why, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(reason why, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(why.text, why.size, format, arguments);
  va_end(arguments);
  return false;
}

/* --- Where to look ---------------------------------------------------------------------------- */

static atomic_bool pretends_secure;

void gli__plugin_pretend_secure(bool secure) {
  atomic_store(&pretends_secure, secure);
}

static bool is_secure(void) {
  if (atomic_load(&pretends_secure)) return true;
#if defined(__linux__)
  return getauxval(AT_SECURE) != 0;
#else
  return issetugid() != 0;
#endif
}

/* The file that this code was loaded from, absolute. */
static bool own_file(char path[PATH_MAX], bool *is_program_out) {
  Dl_info info;
  *is_program_out = false;
#if defined(__linux__)
  struct link_map *map = NULL;
  if (dladdr1((const void *)&pretends_secure, &info, (void **)&map, RTLD_DL_LINKMAP) == 0) {
    return false;
  }
  if (map == NULL ||
      map->l_name[0] == '\0') { /* the program: argv[0] is whatever its caller says */
    *is_program_out = true;
    const ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length <= 0) return false;
    path[length] = '\0';
    return path[0] == '/';
  }
  const char *name = map->l_name;
#else
  if (dladdr((const void *)&pretends_secure, &info) == 0) return false;
  const char *name = info.dli_fname;
#endif
  return name[0] == '/' && realpath(name, path) != NULL;
}

static bool place_of(const char *folder, place *place_out) {
  *place_out = (place){.is_own = false};
  const size_t length = strlen(folder);
  if (length == 0 || length >= sizeof place_out->folder) return false;
  memcpy(place_out->folder, folder, length + 1);
  return true;
}

static bool file_exists(const place *at, const char *name) {
  char path[PATH_MAX + 64];
  struct stat status;
  snprintf(path, sizeof path, "%s/libgli_%s.so", at->folder, name);
  return lstat(path, &status) == 0;
}

/* The first folder of GLI_BACKEND_PATH that has the file. False with `why` untouched: none has. */
static bool find_in_environment(const char *name, place *place_out, reason why, bool *refused_out) {
  *refused_out = false;
  const char *list = is_secure() ? NULL : getenv("GLI_BACKEND_PATH");
  while (list != NULL && *list != '\0') {
    const size_t length = strcspn(list, ":");
    char folder[PATH_MAX];
    if (length > 0) {
      snprintf(folder, sizeof folder, "%.*s", (int)length, list);
      if (folder[0] != '/' || length >= sizeof folder) {
        *refused_out = true;
        return refuse(why, "GLI_BACKEND_PATH says '%.200s', which is not an absolute path", folder);
      }
      if (place_of(folder, place_out) && file_exists(place_out, name)) {
        place_out->is_named = true;
        return true;
      }
    }
    list += length;
    if (*list == ':') list++;
  }
  return false;
}

static bool find_beside_library(const char *name, place *place_out, reason why) {
  char path[PATH_MAX] = "";
  bool is_program = false;
  place own = {.is_own = true};
  if (own_file(path, &is_program) && stat(path, &own.trust) == 0) {
    *strrchr(path, '/') = '\0';
    snprintf(own.folder, sizeof own.folder, "%s", path);
    *place_out = own;
    if (file_exists(place_out, name)) return true;
  }
  if (is_program && GLI_PLUGIN_FOLDER[0] == '/') {
    snprintf(own.folder, sizeof own.folder, "%s", GLI_PLUGIN_FOLDER);
    *place_out = own;
    if (file_exists(place_out, name)) return true;
  }
  return refuse(why,
                "libgli_%s.so is not installed: it is neither beside libgli (%.200s) nor in "
                "GLI_BACKEND_PATH",
                name, path[0] == '\0' ? "whose own path is not absolute" : path);
}

static bool find(const char *name, place *place_out, reason why) {
  bool refused = false;
  if (find_in_environment(name, place_out, why, &refused)) return true;
  return !refused && find_beside_library(name, place_out, why);
}

bool gli__plugin_exists(const char *name) {
  char ignored[64];
  place found;
  bool refused = false;
  const reason why = {ignored, sizeof ignored};
  if (find_in_environment(name, &found, why, &refused)) return true;
  return refused || find_beside_library(name, &found, why); /* refused: there is something to say */
}

/* --- Whom to trust ---------------------------------------------------------------------------- */

static bool check_owner(const char *path, const struct stat *status, const place *at, reason why) {
  const uid_t owner = status->st_uid;
  if (owner == 0 || owner == geteuid() || (at->is_own && owner == at->trust.st_uid)) return true;
  return refuse(why, "%.200s is not opened: it belongs to user %u, who is neither root nor you",
                path, (unsigned)owner);
}

static bool check_writers(const char *path, const struct stat *status, const place *at,
                          reason why) {
  mode_t allowed = S_IWUSR;
  if (at->is_own && (at->trust.st_mode & S_IWGRP) != 0 && at->trust.st_gid == status->st_gid) {
    allowed |= S_IWGRP;
  }
  if ((status->st_mode & (S_IWGRP | S_IWOTH) & ~allowed) == 0) return true;
  return refuse(why, "%.200s is not opened: %s can write it (mode %o); chmod go-w", path,
                (status->st_mode & S_IWOTH) != 0 ? "everybody" : "its group",
                (unsigned)(status->st_mode & 07777));
}

static bool check_folder(const char *folder, const place *at, reason why) {
  struct stat status;
  const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    if (descriptor >= 0) close(descriptor);
    return refuse(why, "%.200s cannot be looked at: %s", folder, strerror(errno));
  }
  close(descriptor);
  return check_owner(folder, &status, at, why) && check_writers(folder, &status, at, why);
}

/* The plugin's file, open for reading, looked at through the descriptor; -1: refused. */
static int open_trusted(const place *at, const char *name, char path[PATH_MAX], reason why) {
  char asked[PATH_MAX + 64];
  snprintf(asked, sizeof asked, "%s/libgli_%s.so", at->folder, name);
  if (!check_folder(at->folder, at, why)) return -1;
  if (realpath(asked, path) == NULL) {
    refuse(why, "%.200s cannot be opened: %s", asked, strerror(errno));
    return -1;
  }
  char *slash = strrchr(path, '/');
  *slash = '\0'; /* the folder at the end of links */
  const char *folder = path[0] == '\0' ? "/" : path;
  struct stat status;
  int file = -1;
  /* An open folder keeps its meaning whatever happens to its name. */
  const int held = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (held < 0 || fstat(held, &status) != 0) {
    refuse(why, "%.200s cannot be looked at: %s", folder, strerror(errno));
    goto cleanup;
  }
  if (!check_owner(folder, &status, at, why) || !check_writers(folder, &status, at, why)) {
    goto cleanup;
  }
  file = openat(held, slash + 1, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  *slash = '/';
  if (file < 0 || fstat(file, &status) != 0) {
    refuse(why, "%.200s cannot be opened: %s", path, strerror(errno));
  } else if (!S_ISREG(status.st_mode)) {
    refuse(why, "%.200s is not opened: it is not a regular file", path);
  } else if (check_owner(path, &status, at, why) && check_writers(path, &status, at, why)) {
    close(held);
    return file;
  }
cleanup:
  if (file >= 0) close(file);
  if (held >= 0) close(held);
  return -1;
}

#if defined(__linux__)
/* Whether the file is as long as its own headers say: the loader does not ask. */
static bool check_whole(const char *path, int file, reason why) {
  struct stat status;
  ElfW(Ehdr) header;
  if (fstat(file, &status) != 0 || pread(file, &header, sizeof header, 0) != sizeof header ||
      memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN ||
      header.e_phentsize != sizeof(ElfW(Phdr))) {
    return refuse(why, "%.200s is not opened: it is no shared object of this machine", path);
  }
  for (size_t k = 0; k < header.e_phnum; k++) {
    ElfW(Phdr) segment;
    const off_t at = (off_t)(header.e_phoff + k * sizeof segment);
    if (pread(file, &segment, sizeof segment, at) != sizeof segment) {
      return refuse(why, "%.200s is not opened: it is truncated; install it again", path);
    }
    const uint64_t size = (uint64_t)status.st_size;
    if (segment.p_type == PT_LOAD &&
        (segment.p_offset > size || segment.p_filesz > size - segment.p_offset)) {
      return refuse(why, "%.200s is not opened: it is truncated; install it again", path);
    }
  }
  return true;
}
#else
static bool check_whole(const char *path, int file, reason why) {
  (void)path;
  (void)file;
  (void)why;
  return true;
}
#endif

/* --- Opening ---------------------------------------------------------------------------------- */

/* The name under which the loader gets the very file that was looked at; no two files have the same
 * one, also when a program closed descriptors that are not its own. */
static void loader_name(char name[PATH_MAX], const char *path, int file) {
#if defined(__linux__)
  static atomic_uint opened;
  const int slashes = (int)(atomic_fetch_add(&opened, 1) % 64) + 1;
  (void)path;
  snprintf(name, PATH_MAX, "/proc/self/fd%.*s%d", slashes,
           "////////////////////////////////////////////////////////////////", file);
#else
  (void)file;
  snprintf(name, PATH_MAX, "%s", path);
#endif
}

static gli_device_entry entry_of(void *handle) {
  gli_device_entry entry = NULL;
  void *symbol = dlsym(handle, GLI_DEVICE_ENTRY_NAME);
  memcpy(&entry, &symbol, sizeof entry); /* ISO C has no cast from an object to a function */
  return entry;
}

/* In the child: load it as the parent would. Says so through the pipe when it came through. */
static void probe_and_exit(const char *name, int answer) {
  static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM, SIGTERM};
  for (size_t k = 0; k < sizeof deadly / sizeof deadly[0]; k++)
    signal(deadly[k], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  alarm(PROBE_SECONDS);
  void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (handle != NULL) {
    const gli_device_entry entry = entry_of(handle);
    gli_device_error error = {GLI_DEVICE_OK, 0, ""};
    if (entry != NULL) entry(GLI_DEVICE_ABI, &error);
  }
  /* A refusal by the loader is no crash: the parent sees it again, with the words. */
  _exit(write(answer, "k", 1) == 1 ? 0 : 1);
}

/* Load the file in a child: false when that kills or hangs it. */
static bool probe(const char *path, const char *name, reason why) {
  int ends[2];
  if (pipe(ends) != 0) return refuse(why, "%.200s cannot be tried: %s", path, strerror(errno));
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  const pid_t child = fork();
  if (child == 0) probe_and_exit(name, ends[1]);
  close(ends[1]);
  char answer = 0;
  ssize_t got = -1;
  if (child > 0) {
    do
      got = read(ends[0], &answer, 1);
    while (got < 0 && errno == EINTR);
    /* The pipe is what counts: somebody else's wait may have taken the child's status. */
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
  }
  close(ends[0]);
  if (child < 0) return refuse(why, "%.200s cannot be tried: %s", path, strerror(errno));
  if (got == 1 && answer == 'k') return true;
  return refuse(why, "%.200s is not opened: loading it crashes or hangs (tried in a child process)",
                path);
}

/* Every function that libgli calls without asking. */
static bool is_complete(const gli_device_driver *table) {
  return table->enumerate != NULL && table->open != NULL && table->close != NULL &&
         table->allocate != NULL && table->release != NULL && table->upload != NULL &&
         table->download != NULL && table->copy != NULL && table->fill != NULL &&
         table->memory != NULL && table->program != NULL && table->program_release != NULL &&
         table->kernel != NULL && table->launch != NULL && table->event_record != NULL &&
         table->event_wait != NULL && table->event_elapsed != NULL &&
         table->event_release != NULL && table->finish != NULL;
}

static bool take_table(const char *path, const char *name, void *handle,
                       gli_device_driver *table_out, reason why) {
  const gli_device_entry entry = entry_of(handle);
  if (entry == NULL) {
    return refuse(why, "%.200s does not define " GLI_DEVICE_ENTRY_NAME "; it is no driver of GLI",
                  path);
  }
  gli_device_error error = {GLI_DEVICE_OK, 0, ""};
  const gli_device_driver *given = entry(GLI_DEVICE_ABI, &error);
  if (given == NULL) {
    return refuse(why, "%.200s: %.200s", path,
                  error.message[0] == '\0' ? "its entry gave no driver" : error.message);
  }
  const size_t least = offsetof(gli_device_driver, primitives);
  if (given->abi != GLI_DEVICE_ABI || given->struct_size < least) {
    return refuse(why,
                  "%.200s was built for driver ABI %u with a table of %zu bytes; this library "
                  "has ABI %u and needs at least %zu: install both of one version",
                  path, (unsigned)given->abi, given->struct_size, (unsigned)GLI_DEVICE_ABI, least);
  }
  gli_device_driver table = {0};
  memcpy(&table, given, given->struct_size < sizeof table ? given->struct_size : sizeof table);
  if (table.name == NULL || strcmp(table.name, name) != 0 || !is_complete(&table)) {
    return refuse(why, "%.200s gave a driver '%.40s' that is not '%s' or lacks functions", path,
                  table.name == NULL ? "" : table.name, name);
  }
  table.struct_size = sizeof table;
  *table_out = table;
  return true;
}

bool gli__plugin_open(const char *name, gli_device_driver *table_out, char *reason_out,
                      size_t reason_size) {
  const reason why = {reason_out, reason_size};
  place at;
  char path[PATH_MAX];
  char loaded_as[PATH_MAX];
  if (!find(name, &at, why)) return false;
  const int file = open_trusted(&at, name, path, why);
  if (file < 0) return false;
  loader_name(loaded_as, path, file);
  if (!check_whole(path, file, why) || (at.is_named && !probe(path, loaded_as, why))) {
    close(file);
    return false;
  }
  void *handle = dlopen(loaded_as, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    const char *words = dlerror();
    close(file);
    return refuse(why, "%.160s cannot be loaded: %.200s", path,
                  words == NULL ? "unknown reason" : words);
  }
  return take_table(path, name, handle, table_out, why); /* `file` stays open: see above */
}
