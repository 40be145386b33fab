/* mirror.cl: records and entries to where they belong. */

/* The last word of a record, which on the host is the writer's own: 1, or 0 for a removed node.
 * Without holes there is no bitmap. */
KERNEL(mark_alive)(GLOBAL row_record *rows, GLOBAL const uint32_t *bits, int32_t has_holes,
                   int64_t count) {
  FOR_ITEMS(v, count) rows[v].alive = has_holes ? BIT_TEST(bits, v) : 1u;
}

/* Places, then as many weights, which are moved as bits. What stands there twice is the same. */
KERNEL(scatter_weights)(GLOBAL const uint64_t *changes, int64_t count, GLOBAL uint64_t *weights) {
  FOR_ITEMS(i, count) weights[changes[i]] = changes[count + i];
}

/* What changed: records; pieces of rows (where they belong above, how many entries they have in the
 * low 8 bits); the records' nodes; the pieces' first entries; entries. A row or an entry that changed
 * several times stands there as often with the same content, so no order is needed. */
KERNEL(scatter)(GLOBAL const uint64_t *changes, int64_t record_count, int64_t piece_count,
                GLOBAL row_record *rows, GLOBAL int32_t *neighbors) {
  GLOBAL const row_record *records = (GLOBAL const row_record *)changes;
  GLOBAL const uint64_t *pieces = changes + 2 * record_count;
  GLOBAL const int32_t *nodes = (GLOBAL const int32_t *)(pieces + piece_count);
  GLOBAL const uint32_t *firsts = (GLOBAL const uint32_t *)(nodes + record_count);
  GLOBAL const int32_t *entries = (GLOBAL const int32_t *)(firsts + piece_count);
  FOR_ITEMS(i, record_count + piece_count) {
    if (i < record_count) {
      rows[nodes[i]] = records[i];
    } else {
      const uint64_t piece = pieces[i - record_count];
      const uint32_t first = firsts[i - record_count], count = (uint32_t)(piece & 255);
      const int64_t place = (int64_t)(piece >> 8);
      for (uint32_t k = 0; k < count; k++)
        neighbors[place + k] = entries[first + k];
    }
  }
}
