/* correcting.c: Bellman and Ford's method with Tarjan's subtree disassembly.
 *
 * Moore 1959 and Bellman 1958, doi:10.1090/qam/102435: nodes whose distance fell wait in a queue
 * for their turn to lower their neighbours. Tarjan 1981 (the fastest in the study of Cherkassky and
 * Goldberg 1999, doi:10.1007/s101070050058): when v is lowered by way of u, all that hangs below v
 * in the tree leaves it, since its distances will fall too and need no turn until they did; and
 * where u itself hangs below v, the tree and the edge from u to v are a negative cycle, found at
 * once. The tree is a list in preorder with depths, so what hangs below a node stands behind it.
 *
 * A node that left the tree comes back by an equal distance too: adding a small number may round
 * to what it had. So the distance of a node in the tree is always that of its parent plus the edge.
 * A cycle is negative when its weights add up to less than 0 exactly; what only rounding makes fall
 * is left as it is, so that 0.1 + 0.2 - 0.3 and its like end no search.
 *
 * Serial: O(n m) at worst, near O(m) in practice. Memory 26 bytes a node. */
#include "cpu/shortest_paths/correcting.h"

#include <math.h>

#include "cpu/common.h"

enum { CHECK_STEPS = 1 << 15, PARTIALS = 64 };

typedef struct tree {
  int32_t *next, *previous; /* [node_limit + 1] preorder; the last is the root of all roots */
  int32_t *depth;           /* [node_limit + 1] */
  uint8_t *attached;        /* [node_limit] stands in the tree */
  uint8_t *waiting;         /* [node_limit] stands in the queue */
  int32_t *queue;           /* [node_limit] a ring */
  int64_t head, count, room;
} tree;

gli_status gli__cpu_weighted_rows(gli_snapshot *snapshot, const char *attribute,
                                  const char *direction_text, gli__weighted_rows *along,
                                  gli_error *error) {
  const gli_direction direction = gli__cpu_direction(direction_text);
  const bool both = direction == GLI_BOTH && gli_snapshot_is_directed(snapshot);
  along->count = both ? 2 : 1;
  for (int side = 0; side < along->count; side++) {
    const bool in = side == 1 || direction == GLI_IN;
    gli_status status = gli__cpu_rows(snapshot, in ? GLI_IN : GLI_OUT, &along->rows[side], error);
    if (status == GLI_OK)
      status = gli_snapshot_row_weights(snapshot, attribute, in, &along->weights[side], error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

/* --- The cycle ------------------------------------------------------------------------------- */

/* Shewchuk 1997, doi:10.1007/PL00009321: what was added so far, as numbers that do not overlap. */
typedef struct exact_sum {
  double partials[PARTIALS];
  int count;
} exact_sum;

static void add_exactly(exact_sum *sum, double number) {
  int kept = 0;
  for (int k = 0; k < sum->count; k++) {
    double large = number, small = sum->partials[k];
    if (fabs(large) < fabs(small)) {
      large = sum->partials[k];
      small = number;
    }
    number = large + small;
    const double rest = small - (number - large);
    if (rest != 0) sum->partials[kept++] = rest;
  }
  sum->partials[kept++] = number;
  sum->count = kept;
}

/* Of the cycle that the edge `last` from u closes to v, which is above u in the tree. */
static double cycle_weight(const gli__correcting *c, int32_t u, int32_t v, uint32_t last) {
  exact_sum sum = {.count = 0};
  add_exactly(&sum, c->edge_weights[last]);
  for (int32_t x = u; x != v; x = c->parent[x])
    add_exactly(&sum, c->edge_weights[c->parent_edge[x]]);
  double total = 0; /* the last partial is the largest: adding from below rounds once */
  for (int k = 0; k < sum.count; k++)
    total += sum.partials[k];
  return total;
}

static gli_status keep_cycle(gli_run *run, gli__correcting *c, int32_t u, int32_t v, uint32_t last,
                             gli_error *error) {
  int64_t count = 1;
  for (int32_t x = u; x != v; x = c->parent[x])
    count++;
  int32_t *nodes = gli_run_allocate(run, count, sizeof *nodes);
  uint32_t *edges = gli_run_allocate(run, count, sizeof *edges);
  int32_t *travelled = gli_run_allocate(run, count, sizeof *travelled);
  uint32_t *taken = gli_run_allocate(run, count, sizeof *taken);
  if (nodes == NULL || edges == NULL || travelled == NULL || taken == NULL)
    return gli_run_no_memory(run, error);
  int32_t node = u;
  uint32_t edge = last;
  for (int64_t k = count; k-- > 0;) { /* backwards: travelled[k], and the edge that leaves it */
    travelled[k] = node;
    taken[k] = edge;
    edge = c->parent_edge[node];
    node = c->parent[node];
  }
  int64_t first = 0;
  for (int64_t k = 1; k < count; k++) {
    if (travelled[k] < travelled[first]) first = k;
  }
  for (int64_t k = 0; k < count; k++) {
    nodes[k] = travelled[(first + k) % count];
    edges[k] = taken[(first + k) % count];
  }
  c->cycle_nodes = nodes;
  c->cycle_edges = edges;
  c->cycle_count = count;
  return GLI_OK;
}

/* --- The tree -------------------------------------------------------------------------------- */

static void link_after(tree *t, int32_t above, int32_t v) {
  const int32_t after = t->next[above];
  t->next[above] = v;
  t->previous[v] = above;
  t->next[v] = after;
  t->previous[after] = v;
  t->depth[v] = t->depth[above] + 1;
  t->attached[v] = 1;
}

static void push(tree *t, int32_t v) {
  if (t->waiting[v]) return;
  t->waiting[v] = 1;
  t->queue[(t->head + t->count++) % t->room] = v;
}

/* Take v and what hangs below it out of the tree, unless `sought` is there: then nothing happens.
 * Adds the nodes looked at to *steps. */
static bool take_out(tree *t, int32_t v, int32_t sought, int64_t *steps) {
  int32_t end = t->next[v];
  while (t->depth[end] > t->depth[v]) {
    if (end == sought) return false;
    end = t->next[end];
  }
  for (int32_t x = v; x != end; x = t->next[x], ++*steps)
    t->attached[x] = 0;
  t->next[t->previous[v]] = end;
  t->previous[end] = t->previous[v];
  return true;
}

/* Lower the neighbours of u. Returns the steps taken; a negative cycle: *closed_out is its last
 * node's entry and side, *at_out where it comes back to. */
typedef struct closing {
  int32_t node; /* NONE: no cycle */
  uint32_t edge;
} closing;

static int64_t lower_neighbors(gli__correcting *c, tree *t, int32_t u, closing *closed) {
  const double here = c->distance[u];
  int64_t steps = 1;
  for (int side = 0; side < c->along.count; side++) {
    const gli_rows *rows = &c->along.rows[side];
    const gli_row row = rows->rows[u];
    steps += row.length;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t v = rows->neighbors[k];
      const double there = here + c->along.weights[side][k];
      const bool lower = there < c->distance[v];
      if (!lower && (t->attached[v] || !(there == c->distance[v]))) continue;
      if (!(there < (double)INFINITY)) continue;
      if (t->attached[v] && (v == u || !take_out(t, v, u, &steps))) {
        const double weight = cycle_weight(c, u, v, rows->edges[k]);
        if (!(weight < 0)) continue;
        c->cycle_weight = weight;
        *closed = (closing){v, rows->edges[k]};
        return steps;
      }
      c->distance[v] = there;
      c->parent[v] = u;
      c->parent_edge[v] = rows->edges[k];
      link_after(t, u, v);
      push(t, v);
    }
  }
  return steps;
}

static gli_status make_tree(gli_run *run, int32_t limit, gli__correcting *c, tree *t,
                            gli_error *error) {
  *t = (tree){.next = gli_run_allocate(run, (int64_t)limit + 1, sizeof *t->next),
              .previous = gli_run_allocate(run, (int64_t)limit + 1, sizeof *t->previous),
              .depth = gli_run_allocate(run, (int64_t)limit + 1, sizeof *t->depth),
              .attached = gli_run_allocate_zeroed(run, limit, 1),
              .waiting = gli_run_allocate_zeroed(run, limit, 1),
              .queue = gli_run_allocate(run, limit, sizeof *t->queue),
              .room = limit};
  c->parent = gli_run_allocate(run, limit, sizeof *c->parent);
  c->parent_edge = gli_run_allocate(run, limit, sizeof *c->parent_edge);
  if (t->next == NULL || t->previous == NULL || t->depth == NULL || t->attached == NULL ||
      t->waiting == NULL || t->queue == NULL || c->parent == NULL || c->parent_edge == NULL) {
    return gli_run_no_memory(run, error);
  }
  t->next[limit] = t->previous[limit] = limit;
  t->depth[limit] = 0;
  for (int32_t v = 0; v < limit; v++) {
    c->distance[v] = (double)INFINITY;
    c->parent[v] = GLI_NODE_NONE;
  }
  return gli_run_check(run, error);
}

static void plant(gli__correcting *c, tree *t, int32_t limit, int32_t source) {
  if (t->attached[source]) return;
  c->distance[source] = 0;
  link_after(t, limit, source);
  push(t, source);
}

gli_status gli__cpu_correct(gli_run *run, gli_snapshot *snapshot, const gli_node_list *sources,
                            gli__correcting *c, gli_error *error) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  tree t;
  closing closed = {.node = GLI_NODE_NONE};
  gli_status status = make_tree(run, limit, c, &t, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  for (int64_t k = 0; sources->nodes != NULL && k < sources->count; k++)
    plant(c, &t, limit, sources->nodes[k]);
  for (int32_t v = 0; sources->nodes == NULL && v < limit; v++) {
    if (gli_bit(bits, v)) plant(c, &t, limit, v);
  }
  int64_t steps = 0;
  while (t.count > 0) {
    const int32_t u = t.queue[t.head];
    t.head = (t.head + 1) % t.room;
    t.count--;
    t.waiting[u] = 0;
    if (!t.attached[u]) continue;
    steps += lower_neighbors(c, &t, u, &closed);
    if (closed.node != GLI_NODE_NONE) return keep_cycle(run, c, u, closed.node, closed.edge, error);
    if (steps < CHECK_STEPS) continue;
    steps = 0;
    status = gli_run_check(run, error);
    if (status != GLI_OK) return status;
  }
  gli_run_release(run, t.next);
  gli_run_release(run, t.previous);
  gli_run_release(run, t.depth);
  gli_run_release(run, t.attached);
  gli_run_release(run, t.waiting);
  gli_run_release(run, t.queue);
  return gli_run_check(run, error);
}
