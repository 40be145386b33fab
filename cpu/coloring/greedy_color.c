/* greedy_color.c: the colouring that the greedy algorithm finds in a fixed order of the nodes.
 *
 * Node after node takes the smallest colour that none of its neighbours has. A node without a
 * colour has a number that nobody looks at, so each entry of a row takes a load and a store and no
 * decision; where a row is short, which most are, an "or" into a word instead. O(n + m).
 *
 * On one thread. In parallel (Jones and Plassmann 1993, doi:10.1137/0914041) a node waits for the
 * neighbours before it in the order, whose last one puts it into a queue: that compares ranks and
 * counts down at every entry, on lines that all threads want. A Kronecker graph of scale 14 took
 * 2.6 ms that way on one thread and 2.4 on two, of scale 17 29 and 36; it is .39 and 6.1 here, the
 * sorting of nodes left out on both sides. */
#include <assert.h>
#include <gli/algorithms/greedy_color.h>
#include <string.h>

#include "cpu/core/peel.h"
#include "cpu/kernels.h"
#include "cpu/priority.h"
#include "cpu/sides.h"

enum { BLOCK_ENTRIES = 1 << 14, BLOCK_EDGES = 1 << 16, CHECK_ENTRIES = 1 << 16, AHEAD = 8 };
enum { FEW = 62 };

typedef struct coloring {
  gli_run *run;
  gli__sides sides;
  const uint64_t *alive;
  int64_t limit, seed;
  uint32_t *rank;                   /* smaller comes first; ties by index */
  int32_t *marks;                   /* [longest + 2]: the node, plus 1, that saw the colour last */
  int32_t *color;                   /* `longest + 1` until it is known */
  uint8_t *small;                   /* the same, FEW + 1 when larger or not known */
  int64_t longest;                  /* entries at a node */
  const int32_t *sources, *targets; /* of edges */
  bool has_loops;                   /* in an undirected graph */
} coloring;

static uint32_t length_of(const coloring *c, int64_t node) {
  uint32_t length = 0;
  for (int side = 0; side < c->sides.count; side++)
    length += c->sides.rows[side].rows[node].length;
  return length;
}

/* --- The order -------------------------------------------------------------------------------- */

/* Highest degree first; an undirected loop has two ends, but stands in its row once. */
static void rank_by_degree(void *context, int64_t begin, int64_t end, int32_t worker) {
  coloring *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    uint32_t degree = length_of(c, v);
    const gli_row row = c->sides.rows[0].rows[v];
    for (uint32_t k = 0; c->has_loops && k < row.length; k++)
      degree += c->sides.rows[0].neighbors[row.begin + k] == v;
    c->rank[v] = UINT32_MAX - degree;
  }
}

/* Whether any edge may be a loop: from both ends, which lie side by side, and not from rows. */
static void look_for_loops(void *context, int64_t begin, int64_t end, int32_t worker) {
  coloring *c = context;
  uint32_t loops = 0;
  (void)worker;
  for (int64_t e = begin; e < end; e++)
    loops += c->sources[e] == c->targets[e];
  if (loops > 0) __atomic_store_n(&c->has_loops, true, __ATOMIC_RELAXED);
}

static void rank_at_random(void *context, int64_t begin, int64_t end, int32_t worker) {
  coloring *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++)
    c->rank[v] = gli__priority(c->seed, v);
}

/* Digits that hold most degrees, and take no more room than the nodes. */
static int digit_bits(int64_t limit) {
  int bits = 8;
  while (bits < 16 && INT64_C(1) << bits < limit)
    bits++;
  return bits;
}

/* The nodes by rank, ties by index: stable counting sorts by one digit after the other. Digits in
 * which all nodes agree are left out: all but one where ranks are degrees. */
static gli_status sort_nodes(coloring *c, int32_t **order_out, gli_error *error) {
  const int bits = digit_bits(c->limit);
  const uint32_t digits = UINT32_C(1) << bits;
  int32_t *order = gli_run_allocate(c->run, c->limit, sizeof *order);
  int32_t *other = gli_run_allocate(c->run, c->limit, sizeof *other);
  uint32_t *places = gli_run_allocate(c->run, digits + 1, sizeof *places);
  if (order == NULL || other == NULL || places == NULL) return gli_run_no_memory(c->run, error);
  for (int64_t v = 0; v < c->limit; v++)
    order[v] = (int32_t)v;
  for (int shift = 0; shift < 32; shift += bits) {
    memset(places, 0, (digits + 1) * sizeof *places);
    for (int64_t v = 0; v < c->limit; v++)
      places[(c->rank[v] >> shift) % digits + 1]++;
    if (places[(c->rank[0] >> shift) % digits + 1] == (uint32_t)c->limit) continue;
    for (uint32_t k = 0; k < digits; k++)
      places[k + 1] += places[k];
    for (int64_t k = 0; k < c->limit; k++) {
      other[places[(c->rank[order[k]] >> shift) % digits]++] = order[k];
      if (k % CHECK_ENTRIES != CHECK_ENTRIES - 1) continue;
      const gli_status status = gli_run_check(c->run, error);
      if (status != GLI_OK) return status;
    }
    int32_t *const sorted = other;
    other = order;
    order = sorted;
  }
  gli_run_release(c->run, other);
  gli_run_release(c->run, places);
  *order_out = order;
  return gli_run_check(c->run, error);
}

/* --- The colours ------------------------------------------------------------------------------ */

static int32_t smallest_free(const int32_t *marks, int32_t node) {
  int32_t color = 0;
  while (marks[color] == node + 1)
    color++;
  return color;
}

/* Inlined early: GCC drops calls of functions that do nothing but prefetch. */
static inline __attribute__((always_inline)) void fetch_ahead(const coloring *c,
                                                              const int32_t *order, int64_t at) {
  for (int side = 0; side < c->sides.count; side++) {
    const gli_rows *rows = &c->sides.rows[side];
    if (at + 2 * AHEAD < c->limit) __builtin_prefetch(&rows->rows[order[at + 2 * AHEAD]]);
    if (at + AHEAD < c->limit)
      __builtin_prefetch(&rows->neighbors[rows->rows[order[at + AHEAD]].begin]);
  }
}

/* The smallest colour that no neighbour has. Who has none yet marks a place that nobody looks at:
 * there is nothing to foretell. */
static int32_t color_of(const coloring *c, int32_t node) {
  for (int side = 0; side < c->sides.count; side++) {
    const gli_row row = c->sides.rows[side].rows[node];
    const int32_t *neighbors = c->sides.rows[side].neighbors + row.begin;
    for (uint32_t k = 0; k < row.length; k++)
      c->marks[c->color[neighbors[k]]] = node + 1;
  }
  return smallest_free(c->marks, node);
}

/* The same for a node of at most FEW entries: a word has a bit for each colour that it may get, and
 * one for all others. */
static int32_t color_of_few(const coloring *c, int32_t node) {
  uint64_t seen = 0;
  for (int side = 0; side < c->sides.count; side++) {
    const gli_row row = c->sides.rows[side].rows[node];
    const int32_t *neighbors = c->sides.rows[side].neighbors + row.begin;
    for (uint32_t k = 0; k < row.length; k++)
      seen |= UINT64_C(1) << c->small[neighbors[k]];
  }
  return __builtin_ctzll(~seen);
}

static gli_status color_in_turn(coloring *c, const int32_t *order, gli_error *error) {
  const int32_t none = (int32_t)c->longest + 1;
  int64_t entries = 0;
  memset(c->small, FEW + 1, (size_t)c->limit * sizeof *c->small);
  for (int64_t v = 0; v < c->limit; v++)
    c->color[v] = none;
  for (int64_t at = 0; at < c->limit; at++) {
    const int32_t node = order[at];
    const uint32_t length = length_of(c, node);
    fetch_ahead(c, order, at);
    const int32_t color = length <= FEW ? color_of_few(c, node) : color_of(c, node);
    c->color[node] = color;
    c->small[node] = (uint8_t)(color <= FEW ? color : FEW + 1);
    entries += length + 1;
    if (entries < CHECK_ENTRIES) continue;
    entries = 0;
    gli_run_progress(c->run, (double)at, (double)c->limit);
    const gli_status status = gli_run_check(c->run, error);
    if (status != GLI_OK) return status;
  }
  return gli_run_check(c->run, error);
}

/* --- The call --------------------------------------------------------------------------------- */

/* The last to be peeled comes first. */
static gli_status order_by_peeling(coloring *c, gli_snapshot *snapshot, int32_t **order_out,
                                   gli_error *error) {
  int64_t *core = gli_run_allocate_zeroed(c->run, c->limit, sizeof *core);
  if (core == NULL) return gli_run_no_memory(c->run, error);
  const gli_status status = gli__cpu_peel(c->run, snapshot, false, core, order_out, error);
  gli_run_release(c->run, core);
  if (status != GLI_OK) return status;
  for (int64_t first = 0, last = c->limit - 1; first < last; first++, last--) {
    const int32_t node = (*order_out)[first];
    (*order_out)[first] = (*order_out)[last];
    (*order_out)[last] = node;
  }
  return GLI_OK;
}

/* The nodes in the order that `strategy` names. */
static gli_status order_nodes(coloring *c, gli_snapshot *snapshot,
                              const gli_greedy_color_options *given, int32_t **order_out,
                              gli_error *error) {
  if (given->strategy[0] == 's') return order_by_peeling(c, snapshot, order_out, error);
  gli_status status = GLI_OK;
  c->seed = given->seed;
  c->rank = gli_run_allocate(c->run, c->limit, sizeof *c->rank);
  if (c->rank == NULL) return gli_run_no_memory(c->run, error);
  if (given->strategy[0] == 'r') {
    status = gli_run_parallel(c->run, c->limit, BLOCK_ENTRIES, rank_at_random, c, error);
  } else {
    gli_snapshot_edge_ends(snapshot, &c->sources, &c->targets);
    if (c->sides.count == 1)
      status = gli_run_parallel(c->run, gli_snapshot_edge_limit(snapshot), BLOCK_EDGES,
                                look_for_loops, c, error);
    const int64_t entries = c->has_loops ? gli__cpu_sides_entries(&c->sides) : 0;
    const int64_t grain = gli__cpu_grain(c->limit, entries, BLOCK_ENTRIES);
    if (status == GLI_OK)
      status = gli_run_parallel(c->run, c->limit, grain, rank_by_degree, c, error);
  }
  if (status == GLI_OK) status = sort_nodes(c, order_out, error);
  gli_run_release(c->run, c->rank);
  return status;
}

static gli_status color_all(coloring *c, gli_snapshot *snapshot,
                            const gli_greedy_color_options *given, gli_error *error) {
  int32_t *order = NULL;
  for (int64_t v = 0; v < c->limit; v++)
    c->longest = length_of(c, v) > c->longest ? length_of(c, v) : c->longest;
  if (c->longest >= c->limit) c->longest = c->limit - 1; /* parallel edges */
  const gli_status status = order_nodes(c, snapshot, given, &order, error);
  if (status != GLI_OK) return status;
  assert(order != NULL);
  c->color = gli_run_allocate(c->run, c->limit, sizeof *c->color);
  c->small = gli_run_allocate(c->run, c->limit, sizeof *c->small);
  c->marks = gli_run_allocate_zeroed(c->run, c->longest + 2, sizeof *c->marks);
  if (c->color == NULL || c->small == NULL || c->marks == NULL)
    return gli_run_no_memory(c->run, error);
  gli_run_prepared(c->run);
  return color_in_turn(c, order, error);
}

gli_status gli__cpu_greedy_color(gli_run *run, gli_snapshot *snapshot, const void *options,
                                 gli_result *result, gli_error *error) {
  coloring c = {.run = run,
                .alive = gli_snapshot_node_bits(snapshot),
                .limit = gli_snapshot_node_limit(snapshot)};
  void *color = NULL, *count = NULL;
  gli_status status =
      gli_result_add_column(result, "color", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &color, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  if (status == GLI_OK) status = gli__cpu_sides(snapshot, &c.sides, error);
  if (status != GLI_OK || c.limit == 0) return status;
  status = color_all(&c, snapshot, options, error);
  int32_t used = 0;
  for (int64_t v = 0; status == GLI_OK && v < c.limit; v++) {
    if (gli_bit(c.alive, v) && c.color[v] >= used) used = c.color[v] + 1;
  }
  if (status != GLI_OK) return status;
  *(int64_t *)count = used;
  return gli__cpu_widen(run, snapshot, c.color, color, error);
}
