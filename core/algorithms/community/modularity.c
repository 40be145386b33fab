/* modularity.c: front door of modularity. */
#include <gli/algorithms/modularity.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "community",
     .type = GLI_PARAMETER_NODE_WEIGHTS,
     .required = true,
     .offset = offsetof(gli_modularity_options, community),
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Each node's community, as a number; equal numbers are one community."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_modularity_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that counts; without it each edge counts 1."},
    {.name = "resolution",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_modularity_options, resolution),
     .number_default = 1,
     .minimum = -INFINITY,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Of the expected weight: above 1 favours smaller communities."},
};

static const gli_column_info columns[] = {
    {"modularity", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Of the partition; 0 without weight."},
};

const gli_algorithm gli__algorithm_modularity = {
    .struct_size = sizeof(gli_algorithm),
    .name = "modularity",
    .family = "community",
    .summary = "Modularity of a partition: weight within communities against what is expected.",
    .description =
        "Undirected: the sum over communities of W / m - resolution (K / 2m)^2, with W the weight "
        "of edges within, K the summed strengths of nodes (a self-loop counts twice) and m all "
        "weight. Directed: W / m - resolution * K_out * K_in / m^2. Parallel edges add up. Every "
        "node must have a community. 0 where the weights add up to 0.\n\nCost O(n + m).",
    .reference =
        "Newman 2004, doi:10.1103/PhysRevE.69.066133; Leicht and Newman 2008, "
        "doi:10.1103/PhysRevLett.100.118703",
    .networkx = "modularity",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_modularity_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_modularity(gli_snapshot *snapshot, const gli_modularity_options *options,
                          const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_modularity, snapshot, options, control, result_out,
                           error);
}
