/* paths.h: what the parts of the shortest paths kernel share. */
#ifndef GLI_CPU_SHORTEST_PATHS_PATHS_H
#define GLI_CPU_SHORTEST_PATHS_PATHS_H

#include <gli/algorithm.h>
#include <gli/algorithms/shortest_paths.h>

/* The rows that paths go along, with the weights of their entries. */
typedef struct gli__weighted_rows {
  gli_rows rows[2]; /* out, in, or both of a directed graph */
  const double *weights[2];
  int count;
} gli__weighted_rows;

/* predecessors.c: after the distances are final. predecessor[] holds NONE everywhere before. */
gli_status gli__cpu_path_predecessors(gli_run *run, gli_snapshot *snapshot,
                                      const gli__weighted_rows *along, const gli_node_list *sources,
                                      int64_t distinct_sources, const double *distance,
                                      int32_t *predecessor, gli_error *error);

#endif
