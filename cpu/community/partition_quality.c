/* partition_quality.c: what lies within the communities of a partition, and what leaves them.
 *
 * One pass over the rows sums per node what stays and what leaves, in parallel; nodes are then
 * added to their communities in order, so that the bits do not depend on threads. A directed graph
 * also has its in rows passed, for the edges that come from outside. Pairs that are joined are
 * counted beside: in a simple graph each edge is one; in a multigraph a worker stamps the
 * neighbours that it has seen. Cost O(n + m). */
#include <gli/algorithms/partition_quality.h>

#include "cpu/community/partition.h"
#include "cpu/kernels.h"

enum { BLOCK_ENTRIES = 1 << 15 };

typedef struct judging {
  gli_rows out, in;
  const double *out_weights, *in_weights;
  const int32_t *labels;
  bool directed;
  int32_t *stamps;                      /* [worker][limit]; NULL: no edge is parallel to another */
  double *within, *across;              /* [node] weight; edges of one end here count half */
  double *volume;                       /* [node] */
  int64_t *pairs_within, *pairs_across; /* [block] joined pairs, twice where undirected */
  int64_t limit, grain;
} judging;

/* The out side of a node: returns 1 for a pair seen from here, 2 for a loop of an undirected
 * graph, whose rows hold it once where they hold other edges twice; 0 for one seen before. */
static int pair_of(const judging *j, int32_t *stamps, int32_t v, int32_t u) {
  if (stamps != NULL) {
    if (stamps[u] == v + 1) return 0;
    stamps[u] = v + 1;
  }
  return u == v && !j->directed ? 2 : 1;
}

static void judge_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const judging *j = context;
  int32_t *stamps = j->stamps == NULL ? NULL : j->stamps + worker * j->limit;
  int64_t pairs[2] = {0, 0};
  for (int64_t v = begin; v < end; v++) {
    const gli_row row = j->out.rows[v];
    double weights[2] = {0, 0}, loops = 0;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t u = j->out.neighbors[k];
      const double weight = j->out_weights == NULL ? 1 : j->out_weights[k];
      const int leaves = j->labels[u] != j->labels[v];
      weights[leaves] += weight;
      if (u == v) loops += weight;
      pairs[leaves] += pair_of(j, stamps, (int32_t)v, u);
    }
    j->volume[v] = weights[0] + weights[1] + (j->directed ? 0 : loops);
    j->within[v] = j->directed ? weights[0] : (weights[0] + loops) / 2;
    j->across[v] = weights[1];
    if (!j->directed) continue;
    const gli_row back = j->in.rows[v];
    for (int64_t k = back.begin; k < back.begin + back.length; k++) {
      if (j->labels[j->in.neighbors[k]] == j->labels[v]) continue;
      j->across[v] += j->in_weights == NULL ? 1 : j->in_weights[k];
    }
  }
  j->pairs_within[begin / j->grain] = pairs[0];
  j->pairs_across[begin / j->grain] = pairs[1];
}

typedef struct quality_columns {
  double *conductance, *community;
  int64_t *size;
  double *within, *cut, *volume;
  double *coverage, *performance;
  int64_t *count;
} quality_columns;

static gli_status add_columns(gli_result *result, const gli__partition *partition,
                              quality_columns *columns, gli_error *error) {
  static const char *const names[] = {"conductance", "community", "size",        "within", "cut",
                                      "volume",      "coverage",  "performance", "count"};
  void *data[9] = {NULL};
  for (int k = 0; k < 9; k++) {
    const gli_column_type type = k == 2 || k == 8 ? GLI_COLUMN_INT64 : GLI_COLUMN_FLOAT64;
    const gli_status status =
        gli_result_add_column(result, names[k], type, k < 6 ? GLI_PER_ROW : GLI_SCALAR,
                              partition->count, &data[k], error);
    if (status != GLI_OK) return status;
  }
  *columns = (quality_columns){data[0], data[1], data[2], data[3], data[4],
                               data[5], data[6], data[7], data[8]};
  return GLI_OK;
}

/* Nodes into communities, in order; communities into measures. */
static void sum_up(const judging *j, gli_snapshot *snapshot, const gli__partition *partition,
                   const quality_columns *c) {
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  const double nodes = (double)gli_snapshot_node_count(snapshot);
  double within = 0, across = 0, volume = 0, pairs = 0, between = 0, right = 0;
  for (int64_t v = 0; v < j->limit; v++) {
    if (!gli_bit(alive, v)) continue;
    const int32_t label = j->labels[v];
    c->size[label]++;
    c->within[label] += j->within[v];
    c->cut[label] += j->across[v];
    c->volume[label] += j->volume[v];
    volume += j->volume[v];
    within += j->within[v];
    across += j->across[v] / 2; /* from both ends, whatever the direction */
  }
  for (int64_t k = 0; k < partition->count; k++) {
    const double rest = volume - c->volume[k];
    const double smaller = c->volume[k] < rest ? c->volume[k] : rest;
    c->community[k] = partition->names[k];
    c->conductance[k] = smaller > 0 ? c->cut[k] / smaller : 0;
    between += (double)c->size[k] * (nodes - (double)c->size[k]);
  }
  for (int64_t b = 0; b < gli__cpu_block_count(j->limit, j->grain); b++)
    right += (double)(j->pairs_within[b] - j->pairs_across[b]);
  pairs = nodes * (nodes - 1); /* all counts are of ordered pairs, and exact */
  *c->coverage = within + across > 0 ? within / (within + across) : 0;
  *c->performance = pairs > 0 ? (right + between) / pairs : 0;
  *c->count = partition->count;
}

gli_status gli__cpu_partition_quality(gli_run *run, gli_snapshot *snapshot, const void *options,
                                      gli_result *result, gli_error *error) {
  const gli_partition_quality_options *given = options;
  gli__partition partition;
  quality_columns columns;
  judging j = {.out = gli_snapshot_out_rows(snapshot),
               .directed = gli_snapshot_is_directed(snapshot),
               .limit = gli_snapshot_node_limit(snapshot)};
  gli_status status = gli__partition_labels(run, snapshot, "partition_quality", "community",
                                            &given->community, &partition, error);
  if (status == GLI_OK) status = add_columns(result, &partition, &columns, error);
  if (status == GLI_OK) {
    status = gli__cpu_row_weights(snapshot, given->weight, false, &j.out_weights, error);
  }
  if (status == GLI_OK && j.directed) {
    status = gli_snapshot_in_rows(snapshot, &j.in, error);
    if (status == GLI_OK) {
      status = gli__cpu_row_weights(snapshot, given->weight, true, &j.in_weights, error);
    }
  }
  if (status != GLI_OK) return status;
  j.labels = partition.labels;
  j.grain = gli__cpu_grain(j.limit, j.out.entry_count, BLOCK_ENTRIES);
  const int64_t blocks = gli__cpu_block_count(j.limit, j.grain);
  const bool parallel_edges = gli_snapshot_is_multigraph(snapshot);
  if (parallel_edges) {
    j.stamps = gli_run_allocate_zeroed(run, gli_run_threads(run) * j.limit, sizeof *j.stamps);
  }
  j.within = gli_run_allocate(run, j.limit, sizeof *j.within);
  j.across = gli_run_allocate(run, j.limit, sizeof *j.across);
  j.volume = gli_run_allocate(run, j.limit, sizeof *j.volume);
  j.pairs_within = gli_run_allocate(run, blocks, sizeof *j.pairs_within);
  j.pairs_across = gli_run_allocate(run, blocks, sizeof *j.pairs_across);
  if ((parallel_edges && j.stamps == NULL) || j.within == NULL || j.across == NULL ||
      j.volume == NULL || j.pairs_within == NULL || j.pairs_across == NULL) {
    return gli_run_no_memory(run, error);
  }
  gli_run_prepared(run);
  status = gli_run_parallel(run, j.limit, j.grain, judge_block, &j, error);
  if (status == GLI_OK) sum_up(&j, snapshot, &partition, &columns);
  return status;
}
