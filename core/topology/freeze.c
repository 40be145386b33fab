/* freeze.c: the frozen topology of a snapshot, clones, renumbering.
 *
 * Freezing rewrites the rows that have dead entries, collects the arena when a quarter of it is
 * garbage, and takes references: O(touched degrees), else a few hundred nanoseconds. What comes
 * later is the writer's concern (topology.h, sharing). */
#include "topology/parts.h"

/* A quarter of garbage is worth a pass, unless the whole is small. */
#define COLLECT_AT_LEAST 4096
/* Holes are worth renumbering from this many positions on. */
#define RENUMBER_AT_LEAST 1024

static void collect_if_wasteful(gli__topology *topology, gli__side *side) {
  if (side->tail > COLLECT_AT_LEAST && side->garbage * 4 > side->tail) {
    /* Without memory for it the garbage stays until next time. */
    (void)gli__side_collect(topology, side, NULL);
  }
}

static gli_status prepare_freeze(gli__topology *topology, gli_error *error) {
  gli_status status = gli__side_sweep(topology, &topology->out, error);
  if (status != GLI_OK) return status;
  collect_if_wasteful(topology, &topology->out);
  if (topology->in.rows != NULL) {
    status = gli__side_sweep(topology, &topology->in, error);
    if (status != GLI_OK) return status;
    collect_if_wasteful(topology, &topology->in);
  }
  if (topology->derived == NULL) {
    status = gli__derived_create(topology->memory, &topology->derived, error);
    if (status != GLI_OK) return status;
    atomic_store_explicit(&topology->derived->in_rows_missed, topology->in_rows_missed,
                          memory_order_relaxed);
  }
  return gli__derived_offer_in_rows(topology, error);
}

/* What this state is known by, and how long the journals are. */
static void remember_state(gli__topology *topology, gli__frozen *frozen) {
  gli__side *out = &topology->out, *in = &topology->in;
  if (out->state == 0) out->state = gli__buffer_token();
  frozen->lineage = gli__lineage_retain(topology->lineage);
  frozen->state = out->state;
  frozen->journals[0] = gli__journal_retain(&out->journal);
  const gli__side *shown = atomic_load_explicit(&frozen->derived->in, memory_order_acquire);
  /* In rows may have been built twice, for the live topology and by a reader. */
  if (shown != NULL && in->rows != NULL && shown->state == in->state) {
    frozen->journals[1] = gli__journal_retain(&in->journal);
  }
}

static void publish(gli__topology *topology) {
  gli__side_publish(&topology->out);
  if (topology->in.rows != NULL) gli__side_publish(&topology->in);
}

gli_status gli__topology_freeze(gli__topology *topology, gli__frozen **frozen_out,
                                gli_error *error) {
  gli_status status = prepare_freeze(topology, error);
  if (status != GLI_OK) return status;
  gli__frozen *frozen = gli__allocate_zeroed(topology->memory, 1, sizeof *frozen);
  if (frozen == NULL) return gli__no_memory(error, "a snapshot");
  atomic_init(&frozen->references, 1);
  frozen->memory = gli__memory_retain(topology->memory);
  frozen->directed = topology->directed;
  frozen->node_limit = topology->node_limit;
  frozen->edge_limit = topology->edge_limit;
  frozen->node_count = topology->node_count;
  frozen->edge_count = topology->edge_count;
  frozen->rows = gli__buffer_retain(topology->out.rows);
  frozen->arena = gli__buffer_retain(topology->out.arena);
  frozen->ends = gli__buffer_retain(topology->ends);
  frozen->node_bits = gli__buffer_retain(topology->node_bits);
  frozen->edge_bits = gli__buffer_retain(topology->edge_bits);
  frozen->entry_limit = topology->out.tail;
  frozen->entry_count = topology->out.entries;
  frozen->derived = topology->derived;
  atomic_fetch_add_explicit(&frozen->derived->references, 1, memory_order_relaxed);
  remember_state(topology, frozen);
  publish(topology);
  *frozen_out = frozen;
  return GLI_OK;
}

gli__frozen *gli__frozen_retain(gli__frozen *frozen) {
  atomic_fetch_add_explicit(&frozen->references, 1, memory_order_relaxed);
  return frozen;
}

void gli__frozen_free(gli__frozen *frozen) {
  if (frozen == NULL) return;
  if (atomic_fetch_sub_explicit(&frozen->references, 1, memory_order_acq_rel) != 1) return;
  gli__memory *memory = frozen->memory;
  gli__buffer_free(frozen->rows);
  gli__buffer_free(frozen->arena);
  gli__buffer_free(frozen->ends);
  gli__buffer_free(frozen->node_bits);
  gli__buffer_free(frozen->edge_bits);
  gli__derived_free(frozen->derived);
  gli__journal_end(&frozen->journals[0]);
  gli__journal_end(&frozen->journals[1]);
  gli__lineage_free(frozen->lineage);
  gli__release(memory, frozen, 1, sizeof *frozen);
  gli__memory_free(memory);
}

gli_status gli__frozen_from_edges(gli__memory *memory, int32_t node_count, int64_t edge_count,
                                  const int32_t *sources, const int32_t *targets, bool directed,
                                  gli__frozen **frozen_out, gli_error *error) {
  gli__topology *topology = NULL;
  if (node_count < 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT, "node_count is %d; it must not be negative",
                     node_count);
  }
  if (edge_count < 0) {
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "edge_count is %lld; it must not be negative", (long long)edge_count);
  }
  gli_status status = gli__topology_create(memory, directed, &topology, error);
  if (status != GLI_OK) return status;
  status = gli__topology_add_nodes(topology, node_count, error);
  if (status == GLI_OK) {
    status = gli__topology_add_edges(topology, edge_count, sources, targets, false, NULL, NULL,
                                     NULL, error);
  }
  if (status == GLI_OK) status = gli__topology_freeze(topology, frozen_out, error);
  gli__topology_free(topology);
  return status;
}

bool gli__frozen_is_directed(const gli__frozen *frozen) {
  return frozen->directed;
}
int32_t gli__frozen_node_limit(const gli__frozen *frozen) {
  return frozen->node_limit;
}
int64_t gli__frozen_edge_limit(const gli__frozen *frozen) {
  return frozen->edge_limit;
}
int64_t gli__frozen_node_count(const gli__frozen *frozen) {
  return frozen->node_count;
}
int64_t gli__frozen_edge_count(const gli__frozen *frozen) {
  return frozen->edge_count;
}
const uint64_t *gli__frozen_node_bits(const gli__frozen *frozen) {
  return frozen->node_count == frozen->node_limit ? NULL : gli__bits_of(frozen->node_bits);
}
const uint64_t *gli__frozen_edge_bits(const gli__frozen *frozen) {
  return frozen->edge_count == frozen->edge_limit ? NULL : gli__bits_of(frozen->edge_bits);
}
void gli__frozen_edge_ends(const gli__frozen *frozen, const int32_t **sources_out,
                           const int32_t **targets_out) {
  *sources_out = frozen->ends->data[0];
  *targets_out = frozen->ends->data[1];
}

/* --- Clones ---------------------------------------------------------------------------------- */

gli_status gli__topology_clone(gli__topology *topology, gli__topology **clone_out,
                               gli_error *error) {
  gli__memory *memory = topology->memory;
  gli__topology *clone = gli__allocate_zeroed(memory, 1, sizeof *clone);
  if (clone == NULL) return gli__no_memory(error, "a copy of the topology");
  gli_status status = gli__pair_index_create(memory, &clone->pairs, error);
  if (status == GLI_OK) status = gli__lineage_create(memory, &clone->lineage, error);
  if (status != GLI_OK) {
    gli__pair_index_free(clone->pairs);
    gli__release(memory, clone, 1, sizeof *clone);
    return status;
  }
  clone->memory = gli__memory_retain(memory);
  clone->token = gli__buffer_token();
  clone->directed = topology->directed;
  clone->node_limit = topology->node_limit;
  clone->edge_limit = topology->edge_limit;
  clone->node_count = topology->node_count;
  clone->edge_count = topology->edge_count;
  clone->ends = gli__buffer_retain(topology->ends);
  clone->node_bits = gli__buffer_retain(topology->node_bits);
  clone->edge_bits = gli__buffer_retain(topology->edge_bits);
  clone->derived = topology->derived;
  if (clone->derived != NULL) {
    atomic_fetch_add_explicit(&clone->derived->references, 1, memory_order_relaxed);
  }
  gli__side_share(&topology->out, &clone->out);
  if (topology->in.rows != NULL) gli__side_share(&topology->in, &clone->in);
  publish(topology);
  *clone_out = clone;
  return GLI_OK;
}

/* --- Renumbering ----------------------------------------------------------------------------- */

bool gli__topology_wants_renumbering(const gli__topology *topology) {
  int64_t node_holes = topology->node_limit - topology->node_count;
  int64_t edge_holes = topology->edge_limit - topology->edge_count;
  return (topology->node_limit >= RENUMBER_AT_LEAST && node_holes * 4 > topology->node_limit) ||
         (topology->edge_limit >= RENUMBER_AT_LEAST && edge_holes * 4 > topology->edge_limit);
}

typedef struct renumbering {
  int32_t *kept_nodes, *new_index;
  int64_t *kept_edges;
  int32_t *sources, *targets;
} renumbering;

static gli_status number_anew(const gli__topology *topology, renumbering *job, gli_error *error) {
  gli__memory *memory = topology->memory;
  size_t nodes = (size_t)topology->node_count, edges = (size_t)topology->edge_count;
  job->kept_nodes = gli__allocate(memory, nodes, sizeof(int32_t));
  job->new_index = gli__allocate(memory, (size_t)topology->node_limit, sizeof(int32_t));
  job->kept_edges = gli__allocate(memory, edges, sizeof(int64_t));
  job->sources = gli__allocate(memory, edges, sizeof(int32_t));
  job->targets = gli__allocate(memory, edges, sizeof(int32_t));
  if ((nodes > 0 && job->kept_nodes == NULL) ||
      (topology->node_limit > 0 && job->new_index == NULL) ||
      (edges > 0 && (job->kept_edges == NULL || job->sources == NULL || job->targets == NULL))) {
    return gli__no_memory(error, "the renumbering of nodes and edges");
  }
  const uint64_t *node_bits = gli__bits_of(topology->node_bits);
  const uint64_t *edge_bits = gli__bits_of(topology->edge_bits);
  const int32_t *sources = topology->ends->data[0], *targets = topology->ends->data[1];
  int32_t next = 0;
  for (int32_t node = 0; node < topology->node_limit; ++node) {
    if (!gli_bit(node_bits, node)) continue;
    job->kept_nodes[next] = node;
    job->new_index[node] = next++;
  }
  int64_t kept = 0;
  for (int64_t slot = 0; slot < topology->edge_limit; ++slot) {
    if (!gli_bit(edge_bits, slot)) continue;
    job->kept_edges[kept] = slot;
    job->sources[kept] = job->new_index[sources[slot]];
    job->targets[kept++] = job->new_index[targets[slot]];
  }
  return GLI_OK;
}

gli_status gli__topology_renumber(gli__topology *topology, gli__topology **renumbered_out,
                                  int32_t **kept_nodes_out, int64_t *kept_node_count_out,
                                  int64_t **kept_edges_out, int64_t *kept_edge_count_out,
                                  gli_error *error) {
  gli__memory *memory = topology->memory;
  size_t nodes = (size_t)topology->node_count, edges = (size_t)topology->edge_count;
  gli__topology *fresh = NULL;
  renumbering job = {0};
  gli_status status = number_anew(topology, &job, error);
  if (status != GLI_OK) goto cleanup;
  status = gli__topology_create(memory, topology->directed, &fresh, error);
  if (status != GLI_OK) goto cleanup;
  status = gli__topology_add_nodes(fresh, (int64_t)nodes, error);
  if (status != GLI_OK) goto cleanup;
  /* Rows are in the order of their slots, so building from the ends keeps their order. */
  status = gli__topology_add_edges(fresh, (int64_t)edges, job.sources, job.targets, false, NULL,
                                   NULL, NULL, error);
  if (status != GLI_OK) goto cleanup;
  if (topology->in.rows != NULL) status = gli__topology_need_in_rows(fresh, error);
  if (status != GLI_OK) goto cleanup;
  *renumbered_out = fresh;
  *kept_nodes_out = job.kept_nodes;
  *kept_node_count_out = (int64_t)nodes;
  *kept_edges_out = job.kept_edges;
  *kept_edge_count_out = (int64_t)edges;
  fresh = NULL;
  job.kept_nodes = NULL;
  job.kept_edges = NULL;
cleanup:
  gli__topology_free(fresh);
  gli__release(memory, job.targets, edges, sizeof(int32_t));
  gli__release(memory, job.sources, edges, sizeof(int32_t));
  gli__release(memory, job.kept_edges, edges, sizeof(int64_t));
  gli__release(memory, job.new_index, (size_t)topology->node_limit, sizeof(int32_t));
  gli__release(memory, job.kept_nodes, nodes, sizeof(int32_t));
  return status;
}
