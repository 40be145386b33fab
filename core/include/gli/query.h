/** @file query.h
 *  @brief Questions about attributes and neighbourhoods, answered on a snapshot in bulk.
 *
 *  Expressions are a subset of Python's: attribute names, literals, and/or/not, comparisons
 *  (chained), in, is None, arithmetic, has(name), len, lower, upper, abs, startswith, endswith,
 *  contains. An absent attribute, or an operation its operands do not allow, is "missing": every
 *  comparison with it is false.
 */
#ifndef GLI_QUERY_H
#define GLI_QUERY_H

#include <gli/control.h>
#include <gli/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A parsed expression; independent of any graph, shareable between threads. */
typedef struct gli_expression gli_expression;

/** @retval GLI_ERROR_SYNTAX  error->column (1-based, in characters) and message say where and what.
 */
GLI_API gli_status gli_expression_parse(const char *text, size_t size_bytes,
                                        const gli_allocator *allocator,
                                        gli_expression **expression_out, gli_error *error);
GLI_API void gli_expression_free(gli_expression *expression);

/** A list of positions made by the library; free with gli_positions_free(). */
typedef struct gli_positions {
  int64_t *positions; /**< node indices or edge slots, rising */
  int64_t count;
  gli_allocator allocator;
} gli_positions;
GLI_API void gli_positions_free(gli_positions *positions);

/** @brief Which nodes or edges satisfy an expression: their indices or slots, rising. */
GLI_API gli_status gli_snapshot_filter(gli_snapshot *snapshot, gli_side side,
                                       const gli_expression *expression, const gli_control *control,
                                       gli_positions *positions_out, gli_error *error);
/** @brief The same as a mask: mask[i] is 1 or 0, [node_limit] or [edge_limit] bytes from the
 * caller. */
GLI_API gli_status gli_snapshot_filter_mask(gli_snapshot *snapshot, gli_side side,
                                            const gli_expression *expression,
                                            const gli_control *control, uint8_t *mask,
                                            gli_error *error);

/** @brief Which nodes or edges have all these values (Python's ==): 1 == 1.0 == True. */
GLI_API gli_status gli_snapshot_match(gli_snapshot *snapshot, gli_side side,
                                      const gli_attribute *attributes, size_t attribute_count,
                                      const gli_control *control, gli_positions *positions_out,
                                      gli_error *error);

/** What gli_snapshot_group does with the values of a group. */
typedef enum gli_aggregate {
  GLI_COUNT = 1, /**< members */
  GLI_SUM,
  GLI_MEAN,
  GLI_MINIMUM,
  GLI_MAXIMUM, /**< of the value attribute; ints and floats only */
  GLI_MEMBERS, /**< their positions */
} gli_aggregate;

/** Groups in the order of their first member. `keys[g]` lives as long as the snapshot.
 *  members of group g: members[offsets[g] .. offsets[g + 1]) when asked for. */
typedef struct gli_groups {
  int64_t count;
  gli_value *keys;
  gli_value *results; /**< COUNT: int; SUM: int or float (ints stay exact, overflow: float); absent
                         when the group has no value */
  int64_t *offsets;
  int64_t *members;
  gli_allocator allocator;
} gli_groups;
GLI_API gli_status gli_snapshot_group(gli_snapshot *snapshot, gli_side side, gli_key key,
                                      gli_key value_key, gli_aggregate aggregate,
                                      const gli_control *control, gli_groups *groups_out,
                                      gli_error *error);
GLI_API void gli_groups_free(gli_groups *groups);

/** @brief Neighbours of many nodes: offsets_out[count + 1] from the caller; neighbours come back as
 *  positions (node indices), each neighbour of a node once, in the order of its first edge. */
GLI_API gli_status gli_snapshot_neighbors(gli_snapshot *snapshot, const int32_t *nodes,
                                          int64_t count, gli_direction direction,
                                          int64_t *offsets_out, gli_positions *neighbors_out,
                                          gli_error *error);

/** @brief Number of edge ends at each of many nodes: O(1) a node, O(degree) in an undirected graph,
 *  where a self-loop counts 2. Directed graphs need the in-side unless direction is GLI_OUT.
 *  @param[in]  nodes        [count] indices of live nodes, repetitions allowed.
 *  @param[out] degrees_out  [count]
 *  @retval GLI_ERROR_INVALID_ARGUMENT  no live node of that index; an unknown direction. */
GLI_API gli_status gli_snapshot_degrees(gli_snapshot *snapshot, const int32_t *nodes, int64_t count,
                                        gli_direction direction, int64_t *degrees_out,
                                        gli_error *error);

/** @brief A new graph with some of the nodes and the edges between them; attributes and edge ids
 * are kept. Nodes keep the snapshot's order. */
GLI_API gli_status gli_snapshot_subgraph(gli_snapshot *snapshot, const int64_t *nodes,
                                         int64_t count, gli_graph **graph_out, gli_error *error);
/** @brief A new graph with some of the edges and their ends. */
GLI_API gli_status gli_snapshot_edge_subgraph(gli_snapshot *snapshot, const int64_t *slots,
                                              int64_t count, gli_graph **graph_out,
                                              gli_error *error);

#ifdef __cplusplus
}
#endif
#endif
