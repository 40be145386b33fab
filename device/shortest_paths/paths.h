/* paths.h: what the parts of shortest paths on a device share. */
#ifndef GLI_DEVICE_SHORTEST_PATHS_PATHS_H
#define GLI_DEVICE_SHORTEST_PATHS_PATHS_H

#include "device/call.h"

/* The rows that paths go along, with the weights of their entries. */
typedef struct gli__device_paths {
  gli__device_rows rows[2]; /* out, in, or both of a directed graph */
  gli_device_buffer *weights[2];
  int count;
} gli__device_paths;

/* predecessors.c: after the distances (float64) are final. Returns int32[node_limit]. `sources` is
 * the list on the device; `state` counts in its word 9. */
gli_device_buffer *gli__call_path_predecessors(gli__call *call, const gli__device_paths *along,
                                               gli_device_buffer *sources, int64_t source_count,
                                               int64_t distinct_sources, gli_device_buffer *state,
                                               gli_device_buffer *distance);

enum { GLI__PATHS_HANGING = 9 };

#endif
