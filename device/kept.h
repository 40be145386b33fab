/* kept.h: a result's column that stays in a device's memory (keep='device').
 *
 * A gli__kept owns one buffer of exactly the column's size, which nothing else of the library reads
 * or writes: kernels' buffers are copied into it, at the device's own speed. It is counted by
 * reference, lives as long as a result or somebody outside (DLPack) holds it, and may be let go by
 * any thread at any time. The buffer goes back when the device is free: whoever has a turn gives
 * back what was let go meanwhile (gli__device_let_go).
 *
 * After the device was lost, or in a forked child, the values are out of reach: reading fails with
 * GLI_ERROR_DEVICE, letting go calls no driver. */
#ifndef GLI_DEVICE_KEPT_H
#define GLI_DEVICE_KEPT_H

#include "device/call.h"

struct gli__kept {
  _Atomic int32_t holders;
  gli__device *device;
  gli_device_buffer *buffer;
  uint64_t size_bytes;
  void *address; /* as the driver says; NULL: it shares no memory */
  int32_t kind, number;
  uint32_t fork_count;    /* the process whose handles these are */
  struct gli__kept *next; /* let go, and waiting for a turn */
};

/* What the last holder leaves behind; any thread, never waits for a call. */
void gli__kept_free(gli__kept *kept);
gli__kept *gli__kept_retain(gli__kept *kept);
/* Why it cannot be reached any more, or NULL: it can. */
const char *gli__kept_is_lost(const gli__kept *kept);
/* All of it to the host; waits for a turn. `run` may be NULL: nothing can stop it. */
gli_status gli__kept_download(gli__kept *kept, void *target, gli_run *run, gli_error *error);

/* Of what is in a call's buffer, or in host memory. NULL once the call has failed. */
gli__kept *gli__call_keep(gli__call *call, gli_device_buffer *buffer, int64_t size_bytes);
gli__kept *gli__call_keep_data(gli__call *call, const void *data, int64_t size_bytes);
/* Of int32 values as int64. */
gli__kept *gli__call_keep_widened(gli__call *call, gli_device_buffer *buffer, int64_t count);
/* Of the rows of a kept column that are no holes, in their order. Nodes become positions among the
 * live nodes, as int64. bits, node_bits: NULL: no holes. */
gli__kept *gli__call_keep_live(gli__call *call, const gli__kept *whole, gli_column_type type,
                               int64_t length, const uint64_t *bits, const uint64_t *node_bits,
                               int64_t node_limit, int64_t *count_out);

/* By whoever has the turn: give back what was let go. True: there was something. */
bool gli__kept_reap(gli__device *device);

#endif
