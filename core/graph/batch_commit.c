/* batch_commit.c: a batch happens, whole or not at all.
 *
 * Into a base that was empty and still is: the parts of shadow and base are exchanged, nothing is
 * copied and nothing can fail.
 *
 * Otherwise, under the base's exclusive lock: everything that the batch relies on is looked at
 * again if others changed the base meanwhile (each node that it names, each edge that it changes or
 * removes, each pair that it joins). Then nodes, attributes and edges are added, each with a way
 * back: columns a savepoint, ids a mark, nodes are taken back from the end; edges come last. What
 * is removed is prepared first, so that removing it, at the very end, cannot fail. A node that is
 * removed and added again stands twice for that moment, which ids and topology do not mind. */
#include "base/pool.h"
#include "graph/batch.h"

#define BLOCK 1024

typedef struct commit_work {
  gli_batch *batch;
  gli_graph *base, *shadow;
  int32_t *mapping; /* per shadow node: its index in the base, or GLI_NODE_NONE */
  size_t mapping_count;
  bool changed; /* others changed the base since the batch began */
  int64_t added_nodes;
  int64_t *removed_slots; /* edges that go: by themselves, and with their nodes (may come twice) */
  int64_t removed_count, removed_capacity;
  /* The way back. */
  gli__kept_columns kept[2];
  int kept_count;
  gli__ids_mark mark;
  int32_t node_limit;
} commit_work;

static bool is_staged(const gli_graph *shadow, int64_t index) {
  return gli__topology_node_alive(shadow->topology, (int32_t)index);
}

static int64_t note_of(const gli_batch *batch, int64_t index) {
  return batch->base_was_empty ? GLI__NOTE_NEW : batch->notes[index];
}

/* --- conflicts -------------------------------------------------------------------------------- */

static gli_status check_removals(const gli_batch *batch, gli_error *error) {
  const gli__map *nodes = &batch->removed_nodes, *edges = &batch->removed_edges;
  int64_t position = 0;
  for (int64_t at = 0; at < nodes->capacity; at++) {
    const int64_t serial = nodes->entries[at].key;
    if (serial < 0 || gli__position_of(batch->base, GLI_NODES, serial, &position, NULL) == GLI_OK) {
      continue;
    }
    return gli__fail(error, GLI_ERROR_CONFLICT,
                     "a node that the batch removes was removed by "
                     "others; nothing was applied");
  }
  for (int64_t at = 0; at < edges->capacity; at++) {
    const gli_edge_id edge = edges->entries[at].key;
    if (edge < 0 || edges->entries[at].value == 0 ||
        gli__position_of(batch->base, GLI_EDGES, edge, &position, NULL) == GLI_OK) {
      continue;
    }
    return gli__fail(error, GLI_ERROR_CONFLICT,
                     "edge %lld, which the batch removes, was removed by others; nothing was "
                     "applied",
                     (long long)edge);
  }
  return GLI_OK;
}

static gli_status check_patches(const gli_batch *batch, gli_error *error) {
  int64_t slot = 0;
  for (int64_t patch = 0; patch < batch->patch_count; patch++) {
    const gli_edge_id edge = batch->patched[patch];
    if (gli__position_of(batch->base, GLI_EDGES, edge, &slot, NULL) != GLI_OK) {
      return gli__fail(error, GLI_ERROR_CONFLICT,
                       "edge %lld, which the batch changes, was removed by others; nothing was "
                       "applied",
                       (long long)edge);
    }
  }
  return GLI_OK;
}

/* In a simple graph no pair that the batch joined (even if only for a while) may have an edge by
 * now. */
static gli_status check_pairs(const commit_work *work, gli_error *error) {
  const gli_graph *shadow = work->shadow, *base = work->base;
  if (base->multigraph || work->mapping == NULL) return GLI_OK;
  const int64_t limit = gli__topology_edge_limit(shadow->topology);
  for (int64_t slot = 0; slot < limit; slot++) {
    int32_t from = 0, to = 0;
    gli__topology_edge_ends(shadow->topology, slot, &from, &to);
    from = work->mapping[from];
    to = work->mapping[to];
    if (from == GLI_NODE_NONE || to == GLI_NODE_NONE) continue;
    const int64_t other = gli__topology_find_edge(base->topology, from, to);
    if (other < 0) continue;
    const gli_edge edge = gli__edge_at(base, other);
    if (gli__map_has(&work->batch->removed_edges, edge.id)) continue;
    char source[96], target[96];
    return gli__fail(error, GLI_ERROR_CONFLICT,
                     "others joined %s and %s by edge %lld; the batch promised another id; "
                     "nothing was applied",
                     gli_id_format(&edge.source, source, sizeof source),
                     gli_id_format(&edge.target, target, sizeof target), (long long)edge.id);
  }
  return GLI_OK;
}

/* Where a node of the shadow, dead or alive, is in the base. */
static gli_status map_node(commit_work *work, size_t k, gli_error *error) {
  const gli_batch *batch = work->batch;
  const gli_graph *base = work->base;
  const int64_t serial = note_of(batch, (int64_t)k);
  const gli_id id = gli__ids_get(work->shadow->ids, (int32_t)k);
  if (serial >= 0) {
    int64_t position = 0;
    if (gli__position_of(base, GLI_NODES, serial, &position, NULL) != GLI_OK) {
      char text[96];
      return gli__fail(error, GLI_ERROR_CONFLICT,
                       "node %s, which the batch relies on, was removed by others; nothing was "
                       "applied",
                       gli_id_format(&id, text, sizeof text));
    }
    work->mapping[k] = (int32_t)position;
  } else if (work->changed) {
    const gli__name name = {&id, gli__ids_hash(&id)};
    work->mapping[k] = gli__find_index(base, name);
  }
  return GLI_OK;
}

static int64_t serial_of(const gli_graph *base, int32_t index) {
  return gli__number_at(&base->sides[GLI_NODES].numbers->map, index);
}

/* Whether a node that the batch added came after the batch took its namesake in the base away. */
static bool succeeds_its_namesake(const commit_work *work, size_t k) {
  return work->mapping[k] != GLI_NODE_NONE && note_of(work->batch, (int64_t)k) == GLI__NOTE_NEW &&
         gli__map_has(&work->batch->removed_nodes, serial_of(work->base, work->mapping[k]));
}

/* Where the nodes of the shadow are in the base, before anything is applied; in the order in which
 * the batch named them. A node that the batch added and removed again, and that others added
 * meanwhile, is theirs no more: what the batch adds under this name later is another one. */
static gli_status map_nodes(commit_work *work, gli_error *error) {
  gli_batch *batch = work->batch;
  gli__memory *memory = work->base->memory;
  gli_status status = GLI_OK;
  if (work->mapping_count == 0) return GLI_OK;
  work->mapping = gli__allocate(memory, work->mapping_count, sizeof *work->mapping);
  if (work->mapping == NULL) return gli__no_memory(error, "the nodes of a batch");
  for (size_t k = 0; k < work->mapping_count && status == GLI_OK; k++) {
    work->mapping[k] = GLI_NODE_NONE;
    const bool staged = is_staged(work->shadow, (int64_t)k);
    if (staged || work->changed) status = map_node(work, k, error);
    if (status == GLI_OK && succeeds_its_namesake(work, k)) work->mapping[k] = GLI_NODE_NONE;
    if (status != GLI_OK || staged || work->mapping[k] == GLI_NODE_NONE) continue;
    status = gli__map_reserve(&batch->removed_nodes, memory, 1, error);
    if (status == GLI_OK) {
      gli__map_put(&batch->removed_nodes, serial_of(work->base, work->mapping[k]), 1);
    }
  }
  return status;
}

/* --- applying --------------------------------------------------------------------------------- */

/* All edges that the removals take away, as the base is now. */
static gli_status list_removed(commit_work *work, gli_error *error) {
  const gli_graph *base = work->base;
  const gli__map *nodes = &work->batch->removed_nodes, *edges = &work->batch->removed_edges;
  int64_t capacity = edges->count, position = 0;
  for (int64_t at = 0; at < nodes->capacity; at++) {
    if (nodes->entries[at].key < 0) continue;
    position = gli__number_find(&base->sides[GLI_NODES].numbers->map, nodes->entries[at].key);
    capacity += gli__list_slots(base, (int32_t)position, NULL, 0);
  }
  if (capacity == 0) return GLI_OK;
  work->removed_slots = gli__allocate(base->memory, (size_t)capacity, sizeof(int64_t));
  if (work->removed_slots == NULL) return gli__no_memory(error, "the removals of a batch");
  work->removed_capacity = capacity;
  for (int64_t at = 0; at < edges->capacity; at++) {
    if (edges->entries[at].key < 0 || edges->entries[at].value == 0) continue;
    work->removed_slots[work->removed_count++] =
        gli__number_find(&base->sides[GLI_EDGES].numbers->map, edges->entries[at].key);
  }
  for (int64_t at = 0; at < nodes->capacity; at++) {
    if (nodes->entries[at].key < 0) continue;
    position = gli__number_find(&base->sides[GLI_NODES].numbers->map, nodes->entries[at].key);
    work->removed_count +=
        gli__list_slots(base, (int32_t)position, work->removed_slots + work->removed_count,
                        capacity - work->removed_count);
  }
  return GLI_OK;
}

/* Everything about the removals that can fail. */
static gli_status prepare_removals(commit_work *work, gli_error *error) {
  gli_graph *base = work->base;
  const gli__map *nodes = &work->batch->removed_nodes;
  if (nodes->count == 0 && work->batch->removed_edges.count == 0) return GLI_OK;
  gli_status status = gli__topology_prepare_removals(base->topology, nodes->count > 0, error);
  if (status == GLI_OK) status = list_removed(work, error);
  for (int64_t k = 0; k < work->removed_count && status == GLI_OK; k++) {
    status = gli__prepare_unset(base, GLI_EDGES, work->removed_slots[k], error);
  }
  for (int64_t at = 0; at < nodes->capacity && status == GLI_OK; at++) {
    if (nodes->entries[at].key < 0) continue;
    const int64_t position =
        gli__number_find(&base->sides[GLI_NODES].numbers->map, nodes->entries[at].key);
    status = gli__prepare_unset(base, GLI_NODES, position, error);
  }
  return status;
}

/* Prepared for: none of this fails. */
static void remove_all(commit_work *work) {
  gli_graph *base = work->base;
  const gli__map *nodes = &work->batch->removed_nodes;
  for (int64_t k = 0; k < work->removed_count; k++) {
    const int64_t slot = work->removed_slots[k];
    if (!gli__topology_edge_alive(base->topology, slot)) continue;
    (void)gli__topology_remove_edge(base->topology, slot, NULL);
    gli__unset_all(base, GLI_EDGES, slot);
  }
  for (int64_t at = 0; at < nodes->capacity; at++) {
    if (nodes->entries[at].key < 0) continue;
    const int64_t position =
        gli__number_find(&base->sides[GLI_NODES].numbers->map, nodes->entries[at].key);
    (void)gli__topology_remove_node(base->topology, (int32_t)position, NULL);
    gli__unset_all(base, GLI_NODES, position);
  }
}

/* Nodes that the base lacks, in the order in which the batch named them first. */
static gli_status add_nodes(commit_work *work, gli_error *error) {
  gli_graph *base = work->base;
  gli__side *side = &base->sides[GLI_NODES];
  gli_status status = GLI_OK;
  for (size_t k = 0; k < work->mapping_count && status == GLI_OK; k++) {
    if (work->mapping[k] != GLI_NODE_NONE || !is_staged(work->shadow, (int64_t)k)) continue;
    const gli_id id = gli__ids_get(work->shadow->ids, (int32_t)k);
    const gli__name name = {&id, gli__ids_hash(&id)};
    status = gli__append_node(base, name, &work->mapping[k], error);
    work->added_nodes += status == GLI_OK;
  }
  if (status != GLI_OK || work->added_nodes == 0) return status;
  return gli__numbers_reserve(&side->numbers, side->numbers->next, work->added_nodes, true, error);
}

/* Values on their way into one column. */
typedef struct value_block {
  gli__column *column;
  int64_t count;
  int64_t positions[BLOCK];
  gli_value values[BLOCK];
} value_block;

static gli_status flush(value_block *block, gli_error *error) {
  const int64_t count = block->count;
  block->count = 0;
  if (count == 0) return GLI_OK;
  return gli__column_set_many(block->column, count, block->positions, GLI_VALUE_NESTED,
                              block->values, error);
}

static gli_status pass_on(value_block *block, int64_t position, gli_value value, gli_error *error) {
  block->positions[block->count] = position;
  block->values[block->count] = value;
  return ++block->count == BLOCK ? flush(block, error) : GLI_OK;
}

/* Where a row of the source graph goes to, or -1. */
typedef int64_t (*find_place)(const commit_work *work, int64_t row);

static int64_t place_of_node(const commit_work *work, int64_t row) {
  return is_staged(work->shadow, row) ? work->mapping[row] : -1;
}

static int64_t place_of_patch(const commit_work *work, int64_t row) {
  const gli_edge_id edge = work->batch->patched[row];
  int64_t slot = -1;
  if (gli__map_has(&work->batch->removed_edges, edge)) return -1;
  return gli__position_of(work->base, GLI_EDGES, edge, &slot, NULL) == GLI_OK ? slot : -1;
}

/* All values of one side of `source` into the base's columns. */
static gli_status write_values(commit_work *work, const gli_graph *source, gli_side side,
                               int64_t row_count, find_place place, gli_error *error) {
  gli_status status = GLI_OK;
  value_block *block = gli__allocate(work->base->memory, 1, sizeof *block);
  if (block == NULL) return gli__no_memory(error, "the attributes of a batch");
  block->count = 0;
  for (gli_key key = 0; key < source->sides[side].column_count && status == GLI_OK; key++) {
    const gli__column *from = source->sides[side].columns[key];
    if (from == NULL || gli__column_present_count(from) == 0) continue;
    status = gli__graph_column(work->base, side, key, &block->column, error);
    for (int64_t row = 0; row < row_count && status == GLI_OK; row++) {
      const gli_value value = gli__column_get(from, row);
      if (value.type == GLI_VALUE_ABSENT) continue;
      const int64_t position = place(work, row);
      if (position >= 0) status = pass_on(block, position, value, error);
    }
    if (status == GLI_OK) status = flush(block, error);
  }
  gli__release(work->base->memory, block, 1, sizeof *block);
  return status;
}

static gli_status erase_values(commit_work *work, gli_side side, const gli__map *erased,
                               find_place place, gli_error *error) {
  const gli_value absent = gli_value_absent();
  gli_status status = GLI_OK;
  for (int64_t at = 0; at < erased->capacity && status == GLI_OK; at++) {
    const gli__map_entry entry = erased->entries[at];
    if (entry.key < 0 || entry.value == 0) continue;
    const gli_key key = (gli_key)(entry.key & ((INT64_C(1) << 28) - 1));
    const int64_t position = place(work, entry.key >> 28);
    gli__column *column = gli__graph_find_column(work->base, side, key);
    if (position < 0 || column == NULL) continue;
    status = gli__graph_column(work->base, side, key, &column, error);
    if (status == GLI_OK) status = gli__column_set(column, position, &absent, error);
  }
  return status;
}

/* The staged edges, by indices of the base, in order. */
typedef struct edge_list {
  int32_t *from, *to;
  gli_edge_id *ids;
  int64_t *places; /* per shadow slot: its position in the base, or -1 */
  size_t count, limit;
} edge_list;

static gli_status list_edges(const commit_work *work, edge_list *list, gli_error *error) {
  const gli_graph *shadow = work->shadow;
  gli__memory *memory = work->base->memory;
  list->count = (size_t)gli__topology_edge_count(shadow->topology);
  list->limit = (size_t)gli__topology_edge_limit(shadow->topology);
  if (list->count == 0) return GLI_OK;
  list->from = gli__allocate(memory, list->count, sizeof *list->from);
  list->to = gli__allocate(memory, list->count, sizeof *list->to);
  list->ids = gli__allocate(memory, list->count, sizeof *list->ids);
  list->places = gli__allocate(memory, list->limit, sizeof *list->places);
  if (list->from == NULL || list->to == NULL || list->ids == NULL || list->places == NULL) {
    return gli__no_memory(error, "the edges of a batch");
  }
  const int64_t first = gli__topology_edge_limit(work->base->topology);
  size_t found = 0;
  for (size_t slot = 0; slot < list->limit; slot++) {
    list->places[slot] = -1;
    if (!gli__topology_edge_alive(shadow->topology, (int64_t)slot)) continue;
    int32_t from = 0, to = 0;
    gli__topology_edge_ends(shadow->topology, (int64_t)slot, &from, &to);
    list->from[found] = work->mapping[from];
    list->to[found] = work->mapping[to];
    list->ids[found] = gli__number_at(&shadow->sides[GLI_EDGES].numbers->map, (int64_t)slot);
    list->places[slot] = first + (int64_t)found++;
  }
  return GLI_OK;
}

static void free_edges(edge_list *list, gli__memory *memory) {
  gli__release(memory, list->from, list->count, sizeof *list->from);
  gli__release(memory, list->to, list->count, sizeof *list->to);
  gli__release(memory, list->ids, list->count, sizeof *list->ids);
  gli__release(memory, list->places, list->limit, sizeof *list->places);
}

static gli_status write_edge_values(commit_work *work, const edge_list *list, gli_error *error) {
  const gli__side *from_side = &work->shadow->sides[GLI_EDGES];
  gli_status status = GLI_OK;
  value_block *block = gli__allocate(work->base->memory, 1, sizeof *block);
  if (block == NULL) return gli__no_memory(error, "the attributes of a batch");
  block->count = 0;
  for (gli_key key = 0; key < from_side->column_count && status == GLI_OK; key++) {
    const gli__column *from = from_side->columns[key];
    if (from == NULL || gli__column_present_count(from) == 0) continue;
    status = gli__graph_column(work->base, GLI_EDGES, key, &block->column, error);
    for (size_t slot = 0; slot < list->limit && status == GLI_OK; slot++) {
      if (list->places[slot] < 0) continue;
      const gli_value value = gli__column_get(from, (int64_t)slot);
      if (value.type != GLI_VALUE_ABSENT) {
        status = pass_on(block, list->places[slot], value, error);
      }
    }
    if (status == GLI_OK) status = flush(block, error);
  }
  gli__release(work->base->memory, block, 1, sizeof *block);
  return status;
}

/* The last step that can fail: values, numbers and rows of the new edges. */
static gli_status add_edges(commit_work *work, gli_error *error) {
  edge_list list = {.count = 0};
  gli_run *run = NULL;
  gli__side *side = &work->base->sides[GLI_EDGES];
  int64_t added = 0;
  gli_status status = list_edges(work, &list, error);
  if (status != GLI_OK || list.count == 0) goto cleanup;
  status = write_edge_values(work, &list, error);
  if (status != GLI_OK) goto cleanup;
  const int64_t count = (int64_t)list.count;
  const bool consecutive = list.ids[count - 1] - list.ids[0] + 1 == count;
  status = gli__numbers_reserve(&side->numbers, list.ids[0], count, consecutive, error);
  if (status == GLI_OK) status = gli__run_begin(NULL, work->base->memory, &run, error);
  if (status != GLI_OK) goto cleanup;
  status = gli__topology_add_edges(work->base->topology, count, list.from, list.to, false, NULL,
                                   &added, run, error);
  gli__run_end(run);
  for (int64_t k = 0; k < added && status == GLI_OK; k++) {
    gli__numbers_push(side->numbers, list.ids[k]);
  }
cleanup:
  free_edges(&list, work->base->memory);
  return status;
}

/* --- all together ----------------------------------------------------------------------------- */

static gli_status keep_all(commit_work *work, gli_error *error) {
  gli_graph *base = work->base;
  gli_status status = gli__graph_own_ids(base, error);
  for (int side = 0; side < 2 && status == GLI_OK; side++) {
    status = gli__keep_columns(base, (gli_side)side, &work->kept[side], error);
    work->kept_count += status == GLI_OK;
  }
  work->mark = gli__ids_get_mark(base->ids);
  work->node_limit = gli__topology_node_limit(base->topology);
  return status;
}

static void end_all(commit_work *work, bool commit) {
  gli_graph *base = work->base;
  for (int side = 0; side < work->kept_count; side++) {
    gli__end_columns(base, (gli_side)side, &work->kept[side], commit);
  }
  if (commit) {
    gli__numbers *serials = base->sides[GLI_NODES].numbers;
    gli__numbers_push_many(serials, serials->next, work->added_nodes);
    /* Ids that came and went within the batch count as used, as they do without one. */
    gli__ids_burn_integers(base->ids, gli__ids_get_mark(work->shadow->ids).next_integer);
    remove_all(work);
    return;
  }
  while (gli__topology_node_limit(base->topology) > work->node_limit) {
    gli__topology_remove_last_node(base->topology);
  }
  if (work->kept_count == 2) gli__ids_rollback(base->ids, work->mark);
}

static gli_status apply(commit_work *work, gli_error *error) {
  gli_batch *batch = work->batch;
  gli_status status = keep_all(work, error);
  if (status == GLI_OK) status = prepare_removals(work, error);
  if (status == GLI_OK) status = add_nodes(work, error);
  if (status == GLI_OK) {
    status = write_values(work, work->shadow, GLI_NODES, (int64_t)work->mapping_count,
                          place_of_node, error);
  }
  if (status == GLI_OK) {
    status = erase_values(work, GLI_NODES, &batch->erased_nodes, place_of_node, error);
  }
  if (status == GLI_OK && batch->patches != NULL) {
    status =
        write_values(work, batch->patches, GLI_EDGES, batch->patch_count, place_of_patch, error);
  }
  if (status == GLI_OK) {
    status = erase_values(work, GLI_EDGES, &batch->erased_edges, place_of_patch, error);
  }
  if (status == GLI_OK) status = add_edges(work, error);
  end_all(work, status == GLI_OK);
  gli__release(work->base->memory, work->removed_slots, (size_t)work->removed_capacity,
               sizeof(int64_t));
  return status;
}

/* The base is empty: it becomes the shadow. Nothing can fail. */
static void adopt(gli_batch *batch) {
  gli_graph *base = batch->base, *shadow = batch->shadow;
  gli__numbers *serials = shadow->sides[GLI_NODES].numbers;
  gli__numbers *edges = shadow->sides[GLI_EDGES].numbers;
  const gli__numbers *old_serials = base->sides[GLI_NODES].numbers;
  const gli__numbers *old_edges = base->sides[GLI_EDGES].numbers;
  gli__ids_burn_integers(shadow->ids, gli__ids_get_mark(base->ids).next_integer);
  serials->map.offset = old_serials->next;
  serials->next = old_serials->next + serials->map.count;
  if (old_edges->next > edges->next) edges->next = old_edges->next;
  gli__graph_swap(base, shadow);
}

static bool is_nothing(const gli_batch *batch) {
  return gli__topology_node_limit(batch->shadow->topology) == 0 && batch->patch_count == 0 &&
         batch->removed_nodes.count == 0 && batch->removed_edges.count == 0;
}

static gli_status commit_locked(gli_batch *batch, gli_error *error) {
  gli_graph *base = batch->base;
  if (is_nothing(batch)) return GLI_OK;
  gli__graph_changing(base);
  if (batch->base_was_empty && gli__topology_node_count(base->topology) == 0) {
    adopt(batch);
  } else {
    commit_work work = {.batch = batch, .base = base, .shadow = batch->shadow};
    work.mapping_count = (size_t)gli__topology_node_limit(batch->shadow->topology);
    work.changed = gli_graph_version(base) != batch->base_version;
    gli_status status = work.changed ? check_removals(batch, error) : GLI_OK;
    if (status == GLI_OK && work.changed) status = check_patches(batch, error);
    if (status == GLI_OK) status = map_nodes(&work, error);
    if (status == GLI_OK && work.changed) status = check_pairs(&work, error);
    if (status == GLI_OK) status = apply(&work, error);
    gli__release(base->memory, work.mapping, work.mapping_count, sizeof *work.mapping);
    if (status != GLI_OK) return status;
  }
  gli__graph_renumber_if_worth(base);
  gli__graph_changed(base);
  return GLI_OK;
}

gli_status gli_batch_commit(gli_batch *batch, gli_error *error) {
  gli_graph *base = batch->base;
  gli_status status = gli__graph_write(base, error);
  if (status == GLI_OK) {
    status = commit_locked(batch, error);
    gli__batch_return_edge_ids(batch);
    gli__graph_write_done(base);
  }
  gli__batch_free(batch);
  return status;
}
