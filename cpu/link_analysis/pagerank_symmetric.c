/* pagerank_symmetric.c: PageRank of undirected graphs by conjugate gradients.
 *
 * With the degrees D, the adjacency W and the shares z = score / degree, the scores of power
 * iteration's fixed point solve
 *
 *     (D - damping W) z = b,     b: what restarts and dead ends send to each node,
 *
 * which is symmetric and positive definite when W is, so conjugate gradients preconditioned by D
 * apply (Hestenes and Stiefel 1952, doi:10.6028/jres.049.044). Dead ends of an undirected graph are
 * its isolated nodes, whose rank follows from b alone. The residual b + damping W z - D z is
 * exactly what one more power iteration would change, so the rule to stop is power iteration's, and
 * the scores handed back are those after that iteration: D z + residual.
 *
 * The start z = const is each node's share when rank is proportional to degree; its residual needs
 * no pass over the edges. Directions are stored as float32: any direction will do as long as the
 * scores and the residual, both float64, go along the same one, and a node's row then gathers half
 * the bytes. So are the degrees' inverses, which need only be near. Sums are kept per block and
 * added in block order: the same bits on any number of threads.
 *
 * To an L1 change of 1e-6, beside power iteration over the same edges as a directed graph (CPU time
 * of one thread, least of five): Kronecker graph of 131 k nodes and 1.86 M edges 77 ms in 15
 * iterations against 92 in 16; a uniform random graph of that size 33 in 6 against 63 in 10; a
 * lattice of 2.25 M nodes 151 in 10 against 268 in 19. So what is gained on skewed graphs is the
 * narrower gather, elsewhere half of the iterations. Starting from uniform scores takes one pass
 * more. Gauss-Seidel sweeps need 24 passes on the Kronecker graph, for they do not keep the sum of
 * the scores.
 *
 * Cost O(n + m) per iteration, 24 n bytes. */
#include <math.h>

#include "cpu/link_analysis/pagerank.h"

typedef struct block_sums {
  double change;  /* sum of |residual| */
  double product; /* what the step length or the next direction is made of */
  double balance; /* sum of residual */
} block_sums;

typedef struct solving {
  const gli__surfer *surfer;
  gli_rows rows;
  const uint64_t *alive;
  double *share;            /* [node_limit] z; the caller's column */
  double *residual, *image; /* [node_limit] b - A z; A times the direction */
  float *inverse;           /* [node_limit] 1 / degree; 0: isolated or removed */
  float *direction;         /* [node_limit] */
  block_sums *sums;         /* per block */
  int64_t node_limit, grain;
  double start;         /* z of every node at first */
  double isolated_rank; /* of all isolated nodes together */
  double step, turn;    /* along the direction; of it */
  double scale;         /* so that the scores sum to 1 */
} solving;

/* Four at a time are converted and added as the processor's vectors do it, without a choice at run
 * time. Gathering by AVX2 or AVX-512 instructions was tried, and nothing stood out of the noise.
 * Four scalars instead give the same bits; a call on one thread then takes .87 of the time on the
 * Kronecker graph of scale 17 and .92 on scale 18, but 1.03 on scale 20 and 1.16 on the uniform
 * graph of scale 20, beyond the caches. */
typedef float four_floats __attribute__((vector_size(16)));
typedef double four_doubles __attribute__((vector_size(32)));

static inline double sum_row(const gli_rows *rows, int64_t node, const float *values) {
  const gli_row row = rows->rows[node];
  const int32_t *neighbors = rows->neighbors + row.begin;
  four_doubles sums = {0};
  double rest = 0;
  uint32_t k = 0;
  for (; k + 4 <= row.length; k += 4) {
    const four_floats gathered = {values[neighbors[k]], values[neighbors[k + 1]],
                                  values[neighbors[k + 2]], values[neighbors[k + 3]]};
    sums += __builtin_convertvector(gathered, four_doubles);
  }
  for (; k < row.length; k++)
    rest += (double)values[neighbors[k]];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest;
}

/* Restarts and dead ends' goals that are isolated nodes. */
static void isolated_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const solving *s = context;
  double restart = 0, goal = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (s->rows.rows[v].length > 0 || !gli_bit(s->alive, v)) continue;
    restart += gli__surfer_restart(s->surfer, v);
    goal += gli__surfer_goal(s->surfer, v);
  }
  s->sums[begin / s->grain] = (block_sums){.change = restart, .product = goal};
}

static void start_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const solving *s = context;
  const double damping = s->surfer->damping;
  block_sums sums = {0};
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double degree = s->rows.rows[v].length;
    s->residual[v] = s->image[v] = s->share[v] = 0;
    s->inverse[v] = s->direction[v] = 0;
    if (!gli_bit(s->alive, v)) continue;
    const double sent = damping * s->isolated_rank * gli__surfer_goal(s->surfer, v) +
                        (1 - damping) * gli__surfer_restart(s->surfer, v);
    if (degree == 0) {
      s->share[v] = sent; /* the score; it stays */
      continue;
    }
    const double residual = sent - (1 - damping) * degree * s->start;
    s->share[v] = s->start;
    s->residual[v] = residual;
    s->inverse[v] = (float)(1 / degree);
    s->direction[v] = (float)(residual * (double)s->inverse[v]);
    sums.change += fabs(residual);
    sums.balance += residual;
    sums.product += residual * residual * (double)s->inverse[v];
  }
  s->sums[begin / s->grain] = sums;
}

static void image_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const solving *s = context;
  double product = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double degree = s->rows.rows[v].length, along = (double)s->direction[v];
    if (degree == 0) continue;
    s->image[v] = degree * along - s->surfer->damping * sum_row(&s->rows, v, s->direction);
    product += along * s->image[v];
  }
  s->sums[begin / s->grain].product = product;
}

static void step_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const solving *s = context;
  block_sums sums = {0};
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double residual = s->residual[v] - s->step * s->image[v];
    s->share[v] += s->step * (double)s->direction[v];
    s->residual[v] = residual;
    sums.change += fabs(residual);
    sums.balance += residual;
    sums.product += residual * residual * (double)s->inverse[v];
  }
  s->sums[begin / s->grain] = sums;
}

static void turn_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const solving *s = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    s->direction[v] =
        (float)(s->residual[v] * (double)s->inverse[v] + s->turn * (double)s->direction[v]);
  }
}

static void score_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const solving *s = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double degree = s->rows.rows[v].length;
    if (degree > 0) s->share[v] = (degree * s->share[v] + s->residual[v]) * s->scale;
  }
}

/* Run a pass over the nodes and add up its sums. */
static gli_status pass(solving *s, gli_run *run, gli_task task, block_sums *total_out,
                       gli_error *error) {
  const gli_status status = gli_run_parallel(run, s->node_limit, s->grain, task, s, error);
  *total_out = (block_sums){0};
  for (int64_t k = 0; status == GLI_OK && k < gli__cpu_block_count(s->node_limit, s->grain); k++) {
    total_out->change += s->sums[k].change;
    total_out->product += s->sums[k].product;
    total_out->balance += s->sums[k].balance;
  }
  return status;
}

static gli_status prepare(solving *s, gli_run *run, gli_snapshot *snapshot, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  s->rows = gli_snapshot_out_rows(snapshot);
  s->alive = gli_snapshot_node_bits(snapshot);
  s->node_limit = limit;
  s->grain = gli__cpu_grain(limit, s->rows.entry_count, GLI__PAGERANK_BLOCK_ENTRIES);
  s->residual = gli_run_allocate(run, limit, sizeof *s->residual);
  s->image = gli_run_allocate(run, limit, sizeof *s->image);
  s->inverse = gli_run_allocate(run, limit, sizeof *s->inverse);
  s->direction = gli_run_allocate(run, limit, sizeof *s->direction);
  s->sums = gli_run_allocate(run, gli__cpu_block_count(limit, s->grain), sizeof *s->sums);
  if (s->residual == NULL || s->image == NULL || s->inverse == NULL || s->direction == NULL ||
      s->sums == NULL) {
    return gli_run_no_memory(run, error);
  }
  return GLI_OK;
}

/* The start, with the isolated nodes solved for. */
static gli_status begin(solving *s, gli_run *run, block_sums *sums_out, gli_error *error) {
  const double damping = s->surfer->damping;
  block_sums isolated;
  gli_status status = pass(s, run, isolated_block, &isolated, error);
  if (status != GLI_OK) return status;
  s->isolated_rank = (1 - damping) * isolated.change / (1 - damping * isolated.product);
  if (s->rows.entry_count > 0) s->start = (1 - s->isolated_rank) / (double)s->rows.entry_count;
  return pass(s, run, start_block, sums_out, error);
}

gli_status gli__cpu_pagerank_symmetric(gli_run *run, gli_snapshot *snapshot,
                                       const gli__surfer *surfer, int64_t max_iterations,
                                       double enough, double *score, double *change_out,
                                       gli_error *error) {
  solving s = {.surfer = surfer, .share = score};
  block_sums now = {0}, image, next;
  gli_status status = prepare(&s, run, snapshot, error);
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = begin(&s, run, &now, error);
  for (int64_t k = 0; status == GLI_OK && now.change >= enough && k < max_iterations; k++) {
    gli_run_progress(run, (double)k, (double)max_iterations);
    status = pass(&s, run, image_block, &image, error);
    if (status != GLI_OK) break;
    gli_run_count_iteration(run);
    s.step = now.product / image.product;
    status = pass(&s, run, step_block, &next, error);
    s.turn = next.product / now.product;
    now = next;
    if (status == GLI_OK && now.change >= enough) {
      status = gli_run_parallel(run, s.node_limit, s.grain, turn_block, &s, error);
    }
  }
  *change_out = now.change;
  if (status != GLI_OK) return status;
  /* From the sum of all equations: what rounded directions moved, 1e-8 or so. Without any rank
   * where edges are there is nothing to scale. */
  const double connected = 1 - s.isolated_rank;
  const double moved = connected - now.balance * surfer->damping / (1 - surfer->damping);
  s.scale = moved > 0 ? connected / moved : 1;
  return gli_run_parallel(run, s.node_limit, s.grain, score_block, &s, error);
}
