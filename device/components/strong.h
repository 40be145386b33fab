/* strong.h: strong components of directed graphs, for connected_components. */
#ifndef GLI_DEVICE_COMPONENTS_STRONG_H
#define GLI_DEVICE_COMPONENTS_STRONG_H

#include "device/call.h"

/* int32 per node: the smallest node of its strong component. Scratch of the call. */
gli_device_buffer *gli__call_strong_components(gli__call *call, const gli__device_rows *out);

#endif
