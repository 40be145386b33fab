/* bfs_edges.c: front door of the breadth-first tree in order. */
#include <gli/algorithms/bfs_edges.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_bfs_edges_options, source),
     .help = "Where to start: one node, or several as if one led to them in order."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_bfs_edges_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
    {.name = "max_depth",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_bfs_edges_options, max_depth),
     .number_default = INT32_MAX,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Go no further than this many hops."},
};

static const gli_column_info columns[] = {
    {"edge", GLI_COLUMN_EDGE, GLI_PER_ROW, "The edge over which a node is discovered."},
    {"level", GLI_COLUMN_INT64, GLI_PER_ROW, "Hops of the node discovered."},
    {"source", GLI_COLUMN_NODE, GLI_PER_ROW, "Where the edge comes from."},
    {"target", GLI_COLUMN_NODE, GLI_PER_ROW, "The node discovered."},
};

const gli_algorithm gli__algorithm_bfs_edges = {
    .struct_size = sizeof(gli_algorithm),
    .name = "bfs_edges",
    .family = "traversal",
    .summary = "The edges over which a breadth-first search discovers nodes, in order.",
    .description =
        "Neighbours are tried in the order in which the edges of a node were added, as in "
        "NetworkX; with 'both' first along outgoing edges. Of parallel edges the first. "
        "`list(result)` are the pairs. Where levels are all that is wanted, `bfs` is faster; its "
        "predecessors go by index, not by order.\n\nCost O(n + m), serial.",
    .reference = "Moore 1959, The shortest path through a maze",
    .networkx = "bfs_edges",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_bfs_edges_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_bfs_edges(gli_snapshot *snapshot, const gli_bfs_edges_options *options,
                         const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_bfs_edges, snapshot, options, control, result_out,
                           error);
}
