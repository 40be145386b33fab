/* mirror_parts.h: what the files of the mirror share.
 *
 * mirror.c        which mirrors there are: finding, memory, eviction, pins, the end of a graph
 * mirror_rows.c   one side: uploaded whole, or followed by the journal
 * mirror_views.c  what is derived: weights, edge slots, simple rows
 * mirror_weights.c  weights brought up to date by what changed
 * mirror_build.c  in rows and simple rows made on the device */
#ifndef GLI_DEVICE_MIRROR_PARTS_H
#define GLI_DEVICE_MIRROR_PARTS_H

#include "device/mirror.h"
#include "graph/copies.h"

/* A buffer that belongs to a mirror. */
typedef struct gli__held {
  gli_device_buffer *buffer;
  uint64_t bytes; /* as allocated */
} gli__held;

typedef struct gli__mirror_side {
  gli__held rows, neighbors;
  gli__held origins; /* of in rows built on the device: uint32 entry of the out side it came from */
  uint64_t state;    /* of the topology that this shows; 0: of none */
  gli__mark mark;    /* of the host's rows that were copied; state 0: built here */
  int32_t node_limit;
  int64_t entry_limit, entry_count;
} gli__mirror_side;

/* Weights of one attribute along the entries of one side. */
typedef struct gli__mirror_weights_view {
  struct gli__mirror_weights_view *next;
  gli__held values;
  char *attribute;
  size_t attribute_bytes; /* NUL included */
  bool in;
  bool gathered;  /* in the order of in rows that were built on the device */
  uint64_t state; /* of the topology; 0: of none */
  gli__column_mark column;
  int64_t upload_count; /* how often they went up, whole or not */
  double *shown;        /* [shown_count] by slot, what the device has; NULL: not remembered */
  int64_t shown_count;
  gli__mark mark;      /* of the side's rows then */
  int64_t entry_limit; /* of these */
} gli__mirror_weights_view;

/* Edge slots along the entries of a side, uint32 each. */
typedef struct gli__mirror_slots_view {
  gli__held slots;
  bool gathered;
  uint64_t state;
} gli__mirror_slots_view;

typedef struct gli__mirror_simple_view {
  gli__held offsets, neighbors;
  int64_t entry_count;
  uint64_t state;
} gli__mirror_simple_view;

struct gli__mirror {
  gli__mirror *next;
  uint64_t lineage;
  gli__watch *watch; /* says when the graph is gone */
  uint64_t state;    /* the newest state of the topology that any part shows */
  uint64_t bytes;    /* on the device */
  bool pinned;
  uint64_t full_uploads, delta_uploads, uploaded_bytes;
  gli__mirror_side sides[2]; /* out, in */
  gli__mirror_weights_view *weights;
  gli__mirror_slots_view slots[2]; /* as the sides */
  gli__mirror_simple_view simple;
};

/* --- mirror.c --- */

/* The mirror for the call's snapshot, made if there is none; first in the list. NULL: the call has
 * failed. */
gli__mirror *gli__mirror_of(gli__call *call);
/* At least `bytes` in `held`, of which the first `kept` stay as they are (0: none need to). Evicts
 * others for it. False: the call has failed, and what was held is gone if nothing was to be kept.
 */
bool gli__held_reserve(gli__call *call, gli__mirror *mirror, gli__held *held, uint64_t bytes,
                       uint64_t kept);
void gli__held_release(gli__device *device, gli__mirror *mirror, gli__held *held);
/* gli__call_upload, counted for the mirror. */
void gli__mirror_upload(gli__call *call, gli__mirror *mirror, gli_device_buffer *buffer,
                        int64_t offset_bytes, const void *source, int64_t size_bytes);
static inline uint64_t gli__snapshot_state(const gli_snapshot *snapshot) {
  return gli__frozen_mark(gli__snapshot_frozen(snapshot), false).state;
}

/* --- mirror_rows.c --- */

/* Bring a side up to the snapshot by the host's rows. On failure it shows nothing. */
void gli__mirror_side_follow(gli__call *call, gli__mirror *mirror, bool in, const gli_rows *rows);
void gli__mirror_side_release(gli__device *device, gli__mirror *mirror, gli__mirror_side *side);
/* How many bytes that would upload. */
uint64_t gli__mirror_side_missing(const gli__mirror_side *side, const gli_snapshot *snapshot,
                                  bool in, const gli_rows *rows);
static inline uint64_t gli__whole_bytes(const gli_rows *rows, int32_t node_limit) {
  return (uint64_t)node_limit * sizeof(gli_row) + (uint64_t)rows->entry_limit * sizeof(int32_t);
}

/* --- mirror_views.c --- */

/* Whether an attribute's values along a side's rows (in: of a directed graph) are the snapshot's.
 */
bool gli__mirror_has_weights(const gli__mirror *mirror, const gli_snapshot *snapshot,
                             const char *attribute, bool in);
void gli__mirror_views_release(gli__device *device, gli__mirror *mirror);
/* Of other states than the mirror's. What is being made has that state already. */
void gli__mirror_views_release_stale(gli__device *device, gli__mirror *mirror);

/* --- mirror_weights.c --- */

/* From what the view shows to the snapshot's weights, by what changed. False: there is no way, or
 * the whole is less; nothing was done. */
bool gli__mirror_weights_follow(gli__call *call, gli__mirror *mirror,
                                gli__mirror_weights_view *view);
/* After an upload: what it shows, for the next one. Never fails. */
void gli__mirror_weights_remember(gli__call *call, gli__mirror_weights_view *view);
void gli__mirror_weights_forget(gli__device *device, gli__mirror_weights_view *view);

/* --- mirror_build.c --- */

/* In rows, or simple rows, of the out side, which is brought up to date. False: not here, or not
 * now (a CPU, no room); the host's are to be uploaded. */
bool gli__mirror_build_in(gli__call *call, gli__mirror *mirror);
bool gli__mirror_build_simple(gli__call *call, gli__mirror *mirror);
/* to[k] = from[origins[k]], 8 bytes each, or 4. */
void gli__mirror_gather(gli__call *call, const gli__held *from, const gli__held *origins,
                        const gli__held *to, int64_t count);
void gli__mirror_gather_words(gli__call *call, const gli__held *from, const gli__held *origins,
                              const gli__held *to, int64_t count);

#endif
