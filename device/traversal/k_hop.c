/* k_hop.c: levels by the shared search (search.c), without predecessors, which lets its bottom-up
 * levels stop at first hits. */
#include <gli/algorithms/k_hop.h>

#include "device/traversal/search.h"

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_k_hop_options *options = given;
  const gli__device_search search = {.sources = options->source,
                                     .direction = gli__device_direction(options->direction),
                                     .max_depth = options->k};
  const gli__device_searched found = gli__call_search(call, &search);
  void *count = NULL;
  gli__call_column_widened(call, result, "level", GLI_PER_NODE, 0, found.level);
  if (call->status != GLI_OK) return call->status;
  call->status =
      gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, call->error);
  if (call->status == GLI_OK) *(int64_t *)count = found.reached;
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_k_hop_options *options = given;
  return gli__device_search_work(snapshot, options->direction, options->k);
}

const gli__device_algorithm gli__device_k_hop = {
    .program = "traversal/search", .work = work, .run = run};
