/* label_propagation.c: front door of label propagation. */
#include <gli/algorithms/label_propagation.h>

#include "algorithms/descriptors.h"

static const char *const methods[] = {"ldbc", "async", NULL};

static const gli_parameter parameters[] = {
    {.name = "method",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_label_propagation_options, method),
     .text_default = "ldbc",
     .choices = methods,
     .help = "All nodes at once (ldbc), or one after the other in a drawn order (async)."},
    {.name = "max_iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_label_propagation_options, max_iterations),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Rounds at most; 0: 10 for ldbc, 100 for async."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_label_propagation_options, seed),
     .number_default = 0,
     .minimum = 0,
     .maximum = 0x1p53,
     .help = "Of the order in which async visits the nodes."},
};

static const gli_column_info columns[] = {
    {"label", GLI_COLUMN_INT64, GLI_PER_NODE, "Community, numbered from 0."},
    {"origin", GLI_COLUMN_NODE, GLI_PER_NODE, "The node whose label it was at the start."},
    {"count", GLI_COLUMN_INT64, GLI_SCALAR, "How many communities there are."},
};

const gli_algorithm gli__algorithm_label_propagation = {
    .struct_size = sizeof(gli_algorithm),
    .name = "label_propagation",
    .family = "community",
    .summary = "Communities: every node takes the label that most of its neighbours carry.",
    .description =
        "Each node starts with a label of its own; every row entry counts (directed: out and in "
        "each), so parallel edges count each and a self-loop votes for the node itself. "
        "Communities are numbered in the order of their first nodes.\n\nMethod \"ldbc\": all nodes "
        "at once, ties to the smallest label: the deterministic rule of LDBC Graphalytics. Method "
        "\"async\": one node after the other, in an order drawn anew for each round; a node keeps "
        "its label while that is among the most frequent, else one of them is drawn. Ends when a "
        "round changes nothing, or after max_iterations.\n\nCost O(n + m) per round.",
    .reference =
        "Raghavan, Albert and Kumara 2007, doi:10.1103/PhysRevE.76.036106; Iosup et al. 2016, "
        "doi:10.14778/3007263.3007270",
    .networkx = "asyn_lpa_communities",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof parameters[0],
    .options_size = sizeof(gli_label_propagation_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_EXACT,
};

gli_status gli_label_propagation(gli_snapshot *snapshot,
                                 const gli_label_propagation_options *options,
                                 const gli_control *control, gli_result **result_out,
                                 gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_label_propagation, snapshot, options, control,
                           result_out, error);
}
