/* quadtree.h: the sum of the repulsions of many bodies, near ones one by one, far ones by groups.
 *
 * Barnes and Hut 1986 (doi:10.1038/324446a0): a square cell whose side is less than theta times its
 * distance counts as one body in its centre of mass. A cell that holds the body itself is always
 * opened, and with theta 0 every cell is: then the sum is the exact one. */
#ifndef GLI_CPU_DRAWING_QUADTREE_H
#define GLI_CPU_DRAWING_QUADTREE_H

#include "cpu/drawing/forces.h"
#include "cpu/drawing/layout.h"

typedef struct gli__quadtree {
  const gli__layout *layout;
  const gli__forces_variant *forces;
  const double *masses; /* [node]; NULL: 1 each */
  double theta;
  double least;         /* shorter distances count as this one, squared */
  double *x, *y, *mass; /* [count] bodies along the cells, filled up with ones that weigh 0 */
  int32_t *nodes;       /* [count] which they are */
  gli__cells *cells;    /* [cell_count] the root alone comes first; none: bodies act one by one */
  int64_t cell_count, cell_limit;
  uint64_t *codes, *spare_codes; /* [count] */
  int32_t *spare;                /* [count] */
} gli__quadtree;

/* Bodies side by side that look at cells together. */
enum { GLI__GROUP_BODIES = 16 };

/* Scratch of the run: 96 bytes a node, which grow when bodies crowd in many places each. */
gli_status gli__quadtree_start(const gli__layout *layout, const double *masses, double theta,
                               double nearest, gli__quadtree *tree_out, gli_error *error);

/* Build it anew from the layout's places. Cost O(n), the same whatever the number of threads. */
gli_status gli__quadtree_build(gli__quadtree *tree, gli_error *error);

/* At bodies [begin, end), GLI__GROUP_BODIES at most: the sums over the other bodies j of mass_j *
 * (place - place_j) / d_j^2. */
void gli__quadtree_repulsion(const gli__quadtree *tree, int64_t begin, int64_t end, double *x_out,
                             double *y_out);

#endif
