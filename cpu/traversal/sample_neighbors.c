/* sample_neighbors.c: some neighbours of the sources, some of theirs, and so on.
 *
 * Hop by hop: how many are drawn at each node of the frontier is known from its row, so places are
 * laid out by a running sum, and nodes draw side by side. Each draws from a random stream of its
 * own, by seed, hop and node: the same on any number of threads, whoever else is drawn.
 *
 * Without replacement, alike: Floyd's method (Bentley and Floyd 1987, doi:10.1145/30401.315746) for
 * few, and one pass over the row that takes each entry with the odds of still being needed (Fan,
 * Muller and Rezucha 1962) for many. By weight: the largest log(u) / weight win (Efraimidis and
 * Spirakis 2006, doi:10.1016/j.ipl.2005.11.003), kept in a heap; that is drawing one after the
 * other in proportion to what is left. With replacement by weight: a search in running sums of the
 * row.
 *
 * Draws are entries of rows at first; what lies there is looked up some thousands at a time. The
 * last hop goes straight into the result's columns. Drawn into scratch and copied, looked up draw
 * by draw, with a division each, ten of each node's of a Kronecker graph of scale 14 took 1.16 ms
 * on one thread and .73 on two, instead of .67 and .41.
 *
 * Cost O(edges drawn), by weight O(row log fan-out) for each node of a frontier. */
#include <assert.h>
#include <gli/algorithms/sample_neighbors.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "cpu/common.h"
#include "cpu/kernels.h"

enum { FEW = 32, BLOCK_DRAWS = 1 << 13, BATCH_DRAWS = 1 << 12, CHECK_NODES = 1 << 16 };

typedef struct candidate {
  double key;
  int64_t entry;
} candidate;

/* What one hop drew; the last one into the result's columns. */
typedef struct hop {
  int32_t *node, *neighbor;
  int64_t *edge, *number; /* number: NULL but in the columns */
  int64_t count;
} hop;

typedef struct sampling {
  gli_run *run;
  const gli_sample_neighbors_options *given;
  gli_result *result;
  gli_rows rows;
  const double *weights; /* NULL: all alike */
  double largest;
  const int32_t *frontier;
  int64_t *offsets; /* [frontier + 1] */
  int64_t fanout, round, longest;
  hop *hops;        /* [fan-outs] */
  hop *into;        /* this one */
  candidate *heaps; /* [worker][longest] with weights */
} sampling;

/* --- One node --------------------------------------------------------------------------------- */

/* Place `at` has drawn an entry, which becomes neighbour and edge in look_up. */
static void put(const sampling *s, int64_t at, int32_t node, int64_t entry) {
  s->into->node[at] = node;
  s->into->edge[at] = entry;
}

/* What the places [begin, end) drew, from the entries that they hold. On its own, so that the reads
 * from anywhere wait for each other as little as they can. */
static void look_up(const sampling *s, int64_t begin, int64_t end) {
  const hop *into = s->into;
  for (int64_t k = begin; k < end; k++) {
    const int64_t entry = into->edge[k];
    into->neighbor[k] = s->rows.neighbors[entry];
    into->edge[k] = s->rows.edges[entry];
  }
  for (int64_t k = begin; into->number != NULL && k < end; k++)
    into->number[k] = s->round;
}

/* `count` of the row's entries, each at most once, in the row's order. */
static void draw_alike(const sampling *s, int32_t node, gli_row row, int64_t at, int64_t count,
                       gli_random *random) {
  int64_t chosen[FEW], kept = 0;
  if (count > FEW) {
    for (int64_t k = 0; kept < count; k++) {
      const uint64_t left = (uint64_t)(row.length - k);
      if (gli_random_below(random, left) >= (uint64_t)(count - kept)) continue;
      put(s, at + kept++, node, row.begin + k);
    }
    return;
  }
  for (int64_t bound = row.length - count; bound < row.length; bound++) {
    int64_t drawn = (int64_t)gli_random_below(random, (uint64_t)bound + 1), place = kept;
    for (int64_t k = 0; k < kept; k++)
      if (chosen[k] == drawn) drawn = bound; /* larger than all before it */
    for (; place > 0 && chosen[place - 1] > drawn; place--)
      chosen[place] = chosen[place - 1];
    chosen[place] = drawn;
    kept++;
  }
  for (int64_t k = 0; k < kept; k++)
    put(s, at + k, node, row.begin + chosen[k]);
}

static bool loses(candidate left, candidate right) {
  return left.key != right.key ? left.key < right.key : left.entry > right.entry;
}

/* The worst of what is kept is the heap's root. */
static void sift_down(candidate *heap, int64_t count, int64_t at) {
  const candidate moved = heap[at];
  for (;;) {
    int64_t child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && loses(heap[child + 1], heap[child])) child++;
    if (!loses(heap[child], moved)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

static int by_entry(const void *left, const void *right) {
  const candidate *a = left, *b = right;
  return (a->entry > b->entry) - (a->entry < b->entry);
}

static void draw_by_weight(const sampling *s, candidate *heap, int32_t node, gli_row row,
                           int64_t at, int64_t count, gli_random *random) {
  int64_t kept = 0;
  assert(heap != NULL || row.length == 0);
  for (int64_t k = row.begin; k < row.begin + row.length; k++) {
    if (!(s->weights[k] > 0)) continue;
    const candidate found = {log(1 - gli_random_unit(random)) / (s->weights[k] / s->largest), k};
    if (kept < count) {
      heap[kept++] = found;
      for (int64_t j = kept / 2; kept == count && j-- > 0;)
        sift_down(heap, count, j);
    } else if (loses(heap[0], found)) {
      heap[0] = found;
      sift_down(heap, count, 0);
    }
  }
  if (kept == 0) return;
  qsort(heap, (size_t)kept, sizeof *heap, by_entry);
  for (int64_t k = 0; k < kept; k++)
    put(s, at + k, node, heap[k].entry);
}

/* `count` draws, each of the whole row again. */
static void draw_alike_again(const sampling *s, int32_t node, gli_row row, int64_t at,
                             int64_t count, gli_random *random) {
  const gli__bound length = gli__bound_of(row.length);
  for (int64_t drawn = 0; drawn < count; drawn++)
    put(s, at + drawn, node, row.begin + (int64_t)gli__random_below(random, length));
}

/* The same by weight; sums[].key holds running sums. */
static void draw_by_weight_again(const sampling *s, candidate *sums, int32_t node, gli_row row,
                                 int64_t at, int64_t count, gli_random *random) {
  double sum = 0;
  assert(sums != NULL || row.length == 0);
  for (int64_t k = 0; k < row.length; k++) {
    sum += s->weights[row.begin + k] / s->largest;
    sums[k].key = sum;
  }
  for (int64_t drawn = 0; drawn < count; drawn++) {
    int64_t low = 0, high = (int64_t)row.length - 1;
    const double wanted = gli_random_unit(random) * sum;
    while (low < high) { /* the first sum above: never an entry of weight 0 */
      const int64_t middle = low + (high - low) / 2;
      if (sums[middle].key > wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    while (low > 0 && !(s->weights[row.begin + low] > 0))
      low--; /* wanted rounded up to the sum */
    put(s, at + drawn, node, row.begin + low);
  }
}

static void draw_node(const sampling *s, candidate *heap, int32_t node, int64_t at, int64_t count) {
  const gli_row row = s->rows.rows[node];
  const bool again = s->fanout >= 0 && s->given->replace;
  if (!again && count == row.length) {
    for (int64_t k = 0; k < count; k++)
      put(s, at + k, node, row.begin + k);
    return;
  }
  gli_random random = gli__random_start((uint64_t)s->given->seed,
                                        (uint64_t)s->round << 32 | (uint64_t)(uint32_t)node);
  if (again && s->weights == NULL) {
    draw_alike_again(s, node, row, at, count, &random);
  } else if (again) {
    draw_by_weight_again(s, heap, node, row, at, count, &random);
  } else if (s->weights != NULL) {
    draw_by_weight(s, heap, node, row, at, count, &random);
  } else {
    draw_alike(s, node, row, at, count, &random);
  }
}

static void draw_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const sampling *s = context;
  candidate *heap = s->heaps == NULL ? NULL : s->heaps + worker * s->longest;
  int64_t looked_up = s->offsets[begin], work = 0;
  for (int64_t k = begin; k < end; k++) {
    const int32_t node = s->frontier[k];
    const int64_t at = s->offsets[k], count = s->offsets[k + 1] - at;
    if (count > 0) draw_node(s, heap, node, at, count);
    work += s->weights != NULL ? s->rows.rows[node].length : count;
    if (work < BATCH_DRAWS && k < end - 1) continue;
    look_up(s, looked_up, at + count);
    looked_up = at + count;
    work = 0;
    if (gli_run_stopped(s->run)) return;
  }
}

/* --- One hop ---------------------------------------------------------------------------------- */

/* How many neighbours the node may have drawn at all. */
static int64_t count_choices(const sampling *s, gli_row row) {
  if (s->weights == NULL) return row.length;
  int64_t count = 0;
  for (int64_t k = row.begin; k < row.begin + row.length; k++)
    count += s->weights[k] > 0;
  return count;
}

static gli_status lay_out(sampling *s, int64_t frontier_count, gli_error *error) {
  s->longest = 1;
  s->offsets[0] = 0;
  for (int64_t k = 0; k < frontier_count; k++) {
    const gli_row row = s->rows.rows[s->frontier[k]];
    const int64_t choices = count_choices(s, row);
    const bool all = s->fanout < 0 || (!s->given->replace && choices <= s->fanout);
    s->offsets[k + 1] = s->offsets[k] + (all || choices == 0 ? choices : s->fanout);
    if (row.length > s->longest) s->longest = row.length;
    if (k % CHECK_NODES != CHECK_NODES - 1) continue;
    const gli_status status = gli_run_check(s->run, error);
    if (status != GLI_OK) return status;
  }
  if (s->offsets[frontier_count] <= INT64_C(1) << 40) return GLI_OK;
  return gli__fail(error, GLI_ERROR_LIMIT,
                   "sample_neighbors: hop %lld of %lld nodes and fan-out %lld draws %lld edges; at "
                   "most 2^40 can be had",
                   (long long)s->round, (long long)frontier_count, (long long)s->fanout,
                   (long long)s->offsets[frontier_count]);
}

/* Scratch for a hop that others follow. */
static gli_status allocate_hop(sampling *s, gli_error *error) {
  hop *into = s->into;
  into->node = gli_run_allocate(s->run, into->count, sizeof *into->node);
  into->neighbor = gli_run_allocate(s->run, into->count, sizeof *into->neighbor);
  into->edge = gli_run_allocate(s->run, into->count, sizeof *into->edge);
  const bool has_all = into->node != NULL && into->neighbor != NULL && into->edge != NULL;
  return has_all ? GLI_OK : gli_run_no_memory(s->run, error);
}

/* The columns, with the hops before the last one; that one draws into what follows. */
static gli_status add_columns(sampling *s, gli_error *error) {
  int64_t total = 0, at = 0;
  void *node = NULL, *neighbor = NULL, *edge = NULL, *number = NULL;
  for (const hop *from = s->hops; from <= s->into; from++)
    total += from->count;
  gli_status status =
      gli_result_add_column(s->result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, total, &node, error);
  if (status == GLI_OK)
    status = gli_result_add_column(s->result, "neighbor", GLI_COLUMN_NODE, GLI_PER_ROW, total,
                                   &neighbor, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(s->result, "edge", GLI_COLUMN_EDGE, GLI_PER_ROW, total, &edge, error);
  if (status == GLI_OK)
    status = gli_result_add_column(s->result, "hop", GLI_COLUMN_INT64, GLI_PER_ROW, total, &number,
                                   error);
  for (hop *from = s->hops; status == GLI_OK && from < s->into; from++) {
    const size_t count = (size_t)from->count;
    memcpy((int32_t *)node + at, from->node, count * sizeof *from->node);
    memcpy((int32_t *)neighbor + at, from->neighbor, count * sizeof *from->neighbor);
    memcpy((int64_t *)edge + at, from->edge, count * sizeof *from->edge);
    for (int64_t k = 0; k < from->count; k++)
      ((int64_t *)number)[at + k] = from - s->hops + 1;
    gli_run_release(s->run, from->node);
    gli_run_release(s->run, from->neighbor);
    gli_run_release(s->run, from->edge);
    at += from->count;
    status = gli_run_check(s->run, error);
  }
  if (status != GLI_OK) return status;
  s->into->node = (int32_t *)node + at;
  s->into->neighbor = (int32_t *)neighbor + at;
  s->into->edge = (int64_t *)edge + at;
  s->into->number = (int64_t *)number + at;
  return GLI_OK;
}

static gli_status draw_hop(sampling *s, int64_t frontier_count, gli_error *error) {
  s->offsets = gli_run_allocate(s->run, frontier_count + 1, sizeof *s->offsets);
  if (s->offsets == NULL) return gli_run_no_memory(s->run, error);
  gli_status status = lay_out(s, frontier_count, error);
  if (status != GLI_OK) return status;
  s->into->count = s->offsets[frontier_count];
  status = s->round == s->given->fanouts.count ? add_columns(s, error) : allocate_hop(s, error);
  if (status != GLI_OK) return status;
  if (s->weights != NULL) {
    s->heaps = gli_run_allocate(s->run, s->longest * gli_run_threads(s->run), sizeof *s->heaps);
    if (s->heaps == NULL) return gli_run_no_memory(s->run, error);
  }
  const int64_t grain = gli__cpu_grain(frontier_count, s->into->count, BLOCK_DRAWS);
  status = gli_run_parallel(s->run, frontier_count, grain, draw_block, s, error);
  gli_run_release(s->run, s->heaps);
  gli_run_release(s->run, s->offsets);
  s->heaps = NULL;
  s->offsets = NULL;
  gli_run_count_iteration(s->run);
  return status == GLI_OK ? gli_run_check(s->run, error) : status;
}

/* All hops; `seen` lists nodes in the order in which they appear, layer by layer. */
static gli_status draw_all(sampling *s, int64_t node_count, int64_t *layer, int32_t *seen,
                           gli_error *error) {
  const gli_int_list *fanouts = &s->given->fanouts;
  const bool carry = s->given->frontier[0] == 'a';
  int64_t count = 0, first = 0;
  for (int64_t k = 0; k < s->given->source.count; k++) {
    const int32_t source = s->given->source.nodes[k];
    if (layer[source] >= 0) continue;
    layer[source] = 0;
    seen[count++] = source;
  }
  for (int64_t round = 0; round < fanouts->count; round++) {
    s->fanout = fanouts->values[round];
    s->round = round + 1;
    s->into = &s->hops[round];
    s->frontier = seen + first;
    gli_status status = draw_hop(s, count - first, error);
    if (status != GLI_OK) return status;
    if (!carry) first = count;
    for (int64_t k = 0; k < s->into->count && count < node_count; k++) {
      const int32_t neighbor = s->into->neighbor[k];
      if (k % CHECK_NODES == CHECK_NODES - 1) status = gli_run_check(s->run, error);
      if (status != GLI_OK) return status;
      if (layer[neighbor] >= 0) continue;
      layer[neighbor] = round + 1;
      seen[count++] = neighbor;
    }
  }
  return gli_run_check(s->run, error);
}

/* --- The call --------------------------------------------------------------------------------- */

static gli_status prepare(sampling *s, gli_snapshot *snapshot, gli_error *error) {
  const gli_direction direction = gli__cpu_direction(s->given->direction);
  gli_status status = gli__cpu_rows(snapshot, direction, &s->rows, error);
  if (status == GLI_OK)
    status =
        gli__cpu_row_weights(snapshot, s->given->weight, direction == GLI_IN, &s->weights, error);
  if (status != GLI_OK || s->weights == NULL) return status;
  gli_weight_range range;
  status = gli_snapshot_weight_range(snapshot, s->given->weight, &range, error);
  if (status == GLI_OK) s->largest = range.maximum > 0 ? range.maximum : 1;
  return status;
}

gli_status gli__cpu_sample_neighbors(gli_run *run, gli_snapshot *snapshot, const void *options,
                                     gli_result *result, gli_error *error) {
  sampling s = {.run = run, .given = options, .result = result};
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  gli_status status = prepare(&s, snapshot, error);
  if (status != GLI_OK) return status;
  assert(s.given->fanouts.count > 0);
  s.hops = gli_run_allocate_zeroed(run, s.given->fanouts.count, sizeof *s.hops);
  int64_t *layer = gli_run_allocate(run, limit, sizeof *layer);
  int32_t *seen = gli_run_allocate(run, limit, sizeof *seen);
  if (s.hops == NULL || layer == NULL || seen == NULL) return gli_run_no_memory(run, error);
  memset(layer, 0xff, (size_t)limit * sizeof *layer);
  gli_run_prepared(run);
  status = draw_all(&s, gli_snapshot_node_count(snapshot), layer, seen, error);
  gli_run_release(run, seen);
  void *column = NULL;
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "layer", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &column, error);
  if (status != GLI_OK) return status;
  for (int32_t v = 0; v < limit; v++)
    ((int64_t *)column)[v] = gli_bit(gli_snapshot_node_bits(snapshot), v) ? layer[v] : 0;
  return gli_run_check(run, error);
}
