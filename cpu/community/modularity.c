/* modularity.c: how much more weight lies within communities than degrees alone would put there.
 *
 * Newman 2004 with a resolution (Reichardt and Bornholdt 2006), for directed graphs Leicht and
 * Newman 2008, as NetworkX defines them. One pass over the out rows; weights are summed per block
 * of nodes and added in block order. Cost O(n + m), 2 float64 per node and per community. */
#include <gli/algorithms/modularity.h>

#include "cpu/community/levels.h"
#include "cpu/community/partition.h"
#include "cpu/kernels.h"

enum { BLOCK_ENTRIES = 1 << 15 };

typedef struct measuring {
  gli_rows out;
  const double *weights;
  const int32_t *labels;
  bool directed;
  double *strength; /* per node, of out rows */
  double *within;   /* per block */
  int64_t grain;
} measuring;

static void measure_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const measuring *m = context;
  double within = 0;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const gli_row row = m->out.rows[v];
    double strength = 0;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t u = m->out.neighbors[k];
      double weight = m->weights == NULL ? 1 : m->weights[k];
      if (u == v && !m->directed) weight *= 2;
      strength += weight;
      if (m->labels[u] == m->labels[v]) within += weight;
    }
    m->strength[v] = strength;
  }
  m->within[begin / m->grain] = within;
}

/* Strength of the other ends, by label: of directed graphs alone. */
static gli_status add_in_strengths(const measuring *m, gli_snapshot *snapshot, const char *weight,
                                   double *in, gli_error *error) {
  gli_rows rows;
  const double *weights = NULL;
  gli_status status = gli_snapshot_in_rows(snapshot, &rows, error);
  if (status == GLI_OK) status = gli__cpu_row_weights(snapshot, weight, true, &weights, error);
  if (status != GLI_OK) return status;
  for (int64_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    const gli_row row = rows.rows[v];
    double strength = weights == NULL ? row.length : 0;
    for (int64_t k = row.begin; weights != NULL && k < row.begin + row.length; k++)
      strength += weights[k];
    in[m->labels[v]] += strength;
  }
  return GLI_OK;
}

gli_status gli__modularity(gli_run *run, gli_snapshot *snapshot, const char *weight,
                           double resolution, const int32_t *labels, int64_t label_count,
                           double *modularity_out, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  measuring m = {.out = gli_snapshot_out_rows(snapshot),
                 .labels = labels,
                 .directed = gli_snapshot_is_directed(snapshot)};
  gli_status status = gli__cpu_row_weights(snapshot, weight, false, &m.weights, error);
  if (status != GLI_OK) return status;
  m.grain = gli__cpu_grain(limit, m.out.entry_count, BLOCK_ENTRIES);
  m.strength = gli_run_allocate(run, limit, sizeof *m.strength);
  m.within = gli_run_allocate(run, gli__cpu_block_count(limit, m.grain), sizeof *m.within);
  double *out = gli_run_allocate_zeroed(run, label_count, sizeof *out), *in = out;
  if (m.directed) in = gli_run_allocate_zeroed(run, label_count, sizeof *in);
  if (m.strength == NULL || m.within == NULL || out == NULL || in == NULL) {
    return gli_run_no_memory(run, error);
  }
  status = gli_run_parallel(run, limit, m.grain, measure_block, &m, error);
  if (status == GLI_OK && m.directed) {
    status = add_in_strengths(&m, snapshot, weight, in, error);
  }
  if (status != GLI_OK) return status;
  double total = 0, within = 0, expected = 0;
  for (int64_t v = 0; v < limit; v++) {
    total += m.strength[v];
    out[labels[v]] += m.strength[v];
  }
  for (int64_t b = 0; b < gli__cpu_block_count(limit, m.grain); b++)
    within += m.within[b];
  for (int64_t c = 0; c < label_count && total > 0; c++)
    expected += (out[c] / total) * (in[c] / total);
  *modularity_out = total > 0 ? within / total - resolution * expected : 0;
  gli_run_release(run, m.strength);
  gli_run_release(run, m.within);
  if (m.directed) gli_run_release(run, in);
  gli_run_release(run, out);
  return GLI_OK;
}

gli_status gli__community_columns_add(gli_result *result, gli__community_columns *columns,
                                      gli_error *error) {
  void *label = NULL, *count = NULL, *modularity = NULL, *levels = NULL;
  gli_status status =
      gli_result_add_column(result, "label", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &label, error);
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "count", GLI_COLUMN_INT64, GLI_SCALAR, 0, &count, error);
  }
  if (status == GLI_OK) {
    status = gli_result_add_column(result, "modularity", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0,
                                   &modularity, error);
  }
  if (status == GLI_OK) {
    status =
        gli_result_add_column(result, "levels", GLI_COLUMN_INT64, GLI_SCALAR, 0, &levels, error);
  }
  *columns = (gli__community_columns){label, count, levels, modularity};
  return status;
}

gli_status gli__community_columns_fill(const gli__community_columns *columns, gli_run *run,
                                       gli_snapshot *snapshot, const char *weight,
                                       double resolution, int64_t levels, int32_t *label,
                                       gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  int32_t *number = gli_run_allocate(run, limit, sizeof *number);
  if (number == NULL) return gli_run_no_memory(run, error);
  for (int64_t v = 0; v < limit; v++)
    number[v] = -1;
  int32_t next = 0;
  for (int64_t v = 0; v < limit; v++) {
    if (!gli_bit(alive, v)) continue;
    if (number[label[v]] < 0) number[label[v]] = next++;
    columns->label[v] = number[label[v]];
  }
  *columns->count = next;
  *columns->levels = levels;
  return gli__modularity(run, snapshot, weight, resolution, label, limit, columns->modularity,
                         error);
}

gli_status gli__cpu_modularity(gli_run *run, gli_snapshot *snapshot, const void *options,
                               gli_result *result, gli_error *error) {
  const gli_modularity_options *given = options;
  void *modularity = NULL;
  gli__partition partition;
  gli_status status = gli_result_add_column(result, "modularity", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0,
                                            &modularity, error);
  if (status != GLI_OK) return status;
  status = gli__partition_labels(run, snapshot, "modularity", "community", &given->community,
                                 &partition, error);
  gli_run_prepared(run);
  if (status != GLI_OK) return status;
  return gli__modularity(run, snapshot, given->weight, given->resolution, partition.labels,
                         partition.count, modularity, error);
}
