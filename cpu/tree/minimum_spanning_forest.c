/* minimum_spanning_forest.c: Boruvka's rounds on a list of edges that shrinks.
 *
 * In a round every tree takes its first edge to another tree, where edges are ordered by weight and
 * then by slot, hence all different: no cycle can close, but for two trees that take the same edge.
 * The smaller root of those stays a root; the others hang below what they joined. Then the ends of
 * the edges are replaced by the roots of their trees, and edges inside a tree are dropped.
 *
 * A tree's first edge is found with an atomic minimum of 64 bits: the upper half of the weight's
 * bits, made monotone, and the place in the list. Where upper halves tie the weights themselves are
 * looked at, which is rare. Only roots that are left are gone through, so that a round costs what
 * is left. The order of weights and slots decides alone, so threads do not change the forest.
 *
 * Sorting all edges first, as Kruskal's algorithm must, costs more than all rounds together.
 * O(m log n), 16 m + 20 n bytes. */
#include <gli/algorithms/minimum_spanning_forest.h>
#include <string.h>

#include "cpu/edge_list.h"
#include "cpu/kernels.h"

enum { ROOT_BLOCK = 1 << 14 };
#define NO_EDGE UINT64_MAX

typedef struct growing {
  gli_run *run;
  gli__edge_list edges;
  const double *weights; /* per slot; NULL: all alike */
  bool maximum;
  uint64_t *first;  /* [node] of a root: rank and place of its tree's first edge */
  int32_t *parent;  /* [node] of what was a root at the start of the round */
  int32_t *roots;   /* [node_limit], in blocks like the edges */
  int32_t *lengths; /* [blocks of roots] */
  int64_t node_limit;
  uint8_t *in_forest;
} growing;

/* Bits whose order as integers is the order in which edges are taken; 0 and -0 are equal. */
static uint64_t order_bits(const growing *g, int64_t slot) {
  if (g->weights == NULL) return 0;
  const double weight = (g->maximum ? -g->weights[slot] : g->weights[slot]) + 0.0;
  uint64_t bits;
  memcpy(&bits, &weight, sizeof bits);
  return bits >> 63 ? ~bits : bits | (UINT64_C(1) << 63);
}

static uint32_t rank_of(const void *context, int64_t slot) {
  return (uint32_t)(order_bits(context, slot) >> 32);
}

/* Whether edge `a` comes before edge `b`; each is a rank and a place. */
static bool comes_before(const growing *g, uint64_t a, uint64_t b) {
  if (b == NO_EDGE || g->weights == NULL || a >> 32 != b >> 32) return a < b;
  const uint64_t of_a = order_bits(g, g->edges.entries[(uint32_t)a].slot);
  const uint64_t of_b = order_bits(g, g->edges.entries[(uint32_t)b].slot);
  return of_a != of_b ? of_a < of_b : a < b;
}

static void offer(growing *g, int32_t root, uint64_t edge) {
  uint64_t known = __atomic_load_n(&g->first[root], __ATOMIC_ACQUIRE);
  while (comes_before(g, edge, known) &&
         !__atomic_compare_exchange_n(&g->first[root], &known, edge, true, __ATOMIC_ACQ_REL,
                                      __ATOMIC_ACQUIRE)) {
  }
}

static void start_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  growing *g = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    g->first[v] = NO_EDGE;
    g->parent[v] = g->roots[v] = (int32_t)v;
  }
  g->lengths[begin / ROOT_BLOCK] = (int32_t)(end - begin);
}

/* Ends become roots, edges inside a tree go, the others are offered to both their trees. An entry
 * stands at its new place before it is offered, and stays there until the next round. */
static void contract_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  growing *g = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    gli__edge_entry *entries = g->edges.entries + block * GLI__EDGE_BLOCK;
    int32_t length = 0;
    for (int32_t k = 0; k < g->edges.lengths[block]; k++) {
      gli__edge_entry edge = entries[k];
      edge.source = g->parent[edge.source];
      edge.target = g->parent[edge.target];
      if (edge.source == edge.target) continue;
      entries[length] = edge;
      const uint64_t place = (uint64_t)(block * GLI__EDGE_BLOCK + length++);
      offer(g, edge.source, (uint64_t)edge.rank << 32 | place);
      offer(g, edge.target, (uint64_t)edge.rank << 32 | place);
    }
    g->edges.lengths[block] = length;
  }
}

/* Each root takes its tree's first edge and hangs below the tree at the other end. */
static void hook_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  growing *g = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    const int32_t *roots = g->roots + block * ROOT_BLOCK;
    for (int32_t k = 0; k < g->lengths[block]; k++) {
      const int32_t root = roots[k];
      if (g->first[root] == NO_EDGE) continue;
      const gli__edge_entry edge = g->edges.entries[(uint32_t)g->first[root]];
      const int32_t other = edge.source == root ? edge.target : edge.source;
      if (root < other && g->first[other] == g->first[root]) continue;
      g->parent[root] = other;
      g->in_forest[edge.slot] = 1; /* no other root comes here: of two that share it one stays */
    }
  }
}

/* Everyone right below a root. */
static void compress_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  growing *g = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    const int32_t *roots = g->roots + block * ROOT_BLOCK;
    for (int32_t k = 0; k < g->lengths[block]; k++) {
      int32_t *parent = &g->parent[roots[k]];
      int32_t above = __atomic_load_n(parent, __ATOMIC_RELAXED), top;
      while ((top = __atomic_load_n(&g->parent[above], __ATOMIC_RELAXED)) != above) {
        __atomic_store_n(parent, top, __ATOMIC_RELAXED);
        above = top;
      }
    }
  }
}

/* Roots that are none any more go, and those whose tree has no way out. */
static void sift_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  growing *g = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    int32_t *roots = g->roots + block * ROOT_BLOCK;
    int32_t length = 0;
    for (int32_t k = 0; k < g->lengths[block]; k++) {
      const int32_t root = roots[k];
      if (g->parent[root] != root || g->first[root] == NO_EDGE) continue;
      g->first[root] = NO_EDGE;
      roots[length++] = root;
    }
    g->lengths[block] = length;
  }
}

static gli_status grow(growing *g, gli_error *error) {
  const int64_t root_blocks = gli__cpu_block_count(g->node_limit, ROOT_BLOCK);
  gli_status status = gli_run_parallel(g->run, g->node_limit, ROOT_BLOCK, start_block, g, error);
  if (status != GLI_OK) return status;
  const double all = (double)gli__cpu_edges_left(&g->edges);
  for (;;) {
    status = gli_run_parallel(g->run, g->edges.block_count, 1, contract_block, g, error);
    if (status != GLI_OK) return status;
    const int64_t left = gli__cpu_edges_left(&g->edges);
    if (left == 0) return GLI_OK;
    gli_run_count_iteration(g->run);
    gli_run_progress(g->run, all - (double)left, all);
    const gli_task tasks[] = {hook_block, compress_block, sift_block};
    for (size_t k = 0; status == GLI_OK && k < sizeof tasks / sizeof tasks[0]; k++) {
      status = gli_run_parallel(g->run, root_blocks, 1, tasks[k], g, error);
    }
    if (status != GLI_OK) return status;
  }
}

typedef struct summing {
  const growing *forest;
  int64_t edge_limit;
  double *weights; /* per block */
  int64_t *counts;
} summing;

static void sum_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const summing *s = context;
  const growing *g = s->forest;
  double weight = 0;
  int64_t count = 0;
  (void)worker;
  for (int64_t e = begin; e < end; e++) {
    if (!g->in_forest[e]) continue;
    weight += g->weights == NULL ? 1 : g->weights[e];
    count++;
  }
  s->weights[begin / GLI__EDGE_BLOCK] = weight;
  s->counts[begin / GLI__EDGE_BLOCK] = count;
}

static gli_status sum(const growing *g, int64_t edge_limit, double *weight, int64_t *count,
                      gli_error *error) {
  const int64_t blocks = gli__cpu_block_count(edge_limit, GLI__EDGE_BLOCK);
  summing s = {.forest = g,
               .edge_limit = edge_limit,
               .weights = gli_run_allocate(g->run, blocks, sizeof *s.weights),
               .counts = gli_run_allocate(g->run, blocks, sizeof *s.counts)};
  if (s.weights == NULL || s.counts == NULL) return gli_run_no_memory(g->run, error);
  const gli_status status =
      gli_run_parallel(g->run, edge_limit, GLI__EDGE_BLOCK, sum_block, &s, error);
  for (int64_t k = 0; status == GLI_OK && k < blocks; k++) {
    *weight += s.weights[k];
    *count += s.counts[k];
  }
  return status;
}

gli_status gli__cpu_minimum_spanning_forest(gli_run *run, gli_snapshot *snapshot,
                                            const void *options, gli_result *result,
                                            gli_error *error) {
  const gli_minimum_spanning_forest_options *given = options;
  void *in_forest = NULL, *weight = NULL, *count = NULL;
  growing g = {
      .run = run, .maximum = given->maximum, .node_limit = gli_snapshot_node_limit(snapshot)};
  gli_status status = gli_result_add_column(result, "in_forest", GLI_COLUMN_BOOL, GLI_PER_EDGE, 0,
                                            &in_forest, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "total_weight", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0,
                                   &weight, error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status != GLI_OK || gli_snapshot_edge_count(snapshot) == 0) return status;
  if (given->weight != NULL) {
    status = gli_snapshot_edge_weights(snapshot, given->weight, &g.weights, error);
    if (status != GLI_OK) return status;
  }
  g.in_forest = in_forest;
  g.first = gli_run_allocate(run, g.node_limit, sizeof *g.first);
  g.parent = gli_run_allocate(run, g.node_limit, sizeof *g.parent);
  g.roots = gli_run_allocate(run, g.node_limit, sizeof *g.roots);
  g.lengths =
      gli_run_allocate(run, gli__cpu_block_count(g.node_limit, ROOT_BLOCK), sizeof *g.lengths);
  if (g.first == NULL || g.parent == NULL || g.roots == NULL || g.lengths == NULL) {
    return gli_run_no_memory(run, error);
  }
  status = gli__cpu_list_edges(run, snapshot, (gli__edge_rank){rank_of, &g}, &g.edges, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = grow(&g, error);
  if (status != GLI_OK) return status;
  return sum(&g, gli_snapshot_edge_limit(snapshot), weight, count, error);
}
