/* numbering.cl: see numbering.c. */
KERNEL(find_first)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT labels,
                   GLOBAL int32_t *first, int64_t count) {
  FOR_ITEMS(v, count) {
    if (!rows[v].alive) continue;
    /* Most nodes of a large label come after its first: looking saves the atomic. A stale look
     * costs an atomic that changes nothing. */
    if (first[labels[v]] > (int32_t)v) ATOMIC_MIN_I32(first + labels[v], (int32_t)v);
  }
}

KERNEL(mark_first)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT labels,
                   GLOBAL const int32_t *RESTRICT first, GLOBAL uint32_t *RESTRICT is_first,
                   int64_t count) {
  FOR_ITEMS(v, count) is_first[v] = rows[v].alive && first[labels[v]] == (int32_t)v ? 1 : 0;
}

KERNEL(give_numbers)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT labels,
                     GLOBAL const int32_t *RESTRICT first, GLOBAL const uint32_t *RESTRICT rank,
                     GLOBAL int32_t *RESTRICT numbers, int64_t count) {
  FOR_ITEMS(v, count) numbers[v] = rows[v].alive ? (int32_t)rank[first[labels[v]]] : 0;
}
