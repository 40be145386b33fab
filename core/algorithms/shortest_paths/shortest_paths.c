/* shortest_paths.c: front door of shortest paths. */
#include <gli/algorithms/shortest_paths.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_shortest_paths_options, source),
     .help = "Where paths start: one node or several, of which the nearest counts."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_shortest_paths_options, weight),
     .minimum = 0,
     .maximum = (double)INFINITY,
     .help = "Edge attribute with the length of an edge; without it each counts 1."},
    {.name = "targets",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_shortest_paths_options, targets),
     .help = "Stop when these are reached: what is farther than the farthest counts as not "
             "reached."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_shortest_paths_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
    {.name = "cutoff",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_shortest_paths_options, cutoff),
     .number_default = (double)INFINITY,
     .minimum = 0,
     .maximum = (double)INFINITY,
     .help = "What is farther than this counts as not reached."},
};

static const gli_column_info columns[] = {
    {"distance", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
     "Length of a shortest path from the nearest source; infinite: not reached."},
    {"predecessor", GLI_COLUMN_NODE, GLI_PER_NODE,
     "The smallest index among the nearer nodes on a shortest path; none for sources."},
};

const gli_algorithm gli__algorithm_shortest_paths = {
    .struct_size = sizeof(gli_algorithm),
    .name = "shortest_paths",
    .family = "shortest_paths",
    .summary = "Shortest paths from one or several sources to every node.",
    .description =
        "Weights must be at least 0; an edge of infinite weight is never part of a path, and of "
        "parallel edges the lightest counts.\n\n"
        "The predecessor is the smallest index among the strictly nearer nodes on a shortest path. "
        "Where there is none (edges of weight 0), it is a node at the same distance: one with the "
        "fewest such edges to a node that has a nearer predecessor or is a source, then of the "
        "smallest index.\n\n"
        "Without weight a breadth-first search; with it delta-stepping, and Dijkstra's algorithm "
        "on "
        "small graphs. O(n + m) in practice, less where the weights are whole numbers.",
    .reference =
        "Dijkstra 1959, doi:10.1007/BF01386390; "
        "Meyer and Sanders 2003, doi:10.1016/S0196-6774(03)00076-2",
    .networkx = "multi_source_dijkstra",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_shortest_paths_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_shortest_paths(gli_snapshot *snapshot, const gli_shortest_paths_options *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_shortest_paths, snapshot, options, control, result_out,
                           error);
}
