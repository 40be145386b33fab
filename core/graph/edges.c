/* edges.c: one edge at a time.
 *
 * A random add_edge on a large graph is cache misses: slots and records of both ids, both row
 * records, the row itself. So the look-ups of both ends go side by side: both hashes first (before
 * the lock), then both slots, both records, both rows. */
#include "graph/graph.h"

gli_status gli__edge_not_found(gli_edge_id edge, gli_error *error) {
  return gli__fail(error, GLI_ERROR_EDGE_NOT_FOUND, "no edge %lld in the graph", (long long)edge);
}

gli_status gli__pair_not_found(const gli_id *source, const gli_id *target, gli_error *error) {
  char source_text[96], target_text[96];
  return gli__fail(error, GLI_ERROR_EDGE_NOT_FOUND, "no edge from %s to %s in the graph",
                   gli_id_format(source, source_text, sizeof source_text),
                   gli_id_format(target, target_text, sizeof target_text));
}

static inline gli__ids_pair find_ends(const gli_graph *graph, gli__name source, gli__name target) {
  gli__ids_pair pair = {.id = {source.id, target.id}, .hash = {source.hash, target.hash}};
  gli__ids_find_pair(graph->ids, &pair, gli__topology_node_limit(graph->topology),
                     gli__topology_node_bits(graph->topology));
  return pair;
}

int64_t gli__find_slot(const gli_graph *graph, gli__name source, gli__name target) {
  const gli__ids_pair ends = find_ends(graph, source, target);
  if (ends.index[0] == GLI_NODE_NONE || ends.index[1] == GLI_NODE_NONE) return -1;
  return gli__topology_find_edge(graph->topology, ends.index[0], ends.index[1]);
}

/* Edges are often added in the order of their nodes, with consecutive targets or sources: then the
 * slot of the next one, which is a cache miss, is asked for before its call comes. */
static inline void expect_next(gli_graph *graph, int32_t from, int32_t to) {
  int32_t next = GLI_NODE_NONE;
  if (to == graph->last_target + 1)
    next = to + 1;
  else if (from == graph->last_source + 1)
    next = from + 1;
  graph->last_source = from;
  graph->last_target = to;
  if (next > 0 && next < gli__topology_node_limit(graph->topology))
    gli__ids_prefetch_slot_of(graph->ids, next);
}

/* Find both ends and create those that are missing; *created_out tells how many. */
static gli_status put_ends(gli_graph *graph, gli__name source, gli__name target, int32_t *from_out,
                           int32_t *to_out, int *created_out, gli_error *error) {
  gli_status status = GLI_OK;
  int created = 0;
  const gli__ids_pair ends = find_ends(graph, source, target);
  int32_t from = ends.index[0], to = ends.index[1];
  if (from != GLI_NODE_NONE) gli__topology_prefetch_row(graph->topology, from);
  if (to != GLI_NODE_NONE) gli__topology_prefetch_row(graph->topology, to);
  if (GLI__UNLIKELY(from == GLI_NODE_NONE || to == GLI_NODE_NONE)) {
    gli__side *side = &graph->sides[GLI_NODES];
    status = gli__numbers_reserve(&side->numbers, side->numbers->next, 2, true, error);
    if (status == GLI_OK && from == GLI_NODE_NONE) {
      status = gli__append_node(graph, source, &from, error);
      created += status == GLI_OK;
      if (status == GLI_OK && to == GLI_NODE_NONE) to = gli__find_index(graph, target);
    }
    if (status == GLI_OK && to == GLI_NODE_NONE) {
      status = gli__append_node(graph, target, &to, error);
      created += status == GLI_OK;
    }
  }
  if (GLI__UNLIKELY(status != GLI_OK)) {
    for (; created > 0; created--)
      gli__take_back_node(graph);
    return status;
  }
  expect_next(graph, from, to);
  *from_out = from;
  *to_out = to;
  *created_out = created;
  return GLI_OK;
}

gli_status gli__join(gli_graph *graph, int32_t from, int32_t to, int created,
                     const gli_attribute *attributes, size_t count, gli_edge_id number,
                     int64_t *slot_out, gli_error *error) {
  gli__side *side = &graph->sides[GLI_EDGES];
  int64_t slot = -1;
  gli_status status = gli__numbers_reserve(&side->numbers, number, 1, true, error);
  if (status == GLI_OK) status = gli__topology_add_edge(graph->topology, from, to, &slot, error);
  if (status == GLI_OK && count > 0) {
    status = gli__set_new(graph, GLI_EDGES, slot, attributes, count, error);
    if (GLI__UNLIKELY(status != GLI_OK)) gli__topology_remove_last_edge(graph->topology);
  }
  if (GLI__UNLIKELY(status != GLI_OK)) {
    for (; created > 0; created--)
      gli__take_back_node(graph);
    return status;
  }
  for (; created > 0; created--) {
    gli__numbers *serials = graph->sides[GLI_NODES].numbers;
    gli__numbers_push(serials, serials->next);
  }
  gli__numbers_push(side->numbers, number);
  *slot_out = slot;
  return GLI_OK;
}

gli_status gli__put_edge(gli_graph *graph, gli__name source, gli__name target,
                         const gli_attribute *attributes, size_t count, gli_edge_id number,
                         int64_t *slot_out, bool *added_out, gli_error *error) {
  int32_t from = 0, to = 0;
  int created = 0;
  gli_status status = put_ends(graph, source, target, &from, &to, &created, error);
  if (status != GLI_OK) return status;
  if (!graph->multigraph && created == 0) {
    const int64_t slot = gli__topology_find_edge(graph->topology, from, to);
    if (slot >= 0) {
      status = gli__set_some(graph, GLI_EDGES, slot, attributes, count, error);
      if (status != GLI_OK) return status;
      *slot_out = slot;
      *added_out = false;
      return GLI_OK;
    }
  }
  if (number == GLI_EDGE_NONE) number = graph->sides[GLI_EDGES].numbers->next;
  *added_out = true;
  return gli__join(graph, from, to, created, attributes, count, number, slot_out, error);
}

gli_status gli_graph_add_edge(gli_graph *graph, const gli_id *source, const gli_id *target,
                              const gli_attribute *attributes, size_t attribute_count,
                              gli_edge_id *edge_out, gli_error *error) {
  gli_status status = gli__check_attributes(graph, attributes, attribute_count, error);
  if (status == GLI_OK) status = gli__check_pair(source, target, error);
  if (status != GLI_OK) return status;
  const gli__name from = {source, gli__ids_hash(source)}, to = {target, gli__ids_hash(target)};
  status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  int64_t slot = 0;
  bool added = false;
  gli__graph_changing(graph);
  status = gli__put_edge(graph, from, to, attributes, attribute_count, GLI_EDGE_NONE, &slot, &added,
                         error);
  if (status == GLI_OK) {
    if (edge_out != NULL) *edge_out = gli__number_at(&graph->sides[GLI_EDGES].numbers->map, slot);
    gli__graph_changed(graph);
  }
  gli__graph_write_done(graph);
  return status;
}

gli_status gli__drop_edge(gli_graph *graph, int64_t slot, gli_error *error) {
  gli_status status = gli__prepare_unset(graph, GLI_EDGES, slot, error);
  if (status == GLI_OK) status = gli__topology_remove_edge(graph->topology, slot, error);
  if (status == GLI_OK) gli__unset_all(graph, GLI_EDGES, slot);
  return status;
}

gli_status gli_graph_remove_edge(gli_graph *graph, gli_edge_id edge, gli_error *error) {
  gli_status status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  int64_t slot = 0;
  status = gli__position_of(graph, GLI_EDGES, edge, &slot, error);
  if (status == GLI_OK) {
    gli__graph_changing(graph);
    status = gli__drop_edge(graph, slot, error);
    if (status == GLI_OK) {
      gli__graph_renumber_if_worth(graph);
      gli__graph_changed(graph);
    }
  }
  gli__graph_write_done(graph);
  return status;
}

/* --- looking ---------------------------------------------------------------------------------- */

gli_status gli_graph_find_edge(gli_graph *graph, const gli_id *source, const gli_id *target,
                               gli_edge_id *edge_out, gli_error *error) {
  gli_status status = gli__check_pair(source, target, error);
  if (status != GLI_OK) return status;
  const gli__name from = {source, gli__ids_hash(source)}, to = {target, gli__ids_hash(target)};
  status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  const int64_t slot = gli__find_slot(graph, from, to);
  if (slot >= 0) {
    *edge_out = gli__number_at(&graph->sides[GLI_EDGES].numbers->map, slot);
  } else {
    status = gli__pair_not_found(source, target, error);
  }
  gli__graph_read_done(graph);
  return status;
}

bool gli_graph_has_edge(gli_graph *graph, const gli_id *source, const gli_id *target) {
  if (gli__check_pair(source, target, NULL) != GLI_OK) return false;
  const gli__name from = {source, gli__ids_hash(source)}, to = {target, gli__ids_hash(target)};
  if (gli__graph_read(graph, NULL) != GLI_OK) return false;
  const bool found = gli__find_slot(graph, from, to) >= 0;
  gli__graph_read_done(graph);
  return found;
}

bool gli_graph_has_edge_id(gli_graph *graph, gli_edge_id edge) {
  if (gli__graph_read(graph, NULL) != GLI_OK) return false;
  int64_t slot = 0;
  const bool found = gli__position_of(graph, GLI_EDGES, edge, &slot, NULL) == GLI_OK;
  gli__graph_read_done(graph);
  return found;
}

gli_edge gli__edge_at(const gli_graph *graph, int64_t slot) {
  int32_t from = 0, to = 0;
  gli__topology_edge_ends(graph->topology, slot, &from, &to);
  const gli_edge edge = {.id = gli__number_at(&graph->sides[GLI_EDGES].numbers->map, slot),
                         .source = gli__ids_get(graph->ids, from),
                         .target = gli__ids_get(graph->ids, to)};
  return edge;
}

gli_status gli_graph_get_edge(gli_graph *graph, gli_edge_id edge, gli_edge *edge_out,
                              gli_error *error) {
  gli_status status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  int64_t slot = 0;
  status = gli__position_of(graph, GLI_EDGES, edge, &slot, error);
  if (status == GLI_OK) *edge_out = gli__edge_at(graph, slot);
  gli__graph_read_done(graph);
  return status;
}
