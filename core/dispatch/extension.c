/* extension.c: shared objects that bring algorithms of their own.
 *
 * Loaded extensions stand in a list that only grows: one writer at a time under a mutex, readers
 * follow atomic pointers and take no lock. A shared object is told by the loader's handle, which is
 * the same for the same file however it is named. It is never closed, not even after a refusal: its
 * code has run, and may have left threads or exit handlers behind. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dladdr */
#endif
#include "base/error.h"
#include "dispatch/dispatch.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define GLI_STRINGIFY_INNER(text) #text
#define GLI_STRINGIFY(text) GLI_STRINGIFY_INNER(text)
#define ENTRY_NAME GLI_STRINGIFY(GLI_EXTENSION_ENTRY)

typedef struct loaded {
  void *handle;
  const gli_extension *extension;
  struct loaded *_Atomic next;
} loaded;

static struct loaded *_Atomic first_loaded;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

size_t gli__extension_algorithm_count(void) {
  size_t count = 0;
  for (const loaded *at = atomic_load(&first_loaded); at != NULL; at = atomic_load(&at->next)) {
    count += at->extension->algorithm_count;
  }
  return count;
}

const gli_extension_algorithm *gli__extension_algorithm_at(size_t position) {
  for (const loaded *at = atomic_load(&first_loaded); at != NULL; at = atomic_load(&at->next)) {
    if (position < at->extension->algorithm_count) return &at->extension->algorithms[position];
    position -= at->extension->algorithm_count;
  }
  return NULL;
}

/* --- Whether an extension may join --------------------------------------------------------------
 */

static const char *name_at(const gli_algorithm *algorithm, size_t position) {
  if (position == 0) return algorithm->name;
  return algorithm->aliases == NULL ? NULL : algorithm->aliases[position - 1];
}

/* A name or alias of `algorithm` that `other` has too, or NULL. */
static const char *shared_name(const gli_algorithm *algorithm, const gli_algorithm *other) {
  const char *name = NULL;
  for (size_t k = 0; (name = name_at(algorithm, k)) != NULL; k++) {
    const char *taken = NULL;
    for (size_t j = 0; (taken = name_at(other, j)) != NULL; j++) {
      if (strcmp(name, taken) == 0) return name;
    }
  }
  return NULL;
}

static gli_status check_algorithm(const gli_extension *extension, size_t position,
                                  gli_error *error) {
  const gli_extension_algorithm *added = &extension->algorithms[position];
  const gli_status status = gli__algorithm_check(&added->algorithm, error);
  if (status != GLI_OK) return status;
  if (added->kernel == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s: the kernel is NULL",
                     added->algorithm.name);
  }
  const char *taken = NULL;
  const gli_algorithm *other = NULL;
  for (size_t k = 0; taken == NULL && (other = gli_algorithm_at(k)) != NULL; k++) {
    taken = shared_name(&added->algorithm, other);
  }
  for (size_t k = 0; taken == NULL && k < position; k++) {
    taken = shared_name(&added->algorithm, &extension->algorithms[k].algorithm);
  }
  if (taken == NULL) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "extension '%s': an algorithm named '%s' is already there", extension->name,
                   taken);
}

static gli_status check_extension(const char *path, const gli_extension *extension,
                                  gli_error *error) {
  if (extension == NULL) {
    return gli__fail(error, GLI_ERROR_ABI, "'%.200s': " ENTRY_NAME " returned NULL", path);
  }
  if (extension->abi != GLI_EXTENSION_ABI || extension->struct_size != sizeof *extension) {
    return gli__fail(error, GLI_ERROR_ABI,
                     "'%.200s' was built for extension ABI %u; this library has %u: rebuild it",
                     path, (unsigned)extension->abi, (unsigned)GLI_EXTENSION_ABI);
  }
  if (extension->name == NULL || extension->version == NULL || extension->algorithms == NULL ||
      extension->algorithm_count == 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "'%.200s': the extension needs a name, a version and at least one algorithm",
                     path);
  }
  for (size_t k = 0; k < extension->algorithm_count; k++) {
    const gli_status status = check_algorithm(extension, k, error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

/* --- Loading
 * -------------------------------------------------------------------------------------- */

static gli_status join(const char *path, void *handle, const gli_extension *extension,
                       gli_error *error) {
  struct loaded *_Atomic *end = &first_loaded;
  for (loaded *at = atomic_load(end); at != NULL; at = atomic_load(end)) {
    if (at->handle == handle) return GLI_OK;
    end = &at->next;
  }
  const gli_status status = check_extension(path, extension, error);
  if (status != GLI_OK) return status;
  const gli_allocator *allocator = gli_allocator_default();
  loaded *added = allocator->allocate(allocator->context, sizeof *added); /* lives for ever */
  if (added == NULL) return gli__no_memory(error, "the list of extensions");
  added->handle = handle;
  added->extension = extension;
  atomic_init(&added->next, NULL);
  atomic_store(end, added);
  return GLI_OK;
}

/* An extension calls our functions without naming the library that has them: they may be in a
 * program, in libgli.so or in Python's extension module, which Python loads without making its
 * symbols visible to others. Make them visible; where the loader cannot, they are visible already
 * or the load fails with the loader's words. */
static void promote_this_library(void) {
  Dl_info info;
  if (dladdr((const void *)&first_loaded, &info) == 0 || info.dli_fname == NULL) return;
  (void)dlopen(info.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD); /* kept for ever, too */
}

gli_status gli_extension_load(const char *path, gli_error *error) {
  if (path == NULL || path[0] != '/') {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "path is '%.200s'; it must be the absolute path of a shared object",
                     path == NULL ? "" : path);
  }
  promote_this_library();
  /* Outside of the mutex: constructors run in here, and may call anything of ours. */
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    const char *words = dlerror();
    return gli__fail(error, GLI_ERROR_IO, "'%.200s' cannot be loaded: %s", path,
                     words == NULL ? "unknown reason" : words);
  }
  void *symbol = dlsym(handle, ENTRY_NAME);
  if (symbol == NULL) {
    return gli__fail(error, GLI_ERROR_ABI, "'%.200s' does not define " ENTRY_NAME, path);
  }
  gli_extension_entry entry = NULL;
  memcpy(&entry, &symbol, sizeof entry); /* ISO C has no cast from an object to a function */
  const gli_extension *extension = entry();
  pthread_mutex_lock(&loading);
  const gli_status status = join(path, handle, extension, error);
  pthread_mutex_unlock(&loading);
  return status;
}
