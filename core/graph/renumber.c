/* renumber.c: squeezing out the holes that removed nodes and edges leave.
 *
 * When a quarter of the node indices or edge slots are holes, every part is rebuilt without them,
 * keeping order: O(n + m), paid for by the removals that made the holes. Serials and edge ids stay,
 * so what users hold stays valid; snapshots keep the old parts. All parts are built first and
 * exchanged at the end. */
#include "graph/graph.h"

/* A side's columns and numbers at the kept positions. */
static gli_status gather_side(const gli_graph *graph, gli_side which, const int64_t *kept,
                              int64_t count, gli_graph *out, gli_error *error) {
  const gli__side *from = &graph->sides[which];
  gli__side *to = &out->sides[which];
  gli__numbers *numbers = NULL;
  gli_status status = gli__numbers_gather(from->numbers, kept, count, &numbers, error);
  if (status != GLI_OK) return status;
  gli__numbers_free(to->numbers);
  to->numbers = numbers;
  if (from->column_count == 0) return GLI_OK;
  to->columns = gli__allocate_zeroed(graph->memory, from->column_count, sizeof *to->columns);
  if (to->columns == NULL) return gli__no_memory(error, "renumbered columns");
  to->column_count = from->column_count;
  for (gli_key key = 0; key < from->column_count && status == GLI_OK; key++) {
    if (from->columns[key] == NULL) continue;
    status =
        gli__column_gather(from->columns[key], out->store, kept, count, &to->columns[key], error);
  }
  return status;
}

gli_status gli__graph_renumber(gli_graph *graph, gli_error *error) {
  gli_graph *squeezed = NULL;
  gli__topology *topology = NULL;
  gli__ids *ids = NULL;
  int32_t *kept_nodes = NULL;
  int64_t *kept_edges = NULL, *positions = NULL;
  int64_t node_count = 0, edge_count = 0;
  gli_status status = gli__graph_make(graph->memory, graph->keys, graph->directed,
                                      graph->multigraph, &squeezed, error);
  if (status != GLI_OK) return status;
  status = gli__topology_renumber(graph->topology, &topology, &kept_nodes, &node_count, &kept_edges,
                                  &edge_count, error);
  if (status != GLI_OK) goto cleanup;
  gli__topology_free(squeezed->topology);
  squeezed->topology = topology;
  status = gli__ids_gather(graph->ids, kept_nodes, (int32_t)node_count, &ids, error);
  if (status != GLI_OK) goto cleanup;
  gli__ids_free(squeezed->ids);
  squeezed->ids = ids;
  if (node_count > 0) {
    positions = gli__allocate(graph->memory, (size_t)node_count, sizeof *positions);
    if (positions == NULL) {
      status = gli__no_memory(error, "renumbered nodes");
      goto cleanup;
    }
    for (int64_t k = 0; k < node_count; k++)
      positions[k] = kept_nodes[k];
  }
  status = gather_side(graph, GLI_NODES, positions, node_count, squeezed, error);
  if (status == GLI_OK) {
    status = gather_side(graph, GLI_EDGES, kept_edges, edge_count, squeezed, error);
  }
  if (status != GLI_OK) goto cleanup;
  gli__graph_changing(graph);
  gli__graph_swap(graph, squeezed);
cleanup:
  gli__release(graph->memory, positions, (size_t)node_count, sizeof *positions);
  gli__release(graph->memory, kept_nodes, (size_t)node_count, sizeof *kept_nodes);
  gli__release(graph->memory, kept_edges, (size_t)edge_count, sizeof *kept_edges);
  gli_graph_free(squeezed);
  return status;
}

void gli__graph_renumber_if_worth(gli_graph *graph) {
  if (GLI__LIKELY(!gli__topology_wants_renumbering(graph->topology))) return;
  const int64_t holes =
      gli__topology_node_limit(graph->topology) - gli__topology_node_count(graph->topology) +
      gli__topology_edge_limit(graph->topology) - gli__topology_edge_count(graph->topology);
  if (holes < graph->renumber_at) return;
  /* Without memory the holes stay; the next try waits until there are half as many again. */
  graph->renumber_at = gli__graph_renumber(graph, NULL) == GLI_OK ? 0 : holes + holes / 2 + 1024;
}
