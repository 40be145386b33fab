/* eccentricities.c: the farthest distance from each node, with as few searches as bounds allow.
 *
 * Without weights (Takes and Kosters 2011, doi:10.1145/2063576.2063748, and 2013 for all nodes): a
 * search from v, whose eccentricity is e, says of every w that
 *     max(d(w, v), e - d(v, w))  <=  eccentricity of w  <=  d(w, v) + e,
 * and where both bounds meet, w needs no search. Nodes are searched from in turns: the largest
 * upper bound, which is where the diameter may be, then the smallest lower bound, the center. For
 * the diameter or the radius alone it ends once no bound can beat what was found. On graphs of
 * small diameter a few dozen searches settle all; on meshes they do not: when the last STRIDE
 * searches settled fewer than SETTLED nodes each, what is left is searched 64 at a time
 * (together.h), one group a worker, which costs as much per node.
 *
 * In a directed graph only nodes that lead to every other have a finite eccentricity: one such node
 * is what the last restart of a search over all nodes finds, if there is any; they are what leads
 * to it.
 *
 * With weights one run of Dijkstra's algorithm from each node, one a worker: bounds of sums of
 * floats would not be exact. Ties go to the smallest index, the choice of nodes depends on exact
 * numbers alone: the same on any number of threads. */
#include "cpu/shortest_paths/eccentricities.h"

#include <math.h>

#include "cpu/common.h"
#include "cpu/shortest_paths/alone.h"
#include "cpu/shortest_paths/correcting.h"
#include "cpu/traversal/search.h"
#include "cpu/traversal/together.h"

enum { STRIDE = 16, SETTLED = 16, BLOCK_NODES = 1 << 14, CHECK_STEPS = 1 << 16 };

typedef struct bounding {
  gli_run *run;
  gli_snapshot *snapshot;
  gli_direction direction, opposite;
  bool symmetric; /* as far from v as to it */
  int32_t limit;
  gli__extent wanted;
  int32_t *lower, *upper;    /* [node_limit] equal: settled; -1: no such node, or infinite */
  int32_t *leaving, *coming; /* [node_limit] hops from and to the node searched from */
  int64_t candidates;        /* nodes of a finite eccentricity */
  int32_t diameter, radius;  /* the largest lower bound, the smallest upper one */
  int64_t open;              /* nodes that still matter */
  int32_t farthest, nearest; /* of these: the largest upper, the smallest lower bound */
} bounding;

static gli_status search(bounding *b, int32_t source, gli_direction direction, int32_t *level,
                         gli_error *error) {
  const gli__search from = {
      .sources = {&source, 1}, .direction = direction, .max_depth = INT32_MAX};
  return gli__cpu_search(b->run, b->snapshot, &from, level, NULL, error);
}

/* --- Which nodes reach all others ------------------------------------------------------------ */

/* The last node from which a search over all nodes had to start anew. */
static gli_status last_restart(bounding *b, int32_t *node_out, gli_error *error) {
  const uint64_t *bits = gli_snapshot_node_bits(b->snapshot);
  gli_rows rows;
  gli_status status = gli__cpu_rows(b->snapshot, b->direction, &rows, error);
  if (status != GLI_OK) return status;
  int32_t *seen = b->leaving, *stack = b->coming; /* not in use yet */
  int64_t count = 0, steps = 0;
  for (int32_t v = 0; v < b->limit; v++)
    seen[v] = 0;
  for (int32_t v = 0; v < b->limit; v++) {
    if (seen[v] || !gli_bit(bits, v)) continue;
    *node_out = v;
    seen[v] = 1;
    stack[count++] = v;
    while (count > 0) {
      const gli_row row = rows.rows[stack[--count]];
      for (int64_t k = row.begin; k < row.begin + row.length; k++) {
        if (seen[rows.neighbors[k]]) continue;
        seen[rows.neighbors[k]] = 1;
        stack[count++] = rows.neighbors[k];
      }
      steps += 1 + (int64_t)row.length;
      if (steps < CHECK_STEPS) continue;
      steps = 0;
      status = gli_run_check(b->run, error);
      if (status != GLI_OK) return status;
    }
  }
  return GLI_OK;
}

static int64_t count_reached(const bounding *b, const int32_t *level) {
  int64_t reached = 0;
  for (int32_t v = 0; v < b->limit; v++)
    reached += level[v] >= 0;
  return reached;
}

/* Set the bounds of the nodes that reach all others wide open. */
static gli_status find_candidates(bounding *b, gli_error *error) {
  const uint64_t *bits = gli_snapshot_node_bits(b->snapshot);
  int32_t root = 0;
  while (!gli_bit(bits, root))
    root++;
  gli_status status = b->symmetric ? GLI_OK : last_restart(b, &root, error);
  if (status == GLI_OK) status = search(b, root, b->direction, b->leaving, error);
  if (status != GLI_OK) return status;
  const bool reaches_all = count_reached(b, b->leaving) == gli_snapshot_node_count(b->snapshot);
  if (reaches_all && !b->symmetric) status = search(b, root, b->opposite, b->coming, error);
  const int32_t *leads = b->symmetric ? b->leaving : b->coming;
  for (int32_t v = 0; status == GLI_OK && v < b->limit; v++) {
    const bool candidate = reaches_all && leads[v] >= 0;
    b->lower[v] = candidate ? 0 : -1;
    b->upper[v] = candidate ? INT32_MAX : -1;
    b->candidates += candidate;
  }
  return status;
}

/* --- Bounds ---------------------------------------------------------------------------------- */

typedef struct bound_block {
  int32_t diameter, radius;
} bound_block;

typedef struct tightening {
  const bounding *b;
  int32_t eccentricity;
  int64_t grain;
  bound_block *blocks;
} tightening;

static void tighten_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const tightening *t = context;
  const bounding *b = t->b;
  const int32_t *coming = b->symmetric ? b->leaving : b->coming;
  bound_block found = {0, INT32_MAX};
  (void)worker;
  for (int64_t w = begin; w < end; w++) {
    if (b->lower[w] < 0) continue;
    if (b->lower[w] != b->upper[w]) {
      const int32_t far = t->eccentricity - b->leaving[w];
      const int32_t low = far > coming[w] ? far : coming[w], high = coming[w] + t->eccentricity;
      if (low > b->lower[w]) b->lower[w] = low;
      if (high < b->upper[w]) b->upper[w] = high;
    }
    if (b->lower[w] > found.diameter) found.diameter = b->lower[w];
    if (b->upper[w] < found.radius) found.radius = b->upper[w];
  }
  t->blocks[begin / t->grain] = found;
}

static bool matters(const bounding *b, int32_t v) {
  if (b->lower[v] == b->upper[v]) return false; /* -1 and -1 too */
  if (b->wanted == GLI__DIAMETER) return b->upper[v] > b->diameter;
  if (b->wanted == GLI__RADIUS) return b->lower[v] < b->radius;
  return true;
}

/* Count the nodes that matter still, and choose among them. */
static void look_over(bounding *b) {
  b->open = 0;
  b->farthest = b->nearest = GLI_NODE_NONE;
  for (int32_t v = 0; v < b->limit; v++) {
    if (!matters(b, v)) continue;
    b->open++;
    if (b->farthest < 0 || b->upper[v] > b->upper[b->farthest]) b->farthest = v;
    if (b->nearest < 0 || b->lower[v] < b->lower[b->nearest]) b->nearest = v;
  }
}

/* Search from `node`, and tighten the bounds by what that says. */
static gli_status settle(bounding *b, int32_t node, bound_block *blocks, gli_error *error) {
  gli_status status = search(b, node, b->direction, b->leaving, error);
  if (status == GLI_OK && !b->symmetric) status = search(b, node, b->opposite, b->coming, error);
  if (status != GLI_OK) return status;
  tightening t = {.b = b, .grain = BLOCK_NODES, .blocks = blocks};
  for (int32_t v = 0; v < b->limit; v++)
    if (b->leaving[v] > t.eccentricity) t.eccentricity = b->leaving[v];
  b->lower[node] = b->upper[node] = t.eccentricity;
  status = gli_run_parallel(b->run, b->limit, BLOCK_NODES, tighten_block, &t, error);
  if (status != GLI_OK) return status;
  b->diameter = 0;
  b->radius = INT32_MAX;
  for (int64_t k = 0; k < gli__cpu_block_count(b->limit, BLOCK_NODES); k++) {
    if (blocks[k].diameter > b->diameter) b->diameter = blocks[k].diameter;
    if (blocks[k].radius < b->radius) b->radius = blocks[k].radius;
  }
  look_over(b);
  gli_run_progress(b->run, (double)(b->candidates - b->open), (double)b->candidates);
  gli_run_count_iteration(b->run);
  return gli_run_check(b->run, error);
}

/* The node with the longest row: near the center more often than not. */
static int32_t first_choice(const bounding *b) {
  const gli_rows rows = gli_snapshot_out_rows(b->snapshot);
  int32_t best = GLI_NODE_NONE;
  for (int32_t v = 0; v < b->limit; v++) {
    if (b->lower[v] < 0) continue;
    if (best < 0 || rows.rows[v].length > rows.rows[best].length) best = v;
  }
  return best;
}

static gli_status bound(bounding *b, gli_error *error) {
  bound_block *blocks =
      gli_run_allocate(b->run, gli__cpu_block_count(b->limit, BLOCK_NODES), sizeof *blocks);
  if (blocks == NULL) return gli_run_no_memory(b->run, error);
  gli_status status = settle(b, first_choice(b), blocks, error);
  for (int64_t before = b->candidates, round = 1; status == GLI_OK && b->open > 0; round++) {
    if (round % STRIDE == 0) {
      if (before - b->open < (int64_t)STRIDE * SETTLED && b->open > SETTLED) break;
      before = b->open;
    }
    status = settle(b, round % 2 == 1 ? b->farthest : b->nearest, blocks, error);
  }
  gli_run_release(b->run, blocks);
  return status;
}

/* --- What is left, 64 at a time --------------------------------------------------------------- */

typedef struct finishing {
  bounding *b;
  gli__together together;
  gli__together_scratch *workers;
  const int32_t *nodes;
  int64_t count;
} finishing;

/* The last level at which each search of the group arrived anywhere. */
typedef struct last_levels {
  int32_t at[GLI__TOGETHER];
} last_levels;

static void note_level(void *context, int32_t node, uint64_t fresh, int64_t level) {
  last_levels *last = context;
  (void)node;
  for (; fresh != 0; fresh &= fresh - 1)
    last->at[__builtin_ctzll(fresh)] = (int32_t)level;
}

static void finish_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const finishing *f = context;
  for (int64_t group = begin; group < end; group++) {
    const int64_t first = group * GLI__TOGETHER, left = f->count - first;
    const int64_t count = left < GLI__TOGETHER ? left : GLI__TOGETHER;
    last_levels last = {{0}};
    gli__together_search(&f->together, &f->workers[worker], f->nodes + first, count, INT64_MAX,
                         note_level, &last);
    for (int64_t k = 0; k < count; k++)
      f->b->lower[f->nodes[first + k]] = f->b->upper[f->nodes[first + k]] = last.at[k];
  }
}

static gli_status finish(bounding *b, gli_error *error) {
  finishing f = {.b = b};
  int32_t *nodes = gli_run_allocate(b->run, b->open, sizeof *nodes);
  const int32_t threads = gli_run_threads(b->run);
  f.workers = gli_run_allocate_zeroed(b->run, threads, sizeof *f.workers);
  if (nodes == NULL || f.workers == NULL) return gli_run_no_memory(b->run, error);
  gli_status status = gli__together_prepare(b->run, b->snapshot, b->direction, &f.together, error);
  for (int32_t k = 0; status == GLI_OK && k < threads; k++) {
    if (!gli__together_allocate(&f.together, &f.workers[k])) {
      return gli_run_no_memory(b->run, error);
    }
    status = gli_run_check(b->run, error);
  }
  if (status != GLI_OK) return status;
  for (int32_t v = 0; v < b->limit; v++)
    if (matters(b, v)) nodes[f.count++] = v;
  f.nodes = nodes;
  const int64_t groups = gli__cpu_block_count(f.count, GLI__TOGETHER);
  status = gli_run_parallel(b->run, groups, 1, finish_block, &f, error);
  if (status == GLI_OK) status = gli_run_check(b->run, error);
  for (int64_t k = 0; status == GLI_OK && k < f.count; k++) {
    const int32_t found = b->lower[nodes[k]];
    if (found > b->diameter) b->diameter = found;
    if (found < b->radius) b->radius = found;
  }
  return status;
}

static gli_status by_hops(gli_run *run, gli_snapshot *snapshot, const char *direction,
                          gli__eccentricities *of, gli_error *error) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  bounding b = {.run = run,
                .snapshot = snapshot,
                .direction = gli__cpu_direction(direction),
                .limit = limit,
                .wanted = of->wanted,
                .radius = INT32_MAX};
  b.symmetric = !gli_snapshot_is_directed(snapshot) || b.direction == GLI_BOTH;
  b.opposite = b.direction == GLI_OUT ? GLI_IN : GLI_OUT;
  b.lower = gli_run_allocate(run, limit, sizeof *b.lower);
  b.upper = gli_run_allocate(run, limit, sizeof *b.upper);
  b.leaving = gli_run_allocate(run, limit, sizeof *b.leaving);
  b.coming = gli_run_allocate(run, limit, sizeof *b.coming);
  if (b.lower == NULL || b.upper == NULL || b.leaving == NULL || b.coming == NULL)
    return gli_run_no_memory(run, error);
  gli_status status = find_candidates(&b, error);
  if (status != GLI_OK) return status;
  const bool all_finite = b.candidates == gli_snapshot_node_count(snapshot);
  of->diameter = of->radius = (double)INFINITY;
  if (b.candidates > 0 && (all_finite || b.wanted != GLI__DIAMETER)) {
    status = bound(&b, error);
    if (status == GLI_OK && b.open > 0) status = finish(&b, error);
    if (all_finite) of->diameter = b.diameter;
    of->radius = b.radius;
  }
  for (int32_t v = 0; status == GLI_OK && of->eccentricity != NULL && v < limit; v++)
    of->eccentricity[v] = b.lower[v] < 0 ? (double)INFINITY : b.lower[v];
  return status;
}

/* --- With weights ----------------------------------------------------------------------------- */

typedef struct weighing {
  gli_run *run;
  gli__weighted_rows along;
  gli__alone *workers;
  const uint64_t *bits;
  int64_t node_count;
  double *eccentricity;
} weighing;

static void weigh_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const weighing *w = context;
  gli__alone *alone = &w->workers[worker];
  for (int64_t v = begin; v < end && !gli_run_stopped(w->run); v++) {
    if (!gli_bit(w->bits, v)) continue;
    gli__alone_search(w->run, &w->along, alone, (int32_t)v, (double)INFINITY);
    w->eccentricity[v] = alone->settled_count < w->node_count
                             ? (double)INFINITY
                             : alone->distance[alone->settled[alone->settled_count - 1]];
    gli__alone_clear(alone);
  }
}

static gli_status by_weight(gli_run *run, gli_snapshot *snapshot, const char *weight,
                            const char *direction, gli__eccentricities *of, gli_error *error) {
  const int32_t limit = gli_snapshot_node_limit(snapshot), threads = gli_run_threads(run);
  weighing w = {.run = run,
                .bits = gli_snapshot_node_bits(snapshot),
                .node_count = gli_snapshot_node_count(snapshot),
                .eccentricity = of->eccentricity};
  if (w.eccentricity == NULL) w.eccentricity = gli_run_allocate(run, limit, sizeof *w.eccentricity);
  w.workers = gli_run_allocate_zeroed(run, threads, sizeof *w.workers);
  if (w.eccentricity == NULL || w.workers == NULL) return gli_run_no_memory(run, error);
  gli_status status = gli__cpu_weighted_rows(snapshot, weight, direction, &w.along, error);
  for (int32_t k = 0; status == GLI_OK && k < threads; k++) {
    if (!gli__alone_allocate(run, limit, &w.workers[k])) return gli_run_no_memory(run, error);
    status = gli_run_check(run, error);
  }
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = gli_run_parallel(run, limit, 1, weigh_block, &w, error);
  if (status == GLI_OK) status = gli_run_check(run, error);
  of->diameter = 0;
  of->radius = (double)INFINITY;
  for (int32_t v = 0; status == GLI_OK && v < limit; v++) {
    if (!gli_bit(w.bits, v)) continue;
    of->diameter = fmax(of->diameter, w.eccentricity[v]);
    of->radius = fmin(of->radius, w.eccentricity[v]);
  }
  return status;
}

gli_status gli__cpu_eccentricities(gli_run *run, gli_snapshot *snapshot, const char *weight,
                                   const char *direction, gli__eccentricities *of,
                                   gli_error *error) {
  const bool weighted = weight != NULL && gli_snapshot_edge_count(snapshot) > 0;
  of->diameter = of->radius = 0;
  if (gli_snapshot_node_count(snapshot) == 0) return gli_run_check(run, error);
  return weighted ? by_weight(run, snapshot, weight, direction, of, error)
                  : by_hops(run, snapshot, direction, of, error);
}
