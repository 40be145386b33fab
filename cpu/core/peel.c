/* peel.c: peeling by remaining degree, with buckets (Batagelj and Zaversnik 2003).
 *
 * Nodes stand in one array sorted by remaining degree; `starts` says where each degree begins. The
 * node at the front is peeled: its degree is its core number, and every neighbour of higher degree
 * moves one bucket down by swapping places with the first of its bucket. In a directed graph mutual
 * neighbours are joined twice and move two. O(n + m), on one thread: peeling is a chain. */
#include "cpu/core/peel.h"

#include "cpu/simple.h"

typedef struct peeling {
  int32_t *order;            /* nodes by remaining degree */
  int32_t *place;            /* of each node in order */
  int64_t *starts;           /* [degrees + 2]: where a degree begins in order */
  int64_t *degree;           /* remaining; the core number once peeled */
  const uint8_t *directions; /* NULL: each neighbour counts 1 */
} peeling;

static int64_t multiplicity(const peeling *p, int64_t entry) {
  return p->directions == NULL ? 1 : (p->directions[entry] & 1) + (p->directions[entry] >> 1);
}

/* Sort by degree, by counting. */
static void sort_nodes(peeling *p, int64_t limit, int64_t largest) {
  for (int64_t v = 0; v < limit; v++)
    p->starts[p->degree[v] + 1]++;
  for (int64_t d = 0; d <= largest; d++)
    p->starts[d + 1] += p->starts[d];
  for (int64_t v = 0; v < limit; v++) {
    const int64_t at = p->starts[p->degree[v]]++;
    p->order[at] = (int32_t)v;
    p->place[v] = (int32_t)at;
  }
  for (int64_t d = largest; d > 0; d--)
    p->starts[d] = p->starts[d - 1];
  p->starts[0] = 0;
}

/* One edge less for `node`: it becomes the last of the bucket below. */
static void move_down(peeling *p, int32_t node) {
  const int64_t first = p->starts[p->degree[node]]++;
  const int32_t other = p->order[first];
  p->order[p->place[node]] = other;
  p->place[other] = p->place[node];
  p->order[first] = node;
  p->place[node] = (int32_t)first;
  p->degree[node]--;
}

static gli_status peel(peeling *p, gli_run *run, const gli_simple_rows *simple, int64_t limit,
                       gli_error *error) {
  int64_t looked_at = 0;
  for (int64_t at = 0; at < limit; at++) {
    const int32_t node = p->order[at];
    const int64_t core = p->degree[node];
    for (int64_t k = simple->offsets[node]; k < simple->offsets[node + 1]; k++) {
      const int32_t neighbor = simple->neighbors[k];
      for (int64_t times = multiplicity(p, k); times > 0 && p->degree[neighbor] > core; times--) {
        move_down(p, neighbor);
      }
    }
    looked_at += simple->offsets[node + 1] - simple->offsets[node] + 1;
    if (looked_at > (1 << 16)) {
      looked_at = 0;
      gli_run_progress(run, (double)at, (double)limit);
      const gli_status status = gli_run_check(run, error);
      if (status != GLI_OK) return status;
    }
  }
  return GLI_OK;
}

gli_status gli__cpu_peel(gli_run *run, gli_snapshot *snapshot, bool both_directions, int64_t *core,
                         int32_t **order_out, gli_error *error) {
  const int64_t limit = gli_snapshot_node_limit(snapshot);
  peeling p = {.degree = core};
  gli_simple_rows simple;
  gli_status status = gli_snapshot_simple_rows(snapshot, &simple, error);
  if (status != GLI_OK) return status;
  if (both_directions && limit > 0 && gli_snapshot_is_directed(snapshot)) {
    uint8_t *directions = NULL;
    status = gli__cpu_simple_directions(run, snapshot, &simple, &directions, error);
    if (status != GLI_OK) return status;
    p.directions = directions;
  }
  int64_t largest = 0;
  for (int64_t v = 0; v < limit; v++) {
    for (int64_t k = simple.offsets[v]; k < simple.offsets[v + 1]; k++) {
      p.degree[v] += multiplicity(&p, k);
    }
    if (p.degree[v] > largest) largest = p.degree[v];
  }
  p.order = gli_run_allocate(run, limit, sizeof *p.order);
  p.place = gli_run_allocate(run, limit, sizeof *p.place);
  p.starts = gli_run_allocate_zeroed(run, largest + 2, sizeof *p.starts);
  if (p.order == NULL || p.place == NULL || p.starts == NULL) return gli_run_no_memory(run, error);
  sort_nodes(&p, limit, largest);
  gli_run_prepared(run);
  status = peel(&p, run, &simple, limit, error);
  if (status == GLI_OK && order_out != NULL) *order_out = p.order;
  return status == GLI_OK ? gli_run_check(run, error) : status;
}
