/* find_negative_cycle.c: front door of the search for a negative cycle. */
#include <gli/algorithms/find_negative_cycle.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_find_negative_cycle_options, source),
     .help = "From where it must be reached: one node or several; by default anywhere."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_find_negative_cycle_options, weight),
     .minimum = (double)-INFINITY,
     .maximum = (double)INFINITY,
     .open_minimum = true,
     .help = "Edge attribute with the weight of an edge; without it each counts 1: no cycle."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_find_negative_cycle_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
};

static const gli_column_info columns[] = {
    {"node", GLI_COLUMN_NODE, GLI_PER_ROW,
     "The cycle's nodes in the order of travel; no row: there is no negative cycle."},
    {"edge", GLI_COLUMN_EDGE, GLI_PER_ROW, "The edge from this node to the next."},
    {"weight", GLI_COLUMN_FLOAT64, GLI_SCALAR, "The weight of the whole cycle; 0 without one."},
};

const gli_algorithm gli__algorithm_find_negative_cycle = {
    .struct_size = sizeof(gli_algorithm),
    .name = "find_negative_cycle",
    .family = "shortest_paths",
    .summary = "A cycle whose edges' weights add up to less than 0.",
    .description =
        "The nodes stand in the order of travel from the smallest index, each once; no row where "
        "there is no such cycle. A negative self-loop is a cycle of one node, a negative edge that "
        "can be gone both ways, as in an undirected graph, one of two. Weights are added exactly: "
        "what only rounding makes negative does not count. Of several cycles the one that the "
        "search comes upon first, always the same.\n\n"
        "Bellman and Ford's method with Tarjan's subtree disassembly: O(n m) at worst, near O(m) "
        "in practice, serial.",
    .reference = "Cherkassky and Goldberg 1999, doi:10.1007/s101070050058",
    .networkx = "find_negative_cycle",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_find_negative_cycle_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_find_negative_cycle(gli_snapshot *snapshot,
                                   const gli_find_negative_cycle_options *options,
                                   const gli_control *control, gli_result **result_out,
                                   gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_find_negative_cycle, snapshot, options, control,
                           result_out, error);
}
