/* sorensen.c: front door of Sorensen-Dice coefficient of pairs. */
#include <gli/algorithms/sorensen.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const char *const aliases[] = {"dice", NULL};

static const gli_parameter parameters[] = {
    {.name = "pairs",
     .type = GLI_PARAMETER_PAIRS,
     .offset = offsetof(gli_sorensen_options, pairs),
     .help = "Pairs of nodes; without them the ends of every edge."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "Between 0 and 1."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "First node of the pair."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "Second node of the pair."},
};

const gli_algorithm gli__algorithm_sorensen = {
    .struct_size = sizeof(gli_algorithm),
    .name = "sorensen",
    .family = "link_prediction",
    .aliases = aliases,
    .summary =
        "Twice the common neighbours over the summed numbers of neighbours, for pairs of nodes.",
    .description =
        "Directions are dropped and parallel edges count once. A self-loop makes a node its own "
        "neighbour, but the two nodes of a pair are never common neighbours. 0 where neither node"
        " has a neighbour. Without `pairs`: the ends of every edge. A pair that comes twice is "
        "answered once."
        "\n\nCost: for each pair the smaller degree, times a logarithm where the degrees differ "
        "much.",
    .reference = "Dice 1945, doi:10.2307/1932409; Sorensen 1948",
    .networkx = "",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_sorensen_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_sorensen(gli_snapshot *snapshot, const gli_sorensen_options *options,
                        const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_sorensen, snapshot, options, control, result_out, error);
}
