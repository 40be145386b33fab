/* maximal_independent_set.c: front door of maximal independent sets. */
#include <gli/algorithms/maximal_independent_set.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "nodes",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_maximal_independent_set_options, nodes),
     .help = "Nodes that must be in the set."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_maximal_independent_set_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the random order of the nodes."},
};

static const gli_column_info columns[] = {
    {"in_set", GLI_COLUMN_BOOL, GLI_PER_NODE, "Whether the node is in the set."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many nodes are in the set."},
};

const gli_algorithm gli__algorithm_maximal_independent_set = {
    .struct_size = sizeof(gli_algorithm),
    .name = "maximal_independent_set",
    .family = "mis",
    .summary = "Nodes of which no two are neighbours, and to which none can be added.",
    .description =
        "Directions, self-loops and parallel edges make no difference; isolated nodes are in the "
        "set. With `nodes` the set holds these, of which no two may be neighbours. It is "
        "maximal, not the largest there is. Another seed gives another set. The empty graph has "
        "the empty set.\n\n"
        "What going through the nodes in a random order finds, in parallel. Cost O(n + m) in "
        "practice.",
    .reference = "Blelloch, Fineman and Shun 2012, doi:10.1145/2312005.2312058",
    .networkx = "maximal_independent_set",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_maximal_independent_set_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_maximal_independent_set(gli_snapshot *snapshot,
                                       const gli_maximal_independent_set_options *options,
                                       const gli_control *control, gli_result **result_out,
                                       gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_maximal_independent_set, snapshot, options, control,
                           result_out, error);
}
