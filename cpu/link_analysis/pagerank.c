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
#include "cpu/kernels.h"

#include <gli/algorithms/pagerank.h>
#include <math.h>

#include "cpu/common.h"

enum { BLOCK_ENTRIES = 1 << 16 };

typedef struct block_sums {
  double change;   /* sum of |new - old| */
  double dangling; /* rank on nodes without out weight */
} block_sums;

typedef struct pagerank {
  gli_rows out, in;
  const double *out_weights, *in_weights; /* in row order; NULL: each entry counts 1 */
  const uint64_t *alive;
  double *restart;       /* [node_limit]; NULL: uniform */
  double *dangling_goal; /* [node_limit]; NULL: as restart */
  double *score;         /* [node_limit] */
  double *factor;        /* [node_limit] 1 / out weight; 0: dangling */
  double *share, *next_share;
  block_sums *sums; /* per block */
  int64_t grain;
  double uniform; /* 1 / node_count */
  double damping;
  double dangling_rank; /* of the scores that are being read */
} pagerank;

/* The sum of a row's entries of `values`, times their weights. */
static double row_sum(const gli_rows *rows, const double *weights, int32_t node,
                      const double *values) {
  const gli_row row = rows->rows[node];
  const int32_t *neighbors = rows->neighbors + row.begin;
  double sum = 0;
  if (weights == NULL) {
    for (uint32_t k = 0; k < row.length; k++)
      sum += values[neighbors[k]];
  } else {
    weights += row.begin;
    for (uint32_t k = 0; k < row.length; k++)
      sum += values[neighbors[k]] * weights[k];
  }
  return sum;
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
    p->score[v] = p->uniform;
    p->factor[v] = weight > 0 ? 1 / weight : 0;
    p->share[v] = p->uniform * p->factor[v];
    if (!(weight > 0)) dangling += p->uniform;
  }
  p->sums[begin / p->grain] = (block_sums){.dangling = dangling};
}

static void iterate_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  pagerank *p = context;
  block_sums sums = {0};
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (!gli_bit(p->alive, v)) continue;
    const double restart = p->restart == NULL ? p->uniform : p->restart[v];
    const double goal = p->dangling_goal == NULL ? restart : p->dangling_goal[v];
    const double followed = row_sum(&p->in, p->in_weights, (int32_t)v, p->share);
    const double score =
        p->damping * (followed + p->dangling_rank * goal) + (1 - p->damping) * restart;
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
                         double **spread_out, gli_error *error) {
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

static gli_status prepare(pagerank *p, gli_run *run, gli_snapshot *snapshot,
                          const gli_pagerank_options *options, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  p->alive = gli_snapshot_node_bits(snapshot);
  p->uniform = 1 / (double)gli_snapshot_node_count(snapshot);
  p->damping = options->damping;
  p->out = gli_snapshot_out_rows(snapshot);
  p->grain = gli__cpu_grain(limit, p->out.entry_count, BLOCK_ENTRIES);
  gli_status status = gli_snapshot_in_rows(snapshot, &p->in, error);
  if (status == GLI_OK) {
    status = gli__cpu_row_weights(snapshot, options->weight, false, &p->out_weights, error);
  }
  if (status == GLI_OK) {
    status = gli__cpu_row_weights(snapshot, options->weight, true, &p->in_weights, error);
  }
  if (status == GLI_OK) status = spread(run, limit, &options->personalization, &p->restart, error);
  if (status == GLI_OK) status = spread(run, limit, &options->dangling, &p->dangling_goal, error);
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

static gli_status iterate(pagerank *p, gli_run *run, int64_t node_limit, int64_t node_count,
                          const gli_pagerank_options *options, gli_error *error) {
  const double enough = (double)node_count * options->tolerance;
  gli_status status = gli_run_parallel(run, node_limit, p->grain, start_block, p, error);
  if (status != GLI_OK) return status;
  p->dangling_rank = add_blocks(p, node_limit).dangling;
  double change = 0;
  for (int64_t k = 0; k < options->max_iterations; k++) {
    gli_run_progress(run, (double)k, (double)options->max_iterations);
    status = gli_run_parallel(run, node_limit, p->grain, iterate_block, p, error);
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
    const block_sums sums = add_blocks(p, node_limit);
    double *read = p->share;
    p->share = p->next_share;
    p->next_share = read;
    p->dangling_rank = sums.dangling;
    change = sums.change;
    if (change < enough) return GLI_OK;
  }
  if (!(enough > 0)) return GLI_OK; /* so many iterations were asked for, not convergence */
  return gli__fail(error, GLI_ERROR_NOT_CONVERGED,
                   "pagerank: after %lld iterations the scores still change by %g; below %g was "
                   "asked for: raise max_iterations or tolerance",
                   (long long)options->max_iterations, change, enough);
}

gli_status gli__cpu_pagerank(gli_run *run, gli_snapshot *snapshot, const void *options,
                             gli_result *result, gli_error *error) {
  const int64_t node_count = gli_snapshot_node_count(snapshot);
  pagerank p = {0};
  void *score = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, &score, error);
  if (status != GLI_OK || node_count == 0) return status;
  p.score = score;
  status = prepare(&p, run, snapshot, options, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  return iterate(&p, run, gli_snapshot_node_limit(snapshot), node_count, options, error);
}
