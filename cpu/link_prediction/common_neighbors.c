/* common_neighbors.c: pairs.c and measures.c do the work. */
#include <gli/algorithms/common_neighbors.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/measures.h"

gli_status gli__cpu_common_neighbors(gli_run *run, gli_snapshot *snapshot, const void *options,
                                     gli_result *result, gli_error *error) {
  const gli_common_neighbors_options *given = options;
  return gli__measure_pairs(run, snapshot, &given->pairs, GLI__COMMON_NEIGHBORS, result, error);
}
