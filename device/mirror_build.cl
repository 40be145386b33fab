/* mirror_build.cl: in rows and simple rows out of the out rows, by sorting pairs.
 *
 * Rows lie anywhere in the arena; `starts` (a scan of their lengths) numbers the entries in the
 * order of rows. A work-item takes TILE entries: it finds its first row by bisection and walks on,
 * so that a hub's row is shared by as many items as it needs. */

#define TILE 16

KERNEL(row_lengths)(GLOBAL const row_record *RESTRICT rows, GLOBAL int64_t *RESTRICT lengths,
                    int64_t node_count) {
  FOR_ITEMS(v, node_count) lengths[v] = rows[v].length;
}

/* keys: the row's node above, the neighbour in the low 32 bits; places: where in the arena. */
KERNEL(entry_keys)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                   GLOBAL const int64_t *RESTRICT starts, GLOBAL uint64_t *RESTRICT keys,
                   GLOBAL uint32_t *RESTRICT places, int64_t node_count, int64_t entry_count) {
  FOR_ITEMS(tile, (entry_count + TILE - 1) / TILE) {
    const int64_t begin = tile * TILE;
    const int64_t end = begin + TILE < entry_count ? begin + TILE : entry_count;
    int64_t node = run_of(starts, node_count, begin);
    for (int64_t entry = begin; entry < end; entry++) {
      while (starts[node + 1] <= entry)
        node++;
      const int64_t place = rows[node].begin + (entry - starts[node]);
      keys[entry] = (uint64_t)node << 32 | (uint32_t)neighbors[place];
      places[entry] = (uint32_t)place;
    }
  }
}

/* The first position of keys, sorted by their low 32 bits, that has at least `node` there. */
FUNCTION int64_t first_low(GLOBAL const uint64_t *keys, int64_t count, int64_t node) {
  int64_t low = 0, high = count;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if ((int64_t)(keys[middle] & 0xffffffffu) < node) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* In rows one behind the other, from the sorted keys. */
KERNEL(in_records)(GLOBAL const uint64_t *RESTRICT keys, GLOBAL const row_record *RESTRICT out_rows,
                   GLOBAL row_record *RESTRICT rows, int64_t node_count, int64_t entry_count) {
  FOR_ITEMS(v, node_count) {
    const int64_t begin = first_low(keys, entry_count, v);
    rows[v].begin = begin;
    rows[v].length = (uint32_t)(first_low(keys, entry_count, v + 1) - begin);
    rows[v].alive = out_rows[v].alive;
  }
}

KERNEL(high_halves)(GLOBAL const uint64_t *RESTRICT keys, GLOBAL int32_t *RESTRICT halves,
                    int64_t count) {
  FOR_ITEMS(k, count) halves[k] = (int32_t)(keys[k] >> 32);
}

/* to[k] = from[origins[k]], 8 bytes each. */
KERNEL(gather)(GLOBAL const uint64_t *RESTRICT from, GLOBAL const uint32_t *RESTRICT origins,
               GLOBAL uint64_t *RESTRICT to, int64_t count) {
  FOR_ITEMS(k, count) to[k] = from[origins[k]];
}

KERNEL(gather_words)(GLOBAL const uint32_t *RESTRICT from, GLOBAL const uint32_t *RESTRICT origins,
                     GLOBAL uint32_t *RESTRICT to, int64_t count) {
  FOR_ITEMS(k, count) to[k] = from[origins[k]];
}

/* Both directions of every entry (one is there already without `both`) as pairs of `bits` bits; a
 * loop becomes a pair above all others. */
KERNEL(pair_keys)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL const int64_t *RESTRICT starts, GLOBAL uint64_t *RESTRICT keys,
                  int32_t bits, int32_t both, int64_t node_count, int64_t entry_count) {
  FOR_ITEMS(tile, (entry_count + TILE - 1) / TILE) {
    const int64_t begin = tile * TILE;
    const int64_t end = begin + TILE < entry_count ? begin + TILE : entry_count;
    int64_t node = run_of(starts, node_count, begin);
    for (int64_t entry = begin; entry < end; entry++) {
      while (starts[node + 1] <= entry)
        node++;
      const int64_t other = neighbors[rows[node].begin + (entry - starts[node])];
      const uint64_t none = (uint64_t)1 << (2 * bits);
      keys[entry] = node == other ? none : (uint64_t)node << bits | (uint64_t)other;
      if (both) keys[entry_count + entry] = node == other ? none : (uint64_t)other << bits | (uint64_t)node;
    }
  }
}

/* flags[k] = 1 where the k-th of the sorted pairs is no loop and not the same as the one before. */
KERNEL(first_pairs)(GLOBAL const uint64_t *RESTRICT keys, GLOBAL uint32_t *RESTRICT flags,
                    int32_t bits, int64_t count) {
  FOR_ITEMS(k, count) {
    flags[k] = keys[k] >> (2 * bits) == 0 && (k == 0 || keys[k] != keys[k - 1]) ? 1 : 0;
  }
}

/* places: the scan of the flags. */
KERNEL(keep_pairs)(GLOBAL const uint64_t *RESTRICT keys, GLOBAL const uint32_t *RESTRICT places,
                   GLOBAL int32_t *RESTRICT neighbors, int32_t bits, int64_t count) {
  FOR_ITEMS(k, count) {
    if (places[k + 1] != places[k])
      neighbors[places[k]] = (int32_t)(keys[k] & (((uint64_t)1 << bits) - 1));
  }
}

/* Where the kept pairs of each node begin, and their end. */
KERNEL(pair_offsets)(GLOBAL const uint64_t *RESTRICT keys, GLOBAL const uint32_t *RESTRICT places,
                     GLOBAL int64_t *RESTRICT offsets, int32_t bits, int64_t node_count,
                     int64_t count) {
  FOR_ITEMS(v, node_count + 1) {
    const uint64_t least = (uint64_t)v << bits;
    int64_t low = 0, high = count;
    while (low < high) {
      const int64_t middle = low + (high - low) / 2;
      if (keys[middle] < least) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    offsets[v] = places[low];
  }
}
