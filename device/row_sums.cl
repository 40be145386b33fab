/* row_sums.cl: see row_sums.h. */
FUNCTION double row_sum(GLOBAL const int32_t *neighbors, GLOBAL const double *weights,
                        GLOBAL const double *values, int64_t begin, int64_t end, int64_t step) {
  double sum = 0;
  for (int64_t k = begin; k < end; k += step) {
    const double value = values ? values[neighbors[k]] : 1.0;
    sum += weights ? weights[k] * value : value;
  }
  return sum;
}

KERNEL(sum_short)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                  GLOBAL const double *RESTRICT weights, GLOBAL const double *RESTRICT values,
                  GLOBAL double *RESTRICT sums, int64_t count, uint32_t long_row) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    if (row.length > long_row) continue;
    sums[v] = row_sum(neighbors, weights, values, row.begin, row.begin + row.length, 1);
  }
}

KERNEL(sum_long)(GLOBAL const int32_t *RESTRICT long_rows, int64_t count,
                 GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
                 GLOBAL const double *RESTRICT weights, GLOBAL const double *RESTRICT values,
                 GLOBAL double *RESTRICT sums) {
  LOCAL_ARRAY(double, partial, GROUP_SIZE);
  FOR_GROUPS(g, count) {
    const int32_t v = long_rows[g];
    const row_record row = rows[v];
    partial[LOCAL_ITEM] = row_sum(neighbors, weights, values, row.begin + LOCAL_ITEM,
                                  row.begin + row.length, GROUP_SIZE);
    BARRIER();
    for (uint32_t width = GROUP_SIZE / 2; width > 0; width /= 2) {
      if (LOCAL_ITEM < width) partial[LOCAL_ITEM] += partial[LOCAL_ITEM + width];
      BARRIER();
    }
    if (LOCAL_ITEM == 0) sums[v] = partial[0];
    BARRIER();
  }
}
