/* device_backend.c: the backends "cuda" and "opencl": a driver's devices as places to run.
 *
 * One table for both; the driver has its name. Asked by name, the first device runs it that is
 * wanted, in use and able. Left to choose, the same device is offered with a prediction; a driver
 * that nobody has opened yet is left alone while opening it would take longer than the CPU needs
 * for the whole call. A device that is a CPU is offered only to those who name it: our own kernels
 * read the same memory without a copy. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "device/mirror.h"
#include "dispatch/cost.h"
#include "dispatch/dispatch.h"

#define WORTH_SECONDS 1e-3 /* what a call takes on the CPU before a driver is worth a thought */

static gli__driver *driver_of(const gli__backend *self) {
  return gli__driver_find(self->name);
}

static bool probe_driver(const gli__backend *self, const char **reason_out) {
  return gli__driver_ready(driver_of(self), reason_out);
}

/* What the caller or the environment says about the device; NULL: nothing. */
static const char *wanted_of(const gli__request *request) {
  const char *device = request->control->device;
  return device != NULL && device[0] != '\0' ? device : gli__device_environment();
}

/* Whether what is wanted can be a device of this driver: not "cuda:1" for opencl. */
static bool is_wanted_driver(const gli__driver *driver, const char *wanted) {
  gli__driver *other = NULL;
  for (size_t k = 0; wanted != NULL && (other = gli__driver_at(k)) != NULL; k++) {
    const size_t stem = strlen(other->name);
    const bool names_other =
        strncmp(wanted, other->name, stem) == 0 && (wanted[stem] == ':' || wanted[stem] == '\0');
    if (other != driver && names_other) return false;
  }
  return true;
}

/* Whether the device can run the request at all; `why_not` gets a line when not. */
static bool is_able(const gli__device *device, const gli__request *request, char *why_not,
                    size_t size) {
  const uint32_t needs = gli__device_needs(request->form, request->snapshot, request->options);
  const char *reason = gli__device_quarantine(device);
  const char *name = request->algorithm->name;
  if (reason != NULL) {
    snprintf(why_not, size, "%.80s is out of use: %s", device->info.name, reason);
  } else if ((needs & GLI__NEEDS_FP64) != 0 && !device->info.has_fp64) {
    snprintf(why_not, size, "%.80s has no double precision, which %s needs", device->info.name,
             name);
  } else if ((needs & GLI__NEEDS_ATOMIC64) != 0 && !device->info.has_atomic64) {
    snprintf(why_not, size, "%.80s has no 64-bit atomics, which %s needs", device->info.name, name);
  } else {
    return true;
  }
  return false;
}

/* The first device that is wanted and able. `named`: a device that is a CPU counts too. */
static gli__device *find_device(gli__driver *driver, const gli__request *request, bool named,
                                char *why_not, size_t size) {
  const char *wanted = wanted_of(request);
  bool any_wanted = false;
  for (size_t k = 0; k < driver->device_count; k++) {
    gli__device *device = &driver->devices[k];
    if (!gli__device_is_wanted(device, wanted)) continue;
    any_wanted = true;
    if (device->info.is_cpu && !named && wanted == NULL) {
      snprintf(why_not, size, "%.80s is this CPU; GLI_DEVICE can name it", device->info.name);
    } else if (is_able(device, request, why_not, size)) {
      return device;
    }
  }
  if (!any_wanted) {
    snprintf(why_not, size, "none of its %zu devices is '%.60s' (the first is '%.80s')",
             driver->device_count, wanted, driver->devices[0].info.name);
  }
  return NULL;
}

/* --- Prediction ------------------------------------------------------------------------------- */

static bool has_program(const gli__device *device, const char *name) {
  for (const gli__device_program *at = device->programs; at != NULL; at = at->next) {
    if (strcmp(at->name, name) == 0) return true;
  }
  return false;
}

/* Whether weights along in rows are needed that are not those along out rows. */
static bool weighs_in(const gli__request *request) {
  return request->work.in_weight != NULL &&
         (request->work.out_weight == NULL || gli_snapshot_is_directed(request->snapshot));
}

/* All bytes of the rows and their weights, for a device that has nothing. */
static uint64_t bytes_of_all(const gli__request *request) {
  const gli_rows rows = gli_snapshot_out_rows(request->snapshot);
  const uint64_t side = (uint64_t)gli_snapshot_node_limit(request->snapshot) * sizeof(gli_row) +
                        (uint64_t)rows.entry_count * sizeof(int32_t);
  const bool both = request->work.reads_in && gli_snapshot_is_directed(request->snapshot);
  const uint64_t weights = (uint64_t)rows.entry_count * sizeof(double);
  return (both ? 2 * side : side) + (request->work.out_weight != NULL ? weights : 0) +
         (weighs_in(request) ? weights : 0);
}

/* What is missing on an open device. In rows that it would build itself, and weights in their
 * order, count as if they were uploaded: building takes about as long. */
static uint64_t missing_bytes(const gli__device *device, const gli__request *request) {
  const gli__device_work *work = &request->work;
  uint64_t missing = gli__mirror_missing_bytes(device, request->snapshot, false);
  if (work->reads_in && gli_snapshot_is_directed(request->snapshot)) {
    missing += gli__mirror_missing_bytes(device, request->snapshot, true);
  }
  if (work->out_weight != NULL) {
    missing += gli__mirror_missing_weight_bytes(device, request->snapshot, work->out_weight, false);
  }
  if (weighs_in(request)) {
    missing += gli__mirror_missing_weight_bytes(device, request->snapshot, work->in_weight, true);
  }
  return missing;
}

static void predict(gli__device *device, const gli__request *request, double limit_seconds,
                    gli__offer *offer) {
  const gli__device_rates rates = gli__device_rates_of(device);
  offer->seconds = gli__cost_waits(&request->work, &rates);
  if (offer->seconds >= limit_seconds) { /* small calls get no closer look: it would take longer */
    memcpy(offer->note, "its waits alone", sizeof "its waits alone");
    return;
  }
  gli__cost_place place = {.rates = rates,
                           .open_seconds = gli__cost_open(device->driver->name),
                           .build_seconds = gli__cost_build(device->driver->name),
                           .missing_bytes = bytes_of_all(request)};
  const bool is_free = gli__device_try(device);
  if (is_free) {
    place.is_open = device->handle != NULL;
    place.is_built = has_program(device, request->form->program);
    if (place.is_open) place.missing_bytes = missing_bytes(device, request);
    gli__device_let_go(device);
  } else { /* somebody is using it: open, then, but whatever it holds may be given up for them */
    place.is_open = place.is_built = true;
  }
  offer->seconds = gli__cost_device(&request->work, &place);
  const double once = gli__cost_once(&place), each = offer->seconds - once;
  char text[GLI__SECONDS_SIZE];
  if (offer->seconds >= limit_seconds && each < limit_seconds &&
      gli__device_has_waited(device, limit_seconds - each, once)) {
    offer->seconds = each;
    snprintf(offer->note, sizeof offer->note, "and %s once, which calls have lost by now",
             gli__seconds_text(once, text));
  } else if (!is_free) {
    snprintf(offer->note, sizeof offer->note, "in use by another call");
  } else if (!place.is_open) {
    snprintf(offer->note, sizeof offer->note, "not open yet");
  } else if (place.missing_bytes == 0) {
    snprintf(offer->note, sizeof offer->note, "mirror resident%s",
             place.is_built ? "" : ", to be compiled");
  } else {
    snprintf(offer->note, sizeof offer->note, "%.3g MB to upload",
             (double)place.missing_bytes * 1e-6);
  }
}

/* --- Offer ------------------------------------------------------------------------------------ */

static gli_status refuse(const gli__backend *self, const gli__request *request, bool named,
                         const char *why_not, gli_error *error) {
  if (!named) {
    return gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "%s: %s", self->name, why_not);
  }
  return gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE,
                   "backend '%s' cannot run %s: %s; use 'cpu'", self->name,
                   request->algorithm->name, why_not);
}

/* Opening it would take longer than there is time for, and calls have not lost as much by now. A
 * call below a millisecond has nothing to win on a device; what others could is not known yet, so
 * they wait for twice the time. */
static bool is_too_slow_to_open(const gli__backend *self, gli__driver *driver,
                                double limit_seconds) {
  const double open_seconds = gli__cost_open(self->name);
  if (limit_seconds >= open_seconds || !gli__driver_is_untouched(driver)) return false;
  return limit_seconds < WORTH_SECONDS ||
         !gli__driver_has_waited(driver, limit_seconds, 2 * open_seconds);
}

/* Reasons that lie in the request. */
static bool is_hopeless(const gli__request *request, char *why_not, size_t size) {
  const char *words = NULL;
  if (request->form == NULL) {
    snprintf(why_not, size, "it has no kernel for %s", request->algorithm->name);
    return true;
  }
  if (request->form->takes == NULL ||
      request->form->takes(request->snapshot, request->options, &words)) {
    return false;
  }
  snprintf(why_not, size, "%s", words == NULL ? "not with these options" : words);
  return true;
}

static gli_status offer_device(const gli__backend *self, const gli__request *request,
                               double limit_seconds, gli__offer *offer_out, gli_error *error) {
  gli__driver *driver = driver_of(self);
  const bool named = limit_seconds == (double)INFINITY;
  *offer_out = (gli__offer){.seconds = (double)NAN};
  if (!named &&
      (!is_wanted_driver(driver, wanted_of(request)) || !gli__driver_is_installed(driver))) {
    offer_out->is_absent = true;
    return GLI_ERROR_BACKEND_UNAVAILABLE;
  }
  if (is_too_slow_to_open(self, driver, limit_seconds)) {
    offer_out->refusal = self->context;
    return GLI_ERROR_BACKEND_UNAVAILABLE;
  }
  char why_not[GLI_ERROR_MESSAGE_SIZE];
  if (is_hopeless(request, why_not, sizeof why_not)) {
    return refuse(self, request, named, why_not, error);
  }
  const char *reason = NULL;
  if (!gli__driver_ready(driver, &reason)) {
    offer_out->is_absent = driver->device_count == 0;
    return refuse(self, request, named, reason, error);
  }
  gli__device *device = find_device(driver, request, named, why_not, sizeof why_not);
  if (device == NULL) return refuse(self, request, named, why_not, error);
  offer_out->place = device;
  if (!named) predict(device, request, limit_seconds, offer_out);
  return GLI_OK;
}

/* --- Run -------------------------------------------------------------------------------------- */

static gli_status run_on_device(const gli__backend *self, const gli__offer *offer,
                                const gli__request *request, gli_run *run, gli_result *result,
                                gli__outcome *outcome_out, gli_error *error) {
  (void)self;
  gli__device *device = (gli__device *)(uintptr_t)offer->place;
  snprintf(outcome_out->device, sizeof outcome_out->device, "%s", device->info.name);
  gli_status status = gli__device_acquire(device, run, error);
  if (status != GLI_OK) return status;
  outcome_out->prepared_at = gli__seconds_now();
  gli_error own = {.status = GLI_OK}; /* quarantine quotes it, and the caller's may be NULL */
  gli__call call;
  gli__call_begin(&call, run, request->snapshot, device, request->form, &own);
  if (gli__control_keeps(request->control)) call.keep = gli__result_add_kept;
  status = request->form->run(&call, request->options, result);
  if (status == GLI_OK && call.keep != NULL) status = gli__result_keep_rest(result, &call);
  const gli_status ended = gli__call_end(&call);
  if (status == GLI_OK) status = ended;
  outcome_out->transfer_seconds = call.transfer_seconds;
  outcome_out->build_seconds = call.build_seconds;
  if (status == GLI_ERROR_DEVICE && call.short_of_memory) {
    outcome_out->again = gli__mirror_evict(device, UINT64_MAX, NULL);
  }
  gli__device_release(device, call.code, own.message);
  if (status != GLI_OK && error != NULL) *error = own;
  return status;
}

/* Their context: why a small call does not even open them, in the figures of gli__cost_open. */
const gli__backend gli__backend_cuda = {.name = "cuda",
                                        .context = "opening a cuda device would take 200 ms",
                                        .probe = probe_driver,
                                        .offer = offer_device,
                                        .run = run_on_device};
const gli__backend gli__backend_opencl = {.name = "opencl",
                                          .context = "opening an opencl device would take 90 ms",
                                          .probe = probe_driver,
                                          .offer = offer_device,
                                          .run = run_on_device};
