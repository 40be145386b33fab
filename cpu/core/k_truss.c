/* k_truss.c: peeling of edges by the triangles they lie in (Cohen 2008; Wang and Cheng 2012,
 * doi:10.14778/2311906.2311909).
 *
 * Supports (triangles per edge) are counted in parallel: the row of a node is marked, and the rows
 * of its neighbours of lower (degree, index) are looked through, so that an edge costs its smaller
 * degree. Then edges stand in one array sorted by support, as nodes do in peel.c. The edge at the
 * front goes; its support plus 2 is its truss number, and the other two edges of each of its
 * triangles move one bucket down. Rows lose their dead entries when they are next looked through.
 * Rows of like length are merged, very unlike ones searched.
 *
 * O(m^1.5) for counting, with a factor log n at worst for peeling, which is a chain: one thread.
 * 40 bytes per pair of neighbours. */
#include <gli/algorithms/k_truss.h>

#include "cpu/kernels.h"
#include "cpu/simple.h"

enum { BLOCK_ENTRIES = 1 << 11, BLOCK_EDGES = 1 << 14, CHECK_STEPS = 1 << 17, UNLIKE = 16 };

typedef struct trussing {
  gli_run *run;
  gli_simple_rows simple;
  int64_t limit, edge_count;
  int64_t *base;      /* [node] base[u] + k: the edge of entry k of row u to a larger node */
  int32_t *neighbors; /* the rows, of which dead entries go */
  uint32_t *edges;    /* parallel to neighbors */
  int64_t *ends;      /* [node] where its row ends by now */
  int32_t *sources, *targets; /* [edge] */
  int32_t *support;           /* [edge] triangles that are left; -1: dead */
  int32_t *truss;             /* [edge] */
  uint32_t *order, *place;    /* [edge] by support, and where it stands */
  int64_t *starts;            /* [support] where it begins in order */
  int32_t *marks;             /* [workers][node_limit] */
} trussing;

static bool is_smaller(const trussing *t, int32_t left, int32_t right) {
  const int64_t a = t->simple.offsets[left + 1] - t->simple.offsets[left];
  const int64_t b = t->simple.offsets[right + 1] - t->simple.offsets[right];
  return a != b ? a < b : left < right;
}

/* Edges are numbered by their smaller ends, then by their larger. */
static void number_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  trussing *t = context;
  const int64_t *offsets = t->simple.offsets;
  (void)worker;
  for (int64_t u = begin; u < end; u++) {
    t->ends[u] = offsets[u + 1];
    for (int64_t k = offsets[u]; k < offsets[u + 1]; k++) {
      const int32_t v = t->simple.neighbors[k];
      t->neighbors[k] = v;
      if (v < u) {
        const int64_t there = gli__cpu_simple_find(&t->simple, v, (int32_t)u);
        t->edges[k] = (uint32_t)(t->base[v] + there);
        continue;
      }
      const int64_t edge = t->base[u] + k;
      t->edges[k] = (uint32_t)edge;
      t->sources[edge] = (int32_t)u;
      t->targets[edge] = v;
    }
  }
}

static void support_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  trussing *t = context;
  const int64_t *offsets = t->simple.offsets;
  const int32_t *neighbors = t->simple.neighbors;
  int32_t *marks = t->marks + worker * t->limit;
  for (int64_t u = begin; u < end && !gli_run_stopped(t->run); u++) {
    const int32_t stamp = (int32_t)u + 1;
    for (int64_t k = offsets[u]; k < offsets[u + 1]; k++)
      marks[neighbors[k]] = stamp;
    for (int64_t k = offsets[u]; k < offsets[u + 1]; k++) {
      const int32_t v = neighbors[k];
      if (!is_smaller(t, v, (int32_t)u)) continue;
      int32_t count = 0;
      for (int64_t j = offsets[v]; j < offsets[v + 1]; j++)
        count += marks[neighbors[j]] == stamp;
      t->support[t->edges[k]] = count;
    }
  }
}

/* A look for a stop now and then in a loop over items. */
static bool stops_at(const trussing *t, int64_t item) {
  return item % CHECK_STEPS == 0 && gli_run_stopped(t->run);
}

static int64_t largest_support(const trussing *t) {
  int64_t largest = 0;
  for (int64_t e = 0; e < t->edge_count && !stops_at(t, e); e++)
    largest = t->support[e] > largest ? t->support[e] : largest;
  return largest;
}

static gli_status sort_edges(trussing *t, int64_t largest, gli_error *error) {
  for (int64_t e = 0; e < t->edge_count && !stops_at(t, e); e++)
    t->starts[t->support[e] + 1]++;
  for (int64_t s = 0; s <= largest; s++)
    t->starts[s + 1] += t->starts[s];
  for (int64_t e = 0; e < t->edge_count && !stops_at(t, e); e++) {
    const int64_t at = t->starts[t->support[e]]++;
    t->order[at] = (uint32_t)e;
    t->place[e] = (uint32_t)at;
  }
  for (int64_t s = largest; s > 0; s--)
    t->starts[s] = t->starts[s - 1];
  t->starts[0] = 0;
  return gli_run_check(t->run, error);
}

/* One triangle less for `edge`, unless it is down at `level`, where peeling is. */
static void move_down(trussing *t, uint32_t edge, int32_t level) {
  if (t->support[edge] <= level) return;
  const int64_t first = t->starts[t->support[edge]]++;
  const uint32_t other = t->order[first];
  t->order[t->place[edge]] = other;
  t->place[other] = t->place[edge];
  t->order[first] = edge;
  t->place[edge] = (uint32_t)first;
  t->support[edge]--;
}

/* Drop what is dead from a row. */
static void tidy(trussing *t, int32_t node) {
  int64_t at = t->simple.offsets[node];
  for (int64_t k = at; k < t->ends[node]; k++) {
    if (t->support[t->edges[k]] < 0) continue;
    t->neighbors[at] = t->neighbors[k];
    t->edges[at++] = t->edges[k];
  }
  t->ends[node] = at;
}

/* First entry in [low, high) whose neighbour is at least `node`. */
static int64_t find_from(const trussing *t, int64_t low, int64_t high, int32_t node) {
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (t->neighbors[middle] < node) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* The triangles of a dead edge lose it. Returns how many steps that took. */
static int64_t open_triangles(trussing *t, int32_t small, int32_t large, int32_t level) {
  tidy(t, small);
  int64_t at = t->simple.offsets[large];
  const int64_t begin = t->simple.offsets[small], end = t->ends[small];
  const bool unlike = t->ends[large] - at > UNLIKE * (end - begin);
  int64_t steps = 2 * (end - begin) + 1;
  for (int64_t k = begin; k < end && at < t->ends[large]; k++) {
    const int32_t node = t->neighbors[k];
    if (unlike) at = find_from(t, at, t->ends[large], node);
    for (; !unlike && at < t->ends[large] && t->neighbors[at] < node; at++)
      steps++;
    if (at == t->ends[large] || t->neighbors[at] != node) continue;
    if (t->support[t->edges[at]] < 0) continue;
    move_down(t, t->edges[k], level);
    move_down(t, t->edges[at], level);
  }
  return steps;
}

static gli_status peel(trussing *t, gli_error *error) {
  int64_t steps = 0;
  for (int64_t at = 0; at < t->edge_count; at++) {
    const uint32_t edge = t->order[at];
    const int32_t level = t->support[edge];
    int32_t small = t->sources[edge], large = t->targets[edge];
    if (t->ends[small] - t->simple.offsets[small] > t->ends[large] - t->simple.offsets[large]) {
      const int32_t turn = small;
      small = large;
      large = turn;
    }
    t->truss[edge] = level + 2;
    t->support[edge] = -1;
    steps += level > 0 ? open_triangles(t, small, large, level) : 1;
    if (steps < CHECK_STEPS) continue;
    steps = 0;
    gli_run_progress(t->run, (double)at, (double)t->edge_count);
    const gli_status status = gli_run_check(t->run, error);
    if (status != GLI_OK) return status;
  }
  return GLI_OK;
}

static gli_status prepare(trussing *t, gli_error *error) {
  const int64_t entries = t->simple.offsets[t->limit];
  t->edge_count = entries / 2;
  t->base = gli_run_allocate(t->run, t->limit, sizeof *t->base);
  t->ends = gli_run_allocate(t->run, t->limit, sizeof *t->ends);
  t->neighbors = gli_run_allocate(t->run, entries, sizeof *t->neighbors);
  t->edges = gli_run_allocate(t->run, entries, sizeof *t->edges);
  t->sources = gli_run_allocate(t->run, t->edge_count, sizeof *t->sources);
  t->targets = gli_run_allocate(t->run, t->edge_count, sizeof *t->targets);
  t->support = gli_run_allocate(t->run, t->edge_count, sizeof *t->support);
  t->truss = gli_run_allocate(t->run, t->edge_count, sizeof *t->truss);
  t->order = gli_run_allocate(t->run, t->edge_count, sizeof *t->order);
  t->place = gli_run_allocate(t->run, t->edge_count, sizeof *t->place);
  t->marks = gli_run_allocate_zeroed(t->run, t->limit * gli_run_threads(t->run), sizeof *t->marks);
  if (t->base == NULL || t->ends == NULL || t->neighbors == NULL || t->edges == NULL ||
      t->sources == NULL || t->targets == NULL || t->support == NULL || t->truss == NULL ||
      t->order == NULL || t->place == NULL || t->marks == NULL) {
    return gli_run_no_memory(t->run, error);
  }
  int64_t next = 0;
  for (int64_t u = 0; u < t->limit && !stops_at(t, u); u++) {
    const int64_t end = t->simple.offsets[u + 1];
    int64_t low = t->simple.offsets[u], high = end;
    while (low < high) { /* the first larger neighbour */
      const int64_t middle = low + (high - low) / 2;
      if (t->simple.neighbors[middle] < u) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    t->base[u] = next - low;
    next += end - low;
  }
  const int64_t grain = gli__cpu_grain(t->limit, entries, BLOCK_ENTRIES);
  gli_status status = gli_run_parallel(t->run, t->limit, grain, number_block, t, error);
  gli_run_prepared(t->run);
  if (status != GLI_OK) return status;
  status = gli_run_parallel(t->run, t->limit, grain, support_block, t, error);
  return status == GLI_OK ? gli_run_check(t->run, error) : status;
}

typedef struct spreading {
  const trussing *trussing;
  const int32_t *sources, *targets;
  const uint64_t *alive;
  int64_t *truss;
} spreading;

/* Parallel edges have the number of their pair. */
static void spread_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const spreading *s = context;
  const trussing *t = s->trussing;
  (void)worker;
  for (int64_t e = begin; e < end; e++) {
    if (!gli_bit(s->alive, e) || s->sources[e] == s->targets[e]) continue;
    const bool turn = s->sources[e] > s->targets[e];
    const int32_t low = turn ? s->targets[e] : s->sources[e];
    const int32_t high = turn ? s->sources[e] : s->targets[e];
    s->truss[e] = t->truss[t->base[low] + gli__cpu_simple_find(&t->simple, low, high)];
  }
}

gli_status gli__cpu_k_truss(gli_run *run, gli_snapshot *snapshot, const void *options,
                            gli_result *result, gli_error *error) {
  trussing t = {.run = run, .limit = gli_snapshot_node_limit(snapshot)};
  spreading s = {.trussing = &t, .alive = gli_snapshot_edge_bits(snapshot)};
  void *truss = NULL, *largest = NULL;
  (void)options;
  gli_status status =
      gli_result_add_column(result, "truss", GLI_COLUMN_INT64, GLI_PER_EDGE, 0, &truss, error);
  if (status == GLI_OK) {
    status =
        gli_result_add_column(result, "largest", GLI_COLUMN_INT64, GLI_SCALAR, 0, &largest, error);
  }
  if (status == GLI_OK) status = gli_snapshot_simple_rows(snapshot, &t.simple, error);
  if (status != GLI_OK || t.limit == 0 || t.simple.offsets[t.limit] == 0) return status;
  status = prepare(&t, error);
  if (status != GLI_OK) return status;
  const int64_t most = largest_support(&t);
  t.starts = gli_run_allocate_zeroed(run, most + 2, sizeof *t.starts);
  if (t.starts == NULL) return gli_run_no_memory(run, error);
  status = sort_edges(&t, most, error);
  if (status == GLI_OK) status = peel(&t, error);
  if (status != GLI_OK) return status;
  *(int64_t *)largest = t.truss[t.order[t.edge_count - 1]];
  gli_snapshot_edge_ends(snapshot, &s.sources, &s.targets);
  s.truss = truss;
  return gli_run_parallel(run, gli_snapshot_edge_limit(snapshot), BLOCK_EDGES, spread_block, &s,
                          error);
}
