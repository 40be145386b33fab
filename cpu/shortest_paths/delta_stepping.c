/* delta_stepping.c: delta-stepping (Meyer and Sanders 2003, doi:10.1016/S0196-6774(03)00076-2) with
 * bucket fusion (Zhang et al. 2020, doi:10.1145/3368826.3377909).
 *
 * Nodes wait in buckets of width delta by their distance. The nodes of the nearest bucket are
 * relaxed in parallel, each worker putting what it improves into queues of its own; what falls into
 * the same bucket it relaxes at once, as long as that is little, instead of meeting the others for
 * it. Queued entries are not removed when their node gets nearer still: an entry remembers the
 * distance it was made for, and is dropped when that is out of date, so no node is relaxed twice
 * for the same distance.
 *
 * A label is 64 bits in which less is better, lowered by compare-and-swap. Where weights are whole
 * numbers of at least 1, it is the distance above the predecessor: the least label is the least
 * distance with the smallest predecessor, so the tree comes for free, without atomics on two words
 * or a second pass over all edges. Otherwise it is the double itself, whose bits order as it does
 * where there is no sign. Sums of floats in path order are what any label-correcting method ends
 * with: the same bits as Dijkstra's algorithm, on any number of threads.
 *
 * Delta is drawn from a sample: the weight that a node of average degree has one edge below.
 * When everything that waits is farther than the open buckets, delta grows so that half of it
 * comes in reach: weights may span any range.
 *
 * Kronecker scale 17, whole weights 1 to 255, two threads: 13.2 ms. What lost there, and on a
 * lattice of 2.25 M nodes (73 ms) or a uniform graph of scale 17 (18): a bitmap of relaxed nodes,
 * which heavy edges ask instead of the labels, 15.9 (107; 24); eight labels gathered by one AVX-512
 * or AVX2 instruction 15 (150; 26); the row looked at 16 entries at a time instead of 64 15.8 (on
 * the uniform graph 25); labels of long rows fetched ahead as those of short ones are 14.2 (81;
 * 20), no labels fetched 14.4 (92; 19); delta twice as large 16.9, half as large the same. On a
 * busy machine, one thread, an older form took 22 ms; 28 with the float64 weights in an array
 * beside the neighbours, 34 without rows fetched ahead, 86 as Dijkstra's algorithm. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "cpu/shortest_paths/buckets.h"
#include "cpu/shortest_paths/labels.h"
#include "cpu/shortest_paths/paths.h"

enum {
  OPEN = GLI__OPEN_BUCKETS,
  ALONE_ENTRIES = 128,  /* fewer wait in a bucket: not worth waking the pool */
  FUSED_ENTRIES = 2048, /* more wait in a worker's own queue: shared with the others */
  CHECK_STEPS = 1 << 15,
  SELECT = 64, /* row entries that are looked at before the first is improved */
  AHEAD = 12,  /* a waiting entry's label is fetched so early, its row at half of that, */
  SHORT = 8,   /* and at a quarter the neighbours' labels of a row of no more entries */
  SAMPLE_NODES = 256,
  PER_NODE = 4, /* row entries of each of them */
  BLOCK_NODES = 1 << 15,
};

typedef struct stepping {
  gli__paths *paths;
  const gli__weighted_rows *along;
  uint64_t *labels; /* in the place of paths->distance */
  uint64_t limit;   /* the largest label within the cutoff */
  double base, delta, inverse;
  int64_t current;  /* bucket */
  gli__slot *slots; /* [slot_count] */
  int32_t slot_count;
  gli__chunk **work; /* [work_room] the current bucket's chunks, slot by slot */
  int64_t work_room, work_entries;
  void (*relax_chunk)(struct stepping *s, gli__slot *own, const gli__chunk *chunk, int64_t *steps);
  bool whole;
} stepping;

/* --- Relaxing ------------------------------------------------------------------------------- */

static inline int64_t bucket_of(const stepping *s, uint64_t label, bool whole) {
  const double at = (gli__label_distance(label, whole) - s->base) * s->inverse;
  return at < 0x1p60 ? (int64_t)at : INT64_C(1) << 60;
}

static inline __attribute__((always_inline)) void improve(stepping *s, gli__slot *own, int32_t node,
                                                          uint64_t label, bool whole) {
  uint64_t known = __atomic_load_n(&s->labels[node], __ATOMIC_RELAXED);
  while (label < known) {
    if (!__atomic_compare_exchange_n(&s->labels[node], &known, label, true, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED))
      continue;
    if (whole && gli__label_same_distance(known, label, whole)) return; /* another predecessor */
    gli__slot_push(s->paths->run, own, s->current, bucket_of(s, label, whole), label, node);
    return;
  }
}

/* In two steps, of which the first has no branch to be mispredicted and many loads under way.
 * `chosen`: room for SELECT numbers. */
static inline __attribute__((always_inline)) void relax_row(stepping *s, gli__slot *own,
                                                            int32_t node, uint64_t here, int side,
                                                            uint32_t *chosen, bool whole) {
  const gli__row_view row = gli__row_view_of(s->along, side, node, whole);
  const uint64_t *labels = s->labels;
  const uint64_t limit = s->limit;
  for (uint32_t begin = 0; begin < row.length; begin += SELECT) {
    const uint32_t end = row.length - begin < SELECT ? row.length : begin + SELECT;
    uint32_t better = 0;
    for (uint32_t k = begin; k < end; k++) {
      const uint64_t label = gli__label_offer(here, &row, k, node, whole);
      const uint64_t known =
          __atomic_load_n(&labels[gli__row_view_neighbor(&row, k, whole)], __ATOMIC_RELAXED);
      chosen[better] = k;
      better += (label < known) & (label <= limit);
    }
    for (uint32_t k = 0; k < better; k++) {
      const uint32_t at = chosen[k];
      improve(s, own, gli__row_view_neighbor(&row, at, whole),
              gli__label_offer(here, &row, at, node, whole), whole);
    }
  }
}

static inline void fetch_ahead(const stepping *s, const gli__chunk *chunk, int64_t at, bool whole) {
  if (at + AHEAD < chunk->count) {
    const int32_t node = chunk->entries[at + AHEAD].node;
    __builtin_prefetch(&s->labels[node]);
    __builtin_prefetch(&s->along->rows[0].rows[node]);
  }
  if (at + AHEAD / 2 < chunk->count) {
    const gli__row_view row =
        gli__row_view_of(s->along, 0, chunk->entries[at + AHEAD / 2].node, whole);
    for (uint32_t k = 0; k < row.length && k < SELECT; k += 8) {
      if (whole) {
        __builtin_prefetch(row.entries + k);
        continue;
      }
      __builtin_prefetch(row.weights + k);
      if (k % 16 == 0) __builtin_prefetch(row.neighbors + k);
    }
  }
  if (at + AHEAD / 4 < chunk->count) {
    const gli__row_view row =
        gli__row_view_of(s->along, 0, chunk->entries[at + AHEAD / 4].node, whole);
    const uint32_t fetched = row.length <= SHORT ? row.length : 0;
    for (uint32_t k = 0; k < fetched; k++)
      __builtin_prefetch(&s->labels[gli__row_view_neighbor(&row, k, whole)]);
  }
}

static inline __attribute__((always_inline)) void relax_entries(stepping *s, gli__slot *own,
                                                                const gli__chunk *chunk,
                                                                int64_t *steps, bool whole) {
  uint32_t chosen[SELECT] = {0};
  for (int64_t k = 0; k < chunk->count; k++) {
    fetch_ahead(s, chunk, k, whole);
    const int32_t node = chunk->entries[k].node;
    const uint64_t here = __atomic_load_n(&s->labels[node], __ATOMIC_RELAXED);
    if (!gli__label_same_distance(here, chunk->entries[k].label, whole)) continue;
    for (int side = 0; side < s->along->count; side++) {
      relax_row(s, own, node, here, side, chosen, whole);
      *steps += s->along->rows[side].rows[node].length;
    }
    if (*steps < CHECK_STEPS) continue;
    *steps = 0;
    if (gli_run_stopped(s->paths->run)) return;
  }
}

static void relax_whole(stepping *s, gli__slot *own, const gli__chunk *chunk, int64_t *steps) {
  relax_entries(s, own, chunk, steps, true);
}

static void relax_float(stepping *s, gli__slot *own, const gli__chunk *chunk, int64_t *steps) {
  relax_entries(s, own, chunk, steps, false);
}

/* --- One bucket ----------------------------------------------------------------------------- */

/* First the slot's part of the work, then what others have left of theirs. */
static void relax_shared(stepping *s, gli__slot *own, int64_t *steps) {
  const int32_t self = (int32_t)(own - s->slots);
  for (int32_t turn = 0; turn < s->slot_count; turn++) {
    gli__slot *from = &s->slots[(self + turn) % s->slot_count];
    while (!gli_run_stopped(s->paths->run)) {
      const int64_t at = atomic_fetch_add_explicit(&from->cursor, 1, memory_order_relaxed);
      if (at >= from->end) break;
      s->relax_chunk(s, own, s->work[at], steps);
      gli__slot_give_back(own, s->work[at]);
    }
  }
}

/* What has come into the same bucket meanwhile, first in first out. */
static void relax_own(stepping *s, gli__slot *own, int64_t *steps) {
  gli__queue *near = &own->open[s->current & (OPEN - 1)];
  while (near->count > 0 && near->count <= FUSED_ENTRIES) {
    gli__chunk *chunk = near->first;
    *near = (gli__queue){0};
    while (chunk != NULL) {
      gli__chunk *next = chunk->next;
      s->relax_chunk(s, own, chunk, steps);
      gli__slot_give_back(own, chunk);
      chunk = next;
    }
    if (own->failed || gli_run_stopped(s->paths->run)) return;
  }
}

static void work_at_slots(void *context, int64_t begin, int64_t end, int32_t worker) {
  stepping *s = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    int64_t steps = 0;
    relax_shared(s, &s->slots[k], &steps);
    relax_own(s, &s->slots[k], &steps);
  }
}

/* Lay out the current bucket's chunks slot by slot; none are left in the queues. */
static gli_status lay_out(stepping *s, gli_error *error) {
  int64_t chunks = 0;
  s->work_entries = 0;
  for (int32_t k = 0; k < s->slot_count; k++) {
    const gli__queue *queue = &s->slots[k].open[s->current & (OPEN - 1)];
    s->work_entries += queue->count;
    chunks += (queue->count + GLI__CHUNK_ENTRIES - 1) / GLI__CHUNK_ENTRIES;
  }
  if (chunks > s->work_room) {
    gli_run_release(s->paths->run, s->work);
    s->work_room = 2 * chunks;
    s->work = gli_run_allocate(s->paths->run, s->work_room, sizeof(gli__chunk *));
    if (s->work == NULL) return gli_run_no_memory(s->paths->run, error);
  }
  int64_t count = 0;
  for (int32_t k = 0; k < s->slot_count; k++) {
    gli__queue *queue = &s->slots[k].open[s->current & (OPEN - 1)];
    atomic_store_explicit(&s->slots[k].cursor, count, memory_order_relaxed);
    for (gli__chunk *chunk = queue->first; chunk != NULL; chunk = chunk->next)
      s->work[count++] = chunk;
    s->slots[k].end = count;
    *queue = (gli__queue){0};
  }
  return GLI_OK;
}

static bool has_failed(const stepping *s) {
  bool failed = false;
  for (int32_t k = 0; k < s->slot_count; k++)
    failed = failed || s->slots[k].failed;
  return failed;
}

static gli_status relax_bucket(stepping *s, gli_error *error) {
  gli_run *run = s->paths->run;
  gli_status status = lay_out(s, error);
  if (status != GLI_OK) return status;
  if (s->work_entries < ALONE_ENTRIES) {
    work_at_slots(s, 0, 1, 0);
    status = gli_run_check(run, error);
  } else {
    status = gli_run_parallel(run, s->slot_count, 1, work_at_slots, s, error);
  }
  return status == GLI_OK && has_failed(s) ? gli_run_no_memory(run, error) : status;
}

/* --- From bucket to bucket ------------------------------------------------------------------ */

/* The nearest open bucket that has entries, or -1. */
static int64_t next_open(const stepping *s) {
  for (int64_t bucket = s->current; bucket < s->current + OPEN; bucket++) {
    for (int32_t k = 0; k < s->slot_count; k++) {
      if (s->slots[k].open[bucket & (OPEN - 1)].count > 0) return bucket;
    }
  }
  return -1;
}

static int64_t nearest_far(const stepping *s) {
  int64_t nearest = INT64_MAX;
  for (int32_t k = 0; k < s->slot_count; k++) {
    if (s->slots[k].nearest_far < nearest) nearest = s->slots[k].nearest_far;
  }
  return nearest;
}

static int by_number(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

/* No bucket is open: start anew at the nearest that waits, wide enough to reach half of it. */
static void start_anew(stepping *s) {
  double least = (double)INFINITY, sample[SAMPLE_NODES] = {0};
  int64_t count = 0, seen = 0, waiting = 0;
  for (int32_t k = 0; k < s->slot_count; k++)
    waiting += s->slots[k].far.count;
  const int64_t stride = waiting / SAMPLE_NODES + 1;
  for (int32_t k = 0; k < s->slot_count; k++) {
    for (const gli__chunk *chunk = s->slots[k].far.first; chunk != NULL; chunk = chunk->next) {
      for (int64_t j = 0; j < chunk->count; j++) {
        const double distance = gli__label_distance(chunk->entries[j].label, s->whole);
        if (distance < least) least = distance;
        if (seen++ % stride == 0) sample[count++] = distance;
      }
    }
  }
  qsort(sample, (size_t)count, sizeof *sample, by_number);
  const double reach = 2 * (sample[count / 2] - least) / OPEN;
  if (reach > s->delta && reach < (double)INFINITY) s->delta = reach;
  s->inverse = 1 / s->delta;
  s->base = least;
  s->current = 0;
}

/* Queue again what was far, under the buckets as they are now. */
static void bring_near(stepping *s) {
  for (int32_t k = 0; k < s->slot_count; k++) {
    gli__slot *slot = &s->slots[k];
    gli__chunk *chunk = slot->far.first;
    slot->far = (gli__queue){0};
    slot->nearest_far = INT64_MAX;
    while (chunk != NULL) {
      gli__chunk *next = chunk->next;
      for (int64_t j = 0; j < chunk->count; j++) {
        const gli__waiting *at = &chunk->entries[j];
        if (!gli__label_same_distance(s->labels[at->node], at->label, s->whole)) continue;
        const int64_t bucket = bucket_of(s, at->label, s->whole);
        gli__slot_push(s->paths->run, slot, s->current, bucket, at->label, at->node);
      }
      gli__slot_give_back(slot, chunk);
      chunk = next;
    }
  }
}

/* Make the next bucket current; false: nothing waits any more. */
static bool advance(stepping *s) {
  for (;;) {
    const int64_t open = next_open(s), far = nearest_far(s);
    if (open < 0 && far == INT64_MAX) return false;
    if (open >= 0 && open < far) {
      s->current = open;
      return true;
    }
    if (open < 0) {
      start_anew(s);
    } else {
      s->current = far;
    }
    bring_near(s);
  }
}

/* Whether all targets are nearer than the current bucket, and so final. */
static bool settled_targets(const stepping *s, int64_t *at) {
  const gli_node_list *targets = &s->paths->targets;
  if (targets->nodes == NULL) return false;
  for (; *at < targets->count; ++*at) {
    const uint64_t label = s->labels[targets->nodes[*at]];
    if (label > s->limit) return false;
    const bool nearer = gli__label_distance(label, s->whole) < s->base;
    if (!nearer && bucket_of(s, label, s->whole) >= s->current) return false;
  }
  return true;
}

static gli_status walk(stepping *s, gli_error *error) {
  int64_t target = 0, relaxed = 0;
  while (advance(s) && !settled_targets(s, &target)) {
    const gli_status status = relax_bucket(s, error);
    if (status != GLI_OK) return status;
    relaxed += s->work_entries;
    gli_run_progress(s->paths->run, (double)relaxed, 0);
  }
  if (has_failed(s)) return gli_run_no_memory(s->paths->run, error); /* bringing them near */
  double farthest = 0;
  for (int64_t k = 0; k < s->paths->targets.count; k++) {
    const uint64_t label = s->labels[s->paths->targets.nodes[k]];
    const double distance =
        label > s->limit ? (double)INFINITY : gli__label_distance(label, s->whole);
    if (distance > farthest) farthest = distance;
  }
  if (s->paths->targets.nodes != NULL) s->paths->farthest = farthest;
  return GLI_OK;
}

/* --- Before and after ----------------------------------------------------------------------- */

static double weight_at(const gli__weighted_rows *along, int64_t at) {
  return along->entries[0] != NULL ? along->entries[0][at].weight : along->weights[0][at];
}

/* The weight below which a node of average degree has one edge. */
static double choose_delta(const gli__paths *p) {
  const gli_rows *rows = &p->along.rows[0];
  double sample[SAMPLE_NODES * PER_NODE];
  int64_t count = 0, degrees = 0, nodes = 0;
  for (int64_t k = 0; k < SAMPLE_NODES; k++) {
    const gli_row row = rows->rows[k * p->node_limit / SAMPLE_NODES];
    for (uint32_t j = 0; j < PER_NODE && j < row.length; j++)
      sample[count++] = weight_at(&p->along, row.begin + (int64_t)j * row.length / PER_NODE);
    degrees += row.length;
    nodes += row.length > 0;
  }
  if (count == 0) return 1;
  qsort(sample, (size_t)count, sizeof *sample, by_number);
  double delta = sample[count * nodes / (degrees + nodes)];
  for (int64_t k = 0; k < count && !(delta > 0); k++)
    delta = sample[k];
  return delta > 0 && delta < (double)INFINITY ? delta : 1;
}

static void clear_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const stepping *s = context;
  (void)worker;
  const uint64_t none = s->whole ? UINT64_MAX : gli__label_bits((double)INFINITY);
  for (int64_t v = begin; v < end; v++)
    s->labels[v] = none;
}

/* Labels become distances, where they stand. */
static void finish_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const stepping *s = context;
  const gli__paths *p = s->paths;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const uint64_t label = s->labels[v];
    const double distance =
        label > s->limit ? (double)INFINITY : gli__label_distance(label, s->whole);
    const bool reached = distance <= p->farthest && label <= s->limit;
    if (s->whole && reached) p->predecessor[v] = (int32_t)(uint32_t)label;
    p->distance[v] = reached ? distance : (double)INFINITY;
  }
}

static gli_status start(stepping *s, gli_error *error) {
  gli__paths *p = s->paths;
  s->slot_count = gli_run_threads(p->run);
  s->slots = gli_run_allocate_zeroed(p->run, s->slot_count, sizeof *s->slots);
  if (s->slots == NULL) return gli_run_no_memory(p->run, error);
  for (int32_t k = 0; k < s->slot_count; k++)
    s->slots[k].nearest_far = INT64_MAX;
  s->delta = choose_delta(p);
  s->inverse = 1 / s->delta;
  if (!s->whole) {
    s->limit = p->cutoff < (double)INFINITY ? gli__label_bits(p->cutoff + 0.0)
                                            : gli__label_bits((double)INFINITY) - 1;
  } else {
    const double most = (double)(UINT32_MAX - 1);
    s->limit = ((uint64_t)(p->cutoff < most ? p->cutoff : most) << 32) | UINT32_MAX;
  }
  gli_run_prepared(p->run);
  const gli_status status =
      gli_run_parallel(p->run, p->node_limit, BLOCK_NODES, clear_block, s, error);
  if (status != GLI_OK) return status;
  for (int64_t k = 0; k < p->sources.count; k++) {
    const int32_t source = p->sources.nodes[k];
    if (s->labels[source] == 0) continue;
    s->labels[source] = 0;
    gli__slot_push(p->run, &s->slots[0], 0, 0, 0, source);
  }
  return s->slots[0].failed ? gli_run_no_memory(p->run, error) : GLI_OK;
}

gli_status gli__cpu_paths_by_buckets(gli__paths *p, gli_error *error) {
  const bool whole = p->along.entries[0] != NULL;
  stepping s = {.paths = p,
                .along = &p->along,
                .labels = (uint64_t *)(void *)p->distance,
                .relax_chunk = whole ? relax_whole : relax_float,
                .whole = whole};
  gli_status status = start(&s, error);
  assert(status != GLI_OK || s.slots != NULL);
  if (status == GLI_OK) status = walk(&s, error);
  if (status == GLI_OK) {
    status = gli_run_parallel(p->run, p->node_limit, BLOCK_NODES, finish_block, &s, error);
  }
  for (int64_t k = 0; k < p->sources.count; k++)
    p->predecessor[p->sources.nodes[k]] = GLI_NODE_NONE;
  return status;
}
