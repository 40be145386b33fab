/* transitivity.c: front door of transitivity. */
#include <gli/algorithms/transitivity.h>

#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"transitivity", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Between 0 and 1."},
};

const gli_algorithm gli__algorithm_transitivity = {
    .struct_size = sizeof(gli_algorithm),
    .name = "transitivity",
    .family = "cluster",
    .summary = "Which share of the connected triples of nodes is closed to triangles.",
    .description =
        "Three times the number of triangles over the number of triples; 0 where there is no "
        "triple. Directions, self-loops and parallel edges are ignored.\n\nCost as triangle_count.",
    .reference = "Wasserman and Faust 1994, Social Network Analysis",
    .networkx = "transitivity",
    .options_size = sizeof(gli_transitivity_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_EXACT,
};

gli_status gli_transitivity(gli_snapshot *snapshot, const gli_transitivity_options *options,
                            const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_transitivity, snapshot, options, control, result_out,
                           error);
}
