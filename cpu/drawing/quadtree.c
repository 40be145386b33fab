/* quadtree.c: a quadtree over places sorted along the Morton curve, walked by groups of bodies.
 *
 * Places become codes of 2 x 22 bits within the smallest square that holds them all; a radix sort
 * by code puts the bodies of every cell side by side. The quarters of a divided cell are written
 * side by side. Levels on which all bodies stay together are skipped, and cells of
 * GLI__LEAF_BODIES at most are not divided. Everything follows from the places alone: the same tree
 * and the same order of sums on any number of threads.
 *
 * Bodies that follow each other along the curve walk the tree together: a cell counts as one body
 * if it is far enough from the nearest place of their box, so far enough for each of them. Cells
 * and bodies are listed first and act then, eight at a time (forces.c). One step's forces on 1,024
 * nodes of a Kronecker graph take 117 us in groups of 16 at an error of 0.24 to 0.28 % (119 and
 * 0.35 % in groups of 8, 132 and 0.23 % of 32; leaves of 16 bodies instead of 8: 130), where one
 * body after the other took 324 to 349 us at 0.6 to 0.9 %.
 *
 * Bodies closer than a 4-millionth of the square share a cell that cannot be divided; where they
 * are more than CROWD_BODIES (a start with all nodes in one place), each feels the others as one
 * body in their centre, or n bodies in one place would cost n^2. */
#include "cpu/drawing/quadtree.h"

#include <math.h>
#include <string.h>

/* Squared, the least distance that is not the same place: a mass divided by it is finite. */
#define LEAST 0x1p-960

enum {
  AXIS_BITS = 22,
  DIGIT_BITS = 11,
  CROWD_BODIES = 256,
  DEEPEST = 2 * AXIS_BITS,
  TOGETHER = 4,
  MANY_OPEN = 64
};

gli_status gli__quadtree_start(const gli__layout *layout, const double *masses, double theta,
                               double nearest, gli__quadtree *tree_out, gli_error *error) {
  gli_run *run = layout->run;
  const int64_t count = layout->count, filled_up = count + GLI__LANES;
  gli__quadtree tree = {.layout = layout,
                        .forces = gli__forces_best(),
                        .masses = masses,
                        .theta = theta,
                        .least = fmax(nearest * nearest, LEAST)};
  tree.x = gli_run_allocate_zeroed(run, filled_up, sizeof *tree.x);
  tree.y = gli_run_allocate_zeroed(run, filled_up, sizeof *tree.y);
  tree.mass = gli_run_allocate_zeroed(run, filled_up, sizeof *tree.mass);
  tree.nodes = gli_run_allocate(run, count + 1, sizeof *tree.nodes);
  tree.cell_limit = count / 4 + 1;
  tree.cells = gli_run_allocate(run, tree.cell_limit, sizeof *tree.cells);
  tree.codes = gli_run_allocate(run, count + 1, sizeof *tree.codes);
  tree.spare_codes = gli_run_allocate(run, count + 1, sizeof *tree.spare_codes);
  tree.spare = gli_run_allocate(run, 2 * count + 1, sizeof *tree.spare);
  if (tree.x == NULL || tree.y == NULL || tree.mass == NULL || tree.nodes == NULL ||
      tree.cells == NULL || tree.codes == NULL || tree.spare_codes == NULL || tree.spare == NULL) {
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
    const double x = layout->x[v], y = layout->y[v];
    low_x = x < low_x ? x : low_x;
    high_x = x > high_x ? x : high_x;
    low_y = y < low_y ? y : low_y;
    high_y = y > high_y ? y : high_y;
  }
  const double side = fmax(high_x - low_x, high_y - low_y);
  const double last = (double)((1 << AXIS_BITS) - 1);
  const double factor = side > 0 ? (last + 0.5) / side : 0;
  for (int64_t k = 0; k < layout->count; k++) {
    const int32_t v = layout->nodes[k];
    const double x = (layout->x[v] - low_x) * factor, y = (layout->y[v] - low_y) * factor;
    tree->codes[k] =
        spread((uint64_t)(x < last ? x : last)) | spread((uint64_t)(y < last ? y : last)) << 1;
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

/* How many leading bits, in pairs, the codes of bodies [begin, end) share. */
static int shared_bits(const gli__quadtree *tree, int32_t begin, int32_t end) {
  const uint64_t differ = tree->codes[begin] ^ tree->codes[end - 1];
  return differ == 0 ? DEEPEST : (__builtin_clzll(differ) - (64 - DEEPEST)) & ~1;
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

static gli_status make_room(gli__quadtree *tree, gli_error *error) {
  if (tree->cell_count < tree->cell_limit) return GLI_OK;
  gli_run *run = tree->layout->run;
  gli__cells *more = gli_run_allocate(run, 2 * tree->cell_limit, sizeof *more);
  if (more == NULL) return gli_run_no_memory(run, error);
  memcpy(more, tree->cells, (size_t)tree->cell_count * sizeof *more);
  gli_run_release(run, tree->cells);
  tree->cells = more;
  tree->cell_limit *= 2;
  return GLI_OK;
}

/* A cell that is yet to be divided. */
typedef struct span {
  int32_t begin, end, cells, quarter;
} span;

static double square(double value) {
  return value * value;
}

/* Puts a cell of bodies [begin, end) into its place; returns whether it is to be divided. */
static bool write_cell(gli__quadtree *tree, const double *reach, span s) {
  gli__cells *cells = &tree->cells[s.cells];
  const int depth = s.begin < s.end ? shared_bits(tree, s.begin, s.end) : 0;
  const bool divides = s.end - s.begin > GLI__LEAF_BODIES && depth < DEEPEST;
  cells->begin[s.quarter] = s.begin;
  cells->end[s.quarter] = s.end;
  cells->inside[s.quarter] = s.begin == s.end ? 0 : -1;
  cells->reach[s.quarter] = s.begin == s.end ? INFINITY : reach[depth / 2];
  return divides;
}

/* Quarters come after the cell that they are of. */
static gli_status write_cells(gli__quadtree *tree, double side, gli_error *error) {
  span stack[3 * AXIS_BITS + 4];
  double reach[AXIS_BITS + 1]; /* by level */
  int height = 0;
  for (int level = 0; level <= AXIS_BITS; level++)
    reach[level] = square(ldexp(side, -level) / tree->theta);
  const span root = {0, (int32_t)tree->layout->count, 0, 0};
  tree->cell_count = 1;
  for (int32_t quarter = 1; quarter < 4; quarter++)
    write_cell(tree, reach, (span){0, 0, 0, quarter});
  if (write_cell(tree, reach, root)) stack[height++] = root;
  while (height > 0) {
    const span s = stack[--height];
    const int depth = shared_bits(tree, s.begin, s.end);
    const gli_status status = make_room(tree, error);
    if (status != GLI_OK) return status;
    const int32_t inside = (int32_t)tree->cell_count++;
    tree->cells[s.cells].inside[s.quarter] = inside;
    int32_t end = s.end;
    for (int32_t quarter = 4; quarter-- > 0;) {
      const int32_t begin =
          quarter == 0 ? s.begin : first_of(tree, s.begin, end, depth, (uint64_t)quarter);
      const span part = {begin, end, inside, quarter};
      if (write_cell(tree, reach, part)) stack[height++] = part;
      end = begin;
    }
  }
  return GLI_OK;
}

/* From the last to the first: what lies inside comes before what it is in. */
static void sum_cells(gli__quadtree *tree) {
  for (int64_t k = tree->cell_count; k-- > 0;) {
    gli__cells *cells = &tree->cells[k];
    for (int quarter = 0; quarter < 4; quarter++) {
      double x = 0, y = 0, mass = 0;
      const int32_t inside = cells->inside[quarter];
      const bool leaf = inside < 0;
      const double *masses = leaf ? tree->mass : tree->cells[inside].mass;
      const double *xs = leaf ? tree->x : tree->cells[inside].x;
      const double *ys = leaf ? tree->y : tree->cells[inside].y;
      const int32_t begin = leaf ? cells->begin[quarter] : 0;
      const int32_t end = leaf ? cells->end[quarter] : inside > 0 ? 4 : 0;
      for (int32_t b = begin; b < end; b++) {
        mass += masses[b];
        x += masses[b] * xs[b];
        y += masses[b] * ys[b];
      }
      cells->mass[quarter] = mass;
      cells->x[quarter] = mass > 0 ? x / mass : 0;
      cells->y[quarter] = mass > 0 ? y / mass : 0;
    }
  }
}

/* A body's place among the others, in the order that was found. */
static void set_bodies(gli__quadtree *tree, const int32_t *order) {
  const gli__layout *layout = tree->layout;
  for (int64_t k = 0; k < layout->count; k++) {
    const int32_t v = order[k];
    tree->x[k] = layout->x[v];
    tree->y[k] = layout->y[v];
    tree->mass[k] = tree->masses == NULL ? 1 : tree->masses[v];
    tree->nodes[k] = v;
  }
}

gli_status gli__quadtree_build(gli__quadtree *tree, gli_error *error) {
  const gli__layout *layout = tree->layout;
  int32_t *order = tree->spare;
  tree->cell_count = 0;
  if (layout->count == 0) return GLI_OK;
  if (tree->theta == 0) {
    set_bodies(tree, layout->nodes);
    return gli_run_check(layout->run, error);
  }
  const double side = encode(tree, order);
  gli_status status = sort_codes(tree, order, order + layout->count, error);
  if (status != GLI_OK) return status;
  set_bodies(tree, order);
  status = write_cells(tree, side, error);
  if (status == GLI_OK) status = gli_run_check(layout->run, error);
  if (status == GLI_OK) sum_cells(tree);
  return status;
}

/* --- Forces ----------------------------------------------------------------------------------- */

static void act(const gli__quadtree *tree, gli__group *group) {
  int64_t count = group->listed;
  for (; count % GLI__LANES != 0; count++) {
    group->list_x[count] = group->low_x;
    group->list_y[count] = group->low_y;
    group->list_mass[count] = 0;
  }
  tree->forces->repel(group, group->list_x, group->list_y, group->list_mass, count);
  group->listed = 0;
}

/* Bodies that are all but in one place: each feels the others as one in their centre, which is on
 * the far side of the centre of all. */
static void push_crowd(const gli__quadtree *tree, const gli__group *group, const gli__cells *cells,
                       int64_t which) {
  const double mass = cells->mass[which];
  for (int64_t k = 0; k < group->count; k++) {
    const int64_t body = group->begin + k;
    const bool inside = cells->begin[which] <= body && body < cells->end[which];
    const double rest = inside ? mass - tree->mass[body] : mass;
    const double dx = (group->x[k] - cells->x[which]) * (mass / rest);
    const double dy = (group->y[k] - cells->y[which]) * (mass / rest);
    const double force = rest / fmax(dx * dx + dy * dy, group->least);
    group->sum_x[k] += dx * force;
    group->sum_y[k] += dy * force;
  }
}

/* So many are copied always: what is beyond the last one is overwritten. */
static void list_bodies(const gli__quadtree *tree, gli__group *group) {
  for (int64_t k = 0; k < group->leaf_count; k++) {
    const gli__cells *cells = &tree->cells[group->leaves[k] / 4];
    const int64_t which = group->leaves[k] % 4;
    const int32_t end = cells->end[which];
    int32_t begin = cells->begin[which];
    if (end - begin > CROWD_BODIES) {
      push_crowd(tree, group, cells, which);
      continue;
    }
    for (; begin < end; begin += GLI__LEAF_BODIES) {
      const size_t bytes = GLI__LEAF_BODIES * sizeof(double);
      memcpy(group->list_x + group->listed, tree->x + begin, bytes);
      memcpy(group->list_y + group->listed, tree->y + begin, bytes);
      memcpy(group->list_mass + group->listed, tree->mass + begin, bytes);
      group->listed += end - begin < GLI__LEAF_BODIES ? end - begin : GLI__LEAF_BODIES;
      if (group->listed > GLI__LIST_SOURCES - GLI__LANES) act(tree, group);
    }
  }
  group->leaf_count = 0;
}

/* Which cells come next is known late, so that four are taken at once: 117 us instead of 127 for
 * the forces of 1,024 nodes. Where many are open one alone is, so that they never outgrow the room:
 * it adds 3 for each level. */
static void walk_cells(const gli__quadtree *tree, gli__group *group) {
  group->open[0] = 0;
  group->open_count = 1;
  group->leaf_count = group->listed = 0;
  while (group->open_count > 0) {
    const int64_t open = group->open_count;
    const int64_t count = open > MANY_OPEN ? 1 : open < TOGETHER ? open : TOGETHER;
    int32_t next[TOGETHER];
    group->open_count -= count;
    memcpy(next, group->open + group->open_count, (size_t)count * sizeof *next);
    for (int64_t k = 0; k < count; k++)
      tree->forces->sort_out(group, tree->cells, next[k]);
    if (group->leaf_count > GLI__OPEN_LEAVES - 4 * TOGETHER - 1) list_bodies(tree, group);
    if (group->listed > GLI__LIST_SOURCES - 4 * TOGETHER) act(tree, group);
  }
  list_bodies(tree, group);
  if (group->listed > 0) act(tree, group);
}

/* Bodies [begin, end), whose sums are 0 at first. */
static void start_group(const gli__quadtree *tree, int64_t begin, int64_t end, double *sum_x,
                        double *sum_y, gli__group *group) {
  const double *x = tree->x + begin, *y = tree->y + begin;
  group->x = x;
  group->y = y;
  group->sum_x = sum_x;
  group->sum_y = sum_y;
  group->count = end - begin;
  group->begin = (int32_t)begin;
  group->end = (int32_t)end;
  group->least = tree->least;
  group->low_x = group->high_x = x[0];
  group->low_y = group->high_y = y[0];
  for (int64_t k = 0; k < end - begin; k++) {
    group->low_x = x[k] < group->low_x ? x[k] : group->low_x;
    group->high_x = x[k] > group->high_x ? x[k] : group->high_x;
    group->low_y = y[k] < group->low_y ? y[k] : group->low_y;
    group->high_y = y[k] > group->high_y ? y[k] : group->high_y;
    sum_x[k] = sum_y[k] = 0;
  }
}

void gli__quadtree_repulsion(const gli__quadtree *tree, int64_t begin, int64_t end, double *x_out,
                             double *y_out) {
  gli__group group;
  start_group(tree, begin, end, x_out, y_out, &group);
  if (tree->cell_count > 0) {
    walk_cells(tree, &group);
    return;
  }
  for (int64_t k = 0; k < tree->layout->count; k += GLI__LIST_SOURCES) {
    const int64_t left = tree->layout->count - k;
    const int64_t filled_up = (left + GLI__LANES - 1) / GLI__LANES * GLI__LANES;
    tree->forces->repel(&group, tree->x + k, tree->y + k, tree->mass + k,
                        left > GLI__LIST_SOURCES ? GLI__LIST_SOURCES : filled_up);
  }
}
