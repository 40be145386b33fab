/* neighbor_lists.c: the rows of many nodes, one behind the other.
 *
 * Lengths first, a running sum of them, then every list goes to its place, side by side. With
 * `within`, a number per node says at which place among the sources it stands first, or that it
 * does not, and rows are read twice. O(sources + rows); within O(n + degrees of the sources). */
#include <gli/algorithms/neighbor_lists.h>
#include <string.h>

#include "cpu/common.h"
#include "cpu/kernels.h"

enum { BLOCK_ENTRIES = 1 << 15, CHECK_LISTS = 1 << 16, AHEAD = 16 };

typedef struct listing {
  gli_rows rows[2];
  const double *weights[2]; /* NULL: each counts 1 */
  int sides;
  const int32_t *sources; /* NULL: node k is source k */
  int64_t count;
  int32_t *places; /* of each node among the sources, -1: not there; NULL: all neighbours count */
  int64_t *offset; /* [count + 1]; lengths first */
  int32_t *node, *neighbor;
  int64_t *edge, *place; /* NULL: not wanted */
  double *weight;
} listing;

static inline int32_t source_at(const listing *l, int64_t k) {
  return l->sources == NULL ? (int32_t)k : l->sources[k];
}

/* Inlined early: GCC drops calls of functions that do nothing but prefetch. */
static inline __attribute__((always_inline)) void prefetch_entries(const listing *l, int64_t k,
                                                                   int64_t end) {
  for (int side = 0; side < l->sides; side++) {
    const gli_rows *rows = &l->rows[side];
    if (k + 2 * AHEAD < end) __builtin_prefetch(&rows->rows[source_at(l, k + 2 * AHEAD)]);
    if (k + AHEAD >= end) continue;
    const gli_row ahead = rows->rows[source_at(l, k + AHEAD)];
    if (ahead.length == 0) continue;
    __builtin_prefetch(rows->neighbors + ahead.begin);
    if (l->edge != NULL) __builtin_prefetch(rows->edges + ahead.begin);
  }
}

static void measure_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const listing *l = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    int64_t length = 0;
    if (l->places != NULL) prefetch_entries(l, k, end);
    for (int side = 0; side < l->sides; side++) {
      const gli_row row = l->rows[side].rows[source_at(l, k)];
      const int32_t *neighbors = l->rows[side].neighbors + row.begin;
      if (l->places == NULL) {
        length += row.length;
        continue;
      }
      for (uint32_t j = 0; j < row.length; j++)
        length += l->places[neighbors[j]] >= 0;
    }
    l->offset[k] = length;
  }
}

/* One side of a list, to `at` and on; how many. */
static int64_t put_side(const listing *l, int side, int32_t node, int64_t at) {
  const gli_rows *rows = &l->rows[side];
  const gli_row row = rows->rows[node];
  const int32_t *neighbors = rows->neighbors + row.begin;
  int64_t kept = 0;
  if (l->places == NULL) {
    for (uint32_t j = 0; j < row.length; j++)
      l->neighbor[at + j] = neighbors[j];
    for (uint32_t j = 0; l->edge != NULL && j < row.length; j++)
      l->edge[at + j] = rows->edges[row.begin + j];
    for (uint32_t j = 0; l->weight != NULL && j < row.length; j++)
      l->weight[at + j] = l->weights[side] == NULL ? 1 : l->weights[side][row.begin + j];
    return row.length;
  }
  for (uint32_t j = 0; j < row.length; j++) {
    const int32_t place = l->places[neighbors[j]];
    if (place < 0) continue;
    const int64_t to = at + kept++;
    l->neighbor[to] = neighbors[j];
    l->place[to] = place;
    if (l->edge != NULL) l->edge[to] = rows->edges[row.begin + j];
    if (l->weight != NULL)
      l->weight[to] = l->weights[side] == NULL ? 1 : l->weights[side][row.begin + j];
  }
  return kept;
}

static void fill_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const listing *l = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    const int32_t node = source_at(l, k);
    int64_t at = l->offset[k];
    prefetch_entries(l, k, end);
    for (int side = 0; side < l->sides; side++)
      at += put_side(l, side, node, at);
    for (int64_t row = l->offset[k]; row < at; row++)
      l->node[row] = node;
  }
}

/* Every live node where none is named; NULL stands for all that are below the limit. */
static gli_status list_sources(gli_run *run, const gli_snapshot *snapshot,
                               const gli_node_list *given, listing *l, gli_error *error) {
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  l->sources = given->nodes;
  l->count = given->nodes != NULL ? given->count : limit;
  if (given->nodes != NULL || bits == NULL) return GLI_OK;
  int32_t *live = gli_run_allocate(run, limit, sizeof *live);
  if (live == NULL) return gli_run_no_memory(run, error);
  l->count = 0;
  for (int32_t v = 0; v < limit; v++) {
    if (gli_bit(bits, v)) live[l->count++] = v;
  }
  l->sources = live;
  return GLI_OK;
}

static gli_status find_places(gli_run *run, const gli_snapshot *snapshot, listing *l,
                              gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  l->places = gli_run_allocate(run, limit, sizeof *l->places);
  if (l->places == NULL) return gli_run_no_memory(run, error);
  memset(l->places, 0xff, (size_t)limit * sizeof *l->places);
  for (int64_t k = l->count - 1; k >= 0; k--) /* the first one is written last */
    l->places[source_at(l, k)] = (int32_t)k;
  return gli_run_check(run, error);
}

/* Where lists begin, from their lengths. */
static gli_status lay_out(gli_run *run, listing *l, int64_t grain, gli_error *error) {
  gli_status status = gli_run_parallel(run, l->count, grain, measure_block, l, error);
  int64_t sum = 0;
  for (int64_t k = 0; status == GLI_OK && k < l->count; k++) {
    const int64_t length = l->offset[k];
    l->offset[k] = sum;
    sum += length;
    if (k % CHECK_LISTS == CHECK_LISTS - 1) status = gli_run_check(run, error);
  }
  l->offset[l->count] = sum;
  if (status != GLI_OK || sum <= INT64_C(1) << 40) return status;
  return gli__fail(error, GLI_ERROR_LIMIT,
                   "neighbor_lists: %lld sources have %lld neighbours; at most 2^40 can be had",
                   (long long)l->count, (long long)sum);
}

static gli_status add_columns(listing *l, const gli_neighbor_lists_options *given,
                              gli_result *result, gli_error *error) {
  const int64_t rows = l->offset[l->count];
  void *node = NULL, *neighbor = NULL, *edge = NULL, *weight = NULL, *place = NULL;
  gli_status status =
      gli_result_add_column(result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, rows, &node, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "neighbor", GLI_COLUMN_NODE, GLI_PER_ROW, rows,
                                   &neighbor, error);
  if (status == GLI_OK && given->edges)
    status =
        gli_result_add_column(result, "edge", GLI_COLUMN_EDGE, GLI_PER_ROW, rows, &edge, error);
  if (status == GLI_OK && given->weight != NULL)
    status = gli_result_add_column(result, "weight", GLI_COLUMN_FLOAT64, GLI_PER_ROW, rows, &weight,
                                   error);
  if (status == GLI_OK && given->within)
    status =
        gli_result_add_column(result, "place", GLI_COLUMN_INT64, GLI_PER_ROW, rows, &place, error);
  l->node = node;
  l->neighbor = neighbor;
  l->edge = edge;
  l->weight = weight;
  l->place = place;
  return status;
}

/* The sides that the direction names, and their weights. */
static gli_status find_rows(gli_snapshot *snapshot, const gli_neighbor_lists_options *given,
                            listing *l, gli_error *error) {
  const gli_direction direction = gli__cpu_direction(given->direction);
  const bool directed = gli_snapshot_is_directed(snapshot);
  const bool first_in = directed && direction == GLI_IN;
  l->sides = directed && direction == GLI_BOTH ? 2 : 1;
  gli_status status = GLI_OK;
  for (int side = 0; side < l->sides && status == GLI_OK; side++) {
    const bool in = side == 1 || first_in;
    status = gli__cpu_rows(snapshot, in ? GLI_IN : GLI_OUT, &l->rows[side], error);
    if (status == GLI_OK)
      status = gli__cpu_row_weights(snapshot, given->weight, in, &l->weights[side], error);
  }
  return status;
}

gli_status gli__cpu_neighbor_lists(gli_run *run, gli_snapshot *snapshot, const void *options,
                                   gli_result *result, gli_error *error) {
  const gli_neighbor_lists_options *given = options;
  listing l = {.count = 0};
  void *offset = NULL;
  gli_status status = list_sources(run, snapshot, &given->source, &l, error);
  if (status == GLI_OK) status = find_rows(snapshot, given, &l, error);
  if (status == GLI_OK && given->within) status = find_places(run, snapshot, &l, error);
  if (status != GLI_OK) return status;
  status = gli_result_add_column(result, "offset", GLI_COLUMN_INT64, GLI_PER_LIST, l.count + 1,
                                 &offset, error);
  if (status != GLI_OK) return status;
  l.offset = offset;
  gli_run_prepared(run);
  const int64_t entries = l.rows[0].entry_count * l.sides;
  const int64_t grain = gli__cpu_grain(gli_snapshot_node_limit(snapshot), entries, BLOCK_ENTRIES);
  status = lay_out(run, &l, grain, error);
  if (status == GLI_OK) status = add_columns(&l, given, result, error);
  if (status == GLI_OK) status = gli_run_parallel(run, l.count, grain, fill_block, &l, error);
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
