/* closeness_centrality.c: front door of closeness centrality. */
#include <gli/algorithms/closeness_centrality.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "distance",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_closeness_centrality_options, distance),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that is an edge's length; without it each is 1 long."},
    {.name = "wf_improved",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_closeness_centrality_options, wf_improved),
     .number_default = 1,
     .help = "Multiply by the share of the other nodes that reach the node."},
    {.name = "samples",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_closeness_centrality_options, samples),
     .number_default = INT32_MAX,
     .minimum = 1,
     .maximum = INT32_MAX,
     .help = "Only distances from so many nodes, drawn with seed; without it from all: exact."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_closeness_centrality_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the draw of nodes."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Closeness."},
};

const gli_algorithm gli__algorithm_closeness_centrality = {
    .struct_size = sizeof(gli_algorithm),
    .name = "closeness_centrality",
    .family = "centrality",
    .summary = "Closeness centrality: how near the nodes that reach a node are.",
    .description =
        "The number of nodes that reach a node over the sum of their distances, times, in the "
        "improved form of Wasserman and Faust, the share of all other nodes that reach it. "
        "Distances are those to the node, against the edges of a directed graph. A node that "
        "nobody reaches has 0, as has one whose distances are all 0. Parallel edges count as the "
        "shortest of them, self-loops do not count. With fewer samples than nodes the score is "
        "that of the sampled nodes alone: an estimate.\n\n"
        "Without lengths 64 searches run as one, with lengths Dijkstra's algorithm from each node. "
        "Cost O(levels (n + m)) per 64 nodes at the most, or O(m + n log n) per node.",
    .reference =
        "Freeman 1978, doi:10.1016/0378-8733(78)90021-7; Then et al. 2014, "
        "doi:10.14778/2735496.2735507; Eppstein and Wang 2004, doi:10.7155/jgaa.00081",
    .networkx = "closeness_centrality",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_closeness_centrality_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_closeness_centrality(gli_snapshot *snapshot,
                                    const gli_closeness_centrality_options *options,
                                    const gli_control *control, gli_result **result_out,
                                    gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_closeness_centrality, snapshot, options, control,
                           result_out, error);
}
