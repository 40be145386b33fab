/* circular_layout.c: front door of circular layout. */
#include <gli/algorithms/circular_layout.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "algorithms/drawing/parameters.h"

static const gli_parameter parameters[] = {
    {.name = "scale",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_circular_layout_options, scale),
     .number_default = 1,
     .minimum = 0,
     .maximum = 1e100,
     .open_minimum = true,
     .help = "The radius."},
};

const gli_algorithm gli__algorithm_circular_layout = {
    .struct_size = sizeof(gli_algorithm),
    .name = "circular_layout",
    .family = "drawing",
    .summary = "Places on a circle, in the order of the nodes.",
    .description =
        "The first node stands at (scale, 0), the others follow against the clock at equal "
        "angles; a single node stands in the centre. Edges play no part. As an array: "
        "`numpy.column_stack([result.x, result.y])`."
        "\n\nCost O(n).",
    .reference = "NetworkX's circular_layout",
    .networkx = "circular_layout",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_circular_layout_options),
    .columns = gli__layout_columns,
    .column_count = GLI__COUNT_OF(gli__layout_columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_circular_layout(gli_snapshot *snapshot, const gli_circular_layout_options *options,
                               const gli_control *control, gli_result **result_out,
                               gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_circular_layout, snapshot, options, control, result_out,
                           error);
}
