/* mirror.c: which mirrors a device has, and what they may cost.
 *
 * A short list, most recently used first: a device holds a handful of graphs. A graph is known by
 * its lineage. A mirror follows its graph forward only; a snapshot older than what the mirror shows
 * gets a mirror of its own, so that somebody who works on an old snapshot does not make the newer
 * one go up again and again.
 *
 * Memory. Every buffer of a mirror is allocated here: above the budget, or when the device has no
 * room, views of states that are past go first, then the least recently used mirrors, except pinned
 * ones and the one that serves the call at hand. The device's figures count mirrors together with
 * scratch.
 *
 * End of a graph. Each mirror holds a watch on its lineage, which the last holder of the graph and
 * its snapshots raises, on whatever thread that is; mirrors whose watch is raised go at the next
 * use of the device, under its lock. */
#include "device/kept.h"
#include "device/mirror_parts.h"

/* --- Memory ----------------------------------------------------------------------------------- */

void gli__held_release(gli__device *device, gli__mirror *mirror, gli__held *held) {
  if (held->buffer == NULL) return;
  if (device->handle != NULL && !atomic_load(&device->quarantined)) {
    device->driver->release(device->handle, held->buffer);
  }
  device->traffic.allocated_bytes -= held->bytes;
  mirror->bytes -= held->bytes;
  *held = (gli__held){0};
}

static void release_mirror(gli__device *device, gli__mirror *mirror) {
  for (int in = 0; in < 2; in++)
    gli__mirror_side_release(device, mirror, &mirror->sides[in]);
  gli__mirror_views_release(device, mirror);
  gli__watch_free(mirror->watch);
  gli__release(device->memory, mirror, 1, sizeof *mirror);
}

static void unlink_and_release(gli__device *device, gli__mirror **place) {
  gli__mirror *mirror = *place;
  *place = mirror->next;
  release_mirror(device, mirror);
}

static bool serves(const gli__mirror *mirror, const gli_snapshot *snapshot) {
  return mirror->lineage == gli__frozen_lineage(gli__snapshot_frozen(snapshot)) &&
         mirror->state == gli__snapshot_state(snapshot);
}

static void release_dead(gli__device *device) {
  gli__mirror **place = &device->mirrors;
  while (*place != NULL) {
    if (gli__watch_is_over((*place)->watch)) {
      unlink_and_release(device, place);
    } else {
      place = &(*place)->next;
    }
  }
}

/* What was derived of a state that its mirror has left behind. */
static bool release_stale(gli__device *device) {
  const uint64_t before = device->traffic.allocated_bytes;
  for (gli__mirror *mirror = device->mirrors; mirror != NULL; mirror = mirror->next) {
    gli__mirror_side *in = &mirror->sides[1];
    const bool is_built = in->mark.state == 0; /* on the device: no way leads on from it */
    if (is_built && in->state != mirror->state) gli__mirror_side_release(device, mirror, in);
    gli__mirror_views_release_stale(device, mirror);
  }
  return device->traffic.allocated_bytes < before;
}

/* The least recently used one that nothing holds. */
static bool evict_one(gli__device *device, const gli_snapshot *in_use) {
  gli__mirror **victim = NULL;
  if (release_stale(device)) return true;
  for (gli__mirror **place = &device->mirrors; *place != NULL; place = &(*place)->next) {
    const gli__mirror *mirror = *place;
    if (mirror->pinned || (in_use != NULL && serves(mirror, in_use))) continue;
    victim = place;
  }
  if (victim == NULL) return false;
  unlink_and_release(device, victim);
  return true;
}

static uint64_t bytes_of_mirrors(const gli__device *device) {
  uint64_t bytes = 0;
  for (const gli__mirror *mirror = device->mirrors; mirror != NULL; mirror = mirror->next)
    bytes += mirror->bytes;
  return bytes;
}

bool gli__mirror_evict(gli__device *device, uint64_t wanted_bytes, const gli__call *in_use) {
  const uint64_t before = bytes_of_mirrors(device);
  const gli_snapshot *snapshot = in_use == NULL ? NULL : in_use->snapshot;
  bool any = gli__kept_reap(device);
  release_dead(device);
  while (before - bytes_of_mirrors(device) < wanted_bytes && evict_one(device, snapshot))
    any = true;
  return any || bytes_of_mirrors(device) < before;
}

/* `bytes`, or `least` where there is no room for more. */
static bool allocate(gli__call *call, gli__mirror *mirror, gli__held *held, uint64_t bytes,
                     uint64_t least) {
  gli__device *device = call->device;
  gli_device_error error = {0};
  gli_device_buffer *buffer = NULL;
  while (device->budget_bytes > 0 && bytes_of_mirrors(device) + bytes > device->budget_bytes &&
         evict_one(device, call->snapshot)) {
  }
  gli_device_code code = device->driver->allocate(device->handle, bytes, &buffer, &error);
  while (code == GLI_DEVICE_NO_MEMORY) {
    if (!gli__kept_reap(device) && !evict_one(device, call->snapshot)) {
      if (bytes == least) break;
      bytes = least;
    }
    code = device->driver->allocate(device->handle, bytes, &buffer, &error);
  }
  code = gli__device_handed(code, buffer, "allocate", &error);
  if (!gli__call_check(call, code, &error)) return false;
  *held = (gli__held){.buffer = buffer, .bytes = bytes};
  mirror->bytes += bytes;
  gli__device_traffic *traffic = &device->traffic;
  traffic->allocated_bytes += bytes;
  if (traffic->allocated_bytes > traffic->peak_bytes) {
    traffic->peak_bytes = traffic->allocated_bytes;
  }
  return true;
}

/* What has grown once will grow again: a quarter more, where there is room for it. */
static uint64_t with_room(const gli__device *device, uint64_t bytes) {
  const uint64_t grown = bytes + bytes / 4;
  const uint64_t largest = device->info.largest_bytes;
  if (largest > 0 && grown > largest) return bytes;
  if (device->budget_bytes > 0 && grown > device->budget_bytes) return bytes;
  return grown;
}

bool gli__held_reserve(gli__call *call, gli__mirror *mirror, gli__held *held, uint64_t bytes,
                       uint64_t kept) {
  if (call->status != GLI_OK) return false;
  if (bytes == 0) bytes = 16; /* a kernel has a pointer */
  if (held->buffer != NULL && held->bytes >= bytes) return true;
  const uint64_t wanted = held->buffer != NULL ? with_room(call->device, bytes) : bytes;
  if (kept == 0)
    gli__held_release(call->device, mirror, held); /* before the new one: it may not fit */
  gli__held larger = {0};
  if (!allocate(call, mirror, &larger, wanted, bytes)) return false;
  if (kept > 0) gli__call_copy(call, held->buffer, 0, larger.buffer, 0, (int64_t)kept);
  gli__held_release(call->device, mirror, held);
  *held = larger;
  return call->status == GLI_OK;
}

void gli__mirror_upload(gli__call *call, gli__mirror *mirror, gli_device_buffer *buffer,
                        int64_t offset_bytes, const void *source, int64_t size_bytes) {
  gli__call_upload(call, buffer, offset_bytes, source, size_bytes);
  if (call->status == GLI_OK) mirror->uploaded_bytes += (uint64_t)size_bytes;
}

/* --- Finding ---------------------------------------------------------------------------------- */

/* The place of the mirror that is, or can be brought, at the snapshot's state; NULL: there is none.
 */
static gli__mirror **find(gli__mirror **first, const gli_snapshot *snapshot) {
  const uint64_t lineage = gli__frozen_lineage(gli__snapshot_frozen(snapshot));
  const uint64_t state = gli__snapshot_state(snapshot);
  gli__mirror **best = NULL;
  for (gli__mirror **place = first; *place != NULL; place = &(*place)->next) {
    const gli__mirror *mirror = *place;
    if (mirror->lineage != lineage || mirror->state > state) continue;
    if (best == NULL || (*best)->state < mirror->state) best = place;
  }
  return best;
}

static const gli__mirror *find_const(const gli__device *device, const gli_snapshot *snapshot) {
  gli__mirror *first = device->mirrors;
  gli__mirror **place = find(&first, snapshot);
  return place == NULL ? NULL : *place;
}

static gli__mirror *make(gli__call *call) {
  gli__device *device = call->device;
  gli__frozen *frozen = gli__snapshot_frozen(call->snapshot);
  gli__mirror *mirror = gli__allocate_zeroed(device->memory, 1, sizeof *mirror);
  if (mirror == NULL) {
    call->status = gli__no_memory(call->error, "the books of a graph on a device");
    return NULL;
  }
  call->status = gli__frozen_watch(frozen, device->memory, &mirror->watch, call->error);
  if (call->status != GLI_OK) {
    gli__release(device->memory, mirror, 1, sizeof *mirror);
    return NULL;
  }
  mirror->lineage = gli__frozen_lineage(frozen);
  return mirror;
}

gli__mirror *gli__mirror_of(gli__call *call) {
  gli__device *device = call->device;
  if (call->status != GLI_OK) return NULL;
  release_dead(device);
  gli__mirror **place = find(&device->mirrors, call->snapshot);
  gli__mirror *mirror = NULL;
  if (place == NULL) {
    mirror = make(call);
    if (mirror == NULL) return NULL;
  } else {
    mirror = *place;
    *place = mirror->next;
  }
  mirror->next = device->mirrors;
  device->mirrors = mirror;
  mirror->state = gli__snapshot_state(call->snapshot);
  return mirror;
}

/* --- The rest --------------------------------------------------------------------------------- */

static void follow_in(gli__call *call, gli__mirror *mirror) {
  gli__frozen *frozen = gli__snapshot_frozen(call->snapshot);
  gli_rows rows = {0};
  /* The host has none: rather here than there. */
  if (gli__frozen_mark(frozen, true).state == 0 && gli__mirror_build_in(call, mirror)) return;
  if (call->status != GLI_OK) return;
  call->status = gli_snapshot_in_rows(call->snapshot, &rows, call->error);
  gli__mirror_side_follow(call, mirror, true, &rows);
}

gli__device_rows gli__mirror_rows(gli__call *call, bool in) {
  gli__mirror *mirror = gli__mirror_of(call);
  if (mirror == NULL) return (gli__device_rows){0};
  in = in && gli_snapshot_is_directed(call->snapshot);
  gli__mirror_side *side = &mirror->sides[in];
  if (side->state != mirror->state && in) {
    follow_in(call, mirror);
  } else if (side->state != mirror->state) {
    const gli_rows rows = gli_snapshot_out_rows(call->snapshot);
    gli__mirror_side_follow(call, mirror, false, &rows);
  }
  if (call->status != GLI_OK) return (gli__device_rows){0};
  return (gli__device_rows){.rows = side->rows.buffer,
                            .neighbors = side->neighbors.buffer,
                            .node_limit = side->node_limit,
                            .entry_limit = side->entry_limit,
                            .entry_count = side->entry_count,
                            .is_by_source = side->origins.buffer != NULL};
}

void gli__mirror_release_all(gli__device *device) {
  while (device->mirrors != NULL)
    unlink_and_release(device, &device->mirrors);
}

void gli__mirror_forget_all(gli__device *device) {
  gli_device *handle = device->handle;
  device->handle = NULL; /* nothing to give back to */
  gli__mirror_release_all(device);
  device->handle = handle;
}

gli_status gli__mirror_pin(gli__call *call) {
  (void)gli__mirror_rows(call, false);
  if (call->status == GLI_OK) gli__mirror_of(call)->pinned = true;
  return call->status;
}

void gli__mirror_unpin(gli__device *device, const gli_snapshot *snapshot) {
  const uint64_t lineage = gli__frozen_lineage(gli__snapshot_frozen(snapshot));
  for (gli__mirror *mirror = device->mirrors; mirror != NULL; mirror = mirror->next) {
    if (mirror->lineage == lineage) mirror->pinned = false;
  }
}

/* The host's; for in rows that it does not have its out rows, which are as long. */
static gli_rows rows_there(const gli_snapshot *snapshot, bool in) {
  gli_rows rows = gli_snapshot_out_rows(snapshot);
  gli__frozen *frozen = gli__snapshot_frozen(snapshot);
  if (in && gli__frozen_mark(frozen, true).state != 0) /* they are there: nothing is built */
    (void)gli__frozen_in_rows(frozen, &rows, NULL);
  return rows;
}

uint64_t gli__mirror_missing_bytes(const gli__device *device, const gli_snapshot *snapshot,
                                   bool in) {
  static const gli__mirror_side nothing = {.state = 0};
  const gli__mirror *mirror = find_const(device, snapshot);
  in = in && gli_snapshot_is_directed(snapshot);
  const gli_rows rows = rows_there(snapshot, in);
  return gli__mirror_side_missing(mirror == NULL ? &nothing : &mirror->sides[in], snapshot, in,
                                  &rows);
}

uint64_t gli__mirror_missing_weight_bytes(const gli__device *device, const gli_snapshot *snapshot,
                                          const char *attribute, bool in) {
  const gli__mirror *mirror = find_const(device, snapshot);
  in = in && gli_snapshot_is_directed(snapshot);
  if (mirror != NULL && gli__mirror_has_weights(mirror, snapshot, attribute, in)) return 0;
  const gli_rows rows = rows_there(snapshot, in);
  return rows.entry_count == 0 ? 0 : (uint64_t)rows.entry_limit * sizeof(double);
}

gli__mirror_figures gli__mirror_figures_of(const gli__device *device,
                                           const gli_snapshot *snapshot) {
  const uint64_t lineage = gli__frozen_lineage(gli__snapshot_frozen(snapshot));
  gli__mirror_figures sum = {0};
  for (const gli__mirror *mirror = device->mirrors; mirror != NULL; mirror = mirror->next) {
    if (mirror->lineage != lineage) continue;
    sum.bytes += mirror->bytes;
    sum.full_uploads += mirror->full_uploads;
    sum.delta_uploads += mirror->delta_uploads;
    sum.uploaded_bytes += mirror->uploaded_bytes;
    sum.pinned = sum.pinned || mirror->pinned;
  }
  return sum;
}
