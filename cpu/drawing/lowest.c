/* lowest.c: the lowest eigenvectors of a Laplacian by LOBPCG (Knyazev 2001,
 * doi:10.1137/S1064827500366124) with a multigrid cycle as its preconditioner.
 *
 * Four vectors X are improved at once. Each round takes what is left of L X - X values, nearly
 * solves for it (W), and looks for the best four vectors in the span of X, W and P, the way that
 * the last round went: a problem of twelve by twelve (Rayleigh and Ritz). Those of the span that
 * lie too near to others are left out, so what has converged does no harm. Vectors that are not
 * wanted are guards: the rate is the ratio to the first eigenvalue that no vector stands for.
 *
 * Small eigenvalues beside large ones ask for care: W is made orthogonal to X before anything is
 * looked for, X comes first in the basis, and once residuals may be rounding alone, no image is a
 * sum of images any more. Without these, two random graphs of 40 nodes with 80 edges of weight 1
 * each and one of 1e-6 between them did not converge in 600 rounds (15 with them). It costs a
 * tenth of the time on a Kronecker graph of scale 17, an eighth on a lattice of 600 x 600.
 *
 * Sums over nodes are kept per block and added in block order: the same bits on any number of
 * threads. Cost O(n + m) per round, 224 n bytes. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "cpu/drawing/laplacian.h"

enum {
  SPAN = 3 * GLI__FOUR, /* X, W, P */
  PAIRS = 6,            /* of the three, in order */
  BLOCK_NODES = 1 << 13,
  CHUNK_NODES = 1 << 6, /* that lie in the nearest cache for all pairs */
  SQUARE = GLI__FOUR * GLI__FOUR,
  KNOWN = GLI__ISLANDS + GLI__FOUR, /* sums and products with W */
  IDLE = 8, /* rounds without progress: rounding lets a vector become no better */
};

#define NEAR 1e-10     /* directions of the span that are shorter are left out */
#define ROUNDING 8e-15 /* times the largest degree: residuals below may be rounding alone */
#define DRIFT 1e-11    /* times it: residuals below may be the drift of images */
#define STILL 1e-9     /* of an eigenvalue: less in a round is no progress */

static const int pair_of[PAIRS][2] = {{0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 2}};

typedef struct searching {
  gli__lowest_job *job;
  gli__grid grid;
  int64_t count, blocks;
  gli__four *span[3], *image[3]; /* X, W, P; L times them */
  double *sums;                  /* [block][2 * PAIRS * SQUARE] */
  double total[2 * PAIRS * SQUARE];
  double next[SPAN][GLI__FOUR], way[SPAN][GLI__FOUR]; /* X and P in terms of the span */
  double least[GLI__FOUR], lowest[GLI__FOUR];         /* residuals and values so far */
  int idle[GLI__FOUR];                                /* rounds without progress */
  bool rounded; /* residuals may be rounding alone: the drift of images would show */
} searching;

/* Add up what `task` left in the first `width` sums of each block. */
static gli_status pass(searching *s, gli_task task, int width, gli_error *error) {
  const gli_status status = gli_run_parallel(s->job->run, s->count, BLOCK_NODES, task, s, error);
  memset(s->total, 0, sizeof s->total);
  for (int64_t b = 0; b < s->blocks && status == GLI_OK; b++) {
    for (int k = 0; k < width; k++)
      s->total[k] += s->sums[b * width + k];
  }
  return status;
}

/* --- Away from what is known -------------------------------------------------------------------
 */

/* The sums of left[v][i] * right[v][j]. */
static inline void add_products(const gli__four *left, const gli__four *right, int64_t begin,
                                int64_t end, gli__four *sums) {
  const double *of = (const double *)(left + begin);
  gli__four a = sums[0], b = sums[1], c = sums[2], d = sums[3];
  for (int64_t v = begin; v < end; v++, of += GLI__FOUR) {
    a += right[v] * of[0];
    b += right[v] * of[1];
    c += right[v] * of[2];
    d += right[v] * of[3];
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

/* Sums of W over the components, then its products with X. */
static void known_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const searching *s = context;
  gli__four sums[KNOWN] = {{0}};
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const int32_t island = s->job->islands->number[v];
    if (island >= 0) sums[island] += s->span[1][v];
  }
  add_products(s->span[0], s->span[1], begin, end, sums + GLI__ISLANDS);
  memcpy(s->sums + begin / BLOCK_NODES * KNOWN * GLI__FOUR, sums, sizeof sums);
}

static void leave_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const searching *s = context;
  const gli__four *means = (const gli__four *)s->total, *along = means + GLI__ISLANDS;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const int32_t island = s->job->islands->number[v];
    const double *x = (const double *)(s->span[0] + v);
    if (island < 0) continue;
    s->span[1][v] -=
        means[island] + (along[0] * x[0] + along[1] * x[1]) + (along[2] * x[2] + along[3] * x[3]);
  }
}

/* Take from W its means over the components and what it has of X. A cycle returns mostly X where
 * X's eigenvalue is small: that which is new would be taken for too near to X. */
static gli_status leave_known(searching *s, gli_error *error) {
  gli_status status = GLI_OK;
  for (int again = 0; again < 2 && status == GLI_OK; again++) {
    status = pass(s, known_block, KNOWN * GLI__FOUR, error);
    for (int k = 0; k < GLI__ISLANDS * GLI__FOUR; k++) {
      const int64_t size = s->job->islands->size[k / GLI__FOUR];
      s->total[k] = size > 0 ? s->total[k] / (double)size : 0;
    }
    if (status == GLI_OK)
      status = gli_run_parallel(s->job->run, s->count, BLOCK_NODES, leave_block, s, error);
  }
  return status;
}

/* --- Rayleigh and Ritz ------------------------------------------------------------------------ */

static void products_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const searching *s = context;
  gli__four sums[2 * PAIRS][GLI__FOUR] = {{{0}}};
  (void)worker;
  for (int64_t from = begin; from < end; from += CHUNK_NODES) {
    const int64_t to = from + CHUNK_NODES < end ? from + CHUNK_NODES : end;
    for (int k = 0; k < PAIRS; k++) {
      const gli__four *left = s->span[pair_of[k][0]];
      add_products(left, s->span[pair_of[k][1]], from, to, sums[k]);
      add_products(left, s->image[pair_of[k][1]], from, to, sums[PAIRS + k]);
    }
  }
  memcpy(s->sums + begin / BLOCK_NODES * 2 * PAIRS * SQUARE, sums, sizeof sums);
}

/* The two symmetric matrices: products of the span with itself, and with its image. */
static void unfold(const double *total, double matrix[SPAN][SPAN]) {
  for (int k = 0; k < PAIRS; k++) {
    for (int i = 0; i < GLI__FOUR; i++) {
      for (int j = 0; j < GLI__FOUR; j++) {
        const int row = pair_of[k][0] * GLI__FOUR + i, column = pair_of[k][1] * GLI__FOUR + j;
        double value = total[k * SQUARE + i * GLI__FOUR + j];
        if (pair_of[k][0] == pair_of[k][1])
          value = (value + total[k * SQUARE + j * GLI__FOUR + i]) / 2;
        matrix[row][column] = matrix[column][row] = value;
      }
    }
  }
}

/* left's product with right, both in terms of the span. */
static double product_of(double products[SPAN][SPAN], const double *left, const double *right) {
  double sum = 0;
  for (int i = 0; i < SPAN; i++) {
    for (int j = 0; j < SPAN && left[i] != 0; j++)
      sum += left[i] * products[i][j] * right[j];
  }
  return sum;
}

/* An orthonormal basis of the span, its rows by `basis`. How many there are. X comes first and
 * stays what it is: mixed with the rest, a small eigenvalue would be lost in the rounding of large
 * ones. */
static int find_basis(double products[SPAN][SPAN], double basis[SPAN][SPAN]) {
  int count = 0;
  for (int k = 0; k < SPAN; k++) {
    double *row = basis[count];
    if (!(products[k][k] > DBL_MIN)) continue;
    memset(row, 0, SPAN * sizeof *row);
    row[k] = 1 / sqrt(products[k][k]);
    for (int b = 0; b < 2 * count; b++) {
      const double *other = basis[b % count];
      const double along = product_of(products, other, row);
      for (int i = 0; i < SPAN; i++)
        row[i] -= along * other[i];
    }
    const double square = product_of(products, row, row);
    if (!(square > NEAR)) continue;
    for (int i = 0; i < SPAN; i++)
      row[i] /= sqrt(square);
    count++;
  }
  return count;
}

/* The best four vectors of the span, and how they differ from X by W and P alone. */
static void find_next(searching *s) {
  double products[SPAN][SPAN], images[SPAN][SPAN], basis[SPAN][SPAN];
  double small[SPAN * SPAN], values[SPAN], vectors[SPAN * SPAN];
  unfold(s->total, products);
  unfold(s->total + PAIRS * SQUARE, images);
  const int rank = find_basis(products, basis);
  for (int a = 0; a < rank; a++) {
    for (int b = 0; b < rank; b++) {
      small[a * rank + b] = product_of(images, basis[a], basis[b]);
    }
  }
  gli__symmetric_eigen(small, rank, values, vectors);
  memset(s->next, 0, sizeof s->next);
  for (int k = 0; k < GLI__FOUR && k < rank; k++) {
    s->job->values[k] = values[k];
    for (int i = 0; i < SPAN; i++) {
      for (int a = 0; a < rank; a++)
        s->next[i][k] += basis[a][i] * vectors[a * rank + k];
    }
  }
  for (int i = 0; i < SPAN; i++) {
    for (int k = 0; k < GLI__FOUR; k++)
      s->way[i][k] = i < GLI__FOUR ? 0 : s->next[i][k];
  }
}

/* Two at a time, as every processor has them: with four GCC goes by way of the stack without AVX.
 */
typedef double two_doubles __attribute__((vector_size(16), aligned(8), may_alias));

/* Row v of four combinations of parts `first` .. 2. */
static inline void combine(gli__four *const *parts, int first, int64_t v,
                           const double (*share)[GLI__FOUR], double *row_out) {
  two_doubles left = {0}, right = {0};
  for (int part = first; part < 3; part++) {
    const double *of = (const double *)(parts[part] + v);
    for (int k = 0; k < GLI__FOUR; k++) {
      const two_doubles *factors = (const two_doubles *)share[part * GLI__FOUR + k];
      left += factors[0] * of[k];
      right += factors[1] * of[k];
    }
  }
  memcpy(row_out, &left, sizeof left);
  memcpy(row_out + 2, &right, sizeof right);
}

static void next_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const searching *s = context;
  double row[4][GLI__FOUR];
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    combine(s->span, 0, v, s->next, row[0]);
    combine(s->image, 0, v, s->next, row[1]);
    combine(s->span, 1, v, s->way, row[2]);
    combine(s->image, 1, v, s->way, row[3]);
    memcpy(&s->span[0][v], row[0], sizeof row[0]);
    memcpy(&s->image[0][v], row[1], sizeof row[1]);
    memcpy(&s->span[2][v], row[2], sizeof row[2]);
    memcpy(&s->image[2][v], row[3], sizeof row[3]);
  }
}

static gli_status take_best(searching *s, gli_error *error) {
  const gli_status status = pass(s, products_block, 2 * PAIRS * SQUARE, error);
  if (status != GLI_OK) return status;
  find_next(s);
  return gli_run_parallel(s->job->run, s->count, BLOCK_NODES, next_block, s, error);
}

/* --- Rounds ----------------------------------------------------------------------------------- */

/* What is left, into the image of W. */
static void rest_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const searching *s = context;
  gli__four values, squares = {0};
  memcpy(&values, s->job->values, sizeof values);
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const gli__four rest = s->image[0][v] - s->span[0][v] * values;
    s->image[1][v] = rest;
    squares += rest * rest;
  }
  memcpy(s->sums + begin / BLOCK_NODES * GLI__FOUR, &squares, sizeof squares);
}

static gli_status image_of(searching *s, int part, gli_error *error) {
  return gli__laplacian_times(s->job->run, s->job->laplacian, s->span[part], s->image[part], error);
}

/* A hub's rounding says little of a long tail's vector, nor a heavy edge's of light ones: a
 * residual that may be rounding alone counts as small when rounds bring nothing any more. */
static bool is_found(searching *s, int k, double rest) {
  const double value = s->job->values[k], rounding = ROUNDING * s->job->laplacian->largest;
  const bool better = rest < s->least[k] / 2 || value < s->lowest[k] - STILL * fabs(s->lowest[k]);
  s->idle[k] = better ? 0 : s->idle[k] + 1;
  if (better) {
    s->least[k] = fmin(s->least[k], rest);
    s->lowest[k] = fmin(s->lowest[k], value);
  }
  if (rest <= s->job->tolerance * value) return true;
  s->rounded = s->rounded || rest <= DRIFT * s->job->laplacian->largest;
  return rest <= rounding && s->idle[k] >= IDLE;
}

static gli_status find_rest(searching *s, gli_error *error) {
  gli__lowest_job *job = s->job;
  const double *values = job->values;
  const gli_status status = pass(s, rest_block, GLI__FOUR, error);
  job->found = 0;
  job->needed = job->wanted;
  while (job->needed < GLI__FOUR &&
         values[job->needed] - values[job->needed - 1] <= job->alike * values[job->needed])
    job->needed++;
  job->rest = 0;
  for (int k = 0; k < GLI__FOUR; k++) {
    const double rest = sqrt(s->total[k]), least = ROUNDING * job->laplacian->largest;
    if (is_found(s, k, rest) && job->found == k) job->found++;
    if (k < job->needed) job->rest = fmax(job->rest, rest / fmax(values[k], least));
  }
  return status;
}

/* X itself anew through L: sums of images drift a little from round to round. */
static gli_status refresh(searching *s, gli_error *error) {
  const gli_status status = image_of(s, 0, error);
  return status == GLI_OK ? find_rest(s, error) : status;
}

static gli_status turn(searching *s, gli_error *error) {
  gli_status status = gli__grid_solve(&s->grid, s->image[1], s->span[1], error);
  if (status == GLI_OK) status = leave_known(s, error);
  if (status == GLI_OK) status = image_of(s, 1, error);
  if (status == GLI_OK) status = take_best(s, error);
  if (status == GLI_OK && s->rounded) status = image_of(s, 0, error);
  if (status == GLI_OK && s->rounded) status = image_of(s, 2, error);
  return status == GLI_OK ? find_rest(s, error) : status;
}

void gli__lowest_start(int64_t node, double *columns) {
  gli_random random = gli_random_start(0x5bec7a1, (uint64_t)node);
  for (int k = 0; k < GLI__FOUR; k++)
    columns[k] = 2 * gli_random_unit(&random) - 1;
}

static void start_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const searching *s = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    double columns[GLI__FOUR] = {0};
    if (s->job->islands->number[v] >= 0) gli__lowest_start(v, columns);
    memcpy(&s->span[1][v], columns, sizeof columns);
  }
}

static gli_status prepare(searching *s, gli_error *error) {
  gli_run *run = s->job->run;
  s->span[0] = s->job->vectors;
  for (int k = 0; k < GLI__FOUR; k++)
    s->least[k] = s->lowest[k] = DBL_MAX;
  s->sums = gli_run_allocate_zeroed(run, s->blocks * 2 * PAIRS * SQUARE, sizeof *s->sums);
  if (s->sums == NULL) return gli_run_no_memory(run, error);
  for (int k = 0; k < 3; k++) {
    if (k > 0) s->span[k] = gli_run_allocate_zeroed(run, s->count, sizeof *s->span[k]);
    s->image[k] = gli_run_allocate_zeroed(run, s->count, sizeof *s->image[k]);
    if (s->span[k] == NULL || s->image[k] == NULL) return gli_run_no_memory(run, error);
  }
  memset(s->span[0], 0, (size_t)s->count * sizeof *s->span[0]);
  return gli__grid_start(run, s->job->laplacian, &s->grid, error);
}

/* The best of a random span: one round with nothing but W. */
static gli_status begin(searching *s, gli_error *error) {
  gli_status status = gli_run_parallel(s->job->run, s->count, BLOCK_NODES, start_block, s, error);
  if (status == GLI_OK) status = leave_known(s, error);
  if (status == GLI_OK) status = image_of(s, 1, error);
  if (status == GLI_OK) status = take_best(s, error);
  memset(s->span[2], 0, (size_t)s->count * sizeof *s->span[2]);
  memset(s->image[2], 0, (size_t)s->count * sizeof *s->image[2]);
  return status == GLI_OK ? find_rest(s, error) : status;
}

gli_status gli__lowest(gli__lowest_job *job, gli_error *error) {
  searching s = {.job = job, .count = job->laplacian->count};
  s.blocks = gli__cpu_block_count(s.count, BLOCK_NODES);
  bool fresh = false;
  gli_status status = prepare(&s, error);
  gli_run_prepared(job->run);
  if (status == GLI_OK) status = begin(&s, error);
  for (int64_t round = 0; status == GLI_OK && round < job->max_iterations;) {
    gli_run_progress(job->run, (double)round, (double)job->max_iterations);
    if (job->found >= job->needed && fresh) break;
    fresh = job->found >= job->needed;
    if (fresh) {
      status = refresh(&s, error);
    } else {
      status = turn(&s, error);
      gli_run_count_iteration(job->run);
      round++;
    }
  }
  return status;
}
