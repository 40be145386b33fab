/* edge_list.h: a list of edges that shrinks from round to round, for kernels that decide edges.
 *
 * The list is cut into blocks of fixed places. Whoever works on a block drops edges from it in
 * place, so that no round moves edges between blocks, and entries keep the order of their slots:
 * the smaller of two places is the smaller of two slots. */
#ifndef GLI_CPU_EDGE_LIST_H
#define GLI_CPU_EDGE_LIST_H

#include "cpu/common.h"

enum { GLI__EDGE_BLOCK = 1 << 14 };

typedef struct gli__edge_entry {
  int32_t source, target;
  uint32_t slot;
  uint32_t rank; /* smaller comes first; ties by place */
} gli__edge_entry;

typedef struct gli__edge_list {
  gli__edge_entry *entries; /* [edge_limit] */
  int32_t *lengths;         /* [block_count] */
  int64_t block_count;
} gli__edge_list;

typedef struct gli__edge_rank {
  uint32_t (*rank)(const void *context, int64_t slot);
  const void *context;
} gli__edge_rank;

/* All edges of the snapshot that are no loops, with their ranks. Scratch of the run. */
gli_status gli__cpu_list_edges(gli_run *run, gli_snapshot *snapshot, gli__edge_rank ranking,
                               gli__edge_list *list_out, gli_error *error);

/* How many edges are left. */
int64_t gli__cpu_edges_left(const gli__edge_list *list);

#endif
