/* registry.c: the backends of this build, and which of them runs a call.
 *
 * A backend is a table; adding one is a table and a line in `backends`. Choosing by name never
 * falls back. The automatic choice takes the least predicted time among the backends that have the
 * algorithm, predict and are here; when the CPU or no device predicts, the CPU runs it. Probing a
 * device may open its driver, so it happens only for a device that is predicted to win. */
#include "base/error.h"
#include "cpu/kernels.h"
#include "dispatch/dispatch.h"

#include <stdio.h>
#include <string.h>

/* --- The entries ------------------------------------------------------------------------------ */

static bool probe_cpu(const char **reason_out) {
  *reason_out = "the CPU kernels are always there";
  return true;
}

static gli_kernel find_cpu_kernel(const gli_algorithm *algorithm) {
  const gli_kernel built_in = gli__cpu_kernel(algorithm);
  if (built_in != NULL) return built_in;
  const gli_extension_algorithm *added = NULL;
  for (size_t k = 0; (added = gli__extension_algorithm_at(k)) != NULL; k++) {
    if (&added->algorithm == algorithm) return added->kernel;
  }
  return NULL;
}

static bool probe_cuda(const char **reason_out) {
  *reason_out = "the CUDA driver is not part of this build; the CPU runs every algorithm";
  return false;
}

static bool probe_opencl(const char **reason_out) {
  *reason_out = "the OpenCL driver is not part of this build; the CPU runs every algorithm";
  return false;
}

static const gli__backend cpu = {.name = "cpu", .probe = probe_cpu, .kernel = find_cpu_kernel};
static const gli__backend cuda = {.name = "cuda", .probe = probe_cuda};
static const gli__backend opencl = {.name = "opencl", .probe = probe_opencl};

static const gli__backend *const backends[] = {&cpu, &cuda, &opencl};

gli__backend_list gli__backends(void) {
  return (gli__backend_list){backends, sizeof backends / sizeof backends[0]};
}

/* --- What callers see ------------------------------------------------------------------------- */

size_t gli_backend_count(void) {
  return gli__backends().count;
}

bool gli_backend_at(size_t position, gli_backend_info *info_out) {
  const gli__backend_list list = gli__backends();
  if (position >= list.count) return false;
  info_out->name = list.backends[position]->name;
  info_out->available = list.backends[position]->probe(&info_out->reason);
  return true;
}

static gli_status require(gli__backend_list list, const char *name,
                          const gli__backend **backend_out, gli_error *error) {
  char names[160] = "";
  size_t used = 0;
  for (size_t k = 0; k < list.count; k++) {
    const gli__backend *backend = list.backends[k];
    if (name != NULL && strcmp(backend->name, name) == 0) {
      const char *reason = NULL;
      if (!backend->probe(&reason)) {
        return gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "backend '%s' is not available: %s",
                         name, reason);
      }
      *backend_out = backend;
      return GLI_OK;
    }
    const int wrote =
        snprintf(names + used, sizeof names - used, "%s'%s'", k == 0 ? "" : ", ", backend->name);
    if (wrote > 0 && used + (size_t)wrote < sizeof names) used += (size_t)wrote;
  }
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "backend is '%.60s'; it must be one of %s",
                   name == NULL ? "" : name, names);
}

gli_status gli_backend_require(const char *name, gli_error *error) {
  const gli__backend *backend = NULL;
  return require(gli__backends(), name, &backend, error);
}

/* --- The choice ------------------------------------------------------------------------------- */

static gli_kernel kernel_of(const gli__backend *backend, const gli_algorithm *algorithm) {
  return backend->kernel == NULL ? NULL : backend->kernel(algorithm);
}

static gli_status choose_named(gli__backend_list list, const char *name,
                               const gli_algorithm *algorithm, gli__choice *choice,
                               gli_error *error) {
  const gli_status status = require(list, name, &choice->backend, error);
  if (status != GLI_OK) return status;
  choice->kernel = kernel_of(choice->backend, algorithm);
  if (choice->kernel == NULL) {
    return gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE,
                     "backend '%s' has no kernel for %s; use '%s'", name, algorithm->name,
                     list.backends[0]->name);
  }
  snprintf(choice->why, sizeof choice->why, "%s: asked for by name", name);
  return GLI_OK;
}

/* The device with the least prediction below `best`, that is also here; NULL when there is none. */
static const gli__backend *best_device(gli__backend_list list, const gli_algorithm *algorithm,
                                       gli_snapshot *snapshot, const void *options, double *best,
                                       size_t *absent_out, const char **reason_out) {
  const gli__backend *winner = NULL;
  *absent_out = 0;
  for (size_t k = 1; k < list.count; k++) {
    const gli__backend *device = list.backends[k];
    if (device->kernel == NULL) {
      ++*absent_out;
      continue;
    }
    if (device->predict == NULL || kernel_of(device, algorithm) == NULL) continue;
    const double predicted = device->predict(algorithm, snapshot, options);
    if (!(predicted < *best) || !device->probe(reason_out)) continue;
    *best = predicted;
    winner = device;
  }
  return winner;
}

gli_status gli__choose(gli__backend_list list, const char *name, const gli_algorithm *algorithm,
                       gli_snapshot *snapshot, const void *options, gli__choice *choice_out,
                       gli_error *error) {
  gli__choice choice = {.automatic = name == NULL};
  if (name != NULL) {
    const gli_status status = choose_named(list, name, algorithm, &choice, error);
    if (status == GLI_OK) *choice_out = choice;
    return status;
  }
  const gli__backend *host = list.backends[0];
  double best = host->predict == NULL ? 0 : host->predict(algorithm, snapshot, options);
  const double host_seconds = best;
  size_t absent = 0;
  const char *reason = NULL;
  choice.backend = best_device(list, algorithm, snapshot, options, &best, &absent, &reason);
  if (choice.backend != NULL) {
    snprintf(choice.why, sizeof choice.why, "%s: predicted %.3g s, %s %.3g s", choice.backend->name,
             best, host->name, host_seconds);
  } else {
    choice.backend = host;
    if (absent == list.count - 1) {
      snprintf(choice.why, sizeof choice.why, "%s: no device driver in this build", host->name);
    } else if (reason != NULL) {
      snprintf(choice.why, sizeof choice.why, "%s: %s", host->name, reason);
    } else {
      snprintf(choice.why, sizeof choice.why, "%s: no device is predicted to be faster",
               host->name);
    }
  }
  choice.kernel = kernel_of(choice.backend, algorithm);
  if (choice.kernel == NULL) {
    return gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "no backend has a kernel for %s",
                     algorithm->name);
  }
  *choice_out = choice;
  return GLI_OK;
}
