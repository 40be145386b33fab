/* minimum_spanning_forest.c: front door of spanning forests. */
#include <gli/algorithms/minimum_spanning_forest.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_minimum_spanning_forest_options, weight),
     .minimum = -INFINITY,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Edge attribute that is added up; without it each edge weighs 1."},
    {.name = "maximum",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_minimum_spanning_forest_options, maximum),
     .number_default = 0,
     .help = "The forest of largest total weight instead."},
};

static const gli_column_info columns[] = {
    {"in_forest", GLI_COLUMN_BOOL, GLI_PER_EDGE, "Whether the edge belongs to the forest."},
    {"total_weight", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Sum of the forest's weights."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many edges the forest has."},
};

static const char *const aliases[] = {"minimum_spanning_tree", NULL};

const gli_algorithm gli__algorithm_minimum_spanning_forest = {
    .struct_size = sizeof(gli_algorithm),
    .name = "minimum_spanning_forest",
    .family = "tree",
    .aliases = aliases,
    .summary = "The edges of least total weight that hold every component together.",
    .description =
        "One tree per component. Directions are ignored, self-loops never belong to the forest, "
        "of parallel edges at most one does. Edges without the weight attribute weigh 1; weights "
        "may be negative, but must be finite. Of edges of equal weight the one with the smaller "
        "slot (the one added first) is preferred, for the maximum as well, so that the forest is "
        "unique. The empty graph has the empty forest.\n\n"
        "Boruvka's rounds on a list of edges that shrinks, parallel. Cost O(m log n), O(n + m) "
        "on most graphs.",
    .reference = "Boruvka 1926; Bader and Cong 2006, doi:10.1016/j.jpdc.2006.06.001",
    .networkx = "minimum_spanning_edges",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_minimum_spanning_forest_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_minimum_spanning_forest(gli_snapshot *snapshot,
                                       const gli_minimum_spanning_forest_options *options,
                                       const gli_control *control, gli_result **result_out,
                                       gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_minimum_spanning_forest, snapshot, options, control,
                           result_out, error);
}
