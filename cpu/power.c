/* power.c: the passes of power iterations, pulled over rows in parallel. */
#include "cpu/power.h"

#include <math.h>

enum { LARGE_EXPONENT = 400 };

gli_status gli__power_length(gli_snapshot *snapshot, const char *weight, double *length_out,
                             gli_error *error) {
  *length_out = 1;
  if (weight == NULL || gli_snapshot_edge_count(snapshot) == 0) return GLI_OK;
  gli_weight_range range;
  const gli_status status = gli_snapshot_weight_range(snapshot, weight, &range, error);
  if (status != GLI_OK) return status;
  int exponent = 0;
  frexp(fmax(fabs(range.minimum), fabs(range.maximum)), &exponent);
  if (exponent > LARGE_EXPONENT) *length_out = ldexp(1, LARGE_EXPONENT - exponent);
  return GLI_OK;
}

static void sum_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const gli__power_pass *p = context;
  double total = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (!gli_bit(p->alive, v)) continue;
    const gli_row row = p->rows.rows[v];
    const int32_t *neighbors = p->rows.neighbors + row.begin;
    const double *weights = p->weights == NULL ? NULL : p->weights + row.begin;
    double sum = 0;
    for (uint32_t k = 0; k < row.length; k++)
      sum += (weights == NULL ? 1 : weights[k]) * p->from[neighbors[k]];
    if (p->own != 0) sum += p->own * p->from[v];
    p->to[v] = sum;
    total += p->squares ? sum * sum : sum;
  }
  p->partial[begin / p->grain] = total;
}

static double add_partials(const gli__power_pass *p) {
  double sum = 0;
  for (int64_t block = 0; block < gli__cpu_block_count(p->limit, p->grain); block++)
    sum += p->partial[block];
  return sum;
}

gli_status gli__power_sum_rows(gli_run *run, gli__power_pass *pass, double *sum_out,
                               gli_error *error) {
  const gli_status status = gli_run_parallel(run, pass->limit, pass->grain, sum_block, pass, error);
  if (status == GLI_OK) *sum_out = add_partials(pass);
  return status;
}

typedef struct scaling {
  const gli__power_pass *pass;
  const double *before;
  double factor;
} scaling;

static void scale_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const scaling *s = context;
  double *to = s->pass->to, change = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    to[v] *= s->factor;
    if (s->before != NULL) change += fabs(to[v] - s->before[v]);
  }
  s->pass->partial[begin / s->pass->grain] = change;
}

gli_status gli__power_scale(gli_run *run, gli__power_pass *pass, double factor,
                            const double *before, double *change_out, gli_error *error) {
  scaling s = {pass, before, factor};
  const gli_status status = gli_run_parallel(run, pass->limit, pass->grain, scale_block, &s, error);
  if (status == GLI_OK && change_out != NULL) *change_out = add_partials(pass);
  return status;
}
