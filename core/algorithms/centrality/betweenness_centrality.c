/* betweenness_centrality.c: front door of betweenness of nodes. */
#include <gli/algorithms/betweenness_centrality.h>
#include <math.h>

#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "normalized",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_betweenness_centrality_options, normalized),
     .number_default = 1,
     .help = "Divide by the number of pairs of other nodes."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_betweenness_centrality_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Edge attribute that is an edge's length; without it each is 1 long."},
    {.name = "endpoints",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_betweenness_centrality_options, endpoints),
     .number_default = 0,
     .help = "A path counts for its two ends as well."},
    {.name = "samples",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_betweenness_centrality_options, samples),
     .number_default = INT32_MAX,
     .minimum = 1,
     .maximum = INT32_MAX,
     .help = "Only paths from so many sources, drawn with seed; without it from all: exact."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_betweenness_centrality_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the draw of sources."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Betweenness."},
};

static const char *const aliases[] = {"betweenness", NULL};

const gli_algorithm gli__algorithm_betweenness_centrality = {
    .struct_size = sizeof(gli_algorithm),
    .name = "betweenness_centrality",
    .family = "centrality",
    .aliases = aliases,
    .summary = "Which share of the shortest paths between all pairs passes through each node.",
    .description =
        "Parallel edges are one step, the shortest of them; self-loops lie on no path. With fewer "
        "samples than nodes the sums are scaled up to all nodes, as NetworkX 3.6 does it; its own "
        "draw differs.\n\nCost O(n + m) per source, weighted O(m + n log n).",
    .reference =
        "Brandes 2001, doi:10.1080/0022250X.2001.9990249; Brandes 2008, "
        "doi:10.1016/j.socnet.2007.11.001",
    .networkx = "betweenness_centrality",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof parameters[0],
    .options_size = sizeof(gli_betweenness_centrality_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_betweenness_centrality(gli_snapshot *snapshot,
                                      const gli_betweenness_centrality_options *options,
                                      const gli_control *control, gli_result **result_out,
                                      gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_betweenness_centrality, snapshot, options, control,
                           result_out, error);
}
