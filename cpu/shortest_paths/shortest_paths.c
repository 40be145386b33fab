/* shortest_paths.c: breadth-first search without weights; with them delta-stepping, and Dijkstra's
 * algorithm on graphs that are too small for it.
 *
 * With sums of floats in path order and weights of at least 0, every label-setting or
 * label-correcting method ends at the same bits, so the method may change without changing results.
 *
 * Targets and the cutoff end the search; nodes beyond are set back to infinity, so that what is
 * given back does not depend on how far the search happened to look. */
#include <gli/algorithms/shortest_paths.h>
#include <math.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/shortest_paths/paths.h"
#include "cpu/traversal/search.h"

/* Below so many nodes and row entries Dijkstra's algorithm is faster. CPU time of one thread at
 * 2,250, 4,500 and 16,200: 35, 81 and 313 microseconds; delta-stepping with whole weights 52, 71
 * and 177, with others 66, 126 and 374 (of which the tree takes a part). */
enum { TINY = 1 << 14, TINY_WHOLE = 1 << 12, BLOCK_NODES = 1 << 16 };

/* --- Without weights -------------------------------------------------------------------------- */

typedef struct converting {
  const int32_t *level;
  const uint64_t *alive;
  double *distance;
} converting;

static void convert_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const converting *c = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const double reached = c->level[v] >= 0 ? (double)c->level[v] : (double)INFINITY;
    c->distance[v] = gli_bit(c->alive, v) ? reached : 0;
  }
}

static gli_status by_hops(gli_run *run, gli_snapshot *snapshot,
                          const gli_shortest_paths_options *given, double *distance,
                          int32_t *predecessor, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  const gli__search search = {
      .sources = given->source,
      .targets = given->targets,
      .direction = gli__cpu_direction(given->direction),
      .max_depth = given->cutoff < INT32_MAX ? (int64_t)given->cutoff : INT32_MAX};
  int32_t *level = gli_run_allocate(run, limit, sizeof *level);
  if (level == NULL) return gli_run_no_memory(run, error);
  const gli_status status = gli__cpu_search(run, snapshot, &search, level, predecessor, error);
  if (status != GLI_OK) return status;
  converting c = {level, gli_snapshot_node_bits(snapshot), distance};
  return gli_run_parallel(run, limit, BLOCK_NODES, convert_block, &c, error);
}

/* --- With weights ----------------------------------------------------------------------------- */

static bool is_tiny(const gli_snapshot *snapshot, int64_t tiny) {
  return gli_snapshot_out_rows(snapshot).entry_count + gli_snapshot_node_limit(snapshot) < tiny;
}

/* Whether delta-stepping may keep a distance and a predecessor in 64 bits. */
static gli_status fits_entries(gli_snapshot *snapshot, const char *weight, bool *fits_out,
                               gli_error *error) {
  gli_weight_range range;
  const gli_status status = gli_snapshot_weight_range(snapshot, weight, &range, error);
  if (status != GLI_OK) return status;
  const double longest = range.maximum * (double)gli_snapshot_node_count(snapshot);
  *fits_out = range.is_whole && range.minimum >= 1 && longest < (double)(UINT32_MAX - 1);
  return GLI_OK;
}

static gli_status fetch_rows(gli_snapshot *snapshot, const gli_shortest_paths_options *given,
                             gli__weighted_rows *along, gli_error *error) {
  const gli_direction direction = gli__cpu_direction(given->direction);
  const bool both = direction == GLI_BOTH && gli_snapshot_is_directed(snapshot);
  bool small = false;
  gli_status status = fits_entries(snapshot, given->weight, &small, error);
  small = small && !is_tiny(snapshot, TINY_WHOLE);
  along->count = both ? 2 : 1;
  for (int side = 0; side < along->count && status == GLI_OK; side++) {
    const bool in = side == 1 || direction == GLI_IN;
    status = gli__cpu_rows(snapshot, in ? GLI_IN : GLI_OUT, &along->rows[side], error);
    if (status == GLI_OK && small) {
      status = gli_snapshot_row_entries(snapshot, given->weight, in, &along->entries[side], error);
    } else if (status == GLI_OK) {
      status = gli_snapshot_row_weights(snapshot, given->weight, in, &along->weights[side], error);
    }
  }
  return status;
}

/* What lies beyond the farthest target goes; then the tree, if it is not there yet. */
static gli_status join_tree(gli_snapshot *snapshot, gli__paths *paths, gli_error *error) {
  int64_t sources = 0;
  for (int64_t v = 0; v < paths->node_limit; v++) {
    if (paths->distance[v] > paths->farthest) paths->distance[v] = (double)INFINITY;
  }
  for (int64_t k = 0; k < paths->sources.count; k++) {
    /* Counted once: marked by a predecessor that no node can have, meanwhile. */
    sources += paths->predecessor[paths->sources.nodes[k]] == GLI_NODE_NONE;
    paths->predecessor[paths->sources.nodes[k]] = INT32_MIN;
  }
  for (int64_t k = 0; k < paths->sources.count; k++)
    paths->predecessor[paths->sources.nodes[k]] = GLI_NODE_NONE;
  return gli__cpu_path_predecessors(paths->run, snapshot, &paths->along, &paths->sources, sources,
                                    paths->distance, paths->predecessor, error);
}

static gli_status by_weight(gli_run *run, gli_snapshot *snapshot,
                            const gli_shortest_paths_options *given, double *distance,
                            int32_t *predecessor, gli_error *error) {
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  gli__paths paths = {.run = run,
                      .node_limit = gli_snapshot_node_limit(snapshot),
                      .sources = given->source,
                      .targets = given->targets,
                      .cutoff = given->cutoff,
                      .distance = distance,
                      .predecessor = predecessor,
                      .farthest = (double)INFINITY};
  gli_status status = fetch_rows(snapshot, given, &paths.along, error);
  if (status != GLI_OK) return status;
  const bool alone = paths.along.entries[0] == NULL && is_tiny(snapshot, TINY);
  status =
      alone ? gli__cpu_paths_by_dijkstra(&paths, error) : gli__cpu_paths_by_buckets(&paths, error);
  if (status == GLI_OK && paths.along.entries[0] == NULL)
    status = join_tree(snapshot, &paths, error);
  for (int64_t v = 0; alive != NULL && v < paths.node_limit; v++) {
    if (!gli_bit(alive, v)) distance[v] = 0;
  }
  return status;
}

gli_status gli__cpu_shortest_paths(gli_run *run, gli_snapshot *snapshot, const void *options,
                                   gli_result *result, gli_error *error) {
  const gli_shortest_paths_options *given = options;
  const bool weighted = given->weight != NULL && gli_snapshot_edge_count(snapshot) > 0;
  void *distance = NULL, *predecessor = NULL;
  gli_status status = gli_result_add_column(result, "distance", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0,
                                            &distance, error);
  if (status != GLI_OK) return status;
  status = gli_result_add_column(result, "predecessor", GLI_COLUMN_NODE, GLI_PER_NODE, 0,
                                 &predecessor, error);
  if (status != GLI_OK) return status;
  return weighted ? by_weight(run, snapshot, given, distance, predecessor, error)
                  : by_hops(run, snapshot, given, distance, predecessor, error);
}
