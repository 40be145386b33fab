/* graph.h: the inside of a gli_graph, for the files of core/graph.
 *
 * A graph composes five parts: ids (id <-> index), topology (rows), columns (per side and key), the
 * store (contents of strings and nested values) and numbers (serials of nodes, ids of edges). Node
 * index == position in ids, topology, node columns and node numbers; edge slot likewise.
 *
 * Functions here with a double underscore expect the lock to be held: exclusively where they change
 * something, else shared. */
#ifndef GLI_GRAPH_GRAPH_H
#define GLI_GRAPH_GRAPH_H

#include <gli/graph.h>

#include "base/error.h"
#include "graph/snapshot.h"

typedef struct gli__side {
  gli__column **columns; /* [column_count], by key; NULL entries: never set */
  gli_key column_count;
  gli__numbers *numbers;
} gli__side;

/* How many graphs share one gli__ids: who is not alone clones before adding. */
typedef struct gli__sharing {
  _Atomic int64_t graphs;
} gli__sharing;

struct gli_graph {
  gli__lock lock;
  bool directed, multigraph;
  gli__memory *memory; /* shared with copies, batches and snapshots */
  gli__ids *ids;
  gli__sharing *ids_sharing; /* NULL: nobody shares them */
  gli__topology *topology;
  gli__store *store;
  gli__keys *keys;
  gli__side sides[2];               /* by gli_side */
  gli_snapshot *cached;             /* of the present state, or NULL */
  int32_t last_source, last_target; /* of the last edge put in: a guess at the next one's */
  int64_t renumber_at; /* holes below which another try at renumbering is not worth it */
  /* Read without the lock. */
  _Atomic uint64_t version;
  _Atomic int64_t node_count, edge_count;
  _Atomic uint32_t key_count;
};

/* --- the lock: graph.c ------------------------------------------------------------------------ */

/* GLI_ERROR_BUSY, and no lock, where a fork interrupted a writer. */
gli_status gli__graph_read(gli_graph *graph, gli_error *error);
gli_status gli__graph_write(gli_graph *graph, gli_error *error);
static inline void gli__graph_read_done(gli_graph *graph) {
  gli__unlock_shared(&graph->lock);
}
static inline void gli__graph_write_done(gli_graph *graph) {
  gli__unlock_exclusive(&graph->lock);
}

/* Before a change: lets the cached snapshot go, so that nobody but the user shares our buffers. */
static inline void gli__graph_changing(gli_graph *graph) {
  if (GLI__UNLIKELY(graph->cached != NULL)) {
    gli_snapshot_free(graph->cached);
    graph->cached = NULL;
  }
}
/* After a change. */
void gli__graph_changed(gli_graph *graph);
/* An empty graph that shares `memory` and `keys` (retained). */
gli_status gli__graph_make(gli__memory *memory, gli__keys *keys, bool directed, bool multigraph,
                           gli_graph **graph_out, gli_error *error);
/* Make the ids ours alone before adding. */
gli_status gli__graph_own_ids(gli_graph *graph, gli_error *error);
/* Exchange all content (ids, topology, store, columns, numbers) of two graphs. */
void gli__graph_swap(gli_graph *left, gli_graph *right);

/* --- attributes.c ----------------------------------------------------------------------------- */

gli_status gli__check_attributes_slow(const gli_graph *graph, const gli_attribute *attributes,
                                      size_t count, gli_error *error);
/* Known keys and values that point nowhere. */
static inline bool gli__attributes_are_plain(const gli_attribute *attributes, size_t count,
                                             gli_key key_count) {
  if (attributes == NULL) return count == 0;
  for (size_t k = 0; k < count; k++) {
    if (attributes[k].key >= key_count || attributes[k].value.type >= GLI_VALUE_STRING)
      return false;
  }
  return true;
}
static inline gli_status gli__check_attributes(const gli_graph *graph,
                                               const gli_attribute *attributes, size_t count,
                                               gli_error *error) {
  if (GLI__LIKELY(gli__attributes_are_plain(
          attributes, count, atomic_load_explicit(&graph->key_count, memory_order_relaxed))))
    return GLI_OK;
  return gli__check_attributes_slow(graph, attributes, count, error);
}
/* The column of a key, created when it is missing, owned. */
gli_status gli__graph_column(gli_graph *graph, gli_side side, gli_key key, gli__column **column_out,
                             gli_error *error);
static inline gli__column *gli__graph_find_column(const gli_graph *graph, gli_side side,
                                                  gli_key key) {
  return key < graph->sides[side].column_count ? graph->sides[side].columns[key] : NULL;
}
/* Attributes of a position that has none yet. On failure it has none. */
gli_status gli__set_new(gli_graph *graph, gli_side side, int64_t position,
                        const gli_attribute *attributes, size_t count, gli_error *error);
void gli__unset_new(gli_graph *graph, gli_side side, int64_t position,
                    const gli_attribute *attributes, size_t count);
/* Attributes of a position that may have some. All or nothing. */
gli_status gli__set_some(gli_graph *graph, gli_side side, int64_t position,
                         const gli_attribute *attributes, size_t count, gli_error *error);
/* Removing all values of a position: first make sure that it cannot fail, then do it. */
gli_status gli__prepare_unset(gli_graph *graph, gli_side side, int64_t position, gli_error *error);
void gli__unset_all(gli_graph *graph, gli_side side, int64_t position);
/* Write up to `capacity` attributes of a position, in key order; returns how many there are. */
size_t gli__list_attributes(const gli_graph *graph, gli_side side, int64_t position,
                            gli_attribute *attributes, size_t capacity);
/* A savepoint of a side's columns: while it is kept, writing clones the chunks that it touches, and
 * ending it puts the columns back as they were, or lets the old ones go. */
typedef struct gli__kept_columns {
  gli__column **columns;
  gli_key count;
} gli__kept_columns;
gli_status gli__keep_columns(gli_graph *graph, gli_side side, gli__kept_columns *kept_out,
                             gli_error *error);
void gli__end_columns(gli_graph *graph, gli_side side, gli__kept_columns *kept, bool commit);
/* The position behind a serial or edge id, if it is alive. */
gli_status gli__position_of(const gli_graph *graph, gli_side side, int64_t number,
                            int64_t *position_out, gli_error *error);

/* --- nodes.c, edges.c ------------------------------------------------------------------------- */

/* What a call looks an id up by: the id and its hash, taken outside of the lock. */
typedef struct gli__name {
  const gli_id *id;
  uint64_t hash;
} gli__name;

static inline int32_t gli__find_index(const gli_graph *graph, gli__name name) {
  return gli__ids_find(graph->ids, name.id, name.hash, gli__topology_node_limit(graph->topology),
                       gli__topology_node_bits(graph->topology));
}
gli_status gli__refuse_id(const gli_id *id, const char *argument, gli_error *error);
static inline gli_status gli__check_id(const gli_id *id, const char *argument, gli_error *error) {
  if (GLI__LIKELY(id != NULL &&
                  (id->kind == GLI_ID_INT || (id->kind == GLI_ID_TEXT && id->as.text != NULL)))) {
    return GLI_OK;
  }
  return gli__refuse_id(id, argument, error);
}
/* Both ends of an edge; their texts, which lie anywhere, come from memory side by side. */
static inline gli_status gli__check_pair(const gli_id *source, const gli_id *target,
                                         gli_error *error) {
  GLI__PREFETCH(target);
  gli_status status = gli__check_id(source, "source", error);
  if (GLI__UNLIKELY(status != GLI_OK)) return status;
  if (source->kind == GLI_ID_TEXT) GLI__PREFETCH(source->as.text);
  status = gli__check_id(target, "target", error);
  if (GLI__LIKELY(status == GLI_OK) && target->kind == GLI_ID_TEXT) {
    GLI__PREFETCH(target->as.text);
  }
  return status;
}
gli_status gli__node_not_found(const gli_id *id, gli_error *error);
gli_status gli__edge_not_found(gli_edge_id edge, gli_error *error);
gli_status gli__pair_not_found(const gli_id *source, const gli_id *target, gli_error *error);
gli_status gli__find_node(const gli_graph *graph, gli__name name, int32_t *index_out,
                          gli_error *error);
/* The next automatic id. */
gli_status gli__next_integer(const gli_graph *graph, int64_t *integer_out, gli_error *error);
/* Append a node without attributes that is not there; its serial must have been reserved. */
gli_status gli__append_node(gli_graph *graph, gli__name name, int32_t *index_out, gli_error *error);
/* Take back the last node, which has no edge and no attribute. */
void gli__take_back_node(gli_graph *graph);
/* Add or merge. */
gli_status gli__put_node(gli_graph *graph, gli__name name, const gli_attribute *attributes,
                         size_t count, int32_t *index_out, bool *added_out, gli_error *error);
gli_status gli__drop_node(gli_graph *graph, int32_t index, gli_error *error);
/* A new edge between two indices; the last `created` nodes are its ends, made for it: their serials
 * (reserved) are pushed with the edge, and they are taken back with it on failure. */
gli_status gli__join(gli_graph *graph, int32_t from, int32_t to, int created,
                     const gli_attribute *attributes, size_t count, gli_edge_id number,
                     int64_t *slot_out, gli_error *error);
/* `number`: the id of a new edge, or GLI_EDGE_NONE for the next one. */
gli_status gli__put_edge(gli_graph *graph, gli__name source, gli__name target,
                         const gli_attribute *attributes, size_t count, gli_edge_id number,
                         int64_t *slot_out, bool *added_out, gli_error *error);
gli_status gli__drop_edge(gli_graph *graph, int64_t slot, gli_error *error);
/* The newest edge between two nodes: its slot, or -1. */
int64_t gli__find_slot(const gli_graph *graph, gli__name source, gli__name target);
gli_edge gli__edge_at(const gli_graph *graph, int64_t slot);

/* --- rows.c ----------------------------------------------------------------------------------- */

/* The shared lock, with the in rows there if the direction asks for them. */
gli_status gli__graph_read_rows(gli_graph *graph, gli_direction direction, gli_error *error);
/* The slots of a node's edges, out row then in row (a directed loop comes twice); needs the in
 * rows. At most `capacity` are written; returns how many there are. */
int64_t gli__list_slots(const gli_graph *graph, int32_t index, int64_t *slots, int64_t capacity);

/* --- renumber.c ------------------------------------------------------------------------------- */

/* Squeeze the holes out now. On failure nothing changed. */
gli_status gli__graph_renumber(gli_graph *graph, gli_error *error);
/* The same if it pays; without memory it is left for later. */
void gli__graph_renumber_if_worth(gli_graph *graph);

/* --- snapshot.c ------------------------------------------------------------------------------- */

/* An empty snapshot, to be filled. */
gli_status gli__snapshot_make(gli__memory *memory, gli_snapshot **snapshot_out, gli_error *error);
/* The snapshot of the present state, cached; a new reference. */
gli_status gli__graph_freeze(gli_graph *graph, gli_snapshot **snapshot_out, gli_error *error);

#endif
