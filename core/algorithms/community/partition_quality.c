/* partition_quality.c: front door of measures of a partition. */
#include <gli/algorithms/partition_quality.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "community",
     .type = GLI_PARAMETER_NODE_WEIGHTS,
     .required = true,
     .offset = offsetof(gli_partition_quality_options, community),
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Each node's community, as a number; equal numbers are one community."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_partition_quality_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that counts; without it each edge counts 1."},
};

static const gli_column_info columns[] = {
    {"conductance", GLI_COLUMN_FLOAT64, GLI_PER_ROW,
     "Cut over the smaller volume, its own or the rest's."},
    {"community", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "The number that was given."},
    {"size", GLI_COLUMN_INT64, GLI_PER_ROW, "How many nodes."},
    {"within", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "Weight of its edges."},
    {"cut", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "Weight between it and the rest."},
    {"volume", GLI_COLUMN_FLOAT64, GLI_PER_ROW,
     "Summed strengths of its nodes; out strengths where directed."},
    {"coverage", GLI_COLUMN_FLOAT64, GLI_SCALAR,
     "Share of the weight that lies within communities."},
    {"performance", GLI_COLUMN_FLOAT64, GLI_SCALAR,
     "Share of the pairs that are joined within or not joined between."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many communities."},
};

const gli_algorithm gli__algorithm_partition_quality = {
    .struct_size = sizeof(gli_algorithm),
    .name = "partition_quality",
    .family = "community",
    .summary = "Coverage and performance of a partition, conductance of its communities.",
    .description =
        "Coverage is the weight within communities over all weight. Performance is the share of "
        "all pairs of nodes that are joined within a community or not joined between two; it "
        "counts edges, parallel ones once, and as in NetworkX a self-loop counts as one within. "
        "The conductance of a community is its cut, all weight between it and the rest, over the "
        "smaller of its volume and that of the rest; a self-loop counts twice in a volume, and of "
        "a directed graph out strengths count. 0 where there is nothing to divide by. Rows go by "
        "the communities' first nodes: the labels of `louvain` and others are row numbers.\n\n"
        "Cost O(n + m).",
    .reference = "Fortunato 2010, doi:10.1016/j.physrep.2009.11.002",
    .networkx = "partition_quality",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_partition_quality_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_partition_quality(gli_snapshot *snapshot,
                                 const gli_partition_quality_options *options,
                                 const gli_control *control, gli_result **result_out,
                                 gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_partition_quality, snapshot, options, control,
                           result_out, error);
}
