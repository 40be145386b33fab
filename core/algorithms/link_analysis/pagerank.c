/* pagerank.c: front door of PageRank. */
#include <gli/algorithms/pagerank.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "base/error.h"

static const gli_parameter parameters[] = {
    {.name = "damping",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_pagerank_options, damping),
     .number_default = 0.85,
     .minimum = 0,
     .maximum = 1,
     .help = "Probability of following an edge instead of restarting."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_pagerank_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that says how likely an edge is followed; without it all alike."},
    {.name = "personalization",
     .type = GLI_PARAMETER_NODE_WEIGHTS,
     .offset = offsetof(gli_pagerank_options, personalization),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Where the surfer restarts: node to weight, others 0; without it anywhere alike."},
    {.name = "dangling",
     .type = GLI_PARAMETER_NODE_WEIGHTS,
     .offset = offsetof(gli_pagerank_options, dangling),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Where the surfer goes from a node without out edges: node to weight; without it as "
             "it restarts."},
    {.name = "max_iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_pagerank_options, max_iterations),
     .number_default = 100,
     .minimum = 1,
     .maximum = 0x1p53,
     .help = "Give up after this many iterations; with tolerance 0 do exactly so many."},
    {.name = "tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_pagerank_options, tolerance),
     .number_default = 1e-6,
     .minimum = 0,
     .maximum = INFINITY,
     .help = "Stop when the scores changed by less than this per node, summed over all nodes; 0: "
             "never, do max_iterations."},
};

static const gli_column_info columns[] = {
    {"score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Stationary probability; all sum to 1."},
};

static gli_status check_sum(const char *name, const gli_node_weights *given, gli_error *error) {
  double sum = 0;
  if (given->nodes == NULL) return GLI_OK;
  for (int64_t k = 0; k < given->count; k++)
    sum += given->weights[k];
  if (sum > 0 && isfinite(sum)) return GLI_OK;
  return gli__fail(error, GLI_ERROR_INVALID_ARGUMENT,
                   "pagerank: the weights of %s sum to %g; the sum must be above 0 and finite",
                   name, sum);
}

static gli_status check(gli_snapshot *snapshot, const void *options, gli_error *error) {
  const gli_pagerank_options *given = options;
  (void)snapshot;
  const gli_status status = check_sum("personalization", &given->personalization, error);
  return status != GLI_OK ? status : check_sum("dangling", &given->dangling, error);
}

const gli_algorithm gli__algorithm_pagerank = {
    .struct_size = sizeof(gli_algorithm),
    .name = "pagerank",
    .family = "link_analysis",
    .summary = "PageRank: how often a random surfer is found at each node.",
    .description =
        "The surfer follows an out edge with probability `damping`, chosen in proportion to its "
        "weight, and restarts otherwise. From a node without out edges (or whose weights sum to 0) "
        "it goes to `dangling`.\n\n"
        "Undirected edges lead both ways, a self-loop leads to its own node once, parallel edges "
        "add up. The empty graph gives an empty result.\n\n"
        "Power iteration from the uniform start, as NetworkX does it, with the same rule to stop: "
        "the L1 change is below node_count * tolerance. With tolerance 0 exactly max_iterations "
        "are done, which is LDBC Graphalytics' PageRank. Large graphs without directions and "
        "weights get to a change in fewer iterations, by conjugate gradients. Cost O(n + m) per "
        "iteration.",
    .reference = "Brin and Page 1998, doi:10.1016/S0169-7552(98)00110-X",
    .networkx = "pagerank",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_pagerank_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-9,
    .check = check,
};

gli_status gli_pagerank(gli_snapshot *snapshot, const gli_pagerank_options *options,
                        const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_pagerank, snapshot, options, control, result_out, error);
}
