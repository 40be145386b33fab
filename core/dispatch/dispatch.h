/* dispatch.h: from a descriptor to a kernel that runs somewhere.
 *
 * The registry is a list of backends, each a table (gli__backend). "cpu" is always there; drivers
 * for devices join as plugins. gli_algorithm_run validates, asks the registry who can run the
 * algorithm, picks one (by name, or the cost model), runs the kernel, and writes the run record. */
#ifndef GLI_DISPATCH_DISPATCH_H
#define GLI_DISPATCH_DISPATCH_H

#include <gli/gli.h>

#include "base/pool.h"

/* What a backend is to the registry. */
typedef struct gli__backend {
  const char *name;
  /* Whether it can be used here; `reason` gets a line either way. May open a driver, once. */
  bool (*probe)(char *reason, size_t reason_size);
  /* The kernel of an algorithm there, or NULL. */
  gli_kernel (*kernel)(const gli_algorithm *algorithm);
  /* Predicted seconds for this call, for the automatic choice; NULL: never chosen by itself. */
  double (*predict)(const gli_algorithm *algorithm, gli_snapshot *snapshot, const void *options);
} gli__backend;

/* cpu/kernels.c: the CPU kernel of a built-in algorithm. */
gli_kernel gli__cpu_kernel(const gli_algorithm *algorithm);

/* result.c */
gli_status gli__result_create(gli_snapshot *snapshot, gli__memory *memory, gli_result **result_out,
                              gli_error *error);
void gli__result_set_run(gli_result *result, const gli_run_record *record);

/* The snapshot's memory, so that results and scratch are counted with it. */
gli__memory *gli__snapshot_memory(gli_snapshot *snapshot);

/* Built-in descriptors, from algorithms/list.h. */
extern const gli_algorithm *const gli__algorithms[];
extern const size_t gli__algorithm_count;

#endif
