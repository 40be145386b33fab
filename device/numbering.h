/* numbering.h: labels of nodes into numbers from 0, in the order of the labels' first nodes. */
#ifndef GLI_DEVICE_NUMBERING_H
#define GLI_DEVICE_NUMBERING_H

#include "device/call.h"

/* numbers[v] (int32) of the labels[v] (int32, each in [0, node_limit)) of the nodes that are alive
 * in `side`; 0 for the others. Returns how many labels there are; waits. */
int64_t gli__call_number_labels(gli__call *call, const gli__device_rows *side,
                                gli_device_buffer *labels, gli_device_buffer *numbers);

#endif
