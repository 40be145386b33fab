/* distances.c: many searches at once, each node adding up how far it is from their sources.
 *
 * Without lengths, 64 sources share one breadth-first search (Then et al. 2014,
 * doi:10.14778/2735496.2735507): a word per node holds which of them have seen it, an entry of a
 * row carries all that arrive over it in this level, and the number of bits that are new in a word
 * is how many sources have the node at this distance. A level is pushed from the list of its nodes,
 * or, where these have more than a share of all entries, pulled by the nodes that some source has
 * not seen yet. Lists keep thin levels, small components and the clean-up as cheap as they are.
 * With lengths, Dijkstra's algorithm from one source after the other, on a 4-ary heap.
 *
 * A group of 64 sources is the work of one worker; the groups go round 16 slots with a float64 and
 * a count per node each, which are added up in slot order at the end: the same bits on any number
 * of threads. (Adding atomically would do for sums of hops, and for neither lengths nor
 * reciprocals.) Memory per node: 12 bytes for each slot, and for each thread 36, or 32 with
 * lengths. Cost O(levels (n + m)) per 64 sources at the most, or O(m + n log n) per source. */
#include "cpu/centrality/distances.h"

#include <math.h>

#include "cpu/shortest_paths/heap.h"

enum {
  GROUP = 64,
  CHECK_ENTRIES = 1 << 16,
  CHECK_NODES = 1 << 15,
  PULL_SHARE = 3, /* wiki-Vote 104 ms, power 172; 8: 113, 187; 20: 162, 223 */
  BLOCK_NODES = 1 << 13
};

/* Which of the 64 sources have seen a node, and which reach it in this level. */
typedef struct arrivals {
  uint64_t seen, next;
} arrivals;

/* What one worker searches with. */
typedef struct scratch {
  arrivals *at;       /* [node_limit] all 0 between groups */
  uint64_t *frontier; /* [node_limit] reached in the level before; 0 elsewhere */
  int32_t *level, *next_level, *visited;
  int64_t level_count, next_count, visited_count;
  double *distance; /* [node_limit] infinite between searches */
  gli__heap heap;
} scratch;

typedef struct summing {
  gli_run *run;
  gli_rows out, in;
  const double *lengths; /* NULL: each edge is 1 long */
  int64_t limit;
  const gli__sources *sources;
  bool reciprocals;
  int64_t first_group, slot_count;
  gli__distance_sums slots[GLI__DISTANCE_SLOTS];
  scratch *workers;
} summing;

/* --- 64 breadth-first searches --------------------------------------------------------------- */

static void push_level(const summing *s, scratch *w) {
  int64_t entries = 0;
  for (int64_t k = 0; k < w->level_count; k++) {
    const gli_row row = s->out.rows[w->level[k]];
    const int32_t *neighbors = s->out.neighbors + row.begin;
    const uint64_t from = w->frontier[w->level[k]];
    for (uint32_t j = 0; j < row.length; j++) {
      arrivals *to = &w->at[neighbors[j]];
      const uint64_t fresh = from & ~to->seen;
      if (fresh == 0) continue;
      if (to->next == 0) w->next_level[w->next_count++] = neighbors[j];
      to->next |= fresh;
    }
    entries += row.length;
    if (entries < CHECK_ENTRIES) continue;
    entries = 0;
    if (gli_run_stopped(s->run)) return;
  }
}

static void pull_level(const summing *s, scratch *w, uint64_t everybody) {
  int64_t entries = 0;
  for (int64_t v = 0; v < s->limit; v++) {
    const uint64_t missing = everybody & ~w->at[v].seen;
    if (missing == 0) continue;
    const gli_row row = s->in.rows[v];
    const int32_t *neighbors = s->in.neighbors + row.begin;
    uint64_t arrived = 0;
    for (uint32_t j = 0; j < row.length && (arrived & missing) != missing; j++)
      arrived |= w->frontier[neighbors[j]];
    if ((arrived & missing) != 0) {
      w->at[v].next = arrived & missing;
      w->next_level[w->next_count++] = (int32_t)v;
    }
    entries += 1 + (int64_t)row.length;
    if (entries < CHECK_ENTRIES) continue;
    entries = 0;
    if (gli_run_stopped(s->run)) return;
  }
}

/* The nodes of the next level: they have been seen, they add up, and they are the frontier. */
static void close_level(const summing *s, scratch *w, const gli__distance_sums *sums,
                        double distance) {
  for (int64_t k = 0; k < w->level_count; k++)
    w->frontier[w->level[k]] = 0;
  for (int64_t k = 0; k < w->next_count; k++) {
    if (k % CHECK_NODES == CHECK_NODES - 1 && gli_run_stopped(s->run)) return;
    const int32_t v = w->next_level[k];
    arrivals *at = &w->at[v];
    const int32_t fresh = __builtin_popcountll(at->next);
    if (at->seen == 0) w->visited[w->visited_count++] = v;
    at->seen |= at->next;
    w->frontier[v] = at->next;
    at->next = 0;
    sums->count[v] += fresh;
    sums->sum[v] += s->reciprocals ? fresh / distance : fresh * distance;
  }
  int32_t *read = w->level;
  w->level = w->next_level;
  w->next_level = read;
  w->level_count = w->next_count;
  w->next_count = 0;
}

static bool is_wide(const summing *s, const scratch *w) {
  int64_t entries = 0;
  for (int64_t k = 0; k < w->level_count; k++)
    entries += s->out.rows[w->level[k]].length;
  return entries > s->out.entry_count / PULL_SHARE;
}

static void search_together(const summing *s, scratch *w, const int32_t *sources, int64_t count,
                            const gli__distance_sums *sums) {
  const uint64_t everybody = count == GROUP ? UINT64_MAX : (UINT64_C(1) << count) - 1;
  for (int64_t k = 0; k < count; k++) {
    w->at[sources[k]].seen = w->frontier[sources[k]] = UINT64_C(1) << k;
    w->level[k] = w->visited[k] = sources[k];
  }
  w->level_count = w->visited_count = count;
  for (int64_t distance = 1; w->level_count > 0 && !gli_run_stopped(s->run); distance++) {
    if (is_wide(s, w)) {
      pull_level(s, w, everybody);
    } else {
      push_level(s, w);
    }
    close_level(s, w, sums, (double)distance);
  }
  for (int64_t k = 0; k < w->visited_count; k++)
    w->at[w->visited[k]].seen = 0;
}

/* --- Dijkstra's algorithm -------------------------------------------------------------------- */

static int64_t relax(const summing *s, scratch *w, int32_t node) {
  const gli_row row = s->out.rows[node];
  const int32_t *neighbors = s->out.neighbors + row.begin;
  const double *lengths = s->lengths + row.begin, here = w->distance[node];
  for (uint32_t k = 0; k < row.length; k++) {
    const double there = here + lengths[k];
    if (!(there < w->distance[neighbors[k]])) continue;
    w->distance[neighbors[k]] = there;
    gli__heap_lower(&w->heap, neighbors[k], there);
  }
  return 1 + (int64_t)row.length;
}

static void search_alone(const summing *s, scratch *w, int32_t source,
                         const gli__distance_sums *sums) {
  int64_t steps = 0;
  w->visited_count = 0;
  w->distance[source] = 0;
  gli__heap_lower(&w->heap, source, 0);
  while (w->heap.count > 0) {
    const gli__heap_entry least = gli__heap_pop(&w->heap);
    const int32_t v = least.node;
    w->visited[w->visited_count++] = v;
    if (v != source) {
      sums->count[v]++;
      if (!s->reciprocals) {
        sums->sum[v] += least.key;
      } else if (least.key > 0) {
        sums->sum[v] += 1 / least.key;
      }
    }
    steps += relax(s, w, v);
    if (steps < CHECK_ENTRIES) continue;
    steps = 0;
    if (gli_run_stopped(s->run)) return;
  }
  for (int64_t k = 0; k < w->visited_count; k++)
    w->distance[w->visited[k]] = (double)INFINITY;
}

/* --- Groups in slots ------------------------------------------------------------------------- */

static void search_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const summing *s = context;
  scratch *w = &s->workers[worker];
  for (int64_t slot = begin; slot < end; slot++) {
    const int64_t first = (s->first_group + slot) * GROUP, left = s->sources->count - first;
    const int64_t count = left < GROUP ? left : GROUP;
    const int32_t *sources = s->sources->nodes + first;
    if (s->lengths == NULL) search_together(s, w, sources, count, &s->slots[slot]);
    for (int64_t k = 0; s->lengths != NULL && k < count && !gli_run_stopped(s->run); k++)
      search_alone(s, w, sources[k], &s->slots[slot]);
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

static bool make_worker(const summing *s, scratch *w) {
  w->visited = gli_run_allocate(s->run, s->limit, sizeof *w->visited);
  if (s->lengths == NULL) {
    w->at = gli_run_allocate_zeroed(s->run, s->limit, sizeof *w->at);
    w->frontier = gli_run_allocate_zeroed(s->run, s->limit, sizeof *w->frontier);
    w->level = gli_run_allocate(s->run, s->limit, sizeof *w->level);
    w->next_level = gli_run_allocate(s->run, s->limit, sizeof *w->next_level);
    return w->visited != NULL && w->at != NULL && w->frontier != NULL && w->level != NULL &&
           w->next_level != NULL;
  }
  w->distance = gli_run_allocate(s->run, s->limit, sizeof *w->distance);
  w->heap.entries = gli_run_allocate(s->run, s->limit, sizeof *w->heap.entries);
  w->heap.place = gli_run_allocate(s->run, s->limit, sizeof *w->heap.place);
  if (w->visited == NULL || w->distance == NULL || w->heap.entries == NULL ||
      w->heap.place == NULL) {
    return false;
  }
  for (int64_t v = 0; v < s->limit; v++) {
    w->distance[v] = (double)INFINITY;
    w->heap.place[v] = -1;
  }
  return true;
}

static gli_status make_scratch(summing *s, gli_error *error) {
  const int32_t threads = gli_run_threads(s->run);
  s->workers = gli_run_allocate_zeroed(s->run, threads, sizeof *s->workers);
  if (s->workers == NULL) return gli_run_no_memory(s->run, error);
  for (int32_t k = 0; k < threads; k++) {
    const gli_status status = gli_run_check(s->run, error); /* the system makes the pages: slow */
    if (status != GLI_OK) return status;
    if (!make_worker(s, &s->workers[k])) return gli_run_no_memory(s->run, error);
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
  const int64_t groups = (sources->count + GROUP - 1) / GROUP;
  summing s = {.run = run,
               .out = gli_snapshot_out_rows(snapshot),
               .limit = gli_snapshot_node_limit(snapshot),
               .sources = sources,
               .reciprocals = reciprocals,
               .slot_count = groups < GLI__DISTANCE_SLOTS ? groups : GLI__DISTANCE_SLOTS};
  gli_status status = gli__cpu_row_weights(snapshot, distance, false, &s.lengths, error);
  if (status == GLI_OK && s.lengths == NULL) status = gli_snapshot_in_rows(snapshot, &s.in, error);
  if (status == GLI_OK) status = make_scratch(&s, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  for (; s.first_group < groups; s.first_group += s.slot_count) {
    const int64_t left = groups - s.first_group;
    gli_run_progress(run, (double)(s.first_group * GROUP), (double)sources->count);
    status = gli_run_parallel(run, left < s.slot_count ? left : s.slot_count, 1, search_block, &s,
                              error);
    if (status == GLI_OK) status = gli_run_check(run, error);
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
  }
  *sums_out = s.slots[0];
  return gli_run_parallel(run, s.limit, BLOCK_NODES, add_block, &s, error);
}
