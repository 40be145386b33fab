/* k_core.c: front door of k-cores. */
#include <gli/algorithms/k_core.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "k",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_k_core_options, k),
     .number_default = -1,
     .minimum = -1,
     .maximum = INT32_MAX,
     .help = "Edges that each node has at least; -1: as many as some core allows."},
};

static const gli_column_info columns[] = {
    {"in_core", GLI_COLUMN_BOOL, GLI_PER_NODE, "Whether the node belongs to the core."},
    {"k", GLI_COLUMN_INT64, GLI_SCALAR, "The k of the core."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many nodes belong to it."},
};

const gli_algorithm gli__algorithm_k_core = {
    .struct_size = sizeof(gli_algorithm),
    .name = "k_core",
    .family = "core",
    .summary = "The largest part of the graph in which every node has k edges.",
    .description =
        "Without k the main core, the one of the largest k that is not empty. Self-loops are "
        "ignored, parallel edges count once per direction; in a directed graph in and out edges "
        "add up, so mutual neighbours count two. With k = 0 all nodes belong to it. The core is "
        "what the nodes that belong to it and all edges between them make; it need not be "
        "connected. The empty graph has the empty core, of k = 0.\n\n"
        "Nodes of core number k and above: see core_number. Cost O(n + m).",
    .reference =
        "Seidman 1983, doi:10.1016/0378-8733(83)90028-X; Batagelj and Zaversnik 2003, "
        "arXiv:cs/0310049",
    .networkx = "k_core",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_k_core_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_k_core(gli_snapshot *snapshot, const gli_k_core_options *options,
                      const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_k_core, snapshot, options, control, result_out, error);
}
