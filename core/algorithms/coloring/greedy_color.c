/* greedy_color.c: front door of greedy colouring. */
#include <gli/algorithms/greedy_color.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const char *const strategies[] = {"largest_first", "smallest_last", "random_sequential",
                                         NULL};

static const gli_parameter parameters[] = {
    {.name = "strategy",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_greedy_color_options, strategy),
     .text_default = "largest_first",
     .choices = strategies,
     .help = "In which order nodes are coloured."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_greedy_color_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the order of random_sequential."},
};

static const gli_column_info columns[] = {
    {"color", GLI_COLUMN_INT64, GLI_PER_NODE, "Colour, from 0."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many colours there are."},
};

const gli_algorithm gli__algorithm_greedy_color = {
    .struct_size = sizeof(gli_algorithm),
    .name = "greedy_color",
    .family = "coloring",
    .summary = "Small numbers for the nodes, never the same for two neighbours.",
    .description =
        "Nodes get, one after the other, the smallest colour that no neighbour has yet. "
        "largest_first: by falling degree (parallel edges and both ends of loops count), ties in "
        "node order, as in NetworkX; smallest_last: the order of core_number's peeling "
        "backwards, which needs at most one colour more than the largest core number; "
        "random_sequential: a random order. Directions, self-loops and parallel edges make no "
        "difference to who is a neighbour. The empty graph needs no colour.\n\n"
        "Cost O(n + m), colours one after the other.",
    .reference =
        "Welsh and Powell 1967, doi:10.1093/comjnl/10.1.85; Matula and Beck 1983, "
        "doi:10.1145/2402.322385",
    .networkx = "greedy_color",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_greedy_color_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_greedy_color(gli_snapshot *snapshot, const gli_greedy_color_options *options,
                            const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_greedy_color, snapshot, options, control, result_out,
                           error);
}
