/* eigenvector_centrality.c: front door of eigenvector centrality. */
#include <gli/algorithms/eigenvector_centrality.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_eigenvector_centrality_options, weight),
     .minimum = -INFINITY,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Edge attribute that a step is multiplied by; without it each edge counts 1."},
    {.name = "max_iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_eigenvector_centrality_options, max_iterations),
     .number_default = 100,
     .minimum = 1,
     .maximum = 0x1p53,
     .help = "Give up after this many iterations."},
    {.name = "tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_eigenvector_centrality_options, tolerance),
     .number_default = 1e-6,
     .minimum = 0,
     .maximum = INFINITY,
     .help = "Stop when the scores changed by less than this per node, summed over all nodes."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
     "Eigenvector centrality; the Euclidean length is 1."},
};

const gli_algorithm gli__algorithm_eigenvector_centrality = {
    .struct_size = sizeof(gli_algorithm),
    .name = "eigenvector_centrality",
    .family = "centrality",
    .summary = "Eigenvector centrality: being pointed at by nodes that are pointed at.",
    .description =
        "The leading eigenvector of A', where A' holds the edges that lead to a node, of Euclidean "
        "length 1. Undirected edges lead both ways, a self-loop leads to its own node once, "
        "parallel edges add up. The scores are unique where the graph is strongly connected; "
        "elsewhere they are what power iteration from equal scores leads to. The empty graph gives "
        "an empty result, where NetworkX raises.\n\n"
        "Power iteration with A' + 1, as NetworkX does it (so that bipartite graphs converge), "
        "with the same rule to stop: the L1 change is below node_count * tolerance. Cost O(n + m) "
        "per iteration.",
    .reference = "Bonacich 1987, doi:10.1086/228631",
    .networkx = "eigenvector_centrality",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_eigenvector_centrality_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_eigenvector_centrality(gli_snapshot *snapshot,
                                      const gli_eigenvector_centrality_options *options,
                                      const gli_control *control, gli_result **result_out,
                                      gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_eigenvector_centrality, snapshot, options, control,
                           result_out, error);
}
