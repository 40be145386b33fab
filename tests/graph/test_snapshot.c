/* Snapshots: identity, what they keep, weights in both orders, snapshots made from arrays. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "graph/graph.h"
#include "graph/snapshot.h"

static gli_error error;

static void ok(gli_status status) {
  cr_assert_eq(status, GLI_OK, "%s", error.message);
}

static gli_graph *three_edges(const gli_value *weights, int count) {
  gli_graph *graph = NULL;
  gli_key key = 0;
  ok(gli_graph_create(NULL, &graph, &error));
  ok(gli_graph_key(graph, "weight", 6, &key, &error));
  for (int k = 0; k < count; k++) {
    const gli_id from = gli_id_int(k % 2), to = gli_id_int(9 - k);
    const gli_attribute attribute = {key, weights[k]};
    ok(gli_graph_add_edge(graph, &from, &to, &attribute, 1, NULL, &error));
  }
  return graph;
}

Test(snapshot, unchanged_graph_same_object) {
  const gli_value weights[3] = {gli_value_int(1), gli_value_int(2), gli_value_int(3)};
  gli_graph *graph = three_edges(weights, 3);
  gli_snapshot *first = NULL, *second = NULL;
  ok(gli_graph_snapshot(graph, &first, &error));
  ok(gli_graph_snapshot(graph, &second, &error));
  cr_assert_eq(first, second);
  gli_snapshot_free(second);
  const gli_id id = gli_id_int(0);
  ok(gli_graph_remove_node(graph, &id, &error));
  ok(gli_graph_snapshot(graph, &second, &error));
  cr_assert_neq(first, second);
  cr_assert_neq(gli_snapshot_version(first), gli_snapshot_version(second));
  cr_assert_eq(gli_snapshot_edge_count(first), 3, "the older one keeps its edges");
  cr_assert_eq(gli_snapshot_edge_count(second), 1);
  cr_assert_eq(gli_snapshot_find_node(second, &id), GLI_NODE_NONE);
  cr_assert_geq(gli_snapshot_find_node(first, &id), 0);
  cr_assert_eq(gli_snapshot_find_edge(second, 0), -1);
  cr_assert_eq(gli_snapshot_find_key(first, "weight", 6), 0);
  cr_assert_eq(gli_snapshot_find_key(first, "nothing", 7), GLI_KEY_NONE);
  gli_graph_free(graph);
  cr_assert_eq(gli_snapshot_value(first, GLI_EDGES, 0, 2).as.integer, 3, "it outlives its graph");
  gli_snapshot *again = gli_snapshot_retain(first);
  gli_snapshot_free(first);
  cr_assert_eq(gli_snapshot_node_count(again), 5);
  gli_snapshot_free(again);
  gli_snapshot_free(second);
  gli_snapshot_free(NULL);
}

Test(snapshot, weights_of_ints_floats_bools_null_and_absent) {
  const gli_value weights[6] = {gli_value_int(4), gli_value_float(0.5), gli_value_bool(true),
                                gli_value_null(), gli_value_absent(),   gli_value_bool(false)};
  const double wanted[6] = {4, 0.5, 1, 1, 1, 0};
  gli_graph *graph = three_edges(weights, 6);
  gli_snapshot *snapshot = NULL;
  const double *by_edge = NULL, *by_row = NULL, *again = NULL;
  gli_rows rows;
  gli_weight_range range;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  ok(gli_snapshot_edge_weights(snapshot, "weight", &by_edge, &error));
  for (int k = 0; k < 6; k++)
    cr_assert_eq(by_edge[k], wanted[k], "edge %d", k);
  for (int in = 0; in < 2; in++) {
    ok(gli_snapshot_row_weights(snapshot, "weight", in != 0, &by_row, &error));
    ok(gli_snapshot_row_weights(snapshot, "weight", in != 0, &again, &error));
    cr_assert_eq(by_row, again, "weights are cached");
    rows = gli_snapshot_out_rows(snapshot);
    if (in != 0) ok(gli_snapshot_in_rows(snapshot, &rows, &error));
    for (int32_t node = 0; node < gli_snapshot_node_limit(snapshot); node++) {
      const gli_row row = rows.rows[node];
      for (int64_t at = row.begin; at < row.begin + row.length; at++) {
        cr_assert_eq(by_row[at], wanted[rows.edges[at]]);
      }
    }
  }
  ok(gli_snapshot_weight_range(snapshot, "weight", &range, &error));
  cr_assert(range.minimum == 0 && range.maximum == 4 && !range.has_nan && range.minimum_edge == 5);
  cr_assert_eq(gli_snapshot_edge_weights(snapshot, "nothing", &by_edge, &error),
               GLI_ERROR_ATTRIBUTE_NOT_FOUND);
  cr_assert_eq(gli_snapshot_edge_weights(snapshot, NULL, &by_edge, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

Test(snapshot, whole_weights_stand_beside_their_neighbors) {
  const gli_value whole[4] = {gli_value_int(7), gli_value_float(4294967295.0),
                              gli_value_bool(false), gli_value_absent()};
  const uint32_t wanted[4] = {7, UINT32_MAX, 0, 1};
  gli_graph *graph = three_edges(whole, 4);
  gli_snapshot *snapshot = NULL;
  const gli_entry *entries = NULL, *again = NULL;
  gli_weight_range range;
  gli_rows rows;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  ok(gli_snapshot_weight_range(snapshot, "weight", &range, &error));
  cr_assert(range.is_whole);
  for (int in = 0; in < 2; in++) {
    ok(gli_snapshot_row_entries(snapshot, "weight", in != 0, &entries, &error));
    ok(gli_snapshot_row_entries(snapshot, "weight", in != 0, &again, &error));
    cr_assert_eq(entries, again, "entries are cached");
    rows = gli_snapshot_out_rows(snapshot);
    if (in != 0) ok(gli_snapshot_in_rows(snapshot, &rows, &error));
    for (int32_t node = 0; node < gli_snapshot_node_limit(snapshot); node++) {
      const gli_row row = rows.rows[node];
      for (int64_t at = row.begin; at < row.begin + row.length; at++) {
        cr_assert_eq(entries[at].neighbor, rows.neighbors[at]);
        cr_assert_eq(entries[at].weight, wanted[rows.edges[at]]);
      }
    }
  }
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  static const double others[] = {0.5, -1, 4294967296.0, (double)INFINITY, (double)NAN, 0x1p60};
  for (int k = 0; k < 6; k++) {
    const gli_value mixed[2] = {gli_value_int(1), gli_value_float(others[k])};
    graph = three_edges(mixed, 2);
    ok(gli_graph_snapshot(graph, &snapshot, &error));
    cr_assert_eq(gli_snapshot_row_entries(snapshot, "weight", false, &entries, &error),
                 GLI_ERROR_INVALID_ARGUMENT);
    cr_assert(strstr(error.message, "'weight'") != NULL, "%s", error.message);
    gli_snapshot_free(snapshot);
    gli_graph_free(graph);
  }
}

Test(snapshot, knows_which_rows_ascend) {
  enum { NODES = 130 };
  const int32_t sources[] = {0, 0, 0, 64, 64, 129, 129, 129}, targets[] = {5, 5, 9, 8, 7, 1, 3, 2};
  for (int directed = 0; directed < 2; directed++) {
    gli_snapshot *snapshot = NULL;
    const uint64_t *bits = NULL, *again = NULL;
    ok(gli_snapshot_from_edges(NODES, 8, sources, targets, NULL, directed != 0, NULL, &snapshot,
                               &error));
    for (int in = 0; in < 2; in++) {
      ok(gli_snapshot_ascending_rows(snapshot, in != 0, &bits, &error));
      ok(gli_snapshot_ascending_rows(snapshot, in != 0, &again, &error));
      cr_assert_eq(bits, again, "they are cached");
      for (int64_t node = 0; node < NODES; node++) {
        const bool falls = (node == 64 || node == 129) && (in == 0 || directed == 0);
        cr_assert_eq(gli_bit(bits, node), !falls, "node %d", (int)node);
      }
    }
    gli_snapshot_free(snapshot);
  }
}

Test(snapshot, a_weight_that_is_no_number_is_named) {
  const gli_value weights[3] = {gli_value_int(1), gli_value_string("heavy"), gli_value_int(3)};
  gli_graph *graph = three_edges(weights, 3);
  gli_snapshot *snapshot = NULL;
  const double *by_edge = NULL;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  cr_assert_eq(gli_snapshot_edge_weights(snapshot, "weight", &by_edge, &error), GLI_ERROR_TYPE);
  cr_assert(strstr(error.message, "edge 1") != NULL && strstr(error.message, "string") != NULL,
            "%s", error.message);
  gli_snapshot_free(snapshot);
  ok(gli_graph_remove_edge(graph, 1, &error));
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  ok(gli_snapshot_edge_weights(snapshot, "weight", &by_edge, &error));
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

Test(snapshot, ranges_know_nan) {
  const gli_value weights[3] = {gli_value_float(-2), gli_value_float(NAN), gli_value_float(7)};
  gli_graph *graph = three_edges(weights, 3);
  gli_snapshot *snapshot = NULL;
  gli_weight_range range;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  ok(gli_snapshot_weight_range(snapshot, "weight", &range, &error));
  cr_assert(range.has_nan && range.minimum_edge == 1 && range.minimum == -2 && range.maximum == 7);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

Test(snapshot, a_graph_without_edges_has_all_weights) {
  gli_graph *graph = NULL;
  gli_snapshot *snapshot = NULL;
  const double *weights = NULL;
  gli_rows rows;
  ok(gli_graph_create(NULL, &graph, &error));
  for (int round = 0; round < 2; round++) {
    ok(gli_graph_snapshot(graph, &snapshot, &error));
    ok(gli_snapshot_edge_weights(snapshot, "whatever", &weights, &error));
    cr_assert_not_null(weights);
    ok(gli_snapshot_row_weights(snapshot, "whatever", true, &weights, &error));
    ok(gli_snapshot_row_entries(snapshot, "whatever", true, &(const gli_entry *){NULL}, &error));
    cr_assert_not_null(weights);
    ok(gli_snapshot_in_rows(snapshot, &rows, &error));
    cr_assert_eq(rows.entry_count, 0);
    gli_snapshot_free(snapshot);
    ok(gli_graph_add_nodes(graph, 3, NULL, NULL, NULL, 0, NULL, NULL, &error));
  }
  gli_graph_free(graph);
}

Test(snapshot, many_weights_over_many_chunks) {
  enum { COUNT = 300000 };
  static double weights[COUNT];
  static int64_t sources[COUNT], targets[COUNT];
  gli_random random = gli_random_start(9, 9);
  for (int k = 0; k < COUNT; k++) {
    weights[k] = gli_random_unit(&random) + (k == 123456 ? -5 : 1);
    sources[k] = k;
    targets[k] = (int64_t)gli_random_below(&random, COUNT);
  }
  gli_graph *graph = NULL;
  gli_key key = 0;
  ok(gli_graph_create(NULL, &graph, &error));
  ok(gli_graph_key(graph, "w", 1, &key, &error));
  const gli_bulk_column column = {key, GLI_VALUE_FLOAT64, weights};
  ok(gli_graph_add_edges(graph, COUNT, NULL, NULL, sources, targets, &column, 1, NULL, NULL, NULL,
                         &error));
  gli_snapshot *snapshot = NULL;
  const double *by_edge = NULL, *by_row = NULL;
  gli_weight_range range;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  ok(gli_snapshot_edge_weights(snapshot, "w", &by_edge, &error));
  cr_assert_arr_eq(by_edge, weights, sizeof weights);
  ok(gli_snapshot_row_weights(snapshot, "w", false, &by_row, &error));
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  for (int32_t node = 0; node < gli_snapshot_node_limit(snapshot); node++) {
    const gli_row row = rows.rows[node];
    for (int64_t at = row.begin; at < row.begin + row.length; at++) {
      cr_assert_eq(by_row[at], weights[rows.edges[at]]);
    }
  }
  ok(gli_snapshot_weight_range(snapshot, "w", &range, &error));
  cr_assert_eq(range.minimum_edge, 123456);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}

Test(snapshot, from_arrays) {
  const int32_t sources[4] = {0, 1, 1, 2}, targets[4] = {1, 2, 2, 2};
  const double weights[4] = {1, 2, 3, 4};
  gli_snapshot *snapshot = NULL;
  const double *by_edge = NULL;
  ok(gli_snapshot_from_edges(4, 4, sources, targets, weights, true, NULL, &snapshot, &error));
  cr_assert_eq(gli_snapshot_node_count(snapshot), 4);
  cr_assert_eq(gli_snapshot_edge_count(snapshot), 4, "parallel edges stay");
  const gli_id three = gli_id_int(3), four = gli_id_int(4), text = gli_id_string("3");
  cr_assert_eq(gli_snapshot_find_node(snapshot, &three), 3);
  cr_assert_eq(gli_snapshot_find_node(snapshot, &four), GLI_NODE_NONE);
  cr_assert_eq(gli_snapshot_find_node(snapshot, &text), GLI_NODE_NONE);
  cr_assert_eq(gli_snapshot_find_node(snapshot, NULL), GLI_NODE_NONE);
  cr_assert_eq(gli_snapshot_node_id(snapshot, 2).as.integer, 2);
  cr_assert_eq(gli_snapshot_edge_id(snapshot, 3), 3);
  cr_assert_eq(gli_snapshot_find_edge(snapshot, 4), -1);
  ok(gli_snapshot_edge_weights(snapshot, "weight", &by_edge, &error));
  cr_assert_arr_eq(by_edge, weights, sizeof weights);
  cr_assert(gli_snapshot_is_directed(snapshot) && gli_snapshot_is_multigraph(snapshot));
  gli_snapshot_free(snapshot);
  ok(gli_snapshot_from_edges(0, 0, NULL, NULL, NULL, false, NULL, &snapshot, &error));
  gli_snapshot_free(snapshot);
  const int32_t outside[1] = {4};
  gli_snapshot *none = NULL;
  cr_assert_eq(gli_snapshot_from_edges(4, 1, sources, outside, NULL, true, NULL, &none, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_snapshot_from_edges(-1, 0, NULL, NULL, NULL, true, NULL, &none, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_snapshot_from_edges(4, 1, NULL, NULL, NULL, true, NULL, &none, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_null(none);
}

Test(snapshot, extraction_keeps_ids_attributes_and_counters) {
  const gli_value weights[6] = {gli_value_int(4),     gli_value_float(0.5),
                                gli_value_bool(true), gli_value_string("five"),
                                gli_value_absent(),   gli_value_null()};
  gli_graph *graph = three_edges(weights, 6), *part = NULL;
  gli_snapshot *snapshot = NULL;
  ok(gli_graph_remove_edge(graph, 5, &error));
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  const gli_id ids[3] = {gli_id_int(0), gli_id_int(9), gli_id_int(5)};
  int32_t nodes[3];
  for (int k = 0; k < 3; k++)
    nodes[k] = gli_snapshot_find_node(snapshot, &ids[k]);
  cr_assert(nodes[0] < nodes[1] && nodes[1] < nodes[2]);
  const int64_t slots[2] = {0, 4};
  ok(gli__snapshot_extract(snapshot, nodes, 3, slots, 2, &part, &error));
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
  cr_assert_eq(gli_graph_node_count(part), 3);
  gli_value value;
  ok(gli_graph_value(part, GLI_EDGES, 0, 0, &value, &error));
  cr_assert_eq(value.as.integer, 4);
  gli_edge ends;
  ok(gli_graph_get_edge(part, 4, &ends, &error));
  cr_assert_eq(ends.target.as.integer, 5);
  gli_edge_id edge = 0;
  ok(gli_graph_add_edge(part, &ids[1], &ids[2], NULL, 0, &edge, &error));
  cr_assert_eq(edge, 6, "the counter of edge ids is kept");
  gli_id automatic;
  ok(gli_graph_add_node(part, NULL, NULL, 0, &automatic, &error));
  cr_assert_eq(automatic.as.integer, 10, "and that of automatic ids");
  gli_graph_free(part);
}

Test(snapshot, what_is_built_for_a_call_stops_with_it) {
  const gli_value weights[3] = {gli_value_int(1), gli_value_int(2), gli_value_int(3)};
  gli_graph *graph = three_edges(weights, 3);
  gli_snapshot *snapshot = NULL;
  ok(gli_graph_snapshot(graph, &snapshot, &error));
  gli_cancel cancel = {0};
  gli_control control = GLI_CONTROL_INIT;
  control.cancel = &cancel;
  gli_run *run = NULL;
  ok(gli__run_begin(&control, gli__snapshot_memory(snapshot), &run, &error));
  gli_cancel_request(&cancel);
  gli_rows rows = {0};
  gli_simple_rows simple = {0};
  const double *row_weights = NULL;
  gli_weight_range range;
  gli_run *outside = gli__run_enter(run);
  cr_assert_eq(gli_snapshot_in_rows(snapshot, &rows, &error), GLI_ERROR_CANCELLED);
  cr_assert_eq(gli_snapshot_simple_rows(snapshot, &simple, &error), GLI_ERROR_CANCELLED);
  cr_assert_eq(gli_snapshot_weight_range(snapshot, "weight", &range, &error), GLI_ERROR_CANCELLED);
  cr_assert_eq(gli_snapshot_row_weights(snapshot, "weight", false, &row_weights, &error),
               GLI_ERROR_CANCELLED);
  gli__run_leave(outside);
  cr_assert_null(rows.rows, "outputs are set on success alone");
  cr_assert_null(simple.offsets);
  cr_assert_null(row_weights);
  /* The same snapshot goes on, outside of the call. */
  ok(gli_snapshot_in_rows(snapshot, &rows, &error));
  cr_assert_eq(rows.entry_count, 3);
  ok(gli_snapshot_simple_rows(snapshot, &simple, &error));
  ok(gli_snapshot_weight_range(snapshot, "weight", &range, &error));
  cr_assert_eq(range.maximum, 3);
  ok(gli_snapshot_row_weights(snapshot, "weight", true, &row_weights, &error));
  /* And what is there already is given to a stopped call too. */
  const double *again = NULL;
  outside = gli__run_enter(run);
  ok(gli_snapshot_row_weights(snapshot, "weight", true, &again, &error));
  gli__run_leave(outside);
  cr_assert_eq(again, row_weights);
  gli__run_end(run);
  gli_snapshot_free(snapshot);
  gli_graph_free(graph);
}
