/* hits.c: front door of hubs and authorities. */
#include <gli/algorithms/hits.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_hits_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that an edge counts by; without it each edge counts 1."},
    {.name = "normalized",
     .type = GLI_PARAMETER_BOOL,
     .offset = offsetof(gli_hits_options, normalized),
     .number_default = 1,
     .help = "Scale hubs and authorities to sum to 1."},
    {.name = "max_iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_hits_options, max_iterations),
     .number_default = 1000,
     .minimum = 1,
     .maximum = 0x1p53,
     .help = "Give up after this many iterations."},
    {.name = "tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_hits_options, tolerance),
     .number_default = 1e-8,
     .minimum = 0,
     .maximum = INFINITY,
     .help = "Stop when the hubs, which sum to 1, changed by less than this in sum."},
};

static const gli_column_info columns[] = {
    {"hub", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "How well the node points at authorities."},
    {"authority", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "How well the node is pointed at by hubs."},
};

const gli_algorithm gli__algorithm_hits = {
    .struct_size = sizeof(gli_algorithm),
    .name = "hits",
    .family = "link_analysis",
    .summary =
        "Hubs and authorities: good hubs point at good authorities, which good hubs point at.",
    .description =
        "The leading singular vectors of the matrix A of edges: authority = A' hub, hub = A "
        "authority, up to scale. Both sum to 1; not normalized, authority has a Euclidean length "
        "of 1 and hub is A authority, as in NetworkX. Undirected edges lead both ways (hubs and "
        "authorities are the same then), a self-loop leads to its own node once, parallel edges "
        "add up. Where the leading singular value is shared, by parts of the graph that are alike, "
        "the answer is what power iteration from equal scores leads to. Without edges all scores "
        "are 0.\n\n"
        "Power iteration, which needs many rounds where the two largest singular values are close; "
        "NetworkX's ARPACK needs fewer and always takes the attribute 'weight' as the weight. Cost "
        "O(n + m) per iteration.",
    .reference = "Kleinberg 1999, doi:10.1145/324133.324140",
    .networkx = "hits",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_hits_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-8,
};

gli_status gli_hits(gli_snapshot *snapshot, const gli_hits_options *options,
                    const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_hits, snapshot, options, control, result_out, error);
}
