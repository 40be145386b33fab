/* mirror_weights.c: weights on a device, brought up to date by what changed.
 *
 * Values. From the second upload on, the mirror remembers on the host what it shows, by edge slot;
 * later what differs goes up: 16 bytes for each entry (its place and its weight), which one kernel
 * scatters. Comparing reads 16 bytes an edge in order, in parallel. Whoever asks for weights has
 * the snapshot's by slot at hand, for their range is checked before; the pass that is spared is the
 * gather into the order of rows. A graph that does not change remembers nothing.
 *
 * Instead of a journal in the columns: that would cost every write of an attribute a look at
 * whether somebody watches, and none of the passes above goes away.
 *
 * Places. Entries that were written since for whatever row are named by the journal of the side, as
 * for the neighbours (lineage.h says why only what lies in the row counts). An edge whose weight
 * alone differs is looked up in its row, where slots rise.
 *
 * When it is half of the whole or more, or the way is not known, the whole goes up. */
#include "device/mirror_parts.h"

#define SLOTS_PER_BLOCK (INT64_C(1) << 16)
#define ENTRY_BYTES (sizeof(int64_t) + sizeof(double))

typedef struct following {
  gli_rows rows;
  const int32_t *sources, *targets;
  const uint64_t *alive; /* edges */
  const double *weights; /* by slot, as they are now */
  double *shown;         /* by slot, as the device has them */
  bool in, undirected;
  const gli__change *changes;
  int64_t change_count, changed_entries;
  int32_t node_limit;
  int64_t *begins; /* [blocks + 1]: entries of the blocks before, behind the changed ones */
  uint64_t *words; /* [total] places, then as many weights' bits */
  int64_t total;
  atomic_bool is_lost; /* an edge was not in its row */
} following;

static inline uint64_t bits_of(double weight) {
  uint64_t bits;
  memcpy(&bits, &weight, sizeof bits);
  return bits;
}

/* -0.0 is another weight than 0. */
static inline bool differs(const following *f, int64_t slot) {
  return bits_of(f->shown[slot]) != bits_of(f->weights[slot]) && gli_bit(f->alive, slot);
}

static void count_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const following *f = context;
  int64_t entries = 0;
  (void)worker;
  for (int64_t slot = begin; slot < end; slot++) {
    if (differs(f, slot)) entries += f->undirected && f->sources[slot] != f->targets[slot] ? 2 : 1;
  }
  f->begins[begin / SLOTS_PER_BLOCK + 1] = entries;
}

/* Where the slot stands in the row; -1: nowhere. */
static int64_t find_place(const gli_rows *rows, int32_t node, int64_t slot) {
  const gli_row row = rows->rows[node];
  const uint32_t *edges = rows->edges + row.begin;
  int64_t low = 0, high = row.length;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (edges[middle] < slot) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < row.length && edges[low] == slot ? row.begin + low : -1;
}

static void put(following *f, int64_t at, int64_t place, int64_t slot) {
  if (place < 0) atomic_store_explicit(&f->is_lost, true, memory_order_relaxed);
  f->words[at] = (uint64_t)place;
  f->words[f->total + at] = bits_of(f->weights[slot]);
}

static void fill_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  following *f = context;
  int64_t at = f->begins[begin / SLOTS_PER_BLOCK];
  (void)worker;
  if (at == f->begins[begin / SLOTS_PER_BLOCK + 1]) return;
  for (int64_t slot = begin; slot < end; slot++) {
    if (!differs(f, slot)) continue;
    const int32_t source = f->sources[slot], target = f->targets[slot];
    put(f, at++, find_place(&f->rows, f->in ? target : source, slot), slot);
    if (f->undirected && source != target) put(f, at++, find_place(&f->rows, target, slot), slot);
    f->shown[slot] = f->weights[slot];
  }
}

/* What of a change lies in the row as it is now. */
static int64_t clip(const following *f, const gli__change *change, int64_t *begin_out) {
  if (change->node >= f->node_limit) return 0;
  const gli_row row = f->rows.rows[change->node];
  const int64_t begin = change->begin > row.begin ? change->begin : row.begin;
  const int64_t end = change->begin + change->count, stop = row.begin + row.length;
  const int64_t count = (end < stop ? end : stop) - begin;
  *begin_out = begin;
  return count > 0 ? count : 0;
}

static void put_changed(following *f) {
  int64_t at = 0;
  for (int64_t k = 0; k < f->change_count; k++) {
    int64_t begin = 0;
    const int64_t count = clip(f, &f->changes[k], &begin);
    for (int64_t place = begin; place < begin + count; place++)
      put(f, at++, place, f->rows.edges[place]);
  }
}

/* How many entries are to go up; -1: the call has failed. */
static int64_t measure(gli__call *call, following *f, int64_t slots) {
  const int64_t blocks = (slots + SLOTS_PER_BLOCK - 1) / SLOTS_PER_BLOCK;
  f->begins = gli_run_allocate_zeroed(call->run, blocks + 1, sizeof *f->begins);
  if (f->begins == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return -1;
  }
  call->status = gli_run_parallel(call->run, slots, SLOTS_PER_BLOCK, count_block, f, call->error);
  if (call->status != GLI_OK) return -1;
  for (int64_t k = 0; k < f->change_count; k++) {
    int64_t begin = 0;
    f->changed_entries += clip(f, &f->changes[k], &begin);
  }
  f->begins[0] = f->changed_entries;
  for (int64_t block = 0; block < blocks; block++)
    f->begins[block + 1] += f->begins[block];
  return f->begins[blocks];
}

static void scatter(gli__call *call, gli__mirror *mirror, const gli__held *to, const following *f) {
  const int64_t bytes = f->total * (int64_t)ENTRY_BYTES;
  gli_device_buffer *changes = gli__call_buffer(call, bytes, 1);
  gli__mirror_upload(call, mirror, changes, 0, f->words, bytes);
  const gli_device_argument arguments[] = {gli__arg_buffer(changes), gli__arg_i64(f->total),
                                           gli__arg_buffer(to->buffer)};
  gli__call_launch_from(call, "mirror", "scatter_weights", gli__items(f->total), arguments, 3);
  if (changes != NULL) gli__call_release(call, changes);
}

void gli__mirror_weights_forget(gli__device *device, gli__mirror_weights_view *view) {
  gli__release(device->memory, view->shown, (size_t)view->shown_count, sizeof *view->shown);
  view->shown = NULL;
  view->shown_count = 0;
}

void gli__mirror_weights_remember(gli__call *call, gli__mirror_weights_view *view) {
  gli__memory *memory = call->device->memory;
  const int64_t count = gli_snapshot_edge_limit(call->snapshot), known = view->shown_count;
  const double *weights = NULL;
  if (call->status != GLI_OK || view->upload_count < 2 || count < known || count == 0 ||
      gli_snapshot_edge_weights(call->snapshot, view->attribute, &weights, NULL) != GLI_OK) {
    gli__mirror_weights_forget(call->device, view);
    return;
  }
  if (count > known) {
    double *larger =
        gli__reallocate(memory, view->shown, (size_t)known, (size_t)count, sizeof *larger);
    if (larger == NULL) { /* then the whole goes up next time */
      gli__mirror_weights_forget(call->device, view);
      return;
    }
    view->shown = larger;
    view->shown_count = count;
    memcpy(larger + known, weights + known, (size_t)(count - known) * sizeof *larger);
  }
  view->mark = gli__frozen_mark(gli__snapshot_frozen(call->snapshot), view->in);
}

/* Whether there is a way from what the view shows; then `f` is complete but for what it counts. */
static bool find_way(gli__call *call, const gli__mirror_weights_view *view, following *f) {
  gli_snapshot *snapshot = call->snapshot;
  const int64_t limit = gli_snapshot_edge_limit(snapshot);
  if (view->shown == NULL || view->values.buffer == NULL || view->gathered) return false;
  if (view->shown_count > limit ||
      !gli__frozen_changes(gli__snapshot_frozen(snapshot), view->in, &view->mark, &f->changes,
                           &f->change_count)) {
    return false;
  }
  f->rows = gli_snapshot_out_rows(snapshot);
  if (view->in) call->status = gli_snapshot_in_rows(snapshot, &f->rows, call->error);
  if (call->status == GLI_OK) {
    call->status = gli_snapshot_edge_weights(snapshot, view->attribute, &f->weights, call->error);
  }
  gli_snapshot_edge_ends(snapshot, &f->sources, &f->targets);
  f->alive = gli_snapshot_edge_bits(snapshot);
  f->undirected = !gli_snapshot_is_directed(snapshot);
  f->in = view->in;
  f->shown = view->shown;
  f->node_limit = gli_snapshot_node_limit(snapshot);
  return call->status == GLI_OK;
}

/* The words to go up; false: an edge is not where it should be, and the whole is due. */
static bool collect(gli__call *call, following *f, int64_t slots) {
  f->words = gli_run_allocate(call->run, f->total, ENTRY_BYTES);
  if (f->words == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return true;
  }
  put_changed(f);
  call->status = gli_run_parallel(call->run, slots, SLOTS_PER_BLOCK, fill_block, f, call->error);
  return call->status != GLI_OK || !atomic_load(&f->is_lost);
}

bool gli__mirror_weights_follow(gli__call *call, gli__mirror *mirror,
                                gli__mirror_weights_view *view) {
  following f = {.changes = NULL};
  if (!find_way(call, view, &f)) return call->status != GLI_OK;
  f.total = measure(call, &f, view->shown_count);
  const uint64_t whole_bytes = (uint64_t)f.rows.entry_limit * sizeof(double);
  bool done = f.total == 0;
  if (f.total > 0 && (uint64_t)f.total * ENTRY_BYTES < whole_bytes)
    done = collect(call, &f, view->shown_count);
  if (done &&
      gli__held_reserve(call, mirror, &view->values, whole_bytes,
                        (uint64_t)view->entry_limit * sizeof(double)) &&
      f.total > 0) {
    scatter(call, mirror, &view->values, &f);
  }
  if (done) view->entry_limit = f.rows.entry_limit;
  gli_run_release(call->run, f.words);
  gli_run_release(call->run, f.begins);
  return done || call->status != GLI_OK;
}
