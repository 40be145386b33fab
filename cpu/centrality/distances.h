/* distances.h: how far each node is from many sources, summed: for closeness and harmonic
 * centrality. */
#ifndef GLI_CPU_CENTRALITY_DISTANCES_H
#define GLI_CPU_CENTRALITY_DISTANCES_H

#include "cpu/centrality/brandes.h"

/* How many groups of sources are worked on at once, each adding to sums of its own. */
enum { GLI__DISTANCE_SLOTS = 16 };

typedef struct gli__distance_sums {
  double *sum;    /* [node_limit] of distances to a node, or of their reciprocals (0 has none) */
  int32_t *count; /* [node_limit] sources other than the node itself that reach it */
} gli__distance_sums;

/* Along the out rows, from each of `sources`; `distance` names the edges' lengths, NULL: each is 1
 * long. The same bits on any number of threads. The sums are scratch of the run. */
gli_status gli__cpu_distance_sums(gli_run *run, gli_snapshot *snapshot, const char *distance,
                                  const gli__sources *sources, bool reciprocals,
                                  gli__distance_sums *sums_out, gli_error *error);

/* The scores of closeness, made of the sums (closeness_centrality.c). */
gli_status gli__closeness_scores(gli_run *run, gli_snapshot *snapshot, const gli__sources *sources,
                                 const gli__distance_sums *sums, bool wf_improved, double *score,
                                 gli_error *error);
/* Sums of reciprocals over a sample as if over all `others` (harmonic_centrality.c). */
void gli__harmonic_scale_up(const gli__sources *sources, int64_t limit, int64_t others,
                            double *score);

#endif
