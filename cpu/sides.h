/* sides.h: all edges at a node, whatever their direction: one row in an undirected graph, the out
 * and the in row in a directed one. */
#ifndef GLI_CPU_SIDES_H
#define GLI_CPU_SIDES_H

#include "cpu/common.h"

typedef struct gli__sides {
  gli_rows rows[2];
  int count; /* 1 or 2 */
} gli__sides;

static inline gli_status gli__cpu_sides(gli_snapshot *snapshot, gli__sides *sides_out,
                                        gli_error *error) {
  sides_out->rows[0] = gli_snapshot_out_rows(snapshot);
  sides_out->count = 1;
  if (!gli_snapshot_is_directed(snapshot)) return GLI_OK;
  sides_out->count = 2;
  return gli_snapshot_in_rows(snapshot, &sides_out->rows[1], error);
}

static inline int64_t gli__cpu_sides_entries(const gli__sides *sides) {
  return sides->rows[0].entry_count + (sides->count == 2 ? sides->rows[1].entry_count : 0);
}

#endif
