/* radius.c: front door of how far all nodes are from the most central one. */
#include <gli/algorithms/radius.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_radius_options, weight),
     .minimum = 0,
     .maximum = (double)INFINITY,
     .help = "Edge attribute with the length of an edge; without it each counts 1."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_radius_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
};

static const gli_column_info columns[] = {
    {"radius", GLI_COLUMN_FLOAT64, GLI_SCALAR, "The smallest eccentricity."},
};

const gli_algorithm gli__algorithm_radius = {
    .struct_size = sizeof(gli_algorithm),
    .name = "radius",
    .family = "shortest_paths",
    .summary = "The smallest eccentricity: how far the farthest node is from the most central one.",
    .description =
        "Infinite when no node reaches all others (NetworkX raises there, and also where some "
        "do and others do not); 0 without nodes. An edge of infinite weight is never part of a "
        "path.\n\n"
        "Without weights bounds end the search after a handful of searches of O(n + m) on most "
        "graphs; O(n (n + m) / 64) at worst. With weights Dijkstra's algorithm from each node. "
        "Parallel.",
    .reference = "Takes and Kosters 2011, doi:10.1145/2063576.2063748",
    .networkx = "radius",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_radius_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_radius(gli_snapshot *snapshot, const gli_radius_options *options,
                      const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_radius, snapshot, options, control, result_out, error);
}
