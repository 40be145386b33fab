/* leiden.c: front door of leiden. */
#include <gli/algorithms/leiden.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_leiden_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that counts; without it each edge counts 1."},
    {.name = "resolution",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_leiden_options, resolution),
     .number_default = 1,
     .minimum = 0,
     .maximum = INFINITY,
     .open_minimum = true,
     .open_maximum = true,
     .help = "Of the expected weight: above 1 favours smaller communities."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_leiden_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the order in which nodes are visited."},
    {.name = "tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_leiden_options, tolerance),
     .number_default = 1e-4,
     .minimum = 0,
     .maximum = INFINITY,
     .help = "Passes and levels that gain less modularity than this are the last of their kind."},
    {.name = "max_levels",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_leiden_options, max_levels),
     .number_default = INT32_MAX,
     .minimum = 1,
     .maximum = 0x1p53,
     .help = "How many levels at most; the first one groups the nodes themselves."},
    {.name = "max_iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_leiden_options, max_iterations),
     .number_default = 2,
     .minimum = 1,
     .maximum = 0x1p53,
     .help = "Climbs from the single nodes, each from the communities of the last one."},
};

static const gli_column_info columns[] = {
    {"label", GLI_COLUMN_INT64, GLI_PER_NODE, "Community, numbered from 0."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many communities there are."},
    {"modularity", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Of these communities; 0 without weight."},
    {"levels", GLI_COLUMN_INT64, GLI_SCALAR, "How many levels there were."},
};

const gli_algorithm gli__algorithm_leiden = {
    .struct_size = sizeof(gli_algorithm),
    .name = "leiden",
    .family = "community",
    .summary = "Communities of high modularity, each of them connected (Leiden).",
    .description =
        "As louvain, but before communities become nodes each is taken apart and put together "
        "again along edges, and these parts become the nodes: no community falls apart, and nodes "
        "that moved together may part again. Directed graphs: directed modularity; connected means "
        "without regard to direction. A node without an edge is alone. Communities are numbered in "
        "the order of their first nodes.\n\nThe same for a seed on any number of threads. Cost "
        "O(m) per pass, about ten passes per iteration.",
    .reference = "Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z",
    .networkx = "leiden_communities",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_leiden_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_leiden(gli_snapshot *snapshot, const gli_leiden_options *options,
                      const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_leiden, snapshot, options, control, result_out, error);
}
