/* clustering.c: front door of clustering coefficients. */
#include <gli/algorithms/clustering.h>
#include <math.h>
#include <string.h>

#include "algorithms/descriptors.h"
#include "base/error.h"

static const char *const methods[] = {"fagiolo", "ldbc", NULL};

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_clustering_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute: a triangle counts the geometric mean of its weights; without it 1."},
    {.name = "method",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_clustering_options, method),
     .text_default = "fagiolo",
     .choices = methods,
     .help = "In a directed graph: the triangles of all directions (fagiolo), or the edges between "
             "the neighbours (ldbc)."},
};

static const gli_column_info columns[] = {
    {"coefficient", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Between 0 and 1."},
    {"average", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Mean of the coefficients of all nodes."},
    {"transitivity", GLI_COLUMN_FLOAT64, GLI_SCALAR, "Closed share of all connected triples."},
};

static gli_status check(gli_snapshot *snapshot, const void *options, gli_error *error) {
  const gli_clustering_options *given = options;
  (void)snapshot;
  if (given->weight == NULL || strcmp(given->method, "ldbc") != 0) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "clustering: weight '%s' with method 'ldbc', which counts edges; leave one out",
                   given->weight);
}

const gli_algorithm gli__algorithm_clustering = {
    .struct_size = sizeof(gli_algorithm),
    .name = "clustering",
    .family = "cluster",
    .summary = "Which share of the possible triangles at each node is there.",
    .description =
        "Self-loops are ignored, parallel edges count once (their weights add up). With weights a "
        "triangle counts the geometric mean of its three weights, each over the largest weight of "
        "the graph. Directed graphs count directed triangles (Fagiolo); with method \"ldbc\" the "
        "edges between "
        "the neighbours of a node, over how many there could be, where a neighbour counts once "
        "whatever the directions: the rule of LDBC Graphalytics, without weights. A node with "
        "fewer than two "
        "neighbours has 0.\n\nCost O(m^1.5) at worst.",
    .reference =
        "Saramaki et al. 2007, doi:10.1103/PhysRevE.75.027105; Fagiolo 2007, "
        "doi:10.1103/PhysRevE.76.026107; Iosup et al. 2016, "
        "doi:10.14778/3007263.3007270",
    .networkx = "clustering",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof parameters[0],
    .options_size = sizeof(gli_clustering_options),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
    .check = check,
};

gli_status gli_clustering(gli_snapshot *snapshot, const gli_clustering_options *options,
                          const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_clustering, snapshot, options, control, result_out,
                           error);
}
