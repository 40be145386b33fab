/* label_propagation.c: the deterministic rule of LDBC Graphalytics, and the asynchronous one.
 *
 * A node's votes are counted in a small open-addressing table per worker, cleared by walking the
 * row again; sorting the votes was slower from some ten neighbours on. Synchronous rounds read one
 * array of labels and write the other, so they run in parallel and give the same on any number of
 * threads. Asynchronous rounds are a chain by definition and run on one thread: their order is
 * drawn, and a parallel version would depend on timing.
 *
 * A round of LDBC's rule that changes nothing ends the run early: later ones could change nothing
 * either. Labels can also swing between two states for ever, hence max_iterations. */
#include <gli/algorithms/label_propagation.h>
#include <string.h>

#include "base/hash.h"
#include "cpu/common.h"
#include "cpu/kernels.h"

typedef struct vote_table {
  int32_t *labels; /* [mask + 1]: -1 empty */
  int32_t *counts;
  uint32_t mask;
} vote_table;

typedef struct propagation {
  gli_run *run;
  bool directed;
  gli_rows out, in;
  const uint64_t *alive;
  int64_t limit;
  int32_t *labels, *next_labels;
  vote_table *votes; /* per worker */
  int64_t grain;
  uint8_t *changed; /* per block */
} propagation;

static uint32_t slot_of(const vote_table *votes, int32_t label) {
  uint32_t slot = (uint32_t)label * UINT32_C(2654435769);
  slot = (slot ^ (slot >> 16)) & votes->mask;
  while (votes->labels[slot] != -1 && votes->labels[slot] != label)
    slot = (slot + 1) & votes->mask;
  return slot;
}

static void vote(vote_table *votes, const gli_rows *rows, int32_t node, const int32_t *labels,
                 int32_t *best, int32_t *most) {
  const gli_row row = rows->rows[node];
  for (uint32_t k = 0; k < row.length; k++) {
    const int32_t label = labels[rows->neighbors[row.begin + k]];
    const uint32_t slot = slot_of(votes, label);
    votes->labels[slot] = label;
    const int32_t count = ++votes->counts[slot];
    if (count > *most || (count == *most && label < *best)) {
      *most = count;
      *best = label;
    }
  }
}

/* Empty the slots of a row's labels. A slot that is emptied early may cut the way to another one,
 * so the whole way is emptied: all of it belongs to this node. */
static void clear(vote_table *votes, const gli_rows *rows, int32_t node, const int32_t *labels) {
  const gli_row row = rows->rows[node];
  if (row.length > votes->mask / 4) {
    memset(votes->labels, 0xff, ((size_t)votes->mask + 1) * sizeof *votes->labels);
    memset(votes->counts, 0, ((size_t)votes->mask + 1) * sizeof *votes->counts);
    return;
  }
  for (uint32_t k = 0; k < row.length; k++) {
    const int32_t label = labels[rows->neighbors[row.begin + k]];
    uint32_t slot = (uint32_t)label * UINT32_C(2654435769);
    slot = (slot ^ (slot >> 16)) & votes->mask;
    while (votes->labels[slot] != -1) {
      votes->labels[slot] = -1;
      votes->counts[slot] = 0;
      slot = (slot + 1) & votes->mask;
    }
  }
}

/* Of the labels with `most` votes the one that hashes lowest with `salt`: a uniform draw that does
 * not depend on the order of the row. Ties to the smallest label would let low labels flood their
 * surroundings: four cliques of eight joined by single edges then end as three communities in four
 * of six runs; with drawn ties they stay four in 298 of 300. */
static void draw_winner(const vote_table *votes, const gli_rows *rows, int32_t node,
                        const int32_t *labels, int32_t most, uint64_t salt, int32_t *best,
                        uint64_t *lowest) {
  const gli_row row = rows->rows[node];
  for (uint32_t k = 0; k < row.length; k++) {
    const int32_t label = labels[rows->neighbors[row.begin + k]];
    if (votes->counts[slot_of(votes, label)] != most) continue;
    const uint64_t hash = gli__hash_int((uint64_t)label ^ salt);
    if (hash <= *lowest) {
      *lowest = hash;
      *best = label;
    }
  }
}

/* The most frequent label around a node: ties to the smallest or, with `salt`, to the node's own
 * label, else to a drawn one. The node's label where it has no neighbour. */
static int32_t elect(const propagation *p, vote_table *votes, int32_t node, const uint64_t *salt) {
  int32_t best = p->labels[node], most = 0;
  const int32_t own = p->labels[node];
  vote(votes, &p->out, node, p->labels, &best, &most);
  if (p->directed) vote(votes, &p->in, node, p->labels, &best, &most);
  if (salt != NULL && most > 0) {
    const uint32_t slot = slot_of(votes, own);
    uint64_t lowest = UINT64_MAX;
    if (votes->labels[slot] == own && votes->counts[slot] == most) {
      best = own;
    } else {
      draw_winner(votes, &p->out, node, p->labels, most, *salt, &best, &lowest);
      if (p->directed) draw_winner(votes, &p->in, node, p->labels, most, *salt, &best, &lowest);
    }
  }
  clear(votes, &p->out, node, p->labels);
  if (p->directed) clear(votes, &p->in, node, p->labels);
  return best;
}

static void elect_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  propagation *p = context;
  bool changed = false;
  for (int64_t v = begin; v < end && !gli_run_stopped(p->run); v++) {
    p->next_labels[v] = elect(p, &p->votes[worker], (int32_t)v, NULL);
    changed = changed || p->next_labels[v] != p->labels[v];
  }
  p->changed[begin / p->grain] = changed;
}

static gli_status synchronous_round(propagation *p, bool *changed_out, gli_error *error) {
  gli_status status = gli_run_parallel(p->run, p->limit, p->grain, elect_block, p, error);
  if (status == GLI_OK) status = gli_run_check(p->run, error);
  if (status != GLI_OK) return status;
  int32_t *read = p->labels;
  p->labels = p->next_labels;
  p->next_labels = read;
  for (int64_t b = 0; b < gli__cpu_block_count(p->limit, p->grain); b++) {
    *changed_out = *changed_out || p->changed[b] != 0;
  }
  return GLI_OK;
}

/* One node after the other, in an order shuffled from the end to the front (Fisher-Yates). The next
 * labels' array, unused here, holds the order. */
static gli_status asynchronous_round(propagation *p, int64_t seed, int64_t round, bool *changed_out,
                                     gli_error *error) {
  gli_random random = gli_random_start((uint64_t)seed, (uint64_t)round);
  int32_t *order = p->next_labels;
  int64_t count = 0;
  for (int64_t v = 0; v < p->limit; v++) {
    if (gli_bit(p->alive, v)) order[count++] = (int32_t)v;
  }
  for (int64_t k = count - 1; k > 0; k--) {
    const int64_t other = (int64_t)gli_random_below(&random, (uint64_t)k + 1);
    const int32_t node = order[k];
    order[k] = order[other];
    order[other] = node;
  }
  int64_t looked_at = 0;
  for (int64_t k = 0; k < count; k++) {
    const int32_t node = order[k];
    const uint64_t salt = gli_random_next(&random);
    const int32_t label = elect(p, &p->votes[0], node, &salt);
    *changed_out = *changed_out || label != p->labels[node];
    p->labels[node] = label;
    looked_at += p->out.rows[node].length + 1;
    if (looked_at > (1 << 15)) {
      looked_at = 0;
      const gli_status status = gli_run_check(p->run, error);
      if (status != GLI_OK) return status;
    }
  }
  return gli_run_check(p->run, error);
}

/* A table per worker with room for twice the labels that the largest row can show. */
static gli_status make_votes(propagation *p, gli_error *error) {
  const int32_t workers = gli_run_threads(p->run);
  int64_t largest = 1, room = 16;
  for (int64_t v = 0; v < p->limit; v++) {
    const int64_t length =
        (int64_t)p->out.rows[v].length + (p->directed ? p->in.rows[v].length : 0);
    if (length > largest) largest = length;
  }
  /* No row shows more labels than there are nodes. */
  if (largest > p->limit) largest = p->limit;
  while (room < 2 * largest)
    room *= 2;
  p->votes = gli_run_allocate_zeroed(p->run, workers, sizeof *p->votes);
  if (p->votes == NULL) return gli_run_no_memory(p->run, error);
  for (int32_t w = 0; w < workers; w++) {
    vote_table *votes = &p->votes[w];
    votes->mask = (uint32_t)room - 1;
    votes->labels = gli_run_allocate(p->run, room, sizeof *votes->labels);
    votes->counts = gli_run_allocate_zeroed(p->run, room, sizeof *votes->counts);
    if (votes->labels == NULL || votes->counts == NULL) return gli_run_no_memory(p->run, error);
    memset(votes->labels, 0xff, (size_t)room * sizeof *votes->labels);
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
  p->changed = gli_run_allocate_zeroed(p->run, gli__cpu_block_count(p->limit, p->grain), 1);
  if (p->labels == NULL || p->next_labels == NULL || p->changed == NULL) {
    return gli_run_no_memory(p->run, error);
  }
  int32_t place = 0; /* among the live nodes: the draws must not depend on where holes are */
  for (int64_t v = 0; v < p->limit; v++) {
    p->labels[v] = place;
    place += gli_bit(p->alive, v);
  }
  return make_votes(p, error);
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
  propagation p = {.run = run};
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
  gli_run_prepared(run);
  for (int64_t round = 0; status == GLI_OK && round < rounds; round++) {
    bool changed = false;
    gli_run_progress(run, (double)round, (double)rounds);
    status = asynchronous ? asynchronous_round(&p, given->seed, round, &changed, error)
                          : synchronous_round(&p, &changed, error);
    gli_run_count_iteration(run);
    if (!changed) break;
  }
  if (status == GLI_OK) *(int64_t *)count = number_labels(&p, label, origin);
  return status;
}
