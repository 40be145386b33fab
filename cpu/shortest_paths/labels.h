/* labels.h: 64 bits for what is known of a node, of which less is better; delta_stepping.c says
 * why. `whole` is a constant wherever these are used: there are two of everything, without
 * branches. */
#ifndef GLI_CPU_SHORTEST_PATHS_LABELS_H
#define GLI_CPU_SHORTEST_PATHS_LABELS_H

#include <string.h>

#include "cpu/shortest_paths/paths.h"

static inline uint64_t gli__label_bits(double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return bits;
}

static inline double gli__label_number(uint64_t bits) {
  double number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

static inline double gli__label_distance(uint64_t label, bool whole) {
  return whole ? (double)(label >> 32) : gli__label_number(label);
}

static inline bool gli__label_same_distance(uint64_t left, uint64_t right, bool whole) {
  return whole ? ((left ^ right) >> 32) == 0 : left == right;
}

/* A row in one of the two forms. */
typedef struct gli__row_view {
  uint32_t length;
  const int32_t *neighbors;
  const double *weights;
  const gli_entry *entries;
} gli__row_view;

static inline gli__row_view gli__row_view_of(const gli__weighted_rows *along, int side,
                                             int32_t node, bool whole) {
  const gli_row row = along->rows[side].rows[node];
  if (whole)
    return (gli__row_view){.length = row.length, .entries = along->entries[side] + row.begin};
  return (gli__row_view){.length = row.length,
                         .neighbors = along->rows[side].neighbors + row.begin,
                         .weights = along->weights[side] + row.begin};
}

static inline int32_t gli__row_view_neighbor(const gli__row_view *row, uint32_t at, bool whole) {
  return whole ? row->entries[at].neighbor : row->neighbors[at];
}

/* What `node`, whose own label is `here`, offers its neighbour. */
static inline uint64_t gli__label_offer(uint64_t here, const gli__row_view *row, uint32_t at,
                                        int32_t node, bool whole) {
  if (!whole) return gli__label_bits(gli__label_number(here) + row->weights[at]);
  return (((here >> 32) + row->entries[at].weight) << 32) | (uint32_t)node;
}

#endif
