/* distances.c: a block of the distance matrix, each of its rows written by one worker.
 *
 * Without weights up to 64 breadth-first searches go together (together.h); with fewer sources than
 * would keep all workers busy the groups are smaller, down to 8. With weights Dijkstra's algorithm
 * from one source after the other (alone.h). Both write into the block at once: nothing else of its
 * size is held. Rows do not depend on how sources are grouped. */
#include <gli/algorithms/distances.h>
#include <math.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/shortest_paths/alone.h"
#include "cpu/shortest_paths/correcting.h"
#include "cpu/traversal/together.h"

enum { LEAST_GROUP = 8, BLOCK_DISTANCES = 1 << 16, NOWHERE = -1 };

typedef struct filling {
  gli_run *run;
  gli__together together;
  gli__together_scratch *groups; /* [worker] */
  gli__weighted_rows along;
  gli__alone *alone; /* [worker] */
  gli_node_list sources, targets;
  int32_t *column; /* [node_limit] of a node, NOWHERE: none; of one named twice the first */
  bool named_twice;
  double cutoff;
  int64_t group_size;
  double *block;
} filling;

static void blank_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const filling *f = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++)
    f->block[k] = (double)INFINITY;
}

/* What the columns of nodes that are named twice lack. */
static void repeat_columns(const filling *f, double *row) {
  for (int64_t k = 0; f->named_twice && k < f->targets.count; k++)
    row[k] = row[f->column[f->targets.nodes[k]]];
}

typedef struct group_rows {
  const filling *f;
  double *rows;
} group_rows;

static void write_arrivals(void *context, int32_t node, uint64_t fresh, int64_t level) {
  const group_rows *g = context;
  const int32_t column = g->f->column[node];
  if (column == NOWHERE) return;
  for (; fresh != 0; fresh &= fresh - 1)
    g->rows[__builtin_ctzll(fresh) * g->f->targets.count + column] = (double)level;
}

static void hop_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const filling *f = context;
  const int64_t most = f->cutoff < INT32_MAX ? (int64_t)f->cutoff : INT32_MAX;
  for (int64_t group = begin; group < end && !gli_run_stopped(f->run); group++) {
    const int64_t first = group * f->group_size, left = f->sources.count - first;
    const int64_t count = left < f->group_size ? left : f->group_size;
    group_rows g = {f, f->block + first * f->targets.count};
    gli__together_search(&f->together, &f->groups[worker], f->sources.nodes + first, count, most,
                         write_arrivals, &g);
    for (int64_t k = 0; k < count; k++) {
      double *row = g.rows + k * f->targets.count;
      const int32_t own = f->column[f->sources.nodes[first + k]];
      if (own != NOWHERE) row[own] = 0;
      repeat_columns(f, row);
    }
  }
}

static void weight_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const filling *f = context;
  gli__alone *alone = &f->alone[worker];
  for (int64_t k = begin; k < end && !gli_run_stopped(f->run); k++) {
    double *row = f->block + k * f->targets.count;
    gli__alone_search(f->run, &f->along, alone, f->sources.nodes[k], f->cutoff);
    for (int64_t j = 0; j < alone->settled_count; j++) {
      const int32_t v = alone->settled[j];
      if (f->column[v] != NOWHERE) row[f->column[v]] = alone->distance[v];
    }
    repeat_columns(f, row);
    gli__alone_clear(alone);
  }
}

/* As given, or every live node. */
static gli_status list_nodes(filling *f, const gli_snapshot *snapshot, gli_node_list *list,
                             gli_error *error) {
  if (list->nodes != NULL) return GLI_OK;
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  int32_t *all = gli_run_allocate(f->run, gli_snapshot_node_count(snapshot), sizeof *all);
  if (all == NULL) return gli_run_no_memory(f->run, error);
  for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++)
    if (gli_bit(bits, v)) all[list->count++] = v;
  list->nodes = all;
  return GLI_OK;
}

static gli_status make_columns(filling *f, int32_t limit, gli_error *error) {
  f->column = gli_run_allocate(f->run, limit, sizeof *f->column);
  if (f->column == NULL) return gli_run_no_memory(f->run, error);
  for (int32_t v = 0; v < limit; v++)
    f->column[v] = NOWHERE;
  for (int64_t k = f->targets.count; k-- > 0;) {
    f->named_twice |= f->column[f->targets.nodes[k]] != NOWHERE;
    f->column[f->targets.nodes[k]] = (int32_t)k;
  }
  return GLI_OK;
}

static gli_status make_workers(filling *f, gli_snapshot *snapshot,
                               const gli_distances_options *given, bool weighted,
                               gli_error *error) {
  const int32_t threads = gli_run_threads(f->run);
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  gli_status status =
      weighted ? gli__cpu_weighted_rows(snapshot, given->weight, given->direction, &f->along, error)
               : gli__together_prepare(f->run, snapshot, gli__cpu_direction(given->direction),
                                       &f->together, error);
  if (status != GLI_OK) return status;
  f->groups = gli_run_allocate_zeroed(f->run, threads, sizeof *f->groups);
  f->alone = gli_run_allocate_zeroed(f->run, threads, sizeof *f->alone);
  if (f->groups == NULL || f->alone == NULL) return gli_run_no_memory(f->run, error);
  for (int32_t k = 0; k < threads; k++) {
    const bool made = weighted ? gli__alone_allocate(f->run, limit, &f->alone[k])
                               : gli__together_allocate(&f->together, &f->groups[k]);
    if (!made) return gli_run_no_memory(f->run, error);
    status = gli_run_check(f->run, error);
    if (status != GLI_OK) return status;
  }
  const int64_t share = (f->sources.count + threads - 1) / threads;
  f->group_size = share < LEAST_GROUP ? LEAST_GROUP : share < GLI__TOGETHER ? share : GLI__TOGETHER;
  return GLI_OK;
}

gli_status gli__cpu_distances(gli_run *run, gli_snapshot *snapshot, const void *options,
                              gli_result *result, gli_error *error) {
  const gli_distances_options *given = options;
  const bool weighted = given->weight != NULL && gli_snapshot_edge_count(snapshot) > 0;
  filling f = {
      .run = run, .sources = given->source, .targets = given->target, .cutoff = given->cutoff};
  void *block = NULL, *sources = NULL, *targets = NULL;
  gli_status status = list_nodes(&f, snapshot, &f.sources, error);
  if (status == GLI_OK) status = list_nodes(&f, snapshot, &f.targets, error);
  if (status != GLI_OK) return status;
  const int64_t size = f.sources.count * f.targets.count;
  status = gli_result_add_column(result, "distance", GLI_COLUMN_FLOAT64, GLI_PER_ROW, size, &block,
                                 error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "sources", GLI_COLUMN_INT64, GLI_SCALAR, 0, &sources, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "targets", GLI_COLUMN_INT64, GLI_SCALAR, 0, &targets, error);
  if (status != GLI_OK) return status;
  *(int64_t *)sources = f.sources.count;
  *(int64_t *)targets = f.targets.count;
  if (size == 0) return gli_run_check(run, error);
  f.block = block;
  status = make_columns(&f, gli_snapshot_node_limit(snapshot), error);
  if (status == GLI_OK) status = make_workers(&f, snapshot, given, weighted, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = gli_run_parallel(run, size, BLOCK_DISTANCES, blank_block, &f, error);
  if (status != GLI_OK) return status;
  status = weighted ? gli_run_parallel(run, f.sources.count, 1, weight_block, &f, error)
                    : gli_run_parallel(run, gli__cpu_block_count(f.sources.count, f.group_size), 1,
                                       hop_block, &f, error);
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
