/* batch.c: beginning and ending a batch, its view of the graph. */
#include "graph/batch.h"

gli_status gli_batch_begin(gli_graph *graph, gli_batch **batch_out, gli_error *error) {
  gli_status status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  gli_batch *batch = gli__allocate_zeroed(graph->memory, 1, sizeof *batch);
  if (batch == NULL) {
    status = gli__no_memory(error, "a batch");
    goto cleanup;
  }
  batch->base = graph;
  status = gli__graph_make(graph->memory, graph->keys, graph->directed, graph->multigraph,
                           &batch->shadow, error);
  if (status != GLI_OK) {
    gli__release(graph->memory, batch, 1, sizeof *batch);
    goto cleanup;
  }
  batch->base_was_empty = gli__topology_node_count(graph->topology) == 0;
  batch->base_version = gli_graph_version(graph);
  *batch_out = batch;
cleanup:
  gli__graph_read_done(graph);
  return status;
}

void gli__batch_free(gli_batch *batch) {
  if (batch == NULL) return;
  gli__memory *memory = batch->base->memory;
  gli__release(memory, batch->notes, (size_t)batch->note_capacity, sizeof *batch->notes);
  gli__release(memory, batch->patched, (size_t)batch->patch_capacity, sizeof *batch->patched);
  gli__map_clear(&batch->removed_nodes, memory);
  gli__map_clear(&batch->removed_edges, memory);
  gli__map_clear(&batch->patch_of, memory);
  gli__map_clear(&batch->erased_nodes, memory);
  gli__map_clear(&batch->erased_edges, memory);
  gli_graph_free(batch->patches);
  gli_graph_free(batch->shadow);
  gli__release(memory, batch, 1, sizeof *batch);
}

void gli__batch_return_edge_ids(gli_batch *batch) {
  gli__numbers *numbers = batch->base->sides[GLI_EDGES].numbers;
  if (numbers->next == batch->edge_end) numbers->next = batch->next_edge;
  batch->edge_end = batch->next_edge;
}

void gli__batch_leave_edge_ids(gli_batch *batch) {
  if (batch->next_edge < batch->edge_end && gli__graph_write(batch->base, NULL) == GLI_OK) {
    gli__batch_return_edge_ids(batch);
    gli__graph_write_done(batch->base);
  }
}

void gli_batch_discard(gli_batch *batch) {
  if (batch == NULL) return;
  gli__batch_leave_edge_ids(batch);
  gli__batch_free(batch);
}

/* --- the view --------------------------------------------------------------------------------- */

gli_status gli__batch_read(gli_batch *batch, gli_error *error) {
  return batch->base_was_empty ? GLI_OK : gli__graph_read(batch->base, error);
}

void gli__batch_read_done(gli_batch *batch) {
  if (!batch->base_was_empty) gli__graph_read_done(batch->base);
}

gli__seen gli__batch_see(const gli_batch *batch, gli__name name) {
  gli__seen seen = {gli__find_index(batch->shadow, name), GLI_NODE_NONE, GLI_SERIAL_NONE};
  if (batch->base_was_empty) return seen;
  const gli_graph *base = batch->base;
  const gli__number_map *serials = &base->sides[GLI_NODES].numbers->map;
  if (seen.shadow != GLI_NODE_NONE) {
    seen.serial = batch->notes[seen.shadow];
    if (seen.serial == GLI__NOTE_NEW) return seen;
    const int64_t position = gli__number_find(serials, seen.serial);
    if (position >= 0 && gli__topology_node_alive(base->topology, (int32_t)position)) {
      seen.base = (int32_t)position;
    }
    return seen;
  }
  seen.base = gli__find_index(base, name);
  if (seen.base == GLI_NODE_NONE) return seen;
  seen.serial = gli__number_at(serials, seen.base);
  if (gli__map_has(&batch->removed_nodes, seen.serial)) seen.base = GLI_NODE_NONE;
  return seen;
}

int64_t gli__batch_base_slot(const gli_batch *batch, gli_edge_id edge) {
  if (batch->base_was_empty || edge < 0) return -1;
  int64_t slot = 0;
  if (gli__map_has(&batch->removed_edges, edge)) return -1;
  return gli__position_of(batch->base, GLI_EDGES, edge, &slot, NULL) == GLI_OK ? slot : -1;
}

gli_status gli__batch_check_slow(gli_batch *batch, const gli_attribute *attributes, size_t count,
                                 gli_error *error) {
  gli_graph *base = batch->base, *shadow = batch->shadow;
  const gli_status status = gli__check_attributes(base, attributes, count, error);
  if (status != GLI_OK) return status;
  bool news = false;
  for (size_t k = 0; k < count; k++)
    news |= attributes[k].key >= gli__keys_count(shadow->keys);
  if (!news) return GLI_OK;
  const gli_status locked = gli__graph_read(base, error);
  if (locked != GLI_OK) return locked;
  gli__keys *keys = gli__keys_retain(base->keys);
  gli__graph_read_done(base);
  gli__keys_free(shadow->keys);
  shadow->keys = keys;
  return GLI_OK;
}

gli_status gli__batch_need_notes(gli_batch *batch, int64_t more, gli_error *error) {
  if (batch->base_was_empty) return GLI_OK;
  const int64_t wanted = gli__topology_node_limit(batch->shadow->topology) + more;
  if (wanted <= batch->note_capacity) return GLI_OK;
  const int64_t capacity = wanted + wanted / 2 + 16;
  int64_t *notes = gli__reallocate(batch->base->memory, batch->notes, (size_t)batch->note_capacity,
                                   (size_t)capacity, sizeof *notes);
  if (notes == NULL) return gli__no_memory(error, "the notes of a batch");
  batch->notes = notes;
  batch->note_capacity = capacity;
  return GLI_OK;
}

/* The newest edge of the base between two of its nodes that the batch did not remove, or -1. */
static int64_t find_base_pair(const gli_batch *batch, int32_t from, int32_t to) {
  const gli_graph *base = batch->base;
  const gli__number_map *ids = &base->sides[GLI_EDGES].numbers->map;
  int64_t slot = gli__topology_find_edge(base->topology, from, to);
  if (slot < 0 || batch->removed_edges.count == 0 ||
      !gli__map_has(&batch->removed_edges, gli__number_at(ids, slot))) {
    return slot;
  }
  slot = -1;
  if (!base->multigraph) return slot;
  /* An older parallel edge may be left: the row tells. */
  gli__row_cursor cursor = gli__topology_row(base->topology, from, false);
  int32_t neighbor = 0;
  uint32_t other = 0;
  while (gli__row_next(&cursor, &neighbor, &other)) {
    if (neighbor == to && !gli__map_has(&batch->removed_edges, gli__number_at(ids, other))) {
      slot = other;
    }
  }
  return slot;
}

void gli__batch_see_pair(const gli_batch *batch, gli__name source, gli__name target,
                         gli__seen *from_out, gli__seen *to_out) {
  gli__ids_prefetch_slot(batch->shadow->ids, source.hash);
  gli__ids_prefetch_slot(batch->shadow->ids, target.hash);
  if (!batch->base_was_empty) {
    gli__ids_prefetch_slot(batch->base->ids, source.hash);
    gli__ids_prefetch_slot(batch->base->ids, target.hash);
  }
  *from_out = gli__batch_see(batch, source);
  *to_out = gli__batch_see(batch, target);
}

bool gli__batch_find_pair(const gli_batch *batch, gli__seen from, gli__seen to,
                          int64_t *shadow_slot_out, int64_t *base_slot_out) {
  *base_slot_out = -1;
  *shadow_slot_out = -1;
  if (from.shadow != GLI_NODE_NONE && to.shadow != GLI_NODE_NONE) {
    *shadow_slot_out = gli__topology_find_edge(batch->shadow->topology, from.shadow, to.shadow);
  }
  if (*shadow_slot_out < 0 && from.base != GLI_NODE_NONE && to.base != GLI_NODE_NONE) {
    *base_slot_out = find_base_pair(batch, from.base, to.base);
  }
  return *shadow_slot_out >= 0 || *base_slot_out >= 0;
}

int64_t gli_batch_node_count(gli_batch *batch) {
  const int64_t staged = gli_graph_node_count(batch->shadow);
  if (batch->base_was_empty) return staged;
  return gli_graph_node_count(batch->base) - batch->removed_nodes.count + staged -
         batch->reference_count;
}

int64_t gli_batch_edge_count(gli_batch *batch) {
  const int64_t staged = gli_graph_edge_count(batch->shadow);
  if (batch->base_was_empty) return staged;
  return gli_graph_edge_count(batch->base) - batch->removed_edges.count + staged;
}

/* --- attributes over attributes --------------------------------------------------------------- */

gli_status gli__batch_overlay(gli_graph *graph, gli_side side, int64_t position, gli__map *erased,
                              const gli_attribute *attributes, size_t count, gli_error *error) {
  gli_status status = gli__map_reserve(erased, graph->memory, (int64_t)count, error);
  if (status == GLI_OK) status = gli__set_some(graph, side, position, attributes, count, error);
  if (status != GLI_OK) return status;
  for (size_t k = 0; k < count; k++) {
    const int64_t mark = gli__erased_key(position, attributes[k].key);
    const bool erase = attributes[k].value.type == GLI_VALUE_ABSENT;
    if (erase || gli__map_has(erased, mark)) gli__map_put(erased, mark, erase);
  }
  return GLI_OK;
}

size_t gli__batch_list(const gli_batch *batch, gli_side side, int64_t base_position,
                       const gli_graph *overlay, int64_t position, const gli__map *erased,
                       gli_attribute *attributes, size_t capacity) {
  const gli_key base_count = batch->base->sides[side].column_count;
  const gli_key over_count = overlay != NULL ? overlay->sides[side].column_count : 0;
  size_t found = 0;
  for (gli_key key = 0; key < base_count || key < over_count; key++) {
    const gli__column *column = overlay != NULL ? gli__graph_find_column(overlay, side, key) : NULL;
    gli_value value = column != NULL ? gli__column_get(column, position) : gli_value_absent();
    if (value.type == GLI_VALUE_ABSENT &&
        gli__map_get(erased, gli__erased_key(position, key), 0) == 0) {
      column = gli__graph_find_column(batch->base, side, key);
      if (column != NULL) value = gli__column_get(column, base_position);
    }
    if (value.type == GLI_VALUE_ABSENT) continue;
    if (found < capacity) {
      attributes[found].key = key;
      attributes[found].value = value;
    }
    found++;
  }
  return found;
}
