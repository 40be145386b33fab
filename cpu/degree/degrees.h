/* degrees.h: the counting of edge ends, for degrees and degree_centrality. */
#ifndef GLI_CPU_DEGREE_DEGREES_H
#define GLI_CPU_DEGREE_DEGREES_H

#include <gli/algorithm.h>

/* Writes degree[node_limit]; holes get 0. `direction` as a CHOICE parameter has it. */
gli_status gli__cpu_count_degrees(gli_run *run, gli_snapshot *snapshot, const char *direction,
                                  int64_t *degree, gli_error *error);

#endif
