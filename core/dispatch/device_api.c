/* device_api.c: what callers see of devices: the list, figures, memory, pinning, calibration. */
#include <stdio.h>
#include <string.h>

#include <gli/device.h>

#include "base/error.h"
#include "device/mirror.h"
#include "device/rates.h"
#include "dispatch/dispatch.h"

/* --- The list --------------------------------------------------------------------------------- */

/* The device at a position of the list; NULL past its end. `reason_out`: why its driver is of no
 * use here (a child of fork lists what its parent found), or NULL. */
static gli__device *device_at(size_t position, const char **reason_out) {
  gli__driver *driver = NULL;
  for (size_t k = 0; (driver = gli__driver_at(k)) != NULL; k++) {
    const char *reason = NULL;
    const bool ready = gli__driver_ready(driver, &reason);
    if (position < driver->device_count) {
      *reason_out = ready ? NULL : reason;
      return &driver->devices[position];
    }
    position -= driver->device_count;
  }
  return NULL;
}

size_t gli_device_count(void) {
  size_t count = 0;
  gli__driver *driver = NULL;
  for (size_t k = 0; (driver = gli__driver_at(k)) != NULL; k++) {
    const char *ignored = NULL;
    gli__driver_ready(driver, &ignored);
    count += driver->device_count;
  }
  return count;
}

bool gli_device_at(size_t position, gli_device_description *description_out) {
  const char *reason = NULL;
  const gli__device *device = device_at(position, &reason);
  if (device == NULL) return false;
  const gli_device_info *info = &device->info;
  const char *quarantine = gli__device_quarantine(device);
  if (quarantine != NULL) reason = quarantine;
  *description_out = (gli_device_description){.backend = device->driver->name,
                                              .number = (int32_t)device->position,
                                              .name = info->name,
                                              .platform = info->platform,
                                              .version = info->version,
                                              .memory_bytes = info->memory_bytes,
                                              .compute_units = info->compute_units,
                                              .is_cpu = info->is_cpu,
                                              .has_fp64 = info->has_fp64,
                                              .available = reason == NULL,
                                              .reason = reason == NULL ? "" : reason,
                                              .calibrated = gli__device_rates_of(device).measured};
  return true;
}

bool gli_device_matches(size_t position, const char *device) {
  const char *reason = NULL;
  const gli__device *found = device_at(position, &reason);
  return found != NULL && gli__device_is_wanted(found, device);
}

const char *gli_device_environment(void) {
  return gli__device_environment();
}

void gli_set_compile_hook(void (*compiling)(void *context, const char *device, const char *program),
                          void *context) {
  gli__devices_set_compile_hook(compiling, context);
}

bool gli_device_figures_at(size_t position, gli_device_figures *figures_out) {
  const char *reason = NULL;
  const gli__device *device = device_at(position, &reason);
  if (device == NULL) return false;
  const gli__device_rates rates = gli__device_rates_of(device);
  *figures_out = (gli_device_figures){rates.launch_seconds,        rates.round_trip_seconds,
                                      rates.upload_bytes_second,   rates.download_bytes_second,
                                      rates.gather_entries_second, rates.stream_bytes_second};
  return true;
}

bool gli_device_usage_at(size_t position, gli_device_usage *usage_out) {
  const char *reason = NULL;
  gli__device *device = device_at(position, &reason);
  if (device == NULL) return false;
  *usage_out = (gli_device_usage){.is_open = false};
  if (reason != NULL && gli__device_quarantine(device) == NULL) return true; /* of the parent */
  gli__device_wait(device, NULL, NULL);
  const gli__device_traffic *traffic = &device->traffic;
  *usage_out = (gli_device_usage){.is_open = device->handle != NULL,
                                  .held_bytes = traffic->allocated_bytes,
                                  .kept_bytes = traffic->kept_bytes,
                                  .peak_bytes = traffic->peak_bytes,
                                  .budget_bytes = device->budget_bytes,
                                  .uploaded_bytes = traffic->uploaded_bytes,
                                  .downloaded_bytes = traffic->downloaded_bytes,
                                  .launches = traffic->launches};
  gli__device_let_go(device);
  return true;
}

/* --- Calls of a device that are no algorithm's -------------------------------------------------
 */

typedef gli_status (*errand)(gli__call *call);

static gli_status run_errand(gli__device *device, gli_snapshot *snapshot,
                             const gli_control *control, errand work, gli_error *error) {
  gli_run *run = NULL;
  gli_error own = {.status = GLI_OK};
  gli_status status = gli__run_begin(control, device->memory, &run, error);
  if (status != GLI_OK) return status;
  status = gli__device_acquire(device, run, error);
  if (status != GLI_OK) goto cleanup;
  gli__call call;
  gli__call_begin(&call, run, snapshot, device, NULL, &own);
  gli_run *outside = gli__run_enter(run);
  status = work(&call);
  gli__run_leave(outside);
  const gli_status ended = gli__call_end(&call);
  if (status == GLI_OK) status = ended;
  gli__device_release(device, call.code, own.message);
  if (status != GLI_OK && error != NULL) *error = own;
cleanup:
  gli__run_end(run);
  return status;
}

static gli_status measure(gli__call *call) {
  return gli__rates_measure(call, gli__seconds_now);
}

gli_status gli_device_calibrate(size_t position, const gli_control *control, gli_error *error) {
  const char *reason = NULL;
  gli__device *device = device_at(position, &reason);
  if (device == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "position is %zu; there are %zu devices",
                     position, gli_device_count());
  }
  if (gli__device_quarantine(device) != NULL) reason = gli__device_quarantine(device);
  if (reason != NULL) {
    return gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "%.120s is out of use: %s",
                     device->info.name, reason);
  }
  const gli_status status = run_errand(device, NULL, control, measure, error);
  return status == GLI_OK ? gli__rates_store(device, error) : status;
}

/* --- Pinning ---------------------------------------------------------------------------------- */

static const char *backend_of(const gli_control *control) {
  const size_t end = offsetof(gli_control, backend) + sizeof control->backend;
  return control == NULL || control->struct_size < end ? NULL : control->backend;
}

static const char *device_name_of(const gli_control *control) {
  const size_t end = offsetof(gli_control, device) + sizeof control->device;
  const char *own = control == NULL || control->struct_size < end ? NULL : control->device;
  return own != NULL && own[0] != '\0' ? own : gli__device_environment();
}

static gli_status check_backend(const char *name, gli_error *error) {
  if (name == NULL || gli__driver_find(name) != NULL) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "backend is '%.60s'; a graph can be kept on a device of 'cuda' or 'opencl'",
                   name);
}

/* The first device that the control means. */
static gli__device *find_device(const gli_control *control, gli_error *error) {
  const char *backend = backend_of(control), *wanted = device_name_of(control);
  char reasons[360] = "";
  size_t used = 0;
  gli__driver *driver = NULL;
  for (size_t k = 0; (driver = gli__driver_at(k)) != NULL; k++) {
    const char *reason = NULL;
    if (backend != NULL && strcmp(backend, driver->name) != 0) continue;
    if (gli__driver_ready(driver, &reason)) {
      for (size_t j = 0; j < driver->device_count; j++) {
        gli__device *device = &driver->devices[j];
        if (!gli__device_is_wanted(device, wanted) || gli__device_quarantine(device) != NULL) {
          continue;
        }
        if (!device->info.is_cpu || backend != NULL || wanted != NULL) return device;
      }
      reason =
          wanted == NULL ? "it has only this CPU, which has to be named" : "it has no such device";
    }
    const int wrote = snprintf(reasons + used, sizeof reasons - used, "%s%s: %.150s",
                               used == 0 ? "" : "; ", driver->name, reason);
    if (wrote > 0 && used + (size_t)wrote < sizeof reasons) used += (size_t)wrote;
  }
  gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "no device%s%.60s to keep the graph on: %s",
            wanted == NULL ? "" : " like ", wanted == NULL ? "" : wanted, reasons);
  return NULL;
}

gli_status gli_snapshot_pin(gli_snapshot *snapshot, const gli_control *control, gli_error *error) {
  const gli_status status = check_backend(backend_of(control), error);
  if (status != GLI_OK) return status;
  gli__device *device = find_device(control, error);
  if (device == NULL) return GLI_ERROR_BACKEND_UNAVAILABLE;
  return run_errand(device, snapshot, control, gli__mirror_pin, error);
}

gli_status gli_snapshot_unpin(gli_snapshot *snapshot, const gli_control *control,
                              gli_error *error) {
  const char *backend = backend_of(control), *wanted = device_name_of(control);
  const gli_status status = check_backend(backend, error);
  if (status != GLI_OK) return status;
  gli__driver *driver = NULL;
  for (size_t k = 0; (driver = gli__driver_at(k)) != NULL; k++) {
    const char *reason = NULL;
    if (gli__driver_is_untouched(driver) || !gli__driver_ready(driver, &reason)) continue;
    if (backend != NULL && strcmp(backend, driver->name) != 0) continue;
    for (size_t j = 0; j < driver->device_count; j++) {
      gli__device *device = &driver->devices[j];
      if (!gli__device_is_wanted(device, wanted)) continue;
      gli__device_wait(device, NULL, NULL);
      gli__mirror_unpin(device, snapshot);
      gli__device_let_go(device);
    }
  }
  return GLI_OK;
}

bool gli_snapshot_usage_at(gli_snapshot *snapshot, size_t position, gli_mirror_usage *usage_out) {
  const char *reason = NULL;
  gli__device *device = device_at(position, &reason);
  if (device == NULL) return false;
  *usage_out = (gli_mirror_usage){.pinned = false};
  if (reason != NULL) return true;
  gli__device_wait(device, NULL, NULL);
  const gli__mirror_figures figures = gli__mirror_figures_of(device, snapshot);
  gli__device_let_go(device);
  *usage_out = (gli_mirror_usage){.held_bytes = figures.bytes,
                                  .full_uploads = figures.full_uploads,
                                  .delta_uploads = figures.delta_uploads,
                                  .uploaded_bytes = figures.uploaded_bytes,
                                  .pinned = figures.pinned};
  return true;
}
