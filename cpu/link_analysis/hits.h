/* hits.h: what ends hubs and authorities, on the CPU and on devices. */
#ifndef GLI_CPU_LINK_ANALYSIS_HITS_H
#define GLI_CPU_LINK_ANALYSIS_HITS_H

#include <gli/algorithms/hits.h>

/* Hubs and authorities that sum to `length` each (or to 0) into what was asked for. `growth`: what
 * the last A authority summed to, over `length`. */
void gli__hits_finish(const gli_hits_options *options, double length, double growth, int64_t limit,
                      double *hub, double *authority);
gli_status gli__hits_not_converged(const gli_hits_options *options, double change,
                                   gli_error *error);

#endif
