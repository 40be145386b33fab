/* preferential_attachment.c: pairs.c and measures.c do the work. */
#include <gli/algorithms/preferential_attachment.h>

#include "cpu/kernels.h"
#include "cpu/link_prediction/measures.h"

gli_status gli__cpu_preferential_attachment(gli_run *run, gli_snapshot *snapshot,
                                            const void *options, gli_result *result,
                                            gli_error *error) {
  const gli_preferential_attachment_options *given = options;
  return gli__measure_pairs(run, snapshot, &given->pairs, GLI__PREFERENTIAL_ATTACHMENT, result,
                            error);
}
