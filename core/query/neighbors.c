/* neighbors.c: the rows of many nodes at once, each neighbour of a node once; and how long they
 * are.
 *
 * Rows of a simple graph in one direction hold no neighbour twice and are copied. Else a stamp per
 * node says for which of the asked nodes it was seen last: O(row), 4 bytes a node of scratch. Rows
 * are fetched in groups ahead of their use, so that cache misses overlap. */
#include "base/error.h"

#include <assert.h>
#include "query/filter.h"

#define AHEAD 16

typedef struct neighbor_job {
  gli_rows rows[2];
  int row_count;
  const int32_t *nodes;
  int64_t count;
  uint32_t *stamps; /* NULL: no neighbour comes twice */
  int32_t node_limit;
} neighbor_job;

static gli_status check_nodes(const gli_snapshot *snapshot, const int32_t *nodes, int64_t count,
                              gli_error *error) {
  int32_t limit = gli_snapshot_node_limit(snapshot);
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  for (int64_t k = 0; k < count; k++)
    if (nodes[k] < 0 || nodes[k] >= limit || !gli_bit(bits, nodes[k]))
      return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                       "nodes[%lld] is %d; the index of a live node below %d is meant",
                       (long long)k, nodes[k], limit);
  return GLI_OK;
}

static gli_status find_rows(gli_snapshot *snapshot, gli_direction direction, neighbor_job *job,
                            gli_error *error) {
  bool is_directed = gli_snapshot_is_directed(snapshot);
  if (direction != GLI_OUT && direction != GLI_IN && direction != GLI_BOTH)
    return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                     "direction is %d; GLI_OUT, GLI_IN or GLI_BOTH is meant", (int)direction);
  job->row_count = 0;
  if (!is_directed || direction != GLI_IN)
    job->rows[job->row_count++] = gli_snapshot_out_rows(snapshot);
  if (is_directed && direction != GLI_OUT)
    return gli_snapshot_in_rows(snapshot, &job->rows[job->row_count++], error);
  return GLI_OK;
}

static int64_t most_neighbors(const neighbor_job *job) {
  int64_t most = 0;
  for (int side = 0; side < job->row_count; side++)
    for (int64_t k = 0; k < job->count; k++) {
      if (k + AHEAD < job->count) GLI__PREFETCH(&job->rows[side].rows[job->nodes[k + AHEAD]]);
      most += job->rows[side].rows[job->nodes[k]].length;
    }
  return most;
}

static int64_t copy_row(const neighbor_job *job, const gli_rows *rows, int32_t node, uint32_t stamp,
                        int64_t *out) {
  gli_row row = rows->rows[node];
  const int32_t *neighbors = rows->neighbors + row.begin;
  if (job->stamps == NULL) {
    for (uint32_t entry = 0; entry < row.length; entry++)
      out[entry] = neighbors[entry];
    return row.length;
  }
  int64_t kept = 0;
  for (uint32_t entry = 0; entry < row.length; entry++) {
    if (job->stamps[neighbors[entry]] == stamp) continue;
    job->stamps[neighbors[entry]] = stamp;
    out[kept++] = neighbors[entry];
  }
  return kept;
}

/* Records are asked for twice as far ahead as entries: the first pass may have lost them again.
 * Inlined early: GCC drops calls of functions that do nothing but prefetch. */
static inline __attribute__((always_inline)) void prefetch_rows(const neighbor_job *job,
                                                                int64_t k) {
  for (int side = 0; side < job->row_count; side++) {
    const gli_rows *rows = &job->rows[side];
    if (k + 2 * AHEAD < job->count) GLI__PREFETCH(&rows->rows[job->nodes[k + 2 * AHEAD]]);
    if (k + AHEAD >= job->count) continue;
    const gli_row *ahead = &rows->rows[job->nodes[k + AHEAD]];
    if (ahead->length > 0) GLI__PREFETCH(rows->neighbors + ahead->begin);
  }
}

static int64_t collect(const neighbor_job *job, int64_t *out, int64_t *offsets) {
  int64_t at = 0;
  uint32_t stamp = 0;
  for (int64_t k = 0; k < job->count; k++) {
    offsets[k] = at;
    prefetch_rows(job, k);
    if (++stamp == 0) { /* after 4 billion nodes */
      if (job->stamps != NULL)
        memset(job->stamps, 0, (size_t)job->node_limit * sizeof *job->stamps);
      stamp = 1;
    }
    for (int side = 0; side < job->row_count; side++)
      at += copy_row(job, &job->rows[side], job->nodes[k], stamp, out + at);
  }
  offsets[job->count] = at;
  return at;
}

/* Give the room back that repeated neighbours did not need. */
static gli_status shorten(gli_positions *positions, int64_t count, gli_error *error) {
  if (count == positions->count) return GLI_OK;
  if (count == 0) {
    gli_positions_free(positions);
    return GLI_OK;
  }
  int64_t *shorter = positions->allocator.reallocate(
      positions->allocator.context, positions->positions,
      (size_t)positions->count * sizeof *shorter, (size_t)count * sizeof *shorter);
  if (shorter == NULL) return gli__no_memory(error, "the neighbours of many nodes");
  positions->positions = shorter;
  positions->count = count;
  return GLI_OK;
}

gli_status gli_snapshot_neighbors(gli_snapshot *snapshot, const int32_t *nodes, int64_t count,
                                  gli_direction direction, int64_t *offsets_out,
                                  gli_positions *neighbors_out, gli_error *error) {
  gli__memory *memory = gli__snapshot_memory(snapshot);
  neighbor_job job = {.nodes = nodes, .count = count};
  job.node_limit = gli_snapshot_node_limit(snapshot);
  gli_status status = check_nodes(snapshot, nodes, count, error);
  if (status == GLI_OK) status = find_rows(snapshot, direction, &job, error);
  if (status != GLI_OK) return status;
  bool repeats = gli_snapshot_is_multigraph(snapshot) || job.row_count == 2;
  gli_positions neighbors = {NULL, 0, memory->allocator};
  if (repeats) {
    job.stamps = gli__allocate_zeroed(memory, (size_t)job.node_limit, sizeof *job.stamps);
    if (job.stamps == NULL && job.node_limit > 0) {
      return gli__no_memory(error, "the neighbours of many nodes");
    }
  }
  status = gli__positions_make(memory, most_neighbors(&job), &neighbors, error);
  if (status == GLI_OK) {
    assert(neighbors.count == 0 || neighbors.positions != NULL);
    status = shorten(&neighbors, collect(&job, neighbors.positions, offsets_out), error);
  }
  if (status == GLI_OK)
    *neighbors_out = neighbors;
  else
    gli_positions_free(&neighbors);
  gli__release(memory, job.stamps, (size_t)job.node_limit, sizeof *job.stamps);
  return status;
}

static int64_t edge_ends(const neighbor_job *job, int32_t node, bool is_directed) {
  const gli_row row = job->rows[0].rows[node];
  if (is_directed) return row.length + (job->row_count == 2 ? job->rows[1].rows[node].length : 0);
  const int32_t *neighbors = job->rows[0].neighbors + row.begin;
  uint32_t loops = 0;
  for (uint32_t entry = 0; entry < row.length; entry++)
    loops += neighbors[entry] == node;
  return (int64_t)row.length + loops;
}

gli_status gli_snapshot_degrees(gli_snapshot *snapshot, const int32_t *nodes, int64_t count,
                                gli_direction direction, int64_t *degrees_out, gli_error *error) {
  const bool is_directed = gli_snapshot_is_directed(snapshot);
  neighbor_job job = {.nodes = nodes, .count = count};
  gli_status status = check_nodes(snapshot, nodes, count, error);
  if (status == GLI_OK) status = find_rows(snapshot, direction, &job, error);
  if (status != GLI_OK) return status;
  for (int64_t k = 0; k < count; k++) {
    prefetch_rows(&job, k);
    degrees_out[k] = edge_ends(&job, nodes[k], is_directed);
  }
  return GLI_OK;
}
