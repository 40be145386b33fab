/* edge_betweenness.c: front door of betweenness of edges. */
#include <gli/algorithms/edge_betweenness.h>
#include <math.h>

#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "normalized",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_edge_betweenness_options, normalized),
     .number_default = 1,
     .help = "Divide by the number of pairs of other nodes."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_edge_betweenness_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Edge attribute that is an edge's length; without it each is 1 long."},
    {.name = "samples",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_edge_betweenness_options, samples),
     .number_default = INT32_MAX,
     .minimum = 1,
     .maximum = INT32_MAX,
     .help = "Only paths from so many sources, drawn with seed; without it from all: exact."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_edge_betweenness_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the draw of sources."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_EDGE, "Betweenness."},
};

static const char *const aliases[] = {"edge_betweenness_centrality", NULL};

const gli_algorithm gli__algorithm_edge_betweenness = {
    .struct_size = sizeof(gli_algorithm),
    .name = "edge_betweenness",
    .family = "centrality",
    .aliases = aliases,
    .summary = "Which share of the shortest paths between all pairs uses each edge.",
    .description =
        "Of parallel edges the shortest share in equal parts, longer ones get nothing; self-loops "
        "get 0. Samples as for betweenness_centrality.\n\nCost O(n + m) per source, weighted O(m + "
        "n log n).",
    .reference =
        "Girvan and Newman 2002, doi:10.1073/pnas.122653799; Brandes 2008, "
        "doi:10.1016/j.socnet.2007.11.001",
    .networkx = "edge_betweenness_centrality",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof parameters[0],
    .options_size = sizeof(gli_edge_betweenness_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_edge_betweenness(gli_snapshot *snapshot, const gli_edge_betweenness_options *options,
                                const gli_control *control, gli_result **result_out,
                                gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_edge_betweenness, snapshot, options, control, result_out,
                           error);
}
