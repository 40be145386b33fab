/* k_hop.c: front door of the search within k hops. */
#include <gli/algorithms/k_hop.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_k_hop_options, source),
     .help = "Where to start: one node or several, of which the nearest counts."},
    {.name = "k",
     .type = GLI_PARAMETER_INT,
     .required = true,
     .offset = offsetof(gli_k_hop_options, k),
     .number_default = -1, /* not given: refused by the range */
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "How many hops."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_k_hop_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
};

static const gli_column_info columns[] = {
    {"level", GLI_COLUMN_INT64, GLI_PER_NODE,
     "Hops from the nearest source; -1: farther than k or not reached."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many nodes lie within k hops."},
};

const gli_algorithm gli__algorithm_k_hop = {
    .struct_size = sizeof(gli_algorithm),
    .name = "k_hop",
    .family = "traversal",
    .summary = "The nodes within k hops of the nearest source.",
    .description =
        "The levels of a breadth-first search that stops after k hops, without its tree. Sources "
        "are included, at level 0. Cost O(n) for the column, plus the rows of the nodes within "
        "k - 1 hops.",
    .reference = "Moore 1959, The shortest path through a maze",
    .networkx = "single_source_shortest_path_length",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_k_hop_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_k_hop(gli_snapshot *snapshot, const gli_k_hop_options *options,
                     const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_k_hop, snapshot, options, control, result_out, error);
}
