/* parameters.h: what layouts have in common: columns, and parameters that several take. */
#ifndef GLI_ALGORITHMS_DRAWING_PARAMETERS_H
#define GLI_ALGORITHMS_DRAWING_PARAMETERS_H

#include "algorithms/common.h"

static const gli_column_info gli__layout_columns[] = {
    {"x", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "To the right."},
    {"y", GLI_COLUMN_FLOAT64, GLI_PER_NODE, "Upwards."},
};

/* What forces ask for, with the members of the struct `options`. */
#define GLI__LAYOUT_FORCES(options)                                                           \
  {.name = "weight",                                                                          \
   .type = GLI_PARAMETER_ATTRIBUTE,                                                           \
   .offset = offsetof(options, weight),                                                       \
   .minimum = 0,                                                                              \
   .maximum = INFINITY,                                                                       \
   .open_maximum = true,                                                                      \
   .help = "Edge attribute that an edge pulls with; without it all alike."},                  \
  {                                                                                           \
    .name = "theta", .type = GLI_PARAMETER_FLOAT, .offset = offsetof(options, theta),         \
    .number_default = 0.8, .minimum = 0, .maximum = 2,                                        \
    .help =                                                                                   \
        "What repulsion may be put together: 0 is exact and costs n^2, larger is faster and " \
        "coarser."                                                                            \
  }

#define GLI__LAYOUT_SEED(options)                                                             \
  {                                                                                           \
    .name = "seed", .type = GLI_PARAMETER_INT, .offset = offsetof(options, seed),             \
    .maximum = 0x1p53, .help = "The same places for the same seed, on any number of threads." \
  }

/* Where nodes start. */
#define GLI__LAYOUT_START(options)                                   \
  {.name = "x",                                                      \
   .type = GLI_PARAMETER_NODE_WEIGHTS,                               \
   .offset = offsetof(options, x),                                   \
   .minimum = -1e100,                                                \
   .maximum = 1e100,                                                 \
   .help = "Where nodes start: node -> x. Others start at random."}, \
      {.name = "y",                                                  \
       .type = GLI_PARAMETER_NODE_WEIGHTS,                           \
       .offset = offsetof(options, y),                               \
       .minimum = -1e100,                                            \
       .maximum = 1e100,                                             \
       .help = "The same: node -> y."},                              \
      GLI__LAYOUT_SEED(options)

#endif
