/* square_clustering.c: front door of square clustering. */
#include <gli/algorithms/square_clustering.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"coefficient", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Between 0 and 1."},
};

const gli_algorithm gli__algorithm_square_clustering = {
    .struct_size = sizeof(gli_algorithm),
    .name = "square_clustering",
    .family = "cluster",
    .summary = "Which share of the possible squares at each node is there.",
    .description =
        "Over all pairs of neighbours of a node: how many other nodes join them, over how "
        "many could. Directions, self-loops and parallel edges are ignored. A node with fewer"
        " than two neighbours has 0."
        "\n\nCost O(sum over edges of the degrees of both ends), parallel.",
    .reference = "Lind, Gonzalez and Herrmann 2005, doi:10.1103/PhysRevE.72.056127",
    .networkx = "square_clustering",
    .options_size = sizeof(gli_square_clustering_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_square_clustering(gli_snapshot *snapshot,
                                 const gli_square_clustering_options *options,
                                 const gli_control *control, gli_result **result_out,
                                 gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_square_clustering, snapshot, options, control,
                           result_out, error);
}
