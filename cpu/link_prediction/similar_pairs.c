/* similar_pairs.c: all pairs of nodes that share a neighbour and are similar enough, best first.
 *
 * Nodes go by windows of WINDOW_PAIRS pairs at the most, or of one node that has more. A window is
 * worked on in parallel, each node writing to places of its own, and then handed to the ranking
 * (ranking.c), which keeps no more than it may need and says from which score on pairs still count.
 * A node that may reach a DENSE part of those above it adds up without a list of whom it reached,
 * and looks at all of them afterwards. Cost O(sum over edges of the degrees of both ends, plus
 * sorting); memory 16 bytes per pair of a window, and what the ranking holds. */
#include <gli/algorithms/similar_pairs.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/ranking.h"

enum { BLOCK_NODES = 16, WINDOW_PAIRS = 1 << 19, DENSE = 8 };

typedef struct pairing {
  gli_run *run;
  gli__two_hops hops;
  gli__ranking ranking;
  double threshold;
  bool is_sum; /* the score is what is common, as it is */
  int32_t first;
  int64_t *most;   /* [node + 1]: places before the node */
  int64_t *counts; /* [node]: places used */
  int64_t *found;  /* [node]: pairs that reach the threshold */
  gli__scored *window;
} pairing;

static void most_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const pairing *p = context;
  (void)worker;
  for (int64_t u = begin; u < end; u++) {
    const int64_t most = gli__two_hops_most(&p->hops, (int32_t)u), above = p->hops.limit - u - 1;
    p->most[u + 1] = most >= above / DENSE ? above : most;
  }
}

/* Keeps a pair in rows[*count] where it is good enough; returns whether it reaches the threshold.
 */
static inline bool keep(const pairing *p, int32_t u, int32_t v, double sum, gli__scored *rows,
                        int64_t *count) {
  if (!(sum > 0)) return false;
  const double score = gli__measure_score(&p->hops.m, u, v, sum);
  if (score < p->threshold) return false;
  if (score > p->ranking.floor) rows[(*count)++] = (gli__scored){score, u, v};
  return true;
}

/* The same of all nodes above u where the sum is the score: without branches, which are foreseen
 * badly where some are 0 (on a Kronecker graph of 2.2 M pairs, which are a quarter of all, 14 ms of
 * one core instead of 29, adding up included). A pair that does not count is overwritten by the
 * next: there is a place for each of these nodes. */
static int64_t keep_sums(const pairing *p, int32_t u, double *sums, gli__scored *rows,
                         int64_t *found_out) {
  const double threshold = p->threshold, floor = p->ranking.floor;
  int64_t count = 0, found = 0;
  for (int32_t v = u + 1; v < p->hops.limit; v++) {
    const double sum = sums[v];
    const bool reaches = (sum > 0) & (sum >= threshold);
    sums[v] = 0;
    rows[count] = (gli__scored){sum, u, v};
    found += reaches;
    count += reaches & (sum > floor);
  }
  *found_out = found;
  return count;
}

static void pair_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const pairing *p = context;
  double *sums = p->hops.sums + worker * p->hops.limit;
  const int32_t *touched = p->hops.touched + worker * p->hops.limit;
  for (int64_t k = begin; k < end && !gli_run_stopped(p->run); k++) {
    const int32_t u = p->first + (int32_t)k;
    gli__scored *rows = p->window + (p->most[u] - p->most[p->first]);
    int64_t count = 0, found = 0;
    if (p->most[u + 1] - p->most[u] == p->hops.limit - u - 1) {
      gli__two_hops_gather_above(&p->hops, u, worker);
      if (p->is_sum) count = keep_sums(p, u, sums, rows, &found);
      for (int32_t v = u + 1; v < p->hops.limit && !p->is_sum; v++) {
        found += keep(p, u, v, sums[v], rows, &count);
        sums[v] = 0;
      }
    } else {
      const int64_t touched_count = gli__two_hops_gather(&p->hops, u, worker);
      for (int64_t j = 0; j < touched_count; j++) {
        found += keep(p, u, touched[j], sums[touched[j]], rows, &count);
        sums[touched[j]] = 0;
      }
    }
    p->counts[u] = count;
    p->found[u] = found;
  }
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
      if (status == GLI_OK) {
        status = gli__ranking_add(&p->ranking, p->window, p->most + p->first, p->counts + p->first,
                                  end - p->first, error);
      }
      gli_run_count_iteration(p->run);
    }
    p->first = end;
  }
  return status;
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
  p->ranking.portion = window;
  p->ranking.expected = p->most[limit];
  if (p->ranking.limit < (p->most[limit] - window) / 2) /* of what it may hold at once */
    p->ranking.expected = 2 * p->ranking.limit + window;
  p->window = gli_run_allocate(p->run, window + 1, sizeof *p->window);
  return p->window == NULL ? gli_run_no_memory(p->run, error) : GLI_OK;
}

gli_status gli__cpu_similar_pairs(gli_run *run, gli_snapshot *snapshot, const void *options,
                                  gli_result *result, gli_error *error) {
  const gli_similar_pairs_options *given = options;
  const gli__measure measure = gli__measure_named(given->measure);
  pairing p = {.run = run,
               .hops = {.adjacent = given->adjacent, .above = true},
               .ranking = {.run = run, .limit = given->max_pairs, .floor = -1},
               .threshold = given->threshold,
               .is_sum = measure == GLI__ADAMIC_ADAR || measure == GLI__COMMON_NEIGHBORS ||
                         measure == GLI__RESOURCE_ALLOCATION};
  void *found = NULL;
  gli_status status = gli__two_hops_prepare(run, snapshot, measure, &p.hops, error);
  if (status == GLI_OK) status = prepare(&p, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = pair_all(&p, error);
  gli_run_release(run, p.window);
  if (status == GLI_OK) status = gli__ranking_columns(&p.ranking, result, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "found", GLI_COLUMN_INT64, GLI_SCALAR, 0, &found, error);
  }
  for (int64_t u = 0; status == GLI_OK && u < p.hops.limit; u++)
    *(int64_t *)found += p.found[u];
  return status;
}
