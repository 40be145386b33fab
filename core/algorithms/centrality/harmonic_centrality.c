/* harmonic_centrality.c: front door of harmonic centrality. */
#include <gli/algorithms/harmonic_centrality.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "distance",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_harmonic_centrality_options, distance),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that is an edge's length; without it each is 1 long."},
    {.name = "samples",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_harmonic_centrality_options, samples),
     .number_default = INT32_MAX,
     .minimum = 1,
     .maximum = INT32_MAX,
     .help = "Only distances from so many nodes, drawn with seed; without it from all: exact."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_harmonic_centrality_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the draw of nodes."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Sum of reciprocal distances."},
};

const gli_algorithm gli__algorithm_harmonic_centrality = {
    .struct_size = sizeof(gli_algorithm),
    .name = "harmonic_centrality",
    .family = "centrality",
    .summary = "Harmonic centrality: the sum of the reciprocals of the distances to each node.",
    .description =
        "Distances are those to the node, against the edges of a directed graph. Who does not "
        "reach the node adds 0, as does who is at distance 0. Parallel edges count as the shortest "
        "of them, self-loops do not count. With fewer samples than nodes the sum is scaled up to "
        "all other nodes: an estimate.\n\n"
        "Without lengths 64 searches run as one, with lengths Dijkstra's algorithm from each node. "
        "Cost O(levels (n + m)) per 64 nodes at the most, or O(m + n log n) per node.",
    .reference =
        "Boldi and Vigna 2014, doi:10.1080/15427951.2013.865686; Then et al. 2014, "
        "doi:10.14778/2735496.2735507",
    .networkx = "harmonic_centrality",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_harmonic_centrality_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_harmonic_centrality(gli_snapshot *snapshot,
                                   const gli_harmonic_centrality_options *options,
                                   const gli_control *control, gli_result **result_out,
                                   gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_harmonic_centrality, snapshot, options, control,
                           result_out, error);
}
