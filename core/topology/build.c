/* build.c: the rows of many pairs at once, in parallel, in the order of the pairs.
 *
 * A counting sort in two steps: partition.c deals the entries into buckets of neighbouring rows,
 * then each bucket is counted and filled within the cache. O(n + m), 10 bytes of scratch per entry.
 * The rows come out as a compact CSR: blocks of exactly the rows' lengths, in node order.
 *
 * Repeated pairs (simple graphs) are found row by row after the fill: in a short row by a table of
 * stamps that needs no clearing, in a longer one by a hash table of positions that fits the cache;
 * rows beyond LONGEST_IN_BUCKET, which are few, afterwards with one large table. A repeated pair is
 * marked by the row of its key alone; in an undirected graph the other row leaves out the same
 * entries, because both keep the lowest pair number. */
#include "topology/partition.h"
#include "topology/parts.h"

#define LONGEST_STAMPED 128
#define STAMP_BITS 12
#define LONGEST_IN_BUCKET 32768

typedef struct builder {
  const gli__build_input *input;
  gli__memory *memory;
  int64_t block_count;
  _Atomic int64_t bad_pair; /* the lowest with an end out of range */
  gli__partition partition;
  gli__side side;
  int64_t *used;  /* per bucket: entries after repeated ones were left out */
  bool *has_long; /* per bucket: a row too long for the worker's table */
  char *scratch;  /* per worker: cursors, then the table */
  size_t worker_bytes, scratch_bytes;
  int64_t gone_count;
} builder;

/* --- Partition ------------------------------------------------------------------------------- */

static void note_bad_pair(builder *job, int64_t pair) {
  int64_t lowest = atomic_load_explicit(&job->bad_pair, memory_order_relaxed);
  while (pair < lowest &&
         !atomic_compare_exchange_weak_explicit(&job->bad_pair, &lowest, pair, memory_order_relaxed,
                                                memory_order_relaxed)) {
  }
}

/* One text for four loops: counting or not, in both rows or not. */
static inline __attribute__((always_inline)) void emit_pairs(builder *job, int64_t begin,
                                                             int64_t end, gli__sink *sink,
                                                             bool counting, bool both) {
  const gli__build_input *input = job->input;
  const int32_t *keys = input->keys, *others = input->others;
  uint32_t limit = (uint32_t)input->node_count;
  for (int64_t pair = begin; pair < end; ++pair) {
    if (!gli_bit(input->bits, pair)) continue;
    int32_t key = keys[pair], other = others[pair];
    if (counting) {
      if (GLI__UNLIKELY((uint32_t)key >= limit || (uint32_t)other >= limit)) {
        note_bad_pair(job, pair);
        continue;
      }
      gli__sink_count(sink, key);
      if (both && key != other) gli__sink_count(sink, other);
    } else {
      gli__sink_put(sink, key, other, (uint32_t)pair);
      if (both && key != other) gli__sink_put(sink, other, key, (uint32_t)pair);
    }
  }
}

static void emit_block(void *context, int64_t block, gli__sink *sink, bool counting) {
  builder *job = context;
  int64_t count = job->input->count, size = (count + job->block_count - 1) / job->block_count;
  int64_t begin = block * size, end = begin + size < count ? begin + size : count;
  /* A pair out of range has been counted as bad: nothing is dealt then. */
  if (counting && job->input->both) {
    emit_pairs(job, begin, end, sink, true, true);
  } else if (counting) {
    emit_pairs(job, begin, end, sink, true, false);
  } else if (atomic_load_explicit(&job->bad_pair, memory_order_relaxed) != INT64_MAX) {
    return;
  } else if (job->input->both) {
    emit_pairs(job, begin, end, sink, false, true);
  } else {
    emit_pairs(job, begin, end, sink, false, false);
  }
}

static gli_status bad_pair_error(const builder *job, int64_t pair, gli_error *error) {
  const gli__build_input *input = job->input;
  bool is_key = (uint32_t)input->keys[pair] >= (uint32_t)input->node_count;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "%s[%lld] is %d, but there are %d nodes: it must be in 0 .. %d",
                   is_key ? "sources" : "targets", (long long)pair,
                   is_key ? input->keys[pair] : input->others[pair], input->node_count,
                   input->node_count - 1);
}

/* --- Repeated pairs -------------------------------------------------------------------------- */

static void mark_gone(const builder *job, int32_t node, uint32_t pair, uint32_t first) {
  const gli__build_input *input = job->input;
  if (input->keys[pair] != node) return; /* undirected: the row of the key does it */
  atomic_fetch_or_explicit(&input->gone[pair >> 6], UINT64_C(1) << (pair & 63),
                           memory_order_relaxed);
  if (input->firsts != NULL) input->firsts[pair - input->fixed_count] = first;
}

/* Whether entry `edge`, whose neighbor stands at position `first` already, may be left out. */
static bool leave_out(const builder *job, int32_t node, uint32_t edge, uint32_t first_edge) {
  if (edge < (uint64_t)job->input->fixed_count) return false;
  mark_gone(job, node, edge, first_edge);
  return true;
}

/* Leave out the repeated entries of a row; returns its new length. Short rows: a neighbor's place
 * in `stamps` holds the last row that had one of its hash; if that is this row, the row is
 * searched. What is left there by other rows and other uses only costs a search. */
static uint32_t drop_repeats_stamped(const builder *job, int32_t node, int32_t *neighbors,
                                     uint32_t *edges, uint32_t length, uint32_t *stamps) {
  uint32_t kept = 0, stamp = (uint32_t)node + 1;
  for (uint32_t at = 0; at < length; ++at) {
    int32_t neighbor = neighbors[at];
    uint32_t *last = &stamps[(uint32_t)neighbor * UINT32_C(0x9e3779b1) >> (32 - STAMP_BITS)];
    neighbors[kept] = neighbor;
    edges[kept] = edges[at];
    if (GLI__UNLIKELY(*last == stamp)) {
      uint32_t first = 0;
      while (neighbors[first] != neighbor)
        ++first;
      if (first < kept && leave_out(job, node, edges[kept], edges[first])) continue;
    }
    *last = stamp;
    ++kept;
  }
  return kept;
}

/* Longer rows: a hash table of positions + 1, a power of two of at least twice the length. */
static uint32_t drop_repeats_hashed(const builder *job, int32_t node, int32_t *neighbors,
                                    uint32_t *edges, uint32_t length, uint32_t *table) {
  uint32_t kept = 0;
  size_t mask = 1;
  while (mask < 2 * (size_t)length)
    mask *= 2;
  memset(table, 0, mask * sizeof *table);
  --mask;
  for (uint32_t at = 0; at < length; ++at) {
    int32_t neighbor = neighbors[at];
    uint64_t hash = (uint64_t)(uint32_t)neighbor * UINT64_C(0x9e3779b97f4a7c15);
    size_t place = (size_t)(hash >> 24) & mask;
    while (table[place] != 0 && neighbors[table[place] - 1] != neighbor)
      place = (place + 1) & mask;
    neighbors[kept] = neighbor;
    edges[kept] = edges[at];
    if (table[place] == 0) {
      table[place] = kept + 1;
    } else if (leave_out(job, node, edges[kept], edges[table[place] - 1])) {
      continue;
    }
    ++kept;
  }
  return kept;
}

static uint32_t drop_repeats(const builder *job, int32_t node, int32_t *neighbors, uint32_t *edges,
                             uint32_t length, uint32_t *table) {
  if (length <= LONGEST_STAMPED) {
    return drop_repeats_stamped(job, node, neighbors, edges, length, table);
  }
  return drop_repeats_hashed(job, node, neighbors, edges, length, table);
}

/* --- Buckets --------------------------------------------------------------------------------- */

/* Leave out the repeated entries of the bucket's rows and close the gaps. */
static int64_t drop_bucket_repeats(builder *job, int64_t bucket, int32_t first, int32_t nodes,
                                   uint32_t *table) {
  gli_row *rows = gli__side_rows(&job->side) + first;
  int32_t *neighbors = gli__side_neighbors(&job->side);
  uint32_t *edges = gli__side_edges(&job->side);
  int64_t to = job->partition.begins[bucket];
  for (int32_t local = 0; local < nodes; ++local) {
    gli_row *row = &rows[local];
    int64_t from = row->begin;
    if (row->length > LONGEST_IN_BUCKET) {
      job->has_long[bucket] = true;
    } else if (row->length > 1) {
      row->length =
          drop_repeats(job, first + local, neighbors + from, edges + from, row->length, table);
    }
    if (to != from) {
      memmove(neighbors + to, neighbors + from, (size_t)row->length * sizeof *neighbors);
      memmove(edges + to, edges + from, (size_t)row->length * sizeof *edges);
      row->begin = to;
    }
    to += row->length;
  }
  return to;
}

static void fill_bucket(builder *job, int64_t bucket, char *scratch) {
  const gli__partition *part = &job->partition;
  int32_t first = (int32_t)(bucket << part->shift);
  int64_t left = (int64_t)job->input->node_count - first, width = INT64_C(1) << part->shift;
  int32_t nodes = (int32_t)(left < width ? left : width);
  int64_t begin = part->begins[bucket], end = part->begins[bucket + 1];
  int64_t *cursors = (int64_t *)(void *)scratch;
  gli_row *rows = gli__side_rows(&job->side) + first;
  int32_t *neighbors = gli__side_neighbors(&job->side);
  uint32_t *edges = gli__side_edges(&job->side);

  memset(cursors, 0, (size_t)nodes * sizeof *cursors);
  for (int64_t k = begin; k < end; ++k)
    ++cursors[part->locals[k]];
  int64_t at = begin;
  for (int32_t local = 0; local < nodes; ++local) {
    int64_t length = cursors[local];
    rows[local] = (gli_row){.begin = at, .length = (uint32_t)length};
    cursors[local] = at;
    at += length;
  }
  for (int64_t k = begin; k < end; ++k) {
    int64_t to = cursors[part->locals[k]]++;
    neighbors[to] = part->neighbors[k];
    edges[to] = part->edges[k];
  }
  if (job->input->gone == NULL) return;
  uint32_t *table = (uint32_t *)(void *)(cursors + width);
  job->used[bucket] = drop_bucket_repeats(job, bucket, first, nodes, table) - begin;
}

static void fill_buckets(void *context, int64_t begin, int64_t end, int32_t worker) {
  builder *job = context;
  char *scratch = job->scratch + (size_t)worker * job->worker_bytes;
  for (int64_t bucket = begin; bucket < end; ++bucket)
    fill_bucket(job, bucket, scratch);
}

/* The rows that were too long for the workers' tables. */
static gli_status drop_long_repeats(builder *job, gli_run *run, gli_error *error) {
  gli_row *rows = gli__side_rows(&job->side);
  int64_t node_count = job->input->node_count, longest = 0;
  for (int64_t bucket = 0; bucket < job->partition.bucket_count; ++bucket) {
    if (!job->has_long[bucket]) continue;
    int64_t first = bucket << job->partition.shift;
    for (int64_t n = first; n < node_count && n >> job->partition.shift == bucket; ++n) {
      if (rows[n].length > longest) longest = rows[n].length;
    }
  }
  if (longest <= LONGEST_IN_BUCKET) return GLI_OK;
  size_t size = 1;
  while (size < 2 * (size_t)longest)
    size *= 2;
  uint32_t *table = gli__allocate(job->memory, size, sizeof *table);
  if (table == NULL) return gli__no_memory(error, "the search for repeated edges");
  gli_status status = GLI_OK;
  for (int64_t n = 0; n < node_count && status == GLI_OK; ++n) {
    gli_row *row = &rows[n];
    if (row->length <= LONGEST_IN_BUCKET) continue;
    uint32_t length = drop_repeats(job, (int32_t)n, gli__side_neighbors(&job->side) + row->begin,
                                   gli__side_edges(&job->side) + row->begin, row->length, table);
    uint32_t gap = row->length - length;
    int64_t gap_begin = row->begin + length;
    row->length = length;
    job->side.entries -= gap;
    if (gap > 0) gli__block_free(&job->side, gap_begin, gap);
    status = gli_run_check(run, error);
  }
  gli__release(job->memory, table, size, sizeof *table);
  return status;
}

static gli_status settle_repeats(builder *job, gli_run *run, gli_error *error) {
  gli__side *side = &job->side;
  const gli__partition *part = &job->partition;
  for (int64_t bucket = 0; bucket < part->bucket_count; ++bucket) {
    int64_t end = part->begins[bucket] + job->used[bucket];
    int64_t gap = part->begins[bucket + 1] - end;
    side->entries -= gap;
    gli__block_free(side, end, gap);
  }
  gli_status status = drop_long_repeats(job, run, error);
  if (status != GLI_OK) return status;
  int64_t words = (job->input->count + 63) / 64;
  for (int64_t word = 0; word < words; ++word) {
    uint64_t bits = atomic_load_explicit(&job->input->gone[word], memory_order_relaxed);
    if (bits != 0) job->gone_count += __builtin_popcountll(bits);
  }
  return GLI_OK;
}

/* Of a worker's table: room for stamps, and for the longest row that a bucket may have. */
static size_t table_size(const builder *job) {
  size_t size = (size_t)1 << STAMP_BITS;
  while (size < 2 * LONGEST_IN_BUCKET && size < 2 * (size_t)job->partition.entry_count)
    size *= 2;
  return size;
}

static gli_status allocate_scratch(builder *job, gli_run *run, gli_error *error) {
  size_t buckets = (size_t)job->partition.bucket_count;
  bool repeats = job->input->gone != NULL;
  job->worker_bytes = ((size_t)1 << job->partition.shift) * sizeof(int64_t) +
                      (repeats ? table_size(job) * sizeof(uint32_t) : 0);
  job->scratch_bytes = (size_t)gli_run_threads(run) * job->worker_bytes;
  job->scratch = gli__allocate_zeroed(job->memory, job->scratch_bytes, 1);
  if (repeats) {
    job->used = gli__allocate(job->memory, buckets, sizeof *job->used);
    job->has_long = gli__allocate_zeroed(job->memory, buckets, sizeof *job->has_long);
  }
  if (job->scratch == NULL || (repeats && (job->used == NULL || job->has_long == NULL))) {
    return gli__no_memory(error, "the building of rows");
  }
  return GLI_OK;
}

static void builder_clear(builder *job) {
  size_t buckets = (size_t)job->partition.bucket_count;
  gli__release(job->memory, job->used, buckets, sizeof *job->used);
  gli__release(job->memory, job->has_long, buckets, sizeof *job->has_long);
  gli__release(job->memory, job->scratch, job->scratch_bytes, 1);
  gli__partition_clear(&job->partition);
  gli__side_clear(&job->side, job->memory);
}

gli_status gli__build_side(gli__memory *memory, uint64_t token, const gli__build_input *input,
                           gli_run *run, gli__side *side_out, int64_t *gone_count_out,
                           gli_error *error) {
  builder job = {.input = input,
                 .memory = memory,
                 .block_count = gli__partition_blocks(input->count),
                 .bad_pair = INT64_MAX};
  int64_t expected = input->both ? 2 * input->count : input->count;
  gli_status status = gli__partition_make(&job.partition, memory, run, input->node_count, expected,
                                          job.block_count, true, emit_block, &job, error);
  int64_t bad_pair = atomic_load(&job.bad_pair);
  if (bad_pair != INT64_MAX && status == GLI_OK) status = bad_pair_error(&job, bad_pair, error);
  if (status != GLI_OK) goto cleanup;
  int64_t total = job.partition.entry_count;
  status = gli__side_create(memory, token, input->node_count, total, &job.side, error);
  if (status != GLI_OK) goto cleanup;
  job.side.tail = total;
  job.side.entries = total;
  status = allocate_scratch(&job, run, error);
  if (status != GLI_OK) goto cleanup;
  status = gli_run_parallel(run, job.partition.bucket_count, 1, fill_buckets, &job, error);
  if (status != GLI_OK) goto cleanup;
  if (input->gone != NULL) {
    status = settle_repeats(&job, run, error);
    if (status != GLI_OK) goto cleanup;
    *gone_count_out = job.gone_count;
  }
  *side_out = job.side;
  job.side = (gli__side){0};
cleanup:
  builder_clear(&job);
  return status;
}
