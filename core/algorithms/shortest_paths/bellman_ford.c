/* bellman_ford.c: front door of shortest paths along edges of any sign. */
#include <gli/algorithms/bellman_ford.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_bellman_ford_options, source),
     .help = "Where paths start: one node or several, of which the nearest counts."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_bellman_ford_options, weight),
     .minimum = (double)-INFINITY,
     .maximum = (double)INFINITY,
     .open_minimum = true,
     .help = "Edge attribute with the length of an edge, of any sign; without it each counts 1."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_bellman_ford_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
};

static const gli_column_info columns[] = {
    {"distance", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
     "Length of a shortest path from the nearest source; infinite: not reached."},
    {"predecessor", GLI_COLUMN_NODE, GLI_PER_NODE,
     "The smallest index before the node on a shortest path of the fewest edges; none for "
     "sources."},
};

const gli_algorithm gli__algorithm_bellman_ford = {
    .struct_size = sizeof(gli_algorithm),
    .name = "bellman_ford",
    .family = "shortest_paths",
    .summary = "Shortest paths from one or several sources where weights may be negative.",
    .description =
        "Where the sources reach a cycle of negative weight no path is the shortest: an error "
        "(NegativeCycleError) that names the cycle's nodes in order; `find_negative_cycle` gives "
        "it as a list. A negative edge that can be gone both ways, as in an undirected graph, is "
        "such a cycle, and so is a negative self-loop. The weights of a cycle are added exactly: "
        "what only rounding makes negative is no negative cycle. An edge of infinite weight is "
        "never part of a path.\n\n"
        "The tree holds, of all shortest paths, those with the fewest edges. A source has no "
        "predecessor, unless another source reaches it at less than 0.\n\n"
        "Bellman and Ford's method with Tarjan's subtree disassembly: O(n m) at worst, near O(m) "
        "in practice, serial. With weights of at least 0 `shortest_paths` is faster.",
    .reference =
        "Bellman 1958, doi:10.1090/qam/102435; Cherkassky and Goldberg 1999, "
        "doi:10.1007/s101070050058",
    .networkx = "single_source_bellman_ford",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_bellman_ford_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_bellman_ford(gli_snapshot *snapshot, const gli_bellman_ford_options *options,
                            const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_bellman_ford, snapshot, options, control, result_out,
                           error);
}
