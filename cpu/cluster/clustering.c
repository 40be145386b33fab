/* clustering.c: local clustering, plain, weighted, directed, and both.
 *
 * All four are one sum. Give each pair of neighbours u, v a strength s(u, v): 1; or the cube root
 * of its weight over the largest; or, in a directed graph, the sum of that over both directions.
 * Then the triangles at i weigh T(i) = sum of s(i, j) s(j, k) s(k, i) over unordered pairs j, k,
 * and
 *
 *     undirected:  2 T(i) / (d (d - 1))           d: neighbours               (Saramaki et al.
 * 2007) directed:      T(i) / (t (t - 1) - 2 b)     t: in + out, b: mutual ones        (Fagiolo
 * 2007)
 *
 * since the product over the eight directed kinds of a triangle factors into its pairs. Without
 * weights and directions T(i) is the number of triangles, which triangles.c counts faster.
 * Otherwise every node sums over its own triangles in the order of its row: three times the work of
 * finding each triangle once, but the same bits on any number of threads.
 *
 * LDBC Graphalytics counts in a directed graph the edges between the neighbours of i: the sum of
 * s(j, k) alone, over d (d - 1). */
#include <gli/algorithms/clustering.h>
#include <math.h>
#include <string.h>

#include "cpu/cluster/triangles.h"
#include "cpu/kernels.h"

enum { SUM_BLOCK = 1 << 15 };

typedef struct clustering {
  gli_run *run;
  int64_t node_limit;
  bool directed;
  bool between; /* count edges between neighbours: LDBC's rule in a directed graph */
  gli_simple_rows simple;
  gli__oriented_rows up;
  gli_rows out, in;
  const double *out_weights, *in_weights; /* in row order; NULL: unweighted */
  const uint8_t *directions;              /* directed: per simple entry */
  double *forward, *backward;             /* per simple entry: summed weight to and from it */
  double *strength;                       /* per simple entry */
  double *up_strength;                    /* per entry of `up` */
  double *largest;                        /* per block */
  int64_t grain;
  double scale;    /* the largest weight */
  double *marks;   /* [workers][node_limit]: strength to the node at work, 0: no neighbour */
  int64_t *counts; /* triangles */
  double *sums;    /* of coefficients, per block */
  double *coefficient;
} clustering;

/* Sum the weights of parallel edges into `sums` and return the largest weight seen, loops too. */
static double sum_row(const clustering *c, const gli_rows *rows, const double *weights,
                      int32_t node, double *sums) {
  const gli_row row = rows->rows[node];
  double loops = 0, largest = 0;
  for (uint32_t k = 0; k < row.length; k++) {
    const int32_t neighbor = rows->neighbors[row.begin + k];
    const double weight = weights == NULL ? 1 : weights[row.begin + k];
    if (neighbor == node) {
      loops += weight;
    } else if (weights == NULL) {
      sums[gli__cpu_simple_find(&c->simple, node, neighbor)] = 1;
    } else {
      sums[gli__cpu_simple_find(&c->simple, node, neighbor)] += weight;
    }
  }
  for (int64_t k = c->simple.offsets[node]; k < c->simple.offsets[node + 1]; k++) {
    if (sums[k] > largest) largest = sums[k];
  }
  if (weights == NULL) return 1;
  return loops > largest ? loops : largest;
}

static void sum_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  clustering *c = context;
  double largest = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    double seen = sum_row(c, &c->out, c->out_weights, (int32_t)v, c->forward);
    if (seen > largest) largest = seen;
    if (!c->directed) continue;
    seen = sum_row(c, &c->in, c->in_weights, (int32_t)v, c->backward);
    if (seen > largest) largest = seen;
  }
  c->largest[begin / c->grain] = largest;
}

static void strength_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  clustering *c = context;
  (void)worker;
  for (int64_t k = c->simple.offsets[begin]; k < c->simple.offsets[end]; k++) {
    c->strength[k] = cbrt(c->forward[k] / c->scale);
    if (c->directed) c->strength[k] += cbrt(c->backward[k] / c->scale);
  }
}

static gli_status find_strengths(clustering *c, gli_error *error) {
  const int64_t entries = c->simple.offsets[c->node_limit];
  const int64_t blocks = gli__cpu_block_count(c->node_limit, c->grain);
  c->forward = gli_run_allocate_zeroed(c->run, entries + 1, sizeof *c->forward);
  c->strength = gli_run_allocate(c->run, entries + 1, sizeof *c->strength);
  c->largest = gli_run_allocate_zeroed(c->run, blocks, sizeof *c->largest);
  if (c->directed) c->backward = gli_run_allocate_zeroed(c->run, entries + 1, sizeof *c->backward);
  if (c->forward == NULL || c->strength == NULL || c->largest == NULL ||
      (c->directed && c->backward == NULL)) {
    return gli_run_no_memory(c->run, error);
  }
  gli_status status = gli_run_parallel(c->run, c->node_limit, c->grain, sum_block, c, error);
  for (int64_t b = 0; b < blocks; b++) {
    if (c->largest[b] > c->scale) c->scale = c->largest[b];
  }
  if (!(c->scale > 0)) c->scale = 1; /* all weights are 0, and so are all triangles */
  if (status == GLI_OK) {
    status = gli_run_parallel(c->run, c->node_limit, c->grain, strength_block, c, error);
  }
  return status;
}

/* The strengths of the oriented rows' entries: looked up once each, not once per triangle. */
static void lift_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  clustering *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    for (int64_t e = c->up.offsets[v]; e < c->up.offsets[v + 1]; e++) {
      c->up_strength[e] =
          c->strength[gli__cpu_simple_find(&c->simple, (int32_t)v, c->up.neighbors[e])];
    }
  }
}

static gli_status lift_strengths(clustering *c, gli_error *error) {
  gli_status status = gli__cpu_orient(c->run, c->node_limit, &c->simple, &c->up, error);
  if (status != GLI_OK) return status;
  c->up_strength =
      gli_run_allocate(c->run, c->up.offsets[c->node_limit] + 1, sizeof *c->up_strength);
  if (c->up_strength == NULL) return gli_run_no_memory(c->run, error);
  return gli_run_parallel(c->run, c->node_limit, c->grain, lift_block, c, error);
}

/* The weight of the triangles at `node`: edges j -> k between its neighbours, each met once. */
static double triangles_at(const clustering *c, int32_t node, double *marks) {
  const int64_t begin = c->simple.offsets[node], end = c->simple.offsets[node + 1];
  double total = 0;
  for (int64_t k = begin; k < end; k++)
    marks[c->simple.neighbors[k]] = c->between ? 1 : c->strength[k];
  for (int64_t k = begin; k < end && !gli_run_stopped(c->run); k++) {
    const int32_t j = c->simple.neighbors[k];
    double closed = 0;
    for (int64_t e = c->up.offsets[j]; e < c->up.offsets[j + 1]; e++) {
      /* Weights may be 0, then the product is 0 as well. */
      closed += marks[c->up.neighbors[e]] * c->up_strength[e];
    }
    total += c->between ? closed : closed * c->strength[k];
  }
  for (int64_t k = begin; k < end; k++)
    marks[c->simple.neighbors[k]] = 0;
  return total;
}

static void coefficient_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  clustering *c = context;
  double *marks = c->marks + (int64_t)worker * c->node_limit;
  for (int64_t v = begin; v < end; v++) {
    const int64_t from = c->simple.offsets[v], to = c->simple.offsets[v + 1];
    double degree = (double)(to - from), possible = degree * (degree - 1) / 2;
    if (degree < 2) continue;
    if (c->between) {
      possible = degree * (degree - 1);
    } else if (c->directed) {
      int64_t ends = 0, mutual = 0;
      for (int64_t k = from; k < to; k++) {
        ends += (c->directions[k] & 1) + (c->directions[k] >> 1);
        mutual += c->directions[k] == 3;
      }
      possible = (double)ends * (double)(ends - 1) - 2 * (double)mutual;
    }
    if (possible > 0) c->coefficient[v] = triangles_at(c, (int32_t)v, marks) / possible;
  }
}

static gli_status weigh_triangles(clustering *c, gli_snapshot *snapshot, const char *weight,
                                  gli_error *error) {
  c->out = gli_snapshot_out_rows(snapshot);
  c->grain = gli__cpu_grain(c->node_limit, c->simple.offsets[c->node_limit], 1 << 11);
  gli_status status = gli__cpu_row_weights(snapshot, weight, false, &c->out_weights, error);
  if (status == GLI_OK && c->directed) {
    uint8_t *directions = NULL;
    status = gli_snapshot_in_rows(snapshot, &c->in, error);
    if (status == GLI_OK) {
      status = gli__cpu_row_weights(snapshot, weight, true, &c->in_weights, error);
    }
    if (status == GLI_OK) {
      status = gli__cpu_simple_directions(c->run, snapshot, &c->simple, &directions, error);
    }
    c->directions = directions;
  }
  if (status == GLI_OK) status = find_strengths(c, error);
  if (status == GLI_OK) status = lift_strengths(c, error);
  if (status != GLI_OK) return status;
  c->marks =
      gli_run_allocate_zeroed(c->run, gli_run_threads(c->run) * c->node_limit, sizeof *c->marks);
  if (c->marks == NULL) return gli_run_no_memory(c->run, error);
  status = gli_run_parallel(c->run, c->node_limit, c->grain, coefficient_block, c, error);
  return status == GLI_OK ? gli_run_check(c->run, error) : status;
}

static void divide_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  clustering *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double degree = (double)(c->simple.offsets[v + 1] - c->simple.offsets[v]);
    if (degree >= 2) c->coefficient[v] = 2 * (double)c->counts[v] / (degree * (degree - 1));
  }
}

static void add_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  clustering *c = context;
  double sum = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++)
    sum += c->coefficient[v];
  c->sums[begin / SUM_BLOCK] = sum;
}

static gli_status find_average(clustering *c, int64_t nodes, double *average_out,
                               gli_error *error) {
  const int64_t blocks = gli__cpu_block_count(c->node_limit, SUM_BLOCK);
  c->sums = gli_run_allocate(c->run, blocks, sizeof *c->sums);
  if (c->sums == NULL) return gli_run_no_memory(c->run, error);
  const gli_status status = gli_run_parallel(c->run, c->node_limit, SUM_BLOCK, add_block, c, error);
  double sum = 0;
  for (int64_t k = 0; status == GLI_OK && k < blocks; k++)
    sum += c->sums[k];
  *average_out = nodes > 0 ? sum / (double)nodes : 0;
  return status;
}

gli_status gli__cpu_clustering(gli_run *run, gli_snapshot *snapshot, const void *options,
                               gli_result *result, gli_error *error) {
  const gli_clustering_options *given = options;
  clustering c = {.run = run,
                  .node_limit = gli_snapshot_node_limit(snapshot),
                  .directed = gli_snapshot_is_directed(snapshot)};
  void *coefficient = NULL, *average = NULL, *transitivity = NULL;
  int64_t triangles = 0;
  gli_status status = gli_result_add_column(result, "coefficient", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
                                            0, &coefficient, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "average", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0, &average,
                                   error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "transitivity", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0,
                                   &transitivity, error);
  }
  if (status == GLI_OK) status = gli_snapshot_simple_rows(snapshot, &c.simple, error);
  if (status != GLI_OK || c.node_limit == 0) return status;
  c.coefficient = coefficient;
  c.between = c.directed && strcmp(given->method, "ldbc") == 0;
  c.counts = gli_run_allocate_zeroed(run, c.node_limit, sizeof *c.counts);
  if (c.counts == NULL) return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  status = gli__cpu_count_triangles(run, c.node_limit, &c.simple, c.counts, &triangles, error);
  if (status != GLI_OK) return status;
  if (c.directed || given->weight != NULL) {
    status = weigh_triangles(&c, snapshot, given->weight, error);
  } else {
    status = gli_run_parallel(run, c.node_limit, SUM_BLOCK, divide_block, &c, error);
  }
  if (status == GLI_OK) {
    status = find_average(&c, gli_snapshot_node_count(snapshot), average, error);
  }
  if (status != GLI_OK) return status;
  return gli__cpu_closed_share(run, c.node_limit, &c.simple, triangles, transitivity, error);
}
