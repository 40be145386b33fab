/* ancestors.c: front door of ancestors. */
#include <gli/algorithms/ancestors.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_ancestors_options, source),
     .help = "Where to end: one node or several, of which each counts."},
};

static const gli_column_info columns[] = {
    {"node", GLI_COLUMN_NODE, GLI_PER_ROW, "The ancestors, in node order."},
};

const gli_algorithm gli__algorithm_ancestors = {
    .struct_size = sizeof(gli_algorithm),
    .name = "ancestors",
    .family = "dag",
    .summary = "The nodes from which a node can be reached.",
    .description =
        "The sources themselves are left out, also where they lie on a cycle, as in NetworkX. In "
        "an undirected graph these are the other nodes of their components. Cost O(n + m), "
        "parallel.",
    .reference = "Moore 1959, The shortest path through a maze",
    .networkx = "ancestors",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_ancestors_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_ancestors(gli_snapshot *snapshot, const gli_ancestors_options *options,
                         const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_ancestors, snapshot, options, control, result_out,
                           error);
}
