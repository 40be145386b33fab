/* random_walks.c: walks side by side, each with a random stream of its own.
 *
 * A step waits for two reads from anywhere, the record of a row and a neighbour in it. So 32 walks
 * go together: all draw, each asking for its neighbour's line, then all go. Ten steps from each of
 * 131 k nodes of a Kronecker graph take 35 ms where one walk after the other takes 336 (2 threads).
 *
 * Weights become running sums within each row, searched in O(log degree): half the memory of alias
 * tables, and one pass to make. They are divided by the largest weight so that no sum overflows.
 *
 * node2vec (Grover and Leskovec 2016, doi:10.1145/2939672.2939754) by rejection (KnightKing, Yang
 * et al. 2019, doi:10.1145/3341301.3359634): an edge is proposed as without bias and taken with its
 * bias over the largest one. Tables per pair of edges, as in the paper, would take sum(degree^2).
 * Where p or q are extreme nearly all may be rejected: after MOST_TRIES the step is drawn from the
 * exact sums over the row instead, which leaves the distribution as it is. */
#include <gli/algorithms/random_walks.h>

#include "cpu/traversal/random_walks.h"

#include "cpu/common.h"
#include "cpu/kernels.h"

enum { BLOCK_STEPS = 1 << 12, BLOCK_ENTRIES = 1 << 15, MOST_TRIES = 64, TOGETHER = 32 };

typedef struct walking {
  gli_run *run;
  const gli_random_walks_options *given;
  gli_rows rows;
  gli_simple_rows simple; /* whom a node is joined to; for the bias alone */
  const double *weights;  /* NULL: all alike */
  double largest;
  double *sums; /* [entry] running sums of weights / largest within the row; NULL: all alike */
  const int32_t *starts;
  gli__walk_bias bias;
  int32_t *node;
} walking;

static void sum_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const walking *w = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    double sum = 0;
    const int64_t first = w->rows.rows[v].begin, last = first + w->rows.rows[v].length;
    for (int64_t k = first; k < last; k++) {
      sum += w->weights[k] / w->largest;
      w->sums[k] = sum;
    }
  }
}

/* An entry of the row in proportion to the weights, or -1 where there is none to take. */
static int64_t propose(const walking *w, gli_row row, gli_random *random) {
  if (row.length == 0) return -1;
  if (w->sums == NULL) return row.begin + (int64_t)gli_random_below(random, row.length);
  const double total = w->sums[row.begin + row.length - 1];
  if (total <= 0) return -1;
  const double wanted = gli_random_unit(random) * total;
  int64_t low = row.begin, high = row.begin + row.length - 1;
  while (low < high) { /* the first sum above: never an entry of weight 0 */
    const int64_t middle = low + (high - low) / 2;
    if (w->sums[middle] > wanted) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

static bool joined(const gli_simple_rows *simple, int32_t u, int32_t v) {
  int64_t low = simple->offsets[u], high = simple->offsets[u + 1];
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (simple->neighbors[middle] == v) return true;
    if (simple->neighbors[middle] < v) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return false;
}

static double bias(const walking *w, int32_t before, int32_t candidate) {
  if (candidate == before) return w->bias.back;
  return joined(&w->simple, before, candidate) ? w->bias.near : w->bias.away;
}

static double entry_weight(const walking *w, gli_row row, int64_t entry) {
  if (w->sums == NULL) return 1;
  return w->sums[entry] - (entry == row.begin ? 0 : w->sums[entry - 1]);
}

/* Over the whole row, twice: the sum, then the entry where a share of it is passed. */
static int64_t draw_exactly(const walking *w, gli_row row, int32_t before, gli_random *random) {
  double total = 0, sum = 0;
  int64_t last = -1;
  for (int64_t k = row.begin; k < row.begin + row.length; k++)
    total += entry_weight(w, row, k) * bias(w, before, w->rows.neighbors[k]);
  const double wanted = gli_random_unit(random) * total;
  for (int64_t k = row.begin; k < row.begin + row.length && sum <= wanted; k++) {
    const double share = entry_weight(w, row, k) * bias(w, before, w->rows.neighbors[k]);
    if (share > 0) last = k;
    sum += share;
  }
  return last;
}

static int64_t step(const walking *w, int32_t node, int32_t before, gli_random *random) {
  const gli_row row = w->rows.rows[node];
  if (!w->bias.is_biased || before == GLI_NODE_NONE) return propose(w, row, random);
  for (int tries = 0; tries < MOST_TRIES; tries++) {
    const int64_t entry = propose(w, row, random);
    if (entry < 0) return entry;
    if (gli_random_unit(random) < bias(w, before, w->rows.neighbors[entry])) return entry;
  }
  return draw_exactly(w, row, before, random);
}

/* Some walks that take their steps together. */
typedef struct party {
  int64_t count; /* that go on */
  gli_random random[TOGETHER];
  int32_t *node[TOGETHER]; /* where each stands; its places follow */
  int64_t entry[TOGETHER]; /* of the next step */
} party;

static void start_party(const walking *w, party *p, int64_t begin, int64_t end) {
  p->count = end - begin;
  for (int64_t k = 0; k < p->count; k++) {
    const int64_t walk = begin + k;
    p->random[k] = gli_random_start((uint64_t)w->given->seed, (uint64_t)walk);
    p->node[k] = w->node + walk * (w->given->length + 1);
    *p->node[k] = w->starts[walk / w->given->walks_per_node];
    __builtin_prefetch(&w->rows.rows[*p->node[k]]);
  }
}

/* All draw, then all go. Who cannot go on leaves its place to the last one. */
static void take_steps(const walking *w, party *p, bool is_first) {
  for (int64_t k = 0; k < p->count;) {
    const int32_t *node = p->node[k];
    const int32_t before = is_first ? GLI_NODE_NONE : node[-1];
    p->entry[k] = step(w, *node, before, &p->random[k]);
    if (p->entry[k] >= 0) {
      __builtin_prefetch(&w->rows.neighbors[p->entry[k++]]);
    } else {
      p->count--;
      p->random[k] = p->random[p->count];
      p->node[k] = p->node[p->count];
    }
  }
  for (int64_t k = 0; k < p->count; k++) {
    *++p->node[k] = w->rows.neighbors[p->entry[k]];
    __builtin_prefetch(&w->rows.rows[*p->node[k]]);
  }
}

static void walk_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const walking *w = context;
  (void)worker;
  party p;
  for (int64_t walk = begin; walk < end; walk += TOGETHER) {
    start_party(w, &p, walk, walk + TOGETHER < end ? walk + TOGETHER : end);
    for (int64_t k = 0; k < w->given->length && p.count > 0; k++) {
      take_steps(w, &p, k == 0);
      if ((k & 7) == 7 && gli_run_stopped(w->run)) return;
    }
  }
}

static gli_status prepare(walking *w, gli_snapshot *snapshot, gli_error *error) {
  const gli_direction direction = gli__cpu_direction(w->given->direction);
  w->bias = gli__walk_bias_of(w->given->p, w->given->q);
  gli_status status = gli__cpu_rows(snapshot, direction, &w->rows, error);
  if (status == GLI_OK && w->bias.is_biased)
    status = gli_snapshot_simple_rows(snapshot, &w->simple, error);
  if (status == GLI_OK)
    status =
        gli__cpu_row_weights(snapshot, w->given->weight, direction == GLI_IN, &w->weights, error);
  if (status != GLI_OK || w->weights == NULL) return status;
  gli_weight_range range;
  status = gli_snapshot_weight_range(snapshot, w->given->weight, &range, error);
  if (status != GLI_OK) return status;
  w->largest = range.maximum > 0 ? range.maximum : 1;
  w->sums = gli_run_allocate(w->run, w->rows.entry_limit, sizeof *w->sums);
  if (w->sums == NULL) return gli_run_no_memory(w->run, error);
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  return gli_run_parallel(w->run, limit, gli__cpu_grain(limit, w->rows.entry_count, BLOCK_ENTRIES),
                          sum_block, w, error);
}

/* Where walks start: as given, or every live node. */
static gli_status list_starts(walking *w, const gli_snapshot *snapshot, int64_t *count_out,
                              gli_error *error) {
  *count_out = w->given->source.count;
  w->starts = w->given->source.nodes;
  if (w->starts != NULL) return GLI_OK;
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  int32_t *all = gli_run_allocate(w->run, limit, sizeof *all);
  if (all == NULL) return gli_run_no_memory(w->run, error);
  int64_t count = 0;
  for (int32_t v = 0; v < limit; v++) {
    if (gli_bit(bits, v)) all[count++] = v;
  }
  w->starts = all;
  *count_out = count;
  return GLI_OK;
}

gli_status gli__cpu_random_walks(gli_run *run, gli_snapshot *snapshot, const void *options,
                                 gli_result *result, gli_error *error) {
  walking w = {.run = run, .given = options};
  void *node = NULL, *walks = NULL, *places = NULL;
  int64_t count = 0;
  gli_status status = list_starts(&w, snapshot, &count, error);
  if (status != GLI_OK) return status;
  count *= w.given->walks_per_node;
  status = gli_result_add_column(result, "node", GLI_COLUMN_NODE, GLI_PER_ROW,
                                 count * (w.given->length + 1), &node, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "walks", GLI_COLUMN_INT64, GLI_SCALAR, 0, &walks, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "places", GLI_COLUMN_INT64, GLI_SCALAR, 0, &places, error);
  if (status == GLI_OK) status = prepare(&w, snapshot, error);
  if (status != GLI_OK) return status;
  w.node = node;
  *(int64_t *)walks = count;
  *(int64_t *)places = w.given->length + 1;
  gli_run_prepared(run);
  const int64_t shared = count / (4 * (int64_t)gli_run_threads(run));
  const int64_t party_or_less = shared < TOGETHER ? shared : TOGETHER;
  const int64_t by_steps = BLOCK_STEPS / w.given->length + 1;
  const int64_t grain = by_steps > party_or_less ? by_steps : party_or_less;
  status = gli_run_parallel(run, count, grain, walk_block, &w, error);
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
