/* common.h: what most CPU kernels need around gli_run: views of a snapshot and block sizes. */
#ifndef GLI_CPU_COMMON_H
#define GLI_CPU_COMMON_H

#include <gli/algorithm.h>

#include "base/error.h"

/* Rows on the side that `direction` names; for GLI_BOTH the out rows (pair them with the in rows).
 */
static inline gli_status gli__cpu_rows(gli_snapshot *snapshot, gli_direction direction,
                                       gli_rows *rows_out, gli_error *error) {
  if (direction == GLI_IN) return gli_snapshot_in_rows(snapshot, rows_out, error);
  *rows_out = gli_snapshot_out_rows(snapshot);
  return GLI_OK;
}

/* Weights in row order, or NULL where each edge counts 1: no attribute asked for, or no edge. */
static inline gli_status gli__cpu_row_weights(gli_snapshot *snapshot, const char *attribute,
                                              bool in_rows, const double **weights_out,
                                              gli_error *error) {
  *weights_out = NULL;
  if (attribute == NULL || gli_snapshot_edge_count(snapshot) == 0) return GLI_OK;
  return gli_snapshot_row_weights(snapshot, attribute, in_rows, weights_out, error);
}

/* "out", "in" or "both", as a CHOICE parameter holds it; checked before. */
static inline gli_direction gli__cpu_direction(const char *text) {
  return text[0] == 'o' ? GLI_OUT : text[0] == 'i' ? GLI_IN : GLI_BOTH;
}

/* Nodes per block so that a block holds about `entries` row entries: small enough to balance and to
 * be cancelled within milliseconds, large enough to pay for taking it. From the graph alone. */
static inline int64_t gli__cpu_grain(int64_t node_limit, int64_t entry_count, int64_t entries) {
  const int64_t per_node = node_limit == 0 ? 1 : entry_count / node_limit + 1;
  const int64_t grain = entries / per_node;
  return grain < 16 ? 16 : grain;
}

static inline int64_t gli__cpu_block_count(int64_t count, int64_t grain) {
  return (count + grain - 1) / grain;
}

/* int32 scratch per node into an int64 column; holes hold 0. */
gli_status gli__cpu_widen(gli_run *run, const gli_snapshot *snapshot, const int32_t *narrow,
                          int64_t *wide, gli_error *error);

#endif
