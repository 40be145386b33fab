/* bfs.c: front door of breadth-first search. */
#include <gli/algorithms/bfs.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_bfs_options, source),
     .help = "Where to start: one node or several, of which the nearest counts."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_bfs_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
    {.name = "max_depth",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_bfs_options, max_depth),
     .number_default = INT32_MAX,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Go no further than this many hops."},
};

static const gli_column_info columns[] = {
    {"level", GLI_COLUMN_INT64, GLI_PER_NODE, "Hops from the nearest source; -1: not reached."},
    {"predecessor", GLI_COLUMN_NODE, GLI_PER_NODE,
     "The neighbour of the smallest index one level nearer; none for sources."},
};

const gli_algorithm gli__algorithm_bfs = {
    .struct_size = sizeof(gli_algorithm),
    .name = "bfs",
    .family = "traversal",
    .summary = "Breadth-first search: hops from the nearest source, and a tree of shortest paths.",
    .description =
        "A source has level 0 and no predecessor. The predecessor of another node is the smallest "
        "node index among its neighbours one level nearer, so the tree does not depend on the "
        "number of threads.\n\n"
        "Small frontiers are walked serially, large ones in parallel, and very large ones from the "
        "side of the nodes that are not reached yet. Cost O(n + m), much less on graphs of small "
        "diameter.",
    .reference = "Beamer, Asanovic and Patterson 2012, doi:10.1109/SC.2012.50",
    .networkx = "single_source_shortest_path_length",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_bfs_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_bfs(gli_snapshot *snapshot, const gli_bfs_options *options,
                   const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_bfs, snapshot, options, control, result_out, error);
}
