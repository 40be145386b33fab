/* similar_pairs.c: all pairs of nodes that share a neighbour and are similar enough, best first.
 *
 * Nodes go by windows of WINDOW_PAIRS pairs at the most, or of one node that has more. A window is
 * worked on in parallel, each node writing to places of its own; then its pairs move to those that
 * are kept. Where these grow to twice the limit, they are sorted and cut, and nothing that comes
 * later and is no better than the last of them is kept any more: pairs of later nodes lose every
 * tie. Memory is therefore 16 bytes per pair of a window, and 112 at the most per pair of the limit
 * or of the answer, whichever is less, whatever the graph holds; cost O(sum over edges of the
 * degrees of both ends, plus sorting). */
#include <gli/algorithms/similar_pairs.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/two_hops.h"

enum { BLOCK_NODES = 16, WINDOW_PAIRS = 1 << 20 };

typedef struct pairing {
  gli_run *run;
  gli__two_hops hops;
  double threshold;
  double floor; /* scores up to here are no longer kept */
  int32_t first;
  int64_t *most;   /* [node + 1]: places before the node */
  int64_t *counts; /* [node]: places used */
  int64_t *found;  /* [node]: pairs that reach the threshold */
  gli__scored *window;
  gli__scored *kept;
  int64_t kept_count, room, limit;
} pairing;

static void most_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const pairing *p = context;
  (void)worker;
  for (int64_t u = begin; u < end; u++)
    p->most[u + 1] = gli__two_hops_most(&p->hops, (int32_t)u);
}

static void pair_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const pairing *p = context;
  double *sums = p->hops.sums + worker * p->hops.limit;
  const int32_t *touched = p->hops.touched + worker * p->hops.limit;
  for (int64_t k = begin; k < end && !gli_run_stopped(p->run); k++) {
    const int32_t u = p->first + (int32_t)k;
    gli__scored *rows = p->window + (p->most[u] - p->most[p->first]);
    const int64_t touched_count = gli__two_hops_gather(&p->hops, u, worker);
    int64_t count = 0, found = 0;
    for (int64_t j = 0; j < touched_count; j++) {
      const int32_t v = touched[j];
      if (sums[v] > 0) {
        const double score = gli__measure_score(&p->hops.m, u, v, sums[v]);
        found += score >= p->threshold;
        if (score >= p->threshold && score > p->floor) rows[count++] = (gli__scored){score, u, v};
      }
      sums[v] = 0;
    }
    p->counts[u] = count;
    p->found[u] = found;
  }
}

/* Room for `wanted` kept pairs. */
static gli_status grow(pairing *p, int64_t wanted, gli_error *error) {
  if (wanted <= p->room) return GLI_OK;
  const int64_t room = wanted > 2 * p->room ? wanted : 2 * p->room;
  gli__scored *kept = gli_run_allocate(p->run, room, sizeof *kept);
  if (kept == NULL) return gli_run_no_memory(p->run, error);
  for (int64_t k = 0; k < p->kept_count; k++)
    kept[k] = p->kept[k];
  gli_run_release(p->run, p->kept);
  p->kept = kept;
  p->room = room;
  return GLI_OK;
}

/* Put what is kept into order and cut it at the limit. */
static gli_status settle(pairing *p, gli_error *error) {
  gli__scored *spare = gli_run_allocate(p->run, p->kept_count + 1, sizeof *spare);
  if (spare == NULL) return gli_run_no_memory(p->run, error);
  const gli_status status = gli__scored_sort(p->run, p->kept, spare, p->kept_count, error);
  gli_run_release(p->run, spare);
  if (p->kept_count >= p->limit) {
    p->kept_count = p->limit;
    p->floor = p->kept[p->limit - 1].score;
  }
  return status;
}

/* Move the window's pairs to the kept ones. */
static gli_status take_window(pairing *p, int32_t end, gli_error *error) {
  int64_t more = 0;
  for (int32_t u = p->first; u < end; u++)
    more += p->counts[u];
  gli_status status = grow(p, p->kept_count + more, error);
  if (status != GLI_OK) return status;
  for (int32_t u = p->first; u < end; u++) {
    const gli__scored *rows = p->window + (p->most[u] - p->most[p->first]);
    for (int64_t k = 0; k < p->counts[u]; k++)
      p->kept[p->kept_count++] = rows[k];
  }
  return p->kept_count / 2 >= p->limit ? settle(p, error) : GLI_OK;
}

static gli_status pair_all(pairing *p, gli_error *error) {
  const int32_t limit = (int32_t)p->hops.limit;
  gli_status status = GLI_OK;
  for (p->first = 0; status == GLI_OK && p->first < limit;) {
    int32_t end = p->first + 1;
    while (end < limit && p->most[end + 1] - p->most[p->first] <= WINDOW_PAIRS)
      end++;
    gli_run_progress(p->run, (double)p->most[p->first], (double)p->most[limit]);
    if (p->most[end] > p->most[p->first]) {
      status = gli_run_parallel(p->run, end - p->first, BLOCK_NODES, pair_block, p, error);
      if (status == GLI_OK) status = gli_run_check(p->run, error);
      if (status == GLI_OK) status = take_window(p, end, error);
      gli_run_count_iteration(p->run);
    }
    p->first = end;
  }
  return status == GLI_OK ? settle(p, error) : status;
}

static gli_status prepare(pairing *p, gli_error *error) {
  const int64_t limit = p->hops.limit;
  p->most = gli_run_allocate_zeroed(p->run, limit + 2, sizeof *p->most);
  p->counts = gli_run_allocate_zeroed(p->run, limit + 1, sizeof *p->counts);
  p->found = gli_run_allocate_zeroed(p->run, limit + 1, sizeof *p->found);
  if (p->most == NULL || p->counts == NULL || p->found == NULL) {
    return gli_run_no_memory(p->run, error);
  }
  const int64_t grain = gli__cpu_grain(limit, p->hops.m.simple.offsets[limit], 1 << 15);
  const gli_status status = gli_run_parallel(p->run, limit, grain, most_block, p, error);
  if (status != GLI_OK) return status;
  int64_t window = 0; /* the whole, or a window, or the one node that is larger */
  for (int64_t u = 0; u < limit; u++) {
    if (p->most[u + 1] > window) window = p->most[u + 1];
    p->most[u + 1] += p->most[u];
  }
  if (window < WINDOW_PAIRS) window = WINDOW_PAIRS;
  if (window > p->most[limit]) window = p->most[limit];
  p->window = gli_run_allocate(p->run, window + 1, sizeof *p->window);
  return p->window == NULL ? gli_run_no_memory(p->run, error) : GLI_OK;
}

gli_status gli__cpu_similar_pairs(gli_run *run, gli_snapshot *snapshot, const void *options,
                                  gli_result *result, gli_error *error) {
  const gli_similar_pairs_options *given = options;
  pairing p = {.run = run,
               .hops = {.adjacent = given->adjacent, .above = true},
               .threshold = given->threshold,
               .floor = -1,
               .limit = given->max_pairs};
  void *found = NULL;
  gli_status status =
      gli__two_hops_prepare(run, snapshot, gli__measure_named(given->measure), &p.hops, error);
  if (status == GLI_OK) status = prepare(&p, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = pair_all(&p, error);
  if (status == GLI_OK) status = gli__scored_columns(result, p.kept, p.kept_count, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "found", GLI_COLUMN_INT64, GLI_SCALAR, 0, &found, error);
  }
  for (int64_t u = 0; status == GLI_OK && u < p.hops.limit; u++)
    *(int64_t *)found += p.found[u];
  return status;
}
