/* Every algorithm on a graph from which nodes were removed: no row of a result names them, and
 * their places in a column hold 0 (nodes and edges: none). */
#include "algorithms/any_options.h"
#include "algorithms/support.h"

enum { NODES = 30 };

static bool is_blank(const gli_column *column, int64_t at) {
  switch (column->type) {
    case GLI_COLUMN_BOOL:
      return ((const uint8_t *)column->data)[at] == 0;
    case GLI_COLUMN_NODE:
      return ((const int32_t *)column->data)[at] == GLI_NODE_NONE;
    case GLI_COLUMN_INT64:
      return ((const int64_t *)column->data)[at] == 0;
    case GLI_COLUMN_EDGE:
      return ((const int64_t *)column->data)[at] == GLI_EDGE_NONE;
    case GLI_COLUMN_FLOAT64:
      break;
  }
  return ((const double *)column->data)[at] == 0;
}

static void check_column(const char *name, const gli_column *column, const uint64_t *nodes,
                         const uint64_t *edges) {
  for (int64_t k = 0; k < column->length; k++) {
    if (column->domain == GLI_PER_NODE && !gli_bit(nodes, k))
      cr_assert(is_blank(column, k), "%s: '%s' of the hole %d", name, column->name, (int)k);
    if (column->domain == GLI_PER_EDGE && !gli_bit(edges, k))
      cr_assert(is_blank(column, k), "%s: '%s' of the removed edge %d", name, column->name, (int)k);
    if (column->type != GLI_COLUMN_NODE || is_blank(column, k)) continue;
    cr_assert(gli_bit(nodes, ((const int32_t *)column->data)[k]), "%s: '%s' names a hole", name,
              column->name);
  }
}

Test(holes, hold_nothing) {
  static int32_t everybody[NODES];
  static double numbers[NODES];
  gli_snapshot *snapshot = ring_with_holes(NODES);
  const uint64_t *nodes = gli_snapshot_node_bits(snapshot);
  gli_node_weights all = {everybody, numbers, 0};
  int64_t columns = 0;
  for (int32_t v = 0; v < NODES; v++) {
    if (!gli_bit(nodes, v)) continue;
    everybody[all.count] = v;
    numbers[all.count++] = v % 7;
  }
  for (size_t k = 0; k < gli_algorithm_count(); k++) {
    const gli_algorithm *algorithm = gli_algorithm_at(k);
    if (any_options_lack(algorithm)) continue;
    void *options = any_options(algorithm, &all, NULL);
    gli_result *result = run_on(snapshot, algorithm->name, options, 0);
    gli_column column;
    for (size_t j = 0; gli_result_column_at(result, j, &column); j++, columns++)
      check_column(algorithm->name, &column, nodes, gli_snapshot_edge_bits(snapshot));
    gli_result_free(result);
    free(options);
  }
  cr_assert_gt(columns, 100);
  gli_snapshot_free(snapshot);
}
