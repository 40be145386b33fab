/* layout.h: places of nodes, which all layouts give back. */
#ifndef GLI_CPU_DRAWING_LAYOUT_H
#define GLI_CPU_DRAWING_LAYOUT_H

#include "cpu/common.h"

typedef struct gli__layout {
  gli_run *run;
  int64_t count;  /* live nodes */
  int32_t *nodes; /* [count] in order; scratch of the run */
  double *x, *y;  /* [node_limit] the columns; holes 0 */
  double *z;      /* NULL: in the plane */
} gli__layout;

/* Adds the columns "x" and "y". */
gli_status gli__layout_start(gli_run *run, gli_snapshot *snapshot, gli_result *result,
                             gli__layout *layout_out, gli_error *error);

/* Adds the column "z". */
gli_status gli__layout_deepen(gli_result *result, gli__layout *layout, gli_error *error);

/* Uniform in the unit square, each node from a random stream of its own. */
gli_status gli__layout_scatter(const gli__layout *layout, int64_t seed, gli_error *error);

/* Where the caller says; coordinates that are not given stay. */
void gli__layout_place(const gli__layout *layout, const gli_node_weights *x,
                       const gli_node_weights *y);

/* Move the mean to 0, then make the largest coordinate `scale`, as NetworkX's rescale_layout. */
void gli__layout_rescale(const gli__layout *layout, double scale);

#endif
