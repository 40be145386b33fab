/* connected_components.c: components by their smallest nodes, then numbered in node order.
 *
 * A component's number is how many smallest nodes lie before its own: counted per block, summed
 * over blocks, given out per block. Which nodes these are goes into a bitmap, and all nodes look up
 * the number without asking: as branches that is foreseen badly where many components are small. */
#include <gli/algorithms/connected_components.h>

#include "cpu/common.h"
#include "cpu/components/components.h"
#include "cpu/kernels.h"

enum { BLOCK_NODES = 1 << 15 };

typedef struct numbering {
  const int32_t *first; /* smallest node of the component */
  const uint64_t *alive;
  int64_t *component;
  int64_t *counts;  /* per block: components that start in it, then the number of the first */
  uint64_t *starts; /* bitmap: nodes that are the first of a component */
  int32_t *numbers; /* [node]: of the component that starts there; else not set */
} numbering;

static void count_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const numbering *n = context;
  int64_t count = 0;
  (void)worker;
  for (int64_t base = begin; base < end; base += 64) {
    const int64_t past = base + 64 < end ? base + 64 : end;
    uint64_t word = 0;
    for (int64_t v = base; v < past; v++)
      word |= (uint64_t)(n->first[v] == v) << (v & 63);
    if (n->alive != NULL) word &= n->alive[base >> 6];
    n->starts[base >> 6] = word;
    count += __builtin_popcountll(word);
  }
  n->counts[begin / BLOCK_NODES] = count;
}

static void number_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const numbering *n = context;
  int32_t next = (int32_t)n->counts[begin / BLOCK_NODES];
  (void)worker;
  for (int64_t base = begin; base < end; base += 64) {
    for (uint64_t word = n->starts[base >> 6]; word != 0; word &= word - 1)
      n->numbers[base + __builtin_ctzll(word)] = next++;
  }
}

/* Holes keep their 0. */
static void spread_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const numbering *n = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++)
    if (gli_bit(n->alive, v)) n->component[v] = n->numbers[n->first[v]];
}

static gli_status number(gli_run *run, int64_t limit, numbering *n, int64_t *count_out,
                         gli_error *error) {
  const int64_t blocks = gli__cpu_block_count(limit, BLOCK_NODES);
  n->counts = gli_run_allocate(run, blocks + 1, sizeof *n->counts);
  n->starts = gli_run_allocate(run, limit / 64 + 1, sizeof *n->starts);
  n->numbers = gli_run_allocate(run, limit + 1, sizeof *n->numbers);
  if (n->counts == NULL || n->starts == NULL || n->numbers == NULL) {
    return gli_run_no_memory(run, error);
  }
  gli_status status = gli_run_parallel(run, limit, BLOCK_NODES, count_block, n, error);
  if (status != GLI_OK) return status;
  int64_t total = 0;
  for (int64_t k = 0; k < blocks; k++) {
    const int64_t count = n->counts[k];
    n->counts[k] = total;
    total += count;
  }
  *count_out = total;
  status = gli_run_parallel(run, limit, BLOCK_NODES, number_block, n, error);
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
  numbering n = {first, gli_snapshot_node_bits(snapshot), component, NULL, NULL, NULL};
  return number(run, limit, &n, count, error);
}
