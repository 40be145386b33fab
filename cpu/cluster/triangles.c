/* triangles.c: counting triangles in the order of indices, and when not to.
 *
 * Each triangle u > v > w is found at its largest corner u: the part of u's row below u is marked
 * in a bitmap, and the rows of its nodes v are walked up to v. Nothing is copied and no order is
 * made, which is most of the time on a lattice or a uniform graph. A row much longer than what is
 * marked is searched for each marked node instead of walked, so that a pair of neighbours costs the
 * shorter of their rows (times a logarithm): O(m^1.5 log n) at worst, whatever the order.
 *
 * Where degrees are skewed most pairs have a hub, and hubs.c is faster: 66 ms against 830 on a
 * Kronecker graph of 131 k nodes and 1.86 M edges; on a uniform graph of that size it takes 136 ms,
 * this 60 (2 threads). Orienting and copying the rows for it took 102 ms, and 66 against 13 on a
 * lattice of 2.25 M nodes.
 *
 * Corners are counted by atomic additions, one per triangle for w and one per pair for v: there are
 * fewer of them than an array per worker has nodes to be cleared and added up. */
#include "cpu/cluster/triangles.h"

#include <stdlib.h>

enum {
  BLOCK_ENTRIES = 1 << 13,
  SHORT_ROW = 4,      /* not worth marking */
  LONG_ROW = 16,      /* times as long as what is marked: searched, not walked */
  AHEAD = 4,          /* rows fetched before they are walked */
  SAMPLES = 1 << 10,  /* degrees looked at */
  LEAST_DEGREE = 10,  /* on average, for another order to pay */
  CHECK_CORNERS = 16, /* after so many a stop is looked for, */
  CHECK_PAIRS = 256,  /* and after so many pairs of one */
};

typedef struct count_job {
  gli_run *run;
  gli_simple_rows simple;
  uint64_t *marks; /* [workers][words] */
  int64_t words;
  int64_t *counts;
  int64_t total;
} count_job;

/* Marked nodes in the row of v, below v. */
static int64_t walk(const count_job *job, const uint64_t *marks, int32_t v) {
  const int32_t *neighbors = job->simple.neighbors;
  const int64_t end = job->simple.offsets[v + 1];
  int64_t found = 0;
  for (int64_t k = job->simple.offsets[v]; k < end && neighbors[k] < v; k++) {
    const int32_t w = neighbors[k];
    if ((marks[w >> 6] >> (w & 63) & 1) == 0) continue;
    gli__tally_add(&job->counts[w], 1);
    found++;
  }
  return found;
}

/* Of the nodes `below`, `count` of them, those in the row of v: both rise. */
static int64_t merge(const count_job *job, const int32_t *below, int64_t count, int32_t v) {
  const int32_t *neighbors = job->simple.neighbors;
  const int64_t end = job->simple.offsets[v + 1];
  int64_t k = 0, found = 0;
  for (int64_t at = job->simple.offsets[v]; at < end && k < count && neighbors[at] < v; at++) {
    while (k < count && below[k] < neighbors[at])
      k++;
    if (k == count || below[k] != neighbors[at]) continue;
    gli__tally_add(&job->counts[below[k]], 1);
    found++;
  }
  return found;
}

/* The same, one by one. */
static int64_t search(const count_job *job, const int32_t *below, int64_t count, int32_t v) {
  int64_t found = 0;
  for (int64_t k = 0; k < count; k++) {
    const int64_t at = gli__cpu_simple_find(&job->simple, v, below[k]);
    if (job->simple.neighbors[at] != below[k]) continue;
    gli__tally_add(&job->counts[below[k]], 1);
    found++;
  }
  return found;
}

/* The triangles whose largest corner is u. */
static int64_t count_corner(const count_job *job, int32_t u, uint64_t *marks) {
  const int64_t *offsets = job->simple.offsets;
  const int32_t *row = job->simple.neighbors + offsets[u];
  const int64_t length = offsets[u + 1] - offsets[u];
  int64_t below = 0, found = 0;
  while (below < length && row[below] < u)
    below++;
  if (below < 2) return 0;
  const bool is_short = below <= SHORT_ROW;
  for (int64_t k = 0; k < below && !is_short; k++)
    marks[row[k] >> 6] |= UINT64_C(1) << (row[k] & 63);
  for (int64_t k = 1; k < below; k++) {
    const int32_t v = row[k];
    if (k + AHEAD < below) __builtin_prefetch(job->simple.neighbors + offsets[row[k + AHEAD]]);
    const bool is_long = offsets[v + 1] - offsets[v] > LONG_ROW * k;
    const int64_t here = is_long    ? search(job, row, k, v)
                         : is_short ? merge(job, row, k, v)
                                    : walk(job, marks, v);
    if (here > 0) gli__tally_add(&job->counts[v], here);
    found += here;
    if (k % CHECK_PAIRS == 0 && gli_run_stopped(job->run)) break;
  }
  for (int64_t k = 0; k < below && !is_short; k++)
    marks[row[k] >> 6] = 0;
  if (found > 0) gli__tally_add(&job->counts[u], found);
  return found;
}

static void count_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  count_job *job = context;
  uint64_t *marks = job->marks + worker * job->words;
  int64_t found = 0;
  for (int64_t u = begin; u < end; u++) {
    if (u % CHECK_CORNERS == 0 && gli_run_stopped(job->run)) break;
    found += count_corner(job, (int32_t)u, marks);
  }
  if (found > 0) gli__tally_add(&job->total, found);
}

gli_status gli__cpu_count_in_order(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                   int64_t *counts, int64_t *total_out, gli_error *error) {
  count_job job = {.run = run, .simple = *simple, .counts = counts, .words = node_limit / 64 + 1};
  job.marks = gli_run_allocate_zeroed(run, gli_run_threads(run) * job.words, sizeof *job.marks);
  if (job.marks == NULL) return gli_run_no_memory(run, error);
  const int64_t grain = gli__cpu_grain(node_limit, simple->offsets[node_limit], BLOCK_ENTRIES);
  gli_status status = gli_run_parallel(run, node_limit, grain, count_block, &job, error);
  if (status == GLI_OK) status = gli_run_check(run, error);
  gli_run_release(run, job.marks);
  *total_out = job.total;
  return status;
}

/* --- Which way ------------------------------------------------------------------------------- */

static int compare_degrees(const void *left, const void *right) {
  const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

/* As the GAP benchmark decides: degrees high enough, and a mean well above the median, of nodes
 * with neighbours at fixed places. */
bool gli__cpu_has_hubs(int64_t node_limit, const gli_simple_rows *simple) {
  if (simple->offsets[node_limit] < LEAST_DEGREE * node_limit) return false;
  int64_t degrees[SAMPLES], count = 0, sum = 0;
  const int64_t stride = (node_limit / SAMPLES) | 1; /* odd: off the beat of grids */
  for (int64_t v = 0; v < node_limit && count < SAMPLES; v += stride) {
    const int64_t degree = simple->offsets[v + 1] - simple->offsets[v];
    if (degree == 0) continue;
    degrees[count++] = degree;
    sum += degree;
  }
  if (count == 0) return false;
  qsort(degrees, (size_t)count, sizeof *degrees, compare_degrees);
  const int64_t median = degrees[count / 2];
  return (double)sum > 1.3 * (double)count * (double)median;
}

gli_status gli__cpu_count_triangles(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                    int64_t *counts, int64_t *total_out, gli_error *error) {
  *total_out = 0;
  if (node_limit == 0) return GLI_OK;
  return gli__cpu_has_hubs(node_limit, simple)
             ? gli__cpu_count_by_hubs(run, node_limit, simple, counts, total_out, error)
             : gli__cpu_count_in_order(run, node_limit, simple, counts, total_out, error);
}

typedef struct triples_job {
  const gli_simple_rows *simple;
  double *triples; /* per block */
} triples_job;

enum { TRIPLES_BLOCK = 1 << 16 };

static void triples_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const triples_job *job = context;
  double triples = 0; /* exact: integers below 2^53 on graphs that fit */
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double degree = (double)(job->simple->offsets[v + 1] - job->simple->offsets[v]);
    triples += degree * (degree - 1);
  }
  job->triples[begin / TRIPLES_BLOCK] = triples;
}

gli_status gli__cpu_closed_share(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                 int64_t triangles, double *share_out, gli_error *error) {
  const int64_t blocks = gli__cpu_block_count(node_limit, TRIPLES_BLOCK);
  triples_job job = {simple, gli_run_allocate(run, blocks, sizeof *job.triples)};
  if (job.triples == NULL) return gli_run_no_memory(run, error);
  const gli_status status =
      gli_run_parallel(run, node_limit, TRIPLES_BLOCK, triples_block, &job, error);
  double triples = 0;
  for (int64_t k = 0; status == GLI_OK && k < blocks; k++)
    triples += job.triples[k];
  if (status == GLI_OK) *share_out = triples > 0 ? 6 * (double)triangles / triples : 0;
  gli_run_release(run, job.triples);
  return status;
}
