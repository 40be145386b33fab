/* distinct_rows.cl: offsets of compact rows as row records. All count as alive: who has no
 * neighbour is left alone by algorithms that walk rows. */
KERNEL(make_rows)(GLOBAL const int64_t *RESTRICT offsets, GLOBAL row_record *RESTRICT rows,
                  int64_t count) {
  FOR_ITEMS(v, count) {
    row_record row;
    row.begin = offsets[v];
    row.length = (uint32_t)(offsets[v + 1] - offsets[v]);
    row.alive = 1;
    rows[v] = row;
  }
}
