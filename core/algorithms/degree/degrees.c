/* degrees.c: front door of degrees and strengths. */
#include <gli/algorithms/degrees.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_degrees_options, direction),
     .text_default = "both",
     .choices = gli__directions,
     .help = "Which edges count; in an undirected graph all do."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_degrees_options, weight),
     .minimum = (double)-INFINITY,
     .maximum = (double)INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Edge attribute to add up instead of counting edges."},
};

static const gli_column_info columns[] = {
    {"degree", GLI_COLUMN_INT64, GLI_PER_NODE, "Number of edge ends; when no weight is given."},
    {"strength", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Sum of the weights; when a weight is given."},
};

const gli_algorithm gli__algorithm_degrees = {
    .struct_size = sizeof(gli_algorithm),
    .name = "degrees",
    .family = "degree",
    .summary = "Degrees: how many edge ends lie at every node, or the sum of their weights.",
    .description =
        "Parallel edges count each. A self-loop counts once out and once in, so 2 in an undirected "
        "graph and in 'both'. Cost O(n + m); O(n) for the out degrees of a directed graph.",
    .reference = "Diestel, Graph Theory, section 1.2",
    .networkx = "degree",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_degrees_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_degrees(gli_snapshot *snapshot, const gli_degrees_options *options,
                       const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_degrees, snapshot, options, control, result_out, error);
}
