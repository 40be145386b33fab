/* descendants.c: front door of descendants. */
#include <gli/algorithms/descendants.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_descendants_options, source),
     .help = "Where to start: one node or several, of which each counts."},
};

static const gli_column_info columns[] = {
    {"node", GLI_COLUMN_NODE, GLI_PER_ROW, "The descendants, in node order."},
};

const gli_algorithm gli__algorithm_descendants = {
    .struct_size = sizeof(gli_algorithm),
    .name = "descendants",
    .family = "dag",
    .summary = "The nodes that can be reached from a node.",
    .description =
        "The sources themselves are left out, also where they lie on a cycle, as in NetworkX. In "
        "an undirected graph these are the other nodes of their components. Cost O(n + m), "
        "parallel.",
    .reference = "Moore 1959, The shortest path through a maze",
    .networkx = "descendants",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_descendants_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_descendants(gli_snapshot *snapshot, const gli_descendants_options *options,
                           const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_descendants, snapshot, options, control, result_out,
                           error);
}
