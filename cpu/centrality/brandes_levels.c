/* brandes_levels.c: dependencies on nodes from one source, where each step is 1 long.
 *
 * Level by level, out and back, and each level over those rows that are fewer. Out: the nodes of a
 * level push their numbers of paths to their neighbours, or, where the nodes that are not reached
 * yet have fewer entries and steps lead both ways, these pull them. Back: a node's dependency is
 * paths(v) times the sum of what its successors hand on for each path, (1 + dependency) / paths;
 * the nearer level gathers that or the farther level scatters it, whichever has fewer entries. So
 * the entries of the largest level, most of those of a graph with small diameter, are never read.
 *
 * Which neighbours count is asked of a bitmap; those are collected without a branch, which would be
 * mispredicted, and then worked at. Where a level begins is searched for from its end, and a node
 * that gathers is settled at once: .9 of the processor time on a lattice of 2.25 M nodes beside
 * passes of their own over the level (rows and values fetched ahead: nothing stood out of the
 * noise). One worker does all of one source, so sums have one order.
 *
 * Cost O(n + m), mostly much less. */
#include "cpu/centrality/brandes.h"

enum { SELECT = 64, CHECK_ENTRIES = 1 << 16 };

/* Part of a row: the targets whose bit is `wanted`. */
static inline int32_t collect(const int32_t *targets, int64_t count, const uint64_t *bits,
                              uint64_t wanted, int32_t *chosen) {
  int32_t found = 0;
  for (int64_t k = 0; k < count; k++) {
    const int32_t w = targets[k];
    chosen[found] = w;
    found += (int32_t)(((bits[w >> 6] >> (w & 63)) & 1) == wanted);
  }
  return found;
}

static inline int64_t portion(int64_t at, int64_t end) {
  return end - at < SELECT ? end - at : SELECT;
}

/* What the neighbours that `front` holds have in `values`, added up in the order of the row. */
static inline double sum_in_front(const gli__steps *steps, int32_t node, const uint64_t *front,
                                  const double *values, int32_t *chosen) {
  const int64_t last = steps->offsets[node + 1];
  double sum = 0;
  for (int64_t at = steps->offsets[node]; at < last; at += SELECT) {
    const int32_t count = collect(steps->targets + at, portion(at, last), front, 1, chosen);
    for (int32_t j = 0; j < count; j++)
      sum += values[chosen[j]];
  }
  return sum;
}

static inline int64_t row_length(const gli__steps *steps, int32_t node) {
  return steps->offsets[node + 1] - steps->offsets[node];
}

/* Every so many entries: shall the call stop? */
static inline bool stops(const gli__brandes *b, int64_t *entries, int64_t more) {
  *entries += more + 1;
  if (*entries < CHECK_ENTRIES) return false;
  *entries = 0;
  return gli_run_stopped(b->run);
}

static int64_t count_entries(const gli__steps *steps, const int32_t *nodes, int32_t count) {
  int64_t entries = 0;
  for (int32_t k = 0; k < count; k++)
    entries += row_length(steps, nodes[k]);
  return entries;
}

static void mark(uint64_t *bits, const int32_t *nodes, int32_t count) {
  for (int32_t k = 0; k < count; k++)
    bits[nodes[k] >> 6] |= UINT64_C(1) << (nodes[k] & 63);
}

static void unmark(uint64_t *bits, const int32_t *nodes, int32_t count) {
  for (int32_t k = 0; k < count; k++)
    bits[nodes[k] >> 6] = 0;
}

/* --- Out ------------------------------------------------------------------------------------ */

static bool push_paths(const gli__brandes *b, gli__dependencies *found, int32_t begin,
                       int32_t end) {
  const gli__steps *steps = &b->steps;
  int32_t chosen[SELECT] = {0};
  int64_t entries = 0;
  for (int32_t k = begin; k < end; k++) {
    const int32_t v = found->order[k];
    const double paths = found->paths[v];
    const int64_t last = steps->offsets[v + 1];
    for (int64_t at = steps->offsets[v]; at < last; at += SELECT) {
      const int32_t count =
          collect(steps->targets + at, portion(at, last), found->visited, 0, chosen);
      for (int32_t j = 0; j < count; j++) {
        const int32_t w = chosen[j];
        if (found->paths[w] == 0) found->order[found->reached++] = w;
        found->paths[w] += paths;
      }
    }
    if (stops(b, &entries, last - steps->offsets[v])) return false;
  }
  return true;
}

/* The bitmap `front` holds the level. */
static bool pull_paths(const gli__brandes *b, gli__dependencies *found) {
  const gli__steps *steps = &b->steps;
  int32_t chosen[SELECT] = {0};
  int64_t entries = 0;
  for (int64_t base = 0; base < b->node_limit; base += 64) {
    uint64_t missing = ~found->visited[base >> 6];
    if (base + 64 > b->node_limit) missing &= (UINT64_C(1) << (b->node_limit - base)) - 1;
    for (; missing != 0; missing &= missing - 1) {
      const int32_t w = (int32_t)(base + __builtin_ctzll(missing));
      const double paths = sum_in_front(steps, w, found->front, found->paths, chosen);
      if (paths > 0) {
        found->paths[w] = paths;
        found->order[found->reached++] = w;
      }
      if (stops(b, &entries, row_length(steps, w))) return false;
    }
  }
  return true;
}

static bool search_levels(const gli__brandes *b, gli__dependencies *found) {
  int64_t left = b->steps.offsets[b->node_limit]; /* entries of nodes that are not reached */
  found->order[0] = found->source;
  found->paths[found->source] = 1;
  found->reached = 1;
  for (int32_t begin = 0, depth = 0; begin < found->reached; depth++) {
    const int32_t end = found->reached;
    const int64_t entries = count_entries(&b->steps, found->order + begin, end - begin);
    bool goes_on;
    mark(found->visited, found->order + begin, end - begin);
    for (int32_t k = begin; k < end; k++)
      found->level[found->order[k]] = depth;
    left -= entries;
    if (b->steps.both_ways && left + b->node_limit / 16 < entries) {
      mark(found->front, found->order + begin, end - begin);
      goes_on = pull_paths(b, found);
      unmark(found->front, found->order + begin, end - begin);
    } else {
      goes_on = push_paths(b, found, begin, end);
    }
    if (!goes_on) return false;
    begin = end;
  }
  return true;
}

/* --- Back ----------------------------------------------------------------------------------- */

/* What a node's successors handed on for each path is known: what it depends on, and hands on. */
static inline void settle(gli__dependencies *found, int32_t node, double sum) {
  const double paths = found->paths[node], dependency = sum * paths;
  found->dependency[node] = dependency;
  found->share[node] = (1 + dependency) / paths;
}

/* The same of nodes whose `dependency` holds what was handed on: 0 at the farthest level. */
static void settle_level(gli__dependencies *found, int32_t begin, int32_t end) {
  for (int32_t k = begin; k < end; k++)
    settle(found, found->order[k], found->dependency[found->order[k]]);
}

/* Each node of the nearer level asks the farther one, which `front` holds. */
static bool gather_shares(const gli__brandes *b, gli__dependencies *found, int32_t begin,
                          int32_t end) {
  int32_t chosen[SELECT] = {0};
  int64_t entries = 0;
  for (int32_t k = begin; k < end; k++) {
    const int32_t v = found->order[k];
    settle(found, v, sum_in_front(&b->steps, v, found->front, found->share, chosen));
    if (stops(b, &entries, row_length(&b->steps, v))) return false;
  }
  return true;
}

/* Each node of the farther level tells the nearer one, which `front` holds. */
static bool scatter_shares(const gli__brandes *b, gli__dependencies *found, int32_t begin,
                           int32_t end) {
  const gli__steps *steps = &b->steps;
  int32_t chosen[SELECT] = {0};
  int64_t entries = 0;
  for (int32_t k = begin; k < end; k++) {
    const int32_t w = found->order[k];
    const double share = found->share[w];
    const int64_t last = steps->offsets[w + 1];
    for (int64_t at = steps->offsets[w]; at < last; at += SELECT) {
      const int32_t count =
          collect(steps->targets + at, portion(at, last), found->front, 1, chosen);
      for (int32_t j = 0; j < count; j++)
        found->dependency[chosen[j]] += share;
    }
    if (stops(b, &entries, last - steps->offsets[w])) return false;
  }
  return true;
}

static inline bool has_level(const gli__dependencies *found, int64_t at, int32_t depth) {
  return at >= 0 && found->level[found->order[at]] == depth;
}

/* Where the level begins that ends before order[end]: by steps that double, then halve. */
static int32_t level_begin(const gli__dependencies *found, int32_t end) {
  const int32_t depth = found->level[found->order[end - 1]];
  int64_t at = end - 1, step = 1;
  for (; has_level(found, at - step, depth); step *= 2)
    at -= step;
  for (; step > 0; step /= 2)
    at -= has_level(found, at - step, depth) ? step : 0;
  return (int32_t)at;
}

/* From the farthest level to the source; dependency[] is 0 everywhere before. */
static void depend_on_levels(const gli__brandes *b, gli__dependencies *found) {
  int32_t end = found->reached, begin = level_begin(found, end);
  int64_t far_entries = count_entries(&b->steps, found->order + begin, end - begin);
  settle_level(found, begin, end);
  while (begin > 0) {
    const int32_t far_end = end, far = begin;
    end = begin;
    begin = level_begin(found, end);
    const int64_t entries = count_entries(&b->steps, found->order + begin, end - begin);
    const bool scatters = b->steps.both_ways && far_entries < entries;
    const int32_t marked = scatters ? begin : far, marked_end = scatters ? end : far_end;
    mark(found->front, found->order + marked, marked_end - marked);
    const bool goes_on =
        scatters ? scatter_shares(b, found, far, far_end) : gather_shares(b, found, begin, end);
    unmark(found->front, found->order + marked, marked_end - marked);
    if (!goes_on) return;
    if (scatters) settle_level(found, begin, end);
    far_entries = entries;
  }
}

void gli__brandes_levels(const gli__brandes *b, gli__dependencies *found) {
  if (search_levels(b, found)) depend_on_levels(b, found);
}

void gli__brandes_forget_levels(const gli__brandes *b, gli__dependencies *found) {
  for (int32_t k = 0; k < found->reached; k++) {
    const int32_t v = found->order[k];
    if ((k & 4095) == 0 && gli_run_stopped(b->run)) return;
    found->level[v] = -1;
    found->visited[v >> 6] = 0;
    found->paths[v] = 0;
    found->dependency[v] = 0;
  }
  found->reached = 0;
}
