/* ascending.c: which rows hold their neighbours in rising order, cached in the snapshot.
 *
 * A search for the smallest neighbour of some kind may end at the first one in such a row: rows of
 * bulk-loaded graphs mostly are. One pass over the entries, in parallel, on first need; with no
 * lock, within the call under way (topology/derived.c says why). n / 8 bytes. */
#include "base/error.h"
#include "base/pool.h"
#include "graph/snapshot.h"

typedef struct looking {
  gli_rows rows;
  uint64_t *bits;
} looking;

static int64_t word_count(const gli_snapshot *snapshot) {
  return ((int64_t)gli_snapshot_node_limit(snapshot) + 63) / 64;
}

/* Blocks are multiples of 64 nodes. */
static void look(void *context, int64_t begin, int64_t end, int32_t worker) {
  const looking *job = context;
  (void)worker;
  for (int64_t node = begin; node < end; node++) {
    const gli_row row = job->rows.rows[node];
    const int32_t *neighbors = job->rows.neighbors + row.begin;
    uint32_t falls = 0;
    for (uint32_t k = 1; k < row.length; k++)
      falls += neighbors[k] < neighbors[k - 1];
    if (falls == 0) job->bits[node >> 6] |= UINT64_C(1) << (node & 63);
  }
}

static gli_status make(gli_snapshot *snapshot, gli_rows rows, uint64_t *bits, gli_error *error) {
  looking job = {rows, bits};
  gli__run_guard guard = {0};
  gli_status status = gli__run_guard_begin(&guard, gli__run_of_call(), snapshot->memory, error);
  if (status != GLI_OK) return status;
  status = gli_run_parallel(guard.run, gli_snapshot_node_limit(snapshot), 4096, look, &job, error);
  gli__run_guard_end(&guard);
  return status;
}

/* What is cached; with `made`, what is taken over when there is nothing. */
static uint64_t *peek_or_keep(gli_snapshot *snapshot, bool in, uint64_t *made) {
  gli__lock_exclusive(&snapshot->lock);
  if (snapshot->ascending[in] == NULL) snapshot->ascending[in] = made;
  uint64_t *kept = snapshot->ascending[in];
  gli__unlock_exclusive(&snapshot->lock);
  return kept;
}

gli_status gli_snapshot_ascending_rows(gli_snapshot *snapshot, bool in_rows,
                                       const uint64_t **bits_out, gli_error *error) {
  static const uint64_t no_bits[1] = {0};
  const bool in = in_rows && gli_snapshot_is_directed(snapshot);
  gli_rows rows = gli_snapshot_out_rows(snapshot);
  gli_status status = in ? gli_snapshot_in_rows(snapshot, &rows, error) : GLI_OK;
  if (status != GLI_OK) return status;
  const size_t words = (size_t)word_count(snapshot);
  uint64_t *known = peek_or_keep(snapshot, in, NULL);
  if (known == NULL && words > 0) {
    uint64_t *made = gli__allocate_zeroed(snapshot->memory, words, sizeof *made);
    if (made == NULL) return gli__no_memory(error, "which rows ascend");
    status = make(snapshot, rows, made, error);
    if (status == GLI_OK) known = peek_or_keep(snapshot, in, made);
    if (known != made) gli__release(snapshot->memory, made, words, sizeof *made);
  }
  if (status == GLI_OK) *bits_out = known != NULL ? known : no_bits;
  return status;
}

void gli__snapshot_free_ascending(gli_snapshot *snapshot) {
  for (int in = 0; in < 2; in++) {
    if (snapshot->ascending[in] == NULL) continue;
    gli__release(snapshot->memory, snapshot->ascending[in], (size_t)word_count(snapshot),
                 sizeof(uint64_t));
  }
}
