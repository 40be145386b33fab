/* test_query.c: match, group, neighbours in bulk, subgraphs, filters on edges, large inputs and
 * holes, failing allocations. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/failing_allocator.h"

static gli_error error;

static gli_graph *make_graph(bool directed, bool multigraph, const gli_allocator *allocator) {
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.directed = directed;
  options.multigraph = multigraph;
  options.allocator = allocator;
  gli_graph *graph = NULL;
  cr_assert_eq(gli_graph_create(&options, &graph, &error), GLI_OK);
  return graph;
}
static gli_key key_of(gli_graph *graph, const char *name) {
  gli_key key = GLI_KEY_NONE;
  cr_assert_eq(gli_graph_key(graph, name, strlen(name), &key, &error), GLI_OK);
  return key;
}
static void node(gli_graph *graph, int64_t number, const char *name, gli_value value) {
  gli_attribute attribute = {key_of(graph, name), value};
  gli_id id = gli_id_int(number);
  cr_assert_eq(gli_graph_add_node(graph, &id, &attribute, 1, NULL, &error), GLI_OK);
}
static gli_edge_id edge(gli_graph *graph, int64_t source, int64_t target) {
  gli_id from = gli_id_int(source), to = gli_id_int(target);
  gli_edge_id added = GLI_EDGE_NONE;
  cr_assert_eq(gli_graph_add_edge(graph, &from, &to, NULL, 0, &added, &error), GLI_OK);
  return added;
}
static gli_snapshot *freeze(gli_graph *graph) {
  gli_snapshot *snapshot = NULL;
  cr_assert_eq(gli_graph_snapshot(graph, &snapshot, &error), GLI_OK);
  return snapshot;
}
static const char *digits(const gli_positions *positions, char *room) {
  for (int64_t k = 0; k < positions->count; k++)
    room[k] = (char)('0' + positions->positions[k]);
  room[positions->count] = '\0';
  return room;
}

/* --- Match ------------------------------------------------------------------------------------ */

static void expect_match(gli_snapshot *snapshot, gli_key key, gli_value value, const char *rows) {
  gli_attribute attribute = {key, value};
  gli_positions positions;
  char room[32];
  cr_assert_eq(gli_snapshot_match(snapshot, GLI_NODES, &attribute, 1, NULL, &positions, &error),
               GLI_OK);
  cr_expect_str_eq(digits(&positions, room), rows);
  gli_positions_free(&positions);
}

static gli_value nested(gli_value_builder *builder, gli_nested_type type, int count,
                        const gli_value *items) {
  gli_value value;
  gli_value_builder_reset(builder);
  cr_assert_eq(gli_value_builder_open(builder, type, &error), GLI_OK);
  for (int k = 0; k < count; k++)
    cr_assert_eq(gli_value_builder_add(builder, &items[k], &error), GLI_OK);
  cr_assert_eq(gli_value_builder_close(builder, &error), GLI_OK);
  cr_assert_eq(gli_value_builder_finish(builder, &value, &error), GLI_OK);
  return value;
}

Test(query, match) {
  gli_graph *graph = make_graph(true, false, NULL);
  gli_value_builder *builder = NULL;
  cr_assert_eq(gli_value_builder_create(NULL, &builder, &error), GLI_OK);
  const gli_value one_two[] = {gli_value_int(1), gli_value_int(2)};
  const gli_value two_one[] = {gli_value_float(2), gli_value_bool(true)};
  const gli_value ab[] = {gli_value_string("a"), gli_value_int(1), gli_value_string("b"),
                          gli_value_int(2)};
  const gli_value ba[] = {gli_value_string("b"), gli_value_float(2), gli_value_string("a"),
                          gli_value_bool(true)};
  node(graph, 0, "x", gli_value_int(1));
  node(graph, 1, "x", gli_value_float(1));
  node(graph, 2, "x", gli_value_bool(true));
  node(graph, 3, "x", gli_value_string("1"));
  node(graph, 4, "x", gli_value_null());
  node(graph, 5, "x", nested(builder, GLI_NESTED_SET, 2, one_two));
  node(graph, 6, "x", nested(builder, GLI_NESTED_DICT, 4, ab));
  node(graph, 7, "x", gli_value_float((double)NAN));
  gli_id last = gli_id_int(8);
  cr_assert_eq(gli_graph_add_node(graph, &last, NULL, 0, NULL, &error), GLI_OK);
  gli_snapshot *snapshot = freeze(graph);
  gli_key key = key_of(graph, "x");
  expect_match(snapshot, key, gli_value_int(1), "012");
  expect_match(snapshot, key, gli_value_bool(true), "012");
  expect_match(snapshot, key, gli_value_float(1), "012");
  expect_match(snapshot, key, gli_value_string("1"), "3");
  expect_match(snapshot, key, gli_value_string("one"), "");
  expect_match(snapshot, key, gli_value_null(), "4");
  expect_match(snapshot, key, gli_value_float((double)NAN), "");
  expect_match(snapshot, key, gli_value_absent(), "");
  expect_match(snapshot, GLI_KEY_NONE, gli_value_int(1), "");
  expect_match(snapshot, key, nested(builder, GLI_NESTED_FROZENSET, 2, two_one), "5");
  expect_match(snapshot, key, nested(builder, GLI_NESTED_LIST, 2, one_two), "");
  expect_match(snapshot, key, nested(builder, GLI_NESTED_DICT, 4, ba), "6");
  gli_positions all;
  cr_assert_eq(gli_snapshot_match(snapshot, GLI_NODES, NULL, 0, NULL, &all, &error), GLI_OK);
  cr_assert_eq(all.count, 9);
  gli_positions_free(&all);
  gli_value_builder_free(builder);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

/* --- Group ------------------------------------------------------------------------------------ */

Test(query, group) {
  gli_graph *graph = make_graph(true, false, NULL);
  const gli_value cities[] = {gli_value_string("Rome"),
                              gli_value_int(1),
                              gli_value_string("Oslo"),
                              gli_value_string("Rome"),
                              gli_value_float(1),
                              gli_value_null(),
                              gli_value_bool(true),
                              gli_value_float((double)NAN),
                              gli_value_float(-(double)NAN),
                              gli_value_null()};
  for (int64_t k = 0; k < 10; k++)
    node(graph, k, "city", cities[k]);
  gli_id alone = gli_id_int(10);
  cr_assert_eq(gli_graph_add_node(graph, &alone, NULL, 0, NULL, &error), GLI_OK);
  node(graph, 0, "v", gli_value_int(INT64_MAX));
  node(graph, 3, "v", gli_value_int(5));
  node(graph, 1, "v", gli_value_int(2));
  node(graph, 4, "v", gli_value_float(0.5));
  node(graph, 6, "v", gli_value_bool(true));
  node(graph, 2, "v", gli_value_null());
  node(graph, 5, "v", gli_value_int(7));
  node(graph, 7, "v", gli_value_float((double)NAN));
  node(graph, 8, "v", gli_value_int(1));
  gli_snapshot *snapshot = freeze(graph);
  gli_key city = key_of(graph, "city"), value = key_of(graph, "v");
  gli_groups groups;
  cr_assert_eq(
      gli_snapshot_group(snapshot, GLI_NODES, city, GLI_KEY_NONE, GLI_COUNT, NULL, &groups, &error),
      GLI_OK);
  const int64_t counts[] = {2, 3, 1, 2, 2}; /* Rome, 1, Oslo, None, NaN */
  cr_assert_eq(groups.count, 5);
  for (int k = 0; k < 5; k++)
    cr_expect_eq(groups.results[k].as.integer, counts[k]);
  cr_assert(gli_value_same(&groups.keys[0], &cities[0]));
  cr_assert(gli_value_same(&groups.keys[1], &cities[1]));
  cr_assert(gli_value_same(&groups.keys[3], &cities[5]));
  gli_groups_free(&groups);

  cr_assert_eq(gli_snapshot_group(snapshot, GLI_NODES, city, value, GLI_SUM, NULL, &groups, &error),
               GLI_OK);
  cr_expect_eq(groups.results[0].type, GLI_VALUE_FLOAT64); /* beyond 64 bits */
  cr_expect_eq(groups.results[0].as.real, 0x1p63);
  cr_expect_eq(groups.results[1].as.real, 3.5);
  cr_expect_eq(groups.results[2].type, GLI_VALUE_ABSENT);
  cr_expect_eq(groups.results[3].type, GLI_VALUE_INT64);
  cr_expect_eq(groups.results[3].as.integer, 7);
  cr_expect(isnan(groups.results[4].as.real));
  gli_groups_free(&groups);

  cr_assert_eq(
      gli_snapshot_group(snapshot, GLI_NODES, city, value, GLI_MEAN, NULL, &groups, &error),
      GLI_OK);
  cr_expect_eq(groups.results[0].as.real, 0x1p62); /* (2**63 + 4) / 2 rounded once */
  cr_expect_eq(groups.results[1].as.real, 3.5 / 3);
  gli_groups_free(&groups);

  cr_assert_eq(
      gli_snapshot_group(snapshot, GLI_NODES, city, value, GLI_MINIMUM, NULL, &groups, &error),
      GLI_OK);
  cr_expect_eq(groups.results[0].as.integer, 5);
  cr_expect_eq(groups.results[1].as.real, 0.5);
  cr_expect(isnan(groups.results[4].as.real));
  gli_groups_free(&groups);

  cr_assert_eq(
      gli_snapshot_group(snapshot, GLI_NODES, city, value, GLI_MAXIMUM, NULL, &groups, &error),
      GLI_OK);
  cr_expect_eq(groups.results[1].type, GLI_VALUE_INT64);
  cr_expect_eq(groups.results[1].as.integer, 2);
  gli_groups_free(&groups);

  cr_assert_eq(
      gli_snapshot_group(snapshot, GLI_NODES, city, value, GLI_COUNT, NULL, &groups, &error),
      GLI_OK);
  cr_expect_eq(groups.results[2].as.integer, 0);
  cr_expect_eq(groups.results[3].as.integer, 1);
  gli_groups_free(&groups);

  cr_assert_eq(gli_snapshot_group(snapshot, GLI_NODES, city, GLI_KEY_NONE, GLI_MEMBERS, NULL,
                                  &groups, &error),
               GLI_OK);
  const int64_t members[] = {0, 3, 1, 4, 6, 2, 5, 9, 7, 8}, offsets[] = {0, 2, 5, 6, 8, 10};
  cr_expect_arr_eq(groups.members, members, sizeof members);
  cr_expect_arr_eq(groups.offsets, offsets, sizeof offsets);
  gli_groups_free(&groups);

  cr_assert_eq(
      gli_snapshot_group(snapshot, GLI_NODES, city, GLI_KEY_NONE, GLI_SUM, NULL, &groups, &error),
      GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(
      gli_snapshot_group(snapshot, GLI_NODES, city, city, (gli_aggregate)9, NULL, &groups, &error),
      GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(
      gli_snapshot_group(snapshot, GLI_NODES, value, city, GLI_MEAN, NULL, &groups, &error),
      GLI_ERROR_TYPE);
  cr_assert(strstr(error.message, "'city'") != NULL);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

Test(query, group_by_nested_keys) {
  gli_graph *graph = make_graph(true, false, NULL);
  gli_value_builder *builder = NULL;
  cr_assert_eq(gli_value_builder_create(NULL, &builder, &error), GLI_OK);
  const gli_value ints[] = {gli_value_int(1), gli_value_int(2)};
  const gli_value reals[] = {gli_value_float(1), gli_value_float(2)};
  const gli_value turned[] = {gli_value_float(2), gli_value_int(1)};
  node(graph, 0, "k", nested(builder, GLI_NESTED_TUPLE, 2, ints));
  node(graph, 1, "k", nested(builder, GLI_NESTED_TUPLE, 2, reals));
  node(graph, 2, "k", nested(builder, GLI_NESTED_FROZENSET, 2, ints));
  node(graph, 3, "k", nested(builder, GLI_NESTED_FROZENSET, 2, turned));
  node(graph, 4, "k", nested(builder, GLI_NESTED_TUPLE, 2, turned));
  gli_snapshot *snapshot = freeze(graph);
  gli_groups groups;
  cr_assert_eq(gli_snapshot_group(snapshot, GLI_NODES, key_of(graph, "k"), GLI_KEY_NONE,
                                  GLI_MEMBERS, NULL, &groups, &error),
               GLI_OK);
  const int64_t members[] = {0, 1, 2, 3, 4}, offsets[] = {0, 2, 4, 5};
  cr_assert_eq(groups.count, 3);
  cr_expect_arr_eq(groups.members, members, sizeof members);
  cr_expect_arr_eq(groups.offsets, offsets, sizeof offsets);
  gli_groups_free(&groups);
  gli_snapshot_free(snapshot);
  node(graph, 5, "k", nested(builder, GLI_NESTED_LIST, 2, ints));
  snapshot = freeze(graph);
  cr_assert_eq(gli_snapshot_group(snapshot, GLI_NODES, key_of(graph, "k"), GLI_KEY_NONE, GLI_COUNT,
                                  NULL, &groups, &error),
               GLI_ERROR_TYPE);
  cr_assert(strstr(error.message, "'k'") != NULL);
  gli_value_builder_free(builder);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

/* --- Neighbours and subgraphs ----------------------------------------------------------------- */

static const char *row(gli_snapshot *snapshot, int32_t of, gli_direction direction, char *room) {
  int64_t offsets[2];
  gli_positions found;
  cr_assert_eq(gli_snapshot_neighbors(snapshot, &of, 1, direction, offsets, &found, &error),
               GLI_OK);
  cr_assert_eq(offsets[0], 0);
  cr_assert_eq(offsets[1], found.count);
  digits(&found, room);
  gli_positions_free(&found);
  return room;
}

/* Edge ends of one node. */
static int64_t ends(gli_snapshot *snapshot, int32_t of, gli_direction direction) {
  int64_t degree = -1;
  cr_assert_eq(gli_snapshot_degrees(snapshot, &of, 1, direction, &degree, &error), GLI_OK);
  return degree;
}

Test(query, degrees) {
  gli_graph *graph = make_graph(true, true, NULL);
  edge(graph, 0, 1);
  edge(graph, 0, 1);
  edge(graph, 0, 0);
  edge(graph, 2, 0);
  gli_snapshot *snapshot = freeze(graph);
  cr_expect_eq(ends(snapshot, 0, GLI_OUT), 3);
  cr_expect_eq(ends(snapshot, 0, GLI_IN), 2);
  cr_expect_eq(ends(snapshot, 0, GLI_BOTH), 5);
  const int32_t asked[] = {2, 1, 2};
  const int64_t wanted[] = {1, 0, 1};
  int64_t degrees[3];
  cr_assert_eq(gli_snapshot_degrees(snapshot, asked, 3, GLI_OUT, degrees, &error), GLI_OK);
  cr_expect_arr_eq(degrees, wanted, sizeof wanted);
  const int32_t beyond = 4;
  cr_expect_eq(gli_snapshot_degrees(snapshot, &beyond, 1, GLI_OUT, degrees, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_expect_eq(gli_snapshot_degrees(snapshot, asked, 1, (gli_direction)7, degrees, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  graph = make_graph(false, false, NULL);
  edge(graph, 0, 1);
  edge(graph, 0, 0);
  snapshot = freeze(graph);
  cr_expect_eq(ends(snapshot, 0, GLI_OUT), 3); /* a loop has two ends */
  cr_expect_eq(ends(snapshot, 1, GLI_IN), 1);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

Test(query, neighbors) {
  char room[32];
  gli_graph *graph = make_graph(true, true, NULL);
  edge(graph, 0, 1);
  edge(graph, 0, 2);
  edge(graph, 0, 1);
  edge(graph, 0, 0);
  edge(graph, 2, 0);
  edge(graph, 3, 0);
  edge(graph, 1, 3);
  gli_snapshot *snapshot = freeze(graph);
  cr_expect_str_eq(row(snapshot, 0, GLI_OUT, room), "120");
  cr_expect_str_eq(row(snapshot, 0, GLI_IN, room), "023");
  cr_expect_str_eq(row(snapshot, 0, GLI_BOTH, room), "1203");
  const int32_t asked[] = {3, 0, 0, 2};
  const int64_t wanted[] = {0, 1, 4, 7, 8};
  int64_t offsets[5];
  gli_positions found;
  cr_assert_eq(gli_snapshot_neighbors(snapshot, asked, 4, GLI_OUT, offsets, &found, &error),
               GLI_OK);
  cr_expect_arr_eq(offsets, wanted, sizeof wanted);
  cr_expect_str_eq(digits(&found, room), "01201200");
  gli_positions_free(&found);
  const int32_t beyond = 4, below = -1;
  cr_assert_eq(gli_snapshot_neighbors(snapshot, &beyond, 1, GLI_OUT, offsets, &found, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_snapshot_neighbors(snapshot, &below, 1, GLI_OUT, offsets, &found, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(
      gli_snapshot_neighbors(snapshot, asked, 1, (gli_direction)7, offsets, &found, &error),
      GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_snapshot_neighbors(snapshot, NULL, 0, GLI_OUT, offsets, &found, &error), GLI_OK);
  cr_assert_eq(offsets[0], 0);
  gli_positions_free(&found);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  graph = make_graph(false, false, NULL);
  edge(graph, 0, 1);
  edge(graph, 2, 0);
  edge(graph, 0, 0);
  snapshot = freeze(graph);
  cr_expect_str_eq(row(snapshot, 0, GLI_IN, room), "120");
  cr_expect_str_eq(row(snapshot, 0, GLI_BOTH, room), "120");
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

static void check_subgraph(bool directed) {
  gli_graph *graph = make_graph(directed, true, NULL), *part = NULL;
  edge(graph, 5, 6);
  gli_edge_id kept[4];
  kept[0] = edge(graph, 6, 7);
  edge(graph, 7, 8);
  kept[1] = edge(graph, 7, 6);
  kept[2] = edge(graph, 7, 7);
  kept[3] = edge(graph, 6, 7);
  node(graph, 7, "x", gli_value_string("seven"));
  gli_attribute weight = {key_of(graph, "w"), gli_value_float(2.5)};
  cr_assert_eq(gli_graph_update(graph, GLI_EDGES, kept[3], &weight, 1, &error), GLI_OK);
  gli_snapshot *snapshot = freeze(graph);
  const int64_t chosen[] = {2, 1, 2}; /* nodes 7, 6, 7 */
  cr_assert_eq(gli_snapshot_subgraph(snapshot, chosen, 3, &part, &error), GLI_OK, "%s",
               error.message);
  cr_assert_eq(gli_graph_node_count(part), 2);
  cr_assert_eq(gli_graph_edge_count(part), 4);
  cr_assert_eq(gli_graph_is_directed(part), directed);
  for (int k = 0; k < 4; k++)
    cr_assert(gli_graph_has_edge_id(part, kept[k]));
  gli_value value;
  gli_id seven = gli_id_int(7);
  cr_assert_eq(gli_graph_node_value(part, &seven, gli_graph_find_key(part, "x", 1), &value, &error),
               GLI_OK);
  cr_assert_eq(value.size_bytes, 5);
  cr_assert_eq(
      gli_graph_value(part, GLI_EDGES, kept[3], gli_graph_find_key(part, "w", 1), &value, &error),
      GLI_OK);
  cr_assert_eq(value.as.real, 2.5);
  gli_snapshot *inside = freeze(part);
  cr_assert_eq(gli_snapshot_node_id(inside, 0).as.integer, 6); /* the snapshot's order */
  gli_snapshot_free(inside);
  gli_graph_free(part);
  const int64_t slots[] = {5, 0};
  cr_assert_eq(gli_snapshot_edge_subgraph(snapshot, slots, 2, &part, &error), GLI_OK);
  cr_assert_eq(gli_graph_node_count(part), 3);
  cr_assert_eq(gli_graph_edge_count(part), 2);
  gli_graph_free(part);
  const int64_t wrong = 6;
  cr_assert_eq(gli_snapshot_subgraph(snapshot, &wrong, 1, &part, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_snapshot_edge_subgraph(snapshot, &wrong, 1, &part, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_snapshot_subgraph(snapshot, NULL, 0, &part, &error), GLI_OK);
  cr_assert_eq(gli_graph_node_count(part), 0);
  gli_graph_free(part);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}
Test(query, subgraph_directed) {
  check_subgraph(true);
}
Test(query, subgraph_undirected) {
  check_subgraph(false);
}

/* --- Filters beyond one chunk ----------------------------------------------------------------- */

/* How many rows are found; their positions are those that the mask shows, on any number of threads.
 */
static int64_t count_of(gli_snapshot *snapshot, gli_side side, const char *text) {
  const int64_t limit =
      side == GLI_NODES ? gli_snapshot_node_limit(snapshot) : gli_snapshot_edge_limit(snapshot);
  gli_expression *expression = NULL;
  gli_positions positions;
  gli_control control = GLI_CONTROL_INIT;
  uint8_t *mask = malloc((size_t)limit + 1);
  int64_t count = 0;
  cr_assert_eq(gli_expression_parse(text, strlen(text), NULL, &expression, &error), GLI_OK);
  cr_assert_eq(gli_snapshot_filter_mask(snapshot, side, expression, NULL, mask, &error), GLI_OK);
  for (control.threads = 1; control.threads <= 3; control.threads++) {
    cr_assert_eq(gli_snapshot_filter(snapshot, side, expression, &control, &positions, &error),
                 GLI_OK);
    int64_t at = 0;
    for (int64_t row = 0; row < limit; row++) {
      if (mask[row] == 0) continue;
      cr_assert(at < positions.count && positions.positions[at] == row);
      at++;
    }
    cr_assert_eq(at, positions.count);
    count = positions.count;
    gli_positions_free(&positions);
  }
  free(mask);
  gli_expression_free(expression);
  return count;
}

Test(query, many_rows_and_holes) {
  enum { ROWS = 100000 };
  gli_graph *graph = make_graph(true, false, NULL);
  int64_t *small = malloc(ROWS * sizeof *small), *large = malloc(ROWS * sizeof *large);
  double *real = malloc(ROWS * sizeof *real);
  gli_value *text = malloc(ROWS * sizeof *text);
  static const char *const names[] = {"red", "green", "blue", "violet"};
  for (int64_t k = 0; k < ROWS; k++) {
    small[k] = k % 100 - 50;
    large[k] = k * INT64_C(4000000007);
    real[k] = (double)k / 8;
    text[k] = gli_value_string(names[k % 4]);
  }
  gli_bulk_column columns[] = {{key_of(graph, "small"), GLI_VALUE_INT64, small},
                               {key_of(graph, "large"), GLI_VALUE_INT64, large},
                               {key_of(graph, "real"), GLI_VALUE_FLOAT64, real},
                               {key_of(graph, "text"), GLI_VALUE_NESTED, text}};
  cr_assert_eq(gli_graph_add_nodes(graph, ROWS, NULL, NULL, columns, 4, NULL, NULL, &error),
               GLI_OK);
  for (int64_t k = 0; k < ROWS; k += 10) { /* every tenth goes */
    gli_id id = gli_id_int(k);
    cr_assert_eq(gli_graph_remove_node(graph, &id, &error), GLI_OK);
  }
  for (int64_t k = 7; k < ROWS; k += 1000)
    node(graph, k, "rare", gli_value_int(k));
  gli_snapshot *snapshot = freeze(graph);
  int64_t wanted[8] = {0};
  for (int64_t k = 0; k < ROWS; k++) {
    if (k % 10 == 0) continue;
    wanted[0] += small[k] > 30;
    wanted[1] += large[k] < INT64_C(200000000000000);
    wanted[2] += real[k] >= 9000.25 && real[k] != 9000.375;
    wanted[3] += k % 4 == 1;
    wanted[4] += k % 4 != 1;
    wanted[5] += k % 1000 == 7 && k > 50000;
    wanted[6] += !(small[k] > 30 || k % 4 == 0) && real[k] * 2 < 100.5;
    wanted[7] += k % 4 == 0 || k % 4 == 2; /* contains 'e' but not 'ee', or starts with b */
  }
  cr_expect_eq(count_of(snapshot, GLI_NODES, "small > 30"), wanted[0]);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "large < 200000000000000"), wanted[1]);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "real >= 9000.25 and real != 9000.375"), wanted[2]);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "text == 'green'"), wanted[3]);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "text != 'green'"), wanted[4]);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "rare > 50000"), wanted[5]);
  cr_expect_eq(
      count_of(snapshot, GLI_NODES, "not (small > 30 or text == 'red') and real * 2 < 100.5"),
      wanted[6]);
  cr_expect_eq(count_of(snapshot, GLI_NODES,
                        "contains(text, 'e') and not contains(text, 'ee') and len(text) < 5"),
               wanted[7]);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "has(rare)"), 100);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "True"), ROWS - ROWS / 10);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "id == 99999"), 1);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "upper(text) == 'RED' or lower(text) == 'red'"),
               ROWS / 4 - ROWS / 20);
  /* A stopped run leaves nothing. */
  gli_cancel cancel = {1};
  gli_control control = GLI_CONTROL_INIT;
  gli_expression *expression = NULL;
  gli_positions positions;
  control.cancel = &cancel;
  cr_assert_eq(gli_expression_parse("small * 2 > 30", 14, NULL, &expression, &error), GLI_OK);
  cr_assert_eq(gli_snapshot_filter(snapshot, GLI_NODES, expression, &control, &positions, &error),
               GLI_ERROR_CANCELLED);
  gli_expression_free(expression);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  free(small);
  free(large);
  free(real);
  free(text);
}

Test(query, edges_have_ends) {
  gli_graph *graph = make_graph(true, false, NULL);
  edge(graph, 1, 2);
  edge(graph, 2, 3);
  gli_id ann = gli_id_string("ann"), two = gli_id_int(2);
  cr_assert_eq(gli_graph_add_edge(graph, &ann, &two, NULL, 0, NULL, &error), GLI_OK);
  gli_snapshot *snapshot = freeze(graph);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "target == 2"), 2);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "source == 'ann'"), 1);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "source < target"), 2);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "id >= 1"), 2);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "startswith(source, 'a')"), 1);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "has(source)"), 0);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "source == 2"), 0);
  gli_snapshot_free(snapshot);
  gli_attribute attribute = {key_of(graph, "source"), gli_value_int(7)};
  cr_assert_eq(gli_graph_update(graph, GLI_EDGES, 0, &attribute, 1, &error), GLI_OK);
  snapshot = freeze(graph);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "source == 7"), 1); /* the attribute hides the end */
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "source == 'ann'"), 0);
  gli_snapshot_free(snapshot);
  attribute.value = gli_value_absent();
  cr_assert_eq(gli_graph_update(graph, GLI_EDGES, 0, &attribute, 1, &error), GLI_OK);
  snapshot = freeze(graph);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "source == 'ann'"), 1);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

Test(query, empty_graph) {
  gli_graph *graph = make_graph(true, false, NULL);
  gli_snapshot *snapshot = freeze(graph);
  cr_expect_eq(count_of(snapshot, GLI_NODES, "True"), 0);
  cr_expect_eq(count_of(snapshot, GLI_EDGES, "not x"), 0);
  gli_groups groups;
  cr_assert_eq(gli_snapshot_group(snapshot, GLI_NODES, GLI_KEY_NONE, GLI_KEY_NONE, GLI_MEMBERS,
                                  NULL, &groups, &error),
               GLI_OK);
  cr_assert_eq(groups.count, 0);
  gli_groups_free(&groups);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

/* --- Failing allocations ---------------------------------------------------------------------- */

typedef gli_status (*question)(gli_snapshot *snapshot);

static gli_status ask_filter(gli_snapshot *snapshot) {
  static const char text[] =
      "x > 3 and upper(name) == 'A RATHER LONG NAME' or name != 'b' and "
      "(startswith(name, 'a') or x in [1, 2]) or not x";
  gli_expression *expression = NULL;
  gli_positions positions;
  gli_status status = gli_expression_parse(text, sizeof text - 1, NULL, &expression, &error);
  cr_assert_eq(status, GLI_OK);
  status = gli_snapshot_filter(snapshot, GLI_NODES, expression, NULL, &positions, &error);
  if (status == GLI_OK) gli_positions_free(&positions);
  gli_expression_free(expression);
  return status;
}
static gli_status ask_match(gli_snapshot *snapshot) {
  gli_attribute attributes[] = {{0, gli_value_int(5)}, {1, gli_value_string("a rather long name")}};
  gli_positions positions;
  gli_status status =
      gli_snapshot_match(snapshot, GLI_NODES, attributes, 2, NULL, &positions, &error);
  if (status == GLI_OK) gli_positions_free(&positions);
  return status;
}
static gli_status ask_group(gli_snapshot *snapshot) {
  gli_groups groups;
  gli_status status = GLI_OK;
  for (int aggregate = GLI_COUNT; aggregate <= GLI_MEMBERS && status == GLI_OK; aggregate++)
    for (gli_key key = 0; key < 2 && status == GLI_OK; key++) {
      status = gli_snapshot_group(snapshot, GLI_NODES, key, 0, (gli_aggregate)aggregate, NULL,
                                  &groups, &error);
      if (status == GLI_OK) gli_groups_free(&groups);
    }
  return status;
}
static gli_status ask_neighbors(gli_snapshot *snapshot) {
  const int32_t nodes[] = {0, 1, 2};
  int64_t offsets[4];
  gli_positions found;
  gli_status status = gli_snapshot_neighbors(snapshot, nodes, 3, GLI_BOTH, offsets, &found, &error);
  if (status == GLI_OK) gli_positions_free(&found);
  return status;
}
static gli_status ask_subgraphs(gli_snapshot *snapshot) {
  const int64_t given[] = {0, 1, 3};
  gli_graph *part = NULL;
  gli_status status = gli_snapshot_subgraph(snapshot, given, 3, &part, &error);
  if (status != GLI_OK) return status;
  gli_graph_free(part);
  status = gli_snapshot_edge_subgraph(snapshot, given, 3, &part, &error);
  if (status == GLI_OK) gli_graph_free(part);
  return status;
}

static void fail_at_each(const char *what, question ask) {
  failing_loop loop = failing_loop_start(what);
  while (failing_loop_next(&loop)) {
    gli_graph *graph = make_graph(true, false, &loop.allocator);
    for (int64_t k = 0; k < 200; k++) {
      node(graph, k, "x", gli_value_int(k));
      if (k % 3 != 0) node(graph, k, "name", gli_value_string("a rather long name"));
      edge(graph, k, (k * 7 + 1) % 200);
    }
    gli_snapshot *snapshot = freeze(graph);
    failing_loop_arm(&loop);
    gli_status status = ask(snapshot);
    bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK, "%s", error.message);
    cr_assert_eq(ask(snapshot), GLI_OK);
    gli_snapshot_free(snapshot);
    gli_graph_free(graph);
  }
}

Test(query, failing_allocations) {
  fail_at_each("gli_snapshot_filter", ask_filter);
  fail_at_each("gli_snapshot_match", ask_match);
  fail_at_each("gli_snapshot_group", ask_group);
  fail_at_each("gli_snapshot_neighbors", ask_neighbors);
  fail_at_each("gli_snapshot_subgraph", ask_subgraphs);
}
