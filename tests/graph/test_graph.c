/* What graph.h promises, one promise a test: the table of decided semantics, and every error. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"

static gli_graph *graph;
static gli_error error;
static gli_key weight, name;

static void ok(gli_status status) {
  cr_assert_eq(status, GLI_OK, "%s", error.message);
}

static void make(bool directed, bool multigraph) {
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.directed = directed;
  options.multigraph = multigraph;
  ok(gli_graph_create(&options, &graph, &error));
  ok(gli_graph_key(graph, "weight", 6, &weight, &error));
  ok(gli_graph_key(graph, "name", 4, &name, &error));
}

static void make_directed(void) {
  make(true, false);
}

static void finish(void) {
  gli_graph_free(graph);
  graph = NULL;
}

TestSuite(graph, .init = make_directed, .fini = finish);

static gli_edge_id join(int64_t source, int64_t target) {
  const gli_id from = gli_id_int(source), to = gli_id_int(target);
  gli_edge_id edge = GLI_EDGE_NONE;
  ok(gli_graph_add_edge(graph, &from, &to, NULL, 0, &edge, &error));
  return edge;
}

static gli_edge_id joined(int64_t source, int64_t target) {
  const gli_id from = gli_id_int(source), to = gli_id_int(target);
  gli_edge_id edge = GLI_EDGE_NONE;
  gli_graph_find_edge(graph, &from, &to, &edge, NULL);
  return edge;
}

static gli_value value_of(int64_t id, gli_key key) {
  const gli_id node = gli_id_int(id);
  gli_value value = gli_value_absent();
  ok(gli_graph_node_value(graph, &node, key, &value, &error));
  return value;
}

static void set(int64_t id, gli_key key, gli_value value) {
  const gli_id node = gli_id_int(id);
  const gli_attribute attribute = {key, value};
  ok(gli_graph_add_node(graph, &node, &attribute, 1, NULL, &error));
}

/* --- creating --------------------------------------------------------------------------------- */

Test(graph, options_are_checked) {
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  gli_graph *other = NULL;
  options.struct_size = 3;
  cr_assert_eq(gli_graph_create(&options, &other, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(strstr(error.message, "struct_size") != NULL);
  const gli_allocator incomplete = {NULL, NULL, NULL, NULL};
  options = (gli_graph_options)GLI_GRAPH_OPTIONS_INIT;
  options.allocator = &incomplete;
  cr_assert_eq(gli_graph_create(&options, &other, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_create(NULL, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_null(other);
  gli_graph_free(NULL);
  cr_assert(gli_graph_is_directed(graph) && !gli_graph_is_multigraph(graph));
}

/* --- ids -------------------------------------------------------------------------------------- */

Test(graph, seven_and_text_seven_are_two_nodes) {
  const gli_id number = gli_id_int(7), text = gli_id_string("7");
  ok(gli_graph_add_node(graph, &number, NULL, 0, NULL, &error));
  cr_assert(gli_graph_has_node(graph, &number) && !gli_graph_has_node(graph, &text));
  ok(gli_graph_add_node(graph, &text, NULL, 0, NULL, &error));
  cr_assert_eq(gli_graph_node_count(graph), 2);
}

Test(graph, odd_texts_are_ids) {
  const gli_id texts[] = {
      gli_id_string(""), gli_id_text("a\0b", 3), gli_id_string("a"),
      gli_id_string("\xc3\xa9t\xc3\xa9 \xf0\x9f\x8c\x8d with more than 15 bytes")};
  for (size_t k = 0; k < 4; k++)
    ok(gli_graph_add_node(graph, &texts[k], NULL, 0, NULL, &error));
  cr_assert_eq(gli_graph_node_count(graph), 4);
  for (size_t k = 0; k < 4; k++)
    cr_assert(gli_graph_has_node(graph, &texts[k]));
}

Test(graph, bad_ids_are_refused_everywhere) {
  gli_id bad[4] = {gli_id_text("\xff", 1), gli_id_text("\xed\xa0\x80", 3), gli_id_text(NULL, 5),
                   gli_id_int(1)};
  bad[3].kind = 9;
  const gli_id good = gli_id_int(1);
  for (size_t k = 0; k < 4; k++) {
    cr_assert_eq(gli_graph_add_node(graph, &bad[k], NULL, 0, NULL, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    cr_assert_eq(gli_graph_add_edge(graph, &good, &bad[k], NULL, 0, NULL, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    cr_assert_eq(gli_graph_add_nodes(graph, 1, &bad[k], NULL, NULL, 0, NULL, NULL, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    cr_assert_eq(gli_graph_add_edges(graph, 1, &good, &bad[k], NULL, NULL, NULL, 0, NULL, NULL,
                                     NULL, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    cr_assert(!gli_graph_has_node(graph, &bad[k]));
  }
  cr_assert_eq(gli_graph_add_edge(graph, NULL, &good, NULL, 0, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_update_node(graph, NULL, NULL, 0, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_node_count(graph), 0, "a failed call left something behind");
  cr_assert_eq(gli_graph_version(graph), 0);
}

static int64_t automatic(void) {
  gli_id id = gli_id_int(-1);
  ok(gli_graph_add_node(graph, NULL, NULL, 0, &id, &error));
  cr_assert_eq(id.kind, GLI_ID_INT);
  return id.as.integer;
}

Test(graph, automatic_ids_are_above_all_integers_ever_used) {
  const gli_id ten = gli_id_int(10), text = gli_id_string("99"), low = gli_id_int(-4);
  cr_assert_eq(automatic(), 0);
  cr_assert_eq(automatic(), 1);
  ok(gli_graph_add_node(graph, &ten, NULL, 0, NULL, &error));
  ok(gli_graph_add_node(graph, &text, NULL, 0, NULL, &error));
  ok(gli_graph_add_node(graph, &low, NULL, 0, NULL, &error));
  cr_assert_eq(automatic(), 11);
  const gli_id eleven = gli_id_int(11);
  ok(gli_graph_remove_node(graph, &eleven, &error));
  cr_assert_eq(automatic(), 12);
  gli_graph *copy = NULL;
  ok(gli_graph_copy(graph, &copy, &error));
  ok(gli_graph_clear(graph, &error));
  cr_assert_eq(automatic(), 13, "clear keeps the counter");
  gli_id id = gli_id_int(0);
  ok(gli_graph_add_node(copy, NULL, NULL, 0, &id, &error));
  cr_assert_eq(id.as.integer, 13, "a copy inherits it");
  gli_graph_free(copy);
  int64_t added = 0;
  ok(gli_graph_add_nodes(graph, 3, NULL, NULL, NULL, 0, NULL, &added, &error));
  cr_assert_eq(automatic(), 17);
  const gli_id last = gli_id_int(INT64_MAX);
  ok(gli_graph_add_node(graph, &last, NULL, 0, NULL, &error));
  cr_assert_eq(gli_graph_add_node(graph, NULL, NULL, 0, NULL, &error), GLI_ERROR_LIMIT);
  cr_assert_eq(gli_graph_add_nodes(graph, 1, NULL, NULL, NULL, 0, NULL, NULL, &error),
               GLI_ERROR_LIMIT);
}

Test(graph, a_node_added_again_is_another_one) {
  const gli_id id = gli_id_string("alice");
  gli_serial first = 0, second = 0;
  gli_value value;
  ok(gli_graph_add_node(graph, &id, NULL, 0, NULL, &error));
  ok(gli_graph_find_node(graph, &id, &first, &error));
  ok(gli_graph_remove_node(graph, &id, &error));
  cr_assert_eq(gli_graph_value(graph, GLI_NODES, first, weight, &value, &error),
               GLI_ERROR_NODE_NOT_FOUND);
  ok(gli_graph_add_node(graph, &id, NULL, 0, NULL, &error));
  ok(gli_graph_find_node(graph, &id, &second, &error));
  cr_assert_neq(first, second);
  gli_id back = gli_id_int(0);
  cr_assert_eq(gli_graph_node_id(graph, first, &back, &error), GLI_ERROR_NODE_NOT_FOUND);
  ok(gli_graph_node_id(graph, second, &back, &error));
  cr_assert(gli_id_same(&back, &id));
  const gli_attribute attribute = {weight, gli_value_int(1)};
  cr_assert_eq(gli_graph_update(graph, GLI_NODES, first, &attribute, 1, &error),
               GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_eq(gli_graph_update(graph, GLI_NODES, -1, &attribute, 1, &error),
               GLI_ERROR_NODE_NOT_FOUND);
}

Test(graph, unknown_nodes_are_not_found) {
  const gli_id id = gli_id_string("nobody");
  gli_serial serial = 0;
  gli_value value;
  int64_t degree = 0;
  cr_assert_eq(gli_graph_find_node(graph, &id, &serial, &error), GLI_ERROR_NODE_NOT_FOUND);
  cr_assert(strstr(error.message, "nobody") != NULL, "the message names the id");
  cr_assert_eq(gli_graph_update_node(graph, &id, NULL, 0, &error), GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_eq(gli_graph_remove_node(graph, &id, &error), GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_eq(gli_graph_node_value(graph, &id, weight, &value, &error), GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_eq(gli_graph_degree(graph, &id, GLI_OUT, &degree, &error), GLI_ERROR_NODE_NOT_FOUND);
}

/* --- edges ------------------------------------------------------------------------------------ */

Test(graph, an_edge_creates_its_ends_in_order) {
  join(5, 3);
  join(3, 9);
  gli_snapshot *snapshot = NULL;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  const int64_t order[] = {5, 3, 9};
  for (int32_t k = 0; k < 3; k++) {
    cr_assert_eq(gli_snapshot_node_id(snapshot, k).as.integer, order[k]);
  }
  gli_snapshot_free(snapshot);
}

Test(graph, a_repeated_edge_merges_in_a_simple_graph) {
  const gli_id from = gli_id_int(1), to = gli_id_int(2);
  gli_attribute attributes[2] = {{weight, gli_value_float(1.5)}, {name, gli_value_string("x")}};
  gli_edge_id first = 0, second = 0;
  ok(gli_graph_add_edge(graph, &from, &to, attributes, 2, &first, &error));
  attributes[0].value = gli_value_int(2);
  ok(gli_graph_add_edge(graph, &from, &to, attributes, 1, &second, &error));
  cr_assert_eq(first, second);
  cr_assert_eq(gli_graph_edge_count(graph), 1);
  gli_attribute found[2];
  size_t count = 0;
  ok(gli_graph_attributes(graph, GLI_EDGES, first, found, 2, &count, &error));
  cr_assert_eq(count, 2);
  cr_assert_eq(found[0].value.as.integer, 2);
  cr_assert_neq(join(2, 1), first, "the other direction is another edge");
}

Test(graph, parallel_edges_in_a_multigraph) {
  finish();
  make(true, true);
  const gli_edge_id first = join(1, 2), second = join(1, 2);
  cr_assert_neq(first, second);
  cr_assert_eq(joined(1, 2), second, "the newest is found");
  ok(gli_graph_remove_edge(graph, second, &error));
  cr_assert_eq(joined(1, 2), first);
}

Test(graph, undirected_edges_have_no_direction) {
  finish();
  make(false, false);
  const gli_edge_id edge = join(1, 2);
  cr_assert_eq(join(2, 1), edge);
  cr_assert_eq(joined(2, 1), edge);
  gli_edge ends;
  ok(gli_graph_get_edge(graph, edge, &ends, &error));
  cr_assert_eq(ends.source.as.integer, 1, "ends stay as first given");
  join(1, 1);
  const gli_id one = gli_id_int(1);
  int64_t degree = 0;
  ok(gli_graph_degree(graph, &one, GLI_IN, &degree, &error));
  cr_assert_eq(degree, 3, "an undirected loop counts twice");
}

Test(graph, degrees_of_directed_loops) {
  join(1, 1);
  join(1, 2);
  const gli_id one = gli_id_int(1);
  int64_t out = 0, in = 0, both = 0;
  ok(gli_graph_degree(graph, &one, GLI_OUT, &out, &error));
  ok(gli_graph_degree(graph, &one, GLI_IN, &in, &error));
  ok(gli_graph_degree(graph, &one, GLI_BOTH, &both, &error));
  cr_assert(out == 2 && in == 1 && both == 3);
  cr_assert_eq(gli_graph_degree(graph, &one, (gli_direction)7, &both, &error),
               GLI_ERROR_INVALID_ARGUMENT);
}

Test(graph, edge_ids_are_never_used_twice) {
  const gli_edge_id first = join(1, 2);
  gli_edge ends;
  ok(gli_graph_remove_edge(graph, first, &error));
  cr_assert_eq(gli_graph_remove_edge(graph, first, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert_eq(gli_graph_get_edge(graph, first, &ends, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert(!gli_graph_has_edge_id(graph, first));
  const gli_edge_id second = join(1, 2);
  cr_assert_gt(second, first);
  ok(gli_graph_clear(graph, &error));
  cr_assert_gt(join(1, 2), second, "clear keeps the counter");
  const gli_id a = gli_id_int(1), b = gli_id_int(77);
  gli_edge_id edge = 0;
  cr_assert_eq(gli_graph_find_edge(graph, &a, &b, &edge, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert(!gli_graph_has_edge_id(graph, -1) && !gli_graph_has_edge_id(graph, INT64_MAX));
  cr_assert_eq(gli_graph_remove_edge(graph, INT64_MIN, &error), GLI_ERROR_EDGE_NOT_FOUND);
}

typedef struct visit_log {
  int64_t ids[8];
  int count, stop_after;
} visit_log;

static bool log_entry(void *context, const gli_id *neighbor, int32_t index, gli_edge_id edge) {
  visit_log *log = context;
  (void)index, (void)edge;
  log->ids[log->count++] = neighbor->as.integer;
  return log->count < log->stop_after;
}

Test(graph, rows_are_in_insertion_order) {
  join(1, 9);
  join(1, 3);
  join(7, 1);
  join(1, 5);
  const gli_id one = gli_id_int(1);
  visit_log log = {.stop_after = 100};
  ok(gli_graph_visit_row(graph, &one, GLI_BOTH, log_entry, &log, &error));
  const int64_t order[] = {9, 3, 5, 7};
  cr_assert_eq(log.count, 4);
  cr_assert_arr_eq(log.ids, order, sizeof order);
  log = (visit_log){.stop_after = 2};
  ok(gli_graph_visit_row(graph, &one, GLI_BOTH, log_entry, &log, &error));
  cr_assert_eq(log.count, 2, "the visitor stops the visit");
  cr_assert_eq(gli_graph_visit_row(graph, &one, GLI_OUT, NULL, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
}

/* --- attributes ------------------------------------------------------------------------------- */

Test(graph, values_come_back_as_they_were) {
  const gli_value values[] = {
      gli_value_null(),         gli_value_bool(true),   gli_value_int(1),      gli_value_float(1.0),
      gli_value_float(-0.0),    gli_value_float(NAN),   gli_value_string("1"), gli_value_string(""),
      gli_value_int(INT64_MIN), gli_value_text("\0", 1)};
  for (int64_t k = 0; k < 10; k++)
    set(k, weight, values[k]);
  for (int64_t k = 0; k < 10; k++) {
    const gli_value found = value_of(k, weight);
    cr_assert(gli_value_same(&found, &values[k]), "value %d", (int)k);
    cr_assert_eq(value_of(k, name).type, GLI_VALUE_ABSENT, "absent is not null");
  }
  set(0, weight, gli_value_absent());
  cr_assert_eq(value_of(0, weight).type, GLI_VALUE_ABSENT);
}

Test(graph, bad_attributes_are_refused_and_change_nothing) {
  const gli_id id = gli_id_int(1);
  gli_attribute attributes[2] = {{weight, gli_value_int(1)}, {9999, gli_value_int(1)}};
  cr_assert_eq(gli_graph_add_node(graph, &id, attributes, 2, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  attributes[1] = (gli_attribute){name, gli_value_int(1)};
  attributes[1].value.type = 77;
  cr_assert_eq(gli_graph_add_node(graph, &id, attributes, 2, NULL, &error), GLI_ERROR_TYPE);
  attributes[1].value = gli_value_text(NULL, 4);
  cr_assert_eq(gli_graph_add_node(graph, &id, attributes, 2, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_add_node(graph, &id, NULL, 2, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_node_count(graph), 0);
  gli_value value;
  cr_assert_eq(gli_graph_value(graph, (gli_side)5, 0, weight, &value, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  set(1, weight, gli_value_int(3));
  ok(gli_graph_node_value(graph, &id, GLI_KEY_NONE, &value, &error));
  cr_assert_eq(value.type, GLI_VALUE_ABSENT, "an unknown key is absent");
}

Test(graph, the_last_of_equal_keys_wins) {
  const gli_id id = gli_id_int(1);
  const gli_attribute attributes[3] = {{weight, gli_value_int(1)},
                                       {name, gli_value_string("x")},
                                       {weight, gli_value_string("last")}};
  for (int round = 0; round < 2; round++) {
    ok(gli_graph_add_node(graph, &id, attributes, 3, NULL, &error));
    const gli_value wanted = gli_value_string("last"), found = value_of(1, weight);
    cr_assert(gli_value_same(&wanted, &found));
  }
}

Test(graph, keys_are_interned) {
  gli_key key = 0, again = 0;
  size_t size = 0;
  ok(gli_graph_key(graph, "caf\xc3\xa9", 5, &key, &error));
  ok(gli_graph_key(graph, "caf\xc3\xa9", 5, &again, &error));
  cr_assert_eq(key, again);
  const char *text = gli_graph_key_name(graph, key, &size);
  cr_assert_eq(size, 5);
  gli_graph *copy = NULL;
  ok(gli_graph_copy(graph, &copy, &error));
  char many[16];
  for (int k = 0; k < 3000; k++) {
    const int length = snprintf(many, sizeof many, "key %d", k);
    ok(gli_graph_key(graph, many, (size_t)length, &again, &error));
    cr_assert_eq(again, key + 1 + (gli_key)k);
  }
  cr_assert_eq(gli_graph_key_name(graph, key, NULL), text, "names stay where they are");
  cr_assert_eq(gli_graph_find_key(copy, "key 1", 5), GLI_KEY_NONE);
  cr_assert_eq(gli_graph_find_key(graph, "key 2999", 8), again);
  cr_assert_eq(gli_graph_key_count(graph), again + 1);
  cr_assert_null(gli_graph_key_name(graph, again + 1, NULL));
  gli_graph_free(copy);
  cr_assert_eq(gli_graph_key(graph, "", 0, &key, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_key(graph, "a\0b", 3, &key, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_key(graph, "\xff", 1, &key, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_key(graph, NULL, 4, &key, &error), GLI_ERROR_INVALID_ARGUMENT);
}

/* --- versions, copies, memory ----------------------------------------------------------------- */

Test(graph, the_version_grows_with_every_change_and_no_failure) {
  uint64_t before = gli_graph_version(graph);
  join(1, 2);
  cr_assert_gt(gli_graph_version(graph), before);
  before = gli_graph_version(graph);
  const gli_id nobody = gli_id_int(50);
  cr_assert_neq(gli_graph_remove_node(graph, &nobody, &error), GLI_OK);
  gli_snapshot *snapshot = NULL;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  gli_snapshot_free(snapshot);
  cr_assert_eq(gli_graph_version(graph), before);
  set(1, weight, gli_value_int(1));
  cr_assert_gt(gli_graph_version(graph), before);
}

Test(graph, copies_go_their_own_ways) {
  join(1, 2);
  set(1, name, gli_value_string("one"));
  gli_graph *copy = NULL;
  ok(gli_graph_copy(graph, &copy, &error));
  set(1, name, gli_value_string("changed"));
  join(1, 3);
  const gli_id one = gli_id_int(1), three = gli_id_int(3), four = gli_id_int(4);
  gli_value value;
  ok(gli_graph_node_value(copy, &one, name, &value, &error));
  cr_assert_eq(memcmp(value.as.text, "one", 3), 0);
  cr_assert(!gli_graph_has_node(copy, &three));
  ok(gli_graph_add_edge(copy, &four, &one, NULL, 0, NULL, &error));
  cr_assert(!gli_graph_has_node(graph, &four));
  finish();
  cr_assert(gli_graph_has_edge(copy, &four, &one), "a copy outlives its original");
  graph = copy;
}

Test(graph, memory_is_accounted_for) {
  char text[32];
  for (int64_t k = 0; k < 50000; k++) {
    const int size = snprintf(text, sizeof text, "user_%d", (int)k);
    const gli_id id = gli_id_text(text, (uint32_t)size);
    const gli_attribute attribute = {name, gli_value_int(k)};
    ok(gli_graph_add_node(graph, &id, &attribute, 1, NULL, &error));
  }
  gli_memory_usage nodes, all;
  gli_graph_memory_usage(graph, &nodes);
  cr_assert_leq(nodes.total_bytes, 64 * 50000 + 16384, "%ld bytes", (long)nodes.total_bytes);
  gli_random random = gli_random_start(1, 1);
  for (int64_t k = 0; k < 50000; k++) {
    int size = snprintf(text, sizeof text, "user_%d", (int)gli_random_below(&random, 50000));
    const gli_id from = gli_id_text(text, (uint32_t)size);
    char other[32];
    size = snprintf(other, sizeof other, "user_%d", (int)gli_random_below(&random, 50000));
    const gli_id to = gli_id_text(other, (uint32_t)size);
    const gli_attribute attribute = {weight, gli_value_float((double)k)};
    ok(gli_graph_add_edge(graph, &from, &to, &attribute, 1, NULL, &error));
  }
  gli_graph_memory_usage(graph, &all);
  cr_assert_leq(all.total_bytes - nodes.total_bytes, 48 * 50000 + 16384, "%ld bytes",
                (long)(all.total_bytes - nodes.total_bytes));
  const int64_t live = atomic_load(&graph->memory->live_bytes);
  cr_assert_leq(labs(all.total_bytes - live), live / 50 + 4096, "told %ld, live %ld",
                (long)all.total_bytes, (long)live);
}

Test(graph, reading_as_one) {
  set(1, name, gli_value_string("stays"));
  ok(gli_graph_read_begin(graph, &error));
  const gli_value value = value_of(1, name);
  cr_assert_eq(memcmp(value.as.text, "stays", 5), 0);
  gli_graph_read_end(graph);
}

/* --- renumbering ------------------------------------------------------------------------------ */

Test(graph, handles_survive_renumbering) {
  for (int64_t k = 0; k < 4000; k++)
    join(k, k + 1);
  const gli_id keeper = gli_id_int(3999);
  gli_serial serial = 0;
  ok(gli_graph_find_node(graph, &keeper, &serial, &error));
  const gli_edge_id edge = joined(3999, 4000);
  set(3999, name, gli_value_string("keeper"));
  for (int64_t k = 0; k < 3900; k++) {
    const gli_id id = gli_id_int(k);
    ok(gli_graph_remove_node(graph, &id, &error));
  }
  gli_snapshot *snapshot = NULL;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  cr_assert_lt(gli_snapshot_node_limit(snapshot), 1000, "holes were squeezed out");
  gli_snapshot_free(snapshot);
  gli_id back = gli_id_int(0);
  gli_value value;
  gli_edge ends;
  ok(gli_graph_node_id(graph, serial, &back, &error));
  cr_assert_eq(back.as.integer, 3999);
  ok(gli_graph_value(graph, GLI_NODES, serial, name, &value, &error));
  cr_assert_eq(memcmp(value.as.text, "keeper", 6), 0);
  ok(gli_graph_get_edge(graph, edge, &ends, &error));
  cr_assert_eq(ends.target.as.integer, 4000);
  cr_assert_eq(gli_graph_node_id(graph, 5, &back, &error), GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_gt(join(1, 2), edge);
}
