/* nodes.c: one node at a time.
 *
 * Adding costs a look-up and appends to ids, topology and columns; no allocation but their growth.
 * The hash is taken before the lock. Removing costs O(degree): the edges' values are cleared, so
 * that columns hold values of living edges only and whoever scans one need not ask. */
#include "graph/graph.h"

/* What gli__check_id did not take at first sight. */
gli_status gli__refuse_id(const gli_id *id, const char *argument, gli_error *error) {
  if (id == NULL) return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s is NULL", argument);
  if (id->kind > GLI_ID_TEXT) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s->kind is %lu; a gli_id_kind is 0 or 1",
                     argument, (unsigned long)id->kind);
  }
  if (id->kind == GLI_ID_TEXT && id->as.text == NULL && id->size_bytes > 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "%s has %lu bytes of text at NULL",
                     argument, (unsigned long)id->size_bytes);
  }
  return GLI_OK;
}

gli_status gli__node_not_found(const gli_id *id, gli_error *error) {
  char text[128];
  return gli__fail(error, GLI_ERROR_NODE_NOT_FOUND, "no node %s in the graph",
                   gli_id_format(id, text, sizeof text));
}

gli_status gli__find_node(const gli_graph *graph, gli__name name, int32_t *index_out,
                          gli_error *error) {
  const int32_t index = gli__find_index(graph, name);
  if (GLI__UNLIKELY(index == GLI_NODE_NONE)) return gli__node_not_found(name.id, error);
  *index_out = index;
  return GLI_OK;
}

gli_status gli__next_integer(const gli_graph *graph, int64_t *integer_out, gli_error *error) {
  if (gli__ids_next_integer(graph->ids, integer_out)) return GLI_OK;
  return gli__fail(error, GLI_ERROR_LIMIT,
                   "no automatic id is left: the id 2^63 - 1 was used; name the node");
}

gli_status gli__append_node(gli_graph *graph, gli__name name, int32_t *index_out,
                            gli_error *error) {
  if (GLI__UNLIKELY(gli__topology_node_limit(graph->topology) == INT32_MAX)) {
    return gli__fail(error, GLI_ERROR_LIMIT, "the graph has had 2^31 - 1 nodes; no more fit");
  }
  gli_status status = gli__graph_own_ids(graph, error);
  if (status == GLI_OK) status = gli__ids_add(graph->ids, name.id, name.hash, index_out, error);
  if (status != GLI_OK) return status;
  status = gli__topology_add_nodes(graph->topology, 1, error);
  if (GLI__UNLIKELY(status != GLI_OK)) gli__ids_remove_last(graph->ids);
  return status;
}

void gli__take_back_node(gli_graph *graph) {
  gli__topology_remove_last_node(graph->topology);
  gli__ids_remove_last(graph->ids);
}

gli_status gli__put_node(gli_graph *graph, gli__name name, const gli_attribute *attributes,
                         size_t count, int32_t *index_out, bool *added_out, gli_error *error) {
  int32_t index = gli__find_index(graph, name);
  if (index != GLI_NODE_NONE) {
    const gli_status status = gli__set_some(graph, GLI_NODES, index, attributes, count, error);
    if (status != GLI_OK) return status;
    *index_out = index;
    *added_out = false;
    return GLI_OK;
  }
  gli__side *side = &graph->sides[GLI_NODES];
  const int64_t serial = side->numbers->next;
  gli_status status = gli__numbers_reserve(&side->numbers, serial, 1, true, error);
  if (status == GLI_OK) status = gli__append_node(graph, name, &index, error);
  if (status != GLI_OK) return status;
  status = gli__set_new(graph, GLI_NODES, index, attributes, count, error);
  if (GLI__UNLIKELY(status != GLI_OK)) {
    gli__take_back_node(graph);
    return status;
  }
  gli__numbers_push(side->numbers, serial);
  *index_out = index;
  *added_out = true;
  return GLI_OK;
}

gli_status gli_graph_add_node(gli_graph *graph, const gli_id *id, const gli_attribute *attributes,
                              size_t attribute_count, gli_id *id_out, gli_error *error) {
  gli_status status = gli__check_attributes(graph, attributes, attribute_count, error);
  if (status == GLI_OK && id != NULL) status = gli__check_id(id, "id", error);
  if (status != GLI_OK) return status;
  gli_id automatic = gli_id_int(0);
  gli__name name = {id, 0};
  if (id != NULL) name.hash = gli__ids_hash(id);

  status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  if (id == NULL) {
    status = gli__next_integer(graph, &automatic.as.integer, error);
    name.id = &automatic;
    name.hash = gli__ids_hash(&automatic);
  }
  if (status == GLI_OK) {
    int32_t index = 0;
    bool added = false;
    gli__graph_changing(graph);
    status = gli__put_node(graph, name, attributes, attribute_count, &index, &added, error);
    if (status == GLI_OK) gli__graph_changed(graph);
  }
  gli__graph_write_done(graph);
  if (status == GLI_OK && id_out != NULL) *id_out = *name.id;
  return status;
}

gli_status gli_graph_update_node(gli_graph *graph, const gli_id *id,
                                 const gli_attribute *attributes, size_t attribute_count,
                                 gli_error *error) {
  gli_status status = gli__check_attributes(graph, attributes, attribute_count, error);
  if (status == GLI_OK) status = gli__check_id(id, "id", error);
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  int32_t index = 0;
  status = gli__find_node(graph, name, &index, error);
  if (status == GLI_OK) {
    gli__graph_changing(graph);
    status = gli__set_some(graph, GLI_NODES, index, attributes, attribute_count, error);
    if (status == GLI_OK) gli__graph_changed(graph);
  }
  gli__graph_write_done(graph);
  return status;
}

/* --- removing --------------------------------------------------------------------------------- */

/* Whether any edge can have a value at all. */
static bool has_edge_columns(const gli_graph *graph) {
  const gli__side *side = &graph->sides[GLI_EDGES];
  for (gli_key key = 0; key < side->column_count; key++) {
    if (side->columns[key] != NULL) return true;
  }
  return false;
}

gli_status gli__drop_node(gli_graph *graph, int32_t index, gli_error *error) {
  int64_t few[64], *slots = few, room = 64, slot_count = 0;
  gli_status status = gli__topology_need_in_rows(graph->topology, error);
  if (status != GLI_OK) return status;
  if (has_edge_columns(graph)) {
    const int64_t degree =
        gli__topology_row_length(graph->topology, index, false) +
        (graph->directed ? gli__topology_row_length(graph->topology, index, true) : 0);
    if (degree > room) {
      room = degree;
      slots = gli__allocate(graph->memory, (size_t)room, sizeof *slots);
      if (slots == NULL) return gli__no_memory(error, "the edges of a node");
    }
    slot_count = gli__list_slots(graph, index, slots, room);
  }
  for (int64_t k = 0; k < slot_count && status == GLI_OK; k++) {
    status = gli__prepare_unset(graph, GLI_EDGES, slots[k], error);
  }
  if (status == GLI_OK) status = gli__prepare_unset(graph, GLI_NODES, index, error);
  if (status == GLI_OK) status = gli__topology_remove_node(graph->topology, index, error);
  if (status == GLI_OK) {
    gli__unset_all(graph, GLI_NODES, index);
    for (int64_t k = 0; k < slot_count; k++)
      gli__unset_all(graph, GLI_EDGES, slots[k]);
  }
  if (slots != few) gli__release(graph->memory, slots, (size_t)room, sizeof *slots);
  return status;
}

gli_status gli_graph_remove_node(gli_graph *graph, const gli_id *id, gli_error *error) {
  gli_status status = gli__check_id(id, "id", error);
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  int32_t index = 0;
  status = gli__find_node(graph, name, &index, error);
  if (status == GLI_OK) {
    gli__graph_changing(graph);
    status = gli__drop_node(graph, index, error);
    if (status == GLI_OK) {
      gli__graph_renumber_if_worth(graph);
      gli__graph_changed(graph);
    }
  }
  gli__graph_write_done(graph);
  return status;
}

/* --- looking ---------------------------------------------------------------------------------- */

bool gli_graph_has_node(gli_graph *graph, const gli_id *id) {
  if (gli__check_id(id, "id", NULL) != GLI_OK) return false;
  const gli__name name = {id, gli__ids_hash(id)};
  if (gli__graph_read(graph, NULL) != GLI_OK) return false;
  const bool found = gli__find_index(graph, name) != GLI_NODE_NONE;
  gli__graph_read_done(graph);
  return found;
}

gli_status gli_graph_find_node(gli_graph *graph, const gli_id *id, gli_serial *serial_out,
                               gli_error *error) {
  gli_status status = gli__check_id(id, "id", error);
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  int32_t index = 0;
  status = gli__find_node(graph, name, &index, error);
  if (status == GLI_OK) *serial_out = gli__number_at(&graph->sides[GLI_NODES].numbers->map, index);
  gli__graph_read_done(graph);
  return status;
}

gli_status gli_graph_node_id(gli_graph *graph, gli_serial serial, gli_id *id_out,
                             gli_error *error) {
  gli_status status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  int64_t position = 0;
  status = gli__position_of(graph, GLI_NODES, serial, &position, error);
  if (status == GLI_OK) *id_out = gli__ids_get(graph->ids, (int32_t)position);
  gli__graph_read_done(graph);
  return status;
}

gli_status gli_graph_node_value(gli_graph *graph, const gli_id *id, gli_key key,
                                gli_value *value_out, gli_error *error) {
  gli_status status = gli__check_id(id, "id", error);
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  int32_t index = 0;
  status = gli__find_node(graph, name, &index, error);
  if (status == GLI_OK) {
    const gli__column *column = gli__graph_find_column(graph, GLI_NODES, key);
    *value_out = column != NULL ? gli__column_get(column, index) : gli_value_absent();
  }
  gli__graph_read_done(graph);
  return status;
}
