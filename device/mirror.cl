/* mirror.cl: records and entries to where they belong. */

/* The last word of a record, which on the host is the writer's own: 1, or 0 for a removed node.
 * Without holes there is no bitmap. */
KERNEL(mark_alive)(GLOBAL row_record *rows, GLOBAL const uint32_t *bits, int32_t has_holes,
                   int64_t count) {
  FOR_ITEMS(v, count) rows[v].alive = has_holes ? BIT_TEST(bits, v) : 1u;
}

/* What changed: records, entries' places, the records' nodes, entries. A row or an entry that
 * changed several times stands there as often with the same content, so no order is needed. */
KERNEL(scatter)(GLOBAL const uint64_t *changes, int64_t record_count, int64_t entry_count,
                GLOBAL row_record *rows, GLOBAL int32_t *neighbors) {
  GLOBAL const row_record *records = (GLOBAL const row_record *)changes;
  GLOBAL const uint64_t *places = changes + 2 * record_count;
  GLOBAL const int32_t *nodes = (GLOBAL const int32_t *)(places + entry_count);
  GLOBAL const int32_t *entries = nodes + record_count;
  FOR_ITEMS(i, record_count + entry_count) {
    if (i < record_count) {
      rows[nodes[i]] = records[i];
    } else {
      neighbors[places[i - record_count]] = entries[i - record_count];
    }
  }
}
