/* triangles.cl: triangles by degree order, an item per oriented edge; see triangles.c and, for those
 * of directed graphs, directed_triangles.c.
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

/* The first of the rising `targets` in [begin, end) at or above `wanted`; `end`: none is. */
FUNCTION int64_t first_at(GLOBAL const int32_t *targets, int64_t begin, int64_t end,
                          int32_t wanted) {
  while (begin < end) {
    const int64_t middle = (begin + end) / 2;
    if (targets[middle] < wanted) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

/* The same by searching the elements of the short row in the long one. */
FUNCTION uint32_t search_row(GLOBAL const int32_t *targets, int64_t a, int64_t a_end, int64_t b,
                             int64_t b_end, GLOBAL uint32_t *low, GLOBAL uint32_t *high) {
  uint32_t found = 0;
  for (; a < a_end; a++) {
    const int32_t wanted = targets[a];
    b = first_at(targets, b, b_end, wanted);
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

/* --- Directed: a pair of neighbours is as strong as it has directions, 1 or 2 ------------------- */

/* forward[k]: the edge to the k-th simple neighbour is there; backward[k]: the edge from it.
 * Several work-items write the same. */
FUNCTION void mark_edge(GLOBAL const int64_t *offsets, GLOBAL const int32_t *neighbors,
                        GLOBAL uint8_t *forward, GLOBAL uint8_t *backward, int32_t from,
                        int32_t to) {
  if (from == to) return;
  forward[first_at(neighbors, offsets[from], offsets[from + 1], to)] = 1;
  backward[first_at(neighbors, offsets[to], offsets[to + 1], from)] = 1;
}

KERNEL(mark_directions)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT out,
                        GLOBAL const int64_t *RESTRICT offsets,
                        GLOBAL const int32_t *RESTRICT neighbors, GLOBAL uint8_t *forward,
                        GLOBAL uint8_t *backward, uint32_t long_row, int64_t node_count) {
  FOR_ITEMS(v, node_count) {
    const row_record row = rows[v];
    if (row.length > long_row) continue;
    for (int64_t k = row.begin; k < row.begin + row.length; k++)
      mark_edge(offsets, neighbors, forward, backward, (int32_t)v, out[k]);
  }
}

/* Rows that are long for one item, each by a work-group. */
KERNEL(mark_directions_long)(GLOBAL const row_record *RESTRICT rows,
                             GLOBAL const int32_t *RESTRICT out,
                             GLOBAL const int64_t *RESTRICT offsets,
                             GLOBAL const int32_t *RESTRICT neighbors, GLOBAL uint8_t *forward,
                             GLOBAL uint8_t *backward, GLOBAL const int32_t *RESTRICT long_nodes,
                             int64_t count) {
  FOR_GROUPS(g, count) {
    const int32_t v = long_nodes[g];
    const row_record row = rows[v];
    FOR_LOCAL_ITEMS(k, row.begin, row.begin + row.length)
      mark_edge(offsets, neighbors, forward, backward, v, out[k]);
  }
}

/* fill_up, with the strengths; ends[v]: the sum of those at v. */
KERNEL(fill_up_strengths)(GLOBAL const int64_t *RESTRICT offsets,
                          GLOBAL const int32_t *RESTRICT neighbors,
                          GLOBAL const uint8_t *RESTRICT forward,
                          GLOBAL const uint8_t *RESTRICT backward,
                          GLOBAL const int64_t *RESTRICT up_offsets,
                          GLOBAL int32_t *RESTRICT sources, GLOBAL int32_t *RESTRICT targets,
                          GLOBAL uint8_t *RESTRICT strengths, GLOBAL int64_t *RESTRICT ends,
                          int64_t node_count) {
  FOR_ITEMS(v, node_count) {
    int64_t at = up_offsets[v], sum = 0;
    for (int64_t k = offsets[v]; k < offsets[v + 1]; k++) {
      const uint8_t strength = (uint8_t)(forward[k] + backward[k]);
      sum += strength;
      if (!points_up(offsets, (int32_t)v, neighbors[k])) continue;
      sources[at] = (int32_t)v;
      strengths[at] = strength;
      targets[at++] = neighbors[k];
    }
    ends[v] = sum;
  }
}

/* What the triangles at each node weigh: the product of their three strengths, or, `between`, the
 * strength of the side that the node is not on. Closed: triangles, each at one of its corners. */
KERNEL(weigh_triangles)(GLOBAL const int64_t *RESTRICT up_offsets,
                        GLOBAL const int32_t *RESTRICT sources,
                        GLOBAL const int32_t *RESTRICT targets,
                        GLOBAL const uint8_t *RESTRICT strengths, GLOBAL uint32_t *low,
                        GLOBAL uint32_t *high, GLOBAL uint32_t *closed_low,
                        GLOBAL uint32_t *closed_high, int32_t between, int64_t first,
                        int64_t end) {
  FOR_ITEMS(i, end - first) {
    const int64_t e = first + i;
    const int32_t u = sources[e], v = targets[e];
    const int64_t lengths = up_offsets[u + 1] - up_offsets[u] - up_offsets[v + 1] + up_offsets[v];
    const int32_t x = lengths < 0 ? u : v, y = lengths < 0 ? v : u; /* x: of the shorter row */
    int64_t a = up_offsets[x], b = up_offsets[y];
    const int64_t a_end = up_offsets[x + 1], b_end = up_offsets[y + 1];
    const int32_t searches = b_end - b > LONGER_BY * (a_end - a);
    const uint32_t xy = strengths[e];
    uint32_t found = 0, at_x = 0, at_y = 0;
    while (a < a_end && b < b_end) {
      const int32_t wanted = targets[a];
      if (searches) b = first_at(targets, b, b_end, wanted);
      if (b == b_end) break;
      const int32_t other = targets[b];
      if (other == wanted) {
        const uint32_t xw = strengths[a], yw = strengths[b], all = xy * xw * yw;
        at_x += between ? yw : all;
        at_y += between ? xw : all;
        add_count(low, high, wanted, between ? xy : all);
        found++;
      }
      a += wanted <= other;
      b += other <= wanted;
    }
    if (found > 0) {
      add_count(low, high, x, at_x);
      add_count(low, high, y, at_y);
      add_count(closed_low, closed_high, u, found);
    }
  }
}
