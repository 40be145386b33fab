/* choices.h: what similar_nodes and similar_pairs both let choose. */
#ifndef GLI_ALGORITHMS_LINK_PREDICTION_CHOICES_H
#define GLI_ALGORITHMS_LINK_PREDICTION_CHOICES_H

#include "algorithms/common.h"

/* Names of the algorithms that answer given pairs. */
static const char *const gli__similarity_measures[] = {"adamic_adar",
                                                       "common_neighbors",
                                                       "cosine",
                                                       "jaccard",
                                                       "overlap",
                                                       "preferential_attachment",
                                                       "resource_allocation",
                                                       "sorensen",
                                                       NULL};

/* How a pair is scored and which scores count, with the members of the struct `options`. */
#define GLI__SIMILARITY_SCORES(options)                                                       \
  {.name = "measure",                                                                         \
   .type = GLI_PARAMETER_CHOICE,                                                              \
   .offset = offsetof(options, measure),                                                      \
   .text_default = "jaccard",                                                                 \
   .choices = gli__similarity_measures,                                                       \
   .help = "The algorithm that scores a pair."},                                              \
  {                                                                                           \
    .name = "threshold", .type = GLI_PARAMETER_FLOAT, .offset = offsetof(options, threshold), \
    .minimum = 0, .maximum = INFINITY, .open_maximum = true,                                  \
    .help = "Only scores of at least this."                                                   \
  }

#define GLI__SIMILARITY_REFERENCE                                                \
  "Gustavson 1978, doi:10.1145/355791.355796; Liben-Nowell and Kleinberg 2007, " \
  "doi:10.1002/asi.20591"

#endif
