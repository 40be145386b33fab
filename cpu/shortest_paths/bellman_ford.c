/* bellman_ford.c: distances by correcting.c, then the tree that depends on them alone.
 *
 * The tree that the search ends with depends on the order of the rows. The one given back is
 * reached breadth-first along tight edges (distance[u] + weight == distance[v]) from the roots: of
 * all shortest paths those with the fewest edges, and of these the predecessor of the smallest
 * index. Without weights that is the search of traversal/search.c, which is called then. */
#include <gli/algorithms/bellman_ford.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/shortest_paths/correcting.h"
#include "cpu/traversal/search.h"

enum { CHECK_STEPS = 1 << 16, NODE_TEXT_SIZE = 96, PATH_TEXT_SIZE = 240 };

/* GLI_ERROR_NEGATIVE_CYCLE with the cycle's nodes, as many as there is room for. */
static gli_status name_cycle(const gli_snapshot *snapshot, const gli__correcting *found,
                             gli_error *error) {
  char path[PATH_TEXT_SIZE] = "", text[NODE_TEXT_SIZE];
  size_t used = 0;
  for (int64_t k = 0; k <= found->cycle_count; k++) {
    const gli_id id =
        gli_snapshot_node_id(snapshot, found->cycle_nodes[k == found->cycle_count ? 0 : k]);
    gli_id_format(&id, text, sizeof text);
    const char *join = k == 0 ? "" : " -> ";
    if (used + strlen(join) + strlen(text) + sizeof " -> ..." > sizeof path) {
      snprintf(path + used, sizeof path - used, " -> ...");
      break;
    }
    used += (size_t)snprintf(path + used, sizeof path - used, "%s%s", join, text);
  }
  return gli__fail(error, GLI_ERROR_NEGATIVE_CYCLE,
                   "bellman_ford: the sources reach a cycle of %lld edges and weight %.15g: %s; "
                   "find_negative_cycle gives it as a list",
                   (long long)found->cycle_count, found->cycle_weight, path);
}

typedef struct joining {
  const gli__correcting *found;
  int32_t *predecessor;
  int32_t *level; /* -1: not reached yet */
} joining;

/* The neighbours that tight edges lead to from u, which stands at `depth`. */
static int64_t join_neighbors(joining *j, int32_t u, int32_t depth, int32_t *next, int64_t count) {
  const double *distance = j->found->distance;
  for (int side = 0; side < j->found->along.count; side++) {
    const gli_row row = j->found->along.rows[side].rows[u];
    const int32_t *neighbors = j->found->along.rows[side].neighbors + row.begin;
    const double *weights = j->found->along.weights[side] + row.begin;
    for (uint32_t k = 0; k < row.length; k++) {
      const int32_t v = neighbors[k];
      if (distance[u] + weights[k] != distance[v]) continue;
      if (j->level[v] < 0) {
        j->level[v] = depth + 1;
        j->predecessor[v] = u;
        next[count++] = v;
      } else if (j->level[v] == depth + 1 && u < j->predecessor[v]) {
        j->predecessor[v] = u;
      }
    }
  }
  return count;
}

static gli_status join_all(gli_run *run, gli_snapshot *snapshot, const gli__correcting *found,
                           int32_t *predecessor, gli_error *error) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  joining j = {found, predecessor, gli_run_allocate(run, limit, sizeof *j.level)};
  int32_t *frontier = gli_run_allocate(run, limit, sizeof *frontier);
  int32_t *next = gli_run_allocate(run, limit, sizeof *next);
  if (j.level == NULL || frontier == NULL || next == NULL) return gli_run_no_memory(run, error);
  int64_t count = 0, steps = 0;
  for (int32_t v = 0; v < limit; v++) {
    const bool root = found->distance[v] < (double)INFINITY && found->parent[v] == GLI_NODE_NONE;
    j.level[v] = root ? 0 : -1;
    if (root) frontier[count++] = v;
  }
  for (int32_t depth = 0; count > 0; depth++) {
    int64_t next_count = 0;
    for (int64_t k = 0; k < count; k++) {
      next_count = join_neighbors(&j, frontier[k], depth, next, next_count);
      for (int side = 0; side < found->along.count; side++)
        steps += found->along.rows[side].rows[frontier[k]].length;
      if (steps < CHECK_STEPS) continue;
      steps = 0;
      const gli_status status = gli_run_check(run, error);
      if (status != GLI_OK) return status;
    }
    int32_t *walked = frontier;
    frontier = next;
    next = walked;
    count = next_count;
    gli_run_count_iteration(run);
  }
  return GLI_OK;
}

static gli_status by_weight(gli_run *run, gli_snapshot *snapshot,
                            const gli_bellman_ford_options *given, double *distance,
                            int32_t *predecessor, gli_error *error) {
  gli__correcting found = {.distance = distance};
  gli_status status =
      gli__cpu_weighted_rows(snapshot, given->weight, given->direction, &found.along, error);
  if (status == GLI_OK)
    status = gli_snapshot_edge_weights(snapshot, given->weight, &found.edge_weights, error);
  if (status == GLI_OK) status = gli__cpu_correct(run, snapshot, &given->source, &found, error);
  if (status == GLI_OK && found.cycle_count > 0) return name_cycle(snapshot, &found, error);
  if (status != GLI_OK) return status;
  return join_all(run, snapshot, &found, predecessor, error);
}

static gli_status by_hops(gli_run *run, gli_snapshot *snapshot,
                          const gli_bellman_ford_options *given, double *distance,
                          int32_t *predecessor, gli_error *error) {
  const int32_t limit = gli_snapshot_node_limit(snapshot);
  const gli__search search = {.sources = given->source,
                              .direction = gli__cpu_direction(given->direction),
                              .max_depth = INT32_MAX};
  int32_t *level = gli_run_allocate(run, limit, sizeof *level);
  if (level == NULL) return gli_run_no_memory(run, error);
  const gli_status status = gli__cpu_search(run, snapshot, &search, level, predecessor, error);
  for (int32_t v = 0; status == GLI_OK && v < limit; v++)
    distance[v] = level[v] < 0 ? (double)INFINITY : level[v];
  return status;
}

gli_status gli__cpu_bellman_ford(gli_run *run, gli_snapshot *snapshot, const void *options,
                                 gli_result *result, gli_error *error) {
  const gli_bellman_ford_options *given = options;
  const bool weighted = given->weight != NULL && gli_snapshot_edge_count(snapshot) > 0;
  void *distance = NULL, *predecessor = NULL;
  gli_status status = gli_result_add_column(result, "distance", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0,
                                            &distance, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "predecessor", GLI_COLUMN_NODE, GLI_PER_NODE, 0,
                                   &predecessor, error);
  if (status != GLI_OK) return status;
  status = weighted ? by_weight(run, snapshot, given, distance, predecessor, error)
                    : by_hops(run, snapshot, given, distance, predecessor, error);
  if (status != GLI_OK) return status;
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  for (int32_t v = 0; bits != NULL && v < gli_snapshot_node_limit(snapshot); v++) {
    if (!gli_bit(bits, v)) ((double *)distance)[v] = 0;
  }
  return gli_run_check(run, error);
}
