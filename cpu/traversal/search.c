/* search.c: breadth-first search, direction-optimising (Beamer, Asanovic and Patterson 2012,
 * doi:10.1109/SC.2012.50).
 *
 * Each level is walked in one of three ways, by the number of edges that leave its frontier:
 *   few        serially, without the pool: deep, thin graphs pay no barrier per level
 *   many       top-down in parallel: nodes are claimed by compare-and-swap
 *   most       bottom-up in parallel: every node not reached yet looks for a neighbour in the
 *              frontier, a bitmap, along the opposite rows; claims need no atomics
 * The in rows of a directed graph are not built for one search, which would take longer than it
 * saves, but once several searches would have been faster with them (gli_snapshot_in_rows_pay).
 *
 * Predecessors are the smallest index among the neighbours one level nearer. Top-down that is an
 * atomic minimum; bottom-up it is the first hit in a row that is known to ascend
 * (gli_snapshot_ascending_rows) and takes the whole row elsewhere. The order inside a frontier
 * depends on the threads; levels and predecessors do not.
 *
 * Rows are fetched ahead. The edges that leave a frontier are added up from its nodes' records, not
 * when nodes are claimed, and only estimated where a sample says that it is thin; a serial step
 * that turns out long goes on in parallel. Bottom-up goes by a bitmap of the nodes that are missing
 * and have entries. On Kronecker scale 17, two threads: 1.9 ms; whole rows and degrees asked for
 * claim by claim took 4.1, on the uniform graph of scale 17 2.4 and 7.0.
 *
 * Cost O(n + m); scratch 8 n bytes for the two queues, 3 n / 8 for the bitmaps. */
#include "cpu/traversal/search.h"

#include <stdatomic.h>
#include <string.h>

#include "cpu/common.h"

enum {
  SERIAL_EDGES = 1 << 14,  /* fewer edges leave the frontier: not worth waking the pool */
  BLOCK_ENTRIES = 1 << 14, /* row entries per block of a parallel step */
  BLOCK_NODES = 1 << 15,   /* a multiple of 64 */
  SAMPLE_NODES = 64,
  AHEAD = 16,            /* nodes whose row is fetched early */
  EARLY = 4,             /* neighbours whose level is */
  LOCAL_NODES = 512,     /* claimed nodes that a task gathers before it writes them out */
  BOTTOM_UP_FACTOR = 15, /* Beamer's alpha: bottom-up when edges to look at are fewer by this */
  TOP_DOWN_FACTOR = 18,  /* Beamer's beta: top-down again below n / beta nodes */
};

/* The rows that a walk goes along: out, in, or both of a directed graph. */
typedef struct sides {
  gli_rows rows[2];
  int count;
} sides;

typedef struct searching {
  gli_run *run;
  gli_snapshot *snapshot;
  sides forward, backward;
  bool has_backward;  /* fetched when first needed: it may have to be built */
  int bottom_up_pays; /* 1: yes, -1: no, 0: not asked yet */
  int32_t *level, *predecessor;
  int32_t depth; /* of the frontier */
  int64_t node_limit;
  int32_t *frontier, *next;
  int64_t frontier_count;
  _Atomic int64_t next_count, next_edges;
  uint64_t *bits, *next_bits;   /* the frontier as bitmaps, for bottom-up */
  uint64_t *missing;            /* bitmap of what bottom-up has to look at */
  const uint64_t *ascending[2]; /* of the backward sides, where predecessors are wanted */
} searching;

static int64_t degree(const sides *along, int32_t node) {
  int64_t length = 0;
  for (int side = 0; side < along->count; side++)
    length += along->rows[side].rows[node].length;
  return length;
}

static gli_status fetch_sides(gli_snapshot *snapshot, gli_direction direction, sides *sides_out,
                              gli_error *error) {
  sides_out->count = 1;
  if (direction == GLI_BOTH && gli_snapshot_is_directed(snapshot)) {
    sides_out->count = 2;
    const gli_status status = gli_snapshot_in_rows(snapshot, &sides_out->rows[1], error);
    if (status != GLI_OK) return status;
  }
  return gli__cpu_rows(snapshot, direction, &sides_out->rows[0], error);
}

/* --- Top-down ------------------------------------------------------------------------------- */

/* The rows of nodes that come soon: their records, then their entries, then the levels of the first
 * of these. Rows of thin frontiers are far apart, and each would be waited for three times. */
static inline void fetch_ahead(const searching *s, int64_t at, int64_t end) {
  const gli_rows *rows = &s->forward.rows[0];
  if (at + AHEAD < end) __builtin_prefetch(&rows->rows[s->frontier[at + AHEAD]]);
  if (at + AHEAD / 2 < end)
    __builtin_prefetch(rows->neighbors + rows->rows[s->frontier[at + AHEAD / 2]].begin);
  if (at + AHEAD / 4 < end) {
    const gli_row row = rows->rows[s->frontier[at + AHEAD / 4]];
    for (uint32_t k = 0; k < row.length && k < EARLY; k++)
      __builtin_prefetch(&s->level[rows->neighbors[row.begin + k]]);
  }
}

/* Walks frontier[*at_io ..] until all is walked or `entries` row entries were; returns how many. */
static int64_t step_serially(searching *s, int64_t *at_io, int64_t entries) {
  const int32_t depth = s->depth + 1;
  int32_t *level = s->level, *predecessor = s->predecessor, *next = s->next;
  int64_t count = 0, walked = 0, k = *at_io;
  for (; k < s->frontier_count && walked < entries; k++) {
    const int32_t node = s->frontier[k];
    fetch_ahead(s, k, s->frontier_count);
    for (int side = 0; side < s->forward.count; side++) {
      const gli_row row = s->forward.rows[side].rows[node];
      const int32_t *neighbors = s->forward.rows[side].neighbors + row.begin;
      walked += row.length;
      for (uint32_t j = 0; j < row.length; j++) {
        const int32_t other = neighbors[j];
        const int32_t known = level[other];
        if (known >= 0 && known != depth) continue;
        if (known < 0) {
          level[other] = depth;
          next[count++] = other;
        }
        if (predecessor != NULL && (uint32_t)node < (uint32_t)predecessor[other])
          predecessor[other] = node;
      }
    }
  }
  atomic_store_explicit(&s->next_count, count, memory_order_relaxed);
  *at_io = k;
  return walked;
}

/* Claimed nodes of one task, written to the next frontier in portions. */
typedef struct gathered {
  int32_t nodes[LOCAL_NODES];
  int64_t count;
} gathered;

static void flush(searching *s, gathered *local) {
  const int64_t at = atomic_fetch_add_explicit(&s->next_count, local->count, memory_order_relaxed);
  memcpy(s->next + at, local->nodes, (size_t)local->count * sizeof *local->nodes);
  local->count = 0;
}

/* NONE, as the largest unsigned number, gives way to every index. */
static void lower_predecessor(int32_t *predecessor, int32_t node) {
  int32_t known = __atomic_load_n(predecessor, __ATOMIC_RELAXED);
  while ((uint32_t)node < (uint32_t)known &&
         !__atomic_compare_exchange_n(predecessor, &known, node, true, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED)) {
  }
}

static void top_down_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  searching *s = context;
  const int32_t depth = s->depth + 1;
  gathered local;
  int64_t edges = 0;
  (void)worker;
  local.count = 0;
  for (int64_t k = begin; k < end; k++) {
    const int32_t node = s->frontier[k];
    fetch_ahead(s, k, end);
    for (int side = 0; side < s->forward.count; side++) {
      const gli_row row = s->forward.rows[side].rows[node];
      const int32_t *neighbors = s->forward.rows[side].neighbors + row.begin;
      edges += row.length;
      for (uint32_t j = 0; j < row.length; j++) {
        const int32_t other = neighbors[j];
        int32_t known = __atomic_load_n(&s->level[other], __ATOMIC_RELAXED);
        if (known < 0 && __atomic_compare_exchange_n(&s->level[other], &known, depth, false,
                                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
          known = depth;
          local.nodes[local.count++] = other;
          if (local.count == LOCAL_NODES) flush(s, &local);
        }
        if (known == depth && s->predecessor != NULL) {
          lower_predecessor(&s->predecessor[other], node);
        }
      }
    }
  }
  flush(s, &local);
  atomic_fetch_add_explicit(&s->next_edges, edges, memory_order_relaxed);
}

/* --- Bottom-up ------------------------------------------------------------------------------ */

static void mark_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  searching *s = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    const int32_t node = s->frontier[k];
    __atomic_fetch_or(&s->bits[node >> 6], UINT64_C(1) << (node & 63), __ATOMIC_RELAXED);
  }
}

/* What is not reached and has entries, as a bitmap; blocks are multiples of 64 nodes. */
static void miss_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  searching *s = context;
  (void)worker;
  for (int64_t first = begin; first < end; first += 64) {
    const int64_t last = first + 64 < end ? first + 64 : end;
    uint64_t word = 0;
    for (int64_t node = first; node < last; node++)
      word |= (uint64_t)((uint32_t)s->level[node] >> 31) << (node - first);
    s->missing[first >> 6] = word;
  }
}

/* The smallest neighbour of `node` in the frontier, or any when predecessors are not wanted. */
static inline int32_t find_nearer(const searching *s, int64_t node, int64_t *entries) {
  uint32_t best = UINT32_MAX;
  for (int side = 0; side < s->backward.count; side++) {
    const gli_row row = s->backward.rows[side].rows[node];
    const int32_t *neighbors = s->backward.rows[side].neighbors + row.begin;
    const bool first_does = s->predecessor == NULL || gli_bit(s->ascending[side], node);
    *entries += row.length;
    for (uint32_t j = 0; j < row.length; j++) {
      const uint32_t other = (uint32_t)neighbors[j];
      if (other >= best || !gli_bit(s->bits, other)) continue;
      best = other;
      if (first_does) break;
    }
    if (best != UINT32_MAX && s->predecessor == NULL) break;
  }
  return (int32_t)best;
}

/* The nodes of one word of the bitmap, while the rows of the next word's are fetched. */
static inline uint64_t find_word(searching *s, int64_t first, uint64_t word, uint64_t ahead,
                                 int64_t *count, int64_t *edges) {
  const gli_rows *rows = &s->backward.rows[0];
  const int32_t depth = s->depth + 1;
  uint64_t found = 0, empty = 0;
  for (uint64_t left = word; left != 0; left &= left - 1) {
    const int64_t node = first + __builtin_ctzll(left);
    int64_t entries = 0;
    if (ahead != 0) {
      __builtin_prefetch(rows->neighbors + rows->rows[first + 64 + __builtin_ctzll(ahead)].begin);
      ahead &= ahead - 1;
    }
    const int32_t nearer = find_nearer(s, node, &entries);
    if (entries == 0) empty |= UINT64_C(1) << (node - first);
    if (nearer < 0) continue;
    s->level[node] = depth;
    if (s->predecessor != NULL) s->predecessor[node] = nearer;
    found |= UINT64_C(1) << (node - first);
    *edges += entries;
    ++*count;
  }
  s->missing[first >> 6] = word & ~found & ~empty;
  return found;
}

/* Blocks are multiples of 64 nodes: each word of the bitmaps belongs to one block. */
static void bottom_up_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  searching *s = context;
  int64_t count = 0, edges = 0;
  (void)worker;
  for (int64_t first = begin; first < end; first += 64) {
    const uint64_t word = s->missing[first >> 6];
    const uint64_t ahead = first + 64 < end ? s->missing[(first >> 6) + 1] : 0;
    s->next_bits[first >> 6] = word == 0 ? 0 : find_word(s, first, word, ahead, &count, &edges);
  }
  atomic_fetch_add_explicit(&s->next_count, count, memory_order_relaxed);
  atomic_fetch_add_explicit(&s->next_edges, edges, memory_order_relaxed);
}

static void list_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  searching *s = context;
  gathered local;
  (void)worker;
  local.count = 0;
  for (int64_t k = begin; k < end; k++) {
    for (uint64_t word = s->bits[k]; word != 0; word &= word - 1) {
      local.nodes[local.count++] = (int32_t)(k * 64 + __builtin_ctzll(word));
      if (local.count == LOCAL_NODES) flush(s, &local);
    }
  }
  flush(s, &local);
}

/* --- The levels ----------------------------------------------------------------------------- */

/* *edges_out: how many left the frontier that was walked. Begins serially, and goes on in parallel
 * when that has become a lot. */
static gli_status walk_top_down(searching *s, int64_t *edges_out, gli_error *error) {
  int64_t at = 0;
  atomic_store_explicit(&s->next_edges, 0, memory_order_relaxed);
  *edges_out = step_serially(s, &at, SERIAL_EDGES);
  gli_status status = GLI_OK;
  if (at == s->frontier_count) {
    status = gli_run_check(s->run, error);
  } else {
    int32_t *all = s->frontier;
    s->frontier += at;
    const int64_t grain = gli__cpu_grain(
        s->frontier_count - at,
        s->forward.rows[0].entry_count / s->node_limit * (s->frontier_count - at), BLOCK_ENTRIES);
    status = gli_run_parallel(s->run, s->frontier_count - at, grain, top_down_block, s, error);
    s->frontier = all;
    *edges_out += atomic_load_explicit(&s->next_edges, memory_order_relaxed);
  }
  int32_t *walked = s->frontier;
  s->frontier = s->next;
  s->next = walked;
  s->frontier_count = atomic_load_explicit(&s->next_count, memory_order_relaxed);
  return status;
}

/* Which of the opposite rows end at the first hit. */
static gli_status fetch_order(searching *s, gli_direction opposite, gli_error *error) {
  gli_status status = GLI_OK;
  for (int side = 0; side < s->backward.count && s->predecessor != NULL; side++) {
    const bool in = side == 1 || opposite == GLI_IN;
    if (status == GLI_OK)
      status = gli_snapshot_ascending_rows(s->snapshot, in, &s->ascending[side], error);
  }
  return status;
}

/* The bitmaps and the opposite rows; only searches that go bottom-up ever need them. */
static gli_status enter_bottom_up(searching *s, gli_direction direction, gli_error *error) {
  const int64_t words = (s->node_limit + 63) / 64;
  if (!s->has_backward) {
    const gli_direction opposite = direction == GLI_OUT  ? GLI_IN
                                   : direction == GLI_IN ? GLI_OUT
                                                         : GLI_BOTH;
    const gli_status status = fetch_sides(s->snapshot, opposite, &s->backward, error);
    if (status != GLI_OK) return status;
    const gli_status ordered = fetch_order(s, opposite, error);
    if (ordered != GLI_OK) return ordered;
    s->bits = gli_run_allocate(s->run, words, sizeof *s->bits);
    s->next_bits = gli_run_allocate(s->run, words, sizeof *s->next_bits);
    s->missing = gli_run_allocate(s->run, words, sizeof *s->missing);
    if (s->bits == NULL || s->next_bits == NULL || s->missing == NULL)
      return gli_run_no_memory(s->run, error);
    s->has_backward = true;
  }
  const gli_status missed =
      gli_run_parallel(s->run, s->node_limit, BLOCK_NODES, miss_block, s, error);
  if (missed != GLI_OK) return missed;
  memset(s->bits, 0, (size_t)words * sizeof *s->bits);
  return gli_run_parallel(s->run, s->frontier_count, BLOCK_ENTRIES, mark_block, s, error);
}

static gli_status walk_bottom_up(searching *s, int64_t *edges_out, gli_error *error) {
  const int64_t entries = s->backward.rows[0].entry_count * s->backward.count;
  const int64_t grain = (gli__cpu_grain(s->node_limit, entries, BLOCK_ENTRIES) + 63) / 64 * 64;
  atomic_store_explicit(&s->next_count, 0, memory_order_relaxed);
  atomic_store_explicit(&s->next_edges, 0, memory_order_relaxed);
  const gli_status status =
      gli_run_parallel(s->run, s->node_limit, grain, bottom_up_block, s, error);
  uint64_t *walked = s->bits;
  s->bits = s->next_bits;
  s->next_bits = walked;
  s->frontier_count = atomic_load_explicit(&s->next_count, memory_order_relaxed);
  *edges_out = atomic_load_explicit(&s->next_edges, memory_order_relaxed);
  return status;
}

static gli_status leave_bottom_up(searching *s, gli_error *error) {
  const int64_t words = (s->node_limit + 63) / 64;
  atomic_store_explicit(&s->next_count, 0, memory_order_relaxed);
  const gli_status status =
      gli_run_parallel(s->run, words, BLOCK_ENTRIES / 64, list_block, s, error);
  int32_t *listed = s->next;
  s->next = s->frontier;
  s->frontier = listed;
  return status;
}

/* How far the list of targets is reached; nothing left: *at == count. */
static bool all_reached(const searching *s, const gli_node_list *targets, int64_t *at) {
  if (targets->count == 0) return false;
  while (*at < targets->count && s->level[targets->nodes[*at]] >= 0)
    ++*at;
  return *at == targets->count;
}

/* Whether the opposite rows are there or worth building; asked once per search. */
static bool may_go_bottom_up(searching *s, gli_direction direction, int64_t unseen) {
  if (s->bottom_up_pays == 0) {
    const bool pays = direction != GLI_OUT || gli_snapshot_in_rows_pay(s->snapshot, unseen);
    s->bottom_up_pays = pays ? 1 : -1;
  }
  return s->bottom_up_pays > 0;
}

/* How many edges leave the frontier: all added up, unless a sample says that it is thin. */
static int64_t count_edges(const searching *s) {
  const int64_t stride = s->frontier_count / SAMPLE_NODES + 1;
  int64_t edges = 0;
  for (int64_t k = 0; k < s->frontier_count; k += stride)
    edges += degree(&s->forward, s->frontier[k]);
  if (stride == 1 || edges * stride < SERIAL_EDGES / 2) return edges * stride;
  edges = 0;
  for (int64_t k = 0; k < s->frontier_count; k++) {
    if (k + AHEAD < s->frontier_count)
      __builtin_prefetch(&s->forward.rows[0].rows[s->frontier[k + AHEAD]]);
    edges += degree(&s->forward, s->frontier[k]);
  }
  return edges;
}

static gli_status walk(searching *s, const gli__search *search, gli_error *error) {
  int64_t unseen = 0; /* row entries of the nodes that are not reached */
  int64_t target = 0, reached = s->frontier_count, edges = 0;
  bool bottom_up = false;
  for (int side = 0; side < s->forward.count; side++) {
    unseen += s->forward.rows[side].entry_count;
  }
  while (s->frontier_count > 0 && s->depth < search->max_depth &&
         !all_reached(s, &search->targets, &target)) {
    const int64_t before = s->frontier_count;
    gli_status status = GLI_OK;
    if (!bottom_up) {
      edges = count_edges(s);
      if (edges > SERIAL_EDGES && edges > (unseen - edges) / BOTTOM_UP_FACTOR &&
          may_go_bottom_up(s, search->direction, unseen - edges)) {
        status = enter_bottom_up(s, search->direction, error);
        bottom_up = true;
      }
    }
    if (status == GLI_OK)
      status = bottom_up ? walk_bottom_up(s, &edges, error) : walk_top_down(s, &edges, error);
    if (status != GLI_OK) return status;
    unseen -= edges;
    gli_run_count_iteration(s->run);
    s->depth++;
    reached += s->frontier_count;
    gli_run_progress(s->run, (double)reached, (double)s->node_limit);
    if (bottom_up && s->frontier_count < before &&
        s->frontier_count < s->node_limit / TOP_DOWN_FACTOR) {
      status = leave_bottom_up(s, error);
      if (status != GLI_OK) return status;
      bottom_up = false;
    }
  }
  if (search->extent_out != NULL)
    *search->extent_out = (gli__search_extent){reached, s->frontier_count == 0};
  return GLI_OK;
}

gli_status gli__cpu_search(gli_run *run, gli_snapshot *snapshot, const gli__search *search,
                           int32_t *level, int32_t *predecessor, gli_error *error) {
  searching s = {.run = run,
                 .snapshot = snapshot,
                 .level = level,
                 .predecessor = predecessor,
                 .node_limit = gli_snapshot_node_limit(snapshot)};
  gli_status status = fetch_sides(snapshot, search->direction, &s.forward, error);
  if (status != GLI_OK) return status;
  s.frontier = gli_run_allocate(run, s.node_limit, sizeof *s.frontier);
  s.next = gli_run_allocate(run, s.node_limit, sizeof *s.next);
  if (s.frontier == NULL || s.next == NULL) return gli_run_no_memory(run, error);
  if (search->within == NULL) {
    memset(level, 0xff, (size_t)s.node_limit * sizeof *level);
  } else {
    for (int64_t v = 0; v < s.node_limit; v++)
      level[v] = search->within[v] < 0 ? 0 : -1;
  }
  gli_run_prepared(run);
  for (int64_t k = 0; k < search->sources.count; k++) {
    const int32_t source = search->sources.nodes[k];
    if (level[source] == 0) continue;
    level[source] = 0;
    s.frontier[s.frontier_count++] = source;
  }
  status = walk(&s, search, error);
  gli_run_release(run, s.frontier);
  gli_run_release(run, s.next);
  gli_run_release(run, s.bits);
  gli_run_release(run, s.next_bits);
  gli_run_release(run, s.missing);
  return status;
}
