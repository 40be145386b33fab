/* Bulk calls and look-ups of many: equal to the single calls, all or nothing. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"

static gli_graph *graph;
static gli_error error;
static gli_key weight, flag;

static void ok(gli_status status) {
  cr_assert_eq(status, GLI_OK, "%s", error.message);
}

static void make(void) {
  ok(gli_graph_create(NULL, &graph, &error));
  ok(gli_graph_key(graph, "weight", 6, &weight, &error));
  ok(gli_graph_key(graph, "flag", 4, &flag, &error));
}

static void finish(void) {
  gli_graph_free(graph);
}

TestSuite(many, .init = make, .fini = finish);

Test(many, nodes_with_columns) {
  const int64_t ids[5] = {10, 20, 10, 30, 20};
  const double reals[5] = {1, 2, 3, 4, 5};
  const uint8_t flags[5] = {1, 0, 0, 1, 1};
  const gli_bulk_column columns[2] = {{weight, GLI_VALUE_FLOAT64, reals},
                                      {flag, GLI_VALUE_BOOL, flags}};
  int64_t added = 0;
  ok(gli_graph_add_nodes(graph, 5, NULL, ids, columns, 2, NULL, &added, &error));
  cr_assert_eq(added, 3);
  const double wanted[3] = {3, 5, 4};
  for (int k = 0; k < 3; k++) {
    const gli_id id = gli_id_int(10 * (k + 1));
    gli_value value;
    ok(gli_graph_node_value(graph, &id, weight, &value, &error));
    cr_assert_eq(value.as.real, wanted[k], "the last value of a repeated id wins");
    ok(gli_graph_node_value(graph, &id, flag, &value, &error));
    cr_assert_eq(value.type, GLI_VALUE_BOOL);
  }
  ok(gli_graph_add_nodes(graph, 0, NULL, NULL, NULL, 0, NULL, &added, &error));
  cr_assert_eq(added, 0);
}

static void add_pairs(int64_t count, const int64_t *sources, const int64_t *targets,
                      gli_edge_id *edges, int64_t wanted) {
  int64_t added = -1;
  ok(gli_graph_add_edges(graph, count, NULL, NULL, sources, targets, NULL, 0, NULL, edges, &added,
                         &error));
  cr_assert_eq(added, wanted);
}

Test(many, int_edges_into_every_kind_of_ids) {
  const int64_t sources[4] = {0, 2, 0, 1}, targets[4] = {2, 1, 2, 1};
  const int64_t far[2] = {1, 900}, back[2] = {900, 2};
  gli_edge_id edges[4];
  ok(gli_graph_add_nodes(graph, 3, NULL, NULL, NULL, 0, NULL, NULL, &error));
  add_pairs(4, sources, targets, edges, 3); /* ids are 0, 1, 2: no look-up */
  cr_assert(edges[0] == 0 && edges[1] == 1 && edges[2] == 0 && edges[3] == 2);
  add_pairs(2, far, back, edges, 2); /* 900 is new: the identity ends */
  cr_assert_eq(gli_graph_node_count(graph), 4);
  const gli_id two = gli_id_int(2);
  ok(gli_graph_remove_node(graph, &two, &error));
  cr_assert_eq(gli_graph_edge_count(graph), 2);
  add_pairs(4, sources, targets, edges, 2); /* 2 comes back as a new node */
  cr_assert_eq(gli_graph_node_count(graph), 4);
  cr_assert_eq(edges[3], 2);
}

Test(many, a_removed_node_of_the_identity_comes_back) {
  const int64_t sources[2] = {1, 2}, targets[2] = {2, 0};
  ok(gli_graph_add_nodes(graph, 3, NULL, NULL, NULL, 0, NULL, NULL, &error));
  const gli_id two = gli_id_int(2);
  ok(gli_graph_remove_node(graph, &two, &error));
  add_pairs(2, sources, targets, NULL, 2);
  cr_assert_eq(gli_graph_node_count(graph), 3);
  cr_assert(gli_graph_has_node(graph, &two));
}

Test(many, ends_in_the_order_of_their_appearance) {
  const int64_t sources[3] = {5, 9, 5}, targets[3] = {7, 5, 3};
  add_pairs(3, sources, targets, NULL, 3);
  const int64_t order[4] = {5, 7, 9, 3};
  gli_snapshot *snapshot = NULL;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  for (int32_t k = 0; k < 4; k++) {
    cr_assert_eq(gli_snapshot_node_id(snapshot, k).as.integer, order[k]);
  }
  gli_snapshot_free(snapshot);
}

Test(many, bad_arguments_change_nothing) {
  const gli_id ids[2] = {gli_id_int(1), gli_id_text("\xff", 1)};
  const int64_t ints[2] = {1, 2};
  const gli_bulk_column no_key = {99, GLI_VALUE_INT64, ints},
                        no_data = {weight, GLI_VALUE_INT64, NULL};
  const gli_bulk_column bad_type = {weight, GLI_VALUE_STRING, ints};
  gli_value values[2] = {gli_value_int(1), gli_value_int(2)};
  values[1].type = 99;
  const gli_bulk_column bad_value = {weight, GLI_VALUE_NESTED, values};
  const gli_bulk_column *bad[] = {&no_key, &no_data, &bad_type, &bad_value};
  for (int k = 0; k < 4; k++) {
    const gli_status wanted = k < 2 ? GLI_ERROR_INVALID_ARGUMENT : GLI_ERROR_TYPE;
    cr_assert_eq(gli_graph_add_nodes(graph, 2, NULL, ints, bad[k], 1, NULL, NULL, &error), wanted);
    cr_assert_eq(
        gli_graph_add_edges(graph, 2, NULL, NULL, ints, ints, bad[k], 1, NULL, NULL, NULL, &error),
        wanted);
  }
  cr_assert_eq(gli_graph_add_nodes(graph, 2, ids, NULL, NULL, 0, NULL, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_add_nodes(graph, 2, ids, ints, NULL, 0, NULL, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_add_nodes(graph, -1, NULL, ints, NULL, 0, NULL, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_add_nodes(graph, 2, NULL, ints, NULL, 1, NULL, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(
      gli_graph_add_nodes(graph, INT64_C(1) << 31, NULL, NULL, NULL, 0, NULL, NULL, &error),
      GLI_ERROR_LIMIT);
  cr_assert_eq(
      gli_graph_add_edges(graph, 2, NULL, NULL, ints, NULL, NULL, 0, NULL, NULL, NULL, &error),
      GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(
      gli_graph_add_edges(graph, 2, ids, NULL, NULL, ints, NULL, 0, NULL, NULL, NULL, &error),
      GLI_ERROR_INVALID_ARGUMENT);
  gli_serial serials[2];
  gli_edge_id edges[2];
  cr_assert_eq(gli_graph_find_nodes(graph, 2, NULL, NULL, serials, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_find_nodes(graph, 2, NULL, ints, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_find_nodes(graph, -2, NULL, ints, serials, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_find_edges(graph, 2, NULL, NULL, ints, NULL, edges, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_values(graph, GLI_NODES, -1, serials, weight, values, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_values(graph, (gli_side)9, 0, serials, weight, values, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_graph_node_count(graph), 0);
  cr_assert_eq(gli_graph_version(graph), 0);
}

Test(many, a_stopped_call_changes_nothing) {
  enum { COUNT = 300000 };
  int64_t *sources = malloc(COUNT * sizeof *sources), *targets = malloc(COUNT * sizeof *targets);
  for (int64_t k = 0; k < COUNT; k++) {
    sources[k] = k * 7919 % 100003;
    targets[k] = k * 104729 % 99991;
  }
  gli_cancel cancel = {1};
  gli_control control = GLI_CONTROL_INIT;
  control.cancel = &cancel;
  cr_assert_eq(gli_graph_add_edges(graph, COUNT, NULL, NULL, sources, targets, NULL, 0, &control,
                                   NULL, NULL, &error),
               GLI_ERROR_CANCELLED);
  cr_assert_eq(gli_graph_node_count(graph), 0);
  gli_id id = gli_id_int(-1);
  ok(gli_graph_add_node(graph, NULL, NULL, 0, &id, &error));
  cr_assert_eq(id.as.integer, 0, "no automatic id was burnt");
  cancel.requested = 0;
  ok(gli_graph_add_edges(graph, COUNT, NULL, NULL, sources, targets, NULL, 0, &control, NULL, NULL,
                         &error));
  free(sources);
  free(targets);
}

Test(many, look_ups_equal_single_calls) {
  enum { COUNT = 3000 };
  gli_random random = gli_random_start(5, 5);
  static int64_t sources[COUNT], targets[COUNT], serials[COUNT];
  static gli_edge_id edges[COUNT];
  static gli_value values[COUNT];
  for (int k = 0; k < COUNT; k++) {
    sources[k] = (int64_t)gli_random_below(&random, 200) * 3;
    targets[k] = (int64_t)gli_random_below(&random, 200) * 3;
  }
  const gli_bulk_column column = {weight, GLI_VALUE_INT64, targets};
  ok(gli_graph_add_nodes(graph, COUNT, NULL, sources, &column, 1, NULL, NULL, &error));
  ok(gli_graph_add_edges(graph, COUNT / 2, NULL, NULL, sources, targets, &column, 1, NULL, NULL,
                         NULL, &error));
  for (int k = 0; k < 40; k++) {
    const gli_id id = gli_id_int(k * 12);
    gli_graph_remove_node(graph, &id, NULL);
  }
  ok(gli_graph_find_nodes(graph, COUNT, NULL, targets, serials, &error));
  ok(gli_graph_values(graph, GLI_NODES, COUNT, serials, weight, values, &error));
  ok(gli_graph_find_edges(graph, COUNT, NULL, NULL, sources, targets, edges, &error));
  for (int k = 0; k < COUNT; k++) {
    const gli_id from = gli_id_int(sources[k]), to = gli_id_int(targets[k]);
    gli_serial serial = GLI_SERIAL_NONE;
    gli_edge_id edge = GLI_EDGE_NONE;
    gli_value value = gli_value_absent();
    gli_graph_find_node(graph, &to, &serial, NULL);
    gli_graph_find_edge(graph, &from, &to, &edge, NULL);
    gli_graph_node_value(graph, &to, weight, &value, NULL);
    cr_assert_eq(serials[k], serial);
    cr_assert_eq(edges[k], edge);
    cr_assert(gli_value_same(&values[k], &value));
  }
  ok(gli_graph_values(graph, GLI_EDGES, COUNT, edges, weight, values, &error));
  for (int k = 0; k < COUNT; k++) {
    cr_assert_eq(values[k].type == GLI_VALUE_ABSENT, edges[k] == GLI_EDGE_NONE);
  }
}

Test(many, snapshot_look_ups_equal_single_calls) {
  const int32_t tails[] = {0, 1}, heads[] = {1, 2};
  const int64_t wanted[] = {2, 0, 7, -1, 1};
  gli_snapshot *plain = NULL, *snapshot = NULL;
  ok(gli_snapshot_from_edges(3, 2, tails, heads, NULL, true, NULL, &plain, &error));
  const gli_id text = gli_id_text("ten  bytes", 10);
  for (int k = 0; k < 5; k++) {
    const gli_id id = gli_id_int(wanted[k] * 3);
    if (k != 2) ok(gli_graph_add_node(graph, &id, NULL, 0, NULL, &error));
  }
  ok(gli_graph_add_node(graph, &text, NULL, 0, NULL, &error));
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  gli_snapshot *both[] = {plain, snapshot};
  for (int of = 0; of < 2; of++) {
    gli_id ids[6];
    int64_t ints[5];
    int32_t from_ids[6], from_ints[5];
    for (int k = 0; k < 5; k++)
      ids[k] = gli_id_int(ints[k] = wanted[k] * (of == 0 ? 1 : 3));
    ids[5] = text;
    ok(gli_snapshot_find_nodes(both[of], 6, ids, NULL, from_ids, &error));
    ok(gli_snapshot_find_nodes(both[of], 5, NULL, ints, from_ints, &error));
    for (int k = 0; k < 6; k++) {
      cr_assert_eq(from_ids[k], gli_snapshot_find_node(both[of], &ids[k]));
      cr_assert(k == 5 || from_ints[k] == from_ids[k]);
    }
    cr_assert_eq(from_ids[2], GLI_NODE_NONE);
    cr_assert_eq(from_ids[5] == GLI_NODE_NONE, of == 0);
    cr_assert_eq(gli_snapshot_find_nodes(both[of], -1, ids, NULL, from_ids, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    int64_t places[40];
    gli_id back[40];
    for (int k = 0; k < 40; k++)
      places[k] = k * 7 % gli_snapshot_node_limit(both[of]);
    gli_snapshot_node_ids(both[of], 40, places, back);
    for (int k = 0; k < 40; k++) {
      const gli_id single = gli_snapshot_node_id(both[of], (int32_t)places[k]);
      cr_assert(gli_id_same(&back[k], &single));
    }
    ids[1].kind = 9;
    cr_assert_eq(gli_snapshot_find_nodes(both[of], 6, ids, NULL, from_ids, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
  }
  gli_snapshot_free(plain);
  gli_snapshot_free(snapshot);
}
