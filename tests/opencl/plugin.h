/* plugin.h: the OpenCL plugin as libgli would open it, for tests. */
#ifndef TESTS_OPENCL_PLUGIN_H
#define TESTS_OPENCL_PLUGIN_H

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device/device.h"

extern const char gli__device_dialect[]; /* device/dialect.h as text, made by CMake */

#ifndef GLI_OPENCL_PLUGIN
#define GLI_OPENCL_PLUGIN "/no/libgli_opencl.so, built without OpenCL's headers"
#endif

enum { SKIPPED = 77 }; /* CTest shows the test as skipped */

static const gli_device_driver *driver;
static gli_device *device;
static gli_device_info info;
static gli_device_error failure;

#define OK(call)                                                                                   \
  do {                                                                                             \
    gli_device_code ok_code = (call);                                                              \
    cr_assert_eq(ok_code, GLI_DEVICE_OK, "%s gives %d: %s", #call, (int)ok_code, failure.message); \
  } while (0)
/* The call fails with this code and a message that has the text in it. */
#define FAILS(wanted, call, text)                                                                \
  do {                                                                                           \
    memset(&failure, 0, sizeof failure);                                                         \
    gli_device_code fails_code = (call);                                                         \
    cr_assert_eq(fails_code, wanted, "%s gives %d: %s", #call, fails_code, failure.message);     \
    cr_assert_eq(failure.code, wanted);                                                          \
    cr_assert_not_null(strstr(failure.message, text), "'%s' not in: %s", text, failure.message); \
    cr_assert_null(strchr(failure.message, '\n'));                                               \
  } while (0)

/* The driver's entry, or NULL with a message where the plugin does not open. */
static inline gli_device_entry plugin_entry(gli_device_error *error) {
  gli_device_entry entry = NULL;
  void *library = dlopen(GLI_OPENCL_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    (void)snprintf(error->message, sizeof error->message, "%.200s", dlerror());
    return NULL;
  }
  void *symbol = dlsym(library, GLI_DEVICE_ENTRY_NAME);
  memcpy(&entry, &symbol, sizeof entry);
  return entry;
}

/* Enumerate and print what went wrong: the code. */
static inline int plugin_enumerate(void) {
  gli_device_error error = {.message = ""};
  size_t count = 0;
  gli_device_entry entry = plugin_entry(&error);
  const gli_device_driver *found = entry != NULL ? entry(GLI_DEVICE_ABI, &error) : NULL;
  int code = found != NULL ? (int)found->enumerate(NULL, 0, &count, &error) : GLI_DEVICE_REFUSED;
  if (code != GLI_DEVICE_OK) (void)printf("skipped: %s\n", error.message);
  (void)fflush(stdout);
  return code;
}

/* Open the best device. No assertion in here: children of tests use it, and Criterion's assertions
 * talk to the runner over a socket that a child must not share. */
static inline gli_device_code plugin_open(const gli_device_host *host) {
  size_t count = 0;
  gli_device_entry entry = plugin_entry(&failure);
  driver = entry != NULL ? entry(GLI_DEVICE_ABI, &failure) : NULL;
  if (driver == NULL) return GLI_DEVICE_REFUSED;
  info.struct_size = sizeof info;
  gli_device_code code = driver->enumerate(&info, 1, &count, &failure);
  return code == GLI_DEVICE_OK ? driver->open(0, host, &device, &failure) : code;
}

/* The main of such a test. Whoever has touched OpenCL cannot fork any more, so a child looks
 * whether there is a device. With GLI_TEST_ENUMERATE set it is that child, for tests of what
 * enumerating says in a changed environment. */
static inline int plugin_main(int argc, char *argv[]) {
  if (getenv("GLI_TEST_ENUMERATE") != NULL) return plugin_enumerate();
  (void)fflush(stdout);
  pid_t child = fork();
  if (child == 0) _exit(plugin_enumerate() == GLI_DEVICE_OK ? 0 : SKIPPED);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 1;
  if (WEXITSTATUS(status) != 0) return WEXITSTATUS(status);
  struct criterion_test_set *tests = criterion_initialize();
  int result = 0;
  if (criterion_handle_args(argc, argv, true)) result = !criterion_run_all_tests(tests);
  criterion_finalize(tests);
  return result;
}
/* Visible, because Criterion's workers find main by its name. */
#define PLUGIN_MAIN __attribute__((visibility("default"))) int main(int argc, char *argv[])

#endif
