/* dispatch.h: from a descriptor to a kernel that runs somewhere.
 *
 * The registry is a list of backends, each a table (gli__backend). "cpu" is always there; drivers
 * for devices join as plugins. gli_algorithm_run completes and checks the options (options.c), asks
 * the registry who can run the algorithm and picks one, by name or by predicted time (registry.c),
 * runs the kernel and writes the run record (run.c). */
#ifndef GLI_DISPATCH_DISPATCH_H
#define GLI_DISPATCH_DISPATCH_H

#include <gli/algorithm.h>
#include <gli/backend.h>
#include <gli/extension.h>

#include "base/pool.h"

/* What a backend is to the registry. */
typedef struct gli__backend {
  const char *name;
  /* Whether it can be used here; `reason` gets a line either way, which lives as long as the
   * process. May open a driver, once. */
  bool (*probe)(const char **reason_out);
  /* The kernel of an algorithm there, or NULL. NULL here: it has none at all. */
  gli_kernel (*kernel)(const gli_algorithm *algorithm);
  /* Predicted seconds for this call, for the automatic choice. NULL: a device is never chosen by
   * itself, and the CPU is never left for a device. */
  double (*predict)(const gli_algorithm *algorithm, gli_snapshot *snapshot, const void *options);
} gli__backend;

/* The backends in the order in which they are listed; the first is the CPU. */
typedef struct gli__backend_list {
  const gli__backend *const *backends;
  size_t count;
} gli__backend_list;
gli__backend_list gli__backends(void);

#define GLI__WHY_SIZE 256

/* What the choice found: who, with which kernel, and why in one line. */
typedef struct gli__choice {
  const gli__backend *backend;
  gli_kernel kernel;
  bool automatic;
  char why[GLI__WHY_SIZE];
} gli__choice;

/* Pick a backend of `list` for the algorithm: the one that `name` says or an error, or with NULL
 * the fastest by prediction, the CPU when nothing says otherwise. */
gli_status gli__choose(gli__backend_list list, const char *name, const gli_algorithm *algorithm,
                       gli_snapshot *snapshot, const void *options, gli__choice *choice_out,
                       gli_error *error);
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
