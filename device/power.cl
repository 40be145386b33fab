/* power.cl: see power.h. state: rounds.h; [0] change, [1] growth, [2] iterations, [3] 1 once the change was
 * small enough: what is launched after that changes nothing that counts. */

KERNEL(start)(GLOBAL const row_record *RESTRICT rows, GLOBAL double *RESTRICT scores, int64_t count,
              double value) {
  FOR_ITEMS(v, count) scores[v] = rows[v].alive ? value : 0;
}

KERNEL(add_own)(GLOBAL double *RESTRICT sums, GLOBAL const double *RESTRICT scores, int64_t count) {
  FOR_ITEMS(v, count) sums[v] += scores[v];
}

KERNEL(square)(GLOBAL const double *RESTRICT sums, GLOBAL double *RESTRICT parts, int64_t count) {
  FOR_ITEMS(v, count) parts[v] = sums[v] * sums[v];
}

/* Of nothing but zeros a sum scales to 0, and a Euclidean length leaves them. */
KERNEL(scale)(GLOBAL const double *RESTRICT sums, GLOBAL const double *RESTRICT total,
              GLOBAL double *RESTRICT scores, GLOBAL double *RESTRICT parts,
              GLOBAL const double *RESTRICT state, int64_t count, double length, int32_t squares) {
  if (state[3] != 0) return;
  FOR_ITEMS(v, count) {
    const double size = squares ? sqrt(total[0]) : total[0];
    const double value = size > 0 ? sums[v] * (length / size) : 0;
    parts[v] = fabs(value - scores[v]);
    scores[v] = value;
  }
}

KERNEL(close_round)(GLOBAL const double *RESTRICT change, GLOBAL const double *RESTRICT total,
                    GLOBAL double *RESTRICT state, double enough) {
  FOR_ITEMS(i, 1) {
    if (state[3] != 0) continue;
    state[0] = change[i];
    state[1] = total[i];
    state[2] += 1;
    state[3] = change[i] < enough ? 1 : 0;
  }
}
