/* long_rows.cl: flags[v] = 1 for rows longer than the limit. */
KERNEL(mark_long)(GLOBAL const row_record *RESTRICT rows, GLOBAL uint8_t *RESTRICT flags,
                  int64_t count, uint32_t limit) {
  FOR_ITEMS(v, count) flags[v] = rows[v].length > limit ? 1 : 0;
}
