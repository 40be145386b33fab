/* Columns of a result, and the best of them. */
#include "dispatch/dispatch.h"

#include "algorithms/support.h"

static gli_result *blank(gli_snapshot *snapshot) {
  gli_result *result = NULL;
  cr_assert_eq(gli__result_create(snapshot, gli__snapshot_memory(snapshot), &result, NULL), GLI_OK);
  return result;
}

static void *add(gli_result *result, const char *name, gli_column_type type,
                 gli_column_domain domain, int64_t length) {
  void *data = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_result_add_column(result, name, type, domain, length, &data, &error), GLI_OK,
               "%s", error.message);
  return data;
}

Test(result, columns_have_the_length_of_their_domain_and_start_empty) {
  const pair edges[] = {{0, 1}, {1, 2}, {2, 0}, {0, 0}};
  gli_snapshot *snapshot = graph_of(3, true, 4, edges);
  gli_result *result = blank(snapshot);
  const double *score = add(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 99);
  const int64_t *edge = add(result, "edge", GLI_COLUMN_EDGE, GLI_PER_EDGE, 0);
  const int32_t *node = add(result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, 2);
  const uint8_t *flag = add(result, "flag", GLI_COLUMN_BOOL, GLI_SCALAR, 7);
  add(result, "none", GLI_COLUMN_INT64, GLI_PER_ROW, 0);
  static const int64_t lengths[] = {3, 4, 2, 1, 0};
  gli_column column;
  for (size_t k = 0; k < 5; k++) {
    cr_assert(gli_result_column_at(result, k, &column));
    cr_assert_eq(column.length, lengths[k], "%s", column.name);
    cr_assert_not_null(column.data);
  }
  cr_assert_not(gli_result_column_at(result, 5, &column));
  cr_assert(score[2] == 0 && edge[3] == -1 && node[1] == GLI_NODE_NONE && flag[0] == 0);
  cr_assert_eq(gli_result_floats(result, "score"), score);
  cr_assert_eq(gli_result_nodes(result, "node"), node);
  cr_assert_null(gli_result_ints(result, "score"), "of another type");
  cr_assert_null(gli_result_ints(result, "nothing"));
  cr_assert_eq(gli_result_column_count(result), 5);
  gli_result_free(result);
  gli_result_free(NULL);
  gli_snapshot_free(snapshot);
}

Test(result, says_what_is_wrong) {
  gli_snapshot *snapshot = graph_of(3, true, 0, NULL);
  gli_result *result = blank(snapshot);
  gli_error error = {0};
  gli_column column;
  void *data = NULL;
  int64_t positions[1], found;
  add(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0);
  add(result, "parent", GLI_COLUMN_NODE, GLI_PER_NODE, 0);
  cr_assert_eq(gli_result_column(result, "level", &column, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "no column 'level'; it has 'score', 'parent'") != NULL, "%s",
            error.message);
  cr_assert_eq(
      gli_result_add_column(result, "score", GLI_COLUMN_INT64, GLI_PER_NODE, 0, &data, &error),
      GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(
      gli_result_add_column(result, "rows", GLI_COLUMN_INT64, GLI_PER_ROW, -1, &data, &error),
      GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_result_top(result, "parent", 1, positions, &found, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_result_top(result, "score", -1, positions, &found, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_result_top(result, "level", 1, positions, &found, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  char names[20][16];
  gli_status status = GLI_OK;
  for (int k = 0; k < 20 && status == GLI_OK; k++) {
    snprintf(names[k], sizeof names[k], "c%d", k);
    status = gli_result_add_column(result, names[k], GLI_COLUMN_BOOL, GLI_SCALAR, 0, &data, &error);
  }
  cr_assert_eq(status, GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_result_column_count(result), 16);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

static const double *ranked;
static int by_rank(const void *left, const void *right) {
  const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  if (isnan(ranked[a]) != isnan(ranked[b])) return isnan(ranked[a]) ? 1 : -1;
  if (!isnan(ranked[a]) && ranked[a] != ranked[b]) return ranked[a] > ranked[b] ? -1 : 1;
  return a < b ? -1 : 1;
}

Test(result, top_is_the_front_of_a_stable_sort) {
  enum { NODES = 500 };
  gli_snapshot *snapshot = graph_of(NODES, true, 0, NULL);
  gli_result *result = blank(snapshot);
  double *score = add(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0);
  int64_t *level = add(result, "level", GLI_COLUMN_INT64, GLI_PER_NODE, 0);
  int64_t order[NODES], best[NODES + 5], found;
  gli_random random = gli_random_start(5, 0);
  for (int k = 0; k < NODES; k++) {
    const uint64_t draw = gli_random_below(&random, 40);
    score[k] = draw == 0 ? (double)NAN : draw == 1 ? -(double)INFINITY : (double)draw - 20;
    level[k] = (int64_t)draw;
    order[k] = k;
  }
  ranked = score;
  qsort(order, NODES, sizeof *order, by_rank);
  static const int64_t counts[] = {0, 1, 2, 7, 499, 500, 505};
  for (int k = 0; k < 7; k++) {
    cr_assert_eq(gli_result_top(result, "score", counts[k], best, &found, NULL), GLI_OK);
    cr_assert_eq(found, counts[k] < NODES ? counts[k] : NODES);
    for (int64_t j = 0; j < found; j++)
      cr_assert_eq(best[j], order[j], "%d of %d", (int)j, (int)found);
  }
  cr_assert_eq(gli_result_top(result, "level", 30, best, &found, NULL), GLI_OK);
  for (int64_t j = 1; j < found; j++) {
    const int64_t before = level[best[j - 1]], here = level[best[j]];
    cr_assert(before > here || (before == here && best[j - 1] < best[j]));
  }
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}

Test(result, top_never_names_a_hole) {
  gli_snapshot *snapshot = ring_with_holes(50);
  gli_result *result = blank(snapshot);
  int64_t *level = add(result, "level", GLI_COLUMN_INT64, GLI_PER_NODE, 0);
  for (int64_t v = 0; v < 50; v++)
    level[v] = -v; /* holes would be best */
  int64_t best[50], found;
  cr_assert_eq(gli_result_top(result, "level", 50, best, &found, NULL), GLI_OK);
  cr_assert_eq(found, 40);
  cr_assert_eq(best[0], 1);
  for (int64_t k = 0; k < found; k++)
    cr_assert_neq(best[k] % 5, 0);
  gli_result_free(result);
  gli_snapshot_free(snapshot);
}
