/* dfs.c: front door of depth-first search. */
#include <gli/algorithms/dfs.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_dfs_options, source),
     .help = "Where to start: one node, or several one after the other; by default every node."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_dfs_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
};

static const gli_column_info columns[] = {
    {"preorder", GLI_COLUMN_INT64, GLI_PER_NODE,
     "Place in the order of entering, from 0; -1: not reached."},
    {"postorder", GLI_COLUMN_INT64, GLI_PER_NODE,
     "Place in the order of leaving, from 0; -1: not reached."},
    {"depth", GLI_COLUMN_INT64, GLI_PER_NODE, "Edges from the root of its tree; -1: not reached."},
    {"predecessor", GLI_COLUMN_NODE, GLI_PER_NODE,
     "The node from which it was entered; none for roots."},
};

const gli_algorithm gli__algorithm_dfs = {
    .struct_size = sizeof(gli_algorithm),
    .name = "dfs",
    .family = "traversal",
    .summary = "Depth-first search: the orders of entering and leaving the nodes, and its tree.",
    .description =
        "Neighbours are tried in the order in which the edges of a node were added, as in "
        "NetworkX; with 'both' first along outgoing edges. A source that an earlier one has "
        "reached is passed over. Without a source the search starts from every node, in node "
        "order.\n\nCost O(n + m), serial.",
    .reference = "Tarjan 1972, doi:10.1137/0201010",
    .networkx = "dfs_preorder_nodes",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_dfs_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_dfs(gli_snapshot *snapshot, const gli_dfs_options *options,
                   const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_dfs, snapshot, options, control, result_out, error);
}
