/* degree_centrality.c: front door of degree centrality. */
#include <gli/algorithms/degree_centrality.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_degree_centrality_options, direction),
     .text_default = "both",
     .choices = gli__directions,
     .help = "Which edges count; in an undirected graph all do."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Degree over the number of other nodes."},
};

const gli_algorithm gli__algorithm_degree_centrality = {
    .struct_size = sizeof(gli_algorithm),
    .name = "degree_centrality",
    .family = "centrality",
    .summary = "Degree centrality: the degree of each node over the number of other nodes.",
    .description =
        "Parallel edges count each, a self-loop once out and once in, so scores above 1 are "
        "possible. In a graph of one node the score is 1. The directions 'in' and 'out' are "
        "NetworkX's in_degree_centrality and out_degree_centrality. Cost O(n + m); O(n) for the "
        "out degrees of a directed graph.",
    .reference = "Freeman 1978, doi:10.1016/0378-8733(78)90021-7",
    .networkx = "degree_centrality",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_degree_centrality_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,

};

gli_status gli_degree_centrality(gli_snapshot *snapshot,
                                 const gli_degree_centrality_options *options,
                                 const gli_control *control, gli_result **result_out,
                                 gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_degree_centrality, snapshot, options, control,
                           result_out, error);
}
