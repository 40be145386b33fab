/* label_propagation.c: the deterministic rule of LDBC Graphalytics, and the asynchronous one.
 *
 * The labels around a node are read into a buffer first. Where more than half of them are the
 * node's own, nothing is to be counted; else a dense counter per label counts, without branches on
 * what was seen, and is set back from the buffer. On a Kronecker graph of scale 17 that takes 53 ms
 * for LDBC's ten rounds (2 threads) and 75 ms for the asynchronous rule, where an open-addressing
 * table as large as the row asks for took 74 and 113; on a uniform graph of 262,144 nodes, whose
 * counters do not fit into the second-level cache, it is a draw (with the sleep below the
 * asynchronous rule takes 225 ms of 450 there, 564 of 1,016 on 524,288 nodes). Sorting the votes
 * was slower from some ten neighbours on.
 *
 * Synchronous rounds read one array of labels and write the other, so they run in parallel and give
 * the same on any number of threads. A node none of whose neighbours changed in the round before
 * would elect the same label again, and is passed over. Finding those out costs a walk over the
 * rows of the nodes that changed, so all nodes vote again while these rows are a large part of the
 * graph. Up to eight labels are compared each with each, without a branch that depends on the row.
 *
 * On a road-like grid of 300 k nodes comparing few labels takes 40 ms where a table for every row
 * takes 92 (one thread).
 *
 * Asynchronous rounds are a chain by definition and the votes run on one thread: their order is
 * drawn, and a parallel version would depend on timing. The order itself does not depend on votes:
 * a second thread draws the next round's meanwhile, and rows are fetched ahead. On the grid that
 * takes 42 ms instead of 54 with one thread's draws, and 79 without fetching; 46, 49 and 64 on the
 * Kronecker graph, 9.2, 10.2 and 11 on astro-ph. Fetching the labels around a node ahead as well,
 * or drawing among few labels without branches, took 8 % and 9 % more on the grid. A node that has
 * voted keeps its label until a neighbour changes, so it sleeps till then: without that a quarter
 * more on the Kronecker graph, 2.4 times on astro-ph, 4.8 times on the grid.
 *
 * A round of LDBC's rule that changes nothing ends the run early: later ones could change nothing
 * either. Labels can also swing between two states for ever, hence max_iterations. */
#include <gli/algorithms/label_propagation.h>
#include <string.h>

#include "base/hash.h"
#include "cpu/common.h"
#include "cpu/kernels.h"

enum {
  WAKING_SHARE = 4,
  FEW = 8,
  NODES_PER_CHECK = 32,
  DRAWS_PER_CHECK = 1 << 16,
  AHEAD = 8,
  NO_LABEL = -1
};

/* What one worker counts with. */
typedef struct booth {
  int32_t *votes;  /* [limit] per label, all 0 between elections */
  int32_t *labels; /* [2 * largest row] the labels around a node, then those that lead */
} booth;

/* In which order an asynchronous round goes, and what draws the salts after that. */
typedef struct ballot {
  int32_t *order; /* [count] the live nodes, awake or not */
  int64_t count;
  gli_random random;
} ballot;

typedef struct propagation {
  gli_run *run;
  bool directed;
  gli_rows out, in;
  const uint64_t *alive;
  int64_t limit;
  int32_t *labels, *next_labels;
  booth *booths;       /* per worker */
  uint8_t *awake;      /* a neighbour changed, or all vote */
  int64_t awake_count; /* live ones, of asynchronous rounds */
  bool has_changed;    /* in this asynchronous round */
  ballot ballots[2];   /* of this asynchronous round and the next one, in turn */
  int64_t seed, round;
  int64_t grain;
  int64_t *changed; /* per block: row entries of the nodes that changed, and 1 for each */
} propagation;

/* Labels of the row's neighbours into `labels`; returns how many are `own`. */
static uint32_t read_labels(const propagation *p, const gli_rows *rows, int32_t node, int32_t own,
                            int32_t *labels) {
  const gli_row row = rows->rows[node];
  const int32_t *neighbors = rows->neighbors + row.begin;
  uint32_t agree = 0;
  for (uint32_t k = 0; k < row.length; k++) {
    labels[k] = p->labels[neighbors[k]];
    agree += labels[k] == own;
  }
  return agree;
}

/* The first of the `count` labels in the booth by votes; of those that tie the own one, which has
 * `agree`, else the one that hashes lowest with `salt`: a uniform draw that does not depend on the
 * order of the row. Ties to the smallest label would let low labels flood their surroundings: four
 * cliques of eight joined by single edges then end as three communities in four of six runs; with
 * drawn ties they stay four in 298 of 300. A label comes among the leaders when it reaches the most
 * votes so far; more votes for anybody empty the list. */
static int32_t elect_drawn(const booth *b, uint32_t count, int32_t own, uint32_t agree,
                           uint64_t salt) {
  uint32_t most = 0, leaders = 0;
  int32_t *leading = b->labels + count;
  for (uint32_t k = 0; k < count; k++) {
    const int32_t label = b->labels[k];
    const uint32_t votes = (uint32_t)++b->votes[label];
    leaders = votes > most ? 0 : leaders;
    most = votes > most ? votes : most;
    leading[leaders] = label;
    leaders += votes == most;
  }
  for (uint32_t k = 0; k < count; k++)
    b->votes[b->labels[k]] = 0;
  if (agree == most) return own;
  int32_t best = own;
  uint64_t lowest = UINT64_MAX;
  for (uint32_t k = 0; k < leaders; k++) {
    const uint64_t hash = gli__hash_int((uint64_t)leading[k] ^ salt);
    best = hash <= lowest ? leading[k] : best;
    lowest = hash < lowest ? hash : lowest;
  }
  return best;
}

/* Votes above the label's complement: the largest has most votes and the smallest label. */
static uint64_t rank_of(int32_t label, uint32_t votes) {
  return (uint64_t)votes << 32 | ~(uint32_t)label;
}

/* The winner around a node with at most `width` neighbours: each label is compared with all. Places
 * that are left over hold labels that nobody else has and that lose every tie, so that no branch
 * depends on the row. With `salt` ties are decided as in elect_drawn(). */
static inline __attribute__((always_inline)) int32_t elect_of_few(const propagation *p,
                                                                  int32_t node, uint32_t width,
                                                                  const uint64_t *salt) {
  const gli_row row = p->out.rows[node];
  const int32_t *neighbors = p->out.neighbors + row.begin;
  int32_t around[FEW];
  uint64_t ranks[FEW], first = 0;
  for (uint32_t k = 0; k < width; k++) {
    const int32_t label = p->labels[neighbors[k < row.length ? k : 0]];
    around[k] = k < row.length ? label : NO_LABEL - (int32_t)k;
  }
  for (uint32_t k = 0; k < width; k++) {
    uint32_t votes = 0;
    for (uint32_t j = 0; j < width; j++)
      votes += around[j] == around[k];
    ranks[k] = rank_of(around[k], votes);
    first = ranks[k] > first ? ranks[k] : first;
  }
  int32_t best = (int32_t) ~(uint32_t)first;
  if (salt == NULL) return best;
  const int32_t own = p->labels[node];
  const uint64_t for_own = first >> 32 << 32 | ~(uint32_t)own;
  uint64_t lowest = UINT64_MAX;
  for (uint32_t k = 0; k < width; k++) {
    if (ranks[k] == for_own) return own;
    if (ranks[k] >> 32 != first >> 32 || around[k] < 0) continue;
    const uint64_t hash = gli__hash_int((uint64_t)around[k] ^ *salt);
    best = hash <= lowest ? around[k] : best;
    lowest = hash < lowest ? hash : lowest;
  }
  return best;
}

/* The most frequent label around a node: ties to the smallest or, with `salt`, to the node's own
 * label, else to a drawn one. The node's label where it has no neighbour. */
static int32_t elect(const propagation *p, const booth *b, int32_t node, const uint64_t *salt) {
  const int32_t own = p->labels[node];
  uint32_t count = p->out.rows[node].length;
  if (count <= FEW && count > 0 && !p->directed) {
    return count <= FEW / 2 ? elect_of_few(p, node, FEW / 2, salt)
                            : elect_of_few(p, node, FEW, salt);
  }
  uint32_t agree = read_labels(p, &p->out, node, own, b->labels);
  if (p->directed) {
    agree += read_labels(p, &p->in, node, own, b->labels + count);
    count += p->in.rows[node].length;
  }
  if (agree > count / 2 || count == 0) return own;
  if (salt != NULL) return elect_drawn(b, count, own, agree, *salt);
  uint64_t first = 0;
  for (uint32_t k = 0; k < count; k++) {
    const int32_t label = b->labels[k];
    const uint64_t rank = rank_of(label, (uint32_t)++b->votes[label]);
    first = rank > first ? rank : first;
  }
  for (uint32_t k = 0; k < count; k++)
    b->votes[b->labels[k]] = 0;
  return (int32_t) ~(uint32_t)first;
}

static int64_t entries_of(const propagation *p, int64_t node) {
  return 1 + (int64_t)p->out.rows[node].length + (p->directed ? p->in.rows[node].length : 0);
}

static void elect_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  propagation *p = context;
  int64_t changed = 0;
  for (int64_t v = begin; v < end; v++) {
    if (v % NODES_PER_CHECK == 0 && gli_run_stopped(p->run)) return;
    p->next_labels[v] = p->awake[v] ? elect(p, &p->booths[worker], (int32_t)v, NULL) : p->labels[v];
    changed += p->next_labels[v] != p->labels[v] ? entries_of(p, v) : 0;
  }
  p->changed[begin / p->grain] = changed;
}

static void wake_row(const propagation *p, const gli_rows *rows, int64_t node) {
  const gli_row row = rows->rows[node];
  for (uint32_t k = 0; k < row.length; k++) {
    uint8_t *awake = &p->awake[rows->neighbors[row.begin + k]];
    if (!__atomic_load_n(awake, __ATOMIC_RELAXED)) __atomic_store_n(awake, 1, __ATOMIC_RELAXED);
  }
}

/* Those around a node that changed. */
static void wake_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const propagation *p = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (p->next_labels[v] == p->labels[v]) continue;
    wake_row(p, &p->out, v);
    if (p->directed) wake_row(p, &p->in, v);
  }
}

static gli_status synchronous_round(propagation *p, bool *changed_out, gli_error *error) {
  gli_status status = gli_run_parallel(p->run, p->limit, p->grain, elect_block, p, error);
  if (status == GLI_OK) status = gli_run_check(p->run, error);
  if (status != GLI_OK) return status;
  int64_t changed = 0;
  for (int64_t b = 0; b < gli__cpu_block_count(p->limit, p->grain); b++)
    changed += p->changed[b];
  const bool all = changed > (p->limit + p->out.entry_count) / WAKING_SHARE;
  memset(p->awake, all, (size_t)p->limit);
  if (!all) status = gli_run_parallel(p->run, p->limit, p->grain, wake_block, p, error);
  int32_t *read = p->labels;
  p->labels = p->next_labels;
  p->next_labels = read;
  *changed_out = changed > 0;
  return status;
}

/* Those around a node that changed, on one thread; returns how many of them slept. */
static int64_t wake_around(const propagation *p, const gli_rows *rows, int32_t node) {
  const gli_row row = rows->rows[node];
  int64_t woken = 0;
  for (uint32_t k = 0; k < row.length; k++) {
    uint8_t *awake = &p->awake[rows->neighbors[row.begin + k]];
    woken += !*awake;
    *awake = 1;
  }
  return woken;
}

/* The live nodes of a round, shuffled from the end to the front (Fisher-Yates). */
static void draw_order(const propagation *p, int64_t round, ballot *b) {
  gli_random random = gli_random_start((uint64_t)p->seed, (uint64_t)round);
  int32_t *order = b->order;
  int64_t count = 0;
  for (int64_t v = 0; v < p->limit; v++) {
    if (gli_bit(p->alive, v)) order[count++] = (int32_t)v;
  }
  for (int64_t k = count - 1; k > 0; k--) {
    const int64_t other = (int64_t)gli_random_below(&random, (uint64_t)k + 1);
    const int32_t node = order[k];
    order[k] = order[other];
    order[other] = node;
    if (k % DRAWS_PER_CHECK == 0 && gli_run_stopped(p->run)) break;
  }
  b->count = count;
  b->random = random;
}

/* The order is no order in memory: rows come while earlier nodes vote. Inlined early: GCC drops
 * calls of functions that do nothing but prefetch. */
static inline __attribute__((always_inline)) void fetch_ahead(const propagation *p,
                                                              const int32_t *order, int64_t k,
                                                              int64_t count) {
  if (k + 2 * AHEAD < count && p->awake[order[k + 2 * AHEAD]]) {
    __builtin_prefetch(&p->out.rows[order[k + 2 * AHEAD]]);
    if (p->directed) __builtin_prefetch(&p->in.rows[order[k + 2 * AHEAD]]);
  }
  if (k + AHEAD >= count || !p->awake[order[k + AHEAD]]) return;
  __builtin_prefetch(p->out.neighbors + p->out.rows[order[k + AHEAD]].begin);
  if (p->directed) __builtin_prefetch(p->in.neighbors + p->in.rows[order[k + AHEAD]].begin);
}

/* One node after the other, in a drawn order. A node that voted has one of the most frequent labels
 * and keeps it until a neighbour changes: it sleeps till then. Its salt is drawn all the same, so
 * that the draws of others do not depend on it. */
static void vote_in_order(propagation *p, const booth *b, ballot *drawn) {
  const int32_t *order = drawn->order;
  int64_t looked_at = 0;
  for (int64_t k = 0; k < drawn->count; k++) {
    const int32_t node = order[k];
    const uint64_t salt = gli_random_next(&drawn->random);
    fetch_ahead(p, order, k, drawn->count);
    looked_at++;
    if (p->awake[node]) {
      const int32_t label = elect(p, b, node, &salt);
      p->awake[node] = 0;
      p->awake_count--;
      looked_at += p->out.rows[node].length;
      if (label != p->labels[node]) {
        p->labels[node] = label;
        p->has_changed = true;
        p->awake_count += wake_around(p, &p->out, node);
        if (p->directed) p->awake_count += wake_around(p, &p->in, node);
      }
    }
    if (looked_at > (1 << 15)) {
      looked_at = 0;
      if (gli_run_stopped(p->run)) return;
    }
  }
}

/* Two things at once: 0 votes, 1 draws the order of the next round. */
static void asynchronous_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  propagation *p = context;
  for (int64_t what = begin; what < end; what++) {
    ballot *drawn = &p->ballots[(p->round + what) % 2];
    if (what == 0) {
      vote_in_order(p, &p->booths[worker], drawn);
    } else {
      draw_order(p, p->round + 1, drawn);
    }
  }
}

/* One thread draws in time what it needs, so that the last round draws for nobody. */
static gli_status asynchronous_round(propagation *p, bool *changed_out, gli_error *error) {
  if (p->awake_count == 0) return gli_run_check(p->run, error);
  const bool alone = gli_run_threads(p->run) == 1;
  if (alone || p->round == 0) draw_order(p, p->round, &p->ballots[p->round % 2]);
  p->has_changed = false;
  const gli_status status =
      gli_run_parallel(p->run, alone ? 1 : 2, 1, asynchronous_block, p, error);
  *changed_out = p->has_changed;
  p->round++;
  return status;
}

/* Counters per worker, and room for the labels of the largest row. */
static gli_status make_booths(propagation *p, gli_error *error) {
  const int32_t workers = gli_run_threads(p->run);
  int64_t largest = 1;
  for (int64_t v = 0; v < p->limit; v++) {
    if (entries_of(p, v) > largest) largest = entries_of(p, v);
  }
  p->booths = gli_run_allocate_zeroed(p->run, workers, sizeof *p->booths);
  if (p->booths == NULL) return gli_run_no_memory(p->run, error);
  for (int32_t w = 0; w < workers; w++) {
    booth *b = &p->booths[w];
    b->votes = gli_run_allocate_zeroed(p->run, p->limit, sizeof *b->votes);
    b->labels = gli_run_allocate(p->run, 2 * largest, sizeof *b->labels);
    if (b->votes == NULL || b->labels == NULL) return gli_run_no_memory(p->run, error);
  }
  return GLI_OK;
}

static gli_status prepare(propagation *p, gli_snapshot *snapshot, gli_error *error) {
  p->directed = gli_snapshot_is_directed(snapshot);
  p->out = gli_snapshot_out_rows(snapshot);
  p->alive = gli_snapshot_node_bits(snapshot);
  p->limit = gli_snapshot_node_limit(snapshot);
  p->grain = gli__cpu_grain(p->limit, p->out.entry_count, 1 << 13);
  gli_status status = gli_snapshot_in_rows(snapshot, &p->in, error);
  if (status != GLI_OK) return status;
  p->labels = gli_run_allocate(p->run, p->limit, sizeof *p->labels);
  p->next_labels = gli_run_allocate(p->run, p->limit, sizeof *p->next_labels);
  p->awake = gli_run_allocate(p->run, p->limit, 1);
  p->changed =
      gli_run_allocate(p->run, gli__cpu_block_count(p->limit, p->grain), sizeof *p->changed);
  if (p->labels == NULL || p->next_labels == NULL || p->awake == NULL || p->changed == NULL) {
    return gli_run_no_memory(p->run, error);
  }
  memset(p->awake, 1, (size_t)p->limit);
  int32_t place = 0; /* among the live nodes: the draws must not depend on where holes are */
  for (int64_t v = 0; v < p->limit; v++) {
    p->labels[v] = place;
    place += gli_bit(p->alive, v);
  }
  p->awake_count = place;
  return make_booths(p, error);
}

/* The next labels' array, unused by asynchronous rounds, holds one of the orders. */
static gli_status make_ballots(propagation *p, gli_error *error) {
  p->ballots[0].order = p->ballots[1].order = p->next_labels;
  if (gli_run_threads(p->run) == 1) return GLI_OK;
  p->ballots[1].order = gli_run_allocate(p->run, p->limit, sizeof(int32_t));
  return p->ballots[1].order == NULL ? gli_run_no_memory(p->run, error) : GLI_OK;
}

/* Communities numbered in the order of their first nodes; how many. A label is a place among the
 * live nodes: the origin of the label is the node there. */
static int64_t number_labels(propagation *p, int64_t *numbers, int32_t *origins) {
  int32_t *number_of = p->next_labels;
  int64_t count = 0;
  memset(number_of, 0xff, (size_t)p->limit * sizeof *number_of);
  for (int64_t v = 0; v < p->limit; v++) {
    if (!gli_bit(p->alive, v)) continue;
    if (number_of[p->labels[v]] < 0) number_of[p->labels[v]] = (int32_t)count++;
    numbers[v] = number_of[p->labels[v]];
  }
  int32_t *node_at = number_of;
  int32_t place = 0;
  for (int64_t v = 0; v < p->limit; v++) {
    if (gli_bit(p->alive, v)) node_at[place++] = (int32_t)v;
  }
  for (int64_t v = 0; v < p->limit; v++) {
    if (gli_bit(p->alive, v)) origins[v] = node_at[p->labels[v]];
  }
  return count;
}

gli_status gli__cpu_label_propagation(gli_run *run, gli_snapshot *snapshot, const void *options,
                                      gli_result *result, gli_error *error) {
  const gli_label_propagation_options *given = options;
  const bool asynchronous = strcmp(given->method, "async") == 0;
  const int64_t rounds = given->max_iterations > 0 ? given->max_iterations
                         : asynchronous            ? 100
                                                   : 10;
  propagation p = {.run = run, .seed = given->seed};
  void *label = NULL, *origin = NULL, *count = NULL;
  gli_status status =
      gli_result_add_column(result, "label", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &label, error);
  if (status == GLI_OK) {
    status =
        gli_result_add_column(result, "origin", GLI_COLUMN_NODE, GLI_PER_NODE, 0, &origin, error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status != GLI_OK || gli_snapshot_node_limit(snapshot) == 0) return status;
  status = prepare(&p, snapshot, error);
  if (status == GLI_OK && asynchronous) status = make_ballots(&p, error);
  gli_run_prepared(run);
  for (int64_t round = 0; status == GLI_OK && round < rounds; round++) {
    bool changed = false;
    gli_run_progress(run, (double)round, (double)rounds);
    status = asynchronous ? asynchronous_round(&p, &changed, error)
                          : synchronous_round(&p, &changed, error);
    gli_run_count_iteration(run);
    if (!changed) break;
  }
  if (status == GLI_OK) *(int64_t *)count = number_labels(&p, label, origin);
  return status;
}
