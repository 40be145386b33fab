/* kept.cl: columns that stay on the device, in the form in which they are handed out. */

KERNEL(widen)(GLOBAL const int32_t *narrow, GLOBAL int64_t *wide, int64_t count) {
  FOR_ITEMS(i, count) wide[i] = narrow[i];
}

KERNEL(live_bytes)(GLOBAL const uint8_t *all, GLOBAL const int64_t *places, GLOBAL uint8_t *live,
                   int64_t count) {
  FOR_ITEMS(i, count) live[i] = all[places[i]];
}

KERNEL(live_words)(GLOBAL const uint64_t *all, GLOBAL const int64_t *places, GLOBAL uint64_t *live,
                   int64_t count) {
  FOR_ITEMS(i, count) live[i] = all[places[i]];
}

/* The position among the live nodes of each of them. */
KERNEL(live_ranks)(GLOBAL const int64_t *places, GLOBAL int32_t *ranks, int64_t count) {
  FOR_ITEMS(i, count) ranks[places[i]] = (int32_t)i;
}

/* Nodes as positions, -1 for none. Without places every row is live, without ranks every node. */
KERNEL(live_nodes)(GLOBAL const int32_t *all, int32_t has_places, GLOBAL const int64_t *places,
                   int32_t has_ranks, GLOBAL const int32_t *ranks, GLOBAL int64_t *live,
                   int64_t count) {
  FOR_ITEMS(i, count) {
    const int32_t node = all[has_places ? places[i] : i];
    live[i] = node < 0 ? -1 : has_ranks ? ranks[node] : node;
  }
}
