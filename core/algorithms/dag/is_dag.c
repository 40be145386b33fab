/* is_dag.c: front door of the test for cycles. */
#include <gli/algorithms/is_dag.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"is_dag", GLI_COLUMN_BOOL, GLI_SCALAR, "Whether the graph is directed and has no cycle."},
};

static const char *const aliases[] = {"is_directed_acyclic_graph", NULL};

const gli_algorithm gli__algorithm_is_dag = {
    .struct_size = sizeof(gli_algorithm),
    .name = "is_dag",
    .family = "dag",
    .aliases = aliases,
    .summary = "Whether the graph is directed and has no cycle.",
    .description =
        "A self-loop is a cycle. An undirected graph is none, not even without edges, as in "
        "NetworkX; the empty directed graph is one. `topological_sort` names an edge of a cycle. "
        "Cost O(n + m), serial.",
    .reference = "Kahn 1962, doi:10.1145/368996.369025",
    .networkx = "is_directed_acyclic_graph",
    .options_size = sizeof(gli_is_dag_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_is_dag(gli_snapshot *snapshot, const gli_is_dag_options *options,
                      const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_is_dag, snapshot, options, control, result_out, error);
}
