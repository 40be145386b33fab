/* pagerank.cl: power iteration pulled over the in rows. See pagerank.c for the shape of the loop.
 *
 * state: rounds.h. [0] change of the last iteration, [1] rank on nodes without out weight, [2] iterations
 * done, [3] 1 once the change was small enough: launches after that do nothing. */

#define BLOCK_ROWS 1024 /* rows of a task: one partial sum each, whatever the group size */

FUNCTION double row_sum(GLOBAL const int32_t *neighbors, GLOBAL const double *weights,
                        GLOBAL const double *values, int64_t begin, int64_t end, int64_t step) {
  double sum = 0;
  for (int64_t k = begin; k < end; k += step) {
    const double value = values ? values[neighbors[k]] : 1.0;
    sum += weights ? weights[k] * value : value;
  }
  return sum;
}

/* Out weights, the uniform start and its shares. */
KERNEL(start)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
              GLOBAL const double *RESTRICT weights, GLOBAL const double *RESTRICT long_sums,
              uint32_t long_row, GLOBAL double *RESTRICT score, GLOBAL double *RESTRICT factor,
              GLOBAL double *RESTRICT share, GLOBAL double *RESTRICT dangling, int64_t count,
              double uniform) {
  FOR_ITEMS(v, count) {
    const row_record row = rows[v];
    const double weight = !weights                ? (double)row.length
                          : row.length > long_row ? long_sums[v]
                                                  : row_sum(neighbors, weights, 0, row.begin,
                                                            row.begin + row.length, 1);
    const double at_start = row.alive ? uniform : 0;
    const double inverse = row.alive && weight > 0 ? 1 / weight : 0;
    score[v] = at_start;
    factor[v] = inverse;
    share[v] = at_start * inverse;
    dangling[v] = inverse > 0 ? 0 : at_start;
  }
}

/* One iteration: score in place, the next shares, and per block the change and the rank that
 * dangles. */
KERNEL(pull)(GLOBAL const row_record *RESTRICT rows, GLOBAL const int32_t *RESTRICT neighbors,
             GLOBAL const double *RESTRICT weights, GLOBAL const double *RESTRICT long_sums,
             uint32_t long_row, GLOBAL const double *RESTRICT restart,
             GLOBAL const double *RESTRICT goal, GLOBAL double *RESTRICT score,
             GLOBAL const double *RESTRICT factor, GLOBAL const double *RESTRICT share,
             GLOBAL double *RESTRICT next_share, GLOBAL double *RESTRICT partial,
             GLOBAL const double *RESTRICT state, int64_t count, double uniform, double damping) {
  LOCAL_ARRAY(double, change, GROUP_SIZE);
  LOCAL_ARRAY(double, dangling, GROUP_SIZE);
  const int64_t blocks = state[3] != 0 ? 0 : (count + BLOCK_ROWS - 1) / BLOCK_ROWS;
  const double dangling_rank = state[1];
  FOR_GROUPS(b, blocks) {
    const int64_t end = (b + 1) * BLOCK_ROWS < count ? (b + 1) * BLOCK_ROWS : count;
    double changed = 0, dangles = 0;
    FOR_LOCAL_ITEMS(v, b * BLOCK_ROWS, end) {
      const row_record row = rows[v];
      if (row.alive) {
        const double to_restart = restart ? restart[v] : uniform;
        const double to_goal = goal ? goal[v] : to_restart;
        const double followed = row.length > long_row ? long_sums[v]
                                                      : row_sum(neighbors, weights, share, row.begin,
                                                                row.begin + row.length, 1);
        const double value =
            damping * (followed + dangling_rank * to_goal) + (1 - damping) * to_restart;
        changed += fabs(value - score[v]);
        if (!(factor[v] > 0)) dangles += value;
        score[v] = value;
        next_share[v] = value * factor[v];
      }
    }
    change[LOCAL_ITEM] = changed;
    dangling[LOCAL_ITEM] = dangles;
    BARRIER();
    for (uint32_t width = GROUP_SIZE / 2; width > 0; width /= 2) {
      if (LOCAL_ITEM < width) {
        change[LOCAL_ITEM] += change[LOCAL_ITEM + width];
        dangling[LOCAL_ITEM] += dangling[LOCAL_ITEM + width];
      }
      BARRIER();
    }
    if (LOCAL_ITEM == 0) {
      partial[2 * b] = change[0];
      partial[2 * b + 1] = dangling[0];
    }
    BARRIER();
  }
}

/* One work-group: the blocks' sums into the state. */
KERNEL(close_iteration)(GLOBAL const double *RESTRICT partial, int64_t blocks,
                        GLOBAL double *RESTRICT state, double enough) {
  LOCAL_ARRAY(double, change, GROUP_SIZE);
  LOCAL_ARRAY(double, dangling, GROUP_SIZE);
  const int32_t running = state[3] == 0;
  double changed = 0, dangles = 0;
  FOR_LOCAL_ITEMS(b, 0, blocks) {
    changed += partial[2 * b];
    dangles += partial[2 * b + 1];
  }
  change[LOCAL_ITEM] = changed;
  dangling[LOCAL_ITEM] = dangles;
  BARRIER();
  for (uint32_t width = GROUP_SIZE / 2; width > 0; width /= 2) {
    if (LOCAL_ITEM < width) {
      change[LOCAL_ITEM] += change[LOCAL_ITEM + width];
      dangling[LOCAL_ITEM] += dangling[LOCAL_ITEM + width];
    }
    BARRIER();
  }
  if (LOCAL_ITEM == 0 && running) {
    state[0] = change[0];
    state[1] = dangling[0];
    state[2] += 1;
    state[3] = change[0] < enough ? 1 : 0;
  }
}
