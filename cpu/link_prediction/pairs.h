/* pairs.h: the pairs of nodes that a similarity is asked for. */
#ifndef GLI_CPU_LINK_PREDICTION_PAIRS_H
#define GLI_CPU_LINK_PREDICTION_PAIRS_H

#include "cpu/common.h"

/* The given pairs or, where none were given, the ends of every live edge; in order, repeats
 * dropped. Scratch of the run, with room for one more. */
gli_status gli__pairs_collect(gli_run *run, gli_snapshot *snapshot, const gli_pair_list *given,
                              int32_t **sources_out, int32_t **targets_out, int64_t *count_out,
                              gli_error *error);

#endif
