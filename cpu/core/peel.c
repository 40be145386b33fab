/* peel.c: peeling level by level, with one queue (Kabir and Madduri 2017, PKC, on one thread).
 *
 * At level k all nodes that are left with exactly k edges enter the queue; each that leaves it
 * takes one edge from every neighbour above k, and neighbours that come down to k enter as well. A
 * node's core number is the level that it was peeled at. In a directed graph mutual neighbours are
 * joined twice and lose two. Looking for the nodes of a level goes through all that are left: the
 * sum of the core numbers over all nodes at the most, which is below the number of entries. O(n +
 * m), 12 bytes per node beside the simple rows, and one per entry where directions count.
 *
 * Keeping nodes sorted by remaining degree (Batagelj and Zaversnik 2003) touches five arrays for
 * each edge that goes, where this touches one: 50 ms on a Kronecker graph of scale 17 against 12
 * (single runs, as what follows); with branches instead of sums 28, without prefetching 24, which
 * matters more still where the rows of neighbours lie anywhere in memory. On one thread: most
 * levels of such a graph are too thin to share out, and an atomic decrement costs more than all of
 * this per edge. */
#include "cpu/core/peel.h"

#include "cpu/simple.h"

enum { AHEAD = 8 }; /* how many nodes of the queue ahead rows are fetched */

typedef struct peeling {
  gli_run *run;
  const gli_simple_rows *simple;
  const uint8_t *directions; /* NULL: each neighbour counts 1 */
  int64_t limit;
  uint32_t *left;   /* edges to nodes not peeled yet; at most the core number once peeled */
  int32_t *waiting; /* nodes not peeled when the level began */
  int32_t *queue;   /* nodes in the order in which they are peeled */
  int64_t waiting_count, queued, looked_at;
} peeling;

/* Nodes with `level` edges into the queue, those peeled before out of the list. Returns the level
 * of the next ones that wait. */
static uint32_t open_level(peeling *p, uint32_t level) {
  uint32_t next = UINT32_MAX;
  int64_t kept = 0, queued = p->queued;
  for (int64_t k = 0; k < p->waiting_count; k++) {
    const int32_t v = p->waiting[k];
    const uint32_t left = p->left[v];
    /* Both are written every time: room is there, and what fails to count is written over. */
    p->waiting[kept] = v;
    kept += left > level;
    if (left == level) p->queue[queued++] = v;
    if (left > level && left < next) next = left;
  }
  p->looked_at += p->waiting_count;
  p->waiting_count = kept;
  p->queued = queued;
  return next;
}

/* The neighbours of `v` lose their edges to it. Whether a neighbour is above the level and whether
 * it comes down to it cannot be foretold, so there are no branches: the queue has room for one
 * more. */
static void peel_node(peeling *p, int32_t v, uint32_t level) {
  const int64_t begin = p->simple->offsets[v], end = p->simple->offsets[v + 1];
  const int32_t *neighbors = p->simple->neighbors;
  uint32_t *left = p->left;
  int32_t *queue = p->queue;
  int64_t queued = p->queued;
  for (int64_t k = begin; k < end; k++) {
    const int32_t u = neighbors[k];
    const uint32_t before = left[u];
    left[u] = before - (before > level);
    queue[queued] = u;
    queued += before == level + 1;
  }
  p->queued = queued;
}

/* The same where mutual neighbours lose two. */
static void peel_node_directed(peeling *p, int32_t v, uint32_t level) {
  const int64_t begin = p->simple->offsets[v], end = p->simple->offsets[v + 1];
  for (int64_t k = begin; k < end; k++) {
    const int32_t u = p->simple->neighbors[k];
    const uint32_t before = p->left[u];
    if (before <= level) continue;
    const uint32_t after = before - (p->directions[k] == 3 ? 2 : 1);
    p->left[u] = after > level ? after : level;
    if (after <= level) p->queue[p->queued++] = u;
  }
}

/* Rows of nodes that wait in the queue come from memory while others are peeled. Inlined early: GCC
 * drops calls of functions that do nothing but prefetch. */
static inline __attribute__((always_inline)) void fetch_ahead(const peeling *p, int64_t done) {
  if (done + 2 * AHEAD < p->queued) {
    __builtin_prefetch(&p->simple->offsets[p->queue[done + 2 * AHEAD]]);
  }
  if (done + AHEAD < p->queued) {
    __builtin_prefetch(&p->simple->neighbors[p->simple->offsets[p->queue[done + AHEAD]]]);
  }
}

static gli_status peel(peeling *p, int64_t *core, gli_error *error) {
  int64_t done = 0;
  for (uint32_t level = 0; p->waiting_count > 0;) {
    const uint32_t next = open_level(p, level);
    if (done == p->queued) { /* nobody stands at this level */
      level = next;
      continue;
    }
    for (; done < p->queued; done++) {
      const int32_t v = p->queue[done];
      fetch_ahead(p, done);
      core[v] = level;
      if (p->directions == NULL) {
        peel_node(p, v, level);
      } else {
        peel_node_directed(p, v, level);
      }
      p->looked_at += p->simple->offsets[v + 1] - p->simple->offsets[v] + 1;
      if (p->looked_at < 1 << 16) continue;
      p->looked_at = 0;
      gli_run_progress(p->run, (double)done, (double)p->limit);
      const gli_status status = gli_run_check(p->run, error);
      if (status != GLI_OK) return status;
    }
    level++;
  }
  return GLI_OK;
}

static void count_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  peeling *p = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const int64_t first = p->simple->offsets[v], past = p->simple->offsets[v + 1];
    int64_t left = past - first;
    for (int64_t k = first; p->directions != NULL && k < past; k++)
      left += p->directions[k] == 3;
    p->left[v] = (uint32_t)left;
    p->waiting[v] = (int32_t)v;
  }
}

gli_status gli__cpu_peel(gli_run *run, gli_snapshot *snapshot, bool both_directions, int64_t *core,
                         int32_t **order_out, gli_error *error) {
  gli_simple_rows simple;
  peeling p = {.run = run, .simple = &simple, .limit = gli_snapshot_node_limit(snapshot)};
  gli_status status = gli_snapshot_simple_rows(snapshot, &simple, error);
  if (status != GLI_OK) return status;
  if (both_directions && p.limit > 0 && gli_snapshot_is_directed(snapshot)) {
    uint8_t *directions = NULL;
    status = gli__cpu_simple_directions(run, snapshot, &simple, &directions, error);
    if (status != GLI_OK) return status;
    p.directions = directions;
  }
  p.left = gli_run_allocate(run, p.limit, sizeof *p.left);
  p.waiting = gli_run_allocate(run, p.limit, sizeof *p.waiting);
  p.queue = gli_run_allocate(run, p.limit + 1, sizeof *p.queue);
  if (p.left == NULL || p.waiting == NULL || p.queue == NULL) return gli_run_no_memory(run, error);
  p.waiting_count = p.limit;
  gli_run_prepared(run);
  status = gli_run_parallel(run, p.limit, 1 << 14, count_block, &p, error);
  if (status == GLI_OK) status = peel(&p, core, error);
  if (status == GLI_OK && order_out != NULL) *order_out = p.queue;
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
