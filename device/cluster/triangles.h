/* triangles.h: triangles at every node, for triangle_count, clustering and transitivity. */
#ifndef GLI_DEVICE_CLUSTER_TRIANGLES_H
#define GLI_DEVICE_CLUSTER_TRIANGLES_H

#include "device/call.h"

/* int64 per node of the snapshot, scratch of the call. The algorithm's program is this one. */
gli_device_buffer *gli__call_count_triangles(gli__call *call,
                                             const gli__device_simple_rows *simple);
/* Both on the host, scratch of the run: offsets of the simple rows and triangles of the nodes. */
typedef struct gli__corners {
  const int64_t *offsets;   /* [node_limit + 1] */
  const int64_t *triangles; /* [node_limit] */
  const int64_t *ends; /* [node_limit] directed: neighbours, those both ways twice; else NULL */
  int64_t closed;      /* corners of triangles: three of each */
} gli__corners;
gli__corners gli__call_corners(gli__call *call, const gli__device_simple_rows *simple,
                               gli_device_buffer *counts);
/* Of a directed graph: each triangle weighs the product of how many directions its three sides
 * have; or, `between`, what the side has that is between the node's neighbours. */
gli__corners gli__call_directed_corners(gli__call *call, const gli__device_simple_rows *simple,
                                        bool between);
/* Corners of triangles over corners of triples; 0 where there is no triple. */
double gli__closed_share(const gli__call *call, const gli__corners *corners);
/* The estimate that the three have in common. */
gli__device_work gli__triangles_work(gli_snapshot *snapshot, const void *options);

#define GLI__TRIANGLES_PROGRAM "cluster/triangles"

#endif
