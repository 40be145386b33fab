/* What a batch promises: its own view, whole or not at all, edge ids for ever, conflicts. */
#include <criterion/criterion.h>
#include <gli/gli.h>
#include <stdio.h>
#include <string.h>

#include "graph/graph.h"

static gli_graph *graph;
static gli_batch *batch;
static gli_error error;
static gli_key weight;

static void ok(gli_status status) {
  cr_assert_eq(status, GLI_OK, "%s", error.message);
}

static void make(void) {
  ok(gli_graph_create(NULL, &graph, &error));
  ok(gli_graph_key(graph, "weight", 6, &weight, &error));
}

static void finish(void) {
  gli_batch_discard(batch);
  gli_graph_free(graph);
}

TestSuite(batch, .init = make, .fini = finish);

static gli_edge_id join(int64_t source, int64_t target) {
  const gli_id from = gli_id_int(source), to = gli_id_int(target);
  gli_edge_id edge = GLI_EDGE_NONE;
  ok(gli_graph_add_edge(graph, &from, &to, NULL, 0, &edge, &error));
  return edge;
}

static gli_edge_id stage(gli_batch *into, int64_t source, int64_t target) {
  const gli_id from = gli_id_int(source), to = gli_id_int(target);
  gli_edge_id edge = GLI_EDGE_NONE;
  ok(gli_batch_add_edge(into, &from, &to, NULL, 0, &edge, &error));
  return edge;
}

static void begin(void) {
  ok(gli_batch_begin(graph, &batch, &error));
}

static gli_status commit(void) {
  gli_batch *ends = batch;
  batch = NULL;
  return gli_batch_commit(ends, &error);
}

static bool has(int64_t id) {
  const gli_id node = gli_id_int(id);
  return gli_graph_has_node(graph, &node);
}

static void remove_directly(int64_t id) {
  const gli_id node = gli_id_int(id);
  ok(gli_graph_remove_node(graph, &node, &error));
}

static gli_value weight_of(int64_t id) {
  const gli_id node = gli_id_int(id);
  gli_value value = gli_value_absent();
  ok(gli_graph_node_value(graph, &node, weight, &value, &error));
  return value;
}

static void set(gli_value value, int64_t id) {
  const gli_id node = gli_id_int(id);
  const gli_attribute attribute = {weight, value};
  ok(gli_graph_add_node(graph, &node, &attribute, 1, NULL, &error));
}

Test(batch, the_graph_shows_its_old_state_until_the_commit) {
  join(1, 2);
  const uint64_t version = gli_graph_version(graph);
  begin();
  const gli_edge_id edge = stage(batch, 3, 4);
  cr_assert(!has(3));
  cr_assert_eq(gli_graph_node_count(graph), 2);
  cr_assert_eq(gli_graph_version(graph), version);
  cr_assert_eq(gli_batch_node_count(batch), 4);
  cr_assert_eq(gli_batch_edge_count(batch), 2);
  ok(commit());
  cr_assert(has(3) && gli_graph_has_edge_id(graph, edge));
  cr_assert_gt(gli_graph_version(graph), version);
}

Test(batch, a_discarded_batch_leaves_nothing_but_burnt_ids) {
  join(1, 2);
  begin();
  const gli_edge_id burnt = stage(batch, 3, 4);
  gli_id automatic = gli_id_int(0);
  ok(gli_batch_add_node(batch, NULL, NULL, 0, &automatic, &error));
  cr_assert_eq(automatic.as.integer, 5, "above every id that was staged");
  gli_batch_discard(batch);
  batch = NULL;
  cr_assert(!has(3));
  cr_assert_eq(join(7, 8), burnt + 1, "used ids are burnt, unused ones given back");
  const gli_id nine = gli_id_int(9);
  cr_assert(!gli_graph_has_node(graph, &nine));
  ok(gli_graph_add_node(graph, NULL, NULL, 0, &automatic, &error));
  cr_assert_eq(automatic.as.integer, 9);
  gli_batch_discard(NULL);
}

Test(batch, into_an_empty_graph_nothing_is_copied) {
  begin();
  char text[24];
  for (int k = 0; k < 20000; k++) {
    const int size = snprintf(text, sizeof text, "node %d", k);
    const gli_id id = gli_id_text(text, (uint32_t)size);
    const gli_attribute attribute = {weight, gli_value_int(k)};
    ok(gli_batch_add_node(batch, &id, &attribute, 1, NULL, &error));
  }
  for (int k = 0; k < 1000; k++)
    cr_assert_eq(stage(batch, k, k + 1), k);
  const int64_t before = atomic_load(&graph->memory->live_bytes);
  atomic_store(&graph->memory->peak_bytes, before);
  ok(commit());
  cr_assert_leq(atomic_load(&graph->memory->peak_bytes), before + 64, "the commit took memory");
  cr_assert_eq(gli_graph_node_count(graph), 21001);
  cr_assert_eq(join(-1, -2), 1000, "edge ids go on without a gap");
  cr_assert_null(graph->sides[GLI_EDGES].numbers->map.rising);
  const gli_id id = gli_id_string("node 777");
  gli_serial serial = 0;
  ok(gli_graph_find_node(graph, &id, &serial, &error));
  cr_assert_eq(serial, 777);
}

Test(batch, serials_stay_unique_over_an_adoption) {
  join(1, 2);
  const gli_id two = gli_id_int(2);
  gli_serial old = 0, now = 0;
  ok(gli_graph_find_node(graph, &two, &old, &error));
  ok(gli_graph_clear(graph, &error));
  begin();
  stage(batch, 1, 2);
  ok(commit());
  gli_id back;
  cr_assert_eq(gli_graph_node_id(graph, old, &back, &error), GLI_ERROR_NODE_NOT_FOUND);
  ok(gli_graph_find_node(graph, &two, &now, &error));
  cr_assert_gt(now, old);
}

Test(batch, bad_arguments_fail_at_their_call) {
  join(1, 2);
  begin();
  const gli_id unknown = gli_id_int(99), bad = gli_id_text("\xff", 1), one = gli_id_int(1);
  const gli_attribute attribute = {77, gli_value_int(1)};
  gli_edge_id edge = 0;
  gli_edge ends;
  size_t count = 0;
  cr_assert_eq(gli_batch_update_node(batch, &unknown, NULL, 0, &error), GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_eq(gli_batch_remove_node(batch, &unknown, &error), GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_eq(gli_batch_node_attributes(batch, &unknown, NULL, 0, &count, &error),
               GLI_ERROR_NODE_NOT_FOUND);
  cr_assert_eq(gli_batch_update_edge(batch, 99, NULL, 0, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert_eq(gli_batch_remove_edge(batch, -1, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert_eq(gli_batch_get_edge(batch, 99, &ends, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert_eq(gli_batch_edge_attributes(batch, 99, NULL, 0, &count, &error),
               GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert_eq(gli_batch_find_edge(batch, &one, &unknown, &edge, &error), GLI_ERROR_EDGE_NOT_FOUND);
  cr_assert_eq(gli_batch_add_node(batch, &bad, NULL, 0, NULL, &error), GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_batch_add_edge(batch, &bad, &one, NULL, 0, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_batch_add_edge(batch, &one, NULL, NULL, 0, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert_eq(gli_batch_add_node(batch, &one, &attribute, 1, NULL, &error),
               GLI_ERROR_INVALID_ARGUMENT);
  cr_assert(!gli_batch_has_node(batch, NULL));
  cr_assert_eq(gli_batch_node_count(batch), 2);
  stage(batch, 5, 6);
  ok(commit());
  cr_assert(has(5), "the batch goes on after a refused call");
}

Test(batch, it_removes_and_brings_back) {
  const gli_edge_id edge = join(1, 2);
  set(gli_value_int(4), 1);
  gli_serial before = 0, after = 0;
  const gli_id one = gli_id_int(1);
  ok(gli_graph_find_node(graph, &one, &before, &error));
  begin();
  gli_edge ends;
  ok(gli_batch_remove_node(batch, &one, &error));
  cr_assert(!gli_batch_has_node(batch, &one));
  cr_assert_eq(gli_batch_get_edge(batch, edge, &ends, &error), GLI_ERROR_EDGE_NOT_FOUND);
  ok(gli_batch_add_node(batch, &one, NULL, 0, NULL, &error));
  size_t count = 9;
  ok(gli_batch_node_attributes(batch, &one, NULL, 0, &count, &error));
  cr_assert_eq(count, 0, "it is another node");
  ok(commit());
  ok(gli_graph_find_node(graph, &one, &after, &error));
  cr_assert_neq(before, after);
  cr_assert_eq(weight_of(1).type, GLI_VALUE_ABSENT);
  cr_assert_eq(gli_graph_edge_count(graph), 0);
}

Test(batch, attributes_lie_over_those_of_the_graph) {
  const gli_edge_id edge = join(1, 2);
  gli_key other = 0;
  ok(gli_graph_key(graph, "other", 5, &other, &error));
  const gli_attribute both[2] = {{weight, gli_value_int(1)}, {other, gli_value_int(2)}};
  const gli_attribute erase = {weight, gli_value_absent()}, change = {other, gli_value_int(3)};
  ok(gli_graph_update(graph, GLI_EDGES, edge, both, 2, &error));
  begin();
  gli_attribute found[2];
  size_t count = 0;
  ok(gli_batch_update_edge(batch, edge, &erase, 1, &error));
  ok(gli_batch_edge_attributes(batch, edge, found, 2, &count, &error));
  cr_assert(count == 1 && found[0].key == other && found[0].value.as.integer == 2);
  ok(gli_batch_update_edge(batch, edge, &change, 1, &error));
  cr_assert_eq(stage(batch, 1, 2), edge, "a simple graph merges");
  ok(commit());
  ok(gli_graph_attributes(graph, GLI_EDGES, edge, found, 2, &count, &error));
  cr_assert(count == 1 && found[0].key == other && found[0].value.as.integer == 3);
}

Test(batch, names_made_while_it_is_open_can_be_used) {
  join(1, 2);
  begin();
  gli_key later = 0;
  ok(gli_graph_key(graph, "later", 5, &later, &error));
  const gli_id three = gli_id_int(3);
  const gli_attribute attribute = {later, gli_value_string("x")};
  ok(gli_batch_add_node(batch, &three, &attribute, 1, NULL, &error));
  ok(gli_batch_update_edge(batch, 0, &attribute, 1, &error));
  ok(commit());
  gli_value value;
  ok(gli_graph_node_value(graph, &three, later, &value, &error));
  cr_assert_eq(value.type, GLI_VALUE_STRING);
}

/* --- others change the graph meanwhile -------------------------------------------------------- */

static void expect_conflict(void) {
  const uint64_t version = gli_graph_version(graph);
  const int64_t nodes = gli_graph_node_count(graph), edges = gli_graph_edge_count(graph);
  cr_assert_eq(commit(), GLI_ERROR_CONFLICT);
  cr_assert(strstr(error.message, "nothing was applied") != NULL, "%s", error.message);
  cr_assert_eq(gli_graph_version(graph), version);
  cr_assert_eq(gli_graph_node_count(graph), nodes);
  cr_assert_eq(gli_graph_edge_count(graph), edges);
}

Test(batch, conflict_when_a_node_it_names_is_gone) {
  join(1, 2);
  begin();
  stage(batch, 1, 9);
  remove_directly(1);
  expect_conflict();
  cr_assert(!has(9));
}

Test(batch, conflict_when_a_node_it_names_is_another_by_now) {
  join(1, 2);
  begin();
  const gli_id one = gli_id_int(1);
  const gli_attribute attribute = {weight, gli_value_int(1)};
  ok(gli_batch_update_node(batch, &one, &attribute, 1, &error));
  remove_directly(1);
  set(gli_value_int(8), 1);
  expect_conflict();
}

Test(batch, conflict_when_what_it_removes_is_gone) {
  const gli_edge_id edge = join(1, 2);
  begin();
  ok(gli_batch_remove_edge(batch, edge, &error));
  ok(gli_graph_remove_edge(graph, edge, &error));
  expect_conflict();
  begin();
  const gli_id two = gli_id_int(2);
  ok(gli_batch_remove_node(batch, &two, &error));
  remove_directly(2);
  expect_conflict();
}

Test(batch, conflict_when_an_edge_it_changes_is_gone) {
  const gli_edge_id edge = join(1, 2);
  const gli_attribute attribute = {weight, gli_value_int(1)};
  begin();
  ok(gli_batch_update_edge(batch, edge, &attribute, 1, &error));
  ok(gli_graph_remove_edge(graph, edge, &error));
  expect_conflict();
}

Test(batch, conflict_when_others_joined_the_same_pair) {
  join(1, 2);
  begin();
  stage(batch, 3, 4);
  join(3, 4);
  expect_conflict();
}

Test(batch, conflict_also_when_the_graph_was_empty) {
  begin();
  stage(batch, 3, 4);
  join(3, 4);
  expect_conflict();
}

Test(batch, no_conflict_when_others_added_the_same_node_or_values) {
  join(1, 2);
  begin();
  const gli_id five = gli_id_int(5), one = gli_id_int(1);
  const gli_attribute ours = {weight, gli_value_int(10)};
  ok(gli_batch_add_node(batch, &five, &ours, 1, NULL, &error));
  ok(gli_batch_update_node(batch, &one, &ours, 1, &error));
  set(gli_value_int(20), 5);
  set(gli_value_int(20), 1);
  join(7, 8);
  ok(commit());
  cr_assert_eq(weight_of(5).as.integer, 10);
  cr_assert_eq(weight_of(1).as.integer, 10);
  cr_assert(has(7));
}

Test(batch, edge_ids_of_interleaved_batches_hold) {
  gli_batch *batches[4] = {NULL};
  gli_edge_id promised[4][40];
  join(0, 1);
  for (int k = 0; k < 4; k++)
    ok(gli_batch_begin(graph, &batches[k], &error));
  for (int edge = 0; edge < 40; edge++) {
    for (int k = 0; k < 4; k++)
      promised[k][edge] = stage(batches[k], 100 * k + edge, edge);
    join(1000 + edge, edge);
  }
  for (int k = 3; k >= 0; k--)
    ok(gli_batch_commit(batches[k], &error));
  gli_snapshot *snapshot = NULL;
  for (int round = 0; round < 2; round++) {
    ok(gli_graph_snapshot(graph, &snapshot, &error));
    for (int k = 0; k < 4; k++) {
      for (int edge = 0; edge < 40; edge++) {
        gli_edge ends;
        ok(gli_graph_get_edge(graph, promised[k][edge], &ends, &error));
        cr_assert(ends.source.as.integer == 100 * k + edge && ends.target.as.integer == edge);
        const int64_t slot = gli_snapshot_find_edge(snapshot, promised[k][edge]);
        cr_assert_eq(gli_snapshot_edge_id(snapshot, slot), promised[k][edge]);
      }
    }
    gli_snapshot_free(snapshot);
    ok(gli__graph_renumber(graph, &error));
  }
  const gli_edge_id last = join(5000, 5001);
  for (int k = 0; k < 4; k++)
    cr_assert_gt(last, promised[k][39]);
}
