/* mirror_views.c: what a mirror holds beside the rows, each with the version it was made of. */
#include "device/mirror_parts.h"

/* --- Weights ---------------------------------------------------------------------------------- */

static void release_weights(gli__device *device, gli__mirror *mirror,
                            gli__mirror_weights_view *view) {
  gli__held_release(device, mirror, &view->values);
  gli__mirror_weights_forget(device, view);
  gli__release(device->memory, view->attribute, view->attribute_bytes, 1);
  gli__release(device->memory, view, 1, sizeof *view);
}

static gli__mirror_weights_view *find_weights(const gli__mirror *mirror, const char *attribute,
                                              bool in) {
  gli__mirror_weights_view *view = mirror->weights;
  while (view != NULL && (view->in != in || strcmp(view->attribute, attribute) != 0))
    view = view->next;
  return view;
}

static gli__mirror_weights_view *make_weights(gli__call *call, gli__mirror *mirror,
                                              const char *attribute, bool in) {
  gli__memory *memory = call->device->memory;
  gli__mirror_weights_view *view = gli__allocate_zeroed(memory, 1, sizeof *view);
  if (view == NULL) goto no_memory;
  view->attribute_bytes = strlen(attribute) + 1;
  view->attribute = gli__allocate(memory, view->attribute_bytes, 1);
  if (view->attribute == NULL) goto no_memory;
  memcpy(view->attribute, attribute, view->attribute_bytes);
  view->in = in;
  view->next = mirror->weights;
  mirror->weights = view;
  return view;
no_memory:
  gli__release(memory, view, 1, sizeof *view);
  call->status = gli__no_memory(call->error, "the books of a graph on a device");
  return NULL;
}

/* As the host has them, in the order of the host's rows. */
static void upload_weights(gli__call *call, gli__mirror *mirror, gli__mirror_weights_view *view) {
  const double *weights = NULL;
  gli_rows rows = gli_snapshot_out_rows(call->snapshot);
  if (view->in) call->status = gli_snapshot_in_rows(call->snapshot, &rows, call->error);
  if (call->status == GLI_OK) {
    call->status =
        gli_snapshot_row_weights(call->snapshot, view->attribute, view->in, &weights, call->error);
  }
  const int64_t bytes = rows.entry_limit * (int64_t)sizeof *weights;
  if (gli__held_reserve(call, mirror, &view->values, (uint64_t)bytes, 0)) {
    gli__mirror_upload(call, mirror, view->values.buffer, 0, weights, bytes);
  }
  gli__mirror_weights_forget(call->device, view);
  view->entry_limit = rows.entry_limit;
}

/* From those of the out side, into the order of in rows that were built here. */
static void gather_weights(gli__call *call, gli__mirror *mirror, gli__mirror_weights_view *view) {
  const gli__mirror_side *in = &mirror->sides[1];
  if (gli__mirror_weights(call, view->attribute, false) == NULL) return;
  const gli__held *from = &find_weights(mirror, view->attribute, false)->values;
  if (gli__held_reserve(call, mirror, &view->values, (uint64_t)in->entry_count * sizeof(double),
                        0)) {
    gli__mirror_gather(call, from, &in->origins, &view->values, in->entry_count);
  }
}

/* Whether a side's values are in the order of in rows that were built here. */
static bool is_gathered(const gli__mirror *mirror, bool in) {
  return in && mirror->sides[1].origins.buffer != NULL;
}

bool gli__mirror_has_weights(const gli__mirror *mirror, const gli_snapshot *snapshot,
                             const char *attribute, bool in) {
  const gli__mirror_weights_view *view = find_weights(mirror, attribute, in);
  const gli__column_mark column = gli__snapshot_column_mark(snapshot, GLI_EDGES, attribute);
  return view != NULL && view->state == gli__snapshot_state(snapshot) &&
         view->gathered == is_gathered(mirror, in) && view->column.column == column.column &&
         view->column.version == column.version;
}

gli_device_buffer *gli__mirror_weights(gli__call *call, const char *attribute, bool in) {
  gli__mirror *mirror = gli__mirror_of(call);
  if (mirror == NULL) return NULL;
  in = in && gli_snapshot_is_directed(call->snapshot);
  if (in) (void)gli__mirror_rows(call, true); /* they decide about the order */
  if (call->status != GLI_OK) return NULL;
  const bool gathered = is_gathered(mirror, in);
  gli__mirror_weights_view *view = find_weights(mirror, attribute, in);
  if (gli__mirror_has_weights(mirror, call->snapshot, attribute, in)) return view->values.buffer;
  if (view == NULL) view = make_weights(call, mirror, attribute, in);
  if (view == NULL) return NULL;
  view->state = mirror->state;
  if (gathered) {
    gli__mirror_weights_forget(call->device, view);
    gather_weights(call, mirror, view);
  } else if (!gli__mirror_weights_follow(call, mirror, view)) {
    upload_weights(call, mirror, view);
  }
  if (call->status != GLI_OK) {
    view->state = 0;
    gli__mirror_weights_forget(call->device, view);
    gli__held_release(call->device, mirror, &view->values);
    return NULL;
  }
  view->gathered = gathered;
  view->upload_count++;
  if (!gathered) gli__mirror_weights_remember(call, view);
  view->column = gli__snapshot_column_mark(call->snapshot, GLI_EDGES, attribute);
  return view->values.buffer;
}

/* --- Edge slots ------------------------------------------------------------------------------- */

typedef struct staging {
  const gli_rows *rows;
  uint32_t *slots;
} staging;

/* Entries that stand in no row may be changing: only rows are read. */
static void stage_slots(void *context, int64_t begin, int64_t end, int32_t worker) {
  const staging *job = context;
  (void)worker;
  for (int64_t node = begin; node < end; node++) {
    const gli_row row = job->rows->rows[node];
    if (row.length == 0) continue;
    memcpy(job->slots + row.begin, job->rows->edges + row.begin, row.length * sizeof *job->slots);
  }
}

static void upload_slots(gli__call *call, gli__mirror *mirror, gli__mirror_slots_view *view,
                         bool in) {
  gli_rows rows = gli_snapshot_out_rows(call->snapshot);
  if (in) call->status = gli_snapshot_in_rows(call->snapshot, &rows, call->error);
  const int64_t bytes = rows.entry_limit * (int64_t)sizeof(uint32_t);
  if (!gli__held_reserve(call, mirror, &view->slots, (uint64_t)bytes, 0)) return;
  staging job = {.rows = &rows};
  job.slots = gli_run_allocate_zeroed(call->run, rows.entry_limit, sizeof *job.slots);
  if (job.slots == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return;
  }
  call->status = gli_run_parallel(call->run, gli_snapshot_node_limit(call->snapshot),
                                  INT64_C(1) << 12, stage_slots, &job, call->error);
  gli__mirror_upload(call, mirror, view->slots.buffer, 0, job.slots, bytes);
  gli_run_release(call->run, job.slots);
}

static void gather_slots(gli__call *call, gli__mirror *mirror, gli__mirror_slots_view *view) {
  const gli__mirror_side *in = &mirror->sides[1];
  if (gli__mirror_slots(call, false) == NULL) return;
  if (gli__held_reserve(call, mirror, &view->slots, (uint64_t)in->entry_count * sizeof(uint32_t),
                        0)) {
    gli__mirror_gather_words(call, &mirror->slots[0].slots, &in->origins, &view->slots,
                             in->entry_count);
  }
}

gli_device_buffer *gli__mirror_slots(gli__call *call, bool in) {
  gli__mirror *mirror = gli__mirror_of(call);
  if (mirror == NULL) return NULL;
  in = in && gli_snapshot_is_directed(call->snapshot);
  if (in) (void)gli__mirror_rows(call, true); /* they decide about the order */
  if (call->status != GLI_OK) return NULL;
  const bool gathered = in && mirror->sides[1].origins.buffer != NULL;
  gli__mirror_slots_view *view = &mirror->slots[in];
  if (view->state == mirror->state && view->gathered == gathered) return view->slots.buffer;
  view->state = mirror->state; /* being made: not to be given back for room */
  if (gathered) {
    gather_slots(call, mirror, view);
  } else {
    upload_slots(call, mirror, view, in);
  }
  if (call->status != GLI_OK) {
    view->state = 0;
    gli__held_release(call->device, mirror, &view->slots);
    return NULL;
  }
  view->gathered = gathered;
  return view->slots.buffer;
}

static void release_slots(gli__device *device, gli__mirror *mirror, int side) {
  gli__held_release(device, mirror, &mirror->slots[side].slots);
  mirror->slots[side] = (gli__mirror_slots_view){.state = 0};
}

/* --- Simple rows ------------------------------------------------------------------------------ */

static void release_simple(gli__device *device, gli__mirror *mirror) {
  gli__held_release(device, mirror, &mirror->simple.offsets);
  gli__held_release(device, mirror, &mirror->simple.neighbors);
  mirror->simple = (gli__mirror_simple_view){0};
}

static void upload_simple(gli__call *call, gli__mirror *mirror) {
  gli_simple_rows rows = {0};
  gli__mirror_simple_view *view = &mirror->simple;
  if (call->status != GLI_OK) return;
  call->status = gli_snapshot_simple_rows(call->snapshot, &rows, call->error);
  if (call->status != GLI_OK) return;
  const int64_t count = gli_snapshot_node_limit(call->snapshot), entries = rows.offsets[count];
  const int64_t offset_bytes = (count + 1) * (int64_t)sizeof(int64_t);
  const int64_t entry_bytes = entries * (int64_t)sizeof(int32_t);
  if (gli__held_reserve(call, mirror, &view->offsets, (uint64_t)offset_bytes, 0) &&
      gli__held_reserve(call, mirror, &view->neighbors, (uint64_t)entry_bytes, 0)) {
    gli__mirror_upload(call, mirror, view->offsets.buffer, 0, rows.offsets, offset_bytes);
    gli__mirror_upload(call, mirror, view->neighbors.buffer, 0, rows.neighbors, entry_bytes);
  }
  view->entry_count = entries;
}

/* The host's if it has them; else from the rows here. */
static void need_simple(gli__call *call, gli__mirror *mirror) {
  mirror->simple.state = mirror->state;
  if (gli__frozen_has_simple_rows(gli__snapshot_frozen(call->snapshot)) ||
      !gli__mirror_build_simple(call, mirror)) {
    upload_simple(call, mirror);
  }
  if (call->status != GLI_OK) release_simple(call->device, mirror);
}

gli__device_simple_rows gli__mirror_simple_rows(gli__call *call) {
  gli__mirror *mirror = gli__mirror_of(call);
  if (mirror == NULL) return (gli__device_simple_rows){0};
  if (mirror->simple.state != mirror->state) need_simple(call, mirror);
  if (call->status != GLI_OK) return (gli__device_simple_rows){0};
  return (gli__device_simple_rows){.offsets = mirror->simple.offsets.buffer,
                                   .neighbors = mirror->simple.neighbors.buffer,
                                   .entry_count = mirror->simple.entry_count};
}

void gli__mirror_views_release_stale(gli__device *device, gli__mirror *mirror) {
  if (mirror->simple.state != mirror->state) release_simple(device, mirror);
  for (int side = 0; side < 2; side++)
    if (mirror->slots[side].state != mirror->state) release_slots(device, mirror, side);
  for (gli__mirror_weights_view *view = mirror->weights; view != NULL; view = view->next) {
    if (view->state == mirror->state) continue;
    gli__held_release(device, mirror, &view->values);
    gli__mirror_weights_forget(device, view);
  }
}

void gli__mirror_views_release(gli__device *device, gli__mirror *mirror) {
  release_simple(device, mirror);
  for (int side = 0; side < 2; side++)
    release_slots(device, mirror, side);
  while (mirror->weights != NULL) {
    gli__mirror_weights_view *view = mirror->weights;
    mirror->weights = view->next;
    release_weights(device, mirror, view);
  }
}
