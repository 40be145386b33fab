/* quadtree.h: the sum of the repulsions of many bodies, near ones one by one, far ones by groups.
 *
 * Barnes and Hut 1986 (doi:10.1038/324446a0): a square cell whose side is less than theta times its
 * distance counts as one body in its centre of mass. A cell that holds the body itself is always
 * opened, and with theta 0 every cell is: then the sum is the exact one. */
#ifndef GLI_CPU_DRAWING_QUADTREE_H
#define GLI_CPU_DRAWING_QUADTREE_H

#include "cpu/drawing/layout.h"

/* A cell and all below it lie at [its index, next); its bodies at [begin, end). */
typedef struct gli__cell {
  double x, y, mass; /* centre of mass, while the tree is built the sum of mass times place */
  double side;
  int32_t begin, end, next;
  int32_t parent; /* -1: the root; leaves have next = index + 1 */
} gli__cell;

typedef struct gli__body {
  double x, y, mass;
  int32_t node;
} gli__body;

typedef struct gli__quadtree {
  const gli__layout *layout;
  const double *masses; /* [node]; NULL: 1 each */
  double theta;
  double nearest;    /* shorter distances count as this one */
  gli__body *bodies; /* [count] along the cells */
  gli__cell *cells;  /* [cell_count] */
  int64_t cell_count;
  uint64_t *codes, *spare_codes; /* [count] */
  int32_t *spare;                /* [count] */
} gli__quadtree;

/* Scratch of the run: 150 bytes a node at the most. */
gli_status gli__quadtree_start(const gli__layout *layout, const double *masses, double theta,
                               double nearest, gli__quadtree *tree_out, gli_error *error);

/* Build it anew from the layout's places. Cost O(n), the same whatever the number of threads. */
gli_status gli__quadtree_build(gli__quadtree *tree, gli_error *error);

/* At body number `body`: the sum over the other bodies j of mass_j * (place - place_j) / d_j^2. */
void gli__quadtree_repulsion(const gli__quadtree *tree, int64_t body, double *x_out, double *y_out);

#endif
