/* neighbor_lists.cl: rows of many nodes, one behind the other.
 *
 * A work-item takes a tile of entries, finds its first list by bisection and walks on, so that a
 * hub's list is shared by as many items as it needs and short ones go together. The host says how
 * long a tile is. With `places`, neighbours that have none are left out: they are counted tile by
 * tile first. A list is the row of side a, then that of side b, if there is one. */
#define NOWHERE 0xffffffffu

KERNEL(mark_live)(GLOBAL const row_record *RESTRICT rows, GLOBAL uint8_t *RESTRICT flags,
                  int64_t count) {
  FOR_ITEMS(v, count) flags[v] = rows[v].alive != 0;
}

/* The first place of each node among the sources; NOWHERE before. */
KERNEL(find_places)(GLOBAL const int32_t *sources, GLOBAL uint32_t *places, int64_t count) {
  FOR_ITEMS(k, count) ATOMIC_MIN_U32(places + (sources ? (int64_t)sources[k] : k), (uint32_t)k);
}

KERNEL(measure)(GLOBAL const row_record *rows_a, GLOBAL const row_record *rows_b,
                GLOBAL const int32_t *sources, GLOBAL int64_t *lengths, int64_t count) {
  FOR_ITEMS(k, count) {
    const int64_t node = sources ? (int64_t)sources[k] : k;
    lengths[k] = (int64_t)rows_a[node].length + (rows_b ? (int64_t)rows_b[node].length : 0);
  }
}

/* How many of the entries [begin, end) have a place. */
FUNCTION int64_t count_kept(GLOBAL const row_record *rows_a, GLOBAL const int32_t *neighbors_a,
                            GLOBAL const row_record *rows_b, GLOBAL const int32_t *neighbors_b,
                            GLOBAL const int32_t *sources, GLOBAL const uint32_t *places,
                            GLOBAL const int64_t *starts, int64_t count, int64_t begin,
                            int64_t end) {
  int64_t kept = 0, entry = begin;
  if (begin >= end) return 0;
  int64_t list = run_of(starts, count, begin);
  while (entry < end) {
    while (starts[list + 1] <= entry)
      list++;
    const int64_t node = sources ? (int64_t)sources[list] : list;
    const int64_t within = entry - starts[list], length = rows_a[node].length;
    const int32_t second = within >= length;
    GLOBAL const int32_t *neighbors = second ? neighbors_b : neighbors_a;
    const int64_t from = second ? rows_b[node].begin + within - length : rows_a[node].begin + within;
    const int64_t left = (second ? starts[list + 1] : starts[list] + length) - entry;
    const int64_t some = left < end - entry ? left : end - entry;
    for (int64_t k = from; k < from + some; k++)
      kept += places[neighbors[k]] != NOWHERE;
    entry += some;
  }
  return kept;
}

/* Of tiles [first, last). */
KERNEL(count_tiles)(GLOBAL const row_record *rows_a, GLOBAL const int32_t *neighbors_a,
                    GLOBAL const row_record *rows_b, GLOBAL const int32_t *neighbors_b,
                    GLOBAL const int32_t *sources, GLOBAL const uint32_t *places,
                    GLOBAL const int64_t *starts, GLOBAL int64_t *tile_counts, int64_t count,
                    int64_t entries, int64_t tile, int64_t first, int64_t last) {
  FOR_ITEMS(i, last - first) {
    const int64_t begin = (first + i) * tile, end = begin + tile < entries ? begin + tile : entries;
    tile_counts[first + i] = count_kept(rows_a, neighbors_a, rows_b, neighbors_b, sources, places,
                                        starts, count, begin, end);
  }
}

/* Where lists begin among what is kept: what the tiles before keep, and this one before the list. */
KERNEL(kept_offsets)(GLOBAL const row_record *rows_a, GLOBAL const int32_t *neighbors_a,
                     GLOBAL const row_record *rows_b, GLOBAL const int32_t *neighbors_b,
                     GLOBAL const int32_t *sources, GLOBAL const uint32_t *places,
                     GLOBAL const int64_t *starts, GLOBAL const int64_t *tile_starts,
                     GLOBAL int64_t *offsets, int64_t count, int64_t tile) {
  FOR_ITEMS(k, count + 1) {
    const int64_t at = starts[k] / tile;
    offsets[k] = tile_starts[at] + count_kept(rows_a, neighbors_a, rows_b, neighbors_b, sources,
                                              places, starts, count, at * tile, starts[k]);
  }
}

/* Tiles [first, last) to where they belong. What is not wanted is null; `keys` order entries by
 * list, side and edge. Weights are moved as bits. */
KERNEL(fill_tiles)(GLOBAL const row_record *rows_a, GLOBAL const int32_t *neighbors_a,
                   GLOBAL const uint32_t *slots_a, GLOBAL const uint64_t *weights_a,
                   GLOBAL const row_record *rows_b, GLOBAL const int32_t *neighbors_b,
                   GLOBAL const uint32_t *slots_b, GLOBAL const uint64_t *weights_b,
                   GLOBAL const int32_t *sources, GLOBAL const uint32_t *places,
                   GLOBAL const int64_t *starts, GLOBAL const int64_t *tile_starts,
                   GLOBAL int32_t *node_out, GLOBAL int32_t *neighbor_out, GLOBAL int64_t *edge_out,
                   GLOBAL uint64_t *weight_out, GLOBAL int64_t *place_out, GLOBAL uint64_t *keys,
                   int64_t count, int64_t entries, int64_t tile, int64_t first, int64_t last) {
  FOR_ITEMS(i, last - first) {
    const int64_t begin = (first + i) * tile, end = begin + tile < entries ? begin + tile : entries;
    int64_t to = tile_starts ? tile_starts[first + i] : begin;
    int64_t list = run_of(starts, count, begin), entry = begin;
    while (entry < end) {
      while (starts[list + 1] <= entry)
        list++;
      const int64_t node = sources ? (int64_t)sources[list] : list;
      const int64_t within = entry - starts[list], length = rows_a[node].length;
      const int32_t second = within >= length;
      GLOBAL const int32_t *neighbors = second ? neighbors_b : neighbors_a;
      GLOBAL const uint32_t *slots = second ? slots_b : slots_a;
      GLOBAL const uint64_t *weights = second ? weights_b : weights_a;
      const int64_t from =
          second ? rows_b[node].begin + within - length : rows_a[node].begin + within;
      const int64_t left = (second ? starts[list + 1] : starts[list] + length) - entry;
      const int64_t some = left < end - entry ? left : end - entry;
      for (int64_t k = from; k < from + some; k++) {
        const int32_t neighbor = neighbors[k];
        if (places) {
          const uint32_t place = places[neighbor];
          if (place == NOWHERE) continue;
          place_out[to] = place;
        }
        node_out[to] = (int32_t)node;
        neighbor_out[to] = neighbor;
        if (edge_out) edge_out[to] = slots[k];
        if (weight_out) weight_out[to] = weights[k];
        if (keys) keys[to] = (uint64_t)list << 33 | (uint64_t)second << 32 | slots[k];
        to++;
      }
      entry += some;
    }
  }
}

KERNEL(number_rows)(GLOBAL uint32_t *RESTRICT numbers, int64_t count) {
  FOR_ITEMS(k, count) numbers[k] = (uint32_t)k;
}

/* to[k] = from[order[k]]: 4 bytes each, and 8. */
KERNEL(order_words)(GLOBAL const uint32_t *RESTRICT order, GLOBAL const uint32_t *RESTRICT from,
                    GLOBAL uint32_t *RESTRICT to, int64_t count) {
  FOR_ITEMS(k, count) to[k] = from[order[k]];
}

KERNEL(order_pairs)(GLOBAL const uint32_t *RESTRICT order, GLOBAL const uint64_t *RESTRICT from,
                    GLOBAL uint64_t *RESTRICT to, int64_t count) {
  FOR_ITEMS(k, count) to[k] = from[order[k]];
}
