/* greedy_color.c: the colouring that the greedy algorithm finds in a fixed order of the nodes, in
 * parallel (Jones and Plassmann 1993, doi:10.1137/0914041).
 *
 * A node waits for its neighbours that come before it in the order, and then takes the smallest
 * colour that none of them has: what a loop over the sorted nodes does, whatever the threads do.
 * Every node counts whom it waits for; the last of those puts it into the queue, in which each node
 * stands once. Between two ends of the queue no two nodes are neighbours. Long chains of waiting
 * (a path, in the order of its nodes) make short queues: these are worked off by the calling
 * thread, without a round each. O(n + m), 12 n bytes and one mark per colour and worker. */
#include <gli/algorithms/greedy_color.h>

#include "cpu/core/peel.h"
#include "cpu/kernels.h"
#include "cpu/priority.h"
#include "cpu/sides.h"

enum { BLOCK_ENTRIES = 1 << 14, SHORT_QUEUE = 1 << 10, CHECK_NODES = 1 << 12 };

typedef struct coloring {
  gli_run *run;
  gli__sides sides;
  const uint64_t *alive;
  uint32_t *rank;   /* smaller comes first; ties by index */
  uint32_t *before; /* neighbours, with multiplicity, that a node waits for */
  int32_t *queue;   /* [node_limit] */
  int64_t head, tail;
  int32_t *marks; /* [workers][colours]: the node, plus 1, that saw the colour last */
  int64_t mark_count;
  int64_t *color;
  int64_t seed;
} coloring;

static uint32_t length_of(const coloring *c, int64_t node) {
  uint32_t length = 0;
  for (int side = 0; side < c->sides.count; side++)
    length += c->sides.rows[side].rows[node].length;
  return length;
}

static bool precedes(const coloring *c, int32_t left, int32_t right) {
  const uint32_t a = c->rank[left], b = c->rank[right];
  return a != b ? a < b : left < right;
}

/* Highest degree first; an undirected loop has two ends, but stands in its row once. */
static void rank_by_degree(void *context, int64_t begin, int64_t end, int32_t worker) {
  coloring *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    uint32_t degree = length_of(c, v);
    const gli_row row = c->sides.rows[0].rows[v];
    for (uint32_t k = 0; c->sides.count == 1 && k < row.length; k++) {
      degree += c->sides.rows[0].neighbors[row.begin + k] == v;
    }
    c->rank[v] = UINT32_MAX - degree;
  }
}

static void rank_at_random(void *context, int64_t begin, int64_t end, int32_t worker) {
  coloring *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++)
    c->rank[v] = gli__priority(c->seed, v);
}

static void count_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  coloring *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    uint32_t before = 0;
    for (int side = 0; side < c->sides.count; side++) {
      const gli_row row = c->sides.rows[side].rows[v];
      for (uint32_t k = 0; k < row.length; k++) {
        before += precedes(c, c->sides.rows[side].neighbors[row.begin + k], (int32_t)v);
      }
    }
    c->before[v] = before;
    if (before == 0 && gli_bit(c->alive, v)) {
      c->queue[__atomic_fetch_add(&c->tail, 1, __ATOMIC_RELAXED)] = (int32_t)v;
    }
  }
}

static void color_node(coloring *c, int32_t node, int32_t *marks) {
  for (int side = 0; side < c->sides.count; side++) {
    const gli_rows *rows = &c->sides.rows[side];
    const gli_row row = rows->rows[node];
    for (uint32_t k = 0; k < row.length; k++) {
      const int32_t neighbor = rows->neighbors[row.begin + k];
      if (neighbor == node) continue;
      if (precedes(c, neighbor, node)) {
        marks[c->color[neighbor]] = node + 1;
      } else if (__atomic_sub_fetch(&c->before[neighbor], 1, __ATOMIC_RELAXED) == 0) {
        c->queue[__atomic_fetch_add(&c->tail, 1, __ATOMIC_RELAXED)] = neighbor;
      }
    }
  }
  int64_t color = 0;
  while (marks[color] == node + 1)
    color++;
  c->color[node] = color;
}

static void color_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  coloring *c = context;
  int32_t *marks = c->marks + worker * c->mark_count;
  for (int64_t k = begin; k < end && !gli_run_stopped(c->run); k++)
    color_node(c, c->queue[c->head + k], marks);
}

static gli_status color_all(coloring *c, int64_t limit, gli_error *error) {
  const int64_t grain = gli__cpu_grain(limit, gli__cpu_sides_entries(&c->sides), BLOCK_ENTRIES);
  int64_t done = 0;
  while (c->head < c->tail) {
    const int64_t count = c->tail - c->head;
    gli_status status = GLI_OK;
    if (count <= SHORT_QUEUE) {
      color_node(c, c->queue[c->head++], c->marks);
      if (++done % CHECK_NODES == 0) status = gli_run_check(c->run, error);
    } else {
      status = gli_run_parallel(c->run, count, grain, color_block, c, error);
      if (status == GLI_OK) status = gli_run_check(c->run, error);
      gli_run_count_iteration(c->run);
      c->head += count;
    }
    if (status != GLI_OK) return status;
    gli_run_progress(c->run, (double)c->head, (double)limit);
  }
  return gli_run_check(c->run, error);
}

/* The place of every node in the order that `strategy` names. */
static gli_status rank_nodes(coloring *c, gli_snapshot *snapshot,
                             const gli_greedy_color_options *given, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  if (given->strategy[0] == 'r') {
    c->seed = given->seed;
    return gli_run_parallel(c->run, limit, BLOCK_ENTRIES, rank_at_random, c, error);
  }
  if (given->strategy[0] == 'l') {
    const int64_t grain = gli__cpu_grain(limit, gli__cpu_sides_entries(&c->sides), BLOCK_ENTRIES);
    return gli_run_parallel(c->run, limit, grain, rank_by_degree, c, error);
  }
  int32_t *order = NULL;
  int64_t *core = gli_run_allocate_zeroed(c->run, limit, sizeof *core);
  if (core == NULL) return gli_run_no_memory(c->run, error);
  const gli_status status = gli__cpu_peel(c->run, snapshot, false, core, &order, error);
  for (int64_t k = 0; status == GLI_OK && k < limit; k++)
    c->rank[order[k]] = (uint32_t)(limit - 1 - k);
  gli_run_release(c->run, core);
  return status;
}

gli_status gli__cpu_greedy_color(gli_run *run, gli_snapshot *snapshot, const void *options,
                                 gli_result *result, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  coloring c = {.run = run, .alive = gli_snapshot_node_bits(snapshot)};
  void *color = NULL, *count = NULL;
  gli_status status =
      gli_result_add_column(result, "color", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &color, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status == GLI_OK) status = gli__cpu_sides(snapshot, &c.sides, error);
  if (status != GLI_OK || limit == 0) return status;
  c.color = color;
  for (int64_t v = 0; v < limit; v++)
    c.mark_count = length_of(&c, v) + 1 > c.mark_count ? length_of(&c, v) + 1 : c.mark_count;
  c.rank = gli_run_allocate(run, limit, sizeof *c.rank);
  c.before = gli_run_allocate(run, limit, sizeof *c.before);
  c.queue = gli_run_allocate(run, limit, sizeof *c.queue);
  c.marks = gli_run_allocate_zeroed(run, c.mark_count * gli_run_threads(run), sizeof *c.marks);
  if (c.rank == NULL || c.before == NULL || c.queue == NULL || c.marks == NULL) {
    return gli_run_no_memory(run, error);
  }
  status = rank_nodes(&c, snapshot, options, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  const int64_t grain = gli__cpu_grain(limit, gli__cpu_sides_entries(&c.sides), BLOCK_ENTRIES);
  status = gli_run_parallel(run, limit, grain, count_block, &c, error);
  if (status == GLI_OK) status = color_all(&c, limit, error);
  int64_t used = 0;
  for (int64_t v = 0; status == GLI_OK && v < limit; v++) {
    if (gli_bit(c.alive, v) && c.color[v] >= used) used = c.color[v] + 1;
  }
  *(int64_t *)count = used;
  return status;
}
