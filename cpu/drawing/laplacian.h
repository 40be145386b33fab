/* laplacian.h: the Laplacian of a graph, times four vectors at once, nearly solved by a multigrid
 * cycle, and its lowest eigenvectors. */
#ifndef GLI_CPU_DRAWING_LAPLACIAN_H
#define GLI_CPU_DRAWING_LAPLACIAN_H

#include "cpu/sides.h"

enum {
  GLI__FOUR = 4,    /* vectors side by side: a gathered neighbour serves them all */
  GLI__DENSE = 48,  /* nodes up to which a matrix is written out */
  GLI__LEVELS = 40, /* of the multigrid, at most */
  GLI__ISLANDS = 3, /* components for which eigenvectors other than 0's may be asked for */
};

/* Memory of the run is aligned for float64 alone, and single columns are read as such: taken out of
 * a vector they would go by way of the stack. */
typedef double gli__four __attribute__((vector_size(32), aligned(8), may_alias));

/* D - A of directed edges taken as undirected ones; parallel edges add up, loops cancel out. */
typedef struct gli__laplacian {
  int64_t count; /* rows; holes are empty ones */
  gli__sides sides;
  const double *weights[2]; /* in row order; NULL: 1 each */
  double scale;             /* what weights are multiplied by: a power of two, the largest near 1 */
  double *degree;           /* [count] scaled weights of a row's entries, loops left out */
  double largest;           /* of the degrees */
  int64_t grain;
} gli__laplacian;

gli_status gli__laplacian_start(gli_run *run, gli_snapshot *snapshot, const char *weight,
                                gli__laplacian *laplacian_out, gli_error *error);
/* Fill in degree, largest and grain from what else is there. */
gli_status gli__laplacian_measure(gli_run *run, gli__laplacian *laplacian, gli_error *error);
/* y = L x. */
gli_status gli__laplacian_times(gli_run *run, const gli__laplacian *laplacian, const gli__four *x,
                                gli__four *y, gli_error *error);
/* y = x + (b - L x) / degree, damped; x NULL: 0. y is another array. */
gli_status gli__laplacian_smooth(gli_run *run, const gli__laplacian *laplacian, const gli__four *b,
                                 const gli__four *x, gli__four *y, gli_error *error);
/* Row v of L x. */
static inline void gli__laplacian_row(const gli__laplacian *laplacian, const gli__four *x,
                                      int64_t v, gli__four *row_out) {
  const gli__four here = x[v];
  gli__four sum = {0};
  for (int side = 0; side < laplacian->sides.count; side++) {
    const gli_row row = laplacian->sides.rows[side].rows[v];
    const int32_t *neighbors = laplacian->sides.rows[side].neighbors + row.begin;
    if (laplacian->weights[side] == NULL) {
      for (uint32_t k = 0; k < row.length; k++)
        sum += here - x[neighbors[k]];
    } else {
      const double *weights = laplacian->weights[side] + row.begin;
      for (uint32_t k = 0; k < row.length; k++)
        sum += (here - x[neighbors[k]]) * (weights[k] * laplacian->scale);
    }
  }
  *row_out = sum;
}
/* Written out: matrix[n * n]. `place`: of every row that is not empty, among them; NULL: its own.
 */
void gli__laplacian_write(const gli__laplacian *laplacian, const int32_t *place, int64_t n,
                          double *matrix);

/* One graph of the multigrid, and how its nodes go together in the next. */
typedef struct gli__grid_level {
  gli__laplacian laplacian;
  int32_t *group;   /* [count] node of the next level; -1: none */
  int64_t *starts;  /* [next count + 1] of the groups' members */
  int32_t *members; /* [grouped nodes] in order */
  gli__four *b, *x; /* [count] right sides, solutions; level 0: the caller's */
  gli__four *y;     /* [count] scratch */
  int turns;        /* how often the next level is visited per visit here */
} gli__grid_level;

typedef struct gli__grid {
  gli_run *run;
  int count;
  double *inverse; /* of the last level's matrix, on what is not its null space; NULL: too large */
  gli__grid_level levels[GLI__LEVELS];
} gli__grid;

gli_status gli__grid_start(gli_run *run, const gli__laplacian *laplacian, gli__grid *grid,
                           gli_error *error);
/* x = nearly the solution of L x = b. */
gli_status gli__grid_solve(gli__grid *grid, const gli__four *b, gli__four *x, gli_error *error);

/* Eigenvectors of a symmetric matrix[n * n] by Jacobi's rotations: values[n] rise, vector k is
 * vectors[row * n + k]. The matrix is used up. O(n^3); for n up to GLI__DENSE. */
void gli__symmetric_eigen(double *matrix, int n, double *values, double *vectors);

/* The null space: vectors that are constant on every component. */
typedef struct gli__islands {
  const int32_t *number; /* [count] which component; -1: a hole */
  int64_t count;         /* at most GLI__ISLANDS */
  int64_t size[GLI__ISLANDS];
} gli__islands;

typedef struct gli__lowest_job {
  gli_run *run;
  const gli__laplacian *laplacian;
  const gli__islands *islands;
  int wanted; /* vectors, of four */
  int64_t max_iterations;
  double tolerance;
  double alike;             /* of an eigenvalue: nearer ones count as one that is repeated */
  gli__four *vectors;       /* [count] orthonormal; out */
  double values[GLI__FOUR]; /* rising; out */
  int needed;               /* wanted, and those whose values are alike the last of them; out */
  int found;   /* how many of the four are within the tolerance: needed, or more; out */
  double rest; /* what is left of the tolerance at most, where it was not reached; out */
} gli__lowest_job;

/* The start: column k of node v, uniform in [-1, 1). */
void gli__lowest_start(int64_t node, double *columns);

/* Eigenvectors of the smallest eigenvalues above 0. found < needed: not converged. */
gli_status gli__lowest(gli__lowest_job *job, gli_error *error);

#endif
