/* k_truss.c: front door of truss numbers. */
#include <gli/algorithms/k_truss.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"

static const gli_column_info columns[] = {
    {"truss", GLI_COLUMN_INT64, GLI_PER_EDGE, "Truss number; 0 for self-loops."},
    {"largest", GLI_COLUMN_INT64, GLI_SCALAR, "The largest truss number."},
};

static const char *const aliases[] = {"trussness", NULL};

const gli_algorithm gli__algorithm_k_truss = {
    .struct_size = sizeof(gli_algorithm),
    .name = "k_truss",
    .family = "core",
    .aliases = aliases,
    .summary =
        "The largest k such that an edge lies in a subgraph where every edge lies in k - 2 "
        "triangles.",
    .description =
        "The edges of number k and above are the k-truss. Every edge has at least 2, but self- "
        "loops, which belong to no truss: 0. Directions are ignored; parallel edges count as one "
        "and have the same number. Without an edge the largest is 0.\n\n"
        "Triangles per edge are counted in parallel, then edges are peeled in the order of how "
        "many they have left, on one thread. Cost O(m^1.5 log n) at worst.",
    .reference =
        "Cohen 2008, Trusses: cohesive subgraphs for social network analysis; Wang and Cheng "
        "2012, doi:10.14778/2311906.2311909",
    .networkx = "k_truss",
    .options_size = sizeof(gli_k_truss_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_EXACT,
};

gli_status gli_k_truss(gli_snapshot *snapshot, const gli_k_truss_options *options,
                       const gli_control *control, gli_result **result_out, gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_k_truss, snapshot, options, control, result_out, error);
}
