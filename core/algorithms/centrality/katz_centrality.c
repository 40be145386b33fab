/* katz_centrality.c: front door of Katz centrality. */
#include <gli/algorithms/katz_centrality.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "alpha",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_katz_centrality_options, alpha),
     .number_default = 0.1,
     .minimum = -INFINITY,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "How much of a walk is left per step; below 1 over the largest eigenvalue."},
    {.name = "beta",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_katz_centrality_options, beta),
     .number_default = 1,
     .minimum = -INFINITY,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "What every node has by itself."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_katz_centrality_options, weight),
     .minimum = -INFINITY,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Edge attribute that a step is multiplied by; without it each edge counts 1."},
    {.name = "normalized",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_katz_centrality_options, normalized),
     .number_default = 1,
     .help = "Scale the scores to a Euclidean length of 1."},
    {.name = "max_iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_katz_centrality_options, max_iterations),
     .number_default = 1000,
     .minimum = 1,
     .maximum = 0x1p53,
     .help = "Give up after this many iterations."},
    {.name = "tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_katz_centrality_options, tolerance),
     .number_default = 1e-6,
     .minimum = 0,
     .maximum = INFINITY,
     .help = "Stop when the scores changed by less than this per node, summed over all nodes."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Katz centrality."},
};

const gli_algorithm gli__algorithm_katz_centrality = {
    .struct_size = sizeof(gli_algorithm),
    .name = "katz_centrality",
    .family = "centrality",
    .summary = "Katz centrality: how many walks end at each node, long ones counting less.",
    .description =
        "The solution of x = alpha * A' x + beta, where A' holds the edges that lead to a node. It "
        "exists where alpha is below 1 over the largest eigenvalue of A; above, the scores grow "
        "until max_iterations is reached.\n\n"
        "Undirected edges lead both ways, a self-loop leads to its own node once, parallel edges "
        "add up. The empty graph gives an empty result.\n\n"
        "Iteration from 0, as NetworkX does it, with the same rule to stop: the L1 change is below "
        "node_count * tolerance. Cost O(n + m) per iteration.",
    .reference = "Katz 1953, doi:10.1007/BF02289026",
    .networkx = "katz_centrality",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_katz_centrality_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_katz_centrality(gli_snapshot *snapshot, const gli_katz_centrality_options *options,
                               const gli_control *control, gli_result **result_out,
                               gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_katz_centrality, snapshot, options, control, result_out,
                           error);
}
