/* forceatlas2_layout.c: front door of forceatlas2 layout. */
#include <gli/algorithms/forceatlas2_layout.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "algorithms/drawing/parameters.h"

static const char *const aliases[] = {"forceatlas2", NULL};

static const gli_parameter parameters[] = {
    {.name = "iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_forceatlas2_layout_options, iterations),
     .number_default = 100,
     .minimum = 0,
     .maximum = INT32_MAX,
     .help = "Steps at the most."},
    {.name = "jitter_tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_forceatlas2_layout_options, jitter_tolerance),
     .number_default = 1,
     .minimum = 0,
     .maximum = 1e6,
     .open_minimum = true,
     .help = "How much swinging is put up with: higher is faster and less precise."},
    {.name = "scaling_ratio",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_forceatlas2_layout_options, scaling_ratio),
     .number_default = 2,
     .minimum = 0,
     .maximum = 1e100,
     .help = "Factor of the repulsion: higher spreads the nodes further."},
    {.name = "gravity",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_forceatlas2_layout_options, gravity),
     .number_default = 1,
     .minimum = 0,
     .maximum = 1e100,
     .help = "How strongly nodes are pulled to the middle."},
    {.name = "strong_gravity",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_forceatlas2_layout_options, strong_gravity),
     .help = "Whether gravity grows with the distance."},
    {.name = "distributed_action",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_forceatlas2_layout_options, distributed_action),
     .help = "Whether hubs are pulled less, by their mass."},
    {.name = "linlog",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_forceatlas2_layout_options, linlog),
     .help = "Whether edges pull by the logarithm of their length: tighter clusters."},
    GLI__LAYOUT_FORCES(gli_forceatlas2_layout_options),
    GLI__LAYOUT_START(gli_forceatlas2_layout_options),
};

const gli_algorithm gli__algorithm_forceatlas2_layout = {
    .struct_size = sizeof(gli_algorithm),
    .name = "forceatlas2_layout",
    .family = "drawing",
    .aliases = aliases,
    .summary = "Places by ForceAtlas2: heavy nodes push each other away, edges and gravity pull.",
    .description =
        "A node's mass is its degree plus 1. Two nodes push each other away by scaling_ratio "
        "* mass * mass / d, an edge pulls its ends together by d times its weight, gravity "
        "pulls every node to the mean place by gravity * mass; parallel edges add up, "
        "directions do not matter. Nodes that swing go slower. Nothing is scaled at the end. "
        "With `theta` 0 this is NetworkX's forceatlas2_layout, step by step; there a directed"
        " edge pulls its source alone. Larger `theta` puts far nodes together (Barnes and "
        "Hut). Nodes that start in the same place stay together. As an array: "
        "`numpy.column_stack([result.x, result.y])`."
        "\n\nCost O(m + n log n) per step with the default theta (forces within about 1 %), "
        "parallel.",
    .reference =
        "Jacomy et al. 2014, doi:10.1371/journal.pone.0098679; Barnes and Hut 1986, "
        "doi:10.1038/324446a0",
    .networkx = "forceatlas2_layout",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_forceatlas2_layout_options),
    .columns = gli__layout_columns,
    .column_count = GLI__COUNT_OF(gli__layout_columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_forceatlas2_layout(gli_snapshot *snapshot,
                                  const gli_forceatlas2_layout_options *options,
                                  const gli_control *control, gli_result **result_out,
                                  gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_forceatlas2_layout, snapshot, options, control,
                           result_out, error);
}
