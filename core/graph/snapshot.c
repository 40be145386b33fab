/* snapshot.c: the frozen graph: making it, its parts by name.
 *
 * Making one costs what gli__topology_freeze costs (the degrees of the rows touched since the
 * last), plus a reference per column. The graph keeps it until its next change, so an unchanged
 * graph gives the same object; and lets go of it before that change, so that the change finds the
 * buffers unshared unless the user holds the snapshot. */
#include "graph/snapshot.h"
#include "graph/copies.h"

#include "base/error.h"
#include "graph/graph.h"

/* --- life ------------------------------------------------------------------------------------- */

gli_snapshot *gli_snapshot_retain(gli_snapshot *snapshot) {
  if (snapshot != NULL) atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
  return snapshot;
}

static void free_weights(gli__memory *memory, gli__weights *weights) {
  while (weights != NULL) {
    gli__weights *next = weights->next;
    gli__release(memory, weights->by_edge, (size_t)weights->edge_count, sizeof(double));
    for (int k = 0; k < 4; k++) {
      const gli__row_weights *made = &weights->by_row[k / 2][k % 2];
      gli__release(memory, made->items, (size_t)made->count, sizeof(double));
    }
    gli__release(memory, weights, 1, sizeof *weights);
    weights = next;
  }
}

void gli_snapshot_free(gli_snapshot *snapshot) {
  if (snapshot == NULL) return;
  if (atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) != 1) return;
  gli__memory *memory = snapshot->memory;
  free_weights(memory, snapshot->weights);
  gli__snapshot_free_ascending(snapshot);
  for (int which = 0; which < 2; which++) {
    gli__snapshot_side *side = &snapshot->sides[which];
    for (gli_key key = 0; key < side->column_count; key++) {
      if (side->columns[key] != NULL) gli__column_free(side->columns[key]);
    }
    gli__release(memory, side->columns, side->column_count, sizeof(gli__column *));
    gli__numbers_free(side->numbers);
  }
  if (snapshot->frozen != NULL) gli__frozen_free(snapshot->frozen);
  if (snapshot->ids != NULL) gli__ids_free(snapshot->ids);
  if (snapshot->store != NULL) gli__store_free(snapshot->store);
  gli__keys_free(snapshot->keys);
  gli__release(memory, snapshot, 1, sizeof *snapshot);
  gli__memory_free(memory);
}

gli_status gli__snapshot_make(gli__memory *memory, gli_snapshot **snapshot_out, gli_error *error) {
  gli_snapshot *snapshot = gli__allocate_zeroed(memory, 1, sizeof *snapshot);
  if (snapshot == NULL) return gli__no_memory(error, "a snapshot");
  atomic_init(&snapshot->references, 1);
  gli__lock_init(&snapshot->lock);
  snapshot->memory = gli__memory_retain(memory);
  *snapshot_out = snapshot;
  return GLI_OK;
}

static gli_status hold_side(const gli_graph *graph, gli_snapshot *snapshot, int which,
                            gli_error *error) {
  const gli__side *from = &graph->sides[which];
  gli__snapshot_side *to = &snapshot->sides[which];
  to->numbers = gli__numbers_retain(from->numbers);
  to->map = from->numbers->map;
  if (from->column_count == 0) return GLI_OK;
  to->columns = gli__allocate_zeroed(graph->memory, from->column_count, sizeof *to->columns);
  if (to->columns == NULL) return gli__no_memory(error, "a snapshot");
  to->column_count = from->column_count;
  for (gli_key key = 0; key < from->column_count; key++) {
    if (from->columns[key] != NULL) to->columns[key] = gli__column_retain(from->columns[key]);
  }
  return GLI_OK;
}

/* Batches take numbers of the graph, and give them back, without a change of it: the counters of
 * the snapshot that is handed out again follow. Written only when they moved; others may read them.
 */
static gli_snapshot *hand_out(const gli_graph *graph) {
  gli_snapshot *snapshot = gli_snapshot_retain(graph->cached);
  const uint64_t next_integer = gli__ids_get_mark(graph->ids).next_integer;
  const int64_t next_edge = graph->sides[GLI_EDGES].numbers->next;
  if (atomic_load_explicit(&snapshot->next_integer, memory_order_relaxed) != next_integer)
    atomic_store_explicit(&snapshot->next_integer, next_integer, memory_order_relaxed);
  if (atomic_load_explicit(&snapshot->next_edge, memory_order_relaxed) != next_edge)
    atomic_store_explicit(&snapshot->next_edge, next_edge, memory_order_relaxed);
  return snapshot;
}

gli_status gli__graph_freeze(gli_graph *graph, gli_snapshot **snapshot_out, gli_error *error) {
  if (graph->cached == NULL) {
    gli_snapshot *snapshot = NULL;
    gli_status status = gli__snapshot_make(graph->memory, &snapshot, error);
    if (status == GLI_OK) status = gli__topology_freeze(graph->topology, &snapshot->frozen, error);
    for (int which = 0; which < 2 && status == GLI_OK; which++) {
      status = hold_side(graph, snapshot, which, error);
    }
    if (status != GLI_OK) {
      gli_snapshot_free(snapshot);
      return status;
    }
    snapshot->ids = gli__ids_retain(graph->ids);
    snapshot->store = gli__store_retain(graph->store);
    snapshot->keys = gli__keys_retain(graph->keys);
    snapshot->version = atomic_load_explicit(&graph->version, memory_order_relaxed);
    snapshot->multigraph = graph->multigraph;
    graph->cached = snapshot;
  }
  *snapshot_out = hand_out(graph);
  return GLI_OK;
}

gli_status gli_graph_snapshot(gli_graph *graph, gli_snapshot **snapshot_out, gli_error *error) {
  gli_status status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  gli_snapshot *snapshot = graph->cached != NULL ? hand_out(graph) : NULL;
  gli__graph_read_done(graph);
  if (snapshot == NULL) {
    status = gli__graph_write(graph, error);
    if (status != GLI_OK) return status;
    status = gli__graph_freeze(graph, &snapshot, error);
    gli__graph_write_done(graph);
  }
  if (status == GLI_OK) *snapshot_out = snapshot;
  return status;
}

/* --- parts ------------------------------------------------------------------------------------ */

gli__memory *gli__snapshot_memory(gli_snapshot *snapshot) {
  return snapshot->memory;
}

gli__frozen *gli__snapshot_frozen(const gli_snapshot *snapshot) {
  return snapshot->frozen;
}

gli__column_mark gli__snapshot_column_mark(const gli_snapshot *snapshot, gli_side side,
                                           const char *attribute) {
  const gli_key key = gli_snapshot_find_key(snapshot, attribute, strlen(attribute));
  const gli__column *column = gli__snapshot_column(snapshot, side, key);
  if (column == NULL) return (gli__column_mark){0};
  return (gli__column_mark){.column = column, .version = gli__column_version(column)};
}

bool gli_snapshot_is_directed(const gli_snapshot *snapshot) {
  return gli__frozen_is_directed(snapshot->frozen);
}

bool gli_snapshot_is_multigraph(const gli_snapshot *snapshot) {
  return snapshot->multigraph;
}

uint64_t gli_snapshot_version(const gli_snapshot *snapshot) {
  return snapshot->version;
}

int64_t gli_snapshot_node_count(const gli_snapshot *snapshot) {
  return gli__frozen_node_count(snapshot->frozen);
}

int64_t gli_snapshot_edge_count(const gli_snapshot *snapshot) {
  return gli__frozen_edge_count(snapshot->frozen);
}

int32_t gli_snapshot_node_limit(const gli_snapshot *snapshot) {
  return gli__frozen_node_limit(snapshot->frozen);
}

int64_t gli_snapshot_edge_limit(const gli_snapshot *snapshot) {
  return gli__frozen_edge_limit(snapshot->frozen);
}

const uint64_t *gli_snapshot_node_bits(const gli_snapshot *snapshot) {
  return gli__frozen_node_bits(snapshot->frozen);
}

const uint64_t *gli_snapshot_edge_bits(const gli_snapshot *snapshot) {
  return gli__frozen_edge_bits(snapshot->frozen);
}

gli_rows gli_snapshot_out_rows(const gli_snapshot *snapshot) {
  return gli__frozen_out_rows(snapshot->frozen);
}

bool gli_snapshot_in_rows_pay(gli_snapshot *snapshot, int64_t entries_saved) {
  return gli__frozen_in_rows_pay(snapshot->frozen, entries_saved);
}

gli_status gli_snapshot_in_rows(gli_snapshot *snapshot, gli_rows *rows_out, gli_error *error) {
  return gli__frozen_in_rows(snapshot->frozen, rows_out, error);
}

void gli_snapshot_edge_ends(const gli_snapshot *snapshot, const int32_t **sources_out,
                            const int32_t **targets_out) {
  gli__frozen_edge_ends(snapshot->frozen, sources_out, targets_out);
}

gli_status gli_snapshot_simple_rows(gli_snapshot *snapshot, gli_simple_rows *rows_out,
                                    gli_error *error) {
  return gli__frozen_simple_rows(snapshot->frozen, rows_out, error);
}

/* --- ids and attributes ----------------------------------------------------------------------- */

gli_id gli_snapshot_node_id(const gli_snapshot *snapshot, int32_t index) {
  return snapshot->ids != NULL ? gli__ids_get(snapshot->ids, index) : gli_id_int(index);
}

#define AHEAD 16

void gli_snapshot_node_ids(const gli_snapshot *snapshot, int64_t count, const int64_t *nodes,
                           gli_id *ids_out) {
  if (snapshot->ids == NULL) {
    for (int64_t k = 0; k < count; k++)
      ids_out[k] = gli_id_int(nodes[k]);
    return;
  }
  for (int64_t k = -AHEAD; k < count; k++) {
    if (k + AHEAD < count) gli__ids_prefetch(snapshot->ids, (int32_t)nodes[k + AHEAD]);
    if (k >= 0) ids_out[k] = gli__ids_get(snapshot->ids, (int32_t)nodes[k]);
  }
}

int32_t gli_snapshot_find_node(const gli_snapshot *snapshot, const gli_id *id) {
  const int32_t limit = gli__frozen_node_limit(snapshot->frozen);
  if (id == NULL) return GLI_NODE_NONE;
  if (snapshot->ids != NULL) {
    return gli__ids_find(snapshot->ids, id, gli__ids_hash(id), limit,
                         gli__frozen_node_bits(snapshot->frozen));
  }
  if (id->kind != GLI_ID_INT || id->as.integer < 0 || id->as.integer >= limit) return GLI_NODE_NONE;
  return (int32_t)id->as.integer;
}

gli_edge_id gli_snapshot_edge_id(const gli_snapshot *snapshot, int64_t slot) {
  return gli__number_at(&snapshot->sides[GLI_EDGES].map, slot);
}

int64_t gli_snapshot_find_edge(const gli_snapshot *snapshot, gli_edge_id edge) {
  const int64_t slot = gli__number_find(&snapshot->sides[GLI_EDGES].map, edge);
  return slot >= 0 && gli_bit(gli__frozen_edge_bits(snapshot->frozen), slot) ? slot : -1;
}

gli_key gli_snapshot_find_key(const gli_snapshot *snapshot, const char *name,
                              size_t name_size_bytes) {
  return gli__keys_find(snapshot->keys, name, name_size_bytes);
}

gli_value gli_snapshot_value(const gli_snapshot *snapshot, gli_side side, gli_key key,
                             int64_t position) {
  const gli__column *column = gli__snapshot_column(snapshot, side, key);
  return column != NULL ? gli__column_get(column, position) : gli_value_absent();
}
