/* bfs_edges.c: one queue, in the order that NetworkX has. A parallel search finds the same levels,
 * but whoever comes first discovers a node; here that is what is asked for. O(n + m). */
#include <gli/algorithms/bfs_edges.h>

#include "cpu/common.h"
#include "cpu/kernels.h"

enum { CHECK_STEPS = 1 << 16 };

typedef struct discovering {
  gli_rows rows[2];
  int sides;
  uint8_t *seen;
  int32_t *queue, *from; /* of queue[k] */
  int64_t *edge;
  int32_t *level;
  int64_t count;
} discovering;

static int64_t discover(discovering *d, int64_t at) {
  const int32_t node = d->queue[at];
  int64_t steps = 1;
  for (int side = 0; side < d->sides; side++) {
    const gli_row row = d->rows[side].rows[node];
    steps += row.length;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t other = d->rows[side].neighbors[k];
      if (d->seen[other]) continue;
      d->seen[other] = 1;
      d->from[d->count] = node;
      d->edge[d->count] = d->rows[side].edges[k];
      d->level[d->count] = d->level[at] + 1;
      d->queue[d->count++] = other;
    }
  }
  return steps;
}

static gli_status search(gli_run *run, gli_snapshot *snapshot, const gli_bfs_edges_options *given,
                         discovering *d, int64_t *sources_out, gli_error *error) {
  const gli_direction direction = gli__cpu_direction(given->direction);
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  d->sides = direction == GLI_BOTH && gli_snapshot_is_directed(snapshot) ? 2 : 1;
  gli_status status = gli__cpu_rows(snapshot, direction, &d->rows[0], error);
  if (status == GLI_OK && d->sides == 2)
    status = gli_snapshot_in_rows(snapshot, &d->rows[1], error);
  if (status != GLI_OK) return status;
  d->seen = gli_run_allocate_zeroed(run, limit, 1);
  d->queue = gli_run_allocate(run, limit, sizeof *d->queue);
  d->from = gli_run_allocate(run, limit, sizeof *d->from);
  d->edge = gli_run_allocate(run, limit, sizeof *d->edge);
  d->level = gli_run_allocate(run, limit, sizeof *d->level);
  if (d->seen == NULL || d->queue == NULL || d->from == NULL || d->edge == NULL || d->level == NULL)
    return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  for (int64_t k = 0; k < given->source.count; k++) {
    const int32_t source = given->source.nodes[k];
    if (d->seen[source]) continue;
    d->seen[source] = 1;
    d->level[d->count] = 0;
    d->queue[d->count++] = source;
  }
  *sources_out = d->count;
  int64_t steps = 0;
  for (int64_t at = 0; at < d->count && d->level[at] < given->max_depth; at++) {
    steps += discover(d, at);
    if (steps < CHECK_STEPS) continue;
    steps = 0;
    gli_run_progress(run, (double)at, (double)limit);
    status = gli_run_check(run, error);
    if (status != GLI_OK) return status;
  }
  gli_run_release(run, d->seen);
  return gli_run_check(run, error);
}

gli_status gli__cpu_bfs_edges(gli_run *run, gli_snapshot *snapshot, const void *options,
                              gli_result *result, gli_error *error) {
  discovering d = {.count = 0};
  void *edge = NULL, *level = NULL, *source = NULL, *target = NULL;
  int64_t first = 0;
  gli_status status = search(run, snapshot, options, &d, &first, error);
  if (status != GLI_OK) return status;
  const int64_t count = d.count - first;
  status = gli_result_add_column(result, "edge", GLI_COLUMN_EDGE, GLI_PER_ROW, count, &edge, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "level", GLI_COLUMN_INT64, GLI_PER_ROW, count, &level, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "source", GLI_COLUMN_NODE, GLI_PER_ROW, count, &source,
                                   error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "target", GLI_COLUMN_NODE, GLI_PER_ROW, count, &target,
                                   error);
  if (status != GLI_OK) return status;
  for (int64_t k = 0; k < count; k++) {
    ((int64_t *)edge)[k] = d.edge[first + k];
    ((int64_t *)level)[k] = d.level[first + k];
    ((int32_t *)source)[k] = d.from[first + k];
    ((int32_t *)target)[k] = d.queue[first + k];
  }
  return gli_run_check(run, error);
}
