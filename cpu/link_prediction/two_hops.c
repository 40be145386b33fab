/* two_hops.c: what a node has in common with the nodes two hops away.
 *
 * For each neighbour w of u, in rising order, w's share is added to the sum of every neighbour v of
 * w: a row of the square of the adjacency matrix, by Gustavson 1978 (doi:10.1145/355791.355796)
 * with a dense accumulator per worker. Cost O(sum of the neighbours' degrees). The shares of a pair
 * are added in the order in which merging the two rows meets them: the same bits as measures.c. */
#include "cpu/link_prediction/two_hops.h"

#include <string.h>

enum { SORTED_RUN = 32, MERGED_ITEMS = 1 << 14, STEPS_BETWEEN_CHECKS = 1 << 14 };

gli_status gli__two_hops_prepare(gli_run *run, gli_snapshot *snapshot, gli__measure measure,
                                 gli__two_hops *hops, gli_error *error) {
  const int64_t workers = gli_run_threads(run);
  hops->limit = gli_snapshot_node_limit(snapshot);
  hops->sums = gli_run_allocate_zeroed(run, workers * hops->limit + 1, sizeof *hops->sums);
  hops->touched = gli_run_allocate(run, workers * hops->limit + 1, sizeof *hops->touched);
  if (hops->sums == NULL || hops->touched == NULL) return gli_run_no_memory(run, error);
  return gli__measuring_prepare(run, snapshot, measure, &hops->m, error);
}

int64_t gli__two_hops_most(const gli__two_hops *hops, int32_t u) {
  const int64_t *offsets = hops->m.simple.offsets;
  const int64_t others = hops->above ? hops->limit - u - 1 : hops->limit - 1;
  int64_t ways = 0;
  for (int64_t k = offsets[u]; k < offsets[u + 1]; k++) {
    const int32_t w = hops->m.simple.neighbors[k];
    ways += offsets[w + 1] - offsets[w] - 1;
  }
  return ways < others ? ways : others;
}

int64_t gli__two_hops_gather(const gli__two_hops *hops, int32_t u, int32_t worker) {
  const int64_t *offsets = hops->m.simple.offsets;
  const int32_t *neighbors = hops->m.simple.neighbors;
  double *sums = hops->sums + worker * hops->limit;
  int32_t *touched = hops->touched + worker * hops->limit;
  int64_t count = 0, steps = 0;
  for (int64_t k = offsets[u]; k < offsets[u + 1]; k++) {
    const int32_t w = neighbors[k];
    const double share = hops->m.shares != NULL ? hops->m.shares[w] : 1;
    steps += offsets[w + 1] - offsets[w] + 1;
    if (steps > STEPS_BETWEEN_CHECKS) {
      if (gli_run_stopped(hops->m.run)) break;
      steps = 0;
    }
    for (int64_t j = offsets[w + 1]; j-- > offsets[w];) { /* from above: rows are sorted */
      const int32_t v = neighbors[j];
      if (hops->above && v <= u) break;
      if (v == u) continue;
      touched[count] = v; /* overwritten where it is in the list already */
      count += sums[v] == 0;
      sums[v] += share;
    }
  }
  for (int64_t k = offsets[u]; k < offsets[u + 1] && !hops->adjacent; k++)
    sums[neighbors[k]] = 0;
  return count;
}

void gli__two_hops_gather_above(const gli__two_hops *hops, int32_t u, int32_t worker) {
  const int64_t *offsets = hops->m.simple.offsets;
  const int32_t *neighbors = hops->m.simple.neighbors;
  double *sums = hops->sums + worker * hops->limit;
  int64_t steps = 0;
  for (int64_t k = offsets[u]; k < offsets[u + 1]; k++) {
    const int32_t w = neighbors[k];
    const double share = hops->m.shares != NULL ? hops->m.shares[w] : 1;
    steps += offsets[w + 1] - offsets[w] + 1;
    if (steps > STEPS_BETWEEN_CHECKS) {
      if (gli_run_stopped(hops->m.run)) break;
      steps = 0;
    }
    for (int64_t j = offsets[w + 1]; j-- > offsets[w] && neighbors[j] > u;)
      sums[neighbors[j]] += share;
  }
  for (int64_t k = offsets[u]; k < offsets[u + 1] && !hops->adjacent; k++)
    sums[neighbors[k]] = 0;
}

/* --- Order ------------------------------------------------------------------------------------ */

typedef struct sorting {
  gli_run *run;
  gli__scored *from, *to;
  int64_t count, width;
} sorting;

static void sort_runs(void *context, int64_t begin, int64_t end, int32_t worker) {
  const sorting *s = context;
  (void)worker;
  for (int64_t run = begin; run < end; run++) {
    const int64_t first = run * SORTED_RUN;
    const int64_t last = first + SORTED_RUN < s->count ? first + SORTED_RUN : s->count;
    for (int64_t k = first + 1; k < last; k++) {
      const gli__scored moved = s->from[k];
      int64_t at = k;
      for (; at > first && gli__scored_before(&moved, &s->from[at - 1]); at--)
        s->from[at] = s->from[at - 1];
      s->from[at] = moved;
    }
  }
}

static void merge_runs(void *context, int64_t begin, int64_t end, int32_t worker) {
  const sorting *s = context;
  (void)worker;
  for (int64_t run = begin; run < end; run++) {
    const int64_t first = 2 * run * s->width;
    const int64_t middle = first + s->width < s->count ? first + s->width : s->count;
    const int64_t last = middle + s->width < s->count ? middle + s->width : s->count;
    int64_t a = first, b = middle;
    for (int64_t k = first; k < last; k++) {
      const bool left = b == last || (a < middle && !gli__scored_before(&s->from[b], &s->from[a]));
      s->to[k] = left ? s->from[a++] : s->from[b++];
      if ((k & (STEPS_BETWEEN_CHECKS - 1)) == 0 && gli_run_stopped(s->run)) return;
    }
  }
}

gli_status gli__scored_sort(gli_run *run, gli__scored *pairs, gli__scored *spare, int64_t count,
                            gli_error *error) {
  sorting s = {.run = run, .from = pairs, .to = spare, .count = count};
  gli_status status = gli_run_parallel(run, gli__cpu_block_count(count, SORTED_RUN),
                                       MERGED_ITEMS / SORTED_RUN, sort_runs, &s, error);
  for (s.width = SORTED_RUN; status == GLI_OK && s.width < count; s.width *= 2) {
    const int64_t grain = MERGED_ITEMS / (2 * s.width);
    status = gli_run_parallel(run, gli__cpu_block_count(count, 2 * s.width), grain < 1 ? 1 : grain,
                              merge_runs, &s, error);
    if (status == GLI_OK) status = gli_run_check(run, error);
    gli__scored *read = s.from;
    s.from = s.to;
    s.to = read;
  }
  if (status == GLI_OK && count > 0 && s.from != pairs) {
    memcpy(pairs, s.from, (size_t)count * sizeof *pairs);
  }
  return status;
}

gli_status gli__scored_columns(gli_result *result, const gli__scored *pairs, int64_t count,
                               gli_error *error) {
  void *score = NULL, *source = NULL, *target = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, count, &score, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "source", GLI_COLUMN_NODE, GLI_PER_ROW, count, &source,
                                   error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "target", GLI_COLUMN_NODE, GLI_PER_ROW, count, &target,
                                   error);
  }
  for (int64_t k = 0; k < count && status == GLI_OK; k++) {
    ((double *)score)[k] = pairs[k].score;
    ((int32_t *)source)[k] = pairs[k].source;
    ((int32_t *)target)[k] = pairs[k].target;
  }
  return status;
}
