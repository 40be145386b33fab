/* look_up.c: many look-ups in one call.
 *
 * A single look-up of a random id is three dependent cache misses. Here the misses of many overlap:
 * ids by gli__ids_find_many, then row records and rows, each asked for some look-ups ahead. */
#include "graph/graph.h"
#include "graph/snapshot.h"

#define BLOCK 1024 /* look-ups whose indices are kept on the stack */
#define GROUP 24   /* look-ups that are in flight together, per step */

static gli_status check_input(int64_t count, bool has_ids, bool has_ints, const void *out,
                              gli_error *error) {
  if (count < 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "count is %lld; at least 0",
                     (long long)count);
  }
  if (count > 0 && has_ids == has_ints) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "expected either ids or ints, complete, and not both");
  }
  if (count > 0 && out == NULL) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "the array for the answers is NULL");
  }
  return GLI_OK;
}

static gli_status check_ids(int64_t count, const gli_id *ids, gli_error *error) {
  for (int64_t k = 0; ids != NULL && k < count; k++) {
    const gli_status status = gli__check_id(&ids[k], "an id of the list", error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

/* The arrays from position `begin` on. */
static const gli_id *ids_from(const gli_id *ids, int64_t begin) {
  return ids != NULL ? ids + begin : NULL;
}
static const int64_t *ints_from(const int64_t *ints, int64_t begin) {
  return ints != NULL ? ints + begin : NULL;
}

static void find_indices(const gli_graph *graph, int64_t count, const gli_id *ids,
                         const int64_t *int_ids, int32_t *indices) {
  gli__ids_find_many(graph->ids, count, ids, int_ids, gli__topology_node_limit(graph->topology),
                     gli__topology_node_bits(graph->topology), indices);
}

gli_status gli_graph_find_nodes(gli_graph *graph, int64_t count, const gli_id *ids,
                                const int64_t *int_ids, gli_serial *serials_out, gli_error *error) {
  gli_status status = check_input(count, ids != NULL, int_ids != NULL, serials_out, error);
  if (status == GLI_OK) status = check_ids(count, ids, error);
  if (status == GLI_OK) status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  const gli__number_map *map = &graph->sides[GLI_NODES].numbers->map;
  int32_t indices[BLOCK];
  for (int64_t begin = 0; begin < count; begin += BLOCK) {
    const int64_t in_block = count - begin < BLOCK ? count - begin : BLOCK;
    find_indices(graph, in_block, ids_from(ids, begin), ints_from(int_ids, begin), indices);
    for (int64_t k = 0; k < in_block; k++) {
      serials_out[begin + k] =
          indices[k] == GLI_NODE_NONE ? GLI_SERIAL_NONE : gli__number_at(map, indices[k]);
    }
  }
  gli__graph_read_done(graph);
  return GLI_OK;
}

gli_status gli_snapshot_find_nodes(const gli_snapshot *snapshot, int64_t count, const gli_id *ids,
                                   const int64_t *int_ids, int32_t *nodes_out, gli_error *error) {
  gli_status status = check_input(count, ids != NULL, int_ids != NULL, nodes_out, error);
  if (status == GLI_OK) status = check_ids(count, ids, error);
  if (status != GLI_OK) return status;
  if (snapshot->ids != NULL) {
    gli__ids_find_many(snapshot->ids, count, ids, int_ids, gli__frozen_node_limit(snapshot->frozen),
                       gli__frozen_node_bits(snapshot->frozen), nodes_out);
    return GLI_OK;
  }
  for (int64_t k = 0; k < count; k++) {
    const gli_id id = ids != NULL ? ids[k] : gli_id_int(int_ids[k]);
    nodes_out[k] = gli_snapshot_find_node(snapshot, &id);
  }
  return GLI_OK;
}

/* Whether both ends are there and the first has edges; its record is in cache. */
static bool is_open(const gli_graph *graph, int32_t from, int32_t to) {
  return from != GLI_NODE_NONE && to != GLI_NODE_NONE &&
         gli__topology_row_length(graph->topology, from, false) > 0;
}

/* The edges of `count` pairs of indices, at most BLOCK. Records of rows are asked for two groups
 * ahead, their entries one group ahead. */
static void find_pairs(gli_graph *graph, int64_t count, const int32_t *from, const int32_t *to,
                       gli_edge_id *edges_out) {
  const gli__number_map *map = &graph->sides[GLI_EDGES].numbers->map;
  for (int64_t k = -2 * GROUP; k < count; k++) {
    const int64_t rows = k + 2 * GROUP, entries = k + GROUP;
    if (rows < count && from[rows] != GLI_NODE_NONE)
      gli__topology_prefetch_row(graph->topology, from[rows]);
    if (entries >= 0 && entries < count && is_open(graph, from[entries], to[entries]))
      gli__topology_prefetch_entries(graph->topology, from[entries]);
    if (k < 0) continue;
    edges_out[k] = GLI_EDGE_NONE;
    if (!is_open(graph, from[k], to[k])) continue;
    const int64_t slot = gli__topology_find_edge(graph->topology, from[k], to[k]);
    if (slot >= 0) edges_out[k] = gli__number_at(map, slot);
  }
}

gli_status gli_graph_find_edges(gli_graph *graph, int64_t count, const gli_id *sources,
                                const gli_id *targets, const int64_t *int_sources,
                                const int64_t *int_targets, gli_edge_id *edges_out,
                                gli_error *error) {
  const bool has_ids = sources != NULL && targets != NULL;
  const bool has_ints = int_sources != NULL && int_targets != NULL;
  gli_status status = check_input(count, has_ids, has_ints, edges_out, error);
  if (status == GLI_OK && has_ids) status = check_ids(count, sources, error);
  if (status == GLI_OK && has_ids) status = check_ids(count, targets, error);
  if (status == GLI_OK) status = gli__graph_read(graph, error);
  if (status != GLI_OK) return status;
  if (!has_ids) sources = targets = NULL;
  int32_t from[BLOCK], to[BLOCK];
  for (int64_t begin = 0; begin < count; begin += BLOCK) {
    const int64_t in_block = count - begin < BLOCK ? count - begin : BLOCK;
    find_indices(graph, in_block, ids_from(sources, begin), ints_from(int_sources, begin), from);
    find_indices(graph, in_block, ids_from(targets, begin), ints_from(int_targets, begin), to);
    find_pairs(graph, in_block, from, to, edges_out + begin);
  }
  gli__graph_read_done(graph);
  return GLI_OK;
}
