/* compare_partitions.c: front door of the comparison of two partitions. */
#include <gli/algorithms/compare_partitions.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "community",
     .type = GLI_PARAMETER_NODE_WEIGHTS,
     .required = true,
     .offset = offsetof(gli_compare_partitions_options, community),
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Each node's community, as a number; equal numbers are one community."},
    {.name = "other",
     .type = GLI_PARAMETER_NODE_WEIGHTS,
     .required = true,
     .offset = offsetof(gli_compare_partitions_options, other),
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "The same of the other partition."},
};

static const gli_column_info columns[] = {
    {"shared", GLI_COLUMN_INT64, GLI_PER_ROW, "How many nodes the two communities share."},
    {"community", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "A community, by the number that was given."},
    {"other", GLI_COLUMN_FLOAT64, GLI_PER_ROW, "One of the other partition."},
    {"normalized_mutual_information", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Between 0 and 1 (equal)."},
    {"adjusted_rand_index", GLI_COLUMN_FLOAT64, GLI_SCALAR, "1 for equal, about 0 for random."},
    {"rand_index", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Share of the pairs that both see alike."},
    {"mutual_information", GLI_COLUMN_FLOAT64, GLI_SCALAR, "In nats."},
    {"variation_of_information", GLI_COLUMN_FLOAT64, GLI_SCALAR, "In nats; 0 for equal."},
    {"homogeneity", GLI_COLUMN_FLOAT64, GLI_SCALAR,
     "Share of the first's entropy that the other tells."},
    {"completeness", GLI_COLUMN_FLOAT64, GLI_SCALAR,
     "Share of the other's entropy that the first tells."},
};

const gli_algorithm gli__algorithm_compare_partitions = {
    .struct_size = sizeof(gli_algorithm),
    .name = "compare_partitions",
    .family = "community",
    .summary = "How alike two partitions are: mutual information, Rand index, and what they share.",
    .description =
        "The numbers that communities carry do not matter. With H the entropies and I the mutual "
        "information, in nats: the normalised one is 2 I / (H1 + H2), homogeneity I / H1, "
        "completeness I / H2, the variation of information H1 + H2 - 2 I. The Rand index is the "
        "share of the pairs of nodes that both partitions put together or both apart; adjusted, it "
        "is 0 on average for random partitions of these sizes. As in scikit-learn, two partitions "
        "that are one community each are alike. Edges play no part.\n\nCost O(n).",
    .reference =
        "Danon et al. 2005, doi:10.1088/1742-5468/2005/09/P09008; Hubert and Arabie 1985, "
        "doi:10.1007/BF01908075; Meila 2007, doi:10.1016/j.jmva.2006.11.013",
    .networkx = "",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_compare_partitions_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
};

gli_status gli_compare_partitions(gli_snapshot *snapshot,
                                  const gli_compare_partitions_options *options,
                                  const gli_control *control, gli_result **result_out,
                                  gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_compare_partitions, snapshot, options, control,
                           result_out, error);
}
