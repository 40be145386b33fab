/* clustering.c: front door of clustering coefficients. */
#include <gli/algorithms/clustering.h>
#include <math.h>

#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_clustering_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute: a triangle counts the geometric mean of its weights; without it 1."},
};

static const gli_column_info columns[] = {
    {"coefficient", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Between 0 and 1."},
    {"average", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Mean of the coefficients of all nodes."},
    {"transitivity", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Closed share of all connected triples."},
};

const gli_algorithm gli__algorithm_clustering = {
    .struct_size = sizeof(gli_algorithm),
    .name = "clustering",
    .family = "cluster",
    .summary = "Which share of the possible triangles at each node is there.",
    .description =
        "Self-loops are ignored, parallel edges count once (their weights add up). With weights a "
        "triangle counts the geometric mean of its three weights, each over the largest weight of "
        "the graph. Directed graphs count directed triangles (Fagiolo). A node with fewer than two "
        "neighbours has 0.\n\nCost O(m^1.5) at worst.",
    .reference =
        "Saramaki et al. 2007, doi:10.1103/PhysRevE.75.027105; Fagiolo 2007, "
        "doi:10.1103/PhysRevE.76.026107",
    .networkx = "clustering",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof parameters[0],
    .options_size = sizeof(gli_clustering_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_clustering(gli_snapshot *snapshot, const gli_clustering_options *options,
                          const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_clustering, snapshot, options, control, result_out,
                           error);
}
