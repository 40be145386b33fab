/* spring_layout.c: front door of spring layout. */
#include <gli/algorithms/spring_layout.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "algorithms/drawing/parameters.h"

static const char *const aliases[] = {"fruchterman_reingold_layout", NULL};

static const gli_parameter parameters[] = {
    {.name = "k",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_spring_layout_options, k),
     .minimum = 0,
     .maximum = 1e100,
     .help = "Wanted length of edges; 0 is one over the root of the number of nodes."},
    {.name = "iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_spring_layout_options, iterations),
     .number_default = 50,
     .minimum = 0,
     .maximum = INT32_MAX,
     .help = "Steps at the most."},
    {.name = "threshold",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_spring_layout_options, threshold),
     .number_default = 1e-4,
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Stop where a step moves the nodes by less than this, per node."},
    GLI__LAYOUT_FORCES(gli_spring_layout_options),
    {.name = "scale",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_spring_layout_options, scale),
     .number_default = 1,
     .minimum = 0,
     .maximum = 1e100,
     .open_minimum = true,
     .help = "The largest coordinate."},
    GLI__LAYOUT_START(gli_spring_layout_options),
};

const gli_algorithm gli__algorithm_spring_layout = {
    .struct_size = sizeof(gli_algorithm),
    .name = "spring_layout",
    .family = "drawing",
    .aliases = aliases,
    .summary =
        "Places by springs: edges pull their ends together, all nodes push each other away "
        "(Fruchterman-Reingold).",
    .description =
        "With d the distance of two nodes, at least 0.01, they push each other away by k^2 / "
        "d, and an edge pulls its ends together by d^2 / k times its weight; parallel edges "
        "add up, directions and self-loops do not matter. A node goes in the direction of its"
        " force by the temperature, which falls linearly from a tenth of the starting square "
        "to nearly 0; the layout ends early where a step is shorter than the threshold per "
        "node. At last the mean goes to 0 and the largest coordinate becomes scale. With "
        "`theta` 0 this is NetworkX's spring_layout with method=\"force\", step by step; "
        "there a directed edge pulls its source alone. Larger `theta` puts far nodes together"
        " (Barnes and Hut). Nodes that start in the same place stay together. As an array: "
        "`numpy.column_stack([result.x, result.y])`."
        "\n\nCost O(m + n log n) per step with the default theta (forces within about 1 %), "
        "parallel.",
    .reference =
        "Fruchterman and Reingold 1991, doi:10.1002/spe.4380211102; Barnes and Hut 1986, "
        "doi:10.1038/324446a0",
    .networkx = "spring_layout",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_spring_layout_options),
    .columns = gli__layout_columns,
    .column_count = GLI__COUNT_OF(gli__layout_columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_spring_layout(gli_snapshot *snapshot, const gli_spring_layout_options *options,
                             const gli_control *control, gli_result **result_out,
                             gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_spring_layout, snapshot, options, control, result_out,
                           error);
}
