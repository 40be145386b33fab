/* katz_centrality.cl: one iteration after the row sums.
 *
 * state: rounds.h. [0] change of the last iteration, [2] iterations, [3] 1 once the change was small
 * enough or no number any more: launches after that do nothing. */
KERNEL(update)(GLOBAL const row_record *RESTRICT rows, GLOBAL const double *RESTRICT sums,
               GLOBAL double *RESTRICT score, GLOBAL double *RESTRICT changes,
               GLOBAL const double *RESTRICT state, int64_t count, double alpha, double beta) {
  if (state[3] != 0) return;
  FOR_ITEMS(v, count) {
    const double value = rows[v].alive ? alpha * sums[v] + beta : 0;
    changes[v] = fabs(value - score[v]);
    score[v] = value;
  }
}

KERNEL(close_iteration)(GLOBAL const double *RESTRICT change, GLOBAL double *RESTRICT state,
                        double enough) {
  FOR_ITEMS(i, 1) {
    if (state[3] != 0) continue;
    state[0] = change[i];
    state[2] += 1;
    state[3] = change[i] >= enough ? 0 : 1;
  }
}
