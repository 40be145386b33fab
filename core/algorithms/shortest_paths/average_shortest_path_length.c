/* average_shortest_path_length.c: front door of the mean distance between nodes. */
#include <gli/algorithms/average_shortest_path_length.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_average_shortest_path_length_options, weight),
     .minimum = 0,
     .maximum = (double)INFINITY,
     .help = "Edge attribute with the length of an edge; without it each counts 1."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_average_shortest_path_length_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
};

static const gli_column_info columns[] = {
    {"average_shortest_path_length", GLI_COLUMN_FLOAT64, GLI_SCALAR, "The mean distance."},
};

const gli_algorithm gli__algorithm_average_shortest_path_length = {
    .struct_size = sizeof(gli_algorithm),
    .name = "average_shortest_path_length",
    .family = "shortest_paths",
    .summary = "The mean of the distances from every node to every other.",
    .description =
        "Infinite when some node cannot reach some other, as distances are (NetworkX raises "
        "there); 0 with fewer than two nodes. An edge of infinite weight is never part of a "
        "path.\n\n"
        "Without weights 64 breadth-first searches at a time, O(n (n + m) / 64) at worst; with "
        "weights Dijkstra's algorithm from each node. Parallel.",
    .reference = "Then et al. 2014, doi:10.14778/2735496.2735507",
    .networkx = "average_shortest_path_length",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_average_shortest_path_length_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_average_shortest_path_length(gli_snapshot *snapshot,
                                            const gli_average_shortest_path_length_options *options,
                                            const gli_control *control, gli_result **result_out,
                                            gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_average_shortest_path_length, snapshot, options, control,
                           result_out, error);
}
