/* similar_nodes.c: front door of the most similar nodes. */
#include <gli/algorithms/similar_nodes.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "algorithms/link_prediction/choices.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_similar_nodes_options, source),
     .help = "Whose similar nodes: one node or several; by default of every node."},
    {.name = "k",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_similar_nodes_options, k),
     .number_default = 10,
     .minimum = 1,
     .maximum = INT32_MAX,
     .help = "How many for each source."},
    GLI__SIMILARITY_SCORES(gli_similar_nodes_options),
    {.name = "adjacent",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_similar_nodes_options, adjacent),
     .number_default = 1,
     .help = "Whether nodes that an edge joins count too."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "By the measure; best first for each source."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "The node that was asked for."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "A node that is similar to it."},
};

const gli_algorithm gli__algorithm_similar_nodes = {
    .struct_size = sizeof(gli_algorithm),
    .name = "similar_nodes",
    .family = "link_prediction",
    .summary = "For every node the k most similar of the nodes that share a neighbour with it.",
    .description =
        "The score of a pair is what the algorithm named by `measure` gives it; directions are "
        "dropped. Ties go to the node that comes first. With `adjacent=False` only nodes that no "
        "edge joins to the source: where a link may be missing. A source without candidates has "
        "no row.\n\nCost O(sum over edges of the degrees of both ends), memory 16 bytes a row and "
        "12 bytes per node and thread.",
    .reference = GLI__SIMILARITY_REFERENCE,
    .networkx = "",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_similar_nodes_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_similar_nodes(gli_snapshot *snapshot, const gli_similar_nodes_options *options,
                             const gli_control *control, gli_result **result_out,
                             gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_similar_nodes, snapshot, options, control, result_out,
                           error);
}
