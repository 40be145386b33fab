/* long_rows.h: which rows are too long for one work-item.
 *
 * A kernel that gives each row to an item stalls on a hub. It leaves the rows above `limit` out,
 * and a second launch gives each of those to a work-group. On a CPU device, whose groups are of one
 * item, there are none. */
#ifndef GLI_DEVICE_LONG_ROWS_H
#define GLI_DEVICE_LONG_ROWS_H

#include "device/call.h"

typedef struct gli__long_rows {
  gli_device_buffer *nodes; /* int32, rising; room for one when there are none */
  int64_t count;
  uint32_t limit; /* rows longer than this are among them; UINT32_MAX: none are */
} gli__long_rows;

/* Waits for the count, unless the device's groups are of one item. Scratch of the call. */
gli__long_rows gli__call_long_rows(gli__call *call, const gli__device_rows *side, uint32_t limit);

#endif
