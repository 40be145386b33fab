/* derived.c: in rows and simple rows, computed once per state.
 *
 * In rows: the building of build.c with the ends exchanged. Simple rows: undirected, sorted,
 * without loops and repetitions, 4 bytes per entry. They need no sort: walking the nodes v in
 * rising order and dealing v to each of its neighbours u (out and in rows) hands every u its
 * neighbours in rising order, so repetitions are adjacent. O(n + m), 6 bytes of scratch per entry.
 *
 * Whoever asks builds, with no lock: building takes seconds on large graphs, must stop when its
 * call stops, and serves that call's progress callback, which may ask for the same rows. The first
 * to be done publishes its rows under the lock of the shared `derived`; one that built meanwhile
 * drops its own and takes those. */
#include "base/pool.h"
#include "topology/partition.h"
#include "topology/parts.h"

gli_status gli__derived_create(gli__memory *memory, gli__derived **derived_out, gli_error *error) {
  gli__derived *derived = gli__allocate_zeroed(memory, 1, sizeof *derived);
  if (derived == NULL) return gli__no_memory(error, "a snapshot");
  derived->memory = gli__memory_retain(memory);
  atomic_init(&derived->references, 1);
  gli__lock_init(&derived->lock);
  *derived_out = derived;
  return GLI_OK;
}

static void simple_free(gli__memory *memory, gli__simple *simple) {
  if (simple == NULL) return;
  gli__release(memory, simple->offsets, (size_t)simple->node_count + 1, sizeof(int64_t));
  gli__release(memory, simple->neighbors, (size_t)simple->entry_count, sizeof(int32_t));
  gli__release(memory, simple, 1, sizeof *simple);
}

void gli__derived_free(gli__derived *derived) {
  if (derived == NULL) return;
  if (atomic_fetch_sub_explicit(&derived->references, 1, memory_order_acq_rel) != 1) return;
  gli__memory *memory = derived->memory;
  gli__side *in = atomic_load(&derived->in);
  if (in != NULL) {
    gli__side_clear(in, memory);
    gli__release(memory, in, 1, sizeof *in);
  }
  simple_free(memory, atomic_load(&derived->simple));
  gli__release(memory, derived, 1, sizeof *derived);
  gli__memory_free(memory);
}

int64_t gli__derived_bytes(const gli__derived *derived) {
  if (derived == NULL) return 0;
  int64_t bytes = sizeof *derived;
  const gli__side *in = atomic_load_explicit(&derived->in, memory_order_acquire);
  if (in != NULL) bytes += gli__buffer_bytes(in->rows) + gli__buffer_bytes(in->arena);
  const gli__simple *simple = atomic_load_explicit(&derived->simple, memory_order_acquire);
  if (simple != NULL) bytes += simple->node_count * 8 + simple->entry_count * 4;
  return bytes;
}

void gli__topology_adopt_in_rows(gli__topology *topology) {
  if (topology->derived == NULL || topology->in.rows != NULL) return;
  const gli__side *in = atomic_load_explicit(&topology->derived->in, memory_order_acquire);
  if (in == NULL) return;
  gli__side_share(in, &topology->in);
  topology->node_room = 0; /* to be looked at again, with these records */
}

static void leave_state(gli__topology *topology, gli__side *side, bool in) {
  gli__journal_continue(&side->journal, topology->lineage, in, side->state, side->entries);
  side->state = 0;
}

void gli__topology_detach(gli__topology *topology) {
  gli__topology_adopt_in_rows(topology);
  /* A change between two searches is no reason to count from nothing. */
  if (topology->derived != NULL)
    topology->in_rows_missed =
        atomic_load_explicit(&topology->derived->in_rows_missed, memory_order_relaxed);
  gli__derived_free(topology->derived);
  topology->derived = NULL;
  leave_state(topology, &topology->out, false);
  if (topology->in.rows != NULL) leave_state(topology, &topology->in, true);
}

/* Publish a copy of the side's view, unless there are in rows already. */
static gli_status publish_in(gli__derived *derived, gli__side *in, gli_error *error) {
  gli_status status = GLI_OK;
  gli__lock_exclusive(&derived->lock);
  if (atomic_load(&derived->in) == NULL) {
    gli__side *shared = gli__allocate(derived->memory, 1, sizeof *shared);
    if (shared != NULL) {
      if (in->state == 0) in->state = gli__buffer_token();
      gli__side_share(in, shared);
      atomic_store_explicit(&derived->in, shared, memory_order_release);
    } else {
      status = gli__no_memory(error, "the in rows of a snapshot");
    }
  }
  gli__unlock_exclusive(&derived->lock);
  return status;
}

gli_status gli__derived_offer_in_rows(gli__topology *topology, gli_error *error) {
  gli__derived *derived = topology->derived;
  if (topology->in.rows == NULL || atomic_load(&derived->in) != NULL) return GLI_OK;
  return publish_in(derived, &topology->in, error);
}

gli_status gli__build_in_rows(gli__memory *memory, uint64_t token, int32_t node_limit,
                              int64_t edge_limit, const gli__buffer *ends,
                              const gli__buffer *edge_bits, gli_run *run, gli__side *side_out,
                              gli_error *error) {
  gli__build_input input = {.node_count = node_limit,
                            .count = edge_limit,
                            .keys = ends->data[1],
                            .others = ends->data[0],
                            .bits = gli__bits_of(edge_bits)};
  gli__run_guard guard = {0};
  gli_status status = gli__run_guard_begin(&guard, run, memory, error);
  if (status != GLI_OK) return status;
  status = gli__build_side(memory, token, &input, guard.run, side_out, NULL, error);
  gli__run_guard_end(&guard);
  return status;
}

static gli_rows rows_view(const gli__buffer *rows, const gli__buffer *arena, int64_t entry_limit,
                          int64_t entry_count) {
  return (gli_rows){.rows = rows->data[0],
                    .neighbors = arena->data[0],
                    .edges = arena->data[1],
                    .entry_limit = entry_limit,
                    .entry_count = entry_count};
}

gli_rows gli__frozen_out_rows(const gli__frozen *frozen) {
  return rows_view(frozen->rows, frozen->arena, frozen->entry_limit, frozen->entry_count);
}

static gli_status build_frozen_in(gli__frozen *frozen, gli_error *error) {
  gli__side built = {0};
  /* Nobody's to append to until a live topology adopts it. */
  gli_status status =
      gli__build_in_rows(frozen->memory, 0, frozen->node_limit, frozen->edge_limit, frozen->ends,
                         frozen->edge_bits, gli__run_of_call(), &built, error);
  if (status != GLI_OK) return status;
  status = publish_in(frozen->derived, &built, error);
  gli__side_clear(&built, frozen->memory);
  return status;
}

gli_status gli__frozen_in_rows(gli__frozen *frozen, gli_rows *rows_out, gli_error *error) {
  if (!frozen->directed) {
    *rows_out = gli__frozen_out_rows(frozen);
    return GLI_OK;
  }
  gli__derived *derived = frozen->derived;
  gli__side *in = atomic_load_explicit(&derived->in, memory_order_acquire);
  if (in == NULL) {
    const gli_status status = build_frozen_in(frozen, error);
    if (status != GLI_OK) return status;
    in = atomic_load_explicit(&derived->in, memory_order_acquire);
  }
  *rows_out = rows_view(in->rows, in->arena, in->tail, in->entries);
  return GLI_OK;
}

/* Building them costs about as much as reading six times as many entries at random: 1,460 ms, where
 * a top-down search took 300 ms and one that could go bottom-up 62 ms (2^19 nodes, 8 M edges). */
enum { IN_ROWS_PRICE = 6 };

bool gli__frozen_in_rows_pay(gli__frozen *frozen, int64_t entries_saved) {
  gli__derived *derived = frozen->derived;
  if (!frozen->directed || atomic_load_explicit(&derived->in, memory_order_acquire) != NULL) {
    return true;
  }
  const int64_t before =
      atomic_fetch_add_explicit(&derived->in_rows_missed, entries_saved, memory_order_relaxed);
  return (before + entries_saved) / IN_ROWS_PRICE >= gli__frozen_out_rows(frozen).entry_count;
}

/* --- Simple rows ----------------------------------------------------------------------------- */

typedef struct simplifier {
  gli_rows out, in;
  bool directed;
  int32_t node_count;
  int64_t block_size;
  gli__partition partition;
  int64_t *offsets;
  int64_t *bucket_totals; /* entries kept, then the bucket's first position */
  int32_t *neighbors;
  int32_t *scratch; /* per worker: the last neighbor of each row of a bucket */
  int64_t *cursors; /* per worker: where that row goes on */
} simplifier;

static inline __attribute__((always_inline)) void deal_row(const gli_rows *rows, int32_t node,
                                                           gli__sink *sink, bool counting) {
  const int32_t *neighbors = rows->neighbors + rows->rows[node].begin;
  int64_t length = rows->rows[node].length;
  for (int64_t k = 0; k < length; ++k) {
    if (neighbors[k] == node) continue;
    if (counting) {
      gli__sink_count(sink, neighbors[k]);
    } else {
      gli__sink_put(sink, neighbors[k], node, 0);
    }
  }
}

static void deal_block(void *context, int64_t block, gli__sink *sink, bool counting) {
  simplifier *job = context;
  int64_t begin = block * job->block_size, end = begin + job->block_size;
  if (end > job->node_count) end = job->node_count;
  for (int64_t node = begin; node < end; ++node) {
    if (counting) {
      deal_row(&job->out, (int32_t)node, sink, true);
      if (job->directed) deal_row(&job->in, (int32_t)node, sink, true);
    } else {
      deal_row(&job->out, (int32_t)node, sink, false);
      if (job->directed) deal_row(&job->in, (int32_t)node, sink, false);
    }
  }
}

static int64_t bucket_nodes(const simplifier *job, int64_t bucket) {
  int64_t width = INT64_C(1) << job->partition.shift, left = job->node_count - bucket * width;
  return left < width ? left : width;
}

/* How long each row becomes, in offsets[node]. */
static void measure_buckets(void *context, int64_t begin, int64_t end, int32_t worker) {
  simplifier *job = context;
  const gli__partition *part = &job->partition;
  int64_t width = INT64_C(1) << part->shift;
  int32_t *last = job->scratch + worker * width;
  for (int64_t bucket = begin; bucket < end; ++bucket) {
    int64_t nodes = bucket_nodes(job, bucket), kept = 0;
    int64_t *lengths = job->offsets + bucket * width;
    memset(lengths, 0, (size_t)nodes * sizeof *lengths);
    memset(last, 0xff, (size_t)nodes * sizeof *last);
    for (int64_t k = part->begins[bucket]; k < part->begins[bucket + 1]; ++k) {
      uint16_t local = part->locals[k];
      bool fresh = last[local] != part->neighbors[k];
      last[local] = part->neighbors[k];
      lengths[local] += fresh;
      kept += fresh;
    }
    job->bucket_totals[bucket] = kept;
  }
}

static void fill_simple(void *context, int64_t begin, int64_t end, int32_t worker) {
  simplifier *job = context;
  const gli__partition *part = &job->partition;
  int64_t width = INT64_C(1) << part->shift;
  int32_t *last = job->scratch + worker * width;
  int64_t *cursors = job->cursors + worker * width;
  for (int64_t bucket = begin; bucket < end; ++bucket) {
    int64_t nodes = bucket_nodes(job, bucket), at = job->bucket_totals[bucket];
    int64_t *offsets = job->offsets + bucket * width;
    for (int64_t local = 0; local < nodes; ++local) {
      int64_t length = offsets[local];
      offsets[local] = at;
      cursors[local] = at;
      at += length;
    }
    memset(last, 0xff, (size_t)nodes * sizeof *last);
    for (int64_t k = part->begins[bucket]; k < part->begins[bucket + 1]; ++k) {
      uint16_t local = part->locals[k];
      if (last[local] == part->neighbors[k]) continue;
      last[local] = part->neighbors[k];
      job->neighbors[cursors[local]++] = part->neighbors[k];
    }
  }
}

static gli_status simplify(simplifier *job, gli__memory *memory, gli_run *run, gli__simple *simple,
                           gli_error *error) {
  int64_t blocks = gli__partition_blocks(job->out.entry_count + job->node_count);
  job->block_size = (job->node_count + blocks - 1) / blocks;
  int64_t expected = job->out.entry_count * (job->directed ? 2 : 1);
  gli_status status = gli__partition_make(&job->partition, memory, run, job->node_count, expected,
                                          blocks, false, deal_block, job, error);
  if (status != GLI_OK) return status;
  size_t width = (size_t)1 << job->partition.shift, workers = (size_t)gli_run_threads(run);
  int64_t buckets = job->partition.bucket_count;
  simple->node_count = job->node_count;
  simple->offsets = gli__allocate(memory, (size_t)job->node_count + 1, sizeof(int64_t));
  job->offsets = simple->offsets;
  job->bucket_totals = gli__allocate(memory, (size_t)buckets, sizeof(int64_t));
  job->scratch = gli__allocate(memory, workers * width, sizeof(int32_t));
  job->cursors = gli__allocate(memory, workers * width, sizeof(int64_t));
  if (job->offsets == NULL || job->bucket_totals == NULL || job->scratch == NULL ||
      job->cursors == NULL) {
    status = gli__no_memory(error, "the simple rows of a snapshot");
    goto cleanup;
  }
  status = gli_run_parallel(run, buckets, 1, measure_buckets, job, error);
  if (status != GLI_OK) goto cleanup;
  int64_t total = 0;
  for (int64_t bucket = 0; bucket < buckets; ++bucket) {
    int64_t count = job->bucket_totals[bucket];
    job->bucket_totals[bucket] = total;
    total += count;
  }
  job->offsets[job->node_count] = total;
  simple->entry_count = total > 0 ? total : 1; /* never a null array */
  simple->neighbors = gli__allocate(memory, (size_t)simple->entry_count, sizeof(int32_t));
  job->neighbors = simple->neighbors;
  if (job->neighbors == NULL) {
    status = gli__no_memory(error, "the simple rows of a snapshot");
    goto cleanup;
  }
  status = gli_run_parallel(run, buckets, 1, fill_simple, job, error);
cleanup:
  gli__release(memory, job->bucket_totals, (size_t)buckets, sizeof(int64_t));
  gli__release(memory, job->scratch, workers * width, sizeof(int32_t));
  gli__release(memory, job->cursors, workers * width, sizeof(int64_t));
  gli__partition_clear(&job->partition);
  return status;
}

static gli_status build_simple(gli__frozen *frozen, const gli_rows *in, gli_error *error) {
  gli__memory *memory = frozen->memory;
  gli__run_guard guard = {0};
  simplifier job = {.out = gli__frozen_out_rows(frozen),
                    .in = *in,
                    .directed = frozen->directed,
                    .node_count = frozen->node_limit};
  gli__simple *simple = gli__allocate_zeroed(memory, 1, sizeof *simple);
  if (simple == NULL) return gli__no_memory(error, "the simple rows of a snapshot");
  gli_status status = gli__run_guard_begin(&guard, gli__run_of_call(), memory, error);
  if (status == GLI_OK) status = simplify(&job, memory, guard.run, simple, error);
  gli__run_guard_end(&guard);
  if (status != GLI_OK) {
    simple_free(memory, simple);
    return status;
  }
  gli__derived *derived = frozen->derived;
  gli__lock_exclusive(&derived->lock);
  if (atomic_load(&derived->simple) == NULL) {
    atomic_store_explicit(&derived->simple, simple, memory_order_release);
    simple = NULL;
  }
  gli__unlock_exclusive(&derived->lock);
  simple_free(memory, simple);
  return GLI_OK;
}

bool gli__frozen_has_simple_rows(const gli__frozen *frozen) {
  return atomic_load_explicit(&frozen->derived->simple, memory_order_acquire) != NULL;
}

gli_status gli__frozen_simple_rows(gli__frozen *frozen, gli_simple_rows *rows_out,
                                   gli_error *error) {
  gli__derived *derived = frozen->derived;
  gli__simple *simple = atomic_load_explicit(&derived->simple, memory_order_acquire);
  if (simple == NULL) {
    gli_rows in;
    gli_status status = gli__frozen_in_rows(frozen, &in, error);
    if (status == GLI_OK) status = build_simple(frozen, &in, error);
    if (status != GLI_OK) return status;
    simple = atomic_load_explicit(&derived->simple, memory_order_acquire);
  }
  *rows_out = (gli_simple_rows){.offsets = simple->offsets, .neighbors = simple->neighbors};
  return GLI_OK;
}
