/* biconnected_components.c: front door of biconnected components. */
#include <gli/algorithms/biconnected_components.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"component", GLI_COLUMN_INT64, GLI_PER_EDGE,
     "Number of the edge's block, from 0 in the order of their first edges; -1 for self-loops."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many blocks there are."},
};

static const char *const aliases[] = {"blocks", NULL};

const gli_algorithm gli__algorithm_biconnected_components = {
    .struct_size = sizeof(gli_algorithm),
    .name = "biconnected_components",
    .family = "components",
    .aliases = aliases,
    .summary = "Which edges lie on a common cycle: the blocks of the graph.",
    .description =
        "Every edge belongs to one block: two edges to the same if a cycle without repeated "
        "nodes holds both. A bridge is a block of its own; so are parallel edges between two "
        "nodes that nothing else joins. Nodes where blocks meet are the articulation points. "
        "Directions are ignored; a self-loop belongs to no block: -1. An isolated node lies in "
        "none. The empty graph has none.\n\n"
        "Numbers are given in the order of the blocks' first edges. One depth-first search "
        "without recursion, on one thread. Cost O(n + m).",
    .reference = "Hopcroft and Tarjan 1973, doi:10.1145/362248.362272",
    .networkx = "biconnected_component_edges",
    .options_size = sizeof(gli_biconnected_components_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_biconnected_components(gli_snapshot *snapshot,
                                      const gli_biconnected_components_options *options,
                                      const gli_control *control, gli_result **result_out,
                                      gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_biconnected_components, snapshot, options, control,
                           result_out, error);
}
