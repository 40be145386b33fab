/* common_neighbors.c: front door of common neighbours of pairs. */
#include <gli/algorithms/common_neighbors.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "pairs",
     .type = GLI_PARAMETER_PAIRS,
     .offset = offsetof(gli_common_neighbors_options, pairs),
     .help = "Pairs of nodes; without them the ends of every edge."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_INT64, GLI_PER_ROW, "How many."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "First node of the pair."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "Second node of the pair."},
};

const gli_algorithm gli__algorithm_common_neighbors = {
    .struct_size = sizeof(gli_algorithm),
    .name = "common_neighbors",
    .family = "link_prediction",
    .summary = "How many neighbours the two nodes of a pair have in common.",
    .description =
        "Directions are dropped and parallel edges count once. The two nodes themselves are never"
        " common neighbours. Without `pairs`: the ends of every edge. A pair that comes twice is "
        "answered once."
        "\n\nCost: for each pair the smaller degree, times a logarithm where the degrees differ "
        "much.",
    .reference = "Newman 2001, doi:10.1103/PhysRevE.64.025102",
    .networkx = "common_neighbors",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_common_neighbors_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_common_neighbors(gli_snapshot *snapshot, const gli_common_neighbors_options *options,
                                const gli_control *control, gli_result **result_out,
                                gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_common_neighbors, snapshot, options, control, result_out,
                           error);
}
