/* reach.h: the nodes within reach, which descendants and ancestors are made of. */
#ifndef GLI_CPU_DAG_REACH_H
#define GLI_CPU_DAG_REACH_H

#include <gli/algorithm.h>

/* Adds the column "node": what the sources reach along `direction`, without them, in node order. */
gli_status gli__cpu_reach(gli_run *run, gli_snapshot *snapshot, gli_node_list sources,
                          gli_direction direction, gli_result *result, gli_error *error);

#endif
