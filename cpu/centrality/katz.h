/* katz.h: what ends Katz centrality, on the CPU and on devices. */
#ifndef GLI_CPU_CENTRALITY_KATZ_H
#define GLI_CPU_CENTRALITY_KATZ_H

#include <gli/algorithms/katz_centrality.h>

/* Scale to a Euclidean length of 1; scores that are all 0 stay. */
void gli__katz_normalize(double *score, int64_t count);
/* `change`: of the last of `iterations`; not a number once the scores have left float64. */
gli_status gli__katz_not_converged(const gli_katz_centrality_options *options, int64_t iterations,
                                   double change, double enough, gli_error *error);

#endif
