/* preferential_attachment.c: front door of preferential attachment score of pairs. */
#include <gli/algorithms/preferential_attachment.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "pairs",
     .type = GLI_PARAMETER_PAIRS,
     .offset = offsetof(gli_preferential_attachment_options, pairs),
     .help = "Pairs of nodes; without them the ends of every edge."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_INT64, GLI_PER_ROW, "At least 0."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "First node of the pair."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "Second node of the pair."},
};

const gli_algorithm gli__algorithm_preferential_attachment = {
    .struct_size = sizeof(gli_algorithm),
    .name = "preferential_attachment",
    .family = "link_prediction",
    .summary = "The product of the degrees of the two nodes of a pair.",
    .description =
        "Directions are dropped and parallel edges count once. The degree is the number of "
        "neighbours, a self-loop counting two. Without `pairs`: the ends of every edge. A pair "
        "that comes twice is answered once."
        "\n\nCost O(1) a pair.",
    .reference = "Liben-Nowell and Kleinberg 2007, doi:10.1002/asi.20591",
    .networkx = "preferential_attachment",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_preferential_attachment_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_preferential_attachment(gli_snapshot *snapshot,
                                       const gli_preferential_attachment_options *options,
                                       const gli_control *control, gli_result **result_out,
                                       gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_preferential_attachment, snapshot, options, control,
                           result_out, error);
}
