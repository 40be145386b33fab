/* maximal_matching.c: the matching that the greedy algorithm finds in a random order of the edges,
 * in parallel (Blelloch, Fineman and Shun 2012, doi:10.1145/2312005.2312058).
 *
 * In a round every node finds the first edge that is left at it, and an edge that is first at both
 * ends is taken; then the edges at matched nodes go. The first edge of all that are left is always
 * taken, a random order takes O(log m) rounds, and the result is that of going through the edges
 * one by one. O(n + m) in practice, 16 m + 12 n bytes. */
#include <gli/algorithms/maximal_matching.h>

#include "cpu/edge_list.h"
#include "cpu/kernels.h"
#include "cpu/priority.h"

enum { BLOCK_NODES = 1 << 15 };
#define NO_EDGE UINT64_MAX

typedef struct matching {
  gli__edge_list edges;
  uint64_t *first; /* [node] rank and place of the first edge that is left */
  int32_t *mate;   /* [node] GLI_NODE_NONE while it has none */
  uint8_t *in_matching;
  int64_t seed;
} matching;

static uint32_t rank_of(const void *context, int64_t slot) {
  return gli__priority(((const matching *)context)->seed, slot);
}

static void start_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  matching *m = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    m->first[v] = NO_EDGE;
    m->mate[v] = GLI_NODE_NONE;
  }
}

static void offer(matching *m, int32_t node, uint64_t edge) {
  uint64_t known = __atomic_load_n(&m->first[node], __ATOMIC_RELAXED);
  while (edge < known && !__atomic_compare_exchange_n(&m->first[node], &known, edge, true,
                                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
}

static uint64_t name_of(const gli__edge_entry *entry, int64_t place) {
  return (uint64_t)entry->rank << 32 | (uint64_t)place;
}

static void offer_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  matching *m = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    const int64_t start = block * GLI__EDGE_BLOCK;
    for (int64_t k = start; k < start + m->edges.lengths[block]; k++) {
      const gli__edge_entry *edge = &m->edges.entries[k];
      offer(m, edge->source, name_of(edge, k));
      offer(m, edge->target, name_of(edge, k));
    }
  }
}

static void match_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  matching *m = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    const int64_t start = block * GLI__EDGE_BLOCK;
    for (int64_t k = start; k < start + m->edges.lengths[block]; k++) {
      const gli__edge_entry *edge = &m->edges.entries[k];
      const uint64_t name = name_of(edge, k);
      if (m->first[edge->source] != name || m->first[edge->target] != name) continue;
      m->in_matching[edge->slot] = 1;
      m->mate[edge->source] = edge->target;
      m->mate[edge->target] = edge->source;
    }
  }
}

/* Edges at matched nodes go; the ends of the others begin anew. */
static void sift_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  matching *m = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    gli__edge_entry *entries = m->edges.entries + block * GLI__EDGE_BLOCK;
    int32_t length = 0;
    for (int32_t k = 0; k < m->edges.lengths[block]; k++) {
      const gli__edge_entry edge = entries[k];
      if (m->mate[edge.source] >= 0 || m->mate[edge.target] >= 0) continue;
      entries[length++] = edge;
      __atomic_store_n(&m->first[edge.source], NO_EDGE, __ATOMIC_RELAXED);
      __atomic_store_n(&m->first[edge.target], NO_EDGE, __ATOMIC_RELAXED);
    }
    m->edges.lengths[block] = length;
  }
}

static gli_status match_all(matching *m, gli_run *run, int64_t limit, gli_error *error) {
  gli_status status = gli_run_parallel(run, limit, BLOCK_NODES, start_block, m, error);
  const double all = (double)gli__cpu_edges_left(&m->edges);
  while (status == GLI_OK) {
    const int64_t left = gli__cpu_edges_left(&m->edges);
    if (left == 0) return GLI_OK;
    gli_run_count_iteration(run);
    gli_run_progress(run, all - (double)left, all);
    const gli_task tasks[] = {offer_block, match_block, sift_block};
    for (size_t k = 0; status == GLI_OK && k < sizeof tasks / sizeof tasks[0]; k++) {
      status = gli_run_parallel(run, m->edges.block_count, 1, tasks[k], m, error);
    }
  }
  return status;
}

gli_status gli__cpu_maximal_matching(gli_run *run, gli_snapshot *snapshot, const void *options,
                                     gli_result *result, gli_error *error) {
  const gli_maximal_matching_options *given = options;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  matching m = {.seed = given->seed};
  void *in_matching = NULL, *count = NULL;
  gli_status status = gli_result_add_column(result, "in_matching", GLI_COLUMN_BOOL, GLI_PER_EDGE, 0,
                                            &in_matching, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status != GLI_OK) return status;
  m.in_matching = in_matching;
  m.first = gli_run_allocate(run, limit, sizeof *m.first);
  m.mate = gli_run_allocate(run, limit, sizeof *m.mate);
  if (m.first == NULL || m.mate == NULL) return gli_run_no_memory(run, error);
  status = gli__cpu_list_edges(run, snapshot, (gli__edge_rank){rank_of, &m}, &m.edges, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = match_all(&m, run, limit, error);
  int64_t matched = 0;
  for (int64_t v = 0; status == GLI_OK && v < limit; v++)
    matched += m.mate[v] >= 0;
  *(int64_t *)count = matched / 2;
  return status;
}
