/* compare.h: whether a graph, a snapshot or a batch says what a model says. */
#ifndef TESTS_GRAPH_COMPARE_H
#define TESTS_GRAPH_COMPARE_H

#include <criterion/criterion.h>

#include "graph/snapshot.h"
#include "model.h"

static inline bool same_value(gli_value found, int code) {
  const gli_value wanted = model_value(code);
  return gli_value_same(&found, &wanted);
}

/* The rows of a snapshot, entry by entry. */
static inline void compare_rows(const model *of, gli_snapshot *snapshot, gli_rows rows, bool in) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  int64_t entries = 0;
  for (int32_t index = 0; index < limit; index++) {
    const gli_row row = rows.rows[index];
    entries += row.length;
    if (!gli_bit(gli_snapshot_node_bits(snapshot), index)) {
      cr_assert_eq(row.length, 0, "a hole has neighbours");
      continue;
    }
    const gli_id id = gli_snapshot_node_id(snapshot, index);
    uint32_t at = 0;
    for (int k = 0; k < of->edge_count; k++) {
      const model_edge *edge = &of->edges[k];
      const gli_id source = model_id(edge->source), target = model_id(edge->target);
      bool out_here = gli_id_same(&id, &source), in_here = gli_id_same(&id, &target);
      bool here = of->directed ? (in ? in_here : out_here) : (in_here || out_here);
      if (!here) continue;
      cr_assert_lt(at, row.length, "a row is too short");
      const gli_id *other = in_here && (!of->directed ? !out_here : in) ? &source : &target;
      const gli_id found = gli_snapshot_node_id(snapshot, rows.neighbors[row.begin + at]);
      cr_assert(gli_id_same(&found, other), "a row has another neighbour");
      cr_assert_eq(gli_snapshot_edge_id(snapshot, rows.edges[row.begin + at]), edge->id);
      at++;
    }
    cr_assert_eq(at, row.length, "a row is too long");
  }
  cr_assert_eq(entries, rows.entry_count);
}

static inline void compare_values(const gli_snapshot *snapshot, gli_side side, int64_t position,
                                  const int *values, const gli_key *keys) {
  for (int key = 0; key < MODEL_KEYS; key++) {
    const gli_value found = gli_snapshot_value(snapshot, side, keys[key], position);
    cr_assert(same_value(found, values[key]), "side %d position %ld key %d: code %d, found type %d",
              (int)side, (long)position, key, values[key], found.type);
  }
}

static inline void compare_snapshot(const model *of, gli_snapshot *snapshot, const gli_key *keys) {
  cr_assert_eq(gli_snapshot_node_count(snapshot), of->node_count);
  cr_assert_eq(gli_snapshot_edge_count(snapshot), of->edge_count);
  int seen = 0;
  for (int32_t index = 0; index < gli_snapshot_node_limit(snapshot); index++) {
    if (!gli_bit(gli_snapshot_node_bits(snapshot), index)) continue;
    const gli_id found = gli_snapshot_node_id(snapshot, index);
    const gli_id wanted = model_id(of->nodes[seen].id);
    cr_assert(gli_id_same(&found, &wanted), "node %d of the order is another one", seen);
    cr_assert_eq(gli_snapshot_find_node(snapshot, &wanted), index);
    compare_values(snapshot, GLI_NODES, index, of->nodes[seen].values, keys);
    seen++;
  }
  cr_assert_eq(seen, of->node_count);
  seen = 0;
  const int32_t *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t slot = 0; slot < gli_snapshot_edge_limit(snapshot); slot++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), slot)) continue;
    const model_edge *edge = &of->edges[seen++];
    cr_assert_eq(gli_snapshot_edge_id(snapshot, slot), edge->id);
    cr_assert_eq(gli_snapshot_find_edge(snapshot, edge->id), slot);
    const gli_id source = gli_snapshot_node_id(snapshot, sources[slot]);
    const gli_id target = gli_snapshot_node_id(snapshot, targets[slot]);
    const gli_id wanted_source = model_id(edge->source), wanted_target = model_id(edge->target);
    cr_assert(gli_id_same(&source, &wanted_source) && gli_id_same(&target, &wanted_target));
    compare_values(snapshot, GLI_EDGES, slot, edge->values, keys);
  }
  cr_assert_eq(seen, of->edge_count);
  gli_rows rows = gli_snapshot_out_rows(snapshot);
  compare_rows(of, snapshot, rows, false);
  gli_error error = {0};
  cr_assert_eq(gli_snapshot_in_rows(snapshot, &rows, &error), GLI_OK, "%s", error.message);
  compare_rows(of, snapshot, rows, true);
}

/* Point questions about everything; takes no snapshot. */
static inline void compare_points(const model *of, gli_graph *graph, const gli_key *keys,
                                  int id_limit) {
  gli_error error = {0};
  cr_assert_eq(gli_graph_node_count(graph), of->node_count);
  cr_assert_eq(gli_graph_edge_count(graph), of->edge_count);
  for (int id = 0; id < id_limit; id++) {
    const gli_id name = model_id(id);
    const model_node *node = model_find(of, id);
    gli_serial serial = GLI_SERIAL_NONE;
    cr_assert_eq(gli_graph_has_node(graph, &name), node != NULL);
    const gli_status status = gli_graph_find_node(graph, &name, &serial, &error);
    cr_assert_eq(status, node != NULL ? GLI_OK : GLI_ERROR_NODE_NOT_FOUND);
    if (node == NULL) continue;
    gli_id back = gli_id_int(0);
    cr_assert_eq(gli_graph_node_id(graph, serial, &back, &error), GLI_OK);
    cr_assert(gli_id_same(&back, &name));
    for (int key = 0; key < MODEL_KEYS; key++) {
      gli_value value = gli_value_null();
      cr_assert_eq(gli_graph_node_value(graph, &name, keys[key], &value, &error), GLI_OK);
      cr_assert(same_value(value, node->values[key]));
      cr_assert_eq(gli_graph_value(graph, GLI_NODES, serial, keys[key], &value, &error), GLI_OK);
      cr_assert(same_value(value, node->values[key]));
    }
    int64_t out = 0, in = 0, degree = 0;
    for (int k = 0; k < of->edge_count; k++) {
      out += of->edges[k].source == id;
      in += of->edges[k].target == id;
    }
    cr_assert_eq(gli_graph_degree(graph, &name, GLI_BOTH, &degree, &error), GLI_OK);
    cr_assert_eq(degree, out + in);
    cr_assert_eq(gli_graph_degree(graph, &name, GLI_OUT, &degree, &error), GLI_OK);
    cr_assert_eq(degree, of->directed ? out : out + in);
    for (int other = id % 3; other < id_limit; other += 3) {
      const gli_id other_name = model_id(other);
      const model_edge *edge = model_find_pair(of, id, other);
      gli_edge_id found = GLI_EDGE_NONE;
      cr_assert_eq(gli_graph_has_edge(graph, &name, &other_name), edge != NULL);
      if (edge == NULL) continue;
      cr_assert_eq(gli_graph_find_edge(graph, &name, &other_name, &found, &error), GLI_OK);
      cr_assert_eq(found, edge->id);
    }
  }
  for (int k = 0; k < of->edge_count; k++) {
    gli_edge edge;
    const gli_id source = model_id(of->edges[k].source), target = model_id(of->edges[k].target);
    cr_assert(gli_graph_has_edge_id(graph, of->edges[k].id));
    cr_assert_eq(gli_graph_get_edge(graph, of->edges[k].id, &edge, &error), GLI_OK);
    cr_assert(gli_id_same(&edge.source, &source) && gli_id_same(&edge.target, &target));
  }
}

/* The whole graph through a fresh snapshot. */
static inline void compare_graph(const model *of, gli_graph *graph, const gli_key *keys) {
  gli_error error = {0};
  gli_snapshot *snapshot = NULL;
  cr_assert_eq(gli_graph_snapshot(graph, &snapshot, &error), GLI_OK, "%s", error.message);
  compare_snapshot(of, snapshot, keys);
  gli_snapshot_free(snapshot);
}

/* What a batch shows. */
static inline void compare_batch(const model *of, gli_batch *batch, const gli_key *keys,
                                 int id_limit) {
  gli_error error = {0};
  gli_attribute attributes[MODEL_KEYS];
  size_t count = 0;
  cr_assert_eq(gli_batch_node_count(batch), of->node_count);
  cr_assert_eq(gli_batch_edge_count(batch), of->edge_count);
  for (int id = 0; id < id_limit; id++) {
    const gli_id name = model_id(id);
    const model_node *node = model_find(of, id);
    cr_assert_eq(gli_batch_has_node(batch, &name), node != NULL);
    if (node == NULL) continue;
    cr_assert_eq(gli_batch_node_attributes(batch, &name, attributes, MODEL_KEYS, &count, &error),
                 GLI_OK);
    size_t at = 0;
    for (int key = 0; key < MODEL_KEYS; key++) {
      if (node->values[key] == 0) continue;
      cr_assert_lt(at, count);
      cr_assert_eq(attributes[at].key, keys[key]);
      cr_assert(same_value(attributes[at++].value, node->values[key]));
    }
    cr_assert_eq(at, count);
    for (int other = id % 3; other < id_limit; other += 3) {
      const gli_id other_name = model_id(other);
      const model_edge *edge = model_find_pair(of, id, other);
      gli_edge_id found = GLI_EDGE_NONE;
      const gli_status status = gli_batch_find_edge(batch, &name, &other_name, &found, &error);
      cr_assert_eq(status, edge != NULL ? GLI_OK : GLI_ERROR_EDGE_NOT_FOUND);
      if (edge != NULL) cr_assert_eq(found, edge->id);
    }
  }
  for (int k = 0; k < of->edge_count; k++) {
    cr_assert_eq(
        gli_batch_edge_attributes(batch, of->edges[k].id, attributes, MODEL_KEYS, &count, &error),
        GLI_OK, "%s", error.message);
    size_t at = 0;
    for (int key = 0; key < MODEL_KEYS; key++) {
      if (of->edges[k].values[key] == 0) continue;
      cr_assert_lt(at, count);
      cr_assert(same_value(attributes[at++].value, of->edges[k].values[key]));
    }
    cr_assert_eq(at, count);
  }
}

#endif
