/* sample_neighbors.c: front door of neighbour sampling. */
#include <gli/algorithms/sample_neighbors.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const char *const directions[] = {"out", "in", NULL};
static const char *const frontiers[] = {"new", "all", NULL};

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .required = true,
     .offset = offsetof(gli_sample_neighbors_options, source),
     .help = "The seeds: one node or several; one named twice counts once."},
    {.name = "fanouts",
     .type = GLI_PARAMETER_INTS,
     .required = true,
     .offset = offsetof(gli_sample_neighbors_options, fanouts),
     .minimum = -1,
     .maximum = INT32_MAX,
     .help = "How many neighbours a node draws, hop by hop; -1: all."},
    {.name = "frontier",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_sample_neighbors_options, frontier),
     .text_default = "new",
     .choices = frontiers,
     .help = "Who draws: the nodes that the hop before found (PyG), or all found so far (DGL)."},
    {.name = "replace",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_sample_neighbors_options, replace),
     .help = "Whether a neighbour may be drawn more than once."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_sample_neighbors_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that an edge is drawn in proportion to; without it all alike."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_sample_neighbors_options, direction),
     .text_default = "out",
     .choices = directions,
     .help = "Along which edges to go; 'in' to those whose messages arrive."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_sample_neighbors_options, seed),
     .maximum = 0x1p53,
     .help = "The same sample for the same seed, on any number of threads."},
};

static const gli_column_info columns[] = {
    {"node", GLI_COLUMN_NODE, GLI_PER_ROW, "Who drew the edge."},
    {"neighbor", GLI_COLUMN_NODE, GLI_PER_ROW, "The neighbour drawn."},
    {"edge", GLI_COLUMN_EDGE, GLI_PER_ROW, "The edge between them."},
    {"hop", GLI_COLUMN_INT64, GLI_PER_ROW, "In which hop, from 1."},
    {"layer", GLI_COLUMN_INT64, GLI_PER_NODE,
     "The hop in which a node was found first, 0 for seeds; -1: not found."},
};

const gli_algorithm gli__algorithm_sample_neighbors = {
    .struct_size = sizeof(gli_algorithm),
    .name = "sample_neighbors",
    .family = "traversal",
    .summary =
        "Neighbour sampling for learning: some neighbours of the seeds, some of theirs, and "
        "so on.",
    .description =
        "In each hop, every node of the frontier draws as many of its edges as the fan-out says: "
        "without replacement each at most once, and all of them where there are no more; with "
        "replacement exactly so many, if it has any. Fan-out -1 takes all, once. By weight an edge "
        "is drawn in proportion to it, and one of weight 0 never. Parallel edges count each, a "
        "self-loop once. The frontier are the nodes that the hop before found (as in PyG), or, "
        "with 'all', all found so far (as in DGL).\n\n"
        "Rows are the edges drawn, hop after hop; `result.layer` says of nodes in which hop they "
        "were found first. Each node and hop has a random stream of its own. Cost O(1) an edge "
        "drawn, by weight O(degree) for each node that draws. Parallel.",
    .reference =
        "Hamilton, Ying and Leskovec 2017, arXiv:1706.02216; Efraimidis and Spirakis "
        "2006, doi:10.1016/j.ipl.2005.11.003",
    .networkx = "",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_sample_neighbors_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_sample_neighbors(gli_snapshot *snapshot, const gli_sample_neighbors_options *options,
                                const gli_control *control, gli_result **result_out,
                                gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_sample_neighbors, snapshot, options, control, result_out,
                           error);
}
