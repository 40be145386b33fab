/* distances.c: front door of blocks of the distance matrix. */
#include <gli/algorithms/distances.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "base/error.h"

static const gli_parameter parameters[] = {
    {.name = "source",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_distances_options, source),
     .help = "The block's rows: one node or several, each on its own; by default every node."},
    {.name = "target",
     .type = GLI_PARAMETER_NODES,
     .offset = offsetof(gli_distances_options, target),
     .help = "The block's columns: one node or several; by default every node."},
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_distances_options, weight),
     .minimum = 0,
     .maximum = (double)INFINITY,
     .help = "Edge attribute with the length of an edge; without it each counts 1."},
    {.name = "direction",
     .type = GLI_PARAMETER_CHOICE,
     .offset = offsetof(gli_distances_options, direction),
     .text_default = "out",
     .choices = gli__directions,
     .help = "Along which edges to go; undirected edges lead both ways."},
    {.name = "cutoff",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_distances_options, cutoff),
     .number_default = (double)INFINITY,
     .minimum = 0,
     .maximum = (double)INFINITY,
     .help = "What is farther than this counts as not reached."},
};

static const gli_column_info columns[] = {
    {"distance", GLI_COLUMN_FLOAT64, GLI_PER_ROW,
     "Source by source the distances to the targets; infinite: not reached."},
    {"sources", GLI_COLUMN_INT64, GLI_SCALAR, "Rows of the block."},
    {"targets", GLI_COLUMN_INT64, GLI_SCALAR, "Columns of the block."},
};

static gli_status check(gli_snapshot *snapshot, const void *options, gli_error *error) {
  const gli_distances_options *given = options;
  const int64_t nodes = gli_snapshot_node_count(snapshot);
  const int64_t sources = given->source.nodes != NULL ? given->source.count : nodes;
  const int64_t targets = given->target.nodes != NULL ? given->target.count : nodes;
  if ((double)sources * (double)targets <= 0x1p40) return GLI_OK;
  return gli__fail(error, GLI_ERROR_LIMIT,
                   "distances: %lld sources and %lld targets make %.3g distances; at most 2^40 can "
                   "be had at once: ask for some sources at a time",
                   (long long)sources, (long long)targets, (double)sources * (double)targets);
}

const gli_algorithm gli__algorithm_distances = {
    .struct_size = sizeof(gli_algorithm),
    .name = "distances",
    .family = "shortest_paths",
    .summary = "A block of the distance matrix: from many sources, each on its own.",
    .description =
        "Unlike `shortest_paths`, which searches from all sources at once, each source is on its "
        "own. As an array: `result.to_numpy().reshape(result.sources, result.targets)`. All pairs "
        "of a large graph come in blocks of some sources each, from `distance_blocks` in "
        "Python.\n\n"
        "Without weights 64 breadth-first searches at a time, O(n (n + m) / 64) at worst for all "
        "pairs; with weights Dijkstra's algorithm from each source. Parallel over sources.",
    .reference =
        "Then et al. 2014, doi:10.14778/2735496.2735507; Dijkstra 1959, "
        "doi:10.1007/BF01386390",
    .networkx = "all_pairs_dijkstra_path_length",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_distances_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
    .check = check,
};

gli_status gli_distances(gli_snapshot *snapshot, const gli_distances_options *options,
                         const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_distances, snapshot, options, control, result_out,
                           error);
}
