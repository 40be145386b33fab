/* pagerank.c: power iteration, pulled over the in rows.
 *
 * One pass per iteration. A node's share x[u] / out_weight[u] is computed once, when x[u] is, so
 * the pass over the rows gathers one float per entry (times its weight). Shares are
 * double-buffered; scores are updated in place, since a node's score is read by that node alone.
 * The change and the rank on dangling nodes are summed per block of nodes and added in block order:
 * the same bits on any number of threads. Pulling needs no atomics; pushing does and sums in the
 * order of the threads.
 *
 * Cost O(n + m) per iteration, 4 n float64 (the scores included). */
#include "cpu/link_analysis/pagerank.h"

#include <math.h>

#include "cpu/kernels.h"

typedef struct block_sums {
  double change;   /* sum of |new - old| */
  double dangling; /* rank on nodes without out weight */
} block_sums;

typedef struct pagerank {
  gli_rows out, in;
  const double *out_weights, *in_weights; /* in row order; NULL: each entry counts 1 */
  const uint64_t *alive;
  gli__surfer surfer;
  double *score;  /* [node_limit] */
  double *factor; /* [node_limit] 1 / out weight; 0: dangling */
  double *share, *next_share;
  block_sums *sums; /* per block */
  int64_t grain;
  double dangling_rank; /* of the scores that are being read */
} pagerank;

/* The sum of a row's entries of `values`, times their weights. */
static double row_sum(const gli_rows *rows, const double *weights, int32_t node,
                      const double *values) {
  const gli_row row = rows->rows[node];
  const int32_t *neighbors = rows->neighbors + row.begin;
  double sums[4] = {0}; /* additions that need not wait for each other */
  if (weights != NULL) weights += row.begin;
  for (uint32_t k = 0; k < row.length; k++) {
    const double value = values[neighbors[k]];
    sums[k % 4] += weights == NULL ? value : value * weights[k];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* Out weights, the uniform start and its shares. */
static void start_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  pagerank *p = context;
  double dangling = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const gli_row row = p->out.rows[v];
    double weight = p->out_weights == NULL ? (double)row.length : 0;
    for (uint32_t k = 0; p->out_weights != NULL && k < row.length; k++) {
      weight += p->out_weights[row.begin + k];
    }
    if (!gli_bit(p->alive, v)) continue; /* score, factor and share stay 0 */
    p->score[v] = p->surfer.uniform;
    p->factor[v] = weight > 0 ? 1 / weight : 0;
    p->share[v] = p->surfer.uniform * p->factor[v];
    if (!(weight > 0)) dangling += p->surfer.uniform;
  }
  p->sums[begin / p->grain] = (block_sums){.dangling = dangling};
}

static void iterate_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  pagerank *p = context;
  const double damping = p->surfer.damping;
  block_sums sums = {0};
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (!gli_bit(p->alive, v)) continue;
    const double restart = gli__surfer_restart(&p->surfer, v);
    const double goal = gli__surfer_goal(&p->surfer, v);
    const double followed = row_sum(&p->in, p->in_weights, (int32_t)v, p->share);
    const double score = damping * (followed + p->dangling_rank * goal) + (1 - damping) * restart;
    sums.change += fabs(score - p->score[v]);
    if (!(p->factor[v] > 0)) sums.dangling += score;
    p->score[v] = score;
    p->next_share[v] = score * p->factor[v];
  }
  p->sums[begin / p->grain] = sums;
}

static block_sums add_blocks(const pagerank *p, int64_t node_limit) {
  block_sums total = {0};
  for (int64_t k = 0; k < gli__cpu_block_count(node_limit, p->grain); k++) {
    total.change += p->sums[k].change;
    total.dangling += p->sums[k].dangling;
  }
  return total;
}

/* Given weights as probabilities per node; *spread_out stays NULL when they were not given. */
static gli_status spread(gli_run *run, int64_t node_limit, const gli_node_weights *given,
                         const double **spread_out, gli_error *error) {
  if (given->nodes == NULL) return GLI_OK;
  double *per_node = gli_run_allocate_zeroed(run, node_limit, sizeof *per_node);
  if (per_node == NULL) return gli_run_no_memory(run, error);
  double sum = 0;
  for (int64_t k = 0; k < given->count; k++)
    sum += given->weights[k];
  for (int64_t k = 0; k < given->count; k++)
    per_node[given->nodes[k]] += given->weights[k] / sum;
  *spread_out = per_node;
  return GLI_OK;
}

static gli_status prepare(pagerank *p, gli_run *run, gli_snapshot *snapshot, const char *weight,
                          gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  p->alive = gli_snapshot_node_bits(snapshot);
  p->out = gli_snapshot_out_rows(snapshot);
  p->grain = gli__cpu_grain(limit, p->out.entry_count, GLI__PAGERANK_BLOCK_ENTRIES);
  gli_status status = gli_snapshot_in_rows(snapshot, &p->in, error);
  if (status == GLI_OK) {
    status = gli__cpu_row_weights(snapshot, weight, false, &p->out_weights, error);
  }
  if (status == GLI_OK) {
    status = gli__cpu_row_weights(snapshot, weight, true, &p->in_weights, error);
  }
  if (status != GLI_OK) return status;
  p->factor = gli_run_allocate_zeroed(run, limit, sizeof *p->factor);
  p->share = gli_run_allocate_zeroed(run, limit, sizeof *p->share);
  p->next_share = gli_run_allocate_zeroed(run, limit, sizeof *p->next_share);
  p->sums = gli_run_allocate(run, gli__cpu_block_count(limit, p->grain), sizeof *p->sums);
  if (p->factor == NULL || p->share == NULL || p->next_share == NULL || p->sums == NULL) {
    return gli_run_no_memory(run, error);
  }
  return GLI_OK;
}

/* Until the scores change by less than `enough`; *change_out is their last change. */
static gli_status iterate(pagerank *p, gli_run *run, int64_t node_limit, int64_t max_iterations,
                          double enough, double *change_out, gli_error *error) {
  gli_status status = gli_run_parallel(run, node_limit, p->grain, start_block, p, error);
  if (status != GLI_OK) return status;
  p->dangling_rank = add_blocks(p, node_limit).dangling;
  for (int64_t k = 0; k < max_iterations; k++) {
    gli_run_progress(run, (double)k, (double)max_iterations);
    status = gli_run_parallel(run, node_limit, p->grain, iterate_block, p, error);
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
    const block_sums sums = add_blocks(p, node_limit);
    double *read = p->share;
    p->share = p->next_share;
    p->next_share = read;
    p->dangling_rank = sums.dangling;
    *change_out = sums.change;
    if (sums.change < enough) break;
  }
  return GLI_OK;
}

static gli_status find_scores(gli_run *run, gli_snapshot *snapshot,
                              const gli_pagerank_options *options, double *score,
                              gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const int64_t count = gli_snapshot_node_count(snapshot);
  const double enough = (double)count * options->tolerance;
  pagerank p = {.surfer = {.damping = options->damping, .uniform = 1 / (double)count},
                .score = score};
  double change = 0;
  gli_status status = spread(run, limit, &options->personalization, &p.surfer.restart, error);
  if (status == GLI_OK) {
    status = spread(run, limit, &options->dangling, &p.surfer.dangling_goal, error);
  }
  if (status != GLI_OK) return status;
  if (!gli_snapshot_is_directed(snapshot) && options->weight == NULL &&
      gli__cpu_pagerank_solves(gli_snapshot_out_rows(snapshot).entry_count, options->damping,
                               enough)) {
    status = gli__cpu_pagerank_symmetric(run, snapshot, &p.surfer, options->max_iterations, enough,
                                         score, &change, error);
  } else {
    status = prepare(&p, run, snapshot, options->weight, error);
    if (status != GLI_OK) return status;
    gli_run_prepared(run);
    status = iterate(&p, run, limit, options->max_iterations, enough, &change, error);
  }
  if (status != GLI_OK || change < enough) return status;
  if (!(enough > 0)) return GLI_OK; /* so many iterations were asked for, not convergence */
  return gli__fail(error, GLI_ERROR_NOT_CONVERGED,
                   "pagerank: after %lld iterations the scores still change by %g; below %g was "
                   "asked for: raise max_iterations or tolerance",
                   (long long)options->max_iterations, change, enough);
}

gli_status gli__cpu_pagerank(gli_run *run, gli_snapshot *snapshot, const void *options,
                             gli_result *result, gli_error *error) {
  void *score = NULL;
  const gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &score, error);
  if (status != GLI_OK || gli_snapshot_node_count(snapshot) == 0) return status;
  return find_scores(run, snapshot, options, score, error);
}
