/* eccentricities.h: how far the farthest node is, from each node or at the extremes. */
#ifndef GLI_CPU_SHORTEST_PATHS_ECCENTRICITIES_H
#define GLI_CPU_SHORTEST_PATHS_ECCENTRICITIES_H

#include <gli/algorithm.h>

/* What is asked for: the others are then bounds, and mean nothing. */
typedef enum gli__extent { GLI__ALL_EXTENTS, GLI__DIAMETER, GLI__RADIUS } gli__extent;

typedef struct gli__eccentricities {
  gli__extent wanted;
  double *eccentricity;    /* [node_limit] with GLI__ALL_EXTENTS, else NULL */
  double diameter, radius; /* 0 without nodes, infinite where nothing is finite */
} gli__eccentricities;

gli_status gli__cpu_eccentricities(gli_run *run, gli_snapshot *snapshot, const char *weight,
                                   const char *direction, gli__eccentricities *of,
                                   gli_error *error);

#endif
