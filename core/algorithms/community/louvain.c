/* louvain.c: front door of louvain. */
#include <gli/algorithms/louvain.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_louvain_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that counts; without it each edge counts 1."},
    {.name = "resolution",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_louvain_options, resolution),
     .number_default = 1,
     .minimum = 0,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Of the expected weight: above 1 favours smaller communities."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_louvain_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the order in which nodes are visited."},
    {.name = "tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_louvain_options, tolerance),
     .number_default = 1e-4,
     .minimum = 0,
     .maximum = INFINITY,
     .help = "Passes and levels that gain less modularity than this are the last of their kind."},
    {.name = "max_levels",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_louvain_options, max_levels),
     .number_default = INT32_MAX,
     .minimum = 1,
     .maximum = 0x1p53,
     .help = "How many levels at most; the first one groups the nodes themselves."},
};

static const gli_column_info columns[] = {
    {"label", GLI_COLUMN_INT64, GLI_PER_NODE, "Community, numbered from 0."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many communities there are."},
    {"modularity", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Of these communities; 0 without weight."},
    {"levels", GLI_COLUMN_INT64, GLI_SCALAR, "How many levels there were."},
};

const gli_algorithm gli__algorithm_louvain = {
    .struct_size = sizeof(gli_algorithm),
    .name = "louvain",
    .family = "community",
    .summary = "Communities of high modularity, level by level (Louvain).",
    .description =
        "Nodes are visited in a drawn order; each moves to the neighbouring community where "
        "modularity gains most, ties to the community of the smallest number. When a pass gains "
        "less than tolerance, communities become the nodes of the next level; last, single nodes "
        "may move "
        "once more between the communities found. Directed graphs: "
        "directed modularity. Parallel edges add up, self-loops count as in modularity, a node "
        "without an edge is alone. Communities are numbered in the order of their first nodes; "
        "they need not be connected (leiden's are).\n\nThe same for a seed on any number of "
        "threads. Cost O(m) per pass, about ten passes.",
    .reference =
        "Blondel, Guillaume, Lambiotte and Lefebvre 2008, "
        "doi:10.1088/1742-5468/2008/10/P10008",
    .networkx = "louvain_communities",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_louvain_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_louvain(gli_snapshot *snapshot, const gli_louvain_options *options,
                       const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_louvain, snapshot, options, control, result_out, error);
}
