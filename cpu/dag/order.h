/* order.h: Kahn's order, which topological_sort and is_dag are made of. */
#ifndef GLI_CPU_DAG_ORDER_H
#define GLI_CPU_DAG_ORDER_H

#include <gli/algorithm.h>

typedef struct gli__order {
  int32_t *nodes;      /* [node_count] filled in order */
  int64_t *generation; /* [node_count] beside it; may be NULL */
  int64_t count;       /* out: how many could be ordered; fewer than node_count: there is a cycle */
  int64_t generations; /* out */
  const int32_t
      *waits; /* out: [node_limit] edges that still hold a node back; scratch of the run */
} gli__order;

/* `order` holds its arrays. Directed snapshots only. */
gli_status gli__cpu_order(gli_run *run, gli_snapshot *snapshot, gli__order *order,
                          gli_error *error);

#endif
