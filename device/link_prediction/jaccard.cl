/* jaccard.cl: common neighbours of pairs by merging or searching sorted simple rows. Numerators and
 * denominators are integers; the host divides. See cpu/link_prediction/jaccard.c for the rules
 * about loops. */
#define LONGER_BY 16 /* a row this many times longer is searched in, not merged with */

/* loops[v] = 1 where a node is its own neighbour. */
KERNEL(find_loops)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                   GLOBAL int32_t *RESTRICT loops, int64_t count) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    int32_t found = 0;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) found |= neighbors[k] == (int32_t)v;
    loops[v] = found;
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

FUNCTION int64_t count_common(GLOBAL const int32_t *neighbors, int64_t a, int64_t a_end, int64_t b,
                              int64_t b_end) {
  int64_t common = 0;
  const int32_t search = (b_end - b) / LONGER_BY > a_end - a; /* a is the shorter */
  while (a < a_end && b < b_end) {
    const int32_t left = neighbors[a];
    if (search) b = lower_bound(neighbors, b, b_end, left);
    if (b == b_end) break;
    const int32_t right = neighbors[b];
    common += left == right;
    a += left <= right;
    b += right <= left;
  }
  return common;
}

KERNEL(compare_pairs)(GLOBAL const int64_t *RESTRICT offsets, GLOBAL const int32_t *RESTRICT neighbors,
                      GLOBAL const int32_t *RESTRICT loops, GLOBAL const int32_t *RESTRICT sources,
                      GLOBAL const int32_t *RESTRICT targets, GLOBAL int64_t *RESTRICT common_out,
                      GLOBAL int64_t *RESTRICT all_out, int64_t first, int64_t end) {
  FOR_ITEMS(i, end - first) {
    const int32_t u = sources[first + i], v = targets[first + i];
    const int64_t u_size = offsets[u + 1] - offsets[u] + loops[u];
    const int64_t v_size = offsets[v + 1] - offsets[v] + loops[v];
    int64_t common, all;
    if (u == v) {
      common = u_size - loops[u];
      all = u_size;
    } else {
      const int32_t shorter = u_size - loops[u] <= v_size - loops[v] ? u : v;
      const int32_t longer = shorter == u ? v : u;
      common = count_common(neighbors, offsets[shorter], offsets[shorter + 1], offsets[longer],
                            offsets[longer + 1]);
      all = u_size + v_size - common;
      if (loops[u] + loops[v] > 0) {
        const int64_t at = lower_bound(neighbors, offsets[u], offsets[u + 1], v);
        if (at < offsets[u + 1] && neighbors[at] == v) all -= loops[u] + loops[v];
      }
    }
    common_out[first + i] = common;
    all_out[first + i] = all;
  }
}
