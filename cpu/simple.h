/* simple.h: simple undirected rows, for kernels that count neighbours rather than edges. */
#ifndef GLI_CPU_SIMPLE_H
#define GLI_CPU_SIMPLE_H

#include "cpu/common.h"

/* Place of `neighbor` in the sorted row of `node`; it must be there. */
int64_t gli__cpu_simple_find(const gli_simple_rows *rows, int32_t node, int32_t neighbor);

/* For each entry of the simple rows of a directed graph: bit 0, an edge node -> neighbour; bit 1,
 * an edge neighbour -> node. Scratch of the run. */
gli_status gli__cpu_simple_directions(gli_run *run, gli_snapshot *snapshot,
                                      const gli_simple_rows *rows, uint8_t **directions_out,
                                      gli_error *error);

#endif
