/* mirror_rows.c: one side of a mirror, uploaded whole or brought up to date by what changed.
 *
 * Whole. Records go up as they lie on the host; a kernel replaces the writer's word by "alive".
 * Entries that stand in no row may be written by the host's writer right now, so they are not
 * touched: rows that lie one behind the other (all of them after bulk loading) go up straight from
 * the arena in long runs, others are copied together first, in parallel.
 *
 * Changed. The journal names rows and the entries written for them. Of those entries only what lies
 * in the row's record in this snapshot is taken (lineage.h says why). Two parallel passes over the
 * changes: count, then fill one array of records and pieces of at most 32 entries, which goes up at
 * once and is scattered by one kernel: 20 bytes per changed row, 12 per piece, 4 per entry. Ranges
 * of 1,024 entries and more (a moved or cleaned hub) go up straight from the arena. New nodes'
 * records are a range. When all this is more than the whole, the whole goes up. */
#include "device/mirror_parts.h"

#define NODES_PER_BLOCK (INT64_C(1) << 16)
#define CHANGES_PER_BLOCK (INT64_C(1) << 12)
#define LONG_RANGE 1024
#define PIECE 32
#define RECORD_BYTES (sizeof(gli_row) + sizeof(int32_t))
#define PIECE_BYTES (sizeof(uint64_t) + sizeof(uint32_t))

void gli__mirror_side_release(gli__device *device, gli__mirror *mirror, gli__mirror_side *side) {
  gli__held_release(device, mirror, &side->rows);
  gli__held_release(device, mirror, &side->neighbors);
  gli__held_release(device, mirror, &side->origins);
  *side = (gli__mirror_side){0};
}

/* --- Whole ------------------------------------------------------------------------------------ */

typedef struct whole {
  const gli_rows *rows;
  int64_t node_limit;
  struct run {
    int64_t begin, end; /* of the entries of a block of nodes; end < begin: they are scattered */
  } * runs;
  int32_t *staged;
} whole;

/* Whether the rows of a block lie one behind the other. */
static void find_run(void *context, int64_t begin, int64_t end, int32_t worker) {
  whole *job = context;
  struct run found = {0, 0};
  (void)worker;
  for (int64_t node = begin; node < end; node++) {
    const gli_row row = job->rows->rows[node];
    if (row.length == 0) continue;
    if (found.begin == found.end) {
      found = (struct run){row.begin, row.begin};
    } else if (row.begin != found.end) {
      found = (struct run){0, -1};
      break;
    }
    found.end = row.begin + row.length;
  }
  job->runs[begin / NODES_PER_BLOCK] = found;
}

static void stage_rows(void *context, int64_t begin, int64_t end, int32_t worker) {
  whole *job = context;
  (void)worker;
  for (int64_t node = begin; node < end; node++) {
    const gli_row row = job->rows->rows[node];
    if (row.length == 0) continue;
    memcpy(job->staged + row.begin, job->rows->neighbors + row.begin,
           row.length * sizeof *job->staged);
  }
}

static void upload_runs(gli__call *call, gli__mirror *mirror, const gli__mirror_side *side,
                        const whole *job, int64_t blocks) {
  for (int64_t block = 0; block < blocks;) {
    const int64_t begin = job->runs[block].begin;
    int64_t end = job->runs[block].end;
    block++;
    if (begin == end) continue;
    while (block < blocks && job->runs[block].begin == end) {
      end = job->runs[block].end;
      block++;
    }
    gli__mirror_upload(call, mirror, side->neighbors.buffer, begin * (int64_t)sizeof(int32_t),
                       job->rows->neighbors + begin, (end - begin) * (int64_t)sizeof(int32_t));
  }
}

static void upload_entries(gli__call *call, gli__mirror *mirror, const gli__mirror_side *side,
                           const gli_rows *rows, int64_t node_limit) {
  whole job = {.rows = rows, .node_limit = node_limit};
  const int64_t blocks = (node_limit + NODES_PER_BLOCK - 1) / NODES_PER_BLOCK;
  bool scattered = false;
  if (call->status != GLI_OK || rows->entry_count == 0) return;
  job.runs = gli_run_allocate(call->run, blocks, sizeof *job.runs);
  if (job.runs == NULL) goto no_memory;
  call->status =
      gli_run_parallel(call->run, node_limit, NODES_PER_BLOCK, find_run, &job, call->error);
  if (call->status != GLI_OK) goto cleanup;
  for (int64_t block = 0; block < blocks; block++)
    scattered = scattered || job.runs[block].end < job.runs[block].begin;
  if (!scattered) {
    upload_runs(call, mirror, side, &job, blocks);
    goto cleanup;
  }
  job.staged = gli_run_allocate_zeroed(call->run, rows->entry_limit, sizeof *job.staged);
  if (job.staged == NULL) goto no_memory;
  call->status =
      gli_run_parallel(call->run, node_limit, NODES_PER_BLOCK / 16, stage_rows, &job, call->error);
  gli__mirror_upload(call, mirror, side->neighbors.buffer, 0, job.staged,
                     rows->entry_limit * (int64_t)sizeof *job.staged);
  goto cleanup;
no_memory:
  call->status = gli_run_no_memory(call->run, call->error);
cleanup:
  gli_run_release(call->run, job.staged);
  gli_run_release(call->run, job.runs);
}

static void upload_records(gli__call *call, gli__mirror *mirror, const gli__mirror_side *side,
                           const gli_rows *rows, int64_t node_limit) {
  const uint64_t *bits = gli_snapshot_node_bits(call->snapshot);
  const int64_t bitmap_bytes = (node_limit + 63) / 64 * (int64_t)sizeof(uint64_t);
  gli_device_buffer *alive = NULL;
  if (node_limit == 0) return;
  gli__mirror_upload(call, mirror, side->rows.buffer, 0, rows->rows,
                     node_limit * (int64_t)sizeof(gli_row));
  if (bits != NULL) {
    alive = gli__call_buffer(call, bitmap_bytes, 1);
    gli__mirror_upload(call, mirror, alive, 0, bits, bitmap_bytes);
  }
  const gli_device_argument arguments[] = {
      gli__arg_buffer(side->rows.buffer),
      gli__arg_buffer(alive != NULL ? alive : side->rows.buffer), gli__arg_i32(bits != NULL),
      gli__arg_i64(node_limit)};
  gli__call_launch_from(call, "mirror", "mark_alive", gli__items(node_limit), arguments, 4);
  if (alive != NULL) gli__call_release(call, alive);
}

static void upload_whole(gli__call *call, gli__mirror *mirror, gli__mirror_side *side,
                         const gli_rows *rows, int32_t node_limit) {
  const uint64_t record_bytes = (uint64_t)node_limit * sizeof(gli_row);
  const uint64_t entry_bytes = (uint64_t)rows->entry_limit * sizeof(int32_t);
  gli__held_release(call->device, mirror, &side->origins);
  if (!gli__held_reserve(call, mirror, &side->rows, record_bytes, 0)) return;
  if (!gli__held_reserve(call, mirror, &side->neighbors, entry_bytes, 0)) return;
  upload_records(call, mirror, side, rows, node_limit);
  upload_entries(call, mirror, side, rows, node_limit);
  if (call->status == GLI_OK) mirror->full_uploads++;
}

/* --- Changed ---------------------------------------------------------------------------------- */

typedef struct delta {
  const gli_rows *rows;
  const uint64_t *alive;
  const gli__change *changes;
  int64_t change_count;
  int64_t first_new, new_count; /* nodes that the mirror does not know */
  struct share {
    int64_t records, pieces, entries; /* of a block of changes; then where they go */
    int64_t long_entries;
  } * shares;
  struct share total;
  char *staged;
} delta;

/* What of a change is in the row as this snapshot has it. */
static inline int64_t clip(const gli_row *row, const gli__change *change, int64_t *begin_out) {
  const int64_t begin = change->begin > row->begin ? change->begin : row->begin;
  const int64_t end = change->begin + change->count, stop = row->begin + row->length;
  const int64_t count = (end < stop ? end : stop) - begin;
  *begin_out = begin;
  return count > 0 ? count : 0;
}

/* New nodes' records go up as a range. A node may be above the limit when it was taken back. */
static inline bool wants_record(const delta *job, int64_t k) {
  const int32_t node = job->changes[k].node;
  return node < job->first_new && (k % CHANGES_PER_BLOCK == 0 || job->changes[k - 1].node != node);
}

static inline int64_t pieces_of(int64_t entries) {
  return (entries + PIECE - 1) / PIECE;
}

static void count_changes(void *context, int64_t begin, int64_t end, int32_t worker) {
  delta *job = context;
  struct share share = {0};
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    int64_t first;
    if (job->changes[k].node >= job->first_new + job->new_count) continue;
    const int64_t count = clip(&job->rows->rows[job->changes[k].node], &job->changes[k], &first);
    share.records += wants_record(job, k);
    if (count >= LONG_RANGE) {
      share.long_entries += count;
    } else {
      share.pieces += pieces_of(count);
      share.entries += count;
    }
  }
  job->shares[begin / CHANGES_PER_BLOCK] = share;
}

static void fill_changes(void *context, int64_t begin, int64_t end, int32_t worker) {
  const delta *job = context;
  struct share at = job->shares[begin / CHANGES_PER_BLOCK];
  gli_row *records = (gli_row *)job->staged;
  uint64_t *pieces = (uint64_t *)(records + job->total.records);
  int32_t *nodes = (int32_t *)(pieces + job->total.pieces);
  uint32_t *firsts = (uint32_t *)(nodes + job->total.records);
  int32_t *entries = (int32_t *)(firsts + job->total.pieces);
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    const gli__change *change = &job->changes[k];
    if (change->node >= job->first_new + job->new_count) continue;
    const gli_row row = job->rows->rows[change->node];
    int64_t first;
    const int64_t count = clip(&row, change, &first);
    if (wants_record(job, k)) {
      records[at.records] = row;
      records[at.records].writer = gli_bit(job->alive, change->node);
      nodes[at.records++] = change->node;
    }
    if (count >= LONG_RANGE) continue;
    for (int64_t begun = 0; begun < count; begun += PIECE) {
      const int64_t size = count - begun < PIECE ? count - begun : PIECE;
      pieces[at.pieces] = (uint64_t)(first + begun) << 8 | (uint64_t)size;
      firsts[at.pieces++] = (uint32_t)(at.entries + begun);
    }
    memcpy(entries + at.entries, job->rows->neighbors + first, (size_t)count * sizeof *entries);
    at.entries += count;
  }
}

/* What each block of changes adds, and the sum. */
static void measure(gli__call *call, delta *job) {
  const int64_t blocks = (job->change_count + CHANGES_PER_BLOCK - 1) / CHANGES_PER_BLOCK;
  job->shares = gli_run_allocate(call->run, blocks + 1, sizeof *job->shares);
  if (job->shares == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return;
  }
  call->status = gli_run_parallel(call->run, job->change_count, CHANGES_PER_BLOCK, count_changes,
                                  job, call->error);
  if (call->status != GLI_OK) return;
  for (int64_t block = 0; block < blocks; block++) {
    const struct share share = job->shares[block];
    job->shares[block] = job->total;
    job->total.records += share.records;
    job->total.pieces += share.pieces;
    job->total.entries += share.entries;
    job->total.long_entries += share.long_entries;
  }
}

static uint64_t scattered_bytes(const delta *job) {
  return (uint64_t)job->total.records * RECORD_BYTES + (uint64_t)job->total.pieces * PIECE_BYTES +
         (uint64_t)job->total.entries * sizeof(int32_t);
}

static uint64_t delta_bytes(const delta *job) {
  return scattered_bytes(job) + (uint64_t)job->total.long_entries * sizeof(int32_t) +
         (uint64_t)job->new_count * sizeof(gli_row);
}

static void upload_new_records(gli__call *call, gli__mirror *mirror, const gli__mirror_side *side,
                               const delta *job) {
  if (job->new_count == 0 || call->status != GLI_OK) return;
  gli_row *records = gli_run_allocate(call->run, job->new_count, sizeof *records);
  if (records == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return;
  }
  for (int64_t k = 0; k < job->new_count; k++) {
    records[k] = job->rows->rows[job->first_new + k];
    records[k].writer = gli_bit(job->alive, job->first_new + k);
  }
  gli__mirror_upload(call, mirror, side->rows.buffer, job->first_new * (int64_t)sizeof *records,
                     records, job->new_count * (int64_t)sizeof *records);
  gli_run_release(call->run, records);
}

static void upload_long_ranges(gli__call *call, gli__mirror *mirror, const gli__mirror_side *side,
                               const delta *job) {
  if (job->total.long_entries == 0) return;
  for (int64_t k = 0; k < job->change_count; k++) {
    int64_t first;
    const gli__change *change = &job->changes[k];
    if (change->count < LONG_RANGE || change->node >= job->first_new + job->new_count) continue;
    const int64_t count = clip(&job->rows->rows[change->node], change, &first);
    if (count < LONG_RANGE) continue;
    gli__mirror_upload(call, mirror, side->neighbors.buffer, first * (int64_t)sizeof(int32_t),
                       job->rows->neighbors + first, count * (int64_t)sizeof(int32_t));
  }
}

static void upload_scattered(gli__call *call, gli__mirror *mirror, const gli__mirror_side *side,
                             delta *job) {
  const int64_t bytes = (int64_t)scattered_bytes(job);
  if (bytes == 0 || call->status != GLI_OK) return;
  job->staged = gli_run_allocate(call->run, bytes, 1);
  if (job->staged == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return;
  }
  call->status = gli_run_parallel(call->run, job->change_count, CHANGES_PER_BLOCK, fill_changes,
                                  job, call->error);
  gli_device_buffer *changes = gli__call_buffer(call, bytes, 1);
  gli__mirror_upload(call, mirror, changes, 0, job->staged, bytes);
  const gli_device_argument arguments[] = {
      gli__arg_buffer(changes), gli__arg_i64(job->total.records), gli__arg_i64(job->total.pieces),
      gli__arg_buffer(side->rows.buffer), gli__arg_buffer(side->neighbors.buffer)};
  gli__call_launch_from(call, "mirror", "scatter",
                        gli__items(job->total.records + job->total.pieces), arguments, 5);
  if (changes != NULL) gli__call_release(call, changes);
}

/* False: there is no way from what the side shows, or the whole is less; nothing was done. */
static bool upload_changes(gli__call *call, gli__mirror *mirror, gli__mirror_side *side, bool in,
                           const gli_rows *rows, int32_t node_limit) {
  delta job = {.rows = rows,
               .alive = gli_snapshot_node_bits(call->snapshot),
               .first_new = side->node_limit,
               .new_count = node_limit - side->node_limit};
  if (side->state == 0 || job.new_count < 0 ||
      !gli__frozen_changes(gli__snapshot_frozen(call->snapshot), in, &side->mark, &job.changes,
                           &job.change_count)) {
    return false;
  }
  measure(call, &job);
  const bool pays =
      (delta_bytes(&job) < gli__whole_bytes(rows, node_limit) && job.total.entries <= UINT32_MAX) ||
      (job.change_count == 0 && job.new_count == 0);
  if (call->status == GLI_OK && pays) {
    const uint64_t old_records = (uint64_t)side->node_limit * sizeof(gli_row);
    const uint64_t old_entries = (uint64_t)side->entry_limit * sizeof(int32_t);
    if (gli__held_reserve(call, mirror, &side->rows, (uint64_t)node_limit * sizeof(gli_row),
                          old_records) &&
        gli__held_reserve(call, mirror, &side->neighbors,
                          (uint64_t)rows->entry_limit * sizeof(int32_t), old_entries)) {
      upload_new_records(call, mirror, side, &job);
      upload_long_ranges(call, mirror, side, &job);
      upload_scattered(call, mirror, side, &job);
      if (call->status == GLI_OK) mirror->delta_uploads++;
    }
  }
  gli_run_release(call->run, job.staged);
  gli_run_release(call->run, job.shares);
  return pays || call->status != GLI_OK;
}

/* --- Both ------------------------------------------------------------------------------------- */

void gli__mirror_side_follow(gli__call *call, gli__mirror *mirror, bool in, const gli_rows *rows) {
  if (call->status != GLI_OK) return;
  gli__frozen *frozen = gli__snapshot_frozen(call->snapshot);
  gli__mirror_side *side = &mirror->sides[in];
  const int32_t node_limit = gli_snapshot_node_limit(call->snapshot);
  if (!upload_changes(call, mirror, side, in, rows, node_limit)) {
    side->state = mirror->state; /* being made: not to be given back for room */
    upload_whole(call, mirror, side, rows, node_limit);
  }
  if (call->status != GLI_OK) {
    gli__mirror_side_release(call->device, mirror, side); /* half of it is worth nothing */
    return;
  }
  side->state = gli__snapshot_state(call->snapshot);
  side->mark = gli__frozen_mark(frozen, in);
  side->node_limit = node_limit;
  side->entry_limit = rows->entry_limit;
  side->entry_count = rows->entry_count;
  gli__frozen_followed(frozen, in);
}

/* An estimate without looking at the rows: what the changes name, not what is left of it. */
uint64_t gli__mirror_side_missing(const gli__mirror_side *side, const gli_snapshot *snapshot,
                                  bool in, const gli_rows *rows) {
  const int32_t node_limit = gli_snapshot_node_limit(snapshot);
  const uint64_t whole_bytes = gli__whole_bytes(rows, node_limit);
  const gli__change *changes = NULL;
  int64_t count = 0;
  if (side->state == gli__snapshot_state(snapshot)) return 0;
  if (side->state == 0 || node_limit < side->node_limit ||
      !gli__frozen_changes(gli__snapshot_frozen(snapshot), in, &side->mark, &changes, &count)) {
    return whole_bytes;
  }
  uint64_t bytes = (uint64_t)(node_limit - side->node_limit) * sizeof(gli_row);
  for (int64_t k = 0; k < count && bytes < whole_bytes; k++) {
    bytes += RECORD_BYTES + changes[k].count * sizeof(int32_t);
    if (changes[k].count < LONG_RANGE) bytes += (uint64_t)pieces_of(changes[k].count) * PIECE_BYTES;
  }
  return bytes < whole_bytes ? bytes : whole_bytes;
}
