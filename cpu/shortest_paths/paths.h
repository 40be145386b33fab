/* paths.h: what the parts of the shortest paths kernel share. */
#ifndef GLI_CPU_SHORTEST_PATHS_PATHS_H
#define GLI_CPU_SHORTEST_PATHS_PATHS_H

#include <gli/algorithm.h>
#include <gli/algorithms/shortest_paths.h>

/* The rows that paths go along, with the weights of their entries. */
typedef struct gli__weighted_rows {
  gli_rows rows[2];            /* out, in, or both of a directed graph */
  const double *weights[2];    /* or, where they are small whole numbers: */
  const gli_entry *entries[2]; /* NULL: they are not */
  int count;
} gli__weighted_rows;

/* What is looked for, and where the answer goes. */
typedef struct gli__paths {
  gli_run *run;
  gli__weighted_rows along;
  int64_t node_limit;
  gli_node_list sources;
  gli_node_list targets; /* NULL: reach all */
  double cutoff;
  double *distance; /* [node_limit] INFINITY where not reached, holes too */
  int32_t *predecessor;
  double farthest; /* found: what is beyond counts as not reached */
} gli__paths;

/* dijkstra.c: serial. */
gli_status gli__cpu_paths_by_dijkstra(gli__paths *paths, gli_error *error);

/* delta_stepping.c: parallel. With along.entries, whose weights must be at least 1 and whose paths
 * at most 2^32 - 2 long, it finds the predecessors on the way. */
gli_status gli__cpu_paths_by_buckets(gli__paths *paths, gli_error *error);

/* predecessors.c: after the distances are final. predecessor[] holds NONE everywhere before. */
gli_status gli__cpu_path_predecessors(gli_run *run, gli_snapshot *snapshot,
                                      const gli__weighted_rows *along, const gli_node_list *sources,
                                      int64_t distinct_sources, const double *distance,
                                      int32_t *predecessor, gli_error *error);

#endif
