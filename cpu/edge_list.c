/* edge_list.c: the first filling of a list of edges, in parallel. */
#include "cpu/edge_list.h"

typedef struct listing {
  const int32_t *sources, *targets;
  const uint64_t *alive;
  int64_t edge_limit;
  gli__edge_rank ranking;
  gli__edge_list list;
} listing;

static void list_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const listing *job = context;
  (void)worker;
  for (int64_t block = begin; block < end; block++) {
    const int64_t first = block * GLI__EDGE_BLOCK;
    const int64_t rest = job->edge_limit - first;
    const int64_t last = first + (rest < GLI__EDGE_BLOCK ? rest : GLI__EDGE_BLOCK);
    gli__edge_entry *entries = job->list.entries + first;
    int32_t length = 0;
    for (int64_t e = first; e < last; e++) {
      const int32_t source = job->sources[e], target = job->targets[e];
      if (!gli_bit(job->alive, e) || source == target) continue;
      entries[length++] = (gli__edge_entry){source, target, (uint32_t)e,
                                            job->ranking.rank(job->ranking.context, e)};
    }
    job->list.lengths[block] = length;
  }
}

gli_status gli__cpu_list_edges(gli_run *run, gli_snapshot *snapshot, gli__edge_rank ranking,
                               gli__edge_list *list_out, gli_error *error) {
  listing job = {.alive = gli_snapshot_edge_bits(snapshot),
                 .edge_limit = gli_snapshot_edge_limit(snapshot),
                 .ranking = ranking};
  gli__edge_list *list = &job.list;
  gli_snapshot_edge_ends(snapshot, &job.sources, &job.targets);
  list->block_count = gli__cpu_block_count(job.edge_limit, GLI__EDGE_BLOCK);
  list->entries = gli_run_allocate(run, job.edge_limit, sizeof *list->entries);
  list->lengths = gli_run_allocate(run, list->block_count, sizeof *list->lengths);
  if (list->entries == NULL || list->lengths == NULL) return gli_run_no_memory(run, error);
  const gli_status status = gli_run_parallel(run, list->block_count, 1, list_block, &job, error);
  if (status == GLI_OK) *list_out = job.list;
  return status;
}

int64_t gli__cpu_edges_left(const gli__edge_list *list) {
  int64_t left = 0;
  for (int64_t block = 0; block < list->block_count; block++)
    left += list->lengths[block];
  return left;
}
