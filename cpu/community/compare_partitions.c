/* compare_partitions.c: the contingency table of two partitions, and what follows from it.
 *
 * Nodes are put in order of the first partition's label by a counting sort; one counter per label
 * of the second then makes the table row by row, empty cells never touched. Counts are integers,
 * sums go in the order of the table. Cost O(n). */
#include <gli/algorithms/compare_partitions.h>

#include <assert.h>
#include <math.h>

#include "cpu/community/partition.h"
#include "cpu/kernels.h"

enum { STEPS_BETWEEN_CHECKS = 1 << 16 };

typedef struct cell {
  int32_t community, other;
  int64_t shared;
} cell;

typedef struct table {
  gli__partition parts[2];
  int64_t *sizes[2]; /* [count] */
  cell *cells;
  int64_t cell_count, nodes;
} table;

/* Live nodes in order of their label in the first partition, and the sizes of both. */
static gli_status order_nodes(gli_run *run, gli_snapshot *snapshot, table *t, int32_t **order_out,
                              gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  int64_t *place = gli_run_allocate(run, t->parts[0].count + 1, sizeof *place);
  int32_t *order = gli_run_allocate(run, limit + 1, sizeof *order);
  for (int side = 0; side < 2; side++)
    t->sizes[side] = gli_run_allocate_zeroed(run, t->parts[side].count + 1, sizeof(int64_t));
  if (place == NULL || order == NULL || t->sizes[0] == NULL || t->sizes[1] == NULL) {
    return gli_run_no_memory(run, error);
  }
  for (int64_t v = 0; v < limit; v++) {
    if (!gli_bit(alive, v)) continue;
    t->sizes[0][t->parts[0].labels[v]]++;
    t->sizes[1][t->parts[1].labels[v]]++;
    t->nodes++;
  }
  place[0] = 0;
  for (int64_t k = 0; k < t->parts[0].count; k++)
    place[k + 1] = place[k] + t->sizes[0][k];
  for (int64_t v = 0; v < limit; v++) {
    if (gli_bit(alive, v)) order[place[t->parts[0].labels[v]]++] = (int32_t)v;
  }
  gli_run_release(run, place);
  *order_out = order;
  return gli_run_check(run, error);
}

static gli_status tabulate(gli_run *run, gli_snapshot *snapshot, table *t, gli_error *error) {
  int32_t *order = NULL;
  gli_status status = order_nodes(run, snapshot, t, &order, error);
  if (status != GLI_OK) return status;
  assert(order != NULL); /* which the static analyser cannot see */
  int64_t *at = gli_run_allocate(run, t->parts[1].count + 1, sizeof *at);
  t->cells = gli_run_allocate(run, t->nodes + 1, sizeof *t->cells);
  if (at == NULL || t->cells == NULL) return gli_run_no_memory(run, error);
  for (int64_t k = 0; k < t->parts[1].count; k++)
    at[k] = -1;
  int64_t first = 0; /* cell of the row at work: smaller ones are other rows' */
  for (int64_t k = 0; k < t->nodes; k++) {
    const int32_t community = t->parts[0].labels[order[k]], other = t->parts[1].labels[order[k]];
    if (k > 0 && community != t->parts[0].labels[order[k - 1]]) first = t->cell_count;
    if (at[other] < first) {
      at[other] = t->cell_count;
      t->cells[t->cell_count++] = (cell){community, other, 0};
    }
    t->cells[at[other]].shared++;
    if (k % STEPS_BETWEEN_CHECKS == 0 && gli_run_stopped(run)) break;
  }
  gli_run_release(run, at);
  gli_run_release(run, order);
  return gli_run_check(run, error);
}

typedef struct comparison_columns {
  int64_t *shared;
  double *community, *other;
  double *normalized, *adjusted_rand, *rand, *mutual, *variation, *homogeneity, *completeness;
} comparison_columns;

static gli_status add_columns(gli_result *result, int64_t rows, comparison_columns *columns,
                              gli_error *error) {
  static const char *const names[] = {"shared",
                                      "community",
                                      "other",
                                      "normalized_mutual_information",
                                      "adjusted_rand_index",
                                      "rand_index",
                                      "mutual_information",
                                      "variation_of_information",
                                      "homogeneity",
                                      "completeness"};
  void *data[10] = {NULL};
  for (int k = 0; k < 10; k++) {
    const gli_status status =
        gli_result_add_column(result, names[k], k == 0 ? GLI_COLUMN_INT64 : GLI_COLUMN_FLOAT64,
                              k < 3 ? GLI_PER_ROW : GLI_SCALAR, rows, &data[k], error);
    if (status != GLI_OK) return status;
  }
  *columns = (comparison_columns){data[0], data[1], data[2], data[3], data[4],
                                  data[5], data[6], data[7], data[8], data[9]};
  return GLI_OK;
}

static double entropy(const int64_t *sizes, int64_t count, double nodes) {
  double sum = 0;
  for (int64_t k = 0; k < count; k++)
    sum -= (double)sizes[k] / nodes * log((double)sizes[k] / nodes);
  return sum;
}

static void measure_information(const table *t, const comparison_columns *c) {
  const double nodes = (double)t->nodes;
  const double first = entropy(t->sizes[0], t->parts[0].count, nodes);
  const double second = entropy(t->sizes[1], t->parts[1].count, nodes);
  double mutual = 0;
  for (int64_t k = 0; k < t->cell_count; k++) {
    const double shared = (double)t->cells[k].shared;
    const double rows = (double)t->sizes[0][t->cells[k].community];
    const double columns = (double)t->sizes[1][t->cells[k].other];
    mutual += shared / nodes * log(shared * nodes / (rows * columns));
  }
  /* Rounding may leave it a little outside of what it can be. */
  mutual = fmax(0, fmin(mutual, fmin(first, second)));
  *c->mutual = mutual;
  *c->normalized = first + second > 0 ? 2 * mutual / (first + second) : 1;
  *c->homogeneity = first > 0 ? mutual / first : 1;
  *c->completeness = second > 0 ? mutual / second : 1;
  *c->variation = fmax(0, first + second - 2 * mutual);
}

/* Over ordered pairs of nodes. Counts below 2^62 are exact integers. */
static void measure_pairs(const table *t, const comparison_columns *c) {
  int64_t both = 0, first = 0, second = 0;
  for (int64_t k = 0; k < t->cell_count; k++)
    both += t->cells[k].shared * (t->cells[k].shared - 1);
  for (int64_t k = 0; k < t->parts[0].count; k++)
    first += t->sizes[0][k] * (t->sizes[0][k] - 1);
  for (int64_t k = 0; k < t->parts[1].count; k++)
    second += t->sizes[1][k] * (t->sizes[1][k] - 1);
  const double all = (double)t->nodes * ((double)t->nodes - 1);
  const double apart = (double)(first - both) + (double)(second - both); /* by one of them alone */
  *c->rand = all > 0 ? (all - apart) / all : 1;
  if (apart == 0) {
    *c->adjusted_rand = 1;
    return;
  }
  const double expected = (double)first * ((double)second / all);
  const double most = ((double)first + (double)second) / 2;
  *c->adjusted_rand = ((double)both - expected) / (most - expected);
}

gli_status gli__cpu_compare_partitions(gli_run *run, gli_snapshot *snapshot, const void *options,
                                       gli_result *result, gli_error *error) {
  const gli_compare_partitions_options *given = options;
  comparison_columns columns;
  table t = {.nodes = 0};
  gli_status status = gli__partition_labels(run, snapshot, "compare_partitions", "community",
                                            &given->community, &t.parts[0], error);
  if (status == GLI_OK) {
    status = gli__partition_labels(run, snapshot, "compare_partitions", "other", &given->other,
                                   &t.parts[1], error);
  }
  gli_run_prepared(run);
  if (status == GLI_OK) status = tabulate(run, snapshot, &t, error);
  if (status == GLI_OK) status = add_columns(result, t.cell_count, &columns, error);
  if (status != GLI_OK) return status;
  for (int64_t k = 0; k < t.cell_count; k++) {
    columns.shared[k] = t.cells[k].shared;
    columns.community[k] = t.parts[0].names[t.cells[k].community];
    columns.other[k] = t.parts[1].names[t.cells[k].other];
  }
  measure_information(&t, &columns);
  measure_pairs(&t, &columns);
  return GLI_OK;
}
