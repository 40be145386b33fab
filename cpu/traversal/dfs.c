/* dfs.c: depth-first search without recursion (Tarjan 1972, doi:10.1137/0201010).
 *
 * The predecessors are the stack: a node goes back to the one it was entered from, and goes on in
 * its row where it left off. One place per node says where; with both sides of a directed graph
 * the in row counts on after the out row.
 *
 * Serial, O(n + m); 8 n bytes of scratch beside the columns. */
#include <gli/algorithms/dfs.h>

#include <string.h>

#include "cpu/common.h"
#include "cpu/kernels.h"

enum { CHECK_STEPS = 1 << 18 };

typedef struct walking {
  gli_run *run;
  gli_rows rows[2];
  int sides;
  int64_t *next; /* [node] the entry to look at next, over all sides */
  int64_t *preorder, *postorder, *depth;
  int32_t *predecessor;
  int64_t entered, left, steps, limit;
} walking;

/* The next neighbour that was not entered yet, or NONE at the end of the rows. */
static int32_t find_unseen(walking *w, int32_t node) {
  int64_t before = 0; /* entries of earlier sides */
  for (int side = 0; side < w->sides; side++) {
    const gli_row row = w->rows[side].rows[node];
    const int32_t *neighbors = w->rows[side].neighbors + row.begin;
    while (w->next[node] < before + row.length) {
      const int32_t other = neighbors[w->next[node]++ - before];
      w->steps++;
      if (w->preorder[other] < 0) return other;
    }
    before += row.length;
  }
  return GLI_NODE_NONE;
}

static void enter(walking *w, int32_t node, int32_t from) {
  w->preorder[node] = w->entered++;
  w->depth[node] = from == GLI_NODE_NONE ? 0 : w->depth[from] + 1;
  w->predecessor[node] = from;
  w->next[node] = 0;
}

static gli_status walk_from(walking *w, int32_t root, gli_error *error) {
  if (w->preorder[root] >= 0) return GLI_OK;
  enter(w, root, GLI_NODE_NONE);
  int32_t node = root;
  while (node != GLI_NODE_NONE) {
    const int32_t other = find_unseen(w, node);
    if (other != GLI_NODE_NONE) {
      enter(w, other, node);
      node = other;
    } else {
      w->postorder[node] = w->left++;
      node = w->predecessor[node];
    }
    if (++w->steps < CHECK_STEPS) continue;
    w->steps = 0;
    gli_run_progress(w->run, (double)w->entered, (double)w->limit);
    const gli_status status = gli_run_check(w->run, error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

static gli_status add_columns(walking *w, gli_result *result, gli_error *error) {
  static const char *const names[] = {"preorder", "postorder", "depth"};
  int64_t **const places[] = {&w->preorder, &w->postorder, &w->depth};
  void *data = NULL;
  for (int k = 0; k < 3; k++) {
    const gli_status status =
        gli_result_add_column(result, names[k], GLI_COLUMN_INT64, GLI_PER_NODE, 0, &data, error);
    if (status != GLI_OK) return status;
    *places[k] = data;
  }
  const gli_status status =
      gli_result_add_column(result, "predecessor", GLI_COLUMN_NODE, GLI_PER_NODE, 0, &data, error);
  if (status == GLI_OK) w->predecessor = data;
  return status;
}

static gli_status fetch_rows(walking *w, gli_snapshot *snapshot, gli_direction direction,
                             gli_error *error) {
  w->sides = 1;
  if (direction == GLI_BOTH && gli_snapshot_is_directed(snapshot)) {
    w->sides = 2;
    const gli_status status = gli_snapshot_in_rows(snapshot, &w->rows[1], error);
    if (status != GLI_OK) return status;
  }
  return gli__cpu_rows(snapshot, direction, &w->rows[0], error);
}

gli_status gli__cpu_dfs(gli_run *run, gli_snapshot *snapshot, const void *options,
                        gli_result *result, gli_error *error) {
  const gli_dfs_options *given = options;
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  walking w = {.run = run, .limit = gli_snapshot_node_limit(snapshot)};
  gli_status status = add_columns(&w, result, error);
  if (status == GLI_OK)
    status = fetch_rows(&w, snapshot, gli__cpu_direction(given->direction), error);
  if (status != GLI_OK) return status;
  w.next = gli_run_allocate(run, w.limit, sizeof *w.next);
  if (w.next == NULL) return gli_run_no_memory(run, error);
  for (int64_t v = 0; v < w.limit; v++) {
    if (gli_bit(bits, v)) w.preorder[v] = w.postorder[v] = w.depth[v] = -1;
  }
  gli_run_prepared(run);
  for (int64_t k = 0; k < given->source.count && status == GLI_OK; k++)
    status = walk_from(&w, given->source.nodes[k], error);
  for (int64_t v = 0; given->source.nodes == NULL && v < w.limit && status == GLI_OK; v++) {
    if (gli_bit(bits, v)) status = walk_from(&w, (int32_t)v, error);
  }
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
