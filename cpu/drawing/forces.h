/* forces.h: what bodies feel of others, as fast as this machine's vectors go. */
#ifndef GLI_CPU_DRAWING_FORCES_H
#define GLI_CPU_DRAWING_FORCES_H

#include <stdbool.h>
#include <stdint.h>

enum {
  GLI__LANES = 8,          /* bodies that a list is read by: its length is a multiple */
  GLI__LEAF_BODIES = 8,    /* bodies of a leaf, at most, unless they are too near to be parted */
  GLI__LIST_SOURCES = 512, /* bodies and cells that are listed before they act, at most */
  GLI__OPEN_CELLS = 160,   /* at most, while a tree of 22 levels is walked: 3 for each, and some */
  GLI__OPEN_LEAVES = 64    /* that are collected before their bodies are listed, at most */
};

/* The quarters of a square, each a cell of its own. */
typedef struct gli__cells {
  double x[4], y[4], mass[4]; /* centre of mass */
  double reach[4];            /* from farther away, squared, it counts as one body */
  int32_t begin[4], end[4];   /* its bodies */
  int32_t inside[4];          /* where its quarters are; -1: a leaf; 0: nothing is there */
} gli__cells;

/* Bodies in a box and what acts on them: cells that are far away, bodies of leaves that are not. */
typedef struct gli__group {
  const double *x, *y; /* [count] */
  double *sum_x, *sum_y;
  int64_t count;
  int32_t begin, end; /* which bodies they are */
  double low_x, high_x, low_y, high_y;
  double least; /* shorter distances count as this one, squared; greater than 0 */
  int32_t open[GLI__OPEN_CELLS];
  int64_t leaves[GLI__OPEN_LEAVES]; /* the number of four cells, times 4, and which of them */
  int64_t open_count, leaf_count, listed;
  double list_x[GLI__LIST_SOURCES + GLI__LANES], list_y[GLI__LIST_SOURCES + GLI__LANES];
  double list_mass[GLI__LIST_SOURCES + GLI__LANES];
} gli__group;

/* A row of neighbours at x[neighbor], y[neighbor]. */
typedef struct gli__springs_row {
  const double *x, *y;
  const int32_t *neighbors; /* [length] */
  const double *weights;    /* [length]; NULL: 1 each */
  uint32_t length;
  int32_t node; /* whose row it is */
  double least; /* shorter distances count as this one, squared */
} gli__springs_row;

/* A way to go; the fastest that runs here comes first, the last one runs everywhere. All give the
 * same bits where the compiler does not fuse a product with a sum. */
typedef struct gli__forces_variant {
  const char *name;
  bool (*runs_here)(void);
  /* Adds to the group's sums what `count` sources do, a multiple of GLI__LANES: mass * (place -
   * source's place) / d^2. */
  void (*repel)(const gli__group *group, const double *x, const double *y, const double *mass,
                int64_t count);
  /* Lists those of cells[number] that are far from the group's box, opens the others, or notes that
   * they are leaves. */
  void (*sort_out)(gli__group *group, const gli__cells *cells, int32_t number);
  /* At x[node], y[node]: the sums of weight * (place - neighbour's place) * d. */
  void (*pull)(const gli__springs_row *row, double *x_out, double *y_out);
} gli__forces_variant;

extern const gli__forces_variant gli__forces_variants[];
extern const int gli__forces_variant_count;

const gli__forces_variant *gli__forces_best(void);

#endif
