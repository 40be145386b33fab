/* graph.c: the life of a graph, its lock, its sizes.
 *
 * The lock. Every function takes the graph's lock once, shared or exclusive: uncontended two atomic
 * operations, some 10 ns, against 120 ns and more for one cache miss of the look-up behind it. Why
 * not read points without a lock: a reader walks ids, row records, the arena and column chunks, and
 * the writer moves each of these (a row that outgrows its block, a chunk that is promoted, records
 * that are renumbered) and gives the old memory back at once. To do that beside readers takes
 * epochs or hazard pointers on each step, which cost a reader the same two ordered operations, and
 * make the writer keep garbage. Who wants to read without a lock takes a snapshot.
 *
 * Sharing. A copy shares ids, topology, columns and the store with its original until either
 * changes: columns and topology know by their own reference counts; ids are append-only, so two
 * graphs that both want to append cannot share them, and gli__sharing counts the graphs (not the
 * snapshots, which only read). */
#include "graph/graph.h"

gli_status gli__graph_read(gli_graph *graph, gli_error *error) {
  gli__lock_shared(&graph->lock);
  if (GLI__LIKELY(!gli__lock_is_orphaned(&graph->lock))) return GLI_OK;
  gli__unlock_shared(&graph->lock);
  return gli__fail(error, GLI_ERROR_BUSY,
                   "another thread was writing this graph when the process forked; the child "
                   "cannot use it");
}

gli_status gli__graph_write(gli_graph *graph, gli_error *error) {
  gli__lock_exclusive(&graph->lock);
  if (GLI__LIKELY(!gli__lock_is_orphaned(&graph->lock))) return GLI_OK;
  gli__unlock_exclusive(&graph->lock);
  return gli__fail(error, GLI_ERROR_BUSY,
                   "another thread was writing this graph when the process forked; the child "
                   "cannot use it");
}

gli_status gli_graph_read_begin(gli_graph *graph, gli_error *error) {
  return gli__graph_read(graph, error);
}

void gli_graph_read_end(gli_graph *graph) {
  gli__graph_read_done(graph);
}

void gli__graph_changed(gli_graph *graph) {
  const uint64_t version = atomic_load_explicit(&graph->version, memory_order_relaxed);
  atomic_store_explicit(&graph->version, version + 1, memory_order_relaxed);
  atomic_store_explicit(&graph->node_count, gli__topology_node_count(graph->topology),
                        memory_order_relaxed);
  atomic_store_explicit(&graph->edge_count, gli__topology_edge_count(graph->topology),
                        memory_order_relaxed);
}

/* --- life ------------------------------------------------------------------------------------- */

static void leave_ids(gli_graph *graph) {
  gli__sharing *sharing = graph->ids_sharing;
  graph->ids_sharing = NULL;
  if (sharing != NULL &&
      atomic_fetch_sub_explicit(&sharing->graphs, 1, memory_order_acq_rel) == 1) {
    gli__release(graph->memory, sharing, 1, sizeof *sharing);
  }
}

static void free_side(gli__memory *memory, gli__side *side) {
  for (gli_key key = 0; key < side->column_count; key++) {
    if (side->columns[key] != NULL) gli__column_free(side->columns[key]);
  }
  gli__release(memory, side->columns, side->column_count, sizeof(gli__column *));
  gli__numbers_free(side->numbers);
}

void gli_graph_free(gli_graph *graph) {
  if (graph == NULL) return;
  gli__memory *memory = graph->memory;
  gli__graph_changing(graph);
  for (int side = 0; side < 2; side++)
    free_side(memory, &graph->sides[side]);
  leave_ids(graph);
  if (graph->topology != NULL) gli__topology_free(graph->topology);
  if (graph->ids != NULL) gli__ids_free(graph->ids);
  if (graph->store != NULL) gli__store_free(graph->store);
  gli__keys_free(graph->keys);
  gli__release(memory, graph, 1, sizeof *graph);
  gli__memory_free(memory);
}

/* A graph without parts. */
static gli_status make_shell(gli__memory *memory, gli__keys *keys, bool directed, bool multigraph,
                             gli_graph **graph_out, gli_error *error) {
  gli_graph *graph = gli__allocate_zeroed(memory, 1, sizeof *graph);
  if (graph == NULL) return gli__no_memory(error, "a graph");
  graph->memory = gli__memory_retain(memory);
  graph->keys = gli__keys_retain(keys);
  graph->directed = directed;
  graph->multigraph = multigraph;
  gli__lock_init(&graph->lock);
  atomic_init(&graph->version, 0);
  atomic_init(&graph->node_count, 0);
  atomic_init(&graph->edge_count, 0);
  atomic_init(&graph->key_count, gli__keys_count(keys));
  *graph_out = graph;
  return GLI_OK;
}

gli_status gli__graph_make(gli__memory *memory, gli__keys *keys, bool directed, bool multigraph,
                           gli_graph **graph_out, gli_error *error) {
  gli_graph *graph = NULL;
  gli_status status = make_shell(memory, keys, directed, multigraph, &graph, error);
  if (status != GLI_OK) return status;
  status = gli__ids_create(memory, &graph->ids, error);
  if (status == GLI_OK) {
    status = gli__topology_create(memory, directed, &graph->topology, error);
  }
  if (status == GLI_OK) status = gli__store_create(memory, &graph->store, error);
  for (int side = 0; side < 2 && status == GLI_OK; side++) {
    status = gli__numbers_create(memory, &graph->sides[side].numbers, error);
  }
  if (status != GLI_OK) {
    gli_graph_free(graph);
    return status;
  }
  *graph_out = graph;
  return GLI_OK;
}

gli_status gli_graph_create(const gli_graph_options *options, gli_graph **graph_out,
                            gli_error *error) {
  gli_graph_options chosen = GLI_GRAPH_OPTIONS_INIT;
  if (graph_out == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "graph_out is NULL");
  }
  if (options != NULL) {
    if (options->struct_size != sizeof chosen) {
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "options->struct_size is %zu; expected sizeof(gli_graph_options), %zu",
                       options->struct_size, sizeof chosen);
    }
    chosen = *options;
  }
  const gli_allocator *allocator = chosen.allocator;
  if (allocator == NULL) allocator = gli_allocator_default();
  if (allocator->allocate == NULL || allocator->reallocate == NULL || allocator->release == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "options->allocator lacks a function; all three are needed");
  }
  gli__memory *memory = gli__memory_create(allocator);
  if (memory == NULL) return gli__no_memory(error, "a graph");
  gli__keys *keys = NULL;
  gli_status status = gli__keys_create(memory, &keys, error);
  if (status == GLI_OK) {
    status = gli__graph_make(memory, keys, chosen.directed, chosen.multigraph, graph_out, error);
  }
  gli__keys_free(keys);
  gli__memory_free(memory);
  return status;
}

/* The columns of a side, shared. */
static gli_status share_side(gli_graph *graph, gli_graph *copy, gli_side which, gli_error *error) {
  const gli__side *from = &graph->sides[which];
  gli__side *to = &copy->sides[which];
  gli_status status = gli__numbers_clone(from->numbers, &to->numbers, error);
  if (status != GLI_OK || from->column_count == 0) return status;
  to->columns = gli__allocate_zeroed(graph->memory, from->column_count, sizeof *to->columns);
  if (to->columns == NULL) return gli__no_memory(error, "a copy of a graph");
  to->column_count = from->column_count;
  for (gli_key key = 0; key < from->column_count; key++) {
    if (from->columns[key] != NULL) to->columns[key] = gli__column_retain(from->columns[key]);
  }
  return GLI_OK;
}

static gli_status share_ids(gli_graph *graph, gli_graph *copy, gli_error *error) {
  if (graph->ids_sharing == NULL) {
    gli__sharing *sharing = gli__allocate(graph->memory, 1, sizeof *sharing);
    if (sharing == NULL) return gli__no_memory(error, "a copy of a graph");
    atomic_init(&sharing->graphs, 1);
    graph->ids_sharing = sharing;
  }
  atomic_fetch_add_explicit(&graph->ids_sharing->graphs, 1, memory_order_relaxed);
  copy->ids_sharing = graph->ids_sharing;
  copy->ids = gli__ids_retain(graph->ids);
  return GLI_OK;
}

gli_status gli_graph_copy(gli_graph *graph, gli_graph **copy_out, gli_error *error) {
  gli_graph *copy = NULL;
  gli_status status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  status = make_shell(graph->memory, graph->keys, graph->directed, graph->multigraph, &copy, error);
  if (status != GLI_OK) goto cleanup;
  copy->store = gli__store_retain(graph->store);
  status = gli__topology_clone(graph->topology, &copy->topology, error);
  for (int side = 0; side < 2 && status == GLI_OK; side++) {
    status = share_side(graph, copy, (gli_side)side, error);
  }
  if (status == GLI_OK) status = share_ids(graph, copy, error);
  if (status != GLI_OK) goto cleanup;
  gli__graph_changed(copy);
  atomic_store_explicit(&copy->version, atomic_load_explicit(&graph->version, memory_order_relaxed),
                        memory_order_relaxed);
  *copy_out = copy;
  copy = NULL;
cleanup:
  gli__graph_write_done(graph);
  gli_graph_free(copy);
  return status;
}

gli_status gli__graph_own_ids(gli_graph *graph, gli_error *error) {
  if (GLI__LIKELY(graph->ids_sharing == NULL)) return GLI_OK;
  if (atomic_load_explicit(&graph->ids_sharing->graphs, memory_order_acquire) > 1) {
    gli__ids *own = NULL;
    const gli_status status = gli__ids_clone(graph->ids, &own, error);
    if (status != GLI_OK) return status;
    gli__ids_free(graph->ids);
    graph->ids = own;
  }
  leave_ids(graph);
  return GLI_OK;
}

#define GLI__SWAP(type, left, right) \
  do {                               \
    type kept_ = (left);             \
    (left) = (right);                \
    (right) = kept_;                 \
  } while (0)

void gli__graph_swap(gli_graph *left, gli_graph *right) {
  GLI__SWAP(gli__ids *, left->ids, right->ids);
  GLI__SWAP(gli__sharing *, left->ids_sharing, right->ids_sharing);
  GLI__SWAP(gli__topology *, left->topology, right->topology);
  gli__topology_swap_lineages(left->topology, right->topology);
  GLI__SWAP(gli__store *, left->store, right->store);
  for (int side = 0; side < 2; side++) {
    GLI__SWAP(gli__side, left->sides[side], right->sides[side]);
  }
}

gli_status gli_graph_clear(gli_graph *graph, gli_error *error) {
  gli_graph *empty = NULL;
  gli__numbers *numbers[2] = {NULL, NULL};
  gli__ids *ids = NULL;
  gli_status status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  status = gli__graph_make(graph->memory, graph->keys, graph->directed, graph->multigraph, &empty,
                           error);
  for (int side = 0; side < 2 && status == GLI_OK; side++) {
    status = gli__numbers_gather(graph->sides[side].numbers, NULL, 0, &numbers[side], error);
  }
  if (status == GLI_OK) status = gli__ids_gather(graph->ids, NULL, 0, &ids, error);
  if (status != GLI_OK) goto cleanup;
  for (int side = 0; side < 2; side++) {
    GLI__SWAP(gli__numbers *, empty->sides[side].numbers, numbers[side]);
  }
  GLI__SWAP(gli__ids *, empty->ids, ids);
  gli__graph_changing(graph);
  gli__graph_swap(graph, empty);
  graph->renumber_at = 0;
  gli__graph_changed(graph);
cleanup:
  gli__graph_write_done(graph);
  gli__numbers_free(numbers[0]);
  gli__numbers_free(numbers[1]);
  if (ids != NULL) gli__ids_free(ids);
  gli_graph_free(empty);
  return status;
}

/* --- counting --------------------------------------------------------------------------------- */

bool gli_graph_is_directed(const gli_graph *graph) {
  return graph->directed;
}

bool gli_graph_is_multigraph(const gli_graph *graph) {
  return graph->multigraph;
}

int64_t gli_graph_node_count(const gli_graph *graph) {
  return atomic_load_explicit(&graph->node_count, memory_order_relaxed);
}

int64_t gli_graph_edge_count(const gli_graph *graph) {
  return atomic_load_explicit(&graph->edge_count, memory_order_relaxed);
}

uint64_t gli_graph_version(const gli_graph *graph) {
  return atomic_load_explicit(&graph->version, memory_order_relaxed);
}

static int64_t side_bytes(const gli__side *side) {
  int64_t bytes = (int64_t)(side->column_count * sizeof(gli__column *));
  for (gli_key key = 0; key < side->column_count; key++) {
    if (side->columns[key] != NULL) bytes += gli__column_bytes(side->columns[key]);
  }
  return bytes;
}

void gli_graph_memory_usage(gli_graph *graph, gli_memory_usage *usage_out) {
  gli_memory_usage usage = {.struct_size = sizeof usage};
  if (gli__graph_read(graph, NULL) == GLI_OK) {
    usage.ids_bytes = gli__ids_bytes(graph->ids) + gli__numbers_bytes(graph->sides[0].numbers);
    usage.topology_bytes =
        gli__topology_bytes(graph->topology) + gli__numbers_bytes(graph->sides[1].numbers);
    usage.node_columns_bytes = side_bytes(&graph->sides[0]);
    usage.edge_columns_bytes = side_bytes(&graph->sides[1]);
    usage.values_bytes = gli__store_bytes(graph->store);
    usage.total_bytes = usage.ids_bytes + usage.topology_bytes + usage.node_columns_bytes +
                        usage.edge_columns_bytes + usage.values_bytes +
                        gli__keys_bytes(graph->keys) +
                        (int64_t)(sizeof *graph + sizeof *graph->memory);
    gli__graph_read_done(graph);
  }
  *usage_out = usage;
}

/* --- attribute names -------------------------------------------------------------------------- */

gli_status gli_graph_key(gli_graph *graph, const char *name, size_t name_size_bytes,
                         gli_key *key_out, gli_error *error) {
  const gli_key known = gli_graph_find_key(graph, name, name_size_bytes);
  if (known != GLI_KEY_NONE) {
    *key_out = known;
    return GLI_OK;
  }
  gli_status status = gli__graph_write(graph, error);
  if (status != GLI_OK) return status;
  status = gli__keys_add(&graph->keys, name, name_size_bytes, key_out, error);
  atomic_store_explicit(&graph->key_count, gli__keys_count(graph->keys), memory_order_relaxed);
  gli__graph_write_done(graph);
  return status;
}

gli_key gli_graph_find_key(gli_graph *graph, const char *name, size_t name_size_bytes) {
  if (gli__graph_read(graph, NULL) != GLI_OK) return GLI_KEY_NONE;
  const gli_key key = gli__keys_find(graph->keys, name, name_size_bytes);
  gli__graph_read_done(graph);
  return key;
}

const char *gli_graph_key_name(gli_graph *graph, gli_key key, size_t *size_bytes_out) {
  if (gli__graph_read(graph, NULL) != GLI_OK) return NULL;
  const char *name = gli__keys_name(graph->keys, key, size_bytes_out);
  gli__graph_read_done(graph);
  return name;
}

gli_key gli_graph_key_count(gli_graph *graph) {
  return atomic_load_explicit(&graph->key_count, memory_order_relaxed);
}
