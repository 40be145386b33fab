/* from_edges.c: a snapshot straight from arrays, without a graph: node i has the id i, edge k the
 * id k. For kernels' tests and programs that only analyse. */
#include "base/error.h"
#include "graph/graph.h"

/* The attribute "weight" from an array. */
static gli_status add_weights(gli_snapshot *snapshot, int64_t edge_count, const double *weights,
                              gli_error *error) {
  gli__snapshot_side *side = &snapshot->sides[GLI_EDGES];
  gli_key key = 0;
  gli_status status = gli__keys_add(&snapshot->keys, "weight", strlen("weight"), &key, error);
  if (status == GLI_OK) status = gli__store_create(snapshot->memory, &snapshot->store, error);
  if (status != GLI_OK) return status;
  side->columns = gli__allocate_zeroed(snapshot->memory, 1, sizeof *side->columns);
  if (side->columns == NULL) return gli__no_memory(error, "edge weights");
  side->column_count = 1;
  status = gli__column_create(snapshot->memory, snapshot->store, &side->columns[0], error);
  if (status != GLI_OK) return status;
  return gli__column_set_range(side->columns[0], 0, edge_count, GLI_VALUE_FLOAT64, weights, error);
}

gli_status gli_snapshot_from_edges(int32_t node_count, int64_t edge_count, const int32_t *sources,
                                   const int32_t *targets, const double *weights, bool directed,
                                   const gli_allocator *allocator, gli_snapshot **snapshot_out,
                                   gli_error *error) {
  if (node_count < 0 || edge_count < 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "node_count is %ld, edge_count is %lld; both are at least 0", (long)node_count,
                     (long long)edge_count);
  }
  if (edge_count > 0 && (sources == NULL || targets == NULL)) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "sources or targets is NULL, edge_count is %lld", (long long)edge_count);
  }
  gli_snapshot *snapshot = NULL;
  gli__memory *memory = gli__memory_create(allocator != NULL ? allocator : gli_allocator_default());
  if (memory == NULL) return gli__no_memory(error, "a snapshot");
  gli_status status = gli__snapshot_make(memory, &snapshot, error);
  if (status != GLI_OK) goto cleanup;
  status = gli__keys_create(memory, &snapshot->keys, error);
  if (status != GLI_OK) goto cleanup;
  status = gli__frozen_from_edges(memory, node_count, edge_count, sources, targets, directed,
                                  &snapshot->frozen, error);
  if (status != GLI_OK) goto cleanup;
  snapshot->sides[GLI_NODES].map.count = node_count;
  snapshot->sides[GLI_EDGES].map.count = edge_count;
  atomic_init(&snapshot->next_edge, edge_count);
  atomic_init(&snapshot->next_integer, (uint64_t)node_count);
  snapshot->multigraph = true; /* parallel edges stay */
  if (weights != NULL && edge_count > 0) status = add_weights(snapshot, edge_count, weights, error);
  if (status != GLI_OK) goto cleanup;
  *snapshot_out = snapshot;
  snapshot = NULL;
cleanup:
  gli_snapshot_free(snapshot);
  gli__memory_free(memory);
  return status;
}
