/* shortest_path.c: one path, searched for from both of its ends.
 *
 * Without weights breadth-first (Pohl 1971): level by level from the side whose frontier has fewer
 * edges to follow; the first level in which the sides meet holds a shortest path, through the
 * smallest node index that both have. With weights Dijkstra's algorithm from both ends, next where
 * the nearest waiting node is nearer (Nicholson 1966, doi:10.1093/comjnl/9.3.275): it ends once
 * both next distances together are no less than the best path found. Both look at a fraction of
 * what one search from the source would, on graphs of small diameter a root of it.
 *
 * Serial: the pieces are small. Memory 40 bytes a node, most of it untouched; 72 with weights. */
#include <gli/algorithms/shortest_path.h>
#include <math.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/shortest_paths/correcting.h"
#include "cpu/shortest_paths/heap.h"

enum { FROM_SOURCE, FROM_TARGET, CHECK_STEPS = 1 << 15 };

/* What one end's search knows. */
typedef struct end_search {
  gli__weighted_rows along;
  int32_t *before; /* [node_limit] where a node was reached from, NONE: an end itself */
  uint32_t *edge;  /* [node_limit] over which edge; of reached nodes that are no end */
  int32_t *depth;  /* [node_limit] hops + 1, 0: not reached; without weights */
  int32_t *level;  /* the frontier */
  int64_t level_count;
  int32_t hops;     /* of the frontier */
  double *distance; /* [node_limit] with weights */
  gli__heap heap;
} end_search;

typedef struct meeting {
  gli_run *run;
  end_search ends[2];
  int32_t node; /* where they meet, NONE: nowhere */
  double length;
  int64_t steps;
} meeting;

/* --- Breadth-first ---------------------------------------------------------------------------- */

static int64_t count_edges(const end_search *e) {
  int64_t edges = 0;
  for (int side = 0; side < e->along.count; side++)
    for (int64_t k = 0; k < e->level_count; k++)
      edges += e->along.rows[side].rows[e->level[k]].length;
  return edges;
}

/* One level further; m->node is the smallest node that the other end has reached too. */
static gli_status step(meeting *m, end_search *own, const end_search *other, int32_t **spare,
                       gli_error *error) {
  int32_t *next = *spare;
  int64_t count = 0;
  for (int64_t k = 0; k < own->level_count; k++) {
    const int32_t u = own->level[k];
    for (int side = 0; side < own->along.count; side++) {
      const gli_rows *rows = &own->along.rows[side];
      const gli_row row = rows->rows[u];
      for (int64_t j = row.begin; j < row.begin + row.length; j++) {
        const int32_t v = rows->neighbors[j];
        if (own->depth[v] != 0) continue;
        own->depth[v] = own->hops + 2;
        own->before[v] = u;
        own->edge[v] = rows->edges[j];
        next[count++] = v;
        if (other->depth[v] != 0 && (m->node < 0 || v < m->node)) m->node = v;
      }
      m->steps += 1 + (int64_t)row.length;
    }
    if (m->steps < CHECK_STEPS) continue;
    m->steps = 0;
    const gli_status status = gli_run_check(m->run, error);
    if (status != GLI_OK) return status;
  }
  *spare = own->level;
  own->level = next;
  own->level_count = count;
  own->hops++;
  return GLI_OK;
}

static gli_status by_hops(meeting *m, const gli_node_list *lists, int32_t limit, gli_error *error) {
  gli_run *run = m->run;
  int32_t *spare[2];
  for (int k = 0; k < 2; k++) {
    end_search *e = &m->ends[k];
    e->depth = gli_run_allocate_zeroed(run, limit, sizeof *e->depth);
    e->level = gli_run_allocate(run, limit, sizeof *e->level);
    spare[k] = gli_run_allocate(run, limit, sizeof **spare);
    if (e->depth == NULL || e->level == NULL || spare[k] == NULL)
      return gli_run_no_memory(run, error);
    for (int64_t j = 0; j < lists[k].count; j++) {
      const int32_t v = lists[k].nodes[j];
      if (e->depth[v] != 0) continue;
      e->depth[v] = 1;
      e->before[v] = GLI_NODE_NONE;
      e->level[e->level_count++] = v;
      if (k == FROM_TARGET && m->ends[FROM_SOURCE].depth[v] != 0 && (m->node < 0 || v < m->node))
        m->node = v;
    }
  }
  while (m->node < 0 && m->ends[0].level_count > 0 && m->ends[1].level_count > 0) {
    const int own = count_edges(&m->ends[0]) <= count_edges(&m->ends[1]) ? 0 : 1;
    const gli_status status = step(m, &m->ends[own], &m->ends[1 - own], &spare[own], error);
    if (status != GLI_OK) return status;
    gli_run_count_iteration(run);
  }
  return gli_run_check(run, error);
}

/* --- Dijkstra --------------------------------------------------------------------------------- */

static void reach(meeting *m, int own, int32_t v, double distance) {
  m->ends[own].distance[v] = distance;
  gli__heap_lower(&m->ends[own].heap, v, distance);
  const double length = distance + m->ends[1 - own].distance[v];
  if (length < m->length || (length == m->length && length < (double)INFINITY && v < m->node)) {
    m->length = length;
    m->node = v;
  }
}

static void relax(meeting *m, int own) {
  end_search *e = &m->ends[own];
  const gli__heap_entry least = gli__heap_pop(&e->heap);
  for (int side = 0; side < e->along.count; side++) {
    const gli_rows *rows = &e->along.rows[side];
    const gli_row row = rows->rows[least.node];
    m->steps += 1 + (int64_t)row.length;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const int32_t v = rows->neighbors[k];
      const double there = least.key + e->along.weights[side][k];
      if (!(there < e->distance[v])) continue;
      e->before[v] = least.node;
      e->edge[v] = rows->edges[k];
      reach(m, own, v, there);
    }
  }
}

static gli_status by_weight(meeting *m, const gli_node_list *lists, int32_t limit,
                            gli_error *error) {
  gli_run *run = m->run;
  for (int k = 0; k < 2; k++) {
    end_search *e = &m->ends[k];
    e->distance = gli_run_allocate(run, limit, sizeof *e->distance);
    e->heap.entries = gli_run_allocate(run, limit, sizeof *e->heap.entries);
    e->heap.place = gli_run_allocate(run, limit, sizeof *e->heap.place);
    if (e->distance == NULL || e->heap.entries == NULL || e->heap.place == NULL)
      return gli_run_no_memory(run, error);
    for (int32_t v = 0; v < limit; v++) {
      e->distance[v] = (double)INFINITY;
      e->heap.place[v] = -1;
    }
    const gli_status status = gli_run_check(run, error);
    if (status != GLI_OK) return status;
  }
  for (int k = 0; k < 2; k++) {
    for (int64_t j = 0; j < lists[k].count; j++) {
      const int32_t v = lists[k].nodes[j];
      if (m->ends[k].distance[v] == 0) continue;
      m->ends[k].before[v] = GLI_NODE_NONE;
      reach(m, k, v, 0);
    }
  }
  gli__heap *heaps[2] = {&m->ends[0].heap, &m->ends[1].heap};
  while (heaps[0]->count > 0 && heaps[1]->count > 0) {
    const double nearest[2] = {heaps[0]->entries[0].key, heaps[1]->entries[0].key};
    if (nearest[0] + nearest[1] >= m->length) break;
    relax(m, nearest[0] <= nearest[1] ? 0 : 1);
    if (m->steps < CHECK_STEPS) continue;
    m->steps = 0;
    const gli_status status = gli_run_check(run, error);
    if (status != GLI_OK) return status;
  }
  return gli_run_check(run, error);
}

/* --- The path --------------------------------------------------------------------------------- */

/* Nodes and edges from the source to the target, and the length added in that order. */
static gli_status write_path(const meeting *m, const double *edge_weights, gli_result *result,
                             gli_error *error) {
  const end_search *first = &m->ends[FROM_SOURCE], *last = &m->ends[FROM_TARGET];
  int64_t ahead = 0, count = m->node < 0 ? 0 : 1;
  for (int32_t v = m->node; v >= 0 && first->before[v] >= 0; v = first->before[v])
    ahead++;
  for (int32_t v = m->node; v >= 0 && last->before[v] >= 0; v = last->before[v])
    count++;
  count += ahead;
  void *node = NULL, *edge = NULL, *length = NULL;
  gli_status status =
      gli_result_add_column(result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, count, &node, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "edge", GLI_COLUMN_EDGE, GLI_PER_ROW, count, &edge, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "length", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0, &length, error);
  if (status != GLI_OK) return status;
  int32_t *nodes = node;
  int64_t *edges = edge, at = ahead;
  for (int32_t v = m->node; v >= 0; v = first->before[v]) {
    nodes[at] = v;
    if (at-- > 0) edges[at] = first->edge[v];
  }
  at = ahead;
  for (int32_t v = m->node; v >= 0 && last->before[v] >= 0; v = last->before[v]) {
    edges[at++] = last->edge[v];
    nodes[at] = last->before[v];
  }
  double sum = count == 0 ? (double)INFINITY : 0;
  for (int64_t k = 0; k + 1 < count; k++)
    sum += edge_weights == NULL ? 1 : edge_weights[edges[k]];
  *(double *)length = sum;
  return GLI_OK;
}

static gli_status fetch_rows(gli_snapshot *snapshot, const char *weight, gli_direction direction,
                             gli__weighted_rows *along, gli_error *error) {
  static const char *const texts[] = {[GLI_OUT] = "out", [GLI_IN] = "in", [GLI_BOTH] = "both"};
  if (weight != NULL)
    return gli__cpu_weighted_rows(snapshot, weight, texts[direction], along, error);
  const bool both = direction == GLI_BOTH && gli_snapshot_is_directed(snapshot);
  along->count = both ? 2 : 1;
  const gli_status status = gli__cpu_rows(snapshot, direction, &along->rows[0], error);
  return status == GLI_OK && both ? gli_snapshot_in_rows(snapshot, &along->rows[1], error) : status;
}

gli_status gli__cpu_shortest_path(gli_run *run, gli_snapshot *snapshot, const void *options,
                                  gli_result *result, gli_error *error) {
  const gli_shortest_path_options *given = options;
  const char *weight = gli_snapshot_edge_count(snapshot) > 0 ? given->weight : NULL;
  const gli_direction direction = gli__cpu_direction(given->direction);
  const gli_direction directions[] = {direction, direction == GLI_OUT  ? GLI_IN
                                                 : direction == GLI_IN ? GLI_OUT
                                                                       : GLI_BOTH};
  const gli_node_list lists[] = {given->source, given->target};
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const double *edge_weights = NULL;
  meeting m = {.run = run, .node = GLI_NODE_NONE, .length = (double)INFINITY};
  gli_status status = GLI_OK;
  if (weight != NULL) status = gli_snapshot_edge_weights(snapshot, weight, &edge_weights, error);
  for (int k = 0; status == GLI_OK && k < 2; k++) {
    end_search *e = &m.ends[k];
    status = fetch_rows(snapshot, weight, directions[k], &e->along, error);
    e->before = gli_run_allocate(run, limit, sizeof *e->before);
    e->edge = gli_run_allocate(run, limit, sizeof *e->edge);
    if (status == GLI_OK && (e->before == NULL || e->edge == NULL))
      return gli_run_no_memory(run, error);
  }
  if (status != GLI_OK) return status;
  gli_run_prepared(run);
  status = weight != NULL ? by_weight(&m, lists, limit, error) : by_hops(&m, lists, limit, error);
  return status == GLI_OK ? write_path(&m, edge_weights, result, error) : status;
}
