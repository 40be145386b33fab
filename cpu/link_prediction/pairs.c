/* pairs.c: the pairs of nodes that a similarity is asked for. */
#include "cpu/link_prediction/pairs.h"

#include <stdlib.h>

typedef struct pair_key {
  uint64_t ends; /* source above, target below */
  int64_t place;
} pair_key;

static int by_ends_then_place(const void *left, const void *right) {
  const pair_key *a = left, *b = right;
  if (a->ends != b->ends) return a->ends < b->ends ? -1 : 1;
  return a->place < b->place ? -1 : a->place > b->place;
}

/* The pairs to answer, each once, in order: `sources` and `targets` get them, *count_out says how
 * many. They start out with all pairs. */
static gli_status drop_repeats(gli_run *run, int32_t *sources, int32_t *targets, int64_t *count_out,
                               gli_error *error) {
  const int64_t count = *count_out;
  pair_key *keys = gli_run_allocate(run, count, sizeof *keys);
  uint8_t *repeated = gli_run_allocate_zeroed(run, count, 1);
  if (keys == NULL || repeated == NULL) return gli_run_no_memory(run, error);
  for (int64_t k = 0; k < count; k++) {
    keys[k] = (pair_key){(uint64_t)(uint32_t)sources[k] << 32 | (uint32_t)targets[k], k};
  }
  qsort(keys, (size_t)count, sizeof *keys, by_ends_then_place);
  for (int64_t k = 1; k < count; k++) {
    if (keys[k].ends == keys[k - 1].ends) repeated[keys[k].place] = 1;
  }
  int64_t kept = 0;
  for (int64_t k = 0; k < count; k++) {
    if (repeated[k]) continue;
    sources[kept] = sources[k];
    targets[kept++] = targets[k];
  }
  *count_out = kept;
  gli_run_release(run, repeated);
  gli_run_release(run, keys);
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
