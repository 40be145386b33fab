/* spectral_layout.c: front door of spectral layout. */
#include <gli/algorithms/spectral_layout.h>
#include <math.h>

#include "algorithms/common.h"
#include "algorithms/descriptors.h"
#include "algorithms/drawing/parameters.h"

#define CENTER(axis)                                                                  \
  {                                                                                   \
    .name = "center_" #axis, .type = GLI_PARAMETER_FLOAT,                             \
    .offset = offsetof(gli_spectral_layout_options, center_##axis), .minimum = -1e15, \
    .maximum = 1e15, .help = "Where the mean of all places is: its " #axis "."        \
  }

static const gli_parameter parameters[] = {
    {.name = "weight",
     .type = GLI_PARAMETER_ATTRIBUTE,
     .offset = offsetof(gli_spectral_layout_options, weight),
     .minimum = 0,
     .maximum = INFINITY,
     .open_maximum = true,
     .help = "Edge attribute that an edge pulls with; without it all alike."},
    {.name = "dim",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_spectral_layout_options, dim),
     .number_default = 2,
     .minimum = 2,
     .maximum = 3,
     .help = "Dimensions: 3 adds the column z."},
    {.name = "scale",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_spectral_layout_options, scale),
     .number_default = 1,
     .minimum = 0,
     .maximum = 1e100,
     .open_minimum = true,
     .help = "The largest coordinate, seen from the centre."},
    CENTER(x),
    CENTER(y),
    CENTER(z),
    {.name = "tolerance",
     .type = GLI_PARAMETER_FLOAT,
     .offset = offsetof(gli_spectral_layout_options, tolerance),
     .number_default = 1e-5,
     .minimum = 0,
     .maximum = INFINITY,
     .help = "Residual of an eigenvector, as a share of its eigenvalue, to stop at."},
    {.name = "max_iterations",
     .type = GLI_PARAMETER_INT,
     .offset = offsetof(gli_spectral_layout_options, max_iterations),
     .number_default = 1000,
     .minimum = 1,
     .maximum = 0x1p53,
     .help = "Give up after this many iterations."},
};

static const gli_column_info columns[] = {
    {"x", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "To the right."},
    {"y", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Upwards."},
    {"z", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "To the front; with dim 3 alone."},
};

const gli_algorithm gli__algorithm_spectral_layout = {
    .struct_size = sizeof(gli_algorithm),
    .name = "spectral_layout",
    .family = "drawing",
    .summary = "Places by the eigenvectors of the Laplacian's smallest eigenvalues but one.",
    .description =
        "The Laplacian is D - A, directions dropped, parallel edges added up; self-loops cancel "
        "out. The eigenvectors of its smallest eigenvalues after the 0 of the constant vector are "
        "the coordinates, all scaled alike, as in NetworkX's spectral_layout. The first node with "
        "at least 0.45 of a coordinate's largest size lies on the positive side. Of a repeated "
        "eigenvalue's space come the vectors nearest to fixed random ones. In a graph of several "
        "components the eigenvalue 0 is repeated: each component lies in one place of a circle, in "
        "the order of their first nodes; with two components that takes x alone, and y spreads "
        "one of them. One node lies in the centre, two in 0 and in twice the centre, as NetworkX "
        "has it. As an array: `numpy.column_stack([result.x, result.y])`."
        "\n\nUp to 48 nodes all eigenvectors are computed; larger graphs take LOBPCG with a "
        "multigrid cycle as its preconditioner. Cost O(n + m) per iteration, parallel.",
    .reference =
        "Hall 1970, doi:10.1287/mnsc.17.3.219; Koren 2005, doi:10.1016/j.camwa.2004.08.015; "
        "Knyazev 2001, doi:10.1137/S1064827500366124",
    .networkx = "spectral_layout",
    .parameters = parameters,
    .parameter_count = GLI__COUNT_OF(parameters),
    .options_size = sizeof(gli_spectral_layout_options),
    .columns = columns,
    .column_count = GLI__COUNT_OF(columns),
    .agreement = GLI_BOUNDED,
    .epsilon = 1e-6,
};

gli_status gli_spectral_layout(gli_snapshot *snapshot, const gli_spectral_layout_options *options,
                               const gli_control *control, gli_result **result_out,
                               gli_error *error) {
  return gli_algorithm_run(&gli__algorithm_spectral_layout, snapshot, options, control, result_out,
                           error);
}
