/* blocks.h: the search behind bridges, articulation_points and biconnected_components. */
#ifndef GLI_CPU_COMPONENTS_BLOCKS_H
#define GLI_CPU_COMPONENTS_BLOCKS_H

#include "cpu/common.h"

#define GLI__NO_SLOT UINT32_MAX

/* What one depth-first search tells; scratch of the run, per node. */
typedef struct gli__blocks {
  uint32_t *seen;  /* when the node was entered, from 1; 0: a hole */
  uint32_t *low;   /* the smallest `seen` that its subtree has an edge to, but for the edge above */
  uint32_t *above; /* slot of the edge by which it was entered; GLI__NO_SLOT for roots */
  int32_t *block;  /* the block of that edge; -1 for roots */
  uint8_t *cut;    /* whether it is an articulation point */
  int64_t block_count;
} gli__blocks;

/* Directions are ignored. */
gli_status gli__cpu_find_blocks(gli_run *run, gli_snapshot *snapshot, gli__blocks *blocks_out,
                                gli_error *error);

/* Only the edge above leads from the subtree of `node` to the rest. */
static inline bool gli__cpu_hangs_on_bridge(const gli__blocks *blocks, int64_t node) {
  return blocks->seen[node] != 0 && blocks->above[node] != GLI__NO_SLOT &&
         blocks->low[node] == blocks->seen[node];
}

#endif
