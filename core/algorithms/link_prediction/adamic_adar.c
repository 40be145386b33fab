/* adamic_adar.c: front door of Adamic-Adar index of pairs. */
#include <gli/algorithms/adamic_adar.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const char *const aliases[] = {"adamic_adar_index", NULL};

static const gli_parameter parameters[] = {
    {.name = "pairs",
     .type = GLI_PARAMETER_PAIRS,
     .offset = offsetof(gli_adamic_adar_options, pairs),
     .help = "Pairs of nodes; without them the ends of every edge."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "At least 0."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "First node of the pair."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "Second node of the pair."},
};

const gli_algorithm gli__algorithm_adamic_adar = {
    .struct_size = sizeof(gli_algorithm),
    .name = "adamic_adar",
    .family = "link_prediction",
    .aliases = aliases,
    .summary =
        "Common neighbours, each counting one over the logarithm of its degree, for pairs of "
        "nodes.",
    .description =
        "Directions are dropped and parallel edges count once. The degree is the number of "
        "neighbours, a self-loop counting two; the logarithm is the natural one. The two nodes of"
        " a pair are never common neighbours. A pair of a node with itself counts all its "
        "neighbours, of which those of degree 1, whose logarithm is 0, count nothing. Without "
        "`pairs`: the ends of every edge. A pair that comes twice is answered once."
        "\n\nCost: for each pair the smaller degree, times a logarithm where the degrees differ "
        "much.",
    .reference = "Adamic and Adar 2003, doi:10.1016/S0378-8733(03)00009-1",
    .networkx = "adamic_adar_index",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_adamic_adar_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_adamic_adar(gli_snapshot *snapshot, const gli_adamic_adar_options *options,
                           const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_adamic_adar, snapshot, options, control, result_out,
                           error);
}
