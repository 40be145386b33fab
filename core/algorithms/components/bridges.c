/* bridges.c: front door of bridges. */
#include <gli/algorithms/bridges.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"bridge", GLI_COLUMN_BOOL, GLI_PER_EDGE, "Whether the edge is a bridge."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many bridges there are."},
};

const gli_algorithm gli__algorithm_bridges = {
    .struct_size = sizeof(gli_algorithm),
    .name = "bridges",
    .family = "components",
    .summary = "The edges whose removal would break a component in two.",
    .description =
        "Directions are ignored. Of parallel edges none is a bridge, since the others still join "
        "their ends (so u -> v and v -> u are no bridges either); a self-loop is none. The empty "
        "graph has none.\n\n"
        "One depth-first search without recursion, on one thread. Cost O(n + m).",
    .reference = "Hopcroft and Tarjan 1973, doi:10.1145/362248.362272",
    .networkx = "bridges",
    .options_size = sizeof(gli_bridges_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_bridges(gli_snapshot *snapshot, const gli_bridges_options *options,
                       const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_bridges, snapshot, options, control, result_out, error);
}
