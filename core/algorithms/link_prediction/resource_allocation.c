/* resource_allocation.c: front door of resource allocation index of pairs. */
#include <gli/algorithms/resource_allocation.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const char *const aliases[] = {"resource_allocation_index", NULL};

static const gli_parameter parameters[] = {
    {.name = "pairs",
     .type = GLI_PARAMETER_PAIRS,
     .offset = offsetof(gli_resource_allocation_options, pairs),
     .help = "Pairs of nodes; without them the ends of every edge."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "At least 0."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "First node of the pair."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "Second node of the pair."},
};

const gli_algorithm gli__algorithm_resource_allocation = {
    .struct_size = sizeof(gli_algorithm),
    .name = "resource_allocation",
    .family = "link_prediction",
    .aliases = aliases,
    .summary = "Common neighbours, each counting one over its degree, for pairs of nodes.",
    .description =
        "Directions are dropped and parallel edges count once. The degree is the number of "
        "neighbours, a self-loop counting two. The two nodes of a pair are never common "
        "neighbours. Without `pairs`: the ends of every edge. A pair that comes twice is answered"
        " once."
        "\n\nCost: for each pair the smaller degree, times a logarithm where the degrees differ "
        "much.",
    .reference = "Zhou, Lue and Zhang 2009, doi:10.1140/epjb/e2009-00335-8",
    .networkx = "resource_allocation_index",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_resource_allocation_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_resource_allocation(gli_snapshot *snapshot,
                                   const gli_resource_allocation_options *options,
                                   const gli_control *control, gli_result **result_out,
                                   gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_resource_allocation, snapshot, options, control,
                           result_out, error);
}
