/* degrees.cl: degrees from row lengths. An undirected self-loop stands in its row once and counts
 * twice, so undirected rows are read. */
KERNEL(add_lengths)(GLOBAL const row_record *RESTRICT rows, GLOBAL int64_t *RESTRICT degree,
                    int64_t count) {
  FOR_ITEMS(v, count) degree[v] += rows[v].length;
}

/* Rows above `long_row` are left to groups. */
KERNEL(add_loops)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL int64_t *RESTRICT degree, uint32_t long_row, int64_t count) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    const int64_t end = row.length > long_row ? row.begin : row.begin + row.length;
    int64_t loops = 0;
    for (int64_t k = row.begin; k < end; k++) loops += neighbors[k] == (int32_t)v;
    degree[v] += loops;
  }
}

KERNEL(add_long_loops)(GLOBAL const row_record *RESTRICT rows,
                       GLOBAL const int32_t *RESTRICT neighbors,
                       GLOBAL const int32_t *RESTRICT nodes, GLOBAL int64_t *RESTRICT degree,
                       int64_t count) {
  LOCAL_ARRAY(uint32_t, loops, 1);
  FOR_GROUPS(g, count) {
    const int32_t v = nodes[g];
    const row_record row = rows[v];
    uint32_t mine = 0;
    if (LOCAL_ITEM == 0) loops[0] = 0;
    BARRIER();
    FOR_LOCAL_ITEMS(k, row.begin, row.begin + row.length) mine += neighbors[k] == v ? 1 : 0;
    if (mine != 0) ATOMIC_ADD_LOCAL_U32(loops, mine);
    BARRIER();
    if (LOCAL_ITEM == 0) degree[v] += loops[0];
    BARRIER();
  }
}
