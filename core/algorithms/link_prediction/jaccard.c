/* jaccard.c: front door of Jaccard similarity. */
#include <gli/algorithms/jaccard.h>

#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "pairs",
     .type = GLI_PARAMETER_PAIRS,
     .offset = offsetof(gli_jaccard_options, pairs),
     .help = "Pairs of nodes; without them the ends of every edge."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "Between 0 and 1."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "First node of the pair."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "Second node of the pair."},
};

const gli_algorithm gli__algorithm_jaccard = {
    .struct_size = sizeof(gli_algorithm),
    .name = "jaccard",
    .family = "link_prediction",
    .summary = "Common neighbours over all neighbours, for pairs of nodes.",
    .description =
        "Directions are dropped and parallel edges count once. As in NetworkX a self-loop makes a "
        "node its own neighbour, but the two nodes of a pair are never common neighbours. 0 where "
        "neither node has a neighbour. Without `pairs`: the ends of every edge. A pair that comes "
        "twice is answered once.\n\nCost: for each pair the "
        "smaller degree, times a logarithm where the degrees differ much.",
    .reference = "Jaccard 1901, Etude comparative de la distribution florale",
    .networkx = "jaccard_coefficient",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof parameters[0],
    .options_size = sizeof(gli_jaccard_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_EXACT,
};

gli_status gli_jaccard(gli_snapshot *snapshot, const gli_jaccard_options *options,
                       const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_jaccard, snapshot, options, control, result_out, error);
}
