/* pairs.c: the pairs of nodes that a similarity is asked for. */
#include "cpu/link_prediction/pairs.h"

#include "base/hash.h"

enum { AHEAD = 16, CHECK_PAIRS = 1 << 16 };

static size_t place_of(int32_t source, int32_t target, size_t mask) {
  return (size_t)gli__hash_int((uint64_t)(uint32_t)source << 32 | (uint32_t)target) & mask;
}

/* The pairs to answer, each once, in order: `sources` and `targets` get them, *count_out says how
 * many. They start out with all pairs. By a table of those kept so far: 213 k pairs take 3 ms
 * where sorting them took 10, and 16 bytes of scratch a pair at the most, not 33. */
static gli_status drop_repeats(gli_run *run, int32_t *sources, int32_t *targets, int64_t *count_out,
                               gli_error *error) {
  const int64_t count = *count_out;
  size_t size = 2;
  while (size < 2 * (size_t)count)
    size *= 2;
  if (count >= UINT32_MAX)
    return gli__fail(error, GLI_ERROR_LIMIT, "pairs has %lld; at most 2^32 - 2 can be given",
                     (long long)count);
  uint32_t *table = gli_run_allocate_zeroed(run, (int64_t)size, sizeof *table);
  if (table == NULL) return gli_run_no_memory(run, error);
  int64_t kept = 0;
  for (int64_t k = 0; k < count; k++) {
    if (k % CHECK_PAIRS == 0 && gli_run_stopped(run)) break;
    if (k + AHEAD < count)
      __builtin_prefetch(&table[place_of(sources[k + AHEAD], targets[k + AHEAD], size - 1)], 1);
    const int32_t source = sources[k], target = targets[k];
    size_t place = place_of(source, target, size - 1);
    while (table[place] != 0 &&
           (sources[table[place] - 1] != source || targets[table[place] - 1] != target))
      place = (place + 1) & (size - 1);
    if (table[place] != 0) continue;
    sources[kept] = source;
    targets[kept] = target;
    table[place] = (uint32_t)++kept;
  }
  *count_out = kept;
  gli_run_release(run, table);
  return gli_run_check(run, error);
}

gli_status gli__pairs_collect(gli_run *run, gli_snapshot *snapshot, const gli_pair_list *given,
                              int32_t **sources_out, int32_t **targets_out, int64_t *count_out,
                              gli_error *error) {
  const bool edges = given->sources == NULL;
  const uint64_t *alive = edges ? gli_snapshot_edge_bits(snapshot) : NULL;
  const int32_t *from = given->sources, *to = given->targets;
  int64_t limit = given->count, count = 0;
  if (edges) {
    gli_snapshot_edge_ends(snapshot, &from, &to);
    limit = gli_snapshot_edge_limit(snapshot);
  }
  int32_t *sources = gli_run_allocate(run, limit + 1, sizeof *sources);
  int32_t *targets = gli_run_allocate(run, limit + 1, sizeof *targets);
  if (sources == NULL || targets == NULL) return gli_run_no_memory(run, error);
  for (int64_t k = 0; k < limit; k++) {
    if (!gli_bit(alive, k)) continue;
    sources[count] = from[k];
    targets[count++] = to[k];
  }
  *sources_out = sources;
  *targets_out = targets;
  *count_out = count;
  /* The edges of a simple graph are different pairs already. */
  if (count < 2 || (edges && !gli_snapshot_is_multigraph(snapshot))) return GLI_OK;
  return drop_repeats(run, sources, targets, count_out, error);
}
