/* registry.c: the backends of this build, and which of them runs a call.
 *
 * A backend is a table; adding one is a table and a line in `backends`. Choosing by name never
 * falls back. The automatic choice takes the least predicted time among the offers; when the CPU or
 * no device predicts, the CPU runs it. Each device is told how little time is left to win by, so
 * that one that cannot is not even opened. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cpu/kernels.h"
#include "dispatch/cost.h"
#include "dispatch/dispatch.h"

/* --- The CPU ---------------------------------------------------------------------------------- */

static bool probe_cpu(const gli__backend *self, const char **reason_out) {
  (void)self;
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

static gli_status offer_cpu(const gli__backend *self, const gli__request *request,
                            double limit_seconds, gli__offer *offer_out, gli_error *error) {
  *offer_out = (gli__offer){.seconds = (double)NAN};
  if (find_cpu_kernel(request->algorithm) == NULL) {
    return gli__fail(error, GLI_ERROR_BACKEND_UNAVAILABLE, "backend '%s' has no kernel for %s",
                     self->name, request->algorithm->name);
  }
  const bool is_asked = limit_seconds != (double)INFINITY;
  if (is_asked && request->form != NULL && request->work.cpu_seconds > 0) {
    offer_out->seconds = gli__cost_cpu(&request->work, request->threads,
                                       gli__cost_machine_factor(request->work.cpu_seconds));
  }
  return GLI_OK;
}

static gli_status run_on_cpu(const gli__backend *self, const gli__offer *offer,
                             const gli__request *request, gli_run *run, gli_result *result,
                             gli__outcome *outcome_out, gli_error *error) {
  (void)self;
  (void)offer;
  (void)outcome_out;
  const gli_kernel kernel = find_cpu_kernel(request->algorithm);
  return kernel(run, request->snapshot, request->options, result, error);
}

static const gli__backend cpu = {
    .name = "cpu", .probe = probe_cpu, .offer = offer_cpu, .run = run_on_cpu};

static const gli__backend *const backends[] = {&cpu, &gli__backend_cuda, &gli__backend_opencl};

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
  info_out->available = list.backends[position]->probe(list.backends[position], &info_out->reason);
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
      if (!backend->probe(backend, &reason)) {
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

/* "backend: reason", without snprintf: every call does it, also those of some hundred
 * instructions. */
static void set_reason(gli__choice *choice, const char *backend, const char *reason) {
  size_t used = 0;
  const char *const parts[] = {backend, ": ", reason};
  for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
    const size_t length = strnlen(parts[k], sizeof choice->why - 1 - used);
    memcpy(choice->why + used, parts[k], length);
    used += length;
  }
  choice->why[used] = '\0';
}

/* Text after text, as far as there is room: every call says why, and printf takes its time. */
static char *put(char *at, const char *end, const char *text) {
  while (*text != '\0' && at < end)
    *at++ = *text++;
  *at = '\0';
  return at;
}

static gli_status choose_named(gli__backend_list list, const char *name,
                               const gli__request *request, gli__choice *choice, gli_error *error) {
  gli_status status = require(list, name, &choice->backend, error);
  if (status != GLI_OK) return status;
  status =
      choice->backend->offer(choice->backend, request, (double)INFINITY, &choice->offer, error);
  if (status != GLI_OK) return status;
  set_reason(choice, name, "asked for by name");
  return GLI_OK;
}

/* What the devices said, for the line that explains the CPU. */
typedef struct rivals {
  const gli__backend *best; /* with the least prediction; NULL: none predicts */
  gli__offer offer;
  size_t absent;       /* no driver, or no device */
  const char *refusal; /* the one that says most; or NULL */
  int refusal_weight;  /* 1: of a driver without devices; 2: without words of its own; 3: others */
  gli_error errors[2]; /* where the refusal's words are, mostly; and the next one's */
} rivals;

static void keep_refusal(const gli__offer *offer, gli_error *words, rivals *found) {
  const bool has_words = offer->refusal == NULL;
  if (offer->is_absent) found->absent++;
  if (offer->is_absent && words->message[0] == '\0') return;
  const int weight = offer->is_absent ? 1 : has_words ? 3 : 2;
  if (weight <= found->refusal_weight) return;
  found->refusal_weight = weight;
  found->refusal = has_words ? words->message : offer->refusal;
}

static void ask_devices(gli__backend_list list, const gli__request *request, double limit,
                        rivals *found) {
  found->offer.seconds = (double)INFINITY;
  for (size_t k = 1; k < list.count; k++) {
    const gli__backend *device = list.backends[k];
    gli__offer offer = {.seconds = (double)NAN};
    gli_error *words = &found->errors[found->refusal == found->errors[0].message];
    words->message[0] = '\0';
    if (device->offer(device, request, limit, &offer, words) != GLI_OK) {
      keep_refusal(&offer, words, found);
    } else if (offer.seconds < found->offer.seconds) {
      found->best = device;
      found->offer = offer;
    }
    if (found->best != NULL && found->offer.seconds < limit) limit = found->offer.seconds;
  }
}

static void explain(gli__backend_list list, const rivals *found, double host_seconds,
                    gli__choice *choice) {
  const char *host = list.backends[0]->name;
  const char *refusal = found->refusal;
  char mine[GLI__SECONDS_SIZE], other[GLI__SECONDS_SIZE];
  const char *end = choice->why + GLI__WHY_SIZE - 1;
  char *at = put(put(choice->why, end, choice->backend->name), end, ": ");
  if (found->absent == list.count - 1) {
    put(at, end, refusal == NULL ? "no device driver is installed" : refusal);
    return;
  }
  if (isnan(host_seconds) && choice->backend != found->best) {
    put(at, end, refusal == NULL ? "no device is predicted to be faster" : refusal);
    return;
  }
  gli__seconds_text(host_seconds, mine);
  at = put(at, end, "predicted ");
  if (found->best == NULL) {
    at = put(put(at, end, mine), end, "; ");
    put(at, end, refusal == NULL ? "no device predicts" : refusal);
    return;
  }
  const bool wins = choice->backend == found->best;
  gli__seconds_text(found->offer.seconds, other);
  at = put(put(at, end, wins ? other : mine), end, " against ");
  at = put(put(at, end, wins ? mine : other), end, " on ");
  at = put(at, end, wins ? host : found->best->name);
  if (found->offer.note[0] != '\0') put(put(put(at, end, " ("), end, found->offer.note), end, ")");
}

/* Whether "none" is what the caller, or else the environment, says of devices. */
static bool are_turned_off(const gli__request *request) {
  const char *wanted = request->control->device;
  if (wanted == NULL || wanted[0] == '\0') wanted = gli__device_environment();
  return wanted != NULL && strcmp(wanted, "none") == 0;
}

/* A launch and a wait take longer on every device there is: who is asked costs more than it could
 * win. */
#define LEAST_DEVICE_SECONDS 3e-6

static void explain_tiny(const gli__backend *host, double seconds, gli__choice *choice) {
  char mine[GLI__SECONDS_SIZE];
  const char *end = choice->why + GLI__WHY_SIZE - 1;
  char *at = put(put(choice->why, end, host->name), end, ": predicted ");
  put(put(at, end, gli__seconds_text(seconds, mine)), end, ", less than any device needs");
}

static gli_status choose_fastest(gli__backend_list list, const gli__request *request,
                                 gli__choice *choice, gli_error *error) {
  const gli__backend *host = list.backends[0];
  rivals found;
  found.best = NULL;
  found.absent = 0;
  found.refusal = NULL;
  found.refusal_weight = 0;
  gli__offer own = {.seconds = (double)NAN};
  const gli_status status = host->offer(host, request, 0, &own, error);
  const bool runs = status == GLI_OK;
  if (runs && are_turned_off(request)) {
    choice->backend = host;
    choice->offer = own;
    set_reason(choice, host->name, "devices are turned off ('none')");
    return GLI_OK;
  }
  if (runs && own.seconds < LEAST_DEVICE_SECONDS) {
    choice->backend = host;
    choice->offer = own;
    explain_tiny(host, own.seconds, choice);
    return GLI_OK;
  }
  /* Without a prediction of its own the CPU is never left; without a kernel it cannot be stayed
   * with. The largest number, since INFINITY means that a name was given. */
  const double limit = !runs ? 1e300 : isnan(own.seconds) ? 0 : own.seconds;
  ask_devices(list, request, limit, &found);
  const bool wins = found.best != NULL && (!runs || found.offer.seconds < own.seconds);
  if (!wins && !runs) return status;
  choice->backend = wins ? found.best : host;
  choice->offer = wins ? found.offer : own;
  explain(list, &found, own.seconds, choice);
  return GLI_OK;
}

gli_status gli__choose(gli__backend_list list, const char *name, const gli__request *request,
                       gli__choice *choice_out, gli_error *error) {
  gli__choice choice = {.automatic = name == NULL};
  const gli_status status = name != NULL ? choose_named(list, name, request, &choice, error)
                                         : choose_fastest(list, request, &choice, error);
  if (status == GLI_OK) *choice_out = choice;
  return status;
}
