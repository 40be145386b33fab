/* random_walks.cl: an item per walk, for some steps of it; cpu/traversal/random_walks.c has the
 * rules, random_walks.c beside this how the work is cut.
 *
 * Walk k of the batch has its places in `node` from (origin + k) * places on. Between launches its
 * random stream rests in `streams`, word by word of all walks, so that items next to each other
 * read next to each other. Every place is written: NO_NODE after the end of a walk. */
#define NO_NODE (-1)
#define NO_ENTRY (-1)
#define SHARED_ENTRY (-2) /* the row is too long for one item: to be drawn by a group */

KERNEL(mark_live)(GLOBAL const row_record *RESTRICT rows, GLOBAL uint8_t *RESTRICT flags,
                  int64_t count) {
  FOR_ITEMS(v, count) flags[v] = rows[v].alive != 0;
}

/* --- In rows in the order of edges ------------------------------------------------------------ */

/* Keys that sort the entries of rows, which lie one behind the other, by row and edge. */
KERNEL(order_keys)(GLOBAL const row_record *RESTRICT rows, GLOBAL const uint32_t *RESTRICT slots,
                   GLOBAL uint64_t *RESTRICT keys, GLOBAL uint32_t *RESTRICT places,
                   int64_t node_count, int64_t entry_count) {
  FOR_ITEMS(k, entry_count) {
    int64_t low = 0, high = node_count; /* the last row that begins at or before k */
    while (high - low > 1) {
      const int64_t middle = low + (high - low) / 2;
      if (rows[middle].begin <= k) {
        low = middle;
      } else {
        high = middle;
      }
    }
    keys[k] = (uint64_t)low << 32 | slots[k];
    places[k] = (uint32_t)k;
  }
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

/* --- Streams ---------------------------------------------------------------------------------- */

FUNCTION random_stream take_stream(GLOBAL const uint64_t *streams, int64_t width, int64_t k) {
  random_stream random;
  random.a = streams[k];
  random.b = streams[width + k];
  random.c = streams[2 * width + k];
  random.d = streams[3 * width + k];
  return random;
}

FUNCTION void put_stream(GLOBAL uint64_t *streams, int64_t width, int64_t k, random_stream random) {
  streams[k] = random.a;
  streams[width + k] = random.b;
  streams[2 * width + k] = random.c;
  streams[3 * width + k] = random.d;
}

/* A batch of walks from the `first` one on. Without sources node s is source s. */
KERNEL(start_walks)(GLOBAL const int32_t *RESTRICT sources, GLOBAL uint64_t *RESTRICT streams,
                    GLOBAL int32_t *RESTRICT at, GLOBAL int32_t *RESTRICT node, int64_t seed,
                    int64_t walks_per_node, int64_t first, int64_t count, int64_t width,
                    int64_t origin, int64_t places) {
  FOR_ITEMS(k, count) {
    const int64_t walk = first + k, source = walk / walks_per_node;
    put_stream(streams, width, k, random_start((uint64_t)seed, (uint64_t)walk));
    node[(origin + k) * places] = sources ? sources[source] : (int32_t)source;
    if (at) at[k] = 0;
  }
}

/* --- All edges alike -------------------------------------------------------------------------- */

/* Walks that a work-item takes side by side: a step waits for two reads from anywhere, and a core
 * of a CPU has several of them under way. A GPU has its other work-items for that. */
#if IS_CPU
#define TOGETHER 32
#else
#define TOGETHER 1
#endif
#define FOR_PARTY(t) for (int32_t t = 0; t < TOGETHER && begin + t < part + count; t++)

/* Steps (from, to] of walks [part, part + count) of the batch. */
KERNEL(walk_evenly)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                    GLOBAL uint64_t *RESTRICT streams, GLOBAL int32_t *RESTRICT node, int64_t part,
                    int64_t count, int64_t width, int64_t origin, int64_t places, int64_t from,
                    int64_t to) {
  FOR_ITEMS(p, (count + TOGETHER - 1) / TOGETHER) {
    const int64_t begin = part + p * TOGETHER;
    random_stream random[TOGETHER];
    int64_t entry[TOGETHER];
    int32_t here[TOGETHER];
    FOR_PARTY(t) {
      random[t] = take_stream(streams, width, begin + t);
      here[t] = node[(origin + begin + t) * places + from];
    }
    for (int64_t step = from; step < to; step++) {
      FOR_PARTY(t) {
        entry[t] = NO_ENTRY;
        if (here[t] == NO_NODE) continue;
        const row_record row = rows[here[t]];
        if (row.length != 0) entry[t] = row.begin + (int64_t)random_below(&random[t], row.length);
      }
      FOR_PARTY(t) {
        here[t] = entry[t] == NO_ENTRY ? NO_NODE : neighbors[entry[t]];
        node[(origin + begin + t) * places + step + 1] = here[t];
      }
    }
    FOR_PARTY(t) put_stream(streams, width, begin + t, random[t]);
  }
}

/* --- Weights and biases ----------------------------------------------------------------------- */

#if HAS_FP64
#define MOST_TRIES 64 /* as cpu/traversal/random_walks.c */

/* Running sums of weights / largest within each row, made one by one as the CPU makes them. */
KERNEL(sum_rows)(GLOBAL const row_record *RESTRICT rows, GLOBAL const double *RESTRICT weights,
                 GLOBAL double *RESTRICT sums, double largest, uint32_t long_row, int64_t count) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    double sum = 0;
    if (row.length > long_row) continue;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      sum += weights[k] / largest;
      sums[k] = sum;
    }
  }
}

/* The same for a long row by a group: what is added up one by one lies in local memory by then. */
KERNEL(sum_long_rows)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT nodes,
                      GLOBAL const double *RESTRICT weights, GLOBAL double *RESTRICT sums,
                      double largest, int64_t count) {
  LOCAL_ARRAY(double, tile, GROUP_SIZE);
  FOR_GROUPS(g, count) {
    const row_record row = rows[nodes[g]];
    const int64_t end = row.begin + row.length;
    double sum = 0;
    for (int64_t begin = row.begin; begin < end; begin += GROUP_SIZE) {
      const int64_t mine = begin + LOCAL_ITEM;
      if (mine < end) tile[LOCAL_ITEM] = weights[mine] / largest;
      BARRIER();
      if (LOCAL_ITEM == 0) {
        for (int32_t k = 0; k < GROUP_SIZE && begin + k < end; k++) {
          sum += tile[k];
          tile[k] = sum;
        }
      }
      BARRIER();
      if (mine < end) sums[mine] = tile[LOCAL_ITEM];
      BARRIER();
    }
  }
}

/* What a step goes by: sums or null where all edges are alike; whom nodes are joined to, and what
 * going back, near and away counts. */
typedef struct going {
  GLOBAL const row_record *rows;
  GLOBAL const int32_t *neighbors;
  GLOBAL const double *sums;
  GLOBAL const int64_t *offsets;
  GLOBAL const int32_t *joined;
  double back, near_by, away;
  int32_t biased;
} going;

FUNCTION going going_by(GLOBAL const row_record *rows, GLOBAL const int32_t *neighbors,
                        GLOBAL const double *sums, GLOBAL const int64_t *offsets,
                        GLOBAL const int32_t *joined, double back, double near_by, double away) {
  going w;
  w.rows = rows;
  w.neighbors = neighbors;
  w.sums = sums;
  w.offsets = offsets;
  w.joined = joined;
  w.back = back;
  w.near_by = near_by;
  w.away = away;
  w.biased = offsets != 0;
  return w;
}

/* An entry of the row in proportion to the weights, or NO_ENTRY where there is none to take. */
FUNCTION int64_t propose(going w, row_record row, random_stream *random) {
  if (row.length == 0) return NO_ENTRY;
  if (!w.sums) return row.begin + (int64_t)random_below(random, row.length);
  const double total = w.sums[row.begin + row.length - 1];
  if (total <= 0) return NO_ENTRY;
  const double wanted = random_unit(random) * total;
  int64_t low = row.begin, high = row.begin + row.length - 1;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (w.sums[middle] > wanted) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

FUNCTION double bias(going w, int32_t before, int32_t candidate) {
  if (candidate == before) return w.back;
  int64_t low = w.offsets[before], high = w.offsets[before + 1];
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const int32_t found = w.joined[middle];
    if (found == candidate) return w.near_by;
    if (found < candidate) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return w.away;
}

/* The weight of an entry times its bias. */
FUNCTION double share_of(going w, row_record row, int32_t before, int64_t entry) {
  double weight = 1;
  if (w.sums) weight = w.sums[entry] - (entry == row.begin ? 0 : w.sums[entry - 1]);
  return weight * bias(w, before, w.neighbors[entry]);
}

FUNCTION int64_t draw_exactly(going w, row_record row, int32_t before, random_stream *random) {
  const int64_t end = row.begin + row.length;
  double total = 0, sum = 0;
  int64_t last = NO_ENTRY;
  for (int64_t k = row.begin; k < end; k++)
    total += share_of(w, row, before, k);
  const double wanted = random_unit(random) * total;
  for (int64_t k = row.begin; k < end && sum <= wanted; k++) {
    const double share = share_of(w, row, before, k);
    if (share > 0) last = k;
    sum += share;
  }
  return last;
}

FUNCTION int64_t next_entry(going w, int32_t here, int32_t before, uint32_t long_row,
                            random_stream *random) {
  const row_record row = w.rows[here];
  if (!w.biased || before == NO_NODE) return propose(w, row, random);
  for (int32_t tries = 0; tries < MOST_TRIES; tries++) {
    const int64_t entry = propose(w, row, random);
    if (entry == NO_ENTRY) return entry;
    if (random_unit(random) < bias(w, before, w.neighbors[entry])) return entry;
  }
  return row.length > long_row ? SHARED_ENTRY : draw_exactly(w, row, before, random);
}

/* Walks [part, part + count) of the batch, each from where it is (`at`) to step `to`, unless it has
 * to wait for a draw that a group makes: then it is in `waiting`. Offsets are null without bias. */
KERNEL(walk_weighing)(GLOBAL const row_record *RESTRICT rows,
                      GLOBAL const int32_t *RESTRICT neighbors, GLOBAL const double *RESTRICT sums,
                      GLOBAL const int64_t *RESTRICT offsets, GLOBAL const int32_t *RESTRICT joined,
                      double back, double near_by, double away, GLOBAL uint64_t *RESTRICT streams,
                      GLOBAL int32_t *RESTRICT at, GLOBAL int32_t *RESTRICT node,
                      GLOBAL uint32_t *RESTRICT waiting, GLOBAL uint32_t *RESTRICT waiting_count,
                      uint32_t long_row, int64_t part, int64_t count, int64_t width, int64_t origin,
                      int64_t places, int64_t to) {
  const going w = going_by(rows, neighbors, sums, offsets, joined, back, near_by, away);
  FOR_ITEMS(i, count) {
    const int64_t k = part + i, base = (origin + k) * places;
    int64_t position = at[k];
    if (position >= to) continue;
    random_stream random = take_stream(streams, width, k);
    int32_t here = node[base + position];
    int32_t before = position == 0 ? NO_NODE : node[base + position - 1];
    while (position < to) {
      const int64_t entry =
          here == NO_NODE ? NO_ENTRY : next_entry(w, here, before, long_row, &random);
      if (entry == SHARED_ENTRY) {
        waiting[ATOMIC_ADD_U32(waiting_count, 1)] = (uint32_t)k;
        break;
      }
      before = here;
      here = entry == NO_ENTRY ? NO_NODE : neighbors[entry];
      node[base + ++position] = here;
    }
    put_stream(streams, width, k, random);
    at[k] = (int32_t)position;
  }
}

/* draw_exactly for the walks waiting[first .. last), a group each: shares are found side by side and
 * added up one by one, in the order of the row. */
KERNEL(draw_shared)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                    GLOBAL const double *RESTRICT sums, GLOBAL const int64_t *RESTRICT offsets,
                    GLOBAL const int32_t *RESTRICT joined, double back, double near_by, double away,
                    GLOBAL uint64_t *RESTRICT streams, GLOBAL int32_t *RESTRICT at,
                    GLOBAL int32_t *node, GLOBAL const uint32_t *RESTRICT waiting, int64_t first,
                    int64_t last, int64_t width, int64_t origin, int64_t places) {
  LOCAL_ARRAY(double, shares, GROUP_SIZE);
  const going w = going_by(rows, neighbors, sums, offsets, joined, back, near_by, away);
  FOR_GROUPS(g, last - first) {
    const int64_t k = waiting[first + g], place = (origin + k) * places + at[k];
    const int32_t before = node[place - 1];
    const row_record row = rows[node[place]];
    const int64_t end = row.begin + row.length;
    double total = 0, sum = 0, wanted = 0;
    int64_t entry = NO_ENTRY;
    for (int32_t pass = 0; pass < 2; pass++) {
      for (int64_t begin = row.begin; begin < end; begin += GROUP_SIZE) {
        const int64_t mine = begin + LOCAL_ITEM;
        if (mine < end) shares[LOCAL_ITEM] = share_of(w, row, before, mine);
        BARRIER();
        if (LOCAL_ITEM == 0) {
          for (int32_t i = 0; i < GROUP_SIZE && begin + i < end; i++) {
            if (pass == 0) {
              total += shares[i];
            } else if (sum <= wanted) {
              if (shares[i] > 0) entry = begin + i;
              sum += shares[i];
            }
          }
        }
        BARRIER();
      }
      if (LOCAL_ITEM == 0 && pass == 0) {
        random_stream random = take_stream(streams, width, k);
        wanted = random_unit(&random) * total;
        put_stream(streams, width, k, random);
      }
    }
    if (LOCAL_ITEM == 0) {
      node[place + 1] = entry == NO_ENTRY ? NO_NODE : neighbors[entry];
      at[k]++;
    }
    BARRIER();
  }
}
#endif
