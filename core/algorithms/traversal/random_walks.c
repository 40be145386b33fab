/* random_walks.c: front door of random walks. */
#include <gli/algorithms/random_walks.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "base/error.h"

static const char *const directions[] = {"out", "in", NULL};

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_random_walks_options, source),
     .help = "Where walks start: one node or several; by default every node."},
    {.name = "length",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_random_walks_options, length),
     .number_default = 10,
     .minimum = 1,
     .maximum = INT32_MAX,
     .help = "Steps of a walk, which has one node more."},
    {.name = "walks_per_node",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_random_walks_options, walks_per_node),
     .number_default = 1,
     .minimum = 1,
     .maximum = INT32_MAX,
     .help = "How many walks start at each source."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_random_walks_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that an edge is taken in proportion to; without it all alike."},
    {.name = "p",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_random_walks_options, p),
     .number_default = 1,
     .minimum = 1e-9,
     .maximum = 1e9,
     .help = "node2vec's return parameter: going back weighs 1 / p."},
    {.name = "q",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_random_walks_options, q),
     .number_default = 1,
     .minimum = 1e-9,
     .maximum = 1e9,
     .help = "node2vec's in-out parameter: going away from the node before weighs 1 / q."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_random_walks_options, direction),
     .text_default = "out",
     .choices = directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
    {.name = "seed",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_random_walks_options, seed),
     .maximum = 0x1p53,
     .help = "The same walks for the same seed, on any number of threads."},
};

static const gli_column_info columns[] = {
    {"node", GLI_COLUMN_NODE, GLI_PER_ROW,
     "Walk after walk, length + 1 places each; none after the end of a walk that ended early."},
    {"walks", GLI_COLUMN_INT64, GLI_SCALAR, "How many walks there are."},
    {"places", GLI_COLUMN_INT64, GLI_SCALAR, "Places of a walk: length + 1."},
};

static gli_status check(gli_snapshot *snapshot, const void *options, gli_error *error) {
  const gli_random_walks_options *given = options;
  const int64_t sources =
      given->source.nodes != NULL ? given->source.count : gli_snapshot_node_count(snapshot);
  const double places =
      (double)sources * (double)given->walks_per_node * ((double)given->length + 1);
  if (places <= 0x1p40) return GLI_OK;
  return gli__fail(error, GLI_ERROR_LIMIT,
                   "random_walks: %lld sources, walks_per_node %lld and length %lld make %.3g "
                   "places; at most 2^40 can be had at once",
                   (long long)sources, (long long)given->walks_per_node, (long long)given->length,
                   places);
}

const gli_algorithm gli__algorithm_random_walks = {
    .struct_size = sizeof(gli_algorithm),
    .name = "random_walks",
    .family = "traversal",
    .summary = "Random walks: uniform, weighted, and with node2vec's bias.",
    .description =
        "A step takes an edge of the node in proportion to its weight. Parallel edges count each, "
        "a self-loop once. With `p` or `q` an edge also counts 1 / p where it goes back to the "
        "node before, 1 where it goes to a node joined to the node before, in whichever direction, "
        "and 1 / q elsewhere. A walk ends early where no edge of positive weight leads on.\n\n"
        "As an array: `result.to_numpy().reshape(result.walks, result.places)`. Every walk has a "
        "random stream of its own. Cost O(1) a step, with weights O(log degree), with p and q a "
        "few times that.",
    .reference = "Grover and Leskovec 2016, doi:10.1145/2939672.2939754",
    .networkx = "",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_random_walks_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
    .check = check,
};

gli_status gli_random_walks(gli_snapshot *snapshot, const gli_random_walks_options *options,
                            const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_random_walks, snapshot, options, control, result_out,
                           error);
}
