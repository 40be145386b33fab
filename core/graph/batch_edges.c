/* batch_edges.c: edges of a batch. */
#include "graph/batch.h"

/* Make sure that an edge id is at hand. One at a time, so that ids stay consecutive whoever else
 * writes meanwhile; the base's lock costs some nanoseconds, blocks of ids saved them and left gaps.
 */
static gli_status need_edge_id(gli_batch *batch, gli_error *error) {
  if (GLI__LIKELY(batch->next_edge < batch->edge_end)) return GLI_OK;
  gli_graph *base = batch->base;
  const gli_status status = gli__graph_write(base, error);
  if (status != GLI_OK) return status;
  gli__numbers *numbers = base->sides[GLI_EDGES].numbers;
  batch->next_edge = numbers->next;
  batch->edge_end = ++numbers->next;
  gli__graph_write_done(base);
  return GLI_OK;
}

/* The patch of a base edge, made when there is none. */
static gli_status need_patch(gli_batch *batch, gli_edge_id edge, int64_t *patch_out,
                             gli_error *error) {
  gli__memory *memory = batch->base->memory;
  *patch_out = gli__map_get(&batch->patch_of, edge, -1);
  if (*patch_out >= 0) return GLI_OK;
  gli_status status = GLI_OK;
  if (batch->patches == NULL) {
    status = gli__graph_make(memory, batch->shadow->keys, true, false, &batch->patches, error);
    if (status != GLI_OK) return status;
  }
  status = gli__map_reserve(&batch->patch_of, memory, 1, error);
  if (status != GLI_OK) return status;
  if (batch->patch_count == batch->patch_capacity) {
    const int64_t capacity = batch->patch_capacity * 2 + 16;
    gli_edge_id *patched = gli__reallocate(memory, batch->patched, (size_t)batch->patch_capacity,
                                           (size_t)capacity, sizeof *patched);
    if (patched == NULL) return gli__no_memory(error, "the patches of a batch");
    batch->patched = patched;
    batch->patch_capacity = capacity;
  }
  *patch_out = batch->patch_count++;
  batch->patched[*patch_out] = edge;
  gli__map_put(&batch->patch_of, edge, *patch_out);
  return GLI_OK;
}

static gli_status patch_edge(gli_batch *batch, gli_edge_id edge, const gli_attribute *attributes,
                             size_t count, gli_error *error) {
  int64_t patch = 0;
  const gli_status status = need_patch(batch, edge, &patch, error);
  if (status != GLI_OK) return status;
  return gli__batch_overlay(batch->patches, GLI_EDGES, patch, &batch->erased_edges, attributes,
                            count, error);
}

/* Put an end into the shadow if it is not there: a reference to the base's node, or a new one. */
static gli_status stage_end(gli_batch *batch, gli__name name, gli__seen *seen, int *created,
                            gli_error *error) {
  if (seen->shadow != GLI_NODE_NONE) return GLI_OK;
  const gli_status status = gli__append_node(batch->shadow, name, &seen->shadow, error);
  if (status != GLI_OK) return status;
  batch->notes[seen->shadow] = seen->base != GLI_NODE_NONE ? seen->serial : GLI__NOTE_NEW;
  ++*created;
  return GLI_OK;
}

/* A new edge of a batch that looks at its base. */
static gli_status stage_between(gli_batch *batch, gli__name source, gli__name target,
                                gli__seen from, gli__seen to, const gli_attribute *attributes,
                                size_t count, gli_error *error) {
  gli_graph *shadow = batch->shadow;
  gli__side *side = &shadow->sides[GLI_NODES];
  const int32_t limit = gli__topology_node_limit(shadow->topology);
  int created = 0;
  int64_t slot = 0;
  gli_status status = gli__batch_need_notes(batch, 2, error);
  if (status == GLI_OK) {
    status = gli__numbers_reserve(&side->numbers, side->numbers->next, 2, true, error);
  }
  if (status == GLI_OK) status = stage_end(batch, source, &from, &created, error);
  if (status == GLI_OK) {
    if (to.shadow == GLI_NODE_NONE && gli_id_same(source.id, target.id)) to = from;
    status = stage_end(batch, target, &to, &created, error);
  }
  if (status != GLI_OK) {
    for (; created > 0; created--)
      gli__take_back_node(shadow);
    return status;
  }
  status = gli__join(shadow, from.shadow, to.shadow, created, attributes, count, batch->next_edge,
                     &slot, error);
  if (status != GLI_OK) return status;
  for (int32_t index = limit; index < limit + created; index++) {
    batch->reference_count += batch->notes[index] != GLI__NOTE_NEW;
  }
  return GLI_OK;
}

/* The same where the base was empty: the shadow alone knows. */
static gli_status stage_alone(gli_batch *batch, gli__name source, gli__name target,
                              const gli_attribute *attributes, size_t count, gli_edge_id *edge_out,
                              gli_error *error) {
  int64_t slot = 0;
  bool added = false;
  const gli_status status = gli__put_edge(batch->shadow, source, target, attributes, count,
                                          batch->next_edge, &slot, &added, error);
  if (status != GLI_OK) return status;
  if (added) batch->next_edge++;
  *edge_out = gli__number_at(&batch->shadow->sides[GLI_EDGES].numbers->map, slot);
  gli__graph_changed(batch->shadow);
  return GLI_OK;
}

/* In a simple graph an edge that is there is changed, in the shadow or by a patch. */
static gli_status stage_edge(gli_batch *batch, gli__name source, gli__name target,
                             const gli_attribute *attributes, size_t count, gli_edge_id *edge_out,
                             gli_error *error) {
  gli_graph *shadow = batch->shadow, *base = batch->base;
  gli__seen from, to;
  int64_t shadow_slot = -1, base_slot = -1;
  gli__batch_see_pair(batch, source, target, &from, &to);
  if (!base->multigraph) gli__batch_find_pair(batch, from, to, &shadow_slot, &base_slot);
  gli_edge_id edge = batch->next_edge;
  gli_status status = GLI_OK;
  if (base_slot >= 0) {
    edge = gli__number_at(&base->sides[GLI_EDGES].numbers->map, base_slot);
    status = patch_edge(batch, edge, attributes, count, error);
  } else if (shadow_slot >= 0) {
    edge = gli__number_at(&shadow->sides[GLI_EDGES].numbers->map, shadow_slot);
    status = gli__set_some(shadow, GLI_EDGES, shadow_slot, attributes, count, error);
  } else {
    status = stage_between(batch, source, target, from, to, attributes, count, error);
    if (status == GLI_OK) {
      batch->next_edge++;
      gli__graph_changed(shadow);
    }
  }
  if (status == GLI_OK) *edge_out = edge;
  return status;
}

gli_status gli_batch_add_edge(gli_batch *batch, const gli_id *source, const gli_id *target,
                              const gli_attribute *attributes, size_t attribute_count,
                              gli_edge_id *edge_out, gli_error *error) {
  gli_status status = gli__batch_check(batch, attributes, attribute_count, error);
  if (status == GLI_OK) status = gli__check_pair(source, target, error);
  if (status != GLI_OK) return status;
  const gli__name from = {source, gli__ids_hash(source)}, to = {target, gli__ids_hash(target)};
  gli_edge_id edge = GLI_EDGE_NONE;
  status = need_edge_id(batch, error);
  if (status != GLI_OK) return status;
  if (batch->base_was_empty) {
    status = stage_alone(batch, from, to, attributes, attribute_count, &edge, error);
  } else {
    status = gli__graph_read(batch->base, error);
    if (status != GLI_OK) return status;
    status = stage_edge(batch, from, to, attributes, attribute_count, &edge, error);
    gli__graph_read_done(batch->base);
  }
  /* An edge that was there already leaves its id to others, who may write before the next one. */
  if (GLI__UNLIKELY(batch->next_edge < batch->edge_end)) gli__batch_leave_edge_ids(batch);
  if (status == GLI_OK && edge_out != NULL) *edge_out = edge;
  return status;
}

/* The slot of a staged edge, or -1. */
static int64_t staged_slot(const gli_batch *batch, gli_edge_id edge) {
  int64_t slot = 0;
  return gli__position_of(batch->shadow, GLI_EDGES, edge, &slot, NULL) == GLI_OK ? slot : -1;
}

gli_status gli_batch_update_edge(gli_batch *batch, gli_edge_id edge,
                                 const gli_attribute *attributes, size_t attribute_count,
                                 gli_error *error) {
  gli_status status = gli__batch_check(batch, attributes, attribute_count, error);
  if (status == GLI_OK) status = gli__batch_read(batch, error);
  if (status != GLI_OK) return status;
  const int64_t slot = staged_slot(batch, edge);
  if (slot >= 0) {
    status = gli__set_some(batch->shadow, GLI_EDGES, slot, attributes, attribute_count, error);
  } else if (gli__batch_base_slot(batch, edge) >= 0) {
    status = patch_edge(batch, edge, attributes, attribute_count, error);
  } else {
    status = gli__edge_not_found(edge, error);
  }
  gli__batch_read_done(batch);
  return status;
}

gli_status gli_batch_remove_edge(gli_batch *batch, gli_edge_id edge, gli_error *error) {
  gli_status status = gli__batch_read(batch, error);
  if (status != GLI_OK) return status;
  const int64_t slot = staged_slot(batch, edge);
  if (slot >= 0) {
    status = gli__drop_edge(batch->shadow, slot, error);
    if (status == GLI_OK) gli__graph_changed(batch->shadow);
  } else if (gli__batch_base_slot(batch, edge) >= 0) {
    status = gli__map_reserve(&batch->removed_edges, batch->base->memory, 1, error);
    if (status == GLI_OK) gli__map_put(&batch->removed_edges, edge, 1);
  } else {
    status = gli__edge_not_found(edge, error);
  }
  gli__batch_read_done(batch);
  return status;
}

gli_status gli_batch_find_edge(gli_batch *batch, const gli_id *source, const gli_id *target,
                               gli_edge_id *edge_out, gli_error *error) {
  gli_status status = gli__check_pair(source, target, error);
  if (status == GLI_OK) status = gli__batch_read(batch, error);
  if (status != GLI_OK) return status;
  const gli__name from = {source, gli__ids_hash(source)}, to = {target, gli__ids_hash(target)};
  gli__seen seen_from, seen_to;
  int64_t shadow_slot = -1, base_slot = -1;
  gli__batch_see_pair(batch, from, to, &seen_from, &seen_to);
  if (!gli__batch_find_pair(batch, seen_from, seen_to, &shadow_slot, &base_slot)) {
    status = gli__pair_not_found(source, target, error);
  } else if (shadow_slot >= 0) {
    *edge_out = gli__number_at(&batch->shadow->sides[GLI_EDGES].numbers->map, shadow_slot);
  } else {
    *edge_out = gli__number_at(&batch->base->sides[GLI_EDGES].numbers->map, base_slot);
  }
  gli__batch_read_done(batch);
  return status;
}

gli_status gli_batch_get_edge(gli_batch *batch, gli_edge_id edge, gli_edge *edge_out,
                              gli_error *error) {
  gli_status status = gli__batch_read(batch, error);
  if (status != GLI_OK) return status;
  const int64_t slot = staged_slot(batch, edge);
  const int64_t base_slot = slot < 0 ? gli__batch_base_slot(batch, edge) : -1;
  if (slot >= 0) {
    *edge_out = gli__edge_at(batch->shadow, slot);
  } else if (base_slot >= 0) {
    *edge_out = gli__edge_at(batch->base, base_slot);
  } else {
    status = gli__edge_not_found(edge, error);
  }
  gli__batch_read_done(batch);
  return status;
}

gli_status gli_batch_edge_attributes(gli_batch *batch, gli_edge_id edge, gli_attribute *attributes,
                                     size_t capacity, size_t *count_out, gli_error *error) {
  gli_status status = gli__batch_read(batch, error);
  if (status != GLI_OK) return status;
  const int64_t slot = staged_slot(batch, edge);
  const int64_t base_slot = slot < 0 ? gli__batch_base_slot(batch, edge) : -1;
  if (slot >= 0) {
    *count_out = gli__list_attributes(batch->shadow, GLI_EDGES, slot, attributes, capacity);
  } else if (base_slot >= 0) {
    const int64_t patch = gli__map_get(&batch->patch_of, edge, -1);
    const gli__map nothing = {.entries = NULL};
    *count_out = gli__batch_list(
        batch, GLI_EDGES, base_slot, patch >= 0 ? batch->patches : NULL, patch >= 0 ? patch : 0,
        patch >= 0 ? &batch->erased_edges : &nothing, attributes, capacity);
  } else {
    status = gli__edge_not_found(edge, error);
  }
  gli__batch_read_done(batch);
  return status;
}
