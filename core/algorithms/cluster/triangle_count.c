/* triangle_count.c: front door of triangle counting. */
#include <gli/algorithms/triangle_count.h>

#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"triangles", GLI_COLUMN_INT64, GLI_PER_NODE, "Triangles that the node is a corner of."},
    {"total", GLI_COLUMN_INT64, GLI_SCALAR, "All triangles, each once."},
};

static const char *const aliases[] = {"triangles", NULL};

const gli_algorithm gli__algorithm_triangle_count = {
    .struct_size = sizeof(gli_algorithm),
    .name = "triangle_count",
    .family = "cluster",
    .aliases = aliases,
    .summary = "How many triangles each node lies in.",
    .description =
        "Directions, self-loops and parallel edges are ignored. The empty graph gives an empty "
        "result.\n\nEach edge points from its end of lower degree to the other, and every triangle "
        "is found once, where two such edges start. Cost O(m^1.5) at worst.",
    .reference = "Chiba and Nishizeki 1985, doi:10.1137/0214017",
    .networkx = "triangles",
    .options_size = sizeof(gli_triangle_count_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_EXACT,
};

gli_status gli_triangle_count(gli_snapshot *snapshot, const gli_triangle_count_options *options,
                              const gli_control *control, gli_result **result_out,
                              gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_triangle_count, snapshot, options, control, result_out,
                           error);
}
