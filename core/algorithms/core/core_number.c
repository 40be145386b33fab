/* core_number.c: front door of core numbers. */
#include <gli/algorithms/core_number.h>

#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"core", GLI_COLUMN_INT64, GLI_PER_NODE, "Core number."},
};

const gli_algorithm gli__algorithm_core_number = {
    .struct_size = sizeof(gli_algorithm),
    .name = "core_number",
    .family = "core",
    .summary = "The largest k such that a node lies in a subgraph where every node has k edges.",
    .description =
        "Self-loops are ignored, parallel edges count once per direction; in a directed graph in "
        "and out edges add up, so mutual neighbours count two.\n\nNodes are peeled in the order of "
        "their remaining degrees. Cost O(n + m).",
    .reference = "Batagelj and Zaversnik 2003, arXiv:cs/0310049",
    .networkx = "core_number",
    .options_size = sizeof(gli_core_number_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_EXACT,
};

gli_status gli_core_number(gli_snapshot *snapshot, const gli_core_number_options *options,
                           const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_core_number, snapshot, options, control, result_out,
                           error);
}
