/* kernels.h: the CPU kernels, declared from the one list. */
#ifndef GLI_CPU_KERNELS_H
#define GLI_CPU_KERNELS_H

#include <gli/algorithm.h>

#include "algorithms/list.h"

#define GLI_DECLARE_KERNEL(name)                                                        \
  gli_status gli__cpu_##name(gli_run *run, gli_snapshot *snapshot, const void *options, \
                             gli_result *result, gli_error *error);
GLI_ALGORITHM_LIST(GLI_DECLARE_KERNEL)
#undef GLI_DECLARE_KERNEL

/* The CPU kernel of a built-in algorithm, or NULL. */
gli_kernel gli__cpu_kernel(const gli_algorithm *algorithm);

#endif
