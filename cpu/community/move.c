/* move.c: moving nodes to the neighbouring community where modularity gains most.
 *
 * Nodes are visited in a drawn order; one that moved wakes the neighbours that it left behind, and
 * only nodes that are awake are looked at (Ozaki, Tezuka and Inaba 2016). The visit is a chain by
 * definition. To use threads without depending on them, a batch of nodes is judged side by side as
 * things stood when the batch began, and the moves are then made one after the other: where a
 * neighbour moved meanwhile the node is judged again, else its gain is corrected by the totals of
 * today. So every move gains, as in the serial algorithm, and passes end. How large the next batch
 * is follows from how many nodes had to be judged twice: never from threads or time.
 *
 * Rows are fetched ahead and communities added up without branches, which takes 374 ms instead of
 * 520 for all of Louvain on a Kronecker graph of scale 17 (one thread). Stopping passes earlier on
 * the lower levels, as GVE-Louvain does (.01, a tenth on each next level), takes a third less
 * there, but modularity then falls from .0930 to .0913 (.0925 with .003), and it saves nothing on
 * graphs with clear communities. What a node's first few communities cost is fetched ahead as well:
 * a road-like grid of 300 k nodes takes 144 ms instead of 168.
 *
 * Where edges weigh 1 (level 0 without weights) communities are counted in integers of half the
 * size: all of Leiden takes 629 ms instead of 822 on a Kronecker graph of scale 17 (2 threads),
 * together with the same in levels.c and sums without branches in refine.c. Passing over nodes
 * whose community leads by more than all moves since can have changed, bounded by the strengths of
 * those that moved, saves a sixth of the row entries and gained nothing: the bounds cost as much to
 * keep.
 *
 * Free-running threads, as others have it, save the second judging but give other communities on
 * every run. Why no device does this: docs/adr/0013. */
#include <string.h>

#include "cpu/community/levels.h"

enum {
  SMALLEST_BATCH = 64,
  LARGEST_BATCH = 1 << 13,
  BATCH_ENTRIES = 1 << 18,
  NODES_PER_TASK = 16,
  FEW = 8,                  /* communities fetched ahead for a node */
  SERIAL_ENTRIES = 1 << 12, /* too little to wake the pool for */
  NO_BATCH = -1,
};

typedef struct proposal {
  int32_t node, target;
  double to_own, to_target; /* weights towards the communities */
} proposal;

typedef struct moving {
  gli__hierarchy *h;
  uint8_t *awake;
  int32_t *touched; /* the batch in which a neighbour moved last */
  int32_t batch_number;
  proposal *batch;
  int64_t batch_count, batch_size, position;
  int64_t moves;
  double gain;
} moving;

static double price(const gli__hierarchy *h, int32_t node, int32_t community) {
  return h->scale * (h->level.out[node] * h->in_total[community] +
                     h->level.in[node] * h->out_total[community]);
}

/* The price of the node's own community, without the node. */
static double price_of_own(const gli__hierarchy *h, int32_t node) {
  const double out = h->level.out[node], in = h->level.in[node];
  const int32_t own = h->community[node];
  return h->scale * (out * (h->in_total[own] - in) + in * (h->out_total[own] - out));
}

static double gain_of(const gli__hierarchy *h, const proposal *p) {
  return p->to_target - price(h, p->node, p->target) - p->to_own + price_of_own(h, p->node);
}

/* Rounding must not look like a gain. */
static double least_gain(const gli__hierarchy *h, int32_t node) {
  return 1e-12 * (h->level.out[node] + h->level.in[node]);
}

/* Where edges weigh 1. */
static int32_t count_around(const gli__hierarchy *h, gli__surroundings *near, int32_t node) {
  const gli_row row = h->level.rows[node];
  const int32_t *neighbors = h->level.neighbors + row.begin;
  const int32_t *community = h->community;
  int32_t *counts = near->counters, *seen = near->seen;
  int32_t found = 0;
  for (uint32_t k = 0; k < row.length; k++) {
    if (neighbors[k] == node) continue;
    const int32_t c = community[neighbors[k]];
    const int32_t before = counts[c];
    seen[found] = c;
    found += before == 0;
    counts[c] = before + 1;
  }
  return found;
}

/* Adds the row of `node` up by communities; returns how many there are. What was seen before cannot
 * be foretold, so there is no branch on it. */
static int32_t look_around(const gli__hierarchy *h, gli__surroundings *near, int32_t node) {
  const gli_row row = h->level.rows[node];
  const int32_t *neighbors = h->level.neighbors + row.begin;
  const double *weights = h->level.weights;
  const int32_t *community = h->community;
  double *sums = near->weight;
  int32_t *seen = near->seen;
  int32_t count = 0;
  if (weights == NULL) return count_around(h, near, node);
  weights += row.begin;
  for (uint32_t k = 0; k < row.length; k++) {
    if (neighbors[k] == node) continue;
    const int32_t c = community[neighbors[k]];
    const double sum = sums[c];
    seen[count] = c;
    count += sum < 0;
    sums[c] = (sum < 0 ? 0 : sum) + weights[k];
  }
  return count;
}

/* The weight towards a community, and the place is as it was before; 0: not seen. */
static double take(const gli__hierarchy *h, gli__surroundings *near, int32_t community) {
  double weight = 0;
  if (h->level.weights == NULL) {
    weight = near->counters[community];
    near->counters[community] = 0;
  } else {
    weight = near->weight[community] < 0 ? 0 : near->weight[community];
    near->weight[community] = -1;
  }
  return weight;
}

static void judge(const gli__hierarchy *h, gli__surroundings *near, proposal *p) {
  const int32_t own = h->community[p->node];
  p->target = own;
  const int32_t count = look_around(h, near, p->node);
  const double to_own = take(h, near, own), score_of_own = to_own - price_of_own(h, p->node);
  p->to_own = p->to_target = to_own;
  double best = score_of_own + least_gain(h, p->node);
  for (int32_t k = 0; k < count; k++) {
    const int32_t c = near->seen[k];
    if (c == own) continue;
    const double weight = take(h, near, c);
    if (weight < best) continue; /* prices are not negative */
    const double score = weight - price(h, p->node, c);
    if (score > best || (score == best && c < p->target && p->target != own)) {
      best = score;
      p->target = c;
      p->to_target = weight;
    }
  }
}

/* The row of a node further on, and what will be asked of the communities around a nearer one. */
static inline __attribute__((always_inline)) void fetch_ahead(const moving *m,
                                                              const gli__surroundings *near,
                                                              int64_t k) {
  const gli__hierarchy *h = m->h;
  const bool weighted = h->level.weights != NULL;
  if (k + GLI__AHEAD >= m->batch_count) return;
  const int32_t node = m->batch[k + GLI__AHEAD].node; /* gather() was at the record of its row */
  __builtin_prefetch(&h->community[node]);
  gli__fetch_row(&h->level, node);
  const gli_row row = h->level.rows[m->batch[k + GLI__AHEAD / 2].node];
  for (uint32_t j = 0; j < row.length && j < FEW; j++) {
    const int32_t c = h->community[h->level.neighbors[row.begin + j]];
    if (weighted) __builtin_prefetch(&near->weight[c], 1);
    if (!weighted) __builtin_prefetch(&near->counters[c], 1);
    __builtin_prefetch(&h->in_total[c]);
  }
}

static void judge_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  moving *m = context;
  for (int64_t k = begin; k < end; k++) {
    fetch_ahead(m, &m->h->near[worker], k);
    judge(m->h, &m->h->near[worker], &m->batch[k]);
  }
}

/* The next nodes that are awake. Returns how many row entries they have. */
static int64_t gather(moving *m) {
  const gli__level *level = &m->h->level;
  int64_t entries = 0;
  m->batch_count = 0;
  while (m->position < level->count && m->batch_count < m->batch_size && entries < BATCH_ENTRIES) {
    const int32_t node = m->h->order[m->position++];
    if (m->position + GLI__AHEAD < level->count) {
      __builtin_prefetch(&level->rows[m->h->order[m->position + GLI__AHEAD]]);
    }
    if (m->awake[node] == 0) continue;
    m->awake[node] = 0;
    m->batch[m->batch_count++].node = node;
    entries += level->rows[node].length;
  }
  return entries;
}

static void make_move(moving *m, const proposal *p) {
  gli__hierarchy *h = m->h;
  const int32_t node = p->node, own = h->community[node];
  h->community[node] = p->target;
  h->out_total[own] -= h->level.out[node];
  h->out_total[p->target] += h->level.out[node];
  if (h->directed) {
    h->in_total[own] -= h->level.in[node];
    h->in_total[p->target] += h->level.in[node];
  }
  const gli_row row = h->level.rows[node];
  const int32_t *neighbors = h->level.neighbors + row.begin;
  for (uint32_t k = 0; k < row.length; k++) {
    const int32_t u = neighbors[k];
    m->touched[u] = m->batch_number;
    m->awake[u] |= h->community[u] != p->target;
  }
  m->moves++;
}

/* Nodes that a move of the same batch touched are rare in large batches or the batches shrink. */
static void choose_batch_size(moving *m, int64_t touched) {
  if (touched > m->batch_count / 4 && m->batch_size > SMALLEST_BATCH) m->batch_size /= 2;
  if (touched < m->batch_count / 16 && m->batch_size < LARGEST_BATCH) m->batch_size *= 2;
}

/* Too little to share out: one after the other, each as things stand. */
static void visit(moving *m) {
  int64_t touched = 0;
  for (int64_t k = 0; k < m->batch_count; k++) {
    proposal *p = &m->batch[k];
    fetch_ahead(m, &m->h->near[0], k);
    judge(m->h, &m->h->near[0], p);
    if (p->target == m->h->community[p->node]) continue;
    touched += m->touched[p->node] == m->batch_number;
    m->gain += gain_of(m->h, p);
    make_move(m, p);
  }
  choose_batch_size(m, touched);
}

/* Make the batch's moves in order. */
static void apply(moving *m) {
  int64_t again = 0;
  for (int64_t k = 0; k < m->batch_count; k++) {
    proposal *p = &m->batch[k];
    if (p->target == m->h->community[p->node]) continue;
    if (m->touched[p->node] == m->batch_number) {
      judge(m->h, &m->h->near[0], p);
      again++;
      if (p->target == m->h->community[p->node]) continue;
    }
    const double gain =
        p->to_target - price(m->h, p->node, p->target) - p->to_own + price_of_own(m->h, p->node);
    if (gain <= least_gain(m->h, p->node)) continue;
    m->gain += gain;
    make_move(m, p);
  }
  choose_batch_size(m, again);
}

static gli_status pass(moving *m, gli_error *error) {
  for (m->position = 0; m->position < m->h->level.count;) {
    const int64_t entries = gather(m);
    gli_status status = GLI_OK;
    if (entries < SERIAL_ENTRIES) {
      visit(m);
      status = gli_run_check(m->h->run, error);
    } else {
      status = gli_run_parallel(m->h->run, m->batch_count, NODES_PER_TASK, judge_block, m, error);
      if (status == GLI_OK) apply(m);
    }
    if (status != GLI_OK) return status;
    m->batch_number++;
  }
  gli_run_count_iteration(m->h->run);
  return GLI_OK;
}

gli_status gli__hierarchy_move(gli__hierarchy *h, double enough, double *gain_out,
                               gli_error *error) {
  const int64_t count = h->level.count;
  moving m = {.h = h, .batch_size = SMALLEST_BATCH};
  double gain = 0;
  m.awake = gli_run_allocate(h->run, count, 1);
  m.touched = gli_run_allocate(h->run, count, sizeof *m.touched);
  m.batch = gli_run_allocate(h->run, LARGEST_BATCH, sizeof *m.batch);
  if (m.awake == NULL || m.touched == NULL || m.batch == NULL) {
    return gli_run_no_memory(h->run, error);
  }
  memset(m.awake, 1, (size_t)count);
  for (int64_t v = 0; v < count; v++)
    m.touched[v] = NO_BATCH;
  gli_status status = GLI_OK;
  do {
    m.moves = 0;
    m.gain = 0;
    status = pass(&m, error);
    m.gain *= (h->directed ? 1 : 2) / h->total;
    gain += m.gain;
  } while (status == GLI_OK && m.moves > 0 && m.gain >= enough);
  gli_run_release(h->run, m.batch);
  gli_run_release(h->run, m.touched);
  gli_run_release(h->run, m.awake);
  if (status == GLI_OK) *gain_out = gain;
  return status;
}
