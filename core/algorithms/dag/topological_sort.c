/* topological_sort.c: front door of topological orders. */
#include <gli/algorithms/topological_sort.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "base/error.h"

static const gli_column_info columns[] = {
    {"node", GLI_COLUMN_NODE, GLI_PER_ROW, "The nodes, in order."},
    {"generation", GLI_COLUMN_INT64, GLI_PER_ROW,
     "Edges on the longest path that ends at the node; never falls from row to row."},
};

static gli_status check(gli_snapshot *snapshot, const void *options, gli_error *error) {
  (void)options;
  if (gli_snapshot_is_directed(snapshot)) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "topological_sort: the graph is undirected; it must be directed");
}

const gli_algorithm gli__algorithm_topological_sort = {
    .struct_size = sizeof(gli_algorithm),
    .name = "topological_sort",
    .family = "dag",
    .summary = "All nodes in an order in which every edge leads forward.",
    .description =
        "Generation by generation: first the nodes without incoming edges in node order, then "
        "those whose last incoming edge came from there, as the rows of the nodes before name "
        "them, and so on: NetworkX's order. Parallel edges change nothing.\n\n"
        "A cycle, such as a self-loop, is an error that names one of its edges; `is_dag` asks "
        "beforehand. Undirected graphs are refused. Cost O(n + m), serial.",
    .reference = "Kahn 1962, doi:10.1145/368996.369025",
    .networkx = "topological_sort",
    .options_size = sizeof(gli_topological_sort_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
    .check = check,
};

gli_status gli_topological_sort(gli_snapshot *snapshot, const gli_topological_sort_options *options,
                                const gli_control *control, gli_result **result_out,
                                gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_topological_sort, snapshot, options, control, result_out,
                           error);
}
