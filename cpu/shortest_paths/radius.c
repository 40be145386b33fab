/* radius.c: by the shared search for the extremes; see eccentricities.c. */
#include <gli/algorithms/radius.h>

#include "cpu/kernels.h"
#include "cpu/shortest_paths/eccentricities.h"

gli_status gli__cpu_radius(gli_run *run, gli_snapshot *snapshot, const void *options,
                           gli_result *result, gli_error *error) {
  const gli_radius_options *given = options;
  gli__eccentricities found = {.wanted = GLI__RADIUS};
  void *radius = NULL;
  gli_status status =
      gli_result_add_column(result, "radius", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0, &radius, error);
  if (status == GLI_OK)
    status = gli__cpu_eccentricities(run, snapshot, given->weight, given->direction, &found, error);
  if (status == GLI_OK) *(double *)radius = found.radius;
  return status;
}
