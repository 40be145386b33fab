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
 * atomic minimum; bottom-up it means reading the node's row to its end, where levels alone may stop
 * at the first hit. That is never more than the row reads which a separate pass for predecessors
 * would take. The order inside a frontier depends on the threads; levels and predecessors do not.
 *
 * Cost O(n + m); scratch 8 n bytes for the two queues, n / 4 for the two bitmaps. */
#include "cpu/traversal/search.h"

#include <stdatomic.h>
#include <string.h>

#include "cpu/common.h"

enum {
  SERIAL_EDGES = 1 << 14,  /* fewer edges leave the frontier: not worth waking the pool */
  BLOCK_ENTRIES = 1 << 14, /* row entries per block of a parallel step */
  LOCAL_NODES = 512,       /* claimed nodes that a task gathers before it writes them out */
  BOTTOM_UP_FACTOR = 15,   /* Beamer's alpha: bottom-up when edges to look at are fewer by this */
  TOP_DOWN_FACTOR = 18,    /* Beamer's beta: top-down again below n / beta nodes */
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
  uint64_t *bits, *next_bits; /* the frontier as bitmaps, for bottom-up */
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

/* Returns how many edges leave the next frontier. */
static int64_t step_serially(searching *s) {
  const int32_t depth = s->depth + 1;
  int64_t count = 0, edges = 0;
  for (int64_t k = 0; k < s->frontier_count; k++) {
    const int32_t node = s->frontier[k];
    for (int side = 0; side < s->forward.count; side++) {
      const gli_row row = s->forward.rows[side].rows[node];
      const int32_t *neighbors = s->forward.rows[side].neighbors + row.begin;
      for (uint32_t j = 0; j < row.length; j++) {
        const int32_t other = neighbors[j];
        if (s->level[other] < 0) {
          s->level[other] = depth;
          s->next[count++] = other;
          edges += degree(&s->forward, other);
        } else if (s->level[other] != depth) {
          continue;
        }
        if (s->predecessor != NULL && (uint32_t)node < (uint32_t)s->predecessor[other]) {
          s->predecessor[other] = node;
        }
      }
    }
  }
  atomic_store_explicit(&s->next_count, count, memory_order_relaxed);
  return edges;
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
    for (int side = 0; side < s->forward.count; side++) {
      const gli_row row = s->forward.rows[side].rows[node];
      const int32_t *neighbors = s->forward.rows[side].neighbors + row.begin;
      for (uint32_t j = 0; j < row.length; j++) {
        const int32_t other = neighbors[j];
        int32_t known = __atomic_load_n(&s->level[other], __ATOMIC_RELAXED);
        if (known < 0 && __atomic_compare_exchange_n(&s->level[other], &known, depth, false,
                                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
          known = depth;
          edges += degree(&s->forward, other);
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

/* The smallest neighbour of `node` in the frontier, or any when predecessors are not wanted. */
static int32_t find_nearer(const searching *s, int64_t node) {
  uint32_t best = UINT32_MAX;
  for (int side = 0; side < s->backward.count; side++) {
    const gli_row row = s->backward.rows[side].rows[node];
    const int32_t *neighbors = s->backward.rows[side].neighbors + row.begin;
    for (uint32_t j = 0; j < row.length; j++) {
      const uint32_t other = (uint32_t)neighbors[j];
      if (other < best && gli_bit(s->bits, other)) {
        best = other;
        if (s->predecessor == NULL) return (int32_t)best;
      }
    }
  }
  return (int32_t)best;
}

/* Blocks are multiples of 64 nodes: each word of the bitmap belongs to one block. */
static void bottom_up_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  searching *s = context;
  const int32_t depth = s->depth + 1;
  int64_t count = 0, edges = 0;
  (void)worker;
  for (int64_t first = begin; first < end; first += 64) {
    uint64_t word = 0;
    const int64_t last = first + 64 < end ? first + 64 : end;
    for (int64_t node = first; node < last; node++) {
      if (s->level[node] >= 0) continue;
      const int32_t nearer = find_nearer(s, node);
      if (nearer < 0) continue;
      s->level[node] = depth;
      if (s->predecessor != NULL) s->predecessor[node] = nearer;
      word |= UINT64_C(1) << (node - first);
      edges += degree(&s->forward, (int32_t)node);
      count++;
    }
    s->next_bits[first >> 6] = word;
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

static gli_status walk_top_down(searching *s, int64_t edges, int64_t *edges_out, gli_error *error) {
  gli_status status = GLI_OK;
  atomic_store_explicit(&s->next_count, 0, memory_order_relaxed);
  atomic_store_explicit(&s->next_edges, 0, memory_order_relaxed);
  if (edges + s->frontier_count < SERIAL_EDGES) {
    *edges_out = step_serially(s);
    status = gli_run_check(s->run, error);
  } else {
    const int64_t grain = gli__cpu_grain(s->frontier_count, edges, BLOCK_ENTRIES);
    status = gli_run_parallel(s->run, s->frontier_count, grain, top_down_block, s, error);
    *edges_out = atomic_load_explicit(&s->next_edges, memory_order_relaxed);
  }
  int32_t *walked = s->frontier;
  s->frontier = s->next;
  s->next = walked;
  s->frontier_count = atomic_load_explicit(&s->next_count, memory_order_relaxed);
  return status;
}

/* Both bitmaps and the opposite rows; only searches that go bottom-up ever need them. */
static gli_status enter_bottom_up(searching *s, gli_direction direction, gli_error *error) {
  const int64_t words = (s->node_limit + 63) / 64;
  if (!s->has_backward) {
    const gli_direction opposite = direction == GLI_OUT  ? GLI_IN
                                   : direction == GLI_IN ? GLI_OUT
                                                         : GLI_BOTH;
    const gli_status status = fetch_sides(s->snapshot, opposite, &s->backward, error);
    if (status != GLI_OK) return status;
    s->bits = gli_run_allocate(s->run, words, sizeof *s->bits);
    s->next_bits = gli_run_allocate(s->run, words, sizeof *s->next_bits);
    if (s->bits == NULL || s->next_bits == NULL) return gli_run_no_memory(s->run, error);
    s->has_backward = true;
  }
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

static gli_status walk(searching *s, const gli__search *search, int64_t edges, gli_error *error) {
  int64_t unseen = 0; /* row entries of the nodes that are not reached */
  int64_t target = 0, reached = s->frontier_count;
  bool bottom_up = false;
  for (int side = 0; side < s->forward.count; side++) {
    unseen += s->forward.rows[side].entry_count;
  }
  while (s->frontier_count > 0 && s->depth < search->max_depth &&
         !all_reached(s, &search->targets, &target)) {
    const int64_t before = s->frontier_count;
    gli_status status = GLI_OK;
    unseen -= edges;
    if (!bottom_up && edges > SERIAL_EDGES && edges > unseen / BOTTOM_UP_FACTOR &&
        may_go_bottom_up(s, search->direction, unseen)) {
      status = enter_bottom_up(s, search->direction, error);
      bottom_up = true;
    }
    if (status == GLI_OK) {
      status =
          bottom_up ? walk_bottom_up(s, &edges, error) : walk_top_down(s, edges, &edges, error);
    }
    if (status != GLI_OK) return status;
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
  memset(level, 0xff, (size_t)s.node_limit * sizeof *level);
  gli_run_prepared(run);
  int64_t edges = 0;
  for (int64_t k = 0; k < search->sources.count; k++) {
    const int32_t source = search->sources.nodes[k];
    if (level[source] == 0) continue;
    level[source] = 0;
    s.frontier[s.frontier_count++] = source;
    edges += degree(&s.forward, source);
  }
  status = walk(&s, search, edges, error);
  gli_run_release(run, s.frontier);
  gli_run_release(run, s.next);
  gli_run_release(run, s.bits);
  gli_run_release(run, s.next_bits);
  return status;
}
