/* articulation_points.c: front door of articulation points. */
#include <gli/algorithms/articulation_points.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"articulation", GLI_COLUMN_BOOL, GLI_PER_NODE, "Whether the node is an articulation point."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many articulation points there are."},
};

const gli_algorithm gli__algorithm_articulation_points = {
    .struct_size = sizeof(gli_algorithm),
    .name = "articulation_points",
    .family = "components",
    .summary = "The nodes whose removal would break a component apart.",
    .description =
        "Directions, self-loops and parallel edges make no difference. Ends of a single edge and "
        "isolated nodes are no articulation points. The empty graph has none.\n\n"
        "One depth-first search without recursion, on one thread. Cost O(n + m).",
    .reference = "Hopcroft and Tarjan 1973, doi:10.1145/362248.362272",
    .networkx = "articulation_points",
    .options_size = sizeof(gli_articulation_points_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_articulation_points(gli_snapshot *snapshot,
                                   const gli_articulation_points_options *options,
                                   const gli_control *control, gli_result **result_out,
                                   gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_articulation_points, snapshot, options, control,
                           result_out, error);
}
