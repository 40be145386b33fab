/* degrees.cl: degrees from row lengths. An undirected self-loop stands in its row once and counts
 * twice, so undirected rows are read. */
KERNEL(add_lengths)(GLOBAL const row_record *RESTRICT rows, GLOBAL int64_t *RESTRICT degree,
                    int64_t count) {
  FOR_ITEMS(v, count) degree[v] += rows[v].length;
}

KERNEL(add_loops)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL int64_t *RESTRICT degree, int64_t count) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    int64_t loops = 0;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) loops += neighbors[k] == (int32_t)v;
    degree[v] += loops;
  }
}
