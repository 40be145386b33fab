/* similar_pairs.c: front door of the most similar pairs. */
#include <gli/algorithms/similar_pairs.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "algorithms/link_prediction/choices.h"

static const gli_parameter parameters[] = {
    GLI__SIMILARITY_SCORES(gli_similar_pairs_options),
    {.name = "max_pairs",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_similar_pairs_options, max_pairs),
     .number_default = 1000000,
     .minimum = 1,
     .maximum = INT32_MAX,
     .help = "At most so many pairs, the best of them."},
    {.name = "adjacent",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_similar_pairs_options, adjacent),
     .number_default = 1,
     .help = "Whether pairs that an edge joins count too."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "By the measure; best first."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "The node of the pair that comes first."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "The other node."},
    {"found", GLI_COLUMN_INT64, GLI_SCALAR, "How many pairs reach the threshold."},
};

const gli_algorithm gli__algorithm_similar_pairs = {
    .struct_size = sizeof(gli_algorithm),
    .name = "similar_pairs",
    .family = "link_prediction",
    .summary = "All pairs of nodes that share a neighbour and are similar enough, best first.",
    .description =
        "The score of a pair is what the algorithm named by `measure` gives it; directions are "
        "dropped, and each pair comes once. Ties go to the pair that comes first. Where more than "
        "`max_pairs` pairs reach the threshold, the best are given, and `found` says how many "
        "there "
        "are. With `adjacent=False` only pairs that no edge joins: the links that may be missing."
        "\n\nCost O(sum over edges of the degrees of both ends), memory up to 112 bytes per pair "
        "that is given, however many are found.",
    .reference = GLI__SIMILARITY_REFERENCE,
    .networkx = "",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_similar_pairs_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_similar_pairs(gli_snapshot *snapshot, const gli_similar_pairs_options *options,
                             const gli_control *control, gli_result **result_out,
                             gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_similar_pairs, snapshot, options, control, result_out,
                           error);
}
