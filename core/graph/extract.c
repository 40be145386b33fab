/* extract.c: a graph of its own from parts of a snapshot (subgraphs).
 *
 * Reads the snapshot alone, so the graph it came from may change meanwhile. Values move into a
 * store of the new graph, contents that it does not use stay behind. */
#include "base/pool.h"
#include "graph/graph.h"

#define BLOCK 4096

/* Node ids in blocks: records of the snapshot are copied, nothing is kept of it. */
static gli_status extract_ids(const gli_snapshot *snapshot, const int32_t *nodes, int64_t count,
                              gli_graph *graph, gli_error *error) {
  gli_id *ids = gli__allocate(graph->memory, BLOCK, sizeof *ids);
  int32_t *indices = gli__allocate(graph->memory, BLOCK, sizeof *indices);
  gli_status status = GLI_OK;
  if (ids == NULL || indices == NULL) status = gli__no_memory(error, "the ids of a subgraph");
  for (int64_t begin = 0; begin < count && status == GLI_OK; begin += BLOCK) {
    const int64_t in_block = count - begin < BLOCK ? count - begin : BLOCK;
    int64_t added = 0;
    for (int64_t k = 0; k < in_block; k++) {
      ids[k] = gli_snapshot_node_id(snapshot, nodes[begin + k]);
    }
    status = gli__ids_add_many(graph->ids, in_block, ids, NULL, NULL, indices, &added, NULL, error);
  }
  if (status == GLI_OK) {
    gli__ids_burn_integers(graph->ids,
                           atomic_load_explicit(&snapshot->next_integer, memory_order_relaxed));
  }
  gli__release(graph->memory, ids, BLOCK, sizeof *ids);
  gli__release(graph->memory, indices, BLOCK, sizeof *indices);
  return status;
}

/* Edges by new node indices. */
static gli_status extract_rows(const gli_snapshot *snapshot, const int32_t *nodes,
                               int64_t node_count, const int64_t *slots, int64_t edge_count,
                               gli_graph *graph, gli_error *error) {
  gli_status status = gli__topology_add_nodes(graph->topology, node_count, error);
  if (status != GLI_OK || edge_count == 0) return status;
  const size_t limit = (size_t)gli_snapshot_node_limit(snapshot);
  const int32_t *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  gli__memory *memory = graph->memory;
  int32_t *renamed = gli__allocate(memory, limit, sizeof *renamed);
  int32_t *from = gli__allocate(memory, (size_t)edge_count, sizeof *from);
  int32_t *to = gli__allocate(memory, (size_t)edge_count, sizeof *to);
  gli_run *run = NULL;
  if (renamed == NULL || from == NULL || to == NULL) {
    status = gli__no_memory(error, "the edges of a subgraph");
    goto cleanup;
  }
  for (int64_t k = 0; k < node_count; k++)
    renamed[nodes[k]] = (int32_t)k;
  for (int64_t k = 0; k < edge_count; k++) {
    from[k] = renamed[sources[slots[k]]];
    to[k] = renamed[targets[slots[k]]];
  }
  status = gli__run_begin(NULL, memory, &run, error);
  if (status == GLI_OK) {
    int64_t added = 0;
    status = gli__topology_add_edges(graph->topology, edge_count, from, to, false, NULL, &added,
                                     run, error);
    gli__run_end(run);
  }
cleanup:
  gli__release(memory, renamed, limit, sizeof *renamed);
  gli__release(memory, from, (size_t)edge_count, sizeof *from);
  gli__release(memory, to, (size_t)edge_count, sizeof *to);
  return status;
}

static gli_status extract_side(const gli_snapshot *snapshot, gli_side which, const int64_t *kept,
                               int64_t count, gli_graph *graph, gli_error *error) {
  const gli__snapshot_side *from = &snapshot->sides[which];
  gli__side *to = &graph->sides[which];
  gli_status status = GLI_OK;
  if (from->column_count > 0) {
    to->columns = gli__allocate_zeroed(graph->memory, from->column_count, sizeof *to->columns);
    if (to->columns == NULL) return gli__no_memory(error, "the columns of a subgraph");
    to->column_count = from->column_count;
  }
  for (gli_key key = 0; key < from->column_count && status == GLI_OK; key++) {
    if (from->columns[key] == NULL) continue;
    status =
        gli__column_gather(from->columns[key], graph->store, kept, count, &to->columns[key], error);
  }
  return status;
}

/* Edge ids are kept, and so is the counter behind them; nodes get serials of their own. */
static gli_status extract_numbers(const gli_snapshot *snapshot, int64_t node_count,
                                  const int64_t *slots, int64_t edge_count, gli_graph *graph,
                                  gli_error *error) {
  gli__numbers *gathered = NULL;
  const gli__snapshot_side *edges = &snapshot->sides[GLI_EDGES];
  const gli__numbers as_it_was = {
      .map = edges->map,
      .memory = graph->memory,
      .next = atomic_load_explicit(&snapshot->next_edge, memory_order_relaxed)};
  const gli_status status = gli__numbers_gather(&as_it_was, slots, edge_count, &gathered, error);
  if (status != GLI_OK) return status;
  gli__numbers_free(graph->sides[GLI_EDGES].numbers);
  graph->sides[GLI_EDGES].numbers = gathered;
  gli__numbers_push_many(graph->sides[GLI_NODES].numbers, 0, node_count);
  return GLI_OK;
}

gli_status gli__snapshot_extract(gli_snapshot *snapshot, const int32_t *nodes, int64_t node_count,
                                 const int64_t *slots, int64_t edge_count, gli_graph **graph_out,
                                 gli_error *error) {
  gli_graph *graph = NULL;
  int64_t *positions = NULL;
  gli__memory *memory = snapshot->memory;
  gli_status status = gli__graph_make(memory, snapshot->keys, gli_snapshot_is_directed(snapshot),
                                      gli_snapshot_is_multigraph(snapshot), &graph, error);
  if (status == GLI_OK) status = extract_ids(snapshot, nodes, node_count, graph, error);
  if (status == GLI_OK) {
    status = extract_rows(snapshot, nodes, node_count, slots, edge_count, graph, error);
  }
  if (status == GLI_OK) {
    status = extract_numbers(snapshot, node_count, slots, edge_count, graph, error);
  }
  if (status == GLI_OK && node_count > 0) {
    positions = gli__allocate(memory, (size_t)node_count, sizeof *positions);
    if (positions == NULL) status = gli__no_memory(error, "the nodes of a subgraph");
  }
  for (int64_t k = 0; k < node_count && status == GLI_OK; k++)
    positions[k] = nodes[k];
  if (status == GLI_OK) {
    status = extract_side(snapshot, GLI_NODES, positions, node_count, graph, error);
  }
  if (status == GLI_OK) {
    status = extract_side(snapshot, GLI_EDGES, slots, edge_count, graph, error);
  }
  if (status == GLI_OK) {
    gli__graph_changed(graph);
    *graph_out = graph;
    graph = NULL;
  }
  gli__release(memory, positions, (size_t)node_count, sizeof *positions);
  gli_graph_free(graph);
  return status;
}
