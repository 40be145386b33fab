/* distances.c: many searches at once, each node adding up how far it is from their sources.
 *
 * Without lengths, 64 sources share one breadth-first search (together.h), and the number of bits
 * that are new in a node's word is how many of them have the node at this distance. With lengths,
 * Dijkstra's algorithm from one source after the other, on a 4-ary heap.
 *
 * A group of 64 sources is the work of one worker; the groups go round 16 slots with a float64 and
 * a count per node each, which are added up in slot order at the end: the same bits on any number
 * of threads. (Adding atomically would do for sums of hops, and for neither lengths nor
 * reciprocals.) Memory per node: 12 bytes for each slot, and for each thread 36, or 32 with
 * lengths. Cost O(levels (n + m)) per 64 sources at the most, or O(m + n log n) per source. */
#include "cpu/centrality/distances.h"

#include "cpu/shortest_paths/alone.h"
#include "cpu/traversal/together.h"

enum { BLOCK_NODES = 1 << 13 };

typedef struct summing {
  gli_run *run;
  int64_t limit;
  gli_rows out;
  const double *lengths; /* NULL: each edge is 1 long */
  gli__together together;
  gli__together_scratch *groups; /* [worker] without lengths */
  gli__alone *alone;             /* [worker] with lengths */
  const gli__sources *sources;
  bool reciprocals;
  int64_t first_group, slot_count;
  gli__distance_sums slots[GLI__DISTANCE_SLOTS];
} summing;

typedef struct group_sums {
  gli__distance_sums sums;
  bool reciprocals;
} group_sums;

static void add_arrivals(void *context, int32_t node, uint64_t fresh, int64_t level) {
  const group_sums *g = context;
  const int32_t count = __builtin_popcountll(fresh);
  g->sums.count[node] += count;
  g->sums.sum[node] += g->reciprocals ? count / (double)level : count * (double)level;
}

static void search_together(const summing *s, int32_t worker, const int32_t *sources, int64_t count,
                            const gli__distance_sums *sums) {
  group_sums g = {*sums, s->reciprocals};
  gli__together_search(&s->together, &s->groups[worker], sources, count, INT64_MAX, add_arrivals,
                       &g);
}

static int64_t relax(const summing *s, gli__alone *alone, int32_t node) {
  const gli_row row = s->out.rows[node];
  const int32_t *neighbors = s->out.neighbors + row.begin;
  const double *lengths = s->lengths + row.begin, here = alone->distance[node];
  for (uint32_t k = 0; k < row.length; k++) {
    const double there = here + lengths[k];
    if (!(there < alone->distance[neighbors[k]])) continue;
    alone->distance[neighbors[k]] = there;
    gli__heap_lower(&alone->heap, neighbors[k], there);
  }
  return 1 + (int64_t)row.length;
}

/* gli__alone_search, but each node adds up when it is settled: to go over them afterwards takes
 * 7 % more instructions. */
static void search_alone(const summing *s, int32_t worker, int32_t source,
                         const gli__distance_sums *sums) {
  enum { CHECK_ENTRIES = 1 << 16 };
  gli__alone *alone = &s->alone[worker];
  int64_t steps = 0;
  alone->settled_count = 0;
  alone->distance[source] = 0;
  gli__heap_lower(&alone->heap, source, 0);
  while (alone->heap.count > 0) {
    const gli__heap_entry least = gli__heap_pop(&alone->heap);
    const int32_t v = least.node;
    alone->settled[alone->settled_count++] = v;
    if (v != source) {
      sums->count[v]++;
      if (!s->reciprocals) {
        sums->sum[v] += least.key;
      } else if (least.key > 0) {
        sums->sum[v] += 1 / least.key;
      }
    }
    steps += relax(s, alone, v);
    if (steps < CHECK_ENTRIES) continue;
    steps = 0;
    if (gli_run_stopped(s->run)) return;
  }
  gli__alone_clear(alone);
}

/* --- Groups in slots ------------------------------------------------------------------------- */

static void search_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const summing *s = context;
  for (int64_t slot = begin; slot < end; slot++) {
    const int64_t first = (s->first_group + slot) * GLI__TOGETHER, left = s->sources->count - first;
    const int64_t count = left < GLI__TOGETHER ? left : GLI__TOGETHER;
    const int32_t *sources = s->sources->nodes + first;
    if (s->lengths == NULL) search_together(s, worker, sources, count, &s->slots[slot]);
    for (int64_t k = 0; s->lengths != NULL && k < count && !gli_run_stopped(s->run); k++)
      search_alone(s, worker, sources[k], &s->slots[slot]);
  }
}

static void add_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const summing *s = context;
  const gli__distance_sums *all = &s->slots[0];
  (void)worker;
  for (int64_t slot = 1; slot < s->slot_count; slot++) {
    for (int64_t v = begin; v < end; v++) {
      all->sum[v] += s->slots[slot].sum[v];
      all->count[v] += s->slots[slot].count[v];
    }
  }
}

static gli_status make_scratch(summing *s, gli_error *error) {
  const int32_t threads = gli_run_threads(s->run);
  s->groups = gli_run_allocate_zeroed(s->run, threads, sizeof *s->groups);
  s->alone = gli_run_allocate_zeroed(s->run, threads, sizeof *s->alone);
  if (s->groups == NULL || s->alone == NULL) return gli_run_no_memory(s->run, error);
  for (int32_t k = 0; k < threads; k++) {
    const gli_status status = gli_run_check(s->run, error); /* the system makes the pages: slow */
    if (status != GLI_OK) return status;
    const bool made = s->lengths != NULL ? gli__alone_allocate(s->run, s->limit, &s->alone[k])
                                         : gli__together_allocate(&s->together, &s->groups[k]);
    if (!made) return gli_run_no_memory(s->run, error);
  }
  for (int64_t k = 0; k < s->slot_count; k++) {
    gli__distance_sums *slot = &s->slots[k];
    slot->sum = gli_run_allocate_zeroed(s->run, s->limit, sizeof *slot->sum);
    slot->count = gli_run_allocate_zeroed(s->run, s->limit, sizeof *slot->count);
    if (slot->sum == NULL || slot->count == NULL) return gli_run_no_memory(s->run, error);
  }
  return GLI_OK;
}

gli_status gli__cpu_distance_sums(gli_run *run, gli_snapshot *snapshot, const char *distance,
                                  const gli__sources *sources, bool reciprocals,
                                  gli__distance_sums *sums_out, gli_error *error) {
  const int64_t groups = gli__cpu_block_count(sources->count, GLI__TOGETHER);
  summing s = {.run = run,
               .out = gli_snapshot_out_rows(snapshot),
               .limit = gli_snapshot_node_limit(snapshot),
               .sources = sources,
               .reciprocals = reciprocals,
               .slot_count = groups < GLI__DISTANCE_SLOTS ? groups : GLI__DISTANCE_SLOTS};
  gli_status status = gli__cpu_row_weights(snapshot, distance, false, &s.lengths, error);
  if (status == GLI_OK && s.lengths == NULL)
    status = gli__together_prepare(run, snapshot, GLI_OUT, &s.together, error);
  if (status == GLI_OK) status = make_scratch(&s, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  for (; s.first_group < groups; s.first_group += s.slot_count) {
    const int64_t left = groups - s.first_group;
    gli_run_progress(run, (double)(s.first_group * GLI__TOGETHER), (double)sources->count);
    status = gli_run_parallel(run, left < s.slot_count ? left : s.slot_count, 1, search_block, &s,
                              error);
    if (status == GLI_OK) status = gli_run_check(run, error);
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
  }
  *sums_out = s.slots[0];
  return gli_run_parallel(run, s.limit, BLOCK_NODES, add_block, &s, error);
}
