/* plugin.h: a driver's plugin opened by a test itself, and one device of it ready for calls.
 *
 * The plugin is sought in the folders of GLI_BACKEND_PATH, which CTest sets. Without it, or without
 * a device (no PoCL), a test says so and is skipped: plugin_driver returns NULL with the reason. */
#ifndef TESTS_DEVICE_PLUGIN_H
#define TESTS_DEVICE_PLUGIN_H

#include <dlfcn.h>
#include <gli/gli.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "device/call.h"

/* The driver of libgli_<name>.so, if it has a device at all. */
static inline const gli_device_driver *plugin_driver(const char *name, const char **reason_out) {
  static char reason[600];
  const char *folder = getenv("GLI_BACKEND_PATH");
  char path[1024];
  *reason_out = reason;
  snprintf(path, sizeof path, "%s/libgli_%s.so", folder == NULL ? "." : folder, name);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(reason, sizeof reason, "%.500s", dlerror());
    return NULL;
  }
  gli_device_entry entry = NULL;
  void *symbol = dlsym(library, GLI_DEVICE_ENTRY_NAME);
  memcpy(&entry, &symbol, sizeof entry); /* ISO C has no cast from void * to a function */
  gli_device_error error = {0};
  const gli_device_driver *driver = entry == NULL ? NULL : entry(GLI_DEVICE_ABI, &error);
  size_t count = 0;
  if (driver == NULL || driver->enumerate(NULL, 0, &count, &error) != GLI_DEVICE_OK || count == 0) {
    snprintf(reason, sizeof reason, "%.300s: %.240s", path, error.message);
    return NULL;
  }
  return driver;
}

/* The first device of a driver and one call on it, beside the library's own list of devices. */
typedef struct plugin_rig {
  gli__device device;
  gli__call call;
  gli_run *run;
  gli_error error;
} plugin_rig;

/* False with rig->error: could not be opened. */
static inline bool plugin_rig_open(plugin_rig *rig, const gli_device_driver *driver) {
  static const gli_control control = GLI_CONTROL_INIT;
  gli_device_error error = {0};
  size_t count = 0;
  memset(rig, 0, sizeof *rig);
  rig->device.driver = driver;
  rig->device.info.struct_size = sizeof rig->device.info;
  rig->device.memory = gli__memory_create(NULL);
  if (driver->enumerate(&rig->device.info, 1, &count, &error) != GLI_DEVICE_OK ||
      driver->open(0, NULL, &rig->device.handle, &error) != GLI_DEVICE_OK ||
      gli__run_begin(&control, rig->device.memory, &rig->run, &rig->error) != GLI_OK) {
    snprintf(rig->error.message, sizeof rig->error.message, "%s", error.message);
    return false;
  }
  gli__call_begin(&rig->call, rig->run, NULL, &rig->device, NULL, &rig->error);
  return true;
}

static inline void plugin_rig_close(plugin_rig *rig) {
  gli__call_end(&rig->call);
  gli__run_end(rig->run);
  while (rig->device.programs != NULL) {
    gli__device_program *program = rig->device.programs;
    rig->device.programs = program->next;
    rig->device.driver->program_release(rig->device.handle, program->program);
    gli__release(rig->device.memory, program, 1, sizeof *program);
  }
  rig->device.driver->close(rig->device.handle);
  gli__memory_free(rig->device.memory);
}

#endif
