/* eigenvector.h: what ends eigenvector centrality, on the CPU and on devices. */
#ifndef GLI_CPU_CENTRALITY_EIGENVECTOR_H
#define GLI_CPU_CENTRALITY_EIGENVECTOR_H

#include <gli/algorithms/eigenvector_centrality.h>

gli_status gli__eigenvector_not_converged(const gli_eigenvector_centrality_options *options,
                                          double change, double enough, gli_error *error);

#endif
