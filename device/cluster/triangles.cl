/* triangles.cl: triangles by degree order, an item per oriented edge; see triangles.c.
 *
 * Counts are 64 bits in two words, since OpenCL 1.2 need not have 64-bit atomics: whoever makes the
 * low word wrap carries into the high one. */

#define LONGER_BY 8 /* a row this many times longer is searched in, not merged with */

FUNCTION int32_t points_up(GLOBAL const int64_t *offsets, int32_t from, int32_t to) {
  const int64_t here = offsets[from + 1] - offsets[from], there = offsets[to + 1] - offsets[to];
  return here != there ? here < there : from < to;
}

FUNCTION void add_count(GLOBAL uint32_t *low, GLOBAL uint32_t *high, int32_t node, uint32_t count) {
  const uint32_t before = ATOMIC_ADD_U32(low + node, count);
  if (before + count < before) ATOMIC_ADD_U32(high + node, 1);
}

/* How many of a node's neighbours come after it in the order of (degree, index). */
KERNEL(count_up)(GLOBAL const int64_t *RESTRICT offsets, GLOBAL const int32_t *RESTRICT neighbors,
                 GLOBAL int64_t *RESTRICT counts, int64_t node_count) {
  FOR_ITEMS(v, node_count) {
    int64_t count = 0;
    for (int64_t k = offsets[v]; k < offsets[v + 1]; k++)
      count += points_up(offsets, (int32_t)v, neighbors[k]);
    counts[v] = count;
  }
}

KERNEL(fill_up)(GLOBAL const int64_t *RESTRICT offsets, GLOBAL const int32_t *RESTRICT neighbors,
                GLOBAL const int64_t *RESTRICT up_offsets, GLOBAL int32_t *RESTRICT sources,
                GLOBAL int32_t *RESTRICT targets, int64_t node_count) {
  FOR_ITEMS(v, node_count) {
    int64_t at = up_offsets[v];
    for (int64_t k = offsets[v]; k < offsets[v + 1]; k++) {
      if (!points_up(offsets, (int32_t)v, neighbors[k])) continue;
      sources[at] = (int32_t)v;
      targets[at++] = neighbors[k];
    }
  }
}

/* Common elements of two rising rows, each counted at its node; returns how many. */
FUNCTION uint32_t merge_rows(GLOBAL const int32_t *targets, int64_t a, int64_t a_end, int64_t b,
                             int64_t b_end, GLOBAL uint32_t *low, GLOBAL uint32_t *high) {
  uint32_t found = 0;
  while (a < a_end && b < b_end) {
    const int32_t left = targets[a], right = targets[b];
    if (left == right) {
      add_count(low, high, left, 1);
      found++;
    }
    a += left <= right;
    b += right <= left;
  }
  return found;
}

/* The same by searching the elements of the short row in the long one. */
FUNCTION uint32_t search_row(GLOBAL const int32_t *targets, int64_t a, int64_t a_end, int64_t b,
                             int64_t b_end, GLOBAL uint32_t *low, GLOBAL uint32_t *high) {
  uint32_t found = 0;
  for (; a < a_end; a++) {
    const int32_t wanted = targets[a];
    int64_t end = b_end;
    while (b < end) { /* the first at or above `wanted` */
      const int64_t middle = (b + end) / 2;
      if (targets[middle] < wanted) {
        b = middle + 1;
      } else {
        end = middle;
      }
    }
    if (b == b_end) break;
    if (targets[b] == wanted) {
      add_count(low, high, wanted, 1);
      found++;
    }
  }
  return found;
}

KERNEL(count_triangles)(GLOBAL const int64_t *RESTRICT up_offsets,
                        GLOBAL const int32_t *RESTRICT sources,
                        GLOBAL const int32_t *RESTRICT targets, GLOBAL uint32_t *low,
                        GLOBAL uint32_t *high, int64_t first, int64_t end) {
  FOR_ITEMS(i, end - first) {
    const int64_t e = first + i;
    const int32_t u = sources[e], v = targets[e];
    const int64_t a = up_offsets[u], a_end = up_offsets[u + 1];
    const int64_t b = up_offsets[v], b_end = up_offsets[v + 1];
    const int64_t left = a_end - a, right = b_end - b;
    const uint32_t found =
        left > LONGER_BY * right   ? search_row(targets, b, b_end, a, a_end, low, high)
        : right > LONGER_BY * left ? search_row(targets, a, a_end, b, b_end, low, high)
                                   : merge_rows(targets, a, a_end, b, b_end, low, high);
    if (found > 0) {
      add_count(low, high, u, found);
      add_count(low, high, v, found);
    }
  }
}

KERNEL(join_words)(GLOBAL const uint32_t *RESTRICT low, GLOBAL const uint32_t *RESTRICT high,
                   GLOBAL int64_t *RESTRICT counts, int64_t node_count) {
  FOR_ITEMS(v, node_count) counts[v] = (int64_t)((uint64_t)high[v] << 32 | low[v]);
}
