/* eccentricity.c: front door of how far the farthest node is from each. */
#include <gli/algorithms/eccentricity.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_eccentricity_options, weight),
     .minimum = 0,
     .maximum = (double)INFINITY,
     .help = "Edge attribute with the length of an edge; without it each counts 1."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_eccentricity_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
};

static const gli_column_info columns[] = {
    {"eccentricity", GLI_COLUMN_FLOAT64, GLI_PER_NODE,
     "Distance to the farthest node; infinite: some are not reached."},
    {"center", GLI_COLUMN_BOOL, GLI_PER_NODE, "Whether no node has a smaller one."},
    {"periphery", GLI_COLUMN_BOOL, GLI_PER_NODE, "Whether no node has a larger one."},
    {"diameter", GLI_COLUMN_FLOAT64, GLI_SCALAR, "The largest eccentricity."},
    {"radius", GLI_COLUMN_FLOAT64, GLI_SCALAR, "The smallest eccentricity."},
};

const gli_algorithm gli__algorithm_eccentricity = {
    .struct_size = sizeof(gli_algorithm),
    .name = "eccentricity",
    .family = "shortest_paths",
    .summary =
        "Eccentricity: how far the farthest node is, with diameter, radius, center and "
        "periphery.",
    .description =
        "Infinite for a node that cannot reach all others, as distances are (NetworkX raises "
        "there). The diameter is the largest and the radius the smallest eccentricity; the "
        "nodes of the one are the periphery, those of the other the center. A lone node has "
        "eccentricity 0. An edge of infinite weight is never part of a path.\n\n"
        "Without weights, bounds from the searches made so far spare most searches: a few dozen "
        "of O(n + m) on graphs of small diameter, O(n (n + m) / 64) at worst. With weights "
        "Dijkstra's algorithm from each node. Parallel.",
    .reference = "Takes and Kosters 2011, doi:10.1145/2063576.2063748",
    .networkx = "eccentricity",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_eccentricity_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_eccentricity(gli_snapshot *snapshot, const gli_eccentricity_options *options,
                            const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_eccentricity, snapshot, options, control, result_out,
                           error);
}
