/* maximal_matching.c: front door of maximal matchings. */
#include <gli/algorithms/maximal_matching.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_maximal_matching_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the random order of the edges."},
};

static const gli_column_info columns[] = {
    {"in_matching", GLI_COLUMN_BOOL, GLI_PER_EDGE, "Whether the edge is in the matching."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many edges are in the matching."},
};

const gli_algorithm gli__algorithm_maximal_matching = {
    .struct_size = sizeof(gli_algorithm),
    .name = "maximal_matching",
    .family = "matching",
    .summary = "Edges of which no two meet, and to which none can be added.",
    .description =
        "Directions are ignored, self-loops are never taken, of parallel edges at most one is. "
        "The matching is maximal, not the largest there is, of which it has at least half the "
        "edges. Another seed gives another matching. The empty graph has the empty matching.\n\n"
        "What going through the edges in a random order finds, in parallel. Cost O(n + m) in "
        "practice.",
    .reference = "Blelloch, Fineman and Shun 2012, doi:10.1145/2312005.2312058",
    .networkx = "maximal_matching",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_maximal_matching_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_maximal_matching(gli_snapshot *snapshot, const gli_maximal_matching_options *options,
                                const gli_control *control, gli_result **result_out,
                                gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_maximal_matching, snapshot, options, control, result_out,
                           error);
}
