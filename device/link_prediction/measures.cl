/* measures.cl: what pairs of nodes have in common, by merging or searching their sorted simple
 * rows. Numerators and denominators are integers; the host divides. Shares are added up in rising
 * order of the common neighbours. See cpu/link_prediction/measures.c for the rules about loops. */
#define COMMON_NEIGHBORS 1 /* as gli__measure */
#define COSINE 2
#define JACCARD 3
#define OVERLAP 4
#define PREFERENTIAL_ATTACHMENT 5

#define LONGER_BY 16 /* a row this many times longer is searched in, not merged with */
#define NO_NODE 0x7fffffff /* above every node */

/* loops[v] = 1 where a node is its own neighbour; rows above `long_row` are left to groups. */
KERNEL(find_loops)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                   GLOBAL int32_t *RESTRICT loops, uint32_t long_row, int64_t count) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    const int64_t end = row.length > long_row ? row.begin : row.begin + row.length;
    int32_t found = 0;
    for (int64_t k = row.begin; k < end; k++) found |= neighbors[k] == (int32_t)v;
    loops[v] = found;
  }
}

KERNEL(find_long_loops)(GLOBAL const row_record *RESTRICT rows,
                        GLOBAL const int32_t *RESTRICT neighbors,
                        GLOBAL const int32_t *RESTRICT nodes, GLOBAL int32_t *loops,
                        int64_t count) {
  FOR_GROUPS(g, count) {
    const int32_t v = nodes[g];
    const row_record row = rows[v];
    FOR_LOCAL_ITEMS(k, row.begin, row.begin + row.length) {
      if (neighbors[k] == v) loops[v] = 1; /* whoever finds it */
    }
  }
}

/* First place in [low, high) whose neighbour is at least `wanted`. */
FUNCTION int64_t lower_bound(GLOBAL const int32_t *neighbors, int64_t low, int64_t high,
                             int32_t wanted) {
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (neighbors[middle] < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* --- What is common --------------------------------------------------------------------------- */

/* Where a walk along two rows is. */
typedef struct walk {
  int64_t a, a_end, b, b_end; /* a: the shorter row */
  int32_t search;
  int32_t met; /* the neighbour that both had at the last step, or NO_NODE */
} walk;

FUNCTION walk walk_of(GLOBAL const int64_t *offsets, int32_t u, int32_t v) {
  const int32_t is_longer = offsets[u + 1] - offsets[u] > offsets[v + 1] - offsets[v];
  const int32_t shorter = is_longer ? v : u, longer = is_longer ? u : v;
  walk w;
  w.a = offsets[shorter];
  w.a_end = offsets[shorter + 1];
  w.b = offsets[longer];
  w.b_end = offsets[longer + 1];
  w.search = (w.b_end - w.b) / LONGER_BY > w.a_end - w.a;
  w.met = NO_NODE;
  return w;
}

FUNCTION int32_t is_walking(walk w) { return w.a < w.a_end && w.b < w.b_end; }

/* Behind the smaller of the two neighbours that the walk is at, or behind both. */
FUNCTION walk step(GLOBAL const int32_t *neighbors, walk w) {
  const int32_t left = neighbors[w.a];
  if (w.search) w.b = lower_bound(neighbors, w.b, w.b_end, left);
  const int32_t right = w.b < w.b_end ? neighbors[w.b] : NO_NODE;
  w.met = left == right ? left : NO_NODE;
  w.a += left <= right;
  w.b += right <= left;
  return w;
}

/* Neighbours of both but u and v themselves. */
FUNCTION int64_t count_common(GLOBAL const int64_t *offsets, GLOBAL const int32_t *neighbors,
                              int32_t u, int32_t v) {
  int64_t common = 0;
  walk w = walk_of(offsets, u, v);
  while (is_walking(w)) {
    w = step(neighbors, w);
    common += w.met != NO_NODE;
  }
  return common;
}

FUNCTION int64_t count_all(GLOBAL const int64_t *offsets, GLOBAL const int32_t *neighbors,
                           GLOBAL const int32_t *loops, int32_t u, int32_t v, int64_t common) {
  const int64_t row = offsets[u + 1] - offsets[u];
  if (u == v) return row + loops[u];
  const int64_t all = row + offsets[v + 1] - offsets[v] - common;
  const int32_t own = loops[u] + loops[v]; /* joined, both have them already */
  if (own == 0) return all;
  const int64_t at = lower_bound(neighbors, offsets[u], offsets[u + 1], v);
  return at < offsets[u + 1] && neighbors[at] == v ? all : all + own;
}

/* What the count is divided by, or the whole score. */
FUNCTION int64_t combine(GLOBAL const int64_t *offsets, GLOBAL const int32_t *loops, int32_t u,
                         int32_t v, int32_t measure) {
  const int64_t u_size = offsets[u + 1] - offsets[u] + loops[u];
  const int64_t v_size = offsets[v + 1] - offsets[v] + loops[v];
  if (measure == PREFERENTIAL_ATTACHMENT) return (u_size + loops[u]) * (v_size + loops[v]);
  if (measure == COSINE) return u_size * v_size;
  if (measure == OVERLAP) return u_size < v_size ? u_size : v_size;
  return u_size + v_size;
}

/* common: not of preferential attachment; divisor: not of common neighbours. */
KERNEL(compare_pairs)(GLOBAL const int64_t *RESTRICT offsets, GLOBAL const int32_t *RESTRICT neighbors,
                      GLOBAL const int32_t *RESTRICT loops, GLOBAL const int32_t *RESTRICT sources,
                      GLOBAL const int32_t *RESTRICT targets, GLOBAL int64_t *RESTRICT common,
                      GLOBAL int64_t *RESTRICT divisor, int32_t measure, int64_t first, int64_t end) {
  FOR_ITEMS(i, end - first) {
    const int32_t u = sources[first + i], v = targets[first + i];
    int64_t both = 0;
    if (measure != PREFERENTIAL_ATTACHMENT) {
      both = count_common(offsets, neighbors, u, v);
      common[first + i] = both;
    }
    if (measure == COMMON_NEIGHBORS) continue;
    divisor[first + i] = measure == JACCARD ? count_all(offsets, neighbors, loops, u, v, both)
                                            : combine(offsets, loops, u, v, measure);
  }
}

/* --- Shares ----------------------------------------------------------------------------------- */

/* A loop counts two. */
KERNEL(find_degrees)(GLOBAL const int64_t *RESTRICT offsets, GLOBAL const int32_t *RESTRICT loops,
                     GLOBAL uint32_t *RESTRICT degrees, int64_t count) {
  FOR_ITEMS(v, count) degrees[v] = (uint32_t)(offsets[v + 1] - offsets[v] + 2 * loops[v]);
}

#if HAS_FP64
KERNEL(take_shares)(GLOBAL const uint32_t *RESTRICT degrees,
                    GLOBAL const double *RESTRICT share_of_degree, GLOBAL double *RESTRICT shares,
                    int64_t count) {
  FOR_ITEMS(v, count) shares[v] = share_of_degree[degrees[v]];
}

KERNEL(add_shares)(GLOBAL const int64_t *RESTRICT offsets, GLOBAL const int32_t *RESTRICT neighbors,
                   GLOBAL const double *RESTRICT shares, GLOBAL const int32_t *RESTRICT sources,
                   GLOBAL const int32_t *RESTRICT targets, GLOBAL double *RESTRICT sums,
                   int64_t first, int64_t end) {
  FOR_ITEMS(i, end - first) {
    double sum = 0;
    walk w = walk_of(offsets, sources[first + i], targets[first + i]);
    while (is_walking(w)) {
      w = step(neighbors, w);
      if (w.met != NO_NODE) sum += shares[w.met];
    }
    sums[first + i] = sum;
  }
}
#endif
