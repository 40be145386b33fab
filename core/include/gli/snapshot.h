/** @file snapshot.h
 *  @brief A frozen graph: what algorithms read. Any number of threads may share one; no locks.
 *
 *  Nodes are int32 indices 0 <= i < gli_snapshot_node_limit(); an index whose node was removed is a
 *  hole: it has an empty row and gli_snapshot_node_alive() is false. Edges are uint32 slots in the
 *  same way. Arrays "per node" or "per edge" are as long as the limit, holes included.
 */
#ifndef GLI_SNAPSHOT_H
#define GLI_SNAPSHOT_H

#include <gli/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where a node's row lies in the arena: entries [begin, begin + length). */
typedef struct gli_row {
  int64_t begin;
  uint32_t length;
  uint32_t writer; /**< the writer's own note; readers ignore it */
} gli_row;

/** Rows over an arena. Entry k of the arena: neighbors[k] is a node index, edges[k] an edge slot.
 *  Rows keep the insertion order of edges and hold no removed edge. Go by rows: entries that stand
 * in no row mean nothing, and a writer may be changing them. */
typedef struct gli_rows {
  const gli_row *rows;      /**< [node_limit] */
  const int32_t *neighbors; /**< the arena; rows need not be adjacent or in order */
  const uint32_t *edges;    /**< parallel to neighbors */
  int64_t entry_limit; /**< every row lies below this: derived per-entry arrays have this length */
  int64_t entry_count; /**< sum of all lengths */
} gli_rows;

GLI_API gli_snapshot *gli_snapshot_retain(gli_snapshot *snapshot);
GLI_API void gli_snapshot_free(gli_snapshot *snapshot);

GLI_API bool gli_snapshot_is_directed(const gli_snapshot *snapshot);
GLI_API bool gli_snapshot_is_multigraph(const gli_snapshot *snapshot);
GLI_API uint64_t gli_snapshot_version(const gli_snapshot *snapshot);
GLI_API int64_t gli_snapshot_node_count(const gli_snapshot *snapshot); /**< without holes */
GLI_API int64_t gli_snapshot_edge_count(const gli_snapshot *snapshot); /**< without holes */
GLI_API int32_t gli_snapshot_node_limit(const gli_snapshot *snapshot); /**< with holes */
GLI_API int64_t gli_snapshot_edge_limit(const gli_snapshot *snapshot); /**< with holes */

/** @brief Bitmap of live nodes (bit i of word i / 64), or NULL when there is no hole. Bits at and
 *  above the limit mean nothing. */
GLI_API const uint64_t *gli_snapshot_node_bits(const gli_snapshot *snapshot);
/** @brief Bitmap of live edge slots, or NULL when there is no hole; the same holds. */
GLI_API const uint64_t *gli_snapshot_edge_bits(const gli_snapshot *snapshot);
static inline bool gli_bit(const uint64_t *bits, int64_t index) {
  return bits == NULL || ((bits[index >> 6] >> (index & 63)) & 1) != 0;
}

/** @brief The out rows (undirected: the rows). Always there. */
GLI_API gli_rows gli_snapshot_out_rows(const gli_snapshot *snapshot);
/** @brief The in rows (undirected: the same rows). Built in O(n + m) on first need, then kept.
 *  In rows are in insertion order of edges too. */
GLI_API gli_status gli_snapshot_in_rows(gli_snapshot *snapshot, gli_rows *rows_out,
                                        gli_error *error);
/** @brief For a kernel that can do without the in rows, but would be faster with them: whether to
 * ask for them. True when they are there already, or when what such kernels would have saved on
 * this snapshot, `entries_saved` row entries now, adds up to the price of building them. */
GLI_API bool gli_snapshot_in_rows_pay(gli_snapshot *snapshot, int64_t entries_saved);
/** @brief Which rows hold their neighbours in rising order: who looks for the smallest of some kind
 *  may stop at the first there. Cached in the snapshot.
 *  @param[in]  snapshot  A snapshot.
 *  @param[in]  in_rows   Of the in rows instead of the out rows.
 *  @param[out] bits_out  Bitmap of node_limit nodes; bits at and above the limit mean nothing.
 *  @param[out] error     May be NULL; written on failure only. */
GLI_API gli_status gli_snapshot_ascending_rows(gli_snapshot *snapshot, bool in_rows,
                                               const uint64_t **bits_out, gli_error *error);
/** @brief Ends of every edge slot: sources[e], targets[e]; holes hold GLI_NODE_NONE or old ends. */
GLI_API void gli_snapshot_edge_ends(const gli_snapshot *snapshot, const int32_t **sources_out,
                                    const int32_t **targets_out);

/** @brief Weights in row order: weight of arena entry k, parallel to rows.neighbors.
 *  Cached in the snapshot, so a second call is free. Absent or null attributes count as 1.
 *  @param in_rows  of the in rows instead of the out rows.
 *  @retval GLI_ERROR_TYPE              an edge holds something else than int, float or bool, or an
 *                                 int beyond the largest float (others beyond 64 bits are rounded).
 *  @retval GLI_ERROR_ATTRIBUTE_NOT_FOUND  no edge has the attribute. */
GLI_API gli_status gli_snapshot_row_weights(gli_snapshot *snapshot, const char *attribute,
                                            bool in_rows, const double **weights_out,
                                            gli_error *error);
/** A row entry with its weight beside it: half of what neighbour and float64 weight take. */
typedef struct gli_entry {
  int32_t neighbor;
  uint32_t weight;
} gli_entry;
/** @brief Entries in row order with whole weights, parallel to rows.neighbors; cached likewise.
 *  @param[in]  snapshot     A snapshot.
 *  @param[in]  attribute    Of edges; absent or null counts as 1.
 *  @param[in]  in_rows      Of the in rows instead of the out rows.
 *  @param[out] entries_out  [rows.entry_limit]; lives as long as the snapshot.
 *  @param[out] error        May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a weight that is no whole number from 0 to 2^32 - 1: see
 *                                      gli_snapshot_weight_range.
 *  @retval others                      as gli_snapshot_row_weights. */
GLI_API gli_status gli_snapshot_row_entries(gli_snapshot *snapshot, const char *attribute,
                                            bool in_rows, const gli_entry **entries_out,
                                            gli_error *error);
/** @brief Weights by edge slot [edge_limit], under the same rules. */
GLI_API gli_status gli_snapshot_edge_weights(gli_snapshot *snapshot, const char *attribute,
                                             const double **weights_out, gli_error *error);
/** Smallest and largest weight, whether any is NaN, whether all are whole; holes are left out. */
typedef struct gli_weight_range {
  double minimum, maximum;
  bool has_nan;
  int64_t minimum_edge; /**< a slot with the minimum (or with NaN when there is one) */
  bool is_whole;        /**< every weight is a whole number below 2^51 in magnitude */
} gli_weight_range;
GLI_API gli_status gli_snapshot_weight_range(gli_snapshot *snapshot, const char *attribute,
                                             gli_weight_range *range_out, gli_error *error);

/** Compact simple undirected rows: directions dropped, loops dropped, parallel edges once, each row
 *  sorted by index: offsets[node_limit + 1], neighbors[offsets[n]]. Cached in the snapshot. */
typedef struct gli_simple_rows {
  const int64_t *offsets;
  const int32_t *neighbors;
} gli_simple_rows;
GLI_API gli_status gli_snapshot_simple_rows(gli_snapshot *snapshot, gli_simple_rows *rows_out,
                                            gli_error *error);

/** @name Ids and attributes */
/** @{ */
/** @brief The id of a node index; text lives as long as the snapshot. */
GLI_API gli_id gli_snapshot_node_id(const gli_snapshot *snapshot, int32_t index);
/** @brief The ids of many node indices, fetched side by side.
 *
 *  @param[in]  snapshot  A snapshot.
 *  @param[in]  count     How many; at least 0.
 *  @param[in]  nodes     Indices below gli_snapshot_node_limit, as gli_positions has them.
 *  @param[out] ids_out   [count]; texts live as long as the snapshot. */
GLI_API void gli_snapshot_node_ids(const gli_snapshot *snapshot, int64_t count,
                                   const int64_t *nodes, gli_id *ids_out);
/** @brief The index of a node id, or GLI_NODE_NONE. */
GLI_API int32_t gli_snapshot_find_node(const gli_snapshot *snapshot, const gli_id *id);
/** @brief The indices of many node ids, in groups whose cache misses overlap.
 *
 *  @param[in]  snapshot   A snapshot.
 *  @param[in]  count      How many ids; at least 0.
 *  @param[in]  ids        The ids, or NULL when `int_ids` is given.
 *  @param[in]  int_ids    The ids as integers, or NULL when `ids` is given.
 *  @param[out] nodes_out  [count] the indices, GLI_NODE_NONE where there is no such node.
 *  @param[out] error      May be NULL; written on failure only.
 *  @retval GLI_ERROR_INVALID_ARGUMENT  a negative count; both or neither kind of ids; no place for
 *                                      the answers; an id of no kind. */
GLI_API gli_status gli_snapshot_find_nodes(const gli_snapshot *snapshot, int64_t count,
                                           const gli_id *ids, const int64_t *int_ids,
                                           int32_t *nodes_out, gli_error *error);
GLI_API gli_edge_id gli_snapshot_edge_id(const gli_snapshot *snapshot, int64_t slot);
/** @brief The slot of an edge id, or -1. */
GLI_API int64_t gli_snapshot_find_edge(const gli_snapshot *snapshot, gli_edge_id edge);
GLI_API gli_key gli_snapshot_find_key(const gli_snapshot *snapshot, const char *name,
                                      size_t name_size_bytes);
/** @brief Value of attribute `key` of a node index or an edge slot; lives as long as the snapshot.
 */
GLI_API gli_value gli_snapshot_value(const gli_snapshot *snapshot, gli_side side, gli_key key,
                                     int64_t position);
/** @} */

/** @name Made from arrays
 *  For kernels' tests and for programs that only analyse: no ids beyond 0 .. node_count-1, no
 * graph. Ends out of range: GLI_ERROR_INVALID_ARGUMENT. Parallel edges stay; weights may be NULL,
 * else they become the attribute "weight". */
GLI_API gli_status gli_snapshot_from_edges(int32_t node_count, int64_t edge_count,
                                           const int32_t *sources, const int32_t *targets,
                                           const double *weights, bool directed,
                                           const gli_allocator *allocator,
                                           gli_snapshot **snapshot_out, gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
