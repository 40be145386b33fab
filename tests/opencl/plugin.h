/* plugin.h: the OpenCL plugin as libgli would open it, for tests. */
#ifndef TESTS_OPENCL_PLUGIN_H
#define TESTS_OPENCL_PLUGIN_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device/device.h"

enum { SKIPPED = 77 }; /* CTest shows the test as skipped */

/* The driver's table; NULL with a message where the plugin does not open. */
static inline const gli_device_driver *plugin_driver(gli_device_error *error) {
#ifdef GLI_OPENCL_PLUGIN
  void *library = dlopen(GLI_OPENCL_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    (void)snprintf(error->message, sizeof error->message, "%.200s", dlerror());
    return NULL;
  }
  void *symbol = dlsym(library, GLI_DEVICE_ENTRY_NAME);
  gli_device_entry entry = NULL;
  memcpy(&entry, &symbol, sizeof entry);
  return entry(GLI_DEVICE_ABI, error);
#else
  (void)snprintf(error->message, sizeof error->message, "built without OpenCL's headers");
  return NULL;
#endif
}

/* In a child, because whoever has touched OpenCL cannot fork any more: 0 when there is a device,
 * else SKIPPED, with the reason printed. */
static inline int plugin_probe(void) {
  (void)fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    gli_device_error error = {.message = ""};
    size_t count = 0;
    const gli_device_driver *driver = plugin_driver(&error);
    int code =
        driver != NULL && driver->enumerate(NULL, 0, &count, &error) == GLI_DEVICE_OK ? 0 : SKIPPED;
    if (code == SKIPPED) {
      (void)printf("skipped: %s\n", error.message);
      (void)fflush(stdout);
    }
    _exit(code);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 1;
  return WEXITSTATUS(status);
}

/* device/dialect.h, read from the source tree. The caller frees. */
static inline char *plugin_dialect(void) {
  char path[1024];
  const char *root = getenv("GLI_SOURCE_DIR");
  (void)snprintf(path, sizeof path, "%s/device/dialect.h", root != NULL ? root : ".");
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char *text = calloc(1, 1 << 16);
  if (text != NULL) (void)fread(text, 1, (1 << 16) - 1, file);
  (void)fclose(file);
  return text;
}

#endif
