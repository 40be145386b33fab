/* cosine.c: pairs.c and measures.c do the work. */
#include <gli/algorithms/cosine.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/measures.h"

gli_status gli__cpu_cosine(gli_run *run, gli_snapshot *snapshot, const void *options,
                           gli_result *result, gli_error *error) {
  const gli_cosine_options *given = options;
  return gli__measure_pairs(run, snapshot, &given->pairs, GLI__COSINE, result, error);
}
