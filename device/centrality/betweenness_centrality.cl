/* betweenness_centrality.cl: many sources at once, level by level; see betweenness_centrality.c.
 *
 * Source k of a batch of 2^shift sees node v in cell v << shift | k, so that sources that meet at
 * a node read its row together. queue holds the cells as they are reached; level d of all sources
 * is [bounds[d], bounds[d + 1]). tail is where the next one goes. */

#define CELL(node, source) (((int64_t)(node) << shift) | (source))

KERNEL(start)(GLOBAL const int32_t *RESTRICT sources, GLOBAL int32_t *RESTRICT level,
              GLOBAL double *RESTRICT paths, GLOBAL int32_t *RESTRICT queue,
              GLOBAL int64_t *RESTRICT bounds, GLOBAL int32_t *RESTRICT tail, int32_t count,
              int32_t shift) {
  FOR_ITEMS(k, count) {
    const int64_t cell = CELL(sources[k], k);
    level[cell] = 0;
    paths[cell] = 1;
    queue[k] = (int32_t)cell;
    if (k == 0) {
      bounds[0] = 0;
      bounds[1] = count;
      tail[0] = count;
    }
  }
}

FUNCTION void reach(GLOBAL int32_t *level, GLOBAL int32_t *queue, GLOBAL int32_t *tail, int64_t cell,
                    int32_t next) {
  if (level[cell] >= 0) return; /* a stale -1 only costs the swap */
  if (ATOMIC_CAS_I32(level + cell, -1, next) == -1) queue[ATOMIC_ADD_I32(tail, 1)] = (int32_t)cell;
}

/* The neighbours of level `depth` that nobody has reached come to the next level. Rows that are
 * long for one item are put aside and walked by the whole group. */
KERNEL(discover)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                 GLOBAL int32_t *level, GLOBAL int32_t *queue, GLOBAL const int64_t *bounds,
                 GLOBAL int32_t *tail, int32_t depth, int32_t shift, uint32_t long_row) {
  LOCAL_ARRAY(int32_t, aside, GROUP_SIZE);
  LOCAL_ARRAY(uint32_t, aside_count, 1);
  const int64_t begin = bounds[depth], end = bounds[depth + 1];
  FOR_GROUPS(g, (end - begin + GROUP_SIZE - 1) / GROUP_SIZE) {
    const int64_t i = begin + g * GROUP_SIZE + LOCAL_ITEM;
    if (LOCAL_ITEM == 0) aside_count[0] = 0;
    BARRIER();
    if (i < end) {
      const int32_t cell = queue[i];
      const row_record row = rows[cell >> shift];
      const int32_t k = cell & ((1 << shift) - 1);
      if (row.length > long_row) {
        aside[ATOMIC_ADD_LOCAL_U32(aside_count, 1)] = cell;
      } else {
        for (int64_t e = row.begin; e < row.begin + row.length; e++)
          reach(level, queue, tail, CELL(neighbors[e], k), depth + 1);
      }
    }
    BARRIER();
    const uint32_t waiting = aside_count[0];
    for (uint32_t a = 0; a < waiting; a++) {
      const row_record row = rows[aside[a] >> shift];
      const int32_t k = aside[a] & ((1 << shift) - 1);
      FOR_LOCAL_ITEMS(e, row.begin, row.begin + row.length)
      reach(level, queue, tail, CELL(neighbors[e], k), depth + 1);
    }
    BARRIER();
  }
}

/* The next level ends where the queue does now. */
KERNEL(close_level)(GLOBAL int64_t *bounds, GLOBAL const int32_t *tail, int32_t depth) {
  FOR_ITEMS(i, 1) bounds[depth + 2] = tail[i];
}

FUNCTION double sum_paths(GLOBAL const int32_t *neighbors, GLOBAL const int32_t *level,
                          GLOBAL const double *paths, int64_t begin, int64_t end, int64_t step,
                          int32_t k, int32_t shift, int32_t wanted) {
  double sum = 0;
  for (int64_t e = begin; e < end; e += step) {
    const int64_t cell = CELL(neighbors[e], k);
    if (level[cell] == wanted) sum += paths[cell];
  }
  return sum;
}

FUNCTION double sum_shares(GLOBAL const int32_t *neighbors, GLOBAL const int32_t *level,
                           GLOBAL const double *paths, GLOBAL const double *dependency,
                           int64_t begin, int64_t end, int64_t step, int32_t k, int32_t shift,
                           int32_t wanted) {
  double sum = 0;
  for (int64_t e = begin; e < end; e += step) {
    const int64_t cell = CELL(neighbors[e], k);
    if (level[cell] == wanted) sum += (1 + dependency[cell]) / paths[cell];
  }
  return sum;
}

/* For the cells of level `depth`: the paths that come from the level before (rows: the in side), or
 * with `dependency` what the level after depends on them (rows: the out side). Pulled, so no
 * atomics on floats; long rows by the group. */
KERNEL(pull_level)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                   GLOBAL const int32_t *RESTRICT level, GLOBAL double *paths,
                   GLOBAL double *dependency, GLOBAL const int32_t *RESTRICT queue,
                   GLOBAL const int64_t *RESTRICT bounds, int32_t depth, int32_t shift,
                   uint32_t long_row, int32_t backward) {
  LOCAL_ARRAY(int32_t, aside, GROUP_SIZE);
  LOCAL_ARRAY(uint32_t, aside_count, 1);
  LOCAL_ARRAY(double, partial, GROUP_SIZE);
  const int64_t begin = bounds[depth], end = bounds[depth + 1];
  const int32_t wanted = backward ? depth + 1 : depth - 1;
  FOR_GROUPS(g, (end - begin + GROUP_SIZE - 1) / GROUP_SIZE) {
    const int64_t i = begin + g * GROUP_SIZE + LOCAL_ITEM;
    if (LOCAL_ITEM == 0) aside_count[0] = 0;
    BARRIER();
    if (i < end) {
      const int32_t cell = queue[i];
      const row_record row = rows[cell >> shift];
      const int32_t k = cell & ((1 << shift) - 1);
      if (row.length > long_row) {
        aside[ATOMIC_ADD_LOCAL_U32(aside_count, 1)] = cell;
      } else if (backward) {
        dependency[cell] = paths[cell] * sum_shares(neighbors, level, paths, dependency, row.begin,
                                                    row.begin + row.length, 1, k, shift, wanted);
      } else {
        paths[cell] = sum_paths(neighbors, level, paths, row.begin, row.begin + row.length, 1, k,
                                shift, wanted);
      }
    }
    BARRIER();
    const uint32_t waiting = aside_count[0];
    for (uint32_t a = 0; a < waiting; a++) {
      const int32_t cell = aside[a];
      const row_record row = rows[cell >> shift];
      const int32_t k = cell & ((1 << shift) - 1);
      const int64_t from = row.begin + LOCAL_ITEM, to = row.begin + row.length;
      partial[LOCAL_ITEM] =
          backward ? sum_shares(neighbors, level, paths, dependency, from, to, GROUP_SIZE, k, shift,
                                wanted)
                   : sum_paths(neighbors, level, paths, from, to, GROUP_SIZE, k, shift, wanted);
      BARRIER();
      for (uint32_t width = GROUP_SIZE / 2; width > 0; width /= 2) {
        if (LOCAL_ITEM < width) partial[LOCAL_ITEM] += partial[LOCAL_ITEM + width];
        BARRIER();
      }
      if (LOCAL_ITEM == 0 && backward) dependency[cell] = paths[cell] * partial[0];
      if (LOCAL_ITEM == 0 && !backward) paths[cell] = partial[0];
      BARRIER();
    }
    BARRIER();
  }
}

/* How many nodes each source reached, itself included. */
KERNEL(count_reached)(GLOBAL const int32_t *RESTRICT queue, GLOBAL const int32_t *RESTRICT tail,
                      GLOBAL int32_t *reached, int32_t shift) {
  const int64_t count = tail[0];
  FOR_ITEMS(i, count) ATOMIC_ADD_I32(reached + (queue[i] & ((1 << shift) - 1)), 1);
}

/* What the batch's sources say of each node, in their order. */
KERNEL(add_batch)(GLOBAL const int32_t *RESTRICT sources, GLOBAL const int32_t *RESTRICT level,
                  GLOBAL const double *RESTRICT dependency, GLOBAL const int32_t *RESTRICT reached,
                  GLOBAL double *RESTRICT score, int64_t node_count, int32_t count, int32_t shift,
                  int32_t endpoints) {
  FOR_ITEMS(v, node_count) {
    double sum = score[v];
    for (int32_t k = 0; k < count; k++) {
      const int64_t cell = CELL(v, k);
      if (sources[k] != (int32_t)v) {
        sum += dependency[cell] + (endpoints && level[cell] >= 0 ? 1 : 0);
      } else if (endpoints) {
        sum += reached[k] - 1;
      }
    }
    score[v] = sum;
  }
}
