/* random_layout.c: front door of random layout. */
#include <gli/algorithms/random_layout.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_random_layout_options, seed),
     .maximum = 0x1p53,
     .help = "The same places for the same seed, on any number of threads."},
};

static const gli_column_info columns[] = {
    {"x", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "To the right."},
    {"y", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Upwards."},
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
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_random_layout(gli_snapshot *snapshot, const gli_random_layout_options *options,
                             const gli_control *control, gli_result **result_out,
                             gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_random_layout, snapshot, options, control, result_out,
                           error);
}
