/* pair_scores.c: the similarity of given pairs.
 *
 * Where rows are long, pairs are grouped by their end of the longer row, by a counting sort. That
 * row is marked once for a group, and the shorter rows are looked up in it: no more than the sum
 * of the smaller degrees, without a branch for each entry. What counts 1 is marked by a bit; a
 * share lies where its node would, 0 elsewhere, and is added in rising order as by merging: the
 * same bits, as adding 0 changes none. A group whose shorter rows are few beside the longer one is
 * searched pair by pair (measures.c), and so is everything where rows are short: grouping takes
 * some nanoseconds a pair.
 *
 * All 48 k edges' ends of a Kronecker graph of 4,096 nodes, two threads: jaccard 4.0 ms instead of
 * 20.6, adamic_adar 4.0 instead of 24.8.
 *
 * Cost O(sum of the smaller degrees + pairs + n). */
#include <string.h>

#include "cpu/link_prediction/measures.h"
#include "cpu/link_prediction/pairs.h"

enum {
  BLOCK_PAIRS = 1 << 8,
  SAMPLE_PAIRS = 1 << 10,
  GROUPED_ENTRIES = 24, /* of both rows together, on average: fewer are merged */
  STEPS_BETWEEN_CHECKS = (1 << 16) - 1,
  MARKED_ENTRIES = 4, /* entries marked, at the most, for each that is looked up */
};

typedef struct scoring {
  gli__measuring m;
  int64_t limit, count;
  const int32_t *sources, *targets;
  int32_t *longer;       /* [pair]: its end of the longer row; the source where they are equal */
  const uint32_t *order; /* pairs by that end; NULL: each by itself */
  uint64_t *marks;       /* [worker][limit / 64 + 1]: neighbours of the longer end, or */
  double *shares;        /* [worker][limit]: their shares */
  int64_t *counts;       /* one of the two */
  double *scores;
} scoring;

static int64_t length_of(const scoring *s, int32_t v) {
  return s->m.simple.offsets[v + 1] - s->m.simple.offsets[v];
}

static void set_score(const scoring *s, int64_t k, double common) {
  const double score = gli__measure_score(&s->m, s->sources[k], s->targets[k], common);
  if (s->counts != NULL) {
    s->counts[k] = (int64_t)score;
  } else {
    s->scores[k] = score;
  }
}

static void score_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const scoring *s = context;
  (void)worker;
  for (int64_t k = begin; k < end && !gli_run_stopped(s->m.run); k++) {
    const int32_t u = s->sources[k], v = s->targets[k];
    if (s->m.measure == GLI__PREFERENTIAL_ATTACHMENT) {
      s->counts[k] = gli__measure_degree(&s->m, u) * gli__measure_degree(&s->m, v);
    } else {
      set_score(s, k, gli__measure_common(&s->m, u, v));
    }
  }
}

/* --- Groups ----------------------------------------------------------------------------------- */

static void mark(const scoring *s, int32_t node, int32_t worker, bool on) {
  const gli_simple_rows *rows = &s->m.simple;
  uint64_t *marks = s->marks + worker * (s->limit / 64 + 1);
  double *shares = s->shares + worker * s->limit;
  for (int64_t k = rows->offsets[node]; k < rows->offsets[node + 1]; k++) {
    const int32_t v = rows->neighbors[k];
    if (s->m.shares != NULL) {
      shares[v] = on ? s->m.shares[v] : 0;
    } else if (on) {
      marks[v >> 6] |= UINT64_C(1) << (v & 63);
    } else {
      marks[v >> 6] = 0;
    }
  }
}

/* What the node's neighbours that are marked add up to. */
static double sum_marked(const scoring *s, int32_t node, int32_t worker) {
  const int32_t *row = s->m.simple.neighbors + s->m.simple.offsets[node];
  const int64_t length = length_of(s, node);
  if (s->m.shares != NULL) {
    const double *shares = s->shares + worker * s->limit;
    double sum = 0;
    for (int64_t k = 0; k < length; k++)
      sum += shares[row[k]];
    return sum;
  }
  const uint64_t *marks = s->marks + worker * (s->limit / 64 + 1);
  uint64_t count = 0;
  for (int64_t k = 0; k < length; k++)
    count += marks[row[k] >> 6] >> (row[k] & 63) & 1;
  return (double)count;
}

static void group_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const scoring *s = context;
  for (int64_t at = begin; at < end && !gli_run_stopped(s->m.run);) {
    const int32_t node = s->longer[s->order[at]];
    int64_t past = at, entries = 0;
    for (; past < end && s->longer[s->order[past]] == node; past++) {
      const uint32_t k = s->order[past];
      entries += length_of(s, s->sources[k] == node ? s->targets[k] : s->sources[k]);
    }
    const bool marked = length_of(s, node) / MARKED_ENTRIES <= entries;
    if (marked) mark(s, node, worker, true);
    for (; at < past; at++) {
      const uint32_t k = s->order[at];
      if (gli_run_stopped(s->m.run)) break;
      const int32_t other = s->sources[k] == node ? s->targets[k] : s->sources[k];
      set_score(s, k,
                marked ? sum_marked(s, other, worker) : gli__measure_common(&s->m, node, other));
    }
    if (marked) mark(s, node, worker, false);
  }
}

static void compare_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const scoring *s = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++) {
    const int32_t u = s->sources[k], v = s->targets[k];
    s->longer[k] = length_of(s, u) >= length_of(s, v) ? u : v;
  }
}

/* By a sample: the same on any number of threads, and no result depends on it. */
static bool grouping_pays(const scoring *s) {
  const int64_t stride = s->count / SAMPLE_PAIRS + 1;
  int64_t entries = 0, sampled = 0;
  if (s->m.measure == GLI__PREFERENTIAL_ATTACHMENT || s->count > UINT32_MAX) return false;
  for (int64_t k = 0; k < s->count; k += stride, sampled++)
    entries += length_of(s, s->sources[k]) + length_of(s, s->targets[k]);
  return entries >= GROUPED_ENTRIES * sampled &&
         entries * stride >= s->limit * gli_run_threads(s->m.run);
}

static gli_status group(scoring *s, gli_error *error) {
  gli_run *run = s->m.run;
  const int64_t workers = gli_run_threads(run);
  int64_t *places = gli_run_allocate_zeroed(run, s->limit + 1, sizeof *places);
  uint32_t *order = gli_run_allocate(run, s->count, sizeof *order);
  s->longer = gli_run_allocate(run, s->count, sizeof *s->longer);
  if (s->m.shares != NULL) {
    s->shares = gli_run_allocate_zeroed(run, workers * s->limit, sizeof *s->shares);
  } else {
    s->marks = gli_run_allocate_zeroed(run, workers * (s->limit / 64 + 1), sizeof *s->marks);
  }
  if (places == NULL || order == NULL || s->longer == NULL ||
      (s->shares == NULL && s->marks == NULL)) {
    return gli_run_no_memory(run, error);
  }
  const gli_status status =
      gli_run_parallel(run, s->count, BLOCK_PAIRS * 16, compare_block, s, error);
  if (status != GLI_OK) return status;
  for (int64_t k = 0; k < s->count; k++) {
    if ((k & STEPS_BETWEEN_CHECKS) == 0 && gli_run_stopped(run)) break;
    places[s->longer[k] + 1]++;
  }
  for (int64_t v = 0; v < s->limit; v++)
    places[v + 1] += places[v];
  for (int64_t k = 0; k < s->count; k++) {
    if ((k & STEPS_BETWEEN_CHECKS) == 0 && gli_run_stopped(run)) break;
    order[places[s->longer[k]]++] = (uint32_t)k;
  }
  gli_run_release(run, places);
  s->order = order;
  return gli_run_check(run, error);
}

/* --- The kernel ------------------------------------------------------------------------------- */

gli_status gli__measure_pairs(gli_run *run, gli_snapshot *snapshot, const gli_pair_list *pairs,
                              gli__measure measure, gli_result *result, gli_error *error) {
  const bool counts = measure == GLI__COMMON_NEIGHBORS || measure == GLI__PREFERENTIAL_ATTACHMENT;
  scoring s = {.limit = gli_snapshot_node_limit(snapshot)};
  int32_t *sources = NULL, *targets = NULL;
  void *score = NULL, *source = NULL, *target = NULL;
  gli_status status = gli__pairs_collect(run, snapshot, pairs, &sources, &targets, &s.count, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "score", counts ? GLI_COLUMN_INT64 : GLI_COLUMN_FLOAT64,
                                   GLI_PER_ROW, s.count, &score, error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "source", GLI_COLUMN_NODE, GLI_PER_ROW, s.count, &source,
                                   error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "target", GLI_COLUMN_NODE, GLI_PER_ROW, s.count, &target,
                                   error);
  }
  if (status != GLI_OK || s.count == 0) return status;
  memcpy(source, sources, (size_t)s.count * sizeof *sources);
  memcpy(target, targets, (size_t)s.count * sizeof *targets);
  gli_run_release(run, sources);
  gli_run_release(run, targets);
  s.sources = source;
  s.targets = target;
  s.counts = counts ? score : NULL;
  s.scores = counts ? NULL : score;
  status = gli__measuring_prepare(run, snapshot, measure, &s.m, error);
  if (status != GLI_OK) return status;
  if (grouping_pays(&s)) status = group(&s, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = gli_run_parallel(run, s.count, BLOCK_PAIRS, s.order != NULL ? group_block : score_block,
                            &s, error);
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
