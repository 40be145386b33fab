/* partition.h: a partition of the nodes that the caller gives, as labels. */
#ifndef GLI_CPU_COMMUNITY_PARTITION_H
#define GLI_CPU_COMMUNITY_PARTITION_H

#include "cpu/common.h"

typedef struct gli__partition {
  int32_t
      *labels; /* [node_limit]: 0, 1, ... in the order of each community's first node; of holes 0 */
  double *names; /* [count]: the number that was given for the community */
  int64_t count;
} gli__partition;

/* Numbers that stand for the same community get the same label. Every live node must have one, or
 * the message says which parameter of which algorithm lacks it. Scratch of the run. */
gli_status gli__partition_labels(gli_run *run, gli_snapshot *snapshot, const char *algorithm,
                                 const char *parameter, const gli_node_weights *given,
                                 gli__partition *partition_out, gli_error *error);

#endif
