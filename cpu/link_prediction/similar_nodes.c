/* similar_nodes.c: the k most similar of the nodes that share a neighbour, for every node.
 *
 * Nodes are worked on side by side; each keeps its best in a heap of k places, which lies where the
 * rows of the node will lie, and sorts it at the end. Cost O(sum over edges of the degrees of both
 * ends, plus the nodes found times log k); memory 16 bytes per kept row, n k at the most, and 12
 * bytes per node and thread. Sorting all that is found and cutting at k is dearer where hubs are:
 * most of what a node finds does not enter the heap. */
#include <gli/algorithms/similar_nodes.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/two_hops.h"

enum { BLOCK_NODES = 16 };

typedef struct choosing {
  gli__two_hops hops;
  double threshold;
  const int32_t *sources;
  const int64_t *begins; /* [source]: places, as many as it may need */
  int64_t *counts;       /* [source]: places used */
  gli__scored *rows;
} choosing;

/* A heap whose root is the last in order. */
static void sink(gli__scored *heap, int64_t count, int64_t at) {
  const gli__scored moved = heap[at];
  for (;;) {
    int64_t child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && gli__scored_before(&heap[child], &heap[child + 1])) child++;
    if (!gli__scored_before(&moved, &heap[child])) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

static int64_t keep(gli__scored *heap, int64_t count, int64_t room, gli__scored found) {
  if (count == room) {
    if (room > 0 && gli__scored_before(&found, &heap[0])) {
      heap[0] = found;
      sink(heap, count, 0);
    }
    return count;
  }
  int64_t at = count++;
  for (; at > 0 && gli__scored_before(&heap[(at - 1) / 2], &found); at = (at - 1) / 2)
    heap[at] = heap[(at - 1) / 2];
  heap[at] = found;
  return count;
}

static void choose_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const choosing *c = context;
  double *sums = c->hops.sums + worker * c->hops.limit;
  const int32_t *touched = c->hops.touched + worker * c->hops.limit;
  for (int64_t k = begin; k < end && !gli_run_stopped(c->hops.m.run); k++) {
    const int32_t u = c->sources[k];
    gli__scored *heap = c->rows + c->begins[k];
    const int64_t room = c->begins[k + 1] - c->begins[k];
    const int64_t found = gli__two_hops_gather(&c->hops, u, worker);
    int64_t count = 0;
    for (int64_t j = 0; j < found; j++) {
      const int32_t v = touched[j];
      if (sums[v] > 0) {
        const double score = gli__measure_score(&c->hops.m, u, v, sums[v]);
        if (score >= c->threshold) count = keep(heap, count, room, (gli__scored){score, u, v});
      }
      sums[v] = 0;
    }
    c->counts[k] = count;
    for (int64_t last = count - 1; last > 0; last--) {
      const gli__scored worst = heap[0];
      heap[0] = heap[last];
      heap[last] = worst;
      sink(heap, last, 0);
    }
  }
}

/* The nodes to answer, each once, and how many places each may need. */
static gli_status list_sources(choosing *c, gli_snapshot *snapshot,
                               const gli_similar_nodes_options *given, int64_t *count_out,
                               gli_error *error) {
  gli_run *run = c->hops.m.run;
  const uint64_t *alive = gli_snapshot_node_bits(snapshot);
  const bool all = given->source.nodes == NULL;
  const int64_t limit = c->hops.limit, listed = all ? limit : given->source.count;
  uint8_t *seen = gli_run_allocate_zeroed(run, limit + 1, 1);
  int32_t *sources = gli_run_allocate(run, listed + 1, sizeof *sources);
  int64_t *begins = gli_run_allocate(run, listed + 1, sizeof *begins);
  c->counts = gli_run_allocate_zeroed(run, listed + 1, sizeof *c->counts);
  if (seen == NULL || sources == NULL || begins == NULL || c->counts == NULL) {
    return gli_run_no_memory(run, error);
  }
  int64_t count = 0;
  begins[0] = 0;
  for (int64_t k = 0; k < listed; k++) {
    const int32_t u = all ? (int32_t)k : given->source.nodes[k];
    if (seen[u] || !gli_bit(alive, u)) continue;
    const int64_t most = gli__two_hops_most(&c->hops, u);
    seen[u] = 1;
    sources[count] = u;
    begins[count + 1] = begins[count] + (most < given->k ? most : given->k);
    count++;
    if ((k & 4095) == 0 && gli_run_stopped(run)) break;
  }
  c->sources = sources;
  c->begins = begins;
  *count_out = count;
  gli_run_release(run, seen);
  return gli_run_check(run, error);
}

gli_status gli__cpu_similar_nodes(gli_run *run, gli_snapshot *snapshot, const void *options,
                                  gli_result *result, gli_error *error) {
  const gli_similar_nodes_options *given = options;
  choosing c = {.hops = {.adjacent = given->adjacent}, .threshold = given->threshold};
  int64_t sources = 0;
  gli_status status =
      gli__two_hops_prepare(run, snapshot, gli__measure_named(given->measure), &c.hops, error);
  if (status == GLI_OK) status = list_sources(&c, snapshot, given, &sources, error);
  if (status != GLI_OK) return status;
  c.rows = gli_run_allocate(run, c.begins[sources] + 1, sizeof *c.rows);
  if (c.rows == NULL) return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  status = gli_run_parallel(run, sources, BLOCK_NODES, choose_block, &c, error);
  if (status == GLI_OK) status = gli_run_check(run, error);
  if (status != GLI_OK) return status;
  int64_t count = 0;
  for (int64_t k = 0; k < sources; k++) { /* never to the right of where they are */
    for (int64_t j = 0; j < c.counts[k]; j++)
      c.rows[count++] = c.rows[c.begins[k] + j];
  }
  return gli__scored_columns(result, c.rows, count, error);
}
