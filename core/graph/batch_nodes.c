/* batch_nodes.c: nodes of a batch. */
#include "graph/batch.h"

/* Whether attributes have to be looked at for what they erase: others may add a node of the same id
 * before the commit, and it must lose what the batch took away. */
static bool erases(const gli_batch *batch, const gli_attribute *attributes, size_t count) {
  bool some = batch->erased_nodes.count > 0;
  for (size_t k = 0; k < count; k++)
    some |= attributes[k].value.type == GLI_VALUE_ABSENT;
  return some;
}

/* Put a node into the shadow: the one that is there, a reference to the base's, or a new one. */
static gli_status stage_node(gli_batch *batch, gli__name name, const gli_attribute *attributes,
                             size_t count, gli_error *error) {
  gli_graph *shadow = batch->shadow;
  int32_t index = 0;
  bool added = false;
  int64_t serial = GLI__NOTE_NEW;
  gli_status status = GLI_OK;
  if (!batch->base_was_empty) {
    const gli__seen seen = gli__batch_see(batch, name);
    status = gli__batch_need_notes(batch, 1, error);
    if (status != GLI_OK) return status;
    if (seen.shadow != GLI_NODE_NONE) {
      serial = batch->notes[seen.shadow];
    } else if (seen.base != GLI_NODE_NONE) {
      serial = seen.serial;
    }
  }
  if (serial == GLI__NOTE_NEW && !erases(batch, attributes, count)) {
    status = gli__put_node(shadow, name, attributes, count, &index, &added, error);
    if (status != GLI_OK) return status;
  } else {
    status = gli__put_node(shadow, name, NULL, 0, &index, &added, error);
    if (status != GLI_OK) return status;
    status = gli__batch_overlay(shadow, GLI_NODES, index, &batch->erased_nodes, attributes, count,
                                error);
    if (status != GLI_OK && added) {
      gli__numbers_pop(shadow->sides[GLI_NODES].numbers);
      gli__take_back_node(shadow);
    }
    if (status != GLI_OK) return status;
  }
  if (added && !batch->base_was_empty) {
    batch->notes[index] = serial;
    batch->reference_count += serial != GLI__NOTE_NEW;
  }
  gli__graph_changed(shadow);
  return GLI_OK;
}

/* Without an id: the integer above all that the graph or the batch has used. The graph's counter is
 * raised at once, so that nobody else gets it. */
static gli_status stage_automatic(gli_batch *batch, const gli_attribute *attributes, size_t count,
                                  gli_id *id_out, gli_error *error) {
  gli_graph *base = batch->base;
  gli_status status = gli__graph_write(base, error);
  if (status != GLI_OK) return status;
  int64_t of_base = 0, of_shadow = 0;
  status = gli__next_integer(base, &of_base, error);
  if (status == GLI_OK) status = gli__next_integer(batch->shadow, &of_shadow, error);
  if (status == GLI_OK) status = gli__graph_own_ids(base, error);
  if (status == GLI_OK) {
    const gli_id id = gli_id_int(of_base > of_shadow ? of_base : of_shadow);
    const gli__name name = {&id, gli__ids_hash(&id)};
    status = stage_node(batch, name, attributes, count, error);
    if (status == GLI_OK) {
      gli__ids_burn_integers(base->ids, (uint64_t)id.as.integer + 1);
      *id_out = id;
    }
  }
  gli__graph_write_done(base);
  return status;
}

gli_status gli_batch_add_node(gli_batch *batch, const gli_id *id, const gli_attribute *attributes,
                              size_t attribute_count, gli_id *id_out, gli_error *error) {
  gli_status status = gli__batch_check(batch, attributes, attribute_count, error);
  if (status == GLI_OK && id != NULL) status = gli__check_id(id, "id", error);
  if (status != GLI_OK) return status;
  gli_id given = gli_id_int(0);
  if (id == NULL) {
    status = stage_automatic(batch, attributes, attribute_count, &given, error);
  } else {
    given = *id;
    const gli__name name = {id, gli__ids_hash(id)};
    status = gli__batch_read(batch, error);
    if (status != GLI_OK) return status;
    status = stage_node(batch, name, attributes, attribute_count, error);
    gli__batch_read_done(batch);
  }
  if (status == GLI_OK && id_out != NULL) *id_out = given;
  return status;
}

gli_status gli_batch_update_node(gli_batch *batch, const gli_id *id,
                                 const gli_attribute *attributes, size_t attribute_count,
                                 gli_error *error) {
  gli_status status = gli__batch_check(batch, attributes, attribute_count, error);
  if (status == GLI_OK) status = gli__check_id(id, "id", error);
  if (status == GLI_OK) status = gli__batch_read(batch, error);
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  const gli__seen seen = gli__batch_see(batch, name);
  if (seen.shadow == GLI_NODE_NONE && seen.base == GLI_NODE_NONE) {
    status = gli__node_not_found(id, error);
  } else {
    status = stage_node(batch, name, attributes, attribute_count, error);
  }
  gli__batch_read_done(batch);
  return status;
}

/* Forget a base node's edges: each that the batch still saw goes with it. */
static gli_status remove_base_node(gli_batch *batch, gli__seen seen, gli_error *error) {
  gli_graph *base = batch->base;
  gli__memory *memory = base->memory;
  int64_t few[64], *slots = few;
  int64_t count = seen.base != GLI_NODE_NONE ? gli__list_slots(base, seen.base, slots, 64) : 0;
  const int64_t room = count;
  gli_status status = gli__map_reserve(&batch->removed_nodes, memory, 1, error);
  if (status == GLI_OK) status = gli__map_reserve(&batch->removed_edges, memory, count, error);
  if (status != GLI_OK) return status;
  if (count > 64) {
    slots = gli__allocate(memory, (size_t)room, sizeof *slots);
    if (slots == NULL) return gli__no_memory(error, "the edges of a node");
    count = gli__list_slots(base, seen.base, slots, room);
  }
  if (seen.shadow != GLI_NODE_NONE) status = gli__drop_node(batch->shadow, seen.shadow, error);
  if (status == GLI_OK) {
    for (int64_t k = 0; k < count; k++) {
      const gli_edge_id edge = gli__number_at(&base->sides[GLI_EDGES].numbers->map, slots[k]);
      if (!gli__map_has(&batch->removed_edges, edge)) {
        gli__map_put(&batch->removed_edges, edge, 0);
      }
    }
    gli__map_put(&batch->removed_nodes, seen.serial, 1);
  }
  if (slots != few) gli__release(memory, slots, (size_t)room, sizeof *slots);
  return status;
}

gli_status gli_batch_remove_node(gli_batch *batch, const gli_id *id, gli_error *error) {
  gli_status status = gli__check_id(id, "id", error);
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  if (!batch->base_was_empty) status = gli__graph_read_rows(batch->base, GLI_BOTH, error);
  if (status != GLI_OK) return status;
  const gli__seen seen = gli__batch_see(batch, name);
  const bool is_new = seen.shadow != GLI_NODE_NONE &&
                      (batch->base_was_empty || batch->notes[seen.shadow] == GLI__NOTE_NEW);
  if (seen.shadow == GLI_NODE_NONE && seen.base == GLI_NODE_NONE) {
    status = gli__node_not_found(id, error);
  } else if (is_new) {
    status = gli__drop_node(batch->shadow, seen.shadow, error);
  } else {
    status = remove_base_node(batch, seen, error);
    if (status == GLI_OK && seen.shadow != GLI_NODE_NONE) batch->reference_count--;
  }
  if (status == GLI_OK) gli__graph_changed(batch->shadow);
  gli__batch_read_done(batch);
  return status;
}

bool gli_batch_has_node(gli_batch *batch, const gli_id *id) {
  if (gli__check_id(id, "id", NULL) != GLI_OK) return false;
  const gli__name name = {id, gli__ids_hash(id)};
  if (gli__batch_read(batch, NULL) != GLI_OK) return false;
  const gli__seen seen = gli__batch_see(batch, name);
  gli__batch_read_done(batch);
  return seen.shadow != GLI_NODE_NONE || seen.base != GLI_NODE_NONE;
}

gli_status gli_batch_node_attributes(gli_batch *batch, const gli_id *id, gli_attribute *attributes,
                                     size_t capacity, size_t *count_out, gli_error *error) {
  gli_status status = gli__check_id(id, "id", error);
  if (status == GLI_OK) status = gli__batch_read(batch, error);
  if (status != GLI_OK) return status;
  const gli__name name = {id, gli__ids_hash(id)};
  const gli__seen seen = gli__batch_see(batch, name);
  if (seen.shadow == GLI_NODE_NONE && seen.base == GLI_NODE_NONE) {
    status = gli__node_not_found(id, error);
  } else if (seen.base == GLI_NODE_NONE) {
    *count_out = gli__list_attributes(batch->shadow, GLI_NODES, seen.shadow, attributes, capacity);
  } else {
    const bool is_staged = seen.shadow != GLI_NODE_NONE;
    const gli__map nothing = {.entries = NULL};
    *count_out = gli__batch_list(batch, GLI_NODES, seen.base, is_staged ? batch->shadow : NULL,
                                 is_staged ? seen.shadow : 0,
                                 is_staged ? &batch->erased_nodes : &nothing, attributes, capacity);
  }
  gli__batch_read_done(batch);
  return status;
}
