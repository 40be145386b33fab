/* connected_components.c: components by their smallest nodes, then numbered in node order.
 *
 * A component's number is how many smallest nodes lie before its own: counted per block, summed
 * over blocks, given out per block. */
#include <gli/algorithms/connected_components.h>

#include "cpu/common.h"
#include "cpu/components/components.h"
#include "cpu/kernels.h"

enum { BLOCK_NODES = 1 << 15 };

typedef struct numbering {
  const int32_t *first; /* smallest node of the component */
  const uint64_t *alive;
  int64_t *component;
  int64_t *counts; /* per block: components that start in it, then the number of the first */
} numbering;

static void count_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const numbering *n = context;
  int64_t count = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++)
    count += n->first[v] == v && gli_bit(n->alive, v);
  n->counts[begin / BLOCK_NODES] = count;
}

static void start_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const numbering *n = context;
  int64_t next = n->counts[begin / BLOCK_NODES];
  const int64_t after = n->counts[begin / BLOCK_NODES + 1];
  (void)worker;
  for (int64_t v = begin; v < end && next < after; v++) {
    if (n->first[v] == v && gli_bit(n->alive, v)) n->component[v] = next++;
  }
}

static void spread_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const numbering *n = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (n->first[v] != v) n->component[v] = n->component[n->first[v]];
  }
}

static gli_status number(gli_run *run, int64_t limit, numbering *n, int64_t *count_out,
                         gli_error *error) {
  const int64_t blocks = gli__cpu_block_count(limit, BLOCK_NODES);
  n->counts = gli_run_allocate(run, blocks + 1, sizeof *n->counts);
  if (n->counts == NULL) return gli_run_no_memory(run, error);
  gli_status status = gli_run_parallel(run, limit, BLOCK_NODES, count_block, n, error);
  if (status != GLI_OK) return status;
  int64_t total = 0;
  for (int64_t k = 0; k < blocks; k++) {
    const int64_t count = n->counts[k];
    n->counts[k] = total;
    total += count;
  }
  n->counts[blocks] = total;
  *count_out = total;
  status = gli_run_parallel(run, limit, BLOCK_NODES, start_block, n, error);
  if (status != GLI_OK) return status;
  return gli_run_parallel(run, limit, BLOCK_NODES, spread_block, n, error);
}

gli_status gli__cpu_connected_components(gli_run *run, gli_snapshot *snapshot, const void *options,
                                         gli_result *result, gli_error *error) {
  const gli_connected_components_options *given = options;
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const bool strong = given->kind[0] == 's' && gli_snapshot_is_directed(snapshot);
  void *component = NULL, *count = NULL;
  int32_t *first = gli_run_allocate(run, limit, sizeof *first);
  if (first == NULL) return gli_run_no_memory(run, error);
  gli_status status = gli_result_add_column(result, "component", GLI_COLUMN_INT64, GLI_PER_NODE, 0,
                                            &component, error);
  if (status != GLI_OK) return status;
  status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  if (status != GLI_OK) return status;
  status = strong ? gli__cpu_strong_components(run, snapshot, first, error)
                  : gli__cpu_weak_components(run, snapshot, first, error);
  if (status != GLI_OK) return status;
  numbering n = {first, gli_snapshot_node_bits(snapshot), component, NULL};
  return number(run, limit, &n, count, error);
}
