/* choices.h: what similar_nodes and similar_pairs let choose. */
#ifndef GLI_ALGORITHMS_LINK_PREDICTION_CHOICES_H
#define GLI_ALGORITHMS_LINK_PREDICTION_CHOICES_H

#include <stddef.h>

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

#endif
