/* components.h: the two ways of cpu/components, both into int32 representatives. */
#ifndef GLI_CPU_COMPONENTS_COMPONENTS_H
#define GLI_CPU_COMPONENTS_COMPONENTS_H

#include <gli/algorithm.h>

/* The smallest node index of every node's component into first[node_limit]. */
gli_status gli__cpu_weak_components(gli_run *run, gli_snapshot *snapshot, int32_t *first,
                                    gli_error *error);
gli_status gli__cpu_strong_components(gli_run *run, gli_snapshot *snapshot, int32_t *first,
                                      gli_error *error);

#endif
