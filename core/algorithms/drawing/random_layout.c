/* random_layout.c: front door of random layout. */
#include <gli/algorithms/random_layout.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "algorithms/drawing/parameters.h"

static const gli_parameter parameters[] = {
    GLI__LAYOUT_SEED(gli_random_layout_options),
};

const gli_algorithm gli__algorithm_random_layout = {
    .struct_size = sizeof(gli_algorithm),
    .name = "random_layout",
    .family = "drawing",
    .summary = "Random places in the unit square.",
    .description =
        "Each coordinate is uniform in [0, 1), from a random stream of each node. Edges play "
        "no part. Layouts by forces start here. As an array: `numpy.column_stack([result.x, "
        "result.y])`."
        "\n\nCost O(n), parallel.",
    .reference = "NetworkX's random_layout, whose numbers are others",
    .networkx = "random_layout",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_random_layout_options),
    .columns = gli__layout_columns,
    .column_count = GLI__COUNT_OF(gli__layout_columns),
    .agreement = GLI_EXACT,
};

gli_status gli_random_layout(gli_snapshot *snapshot, const gli_random_layout_options *options,
                             const gli_control *control, gli_result **result_out,
                             gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_random_layout, snapshot, options, control, result_out,
                           error);
}
