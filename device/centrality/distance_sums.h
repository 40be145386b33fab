/* distance_sums.h: how far each node is from many sources, summed on a device: for closeness and
 * harmonic centrality. */
#ifndef GLI_DEVICE_CENTRALITY_DISTANCE_SUMS_H
#define GLI_DEVICE_CENTRALITY_DISTANCE_SUMS_H

#include "cpu/centrality/distances.h"
#include "device/call.h"

#define GLI__DISTANCE_SUMS_PROGRAM "centrality/distance_sums"

/* In hops, from each of `sources` along the out rows, into scratch of the run. */
gli__distance_sums gli__call_distance_sums(gli__call *call, const gli__sources *sources,
                                           bool reciprocals);
/* `samples` as the options of both have it. */
gli__device_work gli__distance_sums_work(gli_snapshot *snapshot, int64_t samples);

#endif
