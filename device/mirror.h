/* mirror.h: the device copy of a graph's topology, kept up to date by what changed.
 *
 * Per device and graph: the row records and the arena of neighbours, out side and in side. The
 * first use uploads them whole; later ones upload the records of the rows that changed since, and
 * the entries that were written there, as the topology's journal names them. After a collection of
 * the arena, a renumbering, or more changes than a full upload would cost, it is whole again.
 * Derived views (the in side of a graph whose host has none, simple sorted rows, weights, columns)
 * are kept with it, each with the version that it was made of.
 *
 * Mirrors of a device form a list, most recently used first; above the budget the least used ones
 * that no pin holds are evicted. A graph that dies takes its mirrors along at the next use of the
 * device. All functions want the device's lock held (a gli__call has it). */
#ifndef GLI_DEVICE_MIRROR_H
#define GLI_DEVICE_MIRROR_H

#include "device/call.h"

/* The rows of a side, up to date with call->snapshot (call.h: gli__call_rows is this). */
gli__device_rows gli__mirror_rows(gli__call *call, bool in);
gli_device_buffer *gli__mirror_weights(gli__call *call, const char *attribute, bool in);
gli_device_buffer *gli__mirror_slots(gli__call *call, bool in);
gli__device_simple_rows gli__mirror_simple_rows(gli__call *call);

/* Give back mirrors until `wanted_bytes` more fit, or all but what the call at hand uses. False:
 * nothing could be given back. */
bool gli__mirror_evict(gli__device *device, uint64_t wanted_bytes, const gli__call *in_use);
/* Forget all of them without a call to the driver (the device is lost), or give all back. */
void gli__mirror_forget_all(gli__device *device);
void gli__mirror_release_all(gli__device *device);

/* Whether the snapshot's rows are there already, and how many bytes would have to go up: for the
 * cost model. Does not touch the driver. */
uint64_t gli__mirror_missing_bytes(const gli__device *device, const gli_snapshot *snapshot,
                                   bool in);
/* The same of an edge attribute along those rows. Where a few values changed all of them count: to
 * find these the host reads twice as much as would go up. */
uint64_t gli__mirror_missing_weight_bytes(const gli__device *device, const gli_snapshot *snapshot,
                                          const char *attribute, bool in);

/* Keep the mirror of this graph whatever the budget says, or no longer. */
gli_status gli__mirror_pin(gli__call *call);
void gli__mirror_unpin(gli__device *device, const gli_snapshot *snapshot);

typedef struct gli__mirror_figures {
  uint64_t bytes;        /* on the device, derived views included */
  uint64_t full_uploads; /* of a side */
  uint64_t delta_uploads;
  uint64_t uploaded_bytes; /* for this mirror, since it exists */
  bool pinned;
} gli__mirror_figures;
/* Of the graph that the snapshot belongs to; zeros when it has no mirror there. */
gli__mirror_figures gli__mirror_figures_of(const gli__device *device, const gli_snapshot *snapshot);

#endif
