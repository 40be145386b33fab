/* diameter.c: by the shared search for the extremes; see eccentricities.c. */
#include <gli/algorithms/diameter.h>

#include "cpu/kernels.h"
#include "cpu/shortest_paths/eccentricities.h"

gli_status gli__cpu_diameter(gli_run *run, gli_snapshot *snapshot, const void *options,
                             gli_result *result, gli_error *error) {
  const gli_diameter_options *given = options;
  gli__eccentricities found = {.wanted = GLI__DIAMETER};
  void *diameter = NULL;
  gli_status status = gli_result_add_column(result, "diameter", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0,
                                            &diameter, error);
  if (status == GLI_OK)
    status = gli__cpu_eccentricities(run, snapshot, given->weight, given->direction, &found, error);
  if (status == GLI_OK) *(double *)diameter = found.diameter;
  return status;
}
