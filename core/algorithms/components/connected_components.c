/* connected_components.c: front door of connected components. */
#include <gli/algorithms/connected_components.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const char *const kinds[] = {"weak", "strong", NULL};

static const gli_parameter parameters[] = {
    {.name = "kind",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_connected_components_options, kind),
     .text_default = "weak",
     .choices = kinds,
     .help = "'weak': directions do not count; 'strong': nodes that reach each other."},
};

static const gli_column_info columns[] = {
    {"component", GLI_COLUMN_INT64, GLI_PER_NODE,
     "Number of the node's component, from 0 in the order of their first nodes."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many components there are."},
};

const gli_algorithm gli__algorithm_connected_components = {
    .struct_size = sizeof(gli_algorithm),
    .name = "connected_components",
    .family = "components",
    .summary = "Connected components: which nodes hang together.",
    .description =
        "Weak components are joined by edges whatever their direction. In a strong component every "
        "node reaches every other along directions; in an undirected graph the two are the same. "
        "An isolated node is a component; the empty graph has none.\n\n"
        "Weak: Afforest, parallel. Strong: two parallel searches for the largest component where "
        "in "
        "rows are there or would have paid, and Pearce's form of Tarjan's algorithm, serial and "
        "without recursion, for the rest. Cost O(n + m) for both.",
    .reference =
        "Sutton, Ben-Nun and Barak 2018, doi:10.1109/IPDPS.2018.00012; Pearce 2016, "
        "doi:10.1016/j.ipl.2015.08.010",
    .networkx = "connected_components",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_connected_components_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_connected_components(gli_snapshot *snapshot,
                                    const gli_connected_components_options *options,
                                    const gli_control *control, gli_result **result_out,
                                    gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_connected_components, snapshot, options, control,
                           result_out, error);
}
