/* bfs.c: levels and predecessors by the shared search (search.c). */
#include <gli/algorithms/bfs.h>

#include "device/traversal/search.h"

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_bfs_options *options = given;
  const gli__device_search search = {.sources = options->source,
                                     .direction = gli__device_direction(options->direction),
                                     .max_depth = options->max_depth,
                                     .wants_predecessors = true};
  const gli__device_searched found = gli__call_search(call, &search);
  gli__call_column_widened(call, result, "level", GLI_PER_NODE, 0, found.level);
  gli__call_column_final(call, result, "predecessor", GLI_COLUMN_NODE, GLI_PER_NODE, 0,
                         found.predecessor);
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_bfs_options *options = given;
  return gli__device_search_work(snapshot, options->direction, options->max_depth);
}

const gli__device_algorithm gli__device_bfs = {
    .program = "traversal/search", .work = work, .run = run};
