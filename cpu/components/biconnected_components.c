/* biconnected_components.c: every edge gets the block of its end that was entered later; blocks.c
 * does the search. Then blocks are numbered in the order of their first edges. */
#include <gli/algorithms/biconnected_components.h>

#include "cpu/components/blocks.h"
#include "cpu/kernels.h"

enum { BLOCK_EDGES = 1 << 15, CHECK_EDGES = 1 << 20 };

typedef struct labelling {
  gli__blocks blocks;
  const int32_t *sources, *targets;
  const uint64_t *alive;
  int64_t *component; /* per slot */
} labelling;

static void label_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const labelling *l = context;
  const uint32_t *seen = l->blocks.seen;
  (void)worker;
  for (int64_t e = begin; e < end; e++) {
    if (!gli_bit(l->alive, e)) continue;
    const int32_t source = l->sources[e], target = l->targets[e];
    const int32_t later = seen[source] > seen[target] ? source : target;
    l->component[e] = source == target ? -1 : l->blocks.block[later];
  }
}

/* Blocks were counted as they closed; count them as they are met. */
static gli_status number(const labelling *l, gli_run *run, int64_t edge_limit, gli_error *error) {
  int64_t *numbers = gli_run_allocate_zeroed(run, l->blocks.block_count, sizeof *numbers);
  if (numbers == NULL) return gli_run_no_memory(run, error);
  int64_t count = 0;
  for (int64_t e = 0; e < edge_limit; e++) {
    if (e % CHECK_EDGES == 0) {
      const gli_status status = gli_run_check(run, error);
      if (status != GLI_OK) return status;
    }
    const int64_t block = l->component[e];
    if (!gli_bit(l->alive, e) || block < 0) continue;
    if (numbers[block] == 0) numbers[block] = ++count;
    l->component[e] = numbers[block] - 1;
  }
  return GLI_OK;
}

gli_status gli__cpu_biconnected_components(gli_run *run, gli_snapshot *snapshot,
                                           const void *options, gli_result *result,
                                           gli_error *error) {
  const int64_t edge_limit = gli_snapshot_edge_limit(snapshot);
  labelling l = {.alive = gli_snapshot_edge_bits(snapshot)};
  void *component = NULL, *count = NULL;
  (void)options;
  gli_status status = gli_result_add_column(result, "component", GLI_COLUMN_INT64, GLI_PER_EDGE, 0,
                                            &component, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status == GLI_OK) status = gli__cpu_find_blocks(run, snapshot, &l.blocks, error);
  if (status != GLI_OK) return status;
  gli_snapshot_edge_ends(snapshot, &l.sources, &l.targets);
  l.component = component;
  status = gli_run_parallel(run, edge_limit, BLOCK_EDGES, label_block, &l, error);
  if (status == GLI_OK) status = number(&l, run, edge_limit, error);
  if (status == GLI_OK) *(int64_t *)count = l.blocks.block_count;
  return status;
}
