/* maximal_independent_set.c: the set that the greedy algorithm finds in a random order of the
 * nodes, in parallel (Blelloch, Fineman and Shun 2012, doi:10.1145/2312005.2312058).
 *
 * A node is in as soon as all neighbours before it in the order are out, and out as soon as one is
 * in. Whoever looks, whenever: a decision needs decided neighbours alone and is never taken back,
 * so the set follows from the order, not from the threads. A random order takes O(log^2 n) rounds.
 * Nodes that are decided leave the list, block by block. O(n + m) in practice, 9 n bytes. */
#include <gli/algorithms/maximal_independent_set.h>

#include "cpu/kernels.h"
#include "cpu/priority.h"
#include "cpu/sides.h"

enum { UNDECIDED = 0, INSIDE, OUTSIDE };
enum { BLOCK_NODES = 1 << 11 };

typedef struct deciding {
  gli_run *run;
  gli__sides sides;
  const uint64_t *alive;
  uint32_t *priority;
  uint8_t *state;
  int32_t *open;    /* [node_limit] in blocks: undecided nodes */
  int32_t *lengths; /* [blocks] */
  int64_t seed;
} deciding;

static bool precedes(const deciding *d, int32_t left, int32_t right) {
  const uint32_t a = d->priority[left], b = d->priority[right];
  return a != b ? a < b : left < right;
}

static void start_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  deciding *d = context;
  int32_t length = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    d->priority[v] = gli__priority(d->seed, v);
    if (gli_bit(d->alive, v)) d->open[begin + length++] = (int32_t)v;
  }
  d->lengths[begin / BLOCK_NODES] = length;
}

static uint8_t decide(const deciding *d, int32_t node) {
  uint8_t decision = INSIDE;
  for (int side = 0; side < d->sides.count; side++) {
    const gli_rows *rows = &d->sides.rows[side];
    const gli_row row = rows->rows[node];
    for (uint32_t k = 0; k < row.length; k++) {
      const int32_t neighbor = rows->neighbors[row.begin + k];
      const uint8_t there = __atomic_load_n(&d->state[neighbor], __ATOMIC_RELAXED);
      if (neighbor == node || there == OUTSIDE) continue;
      if (there == INSIDE) return OUTSIDE;
      if (precedes(d, neighbor, node)) return UNDECIDED;
    }
  }
  return decision;
}

static void decide_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  deciding *d = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    int32_t *open = d->open + block * BLOCK_NODES;
    int32_t length = 0;
    for (int32_t k = 0; k < d->lengths[block] && !gli_run_stopped(d->run); k++) {
      const int32_t node = open[k];
      /* Given nodes are inside from the start. */
      const bool given = __atomic_load_n(&d->state[node], __ATOMIC_RELAXED) == INSIDE;
      const uint8_t decision = given ? INSIDE : decide(d, node);
      if (decision == UNDECIDED) {
        open[length++] = node;
      } else {
        __atomic_store_n(&d->state[node], decision, __ATOMIC_RELAXED);
      }
    }
    d->lengths[block] = length;
  }
}

/* The nodes that must be in the set, which no edge may join. */
static gli_status take_given(deciding *d, gli_snapshot *snapshot, gli_node_list given,
                             gli_error *error) {
  for (int64_t k = 0; given.nodes != NULL && k < given.count; k++)
    d->state[given.nodes[k]] = INSIDE;
  for (int64_t k = 0; given.nodes != NULL && k < given.count; k++) {
    for (int side = 0; side < d->sides.count; side++) {
      const gli_row row = d->sides.rows[side].rows[given.nodes[k]];
      for (uint32_t at = 0; at < row.length; at++) {
        const int32_t neighbor = d->sides.rows[side].neighbors[row.begin + at];
        if (neighbor == given.nodes[k] || d->state[neighbor] != INSIDE) continue;
        char left[64], right[64];
        const gli_id one = gli_snapshot_node_id(snapshot, given.nodes[k]);
        const gli_id other = gli_snapshot_node_id(snapshot, neighbor);
        return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                         "maximal_independent_set: nodes holds %s and %s, which an edge joins; no "
                         "two of them may be neighbours",
                         gli_id_format(&one, left, sizeof left),
                         gli_id_format(&other, right, sizeof right));
      }
    }
    const gli_status status = k % 1024 == 1023 ? gli_run_check(d->run, error) : GLI_OK;
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

static gli_status decide_all(deciding *d, int64_t limit, gli_error *error) {
  const int64_t blocks = gli__cpu_block_count(limit, BLOCK_NODES);
  gli_status status = gli_run_parallel(d->run, limit, BLOCK_NODES, start_block, d, error);
  while (status == GLI_OK) {
    int64_t left = 0;
    for (int64_t k = 0; k < blocks; k++)
      left += d->lengths[k];
    if (left == 0) return gli_run_check(d->run, error);
    gli_run_count_iteration(d->run);
    gli_run_progress(d->run, (double)(limit - left), (double)limit);
    status = gli_run_parallel(d->run, blocks, 1, decide_block, d, error);
    if (status == GLI_OK) status = gli_run_check(d->run, error);
  }
  return status;
}

gli_status gli__cpu_maximal_independent_set(gli_run *run, gli_snapshot *snapshot,
                                            const void *options, gli_result *result,
                                            gli_error *error) {
  const gli_maximal_independent_set_options *given = options;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  deciding d = {.run = run, .alive = gli_snapshot_node_bits(snapshot), .seed = given->seed};
  void *in_set = NULL, *count = NULL;
  gli_status status =
      gli_result_add_column(result, "in_set", GLI_COLUMN_BOOL, GLI_PER_NODE, 0, &in_set, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status == GLI_OK) status = gli__cpu_sides(snapshot, &d.sides, error);
  if (status != GLI_OK) return status;
  d.priority = gli_run_allocate(run, limit, sizeof *d.priority);
  d.state = gli_run_allocate_zeroed(run, limit, sizeof *d.state);
  d.open = gli_run_allocate(run, limit, sizeof *d.open);
  d.lengths = gli_run_allocate(run, gli__cpu_block_count(limit, BLOCK_NODES), sizeof *d.lengths);
  if (d.priority == NULL || d.state == NULL || d.open == NULL || d.lengths == NULL) {
    return gli_run_no_memory(run, error);
  }
  status = take_given(&d, snapshot, given->nodes, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = decide_all(&d, limit, error);
  int64_t found = 0;
  for (int64_t v = 0; status == GLI_OK && v < limit; v++) {
    ((uint8_t *)in_set)[v] = d.state[v] == INSIDE;
    found += d.state[v] == INSIDE;
  }
  *(int64_t *)count = found;
  return status;
}
