/* test_filter.c: what expressions mean, row by row and in bulk. The table's answers are Python's:
 * each line was evaluated by the python backend (groggy.oracle) on the same rows. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/failing_allocator.h"

static gli_error error;

static gli_key key_of(gli_graph *graph, const char *name) {
  gli_key key = GLI_KEY_NONE;
  cr_assert_eq(gli_graph_key(graph, name, strlen(name), &key, &error), GLI_OK);
  return key;
}

static void set(gli_graph *graph, int64_t node, const char *name, gli_value value) {
  gli_attribute attribute = {key_of(graph, name), value};
  gli_id id = gli_id_int(node);
  cr_assert_eq(gli_graph_add_node(graph, &id, &attribute, 1, NULL, &error), GLI_OK, "%s",
               error.message);
}

typedef enum { END, LIST, TUPLE, SET, FROZENSET, DICT } container;

/* A nested value of scalars. */
static void set_nested(gli_graph *graph, int64_t node, const char *name, gli_nested_type type,
                       size_t count, const gli_value *items) {
  gli_value_builder *builder = NULL;
  gli_value value;
  cr_assert_eq(gli_value_builder_create(NULL, &builder, &error), GLI_OK);
  cr_assert_eq(gli_value_builder_open(builder, type, &error), GLI_OK);
  for (size_t k = 0; k < count; k++)
    cr_assert_eq(gli_value_builder_add(builder, &items[k], &error), GLI_OK);
  cr_assert_eq(gli_value_builder_close(builder, &error), GLI_OK);
  cr_assert_eq(gli_value_builder_finish(builder, &value, &error), GLI_OK);
  set(graph, node, name, value);
  gli_value_builder_free(builder);
}

static void set_bigint(gli_graph *graph, int64_t node, const char *name, const char *bytes,
                       size_t size) {
  gli_value_builder *builder = NULL;
  gli_value value;
  cr_assert_eq(gli_value_builder_create(NULL, &builder, &error), GLI_OK);
  cr_assert_eq(gli_value_builder_add_bigint(builder, (const uint8_t *)bytes, size, &error), GLI_OK);
  cr_assert_eq(gli_value_builder_finish(builder, &value, &error), GLI_OK);
  set(graph, node, name, value);
  gli_value_builder_free(builder);
}

/* Eight people; x is of every type.
 *      0         1        2        3          4            5           6        7
 * age  10        20       30       None       -             50         60       -5
 * name 'ann'     'bob'    ''       'Zoe'      'ann'         None       -        'été'
 * w    0.5       -0.0     nan      inf        2.0           -          None     1e300
 * ok   True      False    True     -          None          False      True     -
 * x    1         1.0      True     'a'        [1, 2]        (1, 2)     None     2**70
 * y    2**53+1   2.0**53  -2**63   [1.0, 2]   {1, 2}        {1: 'a'}   2.0**70  -2**70 */
static gli_graph *people(void) {
  gli_graph *graph = NULL;
  cr_assert_eq(gli_graph_create(NULL, &graph, &error), GLI_OK);
  for (int64_t node = 0; node < 8; node++) {
    gli_id id = gli_id_int(node);
    cr_assert_eq(gli_graph_add_node(graph, &id, NULL, 0, NULL, &error), GLI_OK);
  }
  const int64_t ages[] = {10, 20, 30, 0, 0, 50, 60, -5};
  const char *names[] = {"ann", "bob", "", "Zoe", "ann", NULL, NULL, "\xC3\xA9t\xC3\xA9"};
  for (int64_t node = 0; node < 8; node++) {
    if (node == 3) set(graph, node, "age", gli_value_null());
    if (node != 3 && node != 4) set(graph, node, "age", gli_value_int(ages[node]));
    if (names[node] != NULL) set(graph, node, "name", gli_value_string(names[node]));
  }
  set(graph, 5, "name", gli_value_null());
  const double weights[] = {0.5, -0.0, (double)NAN, (double)INFINITY, 2.0, 0, 0, 1e300};
  for (int64_t node = 0; node < 8; node++)
    if (node != 5 && node != 6) set(graph, node, "w", gli_value_float(weights[node]));
  set(graph, 6, "w", gli_value_null());
  for (int64_t node = 0; node < 7; node++)
    if (node != 3 && node != 4)
      set(graph, node, "ok", gli_value_bool(node == 0 || node == 2 || node == 6));
  set(graph, 4, "ok", gli_value_null());
  const gli_value ints[] = {gli_value_int(1), gli_value_int(2)};
  const gli_value mixed[] = {gli_value_float(1), gli_value_int(2)};
  const gli_value pair[] = {gli_value_int(1), gli_value_string("a")};
  set(graph, 0, "x", gli_value_int(1));
  set(graph, 1, "x", gli_value_float(1.0));
  set(graph, 2, "x", gli_value_bool(true));
  set(graph, 3, "x", gli_value_string("a"));
  set_nested(graph, 4, "x", GLI_NESTED_LIST, 2, ints);
  set_nested(graph, 5, "x", GLI_NESTED_TUPLE, 2, ints);
  set(graph, 6, "x", gli_value_null());
  set_bigint(graph, 7, "x", "\0\0\0\0\0\0\0\0\x40", 9);
  set(graph, 0, "y", gli_value_int(((int64_t)1 << 53) + 1));
  set(graph, 1, "y", gli_value_float(0x1p53));
  set(graph, 2, "y", gli_value_int(INT64_MIN));
  set_nested(graph, 3, "y", GLI_NESTED_LIST, 2, mixed);
  set_nested(graph, 4, "y", GLI_NESTED_SET, 2, ints);
  set_nested(graph, 5, "y", GLI_NESTED_DICT, 2, pair);
  set(graph, 6, "y", gli_value_float(0x1p70));
  set_bigint(graph, 7, "y", "\0\0\0\0\0\0\0\0\xC0", 9);
  set(graph, 0, "two words", gli_value_int(1));
  return graph;
}

static gli_snapshot *snapshot_of(gli_graph *graph) {
  gli_snapshot *snapshot = NULL;
  cr_assert_eq(gli_graph_snapshot(graph, &snapshot, &error), GLI_OK);
  return snapshot;
}

/* The rows for which an expression holds, as digits. */
static const char *rows_of(gli_snapshot *snapshot, gli_side side, const char *text, char *room) {
  gli_expression *expression = NULL;
  gli_positions positions;
  cr_assert_eq(gli_expression_parse(text, strlen(text), NULL, &expression, &error), GLI_OK,
               "%s: %s", text, error.message);
  cr_assert_eq(gli_snapshot_filter(snapshot, side, expression, NULL, &positions, &error), GLI_OK);
  int64_t limit =
      side == GLI_NODES ? gli_snapshot_node_limit(snapshot) : gli_snapshot_edge_limit(snapshot);
  uint8_t *mask = malloc((size_t)limit + 1);
  cr_assert_eq(gli_snapshot_filter_mask(snapshot, side, expression, NULL, mask, &error), GLI_OK);
  int64_t at = 0;
  for (int64_t row = 0; row < limit; row++)
    if (mask[row] != 0) {
      cr_assert_lt(at, positions.count);
      cr_assert_eq(positions.positions[at], row);
      room[at++] = (char)('0' + row);
    }
  cr_assert_eq(at, positions.count);
  room[at] = '\0';
  free(mask);
  gli_positions_free(&positions);
  gli_expression_free(expression);
  return room;
}

#include "query/answers.h"

Test(filter, table) {
  gli_graph *graph = people();
  gli_snapshot *snapshot = snapshot_of(graph);
  char room[16];
  for (size_t k = 0; k < sizeof answers / sizeof answers[0]; k++)
    cr_expect_str_eq(rows_of(snapshot, GLI_NODES, answers[k].text, room), answers[k].rows,
                     "%s: %s, not %s", answers[k].text, room, answers[k].rows);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}
