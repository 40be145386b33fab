/* dispatch.h: from a descriptor to a kernel that runs somewhere.
 *
 * The registry is a list of backends, each a table (gli__backend). "cpu" is always there; drivers
 * for devices join as plugins (device_backend.c). gli_algorithm_run completes and checks the
 * options (options.c), asks the backends for offers and picks one, by name or by predicted time
 * (registry.c, cost.c), runs it there and writes the run record (run.c). */
#ifndef GLI_DISPATCH_DISPATCH_H
#define GLI_DISPATCH_DISPATCH_H

#include <gli/algorithm.h>
#include <gli/backend.h>
#include <gli/extension.h>

#include "base/pool.h"
#include "device/call.h"

/* What is asked for: the same for all backends. */
typedef struct gli__request {
  const gli_algorithm *algorithm;
  gli_snapshot *snapshot;
  const void *options; /* complete and valid */
  const gli_control *control;
  int32_t threads;                   /* that the CPU would use */
  const gli__device_algorithm *form; /* its form for devices; NULL: it has none */
  gli__device_work work;             /* what there is to do, as that form says; zeros without */
} gli__request;

/* Whether columns are to stay on a device (a control that take_control has completed). */
static inline bool gli__control_keeps(const gli_control *control) {
  return control->keep != NULL && control->keep[0] == 'd';
}

/* What a backend says to a request. */
typedef struct gli__offer {
  const void *place; /* the backend's own: which device */
  double seconds;    /* predicted, all in all; NAN: it does not say */
  char note[64];     /* what the prediction rests on: "mirror resident"; or "" */
  bool is_absent;    /* with a refusal: no such driver here, no device, or nobody asks for it */
  /* With a refusal that needs no words of its own: the reason, and `error` is left alone. Small
   * calls are refused each time, and formatting would take longer than they do. */
  const char *refusal;
} gli__offer;

/* How a run went, beside its result. */
typedef struct gli__outcome {
  char device[128];        /* its name; "" on the CPU */
  double prepared_at;      /* by gli__seconds_now; 0: as the kernel said, if it did */
  double build_seconds;    /* beyond that, programs compiled or loaded: preparation too */
  double transfer_seconds; /* beyond that */
  bool again;              /* with a failure: room was made, one more attempt may succeed */
} gli__outcome;

/* What a backend is to the registry. `self` is the table itself; `context` its own. */
typedef struct gli__backend gli__backend;
struct gli__backend {
  const char *name;
  const void *context;
  /* Whether it can be used here; `reason` gets a line either way, which lives as long as the
   * process. May open a driver, once. */
  bool (*probe)(const gli__backend *self, const char **reason_out);
  /* Whether it can run this, and how fast. A refusal is GLI_ERROR_BACKEND_UNAVAILABLE with the
   * reason. Touches no driver when even an idle device could not answer within limit_seconds
   * (INFINITY: asked for by name). */
  gli_status (*offer)(const gli__backend *self, const gli__request *request, double limit_seconds,
                      gli__offer *offer_out, gli_error *error);
  /* Run it once where the offer says. GLI_ERROR_DEVICE: the device failed, not the call. */
  gli_status (*run)(const gli__backend *self, const gli__offer *offer, const gli__request *request,
                    gli_run *run, gli_result *result, gli__outcome *outcome_out, gli_error *error);
};

/* The backends in the order in which they are listed; the first is the CPU. */
typedef struct gli__backend_list {
  const gli__backend *const *backends;
  size_t count;
} gli__backend_list;
gli__backend_list gli__backends(void);

/* device_backend.c */
extern const gli__backend gli__backend_cuda, gli__backend_opencl;

#define GLI__WHY_SIZE 256

/* What the choice found: who, where, and why in one line. */
typedef struct gli__choice {
  const gli__backend *backend;
  gli__offer offer;
  bool automatic;
  char why[GLI__WHY_SIZE];
} gli__choice;

/* Pick a backend of `list` for the request: the one that control->backend says or an error, or with
 * NULL the fastest by prediction, the CPU when nothing says otherwise. */
gli_status gli__choose(gli__backend_list list, const char *name, const gli__request *request,
                       gli__choice *choice_out, gli_error *error);
/* gli_algorithm_run with a list of backends given; tests bring their own. */
gli_status gli__run_algorithm(gli__backend_list list, const gli_algorithm *algorithm,
                              gli_snapshot *snapshot, const void *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error);

/* options.c: copy the caller's options over the defaults (struct_size says how much the caller
 * knows) into `complete` of algorithm->options_size bytes, and check them. */
gli_status gli__options_complete(const gli_algorithm *algorithm, const void *options,
                                 void *complete, gli_error *error);
gli_status gli__options_check(const gli_algorithm *algorithm, gli_snapshot *snapshot,
                              const void *complete, gli_error *error);
/* Whether a descriptor is well-formed; used for extensions and, in tests, for our own. */
gli_status gli__algorithm_check(const gli_algorithm *algorithm, gli_error *error);
/* The size in the options struct of a parameter's field; 0: no such type. */
size_t gli__parameter_size(gli_parameter_type type);

/* result.c */
gli_status gli__result_create(gli_snapshot *snapshot, gli__memory *memory, gli_result **result_out,
                              gli_error *error);
/* Add a column that lies on a device; the result owns it from then on. */
gli_status gli__result_add_kept(gli_result *result, const char *name, gli_column_type type,
                                gli_column_domain domain, int64_t length, gli__kept *kept,
                                gli_error *error);
/* Also to the device: columns that were finished on the host, so that keep='device' is kept for all
 * of them. The ends of pairs, which name the rows, edges and single numbers stay on the host. */
gli_status gli__result_keep_rest(gli_result *result, gli__call *call);
/* Whether some column is on a device. */
bool gli__result_is_kept(const gli_result *result);
/* Copies what the record points to. */
void gli__result_set_run(gli_result *result, const gli_run_record *record);

/* extension.c: algorithms of loaded extensions; lock-free, they only ever get more. */
size_t gli__extension_algorithm_count(void);
const gli_extension_algorithm *gli__extension_algorithm_at(size_t position);

/* The snapshot's memory, so that results and scratch are counted with it (graph/). */
gli__memory *gli__snapshot_memory(gli_snapshot *snapshot);

/* algorithms.c: built-in descriptors, in the list's order. */
extern const gli_algorithm *const gli__algorithms[];
extern const size_t gli__algorithm_count;

#endif
