/* distance_sums.cl: one level of 64 breadth-first searches; see distance_sums.c. */

/* brought[k] says whether level k of those that were queued together has anybody to go on from; a
 * level that finds nobody there does nothing. brought[0] is set. */

/* What arrives at a node in this level: it has been seen, it adds up, it goes on from here. */
FUNCTION void arrive(GLOBAL uint64_t *seen, GLOBAL uint64_t *next, GLOBAL int32_t *count,
                     GLOBAL int64_t *hops, GLOBAL uint32_t *brought, int64_t v, uint64_t fresh,
                     int32_t distance) {
  next[v] = fresh;
  if (fresh == 0) return;
  const int32_t sources = POPCOUNT_U64(fresh);
  seen[v] |= fresh;
  count[v] += sources;
  hops[v] += (int64_t)sources * distance;
  brought[0] = 1; /* everybody writes the same */
}

KERNEL(start)(GLOBAL const int32_t *sources, GLOBAL uint64_t *seen, GLOBAL uint64_t *frontier,
              int32_t count) {
  FOR_ITEMS(k, count) {
    seen[sources[k]] = (uint64_t)1 << k;
    frontier[sources[k]] = (uint64_t)1 << k;
  }
}

KERNEL(pull_level)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                   GLOBAL const uint64_t *RESTRICT frontier, GLOBAL uint64_t *next,
                   GLOBAL uint64_t *seen, GLOBAL int32_t *reached, GLOBAL int64_t *hops,
                   GLOBAL uint32_t *brought, uint64_t everybody, int32_t level,
                   int32_t distance, uint32_t long_row, int64_t count) {
  if (brought[level] == 0) return;
  FOR_ITEMS(v, count) {
    const uint64_t missing = everybody & ~seen[v];
    const row_record row = rows[v];
    uint64_t arrived = 0;
    if (row.length > long_row) continue;
    if (missing != 0) {
      for (int64_t e = row.begin; e < row.begin + row.length && (arrived & missing) != missing; e++)
        arrived |= frontier[neighbors[e]];
    }
    arrive(seen, next, reached, hops, brought + level + 1, v, arrived & missing, distance);
  }
}

/* Rows that are long for one item, each by a work-group. */
KERNEL(pull_long)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL const uint64_t *RESTRICT frontier, GLOBAL uint64_t *next,
                  GLOBAL uint64_t *seen, GLOBAL int32_t *reached, GLOBAL int64_t *hops,
                  GLOBAL uint32_t *brought, uint64_t everybody, int32_t level, int32_t distance,
                  GLOBAL const int32_t *long_nodes, int64_t count) {
  LOCAL_ARRAY(uint64_t, part, GROUP_SIZE);
  const int64_t tasks = brought[level] == 0 ? 0 : count; /* nobody writes it in this launch */
  FOR_GROUPS(g, tasks) {
    const int32_t v = long_nodes[g];
    const row_record row = rows[v];
    const uint64_t missing = everybody & ~seen[v];
    const int64_t end = row.begin + (missing == 0 ? 0 : row.length);
    uint64_t arrived = 0;
    FOR_LOCAL_ITEMS(e, row.begin, end) arrived |= frontier[neighbors[e]];
    part[LOCAL_ITEM] = arrived;
    BARRIER();
    for (uint32_t step = GROUP_SIZE / 2; step > 0; step /= 2) {
      if (LOCAL_ITEM < step) part[LOCAL_ITEM] |= part[LOCAL_ITEM + step];
      BARRIER();
    }
    if (LOCAL_ITEM == 0) {
      arrive(seen, next, reached, hops, brought + level + 1, v, part[0] & missing, distance);
    }
    BARRIER();
  }
}

#if HAS_FP64
/* What the level that was pulled adds to the sums of reciprocals. */
KERNEL(add_reciprocals)(GLOBAL const uint64_t *next, GLOBAL double *sum,
                        GLOBAL const uint32_t *brought, int32_t level, int32_t distance,
                        int64_t count) {
  if (brought[level + 1] == 0) return;
  FOR_ITEMS(v, count) {
    const uint64_t fresh = next[v];
    if (fresh != 0) sum[v] += (double)POPCOUNT_U64(fresh) / (double)distance;
  }
}
#endif
