/* neighbor_lists.c: front door of neighbours of many. */
#include <gli/algorithms/neighbor_lists.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_neighbor_lists_options, source),
     .help = "Whose: one node or several; one named twice has two lists. Without: every node's."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_neighbor_lists_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges; in an undirected graph all."},
    {.name = "within",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_neighbor_lists_options, within),
     .help = "Whether only neighbours count that are among the sources."},
    {.name = "edges",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_neighbor_lists_options, edges),
     .help = "Whether to give the edges too."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_neighbor_lists_options, weight),
     .minimum = (double)-INFINITY,
     .maximum = (double)INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Edge attribute to give along; absent or null counts as 1."},
};

static const gli_column_info columns[] = {
    {"offset", GLI_COLUMN_INT64, GLI_PER_LIST,
     "The first row of each list; one more, the number of rows, ends the last."},
    {"node", GLI_COLUMN_NODE, GLI_PER_ROW, "Whose list the row is in."},
    {"neighbor", GLI_COLUMN_NODE, GLI_PER_ROW, "The neighbour."},
    {"edge", GLI_COLUMN_EDGE, GLI_PER_ROW, "The edge between them; with edges."},
    {"weight", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "The edge's weight; with a weight."},
    {"place", GLI_COLUMN_INT64, GLI_PER_ROW,
     "The neighbour's place among the sources; with within."},
};

const gli_algorithm gli__algorithm_neighbor_lists = {
    .struct_size = sizeof(gli_algorithm),
    .name = "neighbor_lists",
    .family = "traversal",
    .summary =
        "Neighbours of many nodes at once; a part of a graph, or all of it turned round, as rows.",
    .description =
        "The lists of neighbours one behind the other: list k, of source k, is rows offset[k] to "
        "offset[k + 1] - 1 (compressed sparse rows). It holds an entry for each edge, in the order "
        "in which the edges were added: parallel edges each, a self-loop once; with direction "
        "'both' first the out edges, then the in edges, and a self-loop among either. Differences "
        "of offsets are the degrees of the sources.\n\n"
        "Of every node with direction 'in', these are the rows of the graph turned round. With "
        "`within`, they are the rows of the graph that the sources span, where `place` numbers the "
        "neighbours as the sources are. With `keep='device'` all columns but edges stay on the "
        "device, for libraries that go on there. Cost O(sources + rows), with `within` O(n + "
        "degrees of the sources). Parallel.",
    .reference = "Duff, Grimes and Lewis 1989, doi:10.1145/62038.62043",
    .networkx = "",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_neighbor_lists_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_neighbor_lists(gli_snapshot *snapshot, const gli_neighbor_lists_options *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_neighbor_lists, snapshot, options, control, result_out,
                           error);
}
