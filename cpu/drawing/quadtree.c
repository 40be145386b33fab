/* quadtree.c: a quadtree over places sorted along the Morton curve.
 *
 * Places become codes of 2 x 22 bits within the smallest square that holds them all; a radix sort
 * by code puts the bodies of every cell side by side. Cells are then written in the order of a
 * depth-first walk, each with the index of the cell after all that lie below it, so that a force
 * walks an array forwards and needs no stack. Levels on which all bodies stay together are skipped,
 * and cells of LEAF_BODIES at most are not divided. Everything follows from the places alone: the
 * same tree and the same order of sums on any number of threads.
 *
 * Bodies closer than a 4-millionth of the square share a cell that cannot be divided; where they
 * are more than CROWD_BODIES (a start with all nodes in one place), each feels the others as one
 * body in their centre, or n bodies in one place would cost n^2. */
#include "cpu/drawing/quadtree.h"

#include <math.h>
#include <string.h>

enum {
  AXIS_BITS = 22,
  DIGIT_BITS = 11,
  LEAF_BODIES = 8,
  CROWD_BODIES = 256,
  DEEPEST = 2 * AXIS_BITS
};

gli_status gli__quadtree_start(const gli__layout *layout, const double *masses, double theta,
                               double nearest, gli__quadtree *tree_out, gli_error *error) {
  gli_run *run = layout->run;
  const int64_t count = layout->count;
  gli__quadtree tree = {
      .layout = layout, .masses = masses, .theta = theta, .nearest = nearest, .cell_count = 0};
  tree.bodies = gli_run_allocate(run, count + 1, sizeof *tree.bodies);
  tree.cells = gli_run_allocate(run, 2 * count + 1, sizeof *tree.cells);
  tree.codes = gli_run_allocate(run, count + 1, sizeof *tree.codes);
  tree.spare_codes = gli_run_allocate(run, count + 1, sizeof *tree.spare_codes);
  tree.spare = gli_run_allocate(run, 2 * count + 1, sizeof *tree.spare);
  if (tree.bodies == NULL || tree.cells == NULL || tree.codes == NULL || tree.spare_codes == NULL ||
      tree.spare == NULL) {
    return gli_run_no_memory(run, error);
  }
  *tree_out = tree;
  return GLI_OK;
}

/* --- Order along the curve -------------------------------------------------------------------- */

/* Bits of a coordinate to the even places. */
static uint64_t spread(uint64_t bits) {
  bits = (bits | bits << 16) & UINT64_C(0x0000ffff0000ffff);
  bits = (bits | bits << 8) & UINT64_C(0x00ff00ff00ff00ff);
  bits = (bits | bits << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
  bits = (bits | bits << 2) & UINT64_C(0x3333333333333333);
  return (bits | bits << 1) & UINT64_C(0x5555555555555555);
}

/* Codes in the order of the nodes; returns the side of the square. */
static double encode(gli__quadtree *tree, int32_t *order) {
  const gli__layout *layout = tree->layout;
  double low_x = INFINITY, low_y = INFINITY, high_x = -INFINITY, high_y = -INFINITY;
  for (int64_t k = 0; k < layout->count; k++) {
    const int32_t v = layout->nodes[k];
    low_x = fmin(low_x, layout->x[v]);
    high_x = fmax(high_x, layout->x[v]);
    low_y = fmin(low_y, layout->y[v]);
    high_y = fmax(high_y, layout->y[v]);
  }
  const double side = fmax(high_x - low_x, high_y - low_y);
  const double last = (double)((1 << AXIS_BITS) - 1);
  const double factor = side > 0 ? (last + 0.5) / side : 0;
  for (int64_t k = 0; k < layout->count; k++) {
    const int32_t v = layout->nodes[k];
    const double x = fmin((layout->x[v] - low_x) * factor, last);
    const double y = fmin((layout->y[v] - low_y) * factor, last);
    tree->codes[k] = spread((uint64_t)x) | spread((uint64_t)y) << 1;
    order[k] = v;
  }
  return side;
}

/* Stable, by digits: equal codes stay in the order of nodes. */
static gli_status sort_codes(gli__quadtree *tree, int32_t *order, int32_t *other,
                             gli_error *error) {
  const int64_t count = tree->layout->count;
  uint64_t *from = tree->codes, *to = tree->spare_codes;
  for (int shift = 0; shift < DEEPEST; shift += DIGIT_BITS) {
    int64_t places[(1 << DIGIT_BITS) + 1] = {0};
    const gli_status status = gli_run_check(tree->layout->run, error);
    if (status != GLI_OK) return status;
    for (int64_t k = 0; k < count; k++)
      places[(from[k] >> shift & ((1 << DIGIT_BITS) - 1)) + 1]++;
    for (int digit = 0; digit < 1 << DIGIT_BITS; digit++)
      places[digit + 1] += places[digit];
    for (int64_t k = 0; k < count; k++) {
      const int64_t place = places[from[k] >> shift & ((1 << DIGIT_BITS) - 1)]++;
      to[place] = from[k];
      other[place] = order[k];
    }
    uint64_t *codes = from;
    int32_t *nodes = order;
    from = to;
    to = codes;
    order = other;
    other = nodes;
  }
  return GLI_OK; /* four passes: back where they began */
}

/* --- Cells ------------------------------------------------------------------------------------ */

typedef struct span {
  int32_t begin, end, parent;
} span;

/* How many leading bits, in pairs, the codes of the span share. */
static int shared_bits(const gli__quadtree *tree, span s) {
  const uint64_t differ = tree->codes[s.begin] ^ tree->codes[s.end - 1];
  int below = DEEPEST;
  while (below >= 2 && (differ >> (below - 2) & 3) == 0)
    below -= 2;
  return DEEPEST - below;
}

/* First body of [begin, end) whose two bits below `depth` are at least `quarter`. */
static int32_t first_of(const gli__quadtree *tree, int32_t begin, int32_t end, int depth,
                        uint64_t quarter) {
  while (begin < end) {
    const int32_t middle = begin + (end - begin) / 2;
    if ((tree->codes[middle] >> (DEEPEST - 2 - depth) & 3) < quarter) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

/* Cells in depth-first order. A span is pushed for each quarter of a cell, the last one first. */
static void write_cells(gli__quadtree *tree, double side) {
  span stack[3 * AXIS_BITS + 4];
  int height = 0;
  stack[height++] = (span){0, (int32_t)tree->layout->count, -1};
  tree->cell_count = 0;
  while (height > 0) {
    const span s = stack[--height];
    const int depth = shared_bits(tree, s);
    const int32_t index = (int32_t)tree->cell_count++;
    tree->cells[index] = (gli__cell){.side = ldexp(side, -depth / 2),
                                     .begin = s.begin,
                                     .end = s.end,
                                     .next = index + 1,
                                     .parent = s.parent};
    if (s.end - s.begin <= LEAF_BODIES || depth == DEEPEST) continue;
    int32_t end = s.end;
    for (uint64_t quarter = 4; quarter-- > 0;) {
      const int32_t begin = quarter == 0 ? s.begin : first_of(tree, s.begin, end, depth, quarter);
      if (begin < end) stack[height++] = (span){begin, end, index};
      end = begin;
    }
  }
}

/* From the last cell to the first: what lies below comes before what lies above. */
static void sum_cells(gli__quadtree *tree) {
  for (int64_t k = tree->cell_count; k-- > 0;) {
    gli__cell *cell = &tree->cells[k];
    if (cell->next == k + 1) {
      for (int32_t b = cell->begin; b < cell->end; b++) {
        cell->mass += tree->bodies[b].mass;
        cell->x += tree->bodies[b].mass * tree->bodies[b].x;
        cell->y += tree->bodies[b].mass * tree->bodies[b].y;
      }
    }
    if (cell->parent >= 0) {
      gli__cell *parent = &tree->cells[cell->parent];
      parent->mass += cell->mass;
      parent->x += cell->x;
      parent->y += cell->y;
      if (parent->next < cell->next) parent->next = cell->next;
    }
    cell->x /= cell->mass;
    cell->y /= cell->mass;
  }
}

gli_status gli__quadtree_build(gli__quadtree *tree, gli_error *error) {
  const gli__layout *layout = tree->layout;
  int32_t *order = tree->spare;
  tree->cell_count = 0;
  if (layout->count == 0) return GLI_OK;
  const double side = encode(tree, order);
  gli_status status = sort_codes(tree, order, order + layout->count, error);
  if (status != GLI_OK) return status;
  for (int64_t k = 0; k < layout->count; k++) {
    const int32_t v = order[k];
    tree->bodies[k] =
        (gli__body){layout->x[v], layout->y[v], tree->masses == NULL ? 1 : tree->masses[v], v};
  }
  write_cells(tree, side);
  status = gli_run_check(layout->run, error);
  if (status == GLI_OK) sum_cells(tree);
  return status;
}

/* --- Forces ----------------------------------------------------------------------------------- */

void gli__quadtree_repulsion(const gli__quadtree *tree, int64_t body, double *x_out,
                             double *y_out) {
  const gli__body here = tree->bodies[body];
  const double nearest = tree->nearest * tree->nearest, theta = tree->theta * tree->theta;
  double x = 0, y = 0;
  for (int64_t k = 0; k < tree->cell_count;) {
    const gli__cell *cell = &tree->cells[k];
    const bool inside = cell->begin <= body && body < cell->end;
    const bool leaf = cell->next == k + 1;
    double dx = here.x - cell->x, dy = here.y - cell->y, d2 = dx * dx + dy * dy;
    if (!inside && cell->side * cell->side < theta * d2) {
      const double factor = cell->mass / fmax(d2, nearest);
      x += dx * factor;
      y += dy * factor;
      k = cell->next;
      continue;
    }
    k++;
    if (!leaf) continue;
    if (theta > 0 && cell->end - cell->begin > CROWD_BODIES) { /* all but in one place */
      const double rest = inside ? cell->mass - here.mass : cell->mass;
      if (inside) { /* the centre of the others is on the far side of the centre of all */
        dx *= cell->mass / rest;
        dy *= cell->mass / rest;
        d2 = dx * dx + dy * dy;
      }
      const double distance = fmax(d2, nearest);
      if (distance > 0) {
        x += dx * rest / distance;
        y += dy * rest / distance;
      }
      continue;
    }
    for (int32_t b = cell->begin; b < cell->end; b++) {
      dx = here.x - tree->bodies[b].x;
      dy = here.y - tree->bodies[b].y;
      d2 = fmax(dx * dx + dy * dy, nearest);
      if (d2 == 0) continue; /* itself, or in the same place: no direction to go */
      x += dx * tree->bodies[b].mass / d2;
      y += dy * tree->bodies[b].mass / d2;
    }
  }
  *x_out = x;
  *y_out = y;
}
