/* blocks.h: for the tests of bridges, articulation_points and biconnected_components. */
#ifndef TESTS_ALGORITHMS_BLOCKS_H
#define TESTS_ALGORITHMS_BLOCKS_H

#include "algorithms/support.h"

static inline const uint8_t *bools(const gli_result *result, const char *name) {
  gli_column column;
  cr_assert_eq(gli_result_column(result, name, &column, NULL), GLI_OK);
  cr_assert_eq(column.type, GLI_COLUMN_BOOL);
  return column.data;
}

/* Whether `from` reaches `to` without the edge `no_edge` and the node `no_node` (-1: none). */
static inline bool joined(const gli_snapshot *snapshot, int32_t from, int32_t to, int64_t no_edge,
                          int32_t no_node) {
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  bool *reached = calloc((size_t)gli_snapshot_node_limit(snapshot) + 1, 1);
  reached[from] = true;
  for (bool again = true; again;) {
    again = false;
    for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
      if (e == no_edge || !gli_bit(gli_snapshot_edge_bits(snapshot), e)) continue;
      if (sources[e] == no_node || targets[e] == no_node) continue;
      if (reached[sources[e]] == reached[targets[e]]) continue;
      reached[sources[e]] = reached[targets[e]] = again = true;
    }
  }
  const bool answer = reached[to];
  free(reached);
  return answer;
}

/* Two triangles that share node 2, a doubled edge 4 - 5, a bridge 5 - 6, a loop, an isolated 7. */
static const pair small_blocks[] = {{5, 6}, {0, 1}, {1, 2}, {2, 0}, {2, 3},
                                    {3, 4}, {4, 2}, {4, 5}, {5, 4}, {6, 6}};

#endif
