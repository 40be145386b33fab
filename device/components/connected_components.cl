/* connected_components.cl: hooking and compression of a parent forest; see
 * connected_components.c. parent[v] <= v always, and a root is its own parent. */

#define LOAD(pointer) (*(volatile GLOBAL const int32_t *)(pointer)) /* others write it meanwhile */

/* Join the trees of u and v: the larger root under the smaller. A tree's root may gain a parent
 * between the look and the swap; then the climb goes on from what the swap found. */
FUNCTION void join_trees(GLOBAL int32_t *parent, int32_t u, int32_t v) {
  int32_t a = LOAD(parent + u), b = LOAD(parent + v);
  while (a != b) {
    const int32_t high = a > b ? a : b, low = a > b ? b : a;
    const int32_t found = ATOMIC_CAS_I32(parent + high, high, low);
    if (found == high || found == low) return;
    a = LOAD(parent + found);
    b = LOAD(parent + low);
  }
}

KERNEL(start)(GLOBAL int32_t *RESTRICT parent, int64_t count) {
  FOR_ITEMS(v, count) parent[v] = (int32_t)v;
}

/* The k-th neighbour of each node: some links already join most of a large component. */
KERNEL(join_sample)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                    GLOBAL int32_t *parent, int64_t count, uint32_t k) {
  FOR_ITEMS(v, count) {
    if (k < rows[v].length) join_trees(parent, (int32_t)v, neighbors[rows[v].begin + k]);
  }
}

KERNEL(compress)(GLOBAL int32_t *parent, int64_t count) {
  FOR_ITEMS(v, count) {
    int32_t root = LOAD(parent + v);
    for (int32_t up = LOAD(parent + root); up != root; up = LOAD(parent + root)) root = up;
    parent[v] = root;
  }
}

/* The other neighbours, but of nodes that are in `skipped` already: what they are joined to joins
 * them (undirected rows hold an edge at both ends; directed calls skip none). */
KERNEL(join_rest)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL int32_t *parent, int64_t count, uint32_t from, uint32_t long_row,
                  int32_t skipped) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    if (row.length <= from || row.length > long_row || LOAD(parent + v) == skipped) continue;
    for (int64_t k = row.begin + from; k < row.begin + row.length; k++)
      join_trees(parent, (int32_t)v, neighbors[k]);
  }
}

KERNEL(join_long)(GLOBAL const int32_t *RESTRICT long_rows, int64_t long_count,
                  GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL int32_t *parent, uint32_t from, int32_t skipped) {
  FOR_GROUPS(g, long_count) {
    const int32_t v = long_rows[g];
    const row_record row = rows[v];
    if (LOAD(parent + v) != skipped) {
      FOR_LOCAL_ITEMS(k, row.begin + from, row.begin + row.length)
      join_trees(parent, v, neighbors[k]);
    }
  }
}

/* parents of evenly spread nodes, for the guess at the largest tree */
KERNEL(take_sample)(GLOBAL const int32_t *RESTRICT parent, GLOBAL int32_t *RESTRICT sample,
                    int64_t count, int64_t sample_count) {
  FOR_ITEMS(i, sample_count) sample[i] = parent[i * count / sample_count];
}
