/* eccentricity.c: all of them, and who stands at the extremes; see eccentricities.c. */
#include <gli/algorithms/eccentricity.h>

#include "cpu/common.h"
#include "cpu/kernels.h"
#include "cpu/shortest_paths/eccentricities.h"

gli_status gli__cpu_eccentricity(gli_run *run, gli_snapshot *snapshot, const void *options,
                                 gli_result *result, gli_error *error) {
  const gli_eccentricity_options *given = options;
  gli__eccentricities found = {.wanted = GLI__ALL_EXTENTS};
  void *eccentricity = NULL, *center = NULL, *periphery = NULL, *diameter = NULL, *radius = NULL;
  gli_status status = gli_result_add_column(result, "eccentricity", GLI_COLUMN_FLOAT64,
                                            GLI_PER_NODE, 0, &eccentricity, error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "center", GLI_COLUMN_BOOL, GLI_PER_NODE, 0, &center, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "periphery", GLI_COLUMN_BOOL, GLI_PER_NODE, 0,
                                   &periphery, error);
  if (status == GLI_OK)
    status = gli_result_add_column(result, "diameter", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0, &diameter,
                                   error);
  if (status == GLI_OK)
    status =
        gli_result_add_column(result, "radius", GLI_COLUMN_FLOAT64, GLI_SCALAR, 0, &radius, error);
  if (status != GLI_OK) return status;
  found.eccentricity = eccentricity;
  status = gli__cpu_eccentricities(run, snapshot, given->weight, given->direction, &found, error);
  if (status != GLI_OK) return status;
  *(double *)diameter = found.diameter;
  *(double *)radius = found.radius;
  const uint64_t *bits = gli_snapshot_node_bits(snapshot);
  for (int32_t v = 0; v < gli_snapshot_node_limit(snapshot); v++) {
    if (gli_bit(bits, v)) {
      ((uint8_t *)center)[v] = found.eccentricity[v] == found.radius;
      ((uint8_t *)periphery)[v] = found.eccentricity[v] == found.diameter;
    } else {
      found.eccentricity[v] = 0;
    }
  }
  return gli_run_check(run, error);
}
