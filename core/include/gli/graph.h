/** @file graph.h
 *  @brief The mutable property graph: nodes, edges, attributes, batches.
 *
 *  Ids and indices. A node has an id (yours, for ever) and an index (ours, dense, int32). An edge
 *  has an id (int64, handed out by the graph, never used twice). Functions here speak of ids;
 *  indices are for snapshots and bulk work, and are valid within one snapshot only.
 *
 *  Threads. Any number of threads may read one graph while one writes: every function here takes
 *  the graph's lock, shared or exclusive, for as short as it can. Algorithms run on snapshots and
 *  hold no lock. What is borrowed from a graph (text of ids and values) is valid until its next
 *  change; hold a snapshot to keep it.
 *
 *  Failure. A call that fails leaves the graph as it was.
 *
 *  Fork. A child may use the graphs that it inherits. If another thread was changing one at the
 *  moment of the fork, calls on it in the child fail with GLI_ERROR_BUSY (those that return no
 *  status find nothing).
 */
#ifndef GLI_GRAPH_H
#define GLI_GRAPH_H

#include <gli/control.h>
#include <gli/id.h>
#include <gli/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gli_graph gli_graph;
typedef struct gli_snapshot gli_snapshot;

/** Nodes or edges: which side an attribute stands on. */
typedef enum gli_side { GLI_NODES = 0, GLI_EDGES = 1 } gli_side;

typedef enum gli_direction { GLI_OUT = 0, GLI_IN = 1, GLI_BOTH = 2 } gli_direction;

/** An attribute name known to a graph; nodes and edges share the names. Valid as long as the graph
 *  (and in its copies). Naming a key once saves a look-up per value. */
typedef uint32_t gli_key;
#define GLI_KEY_NONE UINT32_MAX

/** An attribute with its value. A value of type GLI_VALUE_ABSENT removes the attribute. */
typedef struct gli_attribute {
  gli_key key;
  gli_value value;
} gli_attribute;

typedef int64_t gli_edge_id;
#define GLI_EDGE_NONE ((gli_edge_id)-1)
#define GLI_NODE_NONE ((int32_t)-1)

typedef struct gli_graph_options {
  size_t struct_size;             /**< sizeof(gli_graph_options) */
  bool directed;                  /**< default true */
  bool multigraph;                /**< default false: one edge per pair, a second one merges */
  const gli_allocator *allocator; /**< NULL: gli_allocator_default(); copied */
} gli_graph_options;
#define GLI_GRAPH_OPTIONS_INIT \
  { .struct_size = sizeof(gli_graph_options), .directed = true }

/** @name Life */
/** @{ */
/** @brief An empty graph. @param options NULL for the defaults. */
GLI_API gli_status gli_graph_create(const gli_graph_options *options, gli_graph **graph_out,
                                    gli_error *error);
/** @brief Give the graph back. Snapshots of it live on until they are freed. NULL is legal. */
GLI_API void gli_graph_free(gli_graph *graph);
/** @brief A graph of its own with the same content; memory is shared until either changes. */
GLI_API gli_status gli_graph_copy(gli_graph *graph, gli_graph **copy_out, gli_error *error);
/** @brief Remove every node and edge. Attribute names and used-up edge ids stay used. */
GLI_API gli_status gli_graph_clear(gli_graph *graph, gli_error *error);
GLI_API bool gli_graph_is_directed(const gli_graph *graph);
GLI_API bool gli_graph_is_multigraph(const gli_graph *graph);
/** @} */

/** @name Counting */
/** @{ */
GLI_API int64_t gli_graph_node_count(const gli_graph *graph);
GLI_API int64_t gli_graph_edge_count(const gli_graph *graph);
/** @brief Grows with every change of content (not with the making of snapshots or indexes). */
GLI_API uint64_t gli_graph_version(const gli_graph *graph);
/** Where the bytes of a graph are. What snapshots hold alone is not counted. */
typedef struct gli_memory_usage {
  size_t struct_size;
  int64_t ids_bytes;      /**< ids and their hash table */
  int64_t topology_bytes; /**< rows, arena, edge ends, pair index */
  int64_t node_columns_bytes;
  int64_t edge_columns_bytes;
  int64_t values_bytes; /**< interned strings and nested values */
  int64_t total_bytes;  /**< all that the graph holds from its allocator */
} gli_memory_usage;
GLI_API void gli_graph_memory_usage(gli_graph *graph, gli_memory_usage *usage_out);
/** @} */

/** @name Reading several things as one
 *  Between the two, other threads may read the graph and nobody changes it, so what was borrowed
 *  stays valid. Functions that read may be called in between, functions that change it never
 * return. */
/** @{ */
/** @retval GLI_ERROR_BUSY  a fork interrupted a writer: the child cannot use this graph. */
GLI_API gli_status gli_graph_read_begin(gli_graph *graph, gli_error *error);
/** @brief By the thread that began. */
GLI_API void gli_graph_read_end(gli_graph *graph);
/** @} */

/** @name Attribute names */
/** @{ */
/** @brief The key of a name, made on first use. Names are non-empty UTF-8 without NUL bytes. */
GLI_API gli_status gli_graph_key(gli_graph *graph, const char *name, size_t name_size_bytes,
                                 gli_key *key_out, gli_error *error);
/** @brief The key of a name if it is known, else GLI_KEY_NONE. */
GLI_API gli_key gli_graph_find_key(gli_graph *graph, const char *name, size_t name_size_bytes);
/** @brief The name of a key, terminated; valid as long as the graph. */
GLI_API const char *gli_graph_key_name(gli_graph *graph, gli_key key, size_t *size_bytes_out);
/** @brief How many names are known: keys are 0 .. count-1, in the order they were first seen. */
GLI_API gli_key gli_graph_key_count(gli_graph *graph);
/** @} */

/** @name Nodes */
/** @{ */
/** @brief Add a node, or merge attributes into the one that has this id.
 *  @param id         NULL: the integer above every integer id used so far, from 0.
 *  @param id_out     the node's id; text is borrowed from `id`. May be NULL.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  text that is not UTF-8.
 *  @retval GLI_ERROR_LIMIT             2^31 - 1 nodes are there, or no integer above is left. */
GLI_API gli_status gli_graph_add_node(gli_graph *graph, const gli_id *id,
                                      const gli_attribute *attributes, size_t attribute_count,
                                      gli_id *id_out, gli_error *error);
/** @brief Set attributes of a node that is there. @retval GLI_ERROR_NODE_NOT_FOUND */
GLI_API gli_status gli_graph_update_node(gli_graph *graph, const gli_id *id,
                                         const gli_attribute *attributes, size_t attribute_count,
                                         gli_error *error);
/** @brief Remove a node and its edges: O(degree). Directed: needs the in-side, built on first need.
 */
GLI_API gli_status gli_graph_remove_node(gli_graph *graph, const gli_id *id, gli_error *error);
GLI_API bool gli_graph_has_node(gli_graph *graph, const gli_id *id);

/** A node's serial number: never used twice within a graph, so a node that was removed and added
 *  again under the same id is another one. A look-up by serial costs no hashing. */
typedef int64_t gli_serial;
#define GLI_SERIAL_NONE ((gli_serial)-1)

/** @brief Find a node once; the serial is good until the node is removed. */
GLI_API gli_status gli_graph_find_node(gli_graph *graph, const gli_id *id, gli_serial *serial_out,
                                       gli_error *error);
/** @brief The id of a serial. @retval GLI_ERROR_NODE_NOT_FOUND it was removed. */
GLI_API gli_status gli_graph_node_id(gli_graph *graph, gli_serial serial, gli_id *id_out,
                                     gli_error *error);
/** @brief One attribute of a node (by serial) or edge (by edge id): the shortest way in.
 *  @retval GLI_ERROR_NODE_NOT_FOUND, GLI_ERROR_EDGE_NOT_FOUND  it was removed. */
GLI_API gli_status gli_graph_value(gli_graph *graph, gli_side side, int64_t number, gli_key key,
                                   gli_value *value_out, gli_error *error);
/** @brief Set attributes of a node (by serial) or edge (by edge id). */
GLI_API gli_status gli_graph_update(gli_graph *graph, gli_side side, int64_t number,
                                    const gli_attribute *attributes, size_t attribute_count,
                                    gli_error *error);
/** @brief All attributes of a node (by serial) or edge (by edge id), in key order; at most
 *  `capacity` are written. @param count_out how many there are. */
GLI_API gli_status gli_graph_attributes(gli_graph *graph, gli_side side, int64_t number,
                                        gli_attribute *attributes, size_t capacity,
                                        size_t *count_out, gli_error *error);
/** @brief One attribute of a node. Absent: GLI_OK with type GLI_VALUE_ABSENT.
 *  Borrowed bytes are valid until the next change. */
GLI_API gli_status gli_graph_node_value(gli_graph *graph, const gli_id *id, gli_key key,
                                        gli_value *value_out, gli_error *error);
/** @} */

/** @name Edges */
/** @{ */
/** What stands behind an edge id. Text of ids is borrowed until the next change. */
typedef struct gli_edge {
  gli_edge_id id;
  gli_id source;
  gli_id target;
} gli_edge;

/** @brief Add an edge; ends that are not there are created. In a simple graph an existing edge is
 *  found and its attributes are merged. @param edge_out the edge's id; may be NULL. */
GLI_API gli_status gli_graph_add_edge(gli_graph *graph, const gli_id *source, const gli_id *target,
                                      const gli_attribute *attributes, size_t attribute_count,
                                      gli_edge_id *edge_out, gli_error *error);
/** @brief The edge between two nodes (multigraph: the newest).
 *  @retval GLI_ERROR_EDGE_NOT_FOUND  also when an end is not there. */
GLI_API gli_status gli_graph_find_edge(gli_graph *graph, const gli_id *source, const gli_id *target,
                                       gli_edge_id *edge_out, gli_error *error);
GLI_API gli_status gli_graph_get_edge(gli_graph *graph, gli_edge_id edge, gli_edge *edge_out,
                                      gli_error *error);
GLI_API bool gli_graph_has_edge(gli_graph *graph, const gli_id *source, const gli_id *target);
GLI_API bool gli_graph_has_edge_id(gli_graph *graph, gli_edge_id edge);
/** @brief Remove an edge: O(1), its row entries are skipped until the next snapshot sweeps them. */
GLI_API gli_status gli_graph_remove_edge(gli_graph *graph, gli_edge_id edge, gli_error *error);
/** @} */

/** @name Rows */
/** @{ */
/** Called for each entry of a row, in insertion order of the edges, under the graph's shared lock:
 *  it must not call back into the graph. Return false to stop. */
typedef bool (*gli_row_visitor)(void *context, const gli_id *neighbor, int32_t neighbor_index,
                                gli_edge_id edge);
/** @brief Visit a node's edges. GLI_BOTH: out row, then in row. Undirected: the one row. */
GLI_API gli_status gli_graph_visit_row(gli_graph *graph, const gli_id *id, gli_direction direction,
                                       gli_row_visitor visitor, void *context, gli_error *error);
/** @brief Number of edge ends; an undirected self-loop counts 2, a directed one 1 out and 1 in. */
GLI_API gli_status gli_graph_degree(gli_graph *graph, const gli_id *id, gli_direction direction,
                                    int64_t *degree_out, gli_error *error);
/** @} */

/** @name Many at once
 *  All or nothing; ids may be ints (an array) or any mix. */
/** @{ */
/** A column of values to set on the nodes or edges of a bulk call, one per item. */
typedef struct gli_bulk_column {
  gli_key key;
  uint32_t type; /**< GLI_VALUE_BOOL (uint8), GLI_VALUE_INT64, GLI_VALUE_FLOAT64, or
                      GLI_VALUE_NESTED: `data` is an array of gli_value of any types, where an
                      absent one leaves what is there */
  const void *data;
} gli_bulk_column;

/** @brief Add many nodes. Either `ids` or `int_ids` is given; with neither, automatic ids.
 *  @param added_out  how many were not there before; may be NULL. */
GLI_API gli_status gli_graph_add_nodes(gli_graph *graph, int64_t count, const gli_id *ids,
                                       const int64_t *int_ids, const gli_bulk_column *columns,
                                       size_t column_count, const gli_control *control,
                                       int64_t *added_out, gli_error *error);
/** @brief Add many edges between ids. Either `sources`/`targets` or the int arrays are given.
 *  A repeated pair in a simple graph merges: later values win. Bulk into an empty graph is built
 *  by a parallel counting sort. @param edges_out the edge id of each pair; may be NULL; undefined
 *  after a failure. */
GLI_API gli_status gli_graph_add_edges(gli_graph *graph, int64_t count, const gli_id *sources,
                                       const gli_id *targets, const int64_t *int_sources,
                                       const int64_t *int_targets, const gli_bulk_column *columns,
                                       size_t column_count, const gli_control *control,
                                       gli_edge_id *edges_out, int64_t *added_out,
                                       gli_error *error);
/** @brief Look many nodes up, in prefetched groups. @param serials_out GLI_SERIAL_NONE: absent. */
GLI_API gli_status gli_graph_find_nodes(gli_graph *graph, int64_t count, const gli_id *ids,
                                        const int64_t *int_ids, gli_serial *serials_out,
                                        gli_error *error);
/** @brief One attribute of many nodes (by serial) or edges (by edge id), in prefetched groups.
 *  @param values_out  absent also where the node or edge is gone; borrowed until the next change.
 */
GLI_API gli_status gli_graph_values(gli_graph *graph, gli_side side, int64_t count,
                                    const int64_t *numbers, gli_key key, gli_value *values_out,
                                    gli_error *error);
/** @brief Look many pairs up, in prefetched groups. @param edges_out GLI_EDGE_NONE: absent. */
GLI_API gli_status gli_graph_find_edges(gli_graph *graph, int64_t count, const gli_id *sources,
                                        const gli_id *targets, const int64_t *int_sources,
                                        const int64_t *int_targets, gli_edge_id *edges_out,
                                        gli_error *error);
/** @} */

/** @name Batches
 *  A list of changes that happens whole or not at all. The graph shows its old state until the
 *  commit; the batch shows its own writes. A change that cannot be (unknown node to update, ...)
 *  fails at its call and leaves the batch as it was. If others changed the graph meanwhile so that
 *  a staged change cannot be applied any more, the commit fails with GLI_ERROR_CONFLICT and
 *  nothing is applied. Edge ids handed out by a batch are final; a discarded batch burns them. */
/** @{ */
typedef struct gli_batch gli_batch;
GLI_API gli_status gli_batch_begin(gli_graph *graph, gli_batch **batch_out, gli_error *error);
/** @brief Apply everything in order and free the batch (also on failure). */
GLI_API gli_status gli_batch_commit(gli_batch *batch, gli_error *error);
/** @brief Forget everything and free the batch. NULL is legal. */
GLI_API void gli_batch_discard(gli_batch *batch);
GLI_API gli_status gli_batch_add_node(gli_batch *batch, const gli_id *id,
                                      const gli_attribute *attributes, size_t attribute_count,
                                      gli_id *id_out, gli_error *error);
GLI_API gli_status gli_batch_add_edge(gli_batch *batch, const gli_id *source, const gli_id *target,
                                      const gli_attribute *attributes, size_t attribute_count,
                                      gli_edge_id *edge_out, gli_error *error);
GLI_API gli_status gli_batch_update_node(gli_batch *batch, const gli_id *id,
                                         const gli_attribute *attributes, size_t attribute_count,
                                         gli_error *error);
GLI_API gli_status gli_batch_update_edge(gli_batch *batch, gli_edge_id edge,
                                         const gli_attribute *attributes, size_t attribute_count,
                                         gli_error *error);
GLI_API gli_status gli_batch_remove_node(gli_batch *batch, const gli_id *id, gli_error *error);
GLI_API gli_status gli_batch_remove_edge(gli_batch *batch, gli_edge_id edge, gli_error *error);
GLI_API bool gli_batch_has_node(gli_batch *batch, const gli_id *id);
GLI_API gli_status gli_batch_find_edge(gli_batch *batch, const gli_id *source, const gli_id *target,
                                       gli_edge_id *edge_out, gli_error *error);
GLI_API gli_status gli_batch_get_edge(gli_batch *batch, gli_edge_id edge, gli_edge *edge_out,
                                      gli_error *error);
GLI_API gli_status gli_batch_node_attributes(gli_batch *batch, const gli_id *id,
                                             gli_attribute *attributes, size_t capacity,
                                             size_t *count_out, gli_error *error);
GLI_API gli_status gli_batch_edge_attributes(gli_batch *batch, gli_edge_id edge,
                                             gli_attribute *attributes, size_t capacity,
                                             size_t *count_out, gli_error *error);
GLI_API int64_t gli_batch_node_count(gli_batch *batch);
GLI_API int64_t gli_batch_edge_count(gli_batch *batch);
/** @} */

/** @name Walking
 *  All nodes or edges in order, a few at a time, without a snapshot. */
/** @{ */
/** Where a walk is. Plain memory: zero-initialise it to begin. */
typedef struct gli_walk {
  int64_t position; /**< the library's own, like what follows */
  const void *origin;
  int64_t used, alive;
} gli_walk;

/** @brief The next nodes or edges, at most `capacity`.
 *  @param ids_out      ids of nodes, text borrowed until the next change; edges: NULL. May be NULL.
 *  @param numbers_out  serials of nodes or ids of edges. May be NULL.
 *  @param count_out    how many were written; 0: the end. With capacity 0 the call only checks.
 *  @retval GLI_ERROR_CONFLICT  nodes (edges) were added or removed since the walk began; setting
 *          attributes is fine. */
GLI_API gli_status gli_graph_walk(gli_graph *graph, gli_side side, gli_walk *walk, size_t capacity,
                                  gli_id *ids_out, int64_t *numbers_out, size_t *count_out,
                                  gli_error *error);
/** @} */

/** @name Snapshots */
/** @{ */
/** @brief The graph as it is now, frozen: topology, ids and columns. Unchanged since the last one:
 *  the same object. Cost: the degrees of the rows touched since, plus 16 bytes per node when an
 *  older snapshot is still held. Free with gli_snapshot_free(). */
GLI_API gli_status gli_graph_snapshot(gli_graph *graph, gli_snapshot **snapshot_out,
                                      gli_error *error);
/** @} */

#ifdef __cplusplus
}
#endif
#endif
