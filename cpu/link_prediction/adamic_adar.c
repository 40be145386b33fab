/* adamic_adar.c: pairs.c and measures.c do the work. */
#include <gli/algorithms/adamic_adar.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/measures.h"

gli_status gli__cpu_adamic_adar(gli_run *run, gli_snapshot *snapshot, const void *options,
                                gli_result *result, gli_error *error) {
  const gli_adamic_adar_options *given = options;
  return gli__measure_pairs(run, snapshot, &given->pairs, GLI__ADAMIC_ADAR, result, error);
}
