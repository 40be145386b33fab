/* peel.h: core numbers and the order of peeling, for core_number, k_core and greedy_color. */
#ifndef GLI_CPU_CORE_PEEL_H
#define GLI_CPU_CORE_PEEL_H

#include "cpu/common.h"

/* Core numbers of all nodes into core[node_limit], which is zeroed; holes stay 0. In a directed
 * graph mutual neighbours count two with both_directions, else one. `order_out` may be NULL: the
 * nodes as they were peeled, scratch of the run. */
gli_status gli__cpu_peel(gli_run *run, gli_snapshot *snapshot, bool both_directions, int64_t *core,
                         int32_t **order_out, gli_error *error);

#endif
