/* brandes.c: Brandes' algorithm (2001): shortest paths from a source, then dependencies backwards.
 *
 * Sources run in parallel, one worker each, in rounds of 16 places; after a round every node adds
 * up what the 16 places say, in their order: the same bits on any number of threads. (One sum per
 * worker would need no rounds, and give other bits on other machines.) On a small graph a source
 * takes some microseconds, so that rounds of one each cost more than they share out: there several
 * take a place in turn, and add up on it. As many as the graph's size tells, so the bits stay. The
 * 1,461 nodes of netscience: 1.7 ms against 7.1 on two threads. Dependencies are gathered from
 * successors, found again by comparing distances, so no lists of predecessors are kept: an int32
 * less per edge to write, and the second pass over the rows is a read. Where all steps are 1 long,
 * brandes_levels.c does it level by level: 7 ms for four sources on Kronecker scale 17, two
 * threads; node by node over sorted copies of the rows, as weighted paths still are, it was 143 (47
 * without the copies).
 *
 * Cost O(n + m) per source, weighted O(m + n log n) with a binary heap. Memory per node and place
 * in the batch: 33 bytes unweighted, 40 weighted. */
#include "cpu/centrality/brandes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { /* entries and nodes of the graph, or of all searches of a place */
       TAKES_TURNS = 1 << 13,
       SHORTEST_TURN = 1 << 16, /* enough to wake a worker for */
       LONGEST_TURN = 1 << 21,  /* some milliseconds: progress is told after it */
};
enum { SMALL = 1 << 12 }; /* nodes: 32 bytes of each are near */

static int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b) {
  return a > b ? a : b;
}

/* --- Steps -------------------------------------------------------------------------------------
 */

typedef struct step {
  int32_t target;
  double length;
} step;

static int by_target_then_length(const void *left, const void *right) {
  const step *a = left, *b = right;
  if (a->target != b->target) return a->target < b->target ? -1 : 1;
  return a->length < b->length ? -1 : a->length > b->length;
}

/* One row, sorted, each target once with its least length, loops left out; how many are left. */
static int64_t clean_row(const gli_rows *rows, const double *weights, int32_t node, step *row) {
  const gli_row record = rows->rows[node];
  int64_t count = 0, kept = 0;
  bool is_sorted = true;
  for (uint32_t k = 0; k < record.length; k++) {
    const int64_t at = record.begin + k;
    if (rows->neighbors[at] == node) continue;
    row[count++] = (step){rows->neighbors[at], weights == NULL ? 1 : weights[at]};
    is_sorted = is_sorted && (count == 1 || row[count - 2].target < row[count - 1].target);
  }
  if (is_sorted) return count;
  qsort(row, (size_t)count, sizeof *row, by_target_then_length);
  for (int64_t k = 0; k < count; k++) {
    if (kept == 0 || row[kept - 1].target != row[k].target) row[kept++] = row[k];
  }
  return kept;
}

/* Steps of our own, for directed graphs and those with lengths. */
static gli_status make_steps(gli__brandes *b, gli_snapshot *snapshot, const double *weights,
                             gli_error *error) {
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  uint32_t longest = 0;
  for (int64_t v = 0; v < b->node_limit; v++) {
    if (rows.rows[v].length > longest) longest = rows.rows[v].length;
  }
  double *lengths = NULL;
  int64_t *offsets = gli_run_allocate_zeroed(b->run, b->node_limit + 1, sizeof *offsets);
  int32_t *targets = gli_run_allocate(b->run, rows.entry_count + 1, sizeof *targets);
  step *row = gli_run_allocate(b->run, (int64_t)longest + 1, sizeof *row);
  if (weights != NULL) lengths = gli_run_allocate(b->run, rows.entry_count + 1, sizeof *lengths);
  if (offsets == NULL || targets == NULL || row == NULL || (weights != NULL && lengths == NULL))
    return gli_run_no_memory(b->run, error);
  for (int64_t v = 0; v < b->node_limit; v++) {
    const int64_t count = clean_row(&rows, weights, (int32_t)v, row), at = offsets[v];
    for (int64_t k = 0; k < count; k++) {
      targets[at + k] = row[k].target;
      if (weights != NULL) lengths[at + k] = row[k].length;
    }
    offsets[v + 1] = at + count;
    gli_status status = GLI_OK;
    if ((v & 4095) == 0) status = gli_run_check(b->run, error);
    if (status != GLI_OK) return status;
  }
  gli_run_release(b->run, row);
  b->steps.offsets = offsets;
  b->steps.targets = targets;
  b->steps.lengths = lengths;
  return GLI_OK;
}

/* The simple rows of an undirected graph are its steps; the snapshot keeps them. */
static gli_status find_steps(gli__brandes *b, gli_snapshot *snapshot, const char *weight,
                             gli_error *error) {
  const double *weights = NULL;
  gli_status status = gli__cpu_row_weights(snapshot, weight, false, &weights, error);
  if (status != GLI_OK) return status;
  b->steps.both_ways = !gli_snapshot_is_directed(snapshot);
  if (weights != NULL || !b->steps.both_ways) return make_steps(b, snapshot, weights, error);
  gli_simple_rows rows;
  status = gli_snapshot_simple_rows(snapshot, &rows, error);
  if (status != GLI_OK) return status;
  b->steps.offsets = rows.offsets;
  b->steps.targets = rows.neighbors;
  return GLI_OK;
}

/* --- Sources -----------------------------------------------------------------------------------
 */

gli_status gli__brandes_sources(gli_run *run, gli_snapshot *snapshot, int64_t samples, int64_t seed,
                                gli__sources *sources_out, gli_error *error) {
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  const int64_t count = gli_snapshot_node_count(snapshot);
  int32_t *nodes = gli_run_allocate(run, count + 1, sizeof *nodes);
  if (nodes == NULL) return gli_run_no_memory(run, error);
  int64_t found = 0;
  for (int64_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    if (gli_bit(alive, v)) nodes[found++] = (int32_t)v;
  }
  *sources_out = (gli__sources){.nodes = nodes, .count = found, .sampled = samples < count};
  if (!sources_out->sampled) return GLI_OK;
  gli_random random = gli_random_start((uint64_t)seed, 0);
  for (int64_t k = 0; k < samples; k++) {
    const int64_t other = k + (int64_t)gli_random_below(&random, (uint64_t)(count - k));
    const int32_t node = nodes[k];
    nodes[k] = nodes[other];
    nodes[other] = node;
  }
  sources_out->count = samples;
  return GLI_OK;
}

/* --- Scratch -----------------------------------------------------------------------------------
 */

static bool make_weighted_scratch(const gli__brandes *b, gli__dependencies *found) {
  const int64_t n = b->node_limit + 1;
  found->rank = gli_run_allocate(b->run, n, sizeof *found->rank);
  found->distance = gli_run_allocate(b->run, n, sizeof *found->distance);
  found->heap = gli_run_allocate(b->run, n, sizeof *found->heap);
  found->place = gli_run_allocate(b->run, n, sizeof *found->place);
  if (found->rank == NULL || found->distance == NULL || found->heap == NULL || found->place == NULL)
    return false;
  memset(found->rank, 0xff, (size_t)n * sizeof *found->rank);
  for (int64_t v = 0; v < n; v++)
    found->distance[v] = INFINITY;
  return true;
}

/* The levels are filled by the worker that first needs them. */
static bool make_level_scratch(const gli__brandes *b, gli__dependencies *found) {
  const int64_t n = b->node_limit + 1, words = n / 64 + 1;
  found->level = gli_run_allocate(b->run, n, sizeof *found->level);
  found->visited = gli_run_allocate_zeroed(b->run, words, sizeof *found->visited);
  found->front = gli_run_allocate_zeroed(b->run, words, sizeof *found->front);
  found->share = gli_run_allocate_zeroed(b->run, n, sizeof *found->share);
  return found->level != NULL && found->visited != NULL && found->front != NULL &&
         found->share != NULL;
}

static gli_status make_scratch(gli__brandes *b, gli_error *error) {
  const int64_t n = b->node_limit + 1;
  const bool weighted = b->steps.lengths != NULL;
  bool good = true;
  for (int32_t k = 0; k < b->batch_size && good; k++) {
    const gli_status status = gli_run_check(b->run, error); /* the system makes the pages: slow */
    if (status != GLI_OK) return status;
    gli__dependencies *found = &b->batch[k];
    found->order = gli_run_allocate(b->run, n, sizeof *found->order);
    found->paths = gli_run_allocate_zeroed(b->run, n, sizeof *found->paths);
    found->dependency = gli_run_allocate_zeroed(b->run, n, sizeof *found->dependency);
    good = found->order != NULL && found->paths != NULL && found->dependency != NULL &&
           (weighted ? make_weighted_scratch(b, found) : make_level_scratch(b, found));
  }
  return good ? GLI_OK : gli_run_no_memory(b->run, error);
}

/* In as few rounds as there may be: what a worker finds on a place of another is not in its caches.
 */
static void share_out_places(gli__brandes *b) {
  const int64_t cost = b->steps.offsets[b->node_limit] + b->node_limit + 1;
  const int64_t alike = b->sources.count / GLI__BRANDES_BATCH;
  b->in_turn = 1;
  if (cost <= TAKES_TURNS)
    b->in_turn += least(most(alike, SHORTEST_TURN / cost), LONGEST_TURN / cost);
  const int64_t places = (b->sources.count + b->in_turn - 1) / b->in_turn;
  b->batch_size = (int32_t)least(places, GLI__BRANDES_BATCH);
}

gli_status gli__brandes_prepare(gli__brandes *brandes, gli_run *run, gli_snapshot *snapshot,
                                const char *weight, int64_t samples, int64_t seed,
                                gli_error *error) {
  brandes->run = run;
  brandes->node_limit = gli_snapshot_node_limit(snapshot);
  gli_status status = find_steps(brandes, snapshot, weight, error);
  if (status == GLI_OK)
    status = gli__brandes_sources(run, snapshot, samples, seed, &brandes->sources, error);
  if (status != GLI_OK) return status;
  share_out_places(brandes);
  return make_scratch(brandes, error);
}

/* --- One source --------------------------------------------------------------------------------
 */

static void forget(const gli__brandes *b, gli__dependencies *found) {
  if (found->level != NULL) {
    gli__brandes_forget_levels(b, found);
    return;
  }
  for (int32_t k = 0; k < found->reached; k++) {
    const int32_t v = found->order[k];
    if ((k & 4095) == 0 && gli_run_stopped(b->run)) return;
    found->rank[v] = -1;
    found->paths[v] = 0;
    found->dependency[v] = 0;
    found->distance[v] = INFINITY;
  }
  found->reached = 0;
}

static void reach(gli__dependencies *found, int32_t node) {
  found->rank[node] = found->reached;
  found->order[found->reached++] = node;
}

/* --- The heap: a binary heap of nodes by (distance, node) that knows where each node stands --- */

static bool is_nearer(const gli__dependencies *found, int32_t left, int32_t right) {
  const double a = found->distance[left], b = found->distance[right];
  return a < b || (a == b && left < right);
}

static void heap_put(gli__dependencies *found, int32_t at, int32_t node) {
  found->heap[at] = node;
  found->place[node] = at;
}

/* `node` is new at the end, or has come nearer. */
static void heap_rise(gli__dependencies *found, int32_t at, int32_t node) {
  while (at > 0 && is_nearer(found, node, found->heap[(at - 1) / 2])) {
    heap_put(found, at, found->heap[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  heap_put(found, at, node);
}

static int32_t heap_pop(gli__dependencies *found) {
  const int32_t top = found->heap[0], last = found->heap[--found->heap_size];
  const int32_t size = found->heap_size;
  int32_t at = 0;
  for (;;) {
    int32_t child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && is_nearer(found, found->heap[child + 1], found->heap[child])) child++;
    if (!is_nearer(found, found->heap[child], last)) break;
    heap_put(found, at, found->heap[child]);
    at = child;
  }
  if (size > 0) heap_put(found, at, last);
  return top;
}

/* Dijkstra; ties of distance by the smaller node. */
static void search_distances(const gli__brandes *b, gli__dependencies *found) {
  const gli__steps *steps = &b->steps;
  found->distance[found->source] = 0;
  found->paths[found->source] = 1;
  found->heap_size = 1;
  heap_put(found, 0, found->source);
  while (found->heap_size > 0 && !gli_run_stopped(b->run)) {
    const int32_t v = heap_pop(found);
    reach(found, v);
    for (int64_t k = steps->offsets[v]; k < steps->offsets[v + 1]; k++) {
      const int32_t w = steps->targets[k];
      const double distance = found->distance[v] + steps->lengths[k];
      if (distance < found->distance[w]) {
        const bool is_new = isinf(found->distance[w]);
        found->distance[w] = distance;
        found->paths[w] = found->paths[v];
        heap_rise(found, is_new ? found->heap_size++ : found->place[w], w);
      } else if (distance == found->distance[w] && found->rank[w] < 0) {
        found->paths[w] += found->paths[v];
      }
    }
  }
  /* Stopped half-way, nodes that were seen and not settled would keep what they hold. */
  while (found->heap_size > 0) {
    const int32_t v = found->heap[--found->heap_size];
    found->distance[v] = INFINITY;
    found->paths[v] = 0;
  }
}

static void depend(const gli__brandes *b, gli__dependencies *found) {
  const gli__steps *steps = &b->steps;
  for (int32_t k = found->reached - 1; k >= 0; k--) {
    const int32_t v = found->order[k];
    double sum = 0;
    if ((k & 63) == 0 && gli_run_stopped(b->run)) return;
    for (int64_t at = steps->offsets[v]; at < steps->offsets[v + 1]; at++) {
      const int32_t w = steps->targets[at];
      if (gli__brandes_follows(b, found, v, at))
        sum += (1 + found->dependency[w]) / found->paths[w];
    }
    found->dependency[v] = sum * found->paths[v];
  }
}

static void search_steps(const gli__brandes *b, gli__dependencies *found) {
  if (!found->is_prepared) memset(found->level, 0xff, (size_t)b->node_limit * sizeof *found->level);
  found->is_prepared = true;
  if (b->node_limit <= SMALL) {
    gli__brandes_small(b, found);
  } else {
    gli__brandes_levels(b, found);
  }
}

static void search_one(const gli__brandes *b, gli__dependencies *found) {
  forget(b, found);
  if (b->steps.lengths == NULL) {
    search_steps(b, found);
  } else {
    search_distances(b, found);
    depend(b, found);
  }
}

static void search_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  gli__brandes *b = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    gli__dependencies *found = &b->batch[k];
    const int64_t first = b->first + k * b->in_turn;
    const int64_t last = least(first + b->in_turn, b->sources.count);
    for (int64_t s = first; s < last && !gli_run_stopped(b->run); s++) {
      found->source = b->sources.nodes[s];
      search_one(b, found);
      if (found->sums != NULL) b->add(b, found, 0, b->node_limit, found->sums);
    }
  }
}

/* How many places the round has. */
static int64_t places_of(const gli__brandes *b) {
  const int64_t left = b->sources.count - b->first;
  return least(b->batch_size, (left + b->in_turn - 1) / b->in_turn);
}

/* Of one source in each place. */
static void add_sources(void *context, int64_t begin, int64_t end, int32_t worker) {
  const gli__brandes *b = context;
  (void)worker;
  for (int64_t k = 0; k < places_of(b); k++)
    b->add(b, &b->batch[k], begin, end, b->sums);
}

/* Of several. */
static void add_places(void *context, int64_t begin, int64_t end, int32_t worker) {
  const gli__brandes *b = context;
  (void)worker;
  for (int64_t k = 0; k < places_of(b); k++) {
    double *sums = b->batch[k].sums;
    for (int64_t j = begin; j < end; j++) {
      b->sums[j] += sums[j];
      sums[j] = 0;
    }
  }
}

static gli_status make_sums(gli__brandes *b, gli_error *error) {
  for (int32_t k = 0; k < b->batch_size && b->in_turn > 1; k++) {
    b->batch[k].sums = gli_run_allocate_zeroed(b->run, b->sum_count, sizeof(double));
    if (b->batch[k].sums == NULL) return gli_run_no_memory(b->run, error);
  }
  return GLI_OK;
}

gli_status gli__brandes_run(gli__brandes *b, gli__brandes_add add, double *sums, int64_t sum_count,
                            gli_error *error) {
  b->add = add;
  b->sums = sums;
  b->sum_count = sum_count;
  gli_status status = make_sums(b, error);
  const int64_t in_round = (int64_t)b->batch_size * b->in_turn;
  for (b->first = 0; status == GLI_OK && b->first < b->sources.count; b->first += in_round) {
    gli_run_progress(b->run, (double)b->first, (double)b->sources.count);
    status = gli_run_parallel(b->run, places_of(b), 1, search_block, b, error);
    if (status == GLI_OK) status = gli_run_check(b->run, error);
    if (status == GLI_OK && b->in_turn > 1)
      status = gli_run_parallel(b->run, sum_count, 1 << 12, add_places, b, error);
    if (status == GLI_OK && b->in_turn == 1)
      status = gli_run_parallel(b->run, b->node_limit, 1 << 12, add_sources, b, error);
    for (int64_t k = least(in_round, b->sources.count - b->first); status == GLI_OK && k > 0; k--)
      gli_run_count_iteration(b->run);
  }
  return status;
}

double gli__brandes_scale(int64_t seen, int64_t others, bool normalized, bool directed) {
  if (others < 2) return 1;
  if (seen == 0) return NAN;
  if (normalized) return 1 / ((double)seen * (double)(others - 1));
  return (double)others / ((double)seen * (directed ? 1 : 2));
}

void gli__brandes_scale_nodes(const gli_snapshot *snapshot, const gli__sources *sources,
                              bool normalized, bool endpoints, double *score) {
  const int64_t count = gli_snapshot_node_count(snapshot);
  const int64_t others = endpoints ? count : count - 1;
  const bool directed = gli_snapshot_is_directed(snapshot);
  const int64_t seen = sources->sampled ? sources->count : others;
  const double factor = gli__brandes_scale(seen, others, normalized, directed);
  for (int64_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    if (gli_bit(gli_snapshot_node_bits(snapshot), v)) score[v] *= factor;
  }
  if (!sources->sampled || endpoints) return;
  const double own = gli__brandes_scale(seen - 1, others, normalized, directed);
  for (int64_t k = 0; k < sources->count; k++) {
    score[sources->nodes[k]] *= own / factor;
  }
}
