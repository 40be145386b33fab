/* power.h: what the power iterations (eigenvector centrality, hits) share, on the CPU and devices.
 */
#ifndef GLI_CPU_POWER_H
#define GLI_CPU_POWER_H

#include "cpu/common.h"

/* The length that scores are scaled to while they are iterated: 1, or with weights beyond 2^400 a
 * power of two so small that no sum or square overflows. Scaling by it is exact. */
gli_status gli__power_length(gli_snapshot *snapshot, const char *weight, double *length_out,
                             gli_error *error);

/* A pass over all nodes: to[v] = from[v] * own + the sum over the row of v of weight * from, and
 * its sum, of values or of squares: per block, added in block order, the same bits on any number of
 * threads. */
typedef struct gli__power_pass {
  gli_rows rows;
  const double *weights; /* in row order; NULL: each entry counts 1 */
  const uint64_t *alive;
  double *from, *to;
  double own;
  bool squares;
  double *partial; /* [block_count] */
  int64_t limit, grain;
} gli__power_pass;

gli_status gli__power_sum_rows(gli_run *run, gli__power_pass *pass, double *sum_out,
                               gli_error *error);
/* pass->to *= factor. With `before`: how far it is from there then, in sum. */
gli_status gli__power_scale(gli_run *run, gli__power_pass *pass, double factor,
                            const double *before, double *change_out, gli_error *error);

#endif
