/* shortest_path.c: front door of the path between two nodes. */
#include <gli/algorithms/shortest_path.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_shortest_path_options, source),
     .help = "Where the path starts: one node or several, of which the nearest counts."},
    {.name = "target",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_shortest_path_options, target),
     .help = "Where it ends: one node or several, of which the nearest counts."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_shortest_path_options, weight),
     .minimum = 0,
     .maximum = (double)INFINITY,
     .help = "Edge attribute with the length of an edge; without it each counts 1."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_shortest_path_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
};

static const gli_column_info columns[] = {
    {"node", GLI_COLUMN_NODE, GLI_PER_ROW, "The path's nodes in order; no row: there is no path."},
    {"edge", GLI_COLUMN_EDGE, GLI_PER_ROW, "The edge from this node to the next; -1 for the last."},
    {"length", GLI_COLUMN_FLOAT64, GLI_SCALAR, "The path's length; infinite: there is no path."},
};

static const char *const aliases[] = {"bidirectional_shortest_path", "bidirectional_dijkstra",
                                      NULL};

const gli_algorithm gli__algorithm_shortest_path = {
    .struct_size = sizeof(gli_algorithm),
    .name = "shortest_path",
    .family = "shortest_paths",
    .aliases = aliases,
    .summary = "A shortest path between two nodes, searched for from both ends.",
    .description =
        "`list(result.values())` is the path. From a node to itself: that node, of length 0. "
        "Without a path there is no row and the length is infinite, as distances are (NetworkX "
        "raises). Of several shortest paths one, always the same.\n\n"
        "Breadth-first or, with weights, Dijkstra's algorithm from both ends: each looks at half "
        "the way, which is a fraction of the graph. A directed graph needs its in rows, built once "
        "and kept. Serial.",
    .reference = "Pohl 1971, Bi-directional search; Nicholson 1966, doi:10.1093/comjnl/9.3.275",
    .networkx = "shortest_path",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_shortest_path_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_shortest_path(gli_snapshot *snapshot, const gli_shortest_path_options *options,
                             const gli_control *control, gli_result **result_out,
                             gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_shortest_path, snapshot, options, control, result_out,
                           error);
}
