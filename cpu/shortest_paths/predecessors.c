/* predecessors.c: which tree of shortest paths is given back, from distances alone.
 *
 * u is tight for v when distance[u] + weight == distance[v]. The predecessor is the smallest tight
 * u that is strictly nearer: an atomic minimum, scattered along the same rows as the distances, so
 * the opposite rows need not be built. Nodes that only tight nodes at the same distance lead to
 * (edges of weight 0) are then reached breadth-first from the others, round by round, with the same
 * minimum. Thus the tree depends on the distances alone, not on the order in which they were found.
 *
 * Cost O(n + m); rounds only where such nodes exist. */
#include "cpu/common.h"
#include "cpu/shortest_paths/paths.h"

#include <math.h>
#include <stdatomic.h>

enum { BLOCK_ENTRIES = 1 << 15 };

typedef struct joining {
  const gli__weighted_rows *along;
  const double *distance;
  int32_t *predecessor;
  int32_t *steps; /* [node] rounds until it was joined, -1: not yet; NULL in the first pass */
  int32_t round;
  _Atomic int64_t joined;
} joining;

static void lower(int32_t *predecessor, int32_t node) {
  int32_t known = __atomic_load_n(predecessor, __ATOMIC_RELAXED);
  while ((uint32_t)node < (uint32_t)known &&
         !__atomic_compare_exchange_n(predecessor, &known, node, true, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED)) {
  }
}

/* Strictly nearer tight nodes. */
static void nearer_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const joining *j = context;
  (void)worker;
  for (int64_t u = begin; u < end; u++) {
    const double here = j->distance[u];
    if (!(here < (double)INFINITY)) continue;
    for (int side = 0; side < j->along->count; side++) {
      const gli_row row = j->along->rows[side].rows[u];
      const int32_t *neighbors = j->along->rows[side].neighbors + row.begin;
      const double *weights = j->along->weights[side] + row.begin;
      for (uint32_t k = 0; k < row.length; k++) {
        const double there = j->distance[neighbors[k]];
        if (here < there && here + weights[k] == there && there < (double)INFINITY) {
          lower(&j->predecessor[neighbors[k]], (int32_t)u);
        }
      }
    }
  }
}

/* One round beside: nodes joined in the last round join those at the same distance. */
static void beside_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  joining *j = context;
  (void)worker;
  for (int64_t u = begin; u < end; u++) {
    if (__atomic_load_n(&j->steps[u], __ATOMIC_RELAXED) != j->round) continue;
    const double here = j->distance[u];
    for (int side = 0; side < j->along->count; side++) {
      const gli_row row = j->along->rows[side].rows[u];
      const int32_t *neighbors = j->along->rows[side].neighbors + row.begin;
      const double *weights = j->along->weights[side] + row.begin;
      for (uint32_t k = 0; k < row.length; k++) {
        const int32_t other = neighbors[k];
        if (j->distance[other] != here || here + weights[k] != here) continue;
        int32_t known = __atomic_load_n(&j->steps[other], __ATOMIC_RELAXED);
        if (known < 0 && __atomic_compare_exchange_n(&j->steps[other], &known, j->round + 1, false,
                                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
          known = j->round + 1;
          atomic_fetch_add_explicit(&j->joined, 1, memory_order_relaxed);
        }
        if (known == j->round + 1) lower(&j->predecessor[other], (int32_t)u);
      }
    }
  }
}

/* Nodes that are reached, although nobody nearer leads to them; the sources are among them. */
static int64_t count_hanging(const joining *j, const uint64_t *alive, int64_t limit) {
  int64_t hanging = 0;
  for (int64_t v = 0; v < limit; v++) {
    hanging += gli_bit(alive, v) && j->distance[v] < (double)INFINITY &&
               j->predecessor[v] == GLI_NODE_NONE;
  }
  return hanging;
}

gli_status gli__cpu_path_predecessors(gli_run *run, gli_snapshot *snapshot,
                                      const gli__weighted_rows *along, const gli_node_list *sources,
                                      int64_t distinct_sources, const double *distance,
                                      int32_t *predecessor, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  joining j = {.along = along, .distance = distance, .predecessor = predecessor};
  int64_t entries = 0;
  for (int side = 0; side < along->count; side++)
    entries += along->rows[side].entry_count;
  const int64_t grain = gli__cpu_grain(limit, entries, BLOCK_ENTRIES);
  gli_status status = gli_run_parallel(run, limit, grain, nearer_block, &j, error);
  if (status != GLI_OK || count_hanging(&j, alive, limit) == distinct_sources) return status;
  j.steps = gli_run_allocate(run, limit, sizeof *j.steps);
  if (j.steps == NULL) return gli_run_no_memory(run, error);
  for (int64_t v = 0; v < limit; v++) {
    const bool reached = gli_bit(alive, v) && distance[v] < (double)INFINITY;
    j.steps[v] = reached && predecessor[v] != GLI_NODE_NONE ? 0 : -1;
  }
  for (int64_t k = 0; k < sources->count; k++)
    j.steps[sources->nodes[k]] = 0;
  do {
    atomic_store_explicit(&j.joined, 0, memory_order_relaxed);
    status = gli_run_parallel(run, limit, grain, beside_block, &j, error);
    j.round++;
  } while (status == GLI_OK && atomic_load_explicit(&j.joined, memory_order_relaxed) > 0);
  return status;
}
