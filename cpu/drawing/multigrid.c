/* multigrid.c: a cycle over smaller and smaller graphs that nearly solves L x = b.
 *
 * Nodes go together in groups of neighbours; the next graph has the groups as nodes and the summed
 * weights between them as edges, which is the Galerkin product for piecewise constant vectors. A
 * cycle smooths (Jacobi), goes to the next graph with what is left, adds what that gives, and
 * smooths again: a symmetric positive operator, which is all that lowest.c asks for. Groups that
 * are not smoothed over make a cycle weaker from graph to graph; where the next graph is small
 * enough it is therefore visited twice (a W cycle), which costs no more than a factor.
 *
 * Piecewise constant vectors are stiffer than smooth ones, so the next graph's solution falls
 * short; where it is visited twice, 1.8 times of it is added (Braess 1995, Computing 55:379).
 * Rounds that lowest.c needs to a residual of 1e-4 with and without: lattice of 300 x 400 18 and
 * 37, path of 100 k nodes 12 and 53. Where it is visited once it is added as it is: a vector that
 * the next graph has exactly would come back 1.8 times too long, two visits would make -4 times of
 * that, and so on (of 40 random trees of 1,021 nodes three did not converge). What comes back at
 * its length or shorter stays so, for 1 - (1 - 1.8 s)^2 is at most 1.
 *
 * Groups (after Vanek, Mandel and Brezina 1996, doi:10.1007/BF02238511): nodes in order of their
 * row's length, so that hubs begin none: whose neighbours are all free takes them; who is left over
 * then joins the group that it is tied to most. A tie is the weight over the smaller degree: a leaf
 * is tied by 1, two hubs hardly. One thread makes the groups, all make the graphs.
 *
 * Cost of a cycle O(n + m). */
#include <math.h>
#include <string.h>

#include "cpu/drawing/laplacian.h"

enum {
  BLOCK_ENTRIES = 1 << 14,
  BLOCK_NODES = 1 << 13,
  CHECK_NODES = 1 << 10,
  LENGTHS = 34, /* rows by the number of bits of their length */
};

#define STRONG 0.25    /* of a node's strongest tie: strong as well */
#define TWICE 0.4      /* of the entries are left: visited twice */
#define MORE 1.8       /* of the next graph's solution is added where it is visited twice */
#define NO_SMALLER 0.9 /* of the nodes are left: the last graph */

/* --- Groups ---------------------------------------------------------------------------------- */

typedef struct grouping {
  gli_run *run;
  const gli__laplacian *l;
  int32_t *group;
  int32_t *order; /* nodes with entries, those with few first */
  int64_t ordered, groups;
} grouping;

static double tie(const gli__laplacian *l, int side, int64_t entry, int64_t v, int32_t u) {
  const double weight = l->weights[side] == NULL ? 1 : l->weights[side][entry] * l->scale;
  return weight / fmin(l->degree[v], l->degree[u]);
}

static int bits_of_length(const gli__laplacian *l, int64_t v) {
  uint64_t length = 0;
  int bits = 0;
  for (int side = 0; side < l->sides.count; side++)
    length += l->sides.rows[side].rows[v].length;
  for (; length > 0; length >>= 1)
    bits++;
  return bits;
}

static gli_status sort_nodes(grouping *g, gli_error *error) {
  int64_t places[LENGTHS + 1] = {0};
  for (int64_t v = 0; v < g->l->count; v++) {
    g->group[v] = -1;
    if (g->l->degree[v] > 0) places[bits_of_length(g->l, v) + 1]++;
  }
  for (int k = 0; k < LENGTHS; k++)
    places[k + 1] += places[k];
  g->ordered = places[LENGTHS];
  for (int64_t v = 0; v < g->l->count; v++) {
    if (g->l->degree[v] > 0) g->order[places[bits_of_length(g->l, v)]++] = (int32_t)v;
  }
  return gli_run_check(g->run, error);
}

/* The strongest tie of v, or with `grouped` that to a node with a group, and that group. */
static double strongest(const grouping *g, int32_t v, const int32_t *grouped, int32_t *group_out) {
  double most = 0;
  for (int side = 0; side < g->l->sides.count; side++) {
    const gli_rows *rows = &g->l->sides.rows[side];
    const gli_row row = rows->rows[v];
    for (int64_t e = row.begin; e < row.begin + row.length; e++) {
      const int32_t u = rows->neighbors[e];
      if (u == v || (grouped != NULL && grouped[u] < 0)) continue;
      const double here = tie(g->l, side, e, v, u);
      if (here <= most) continue;
      most = here;
      if (grouped != NULL) *group_out = grouped[u];
    }
  }
  return most;
}

/* Whether all neighbours that v is strongly tied to are free; with `take` they get v's group. */
static bool strong_are_free(const grouping *g, int32_t v, double least, bool take) {
  for (int side = 0; side < g->l->sides.count; side++) {
    const gli_rows *rows = &g->l->sides.rows[side];
    const gli_row row = rows->rows[v];
    for (int64_t e = row.begin; e < row.begin + row.length; e++) {
      const int32_t u = rows->neighbors[e];
      if (u == v || tie(g->l, side, e, v, u) < least) continue;
      if (take) {
        g->group[u] = (int32_t)g->groups;
      } else if (g->group[u] >= 0) {
        return false;
      }
    }
  }
  return true;
}

static gli_status take_neighbors(grouping *g, gli_error *error) {
  for (int64_t k = 0; k < g->ordered; k++) {
    const int32_t v = g->order[k];
    if (k % CHECK_NODES == 0 && gli_run_stopped(g->run)) return gli_run_check(g->run, error);
    if (g->group[v] >= 0) continue;
    const double least = STRONG * strongest(g, v, NULL, NULL);
    if (least <= 0 || !strong_are_free(g, v, least, false)) continue;
    strong_are_free(g, v, least, true);
    g->group[v] = (int32_t)g->groups++;
  }
  return GLI_OK;
}

/* Those left over look at the groups as they were before any of them joined. */
static gli_status join_groups(grouping *g, gli_error *error) {
  int32_t *joined = gli_run_allocate(g->run, g->l->count + 1, sizeof *joined);
  if (joined == NULL) return gli_run_no_memory(g->run, error);
  memcpy(joined, g->group, (size_t)g->l->count * sizeof *joined);
  for (int64_t k = 0; k < g->ordered; k++) {
    const int32_t v = g->order[k];
    if (k % CHECK_NODES == 0 && gli_run_stopped(g->run)) break;
    if (g->group[v] < 0) strongest(g, v, g->group, &joined[v]);
  }
  for (int64_t k = 0; k < g->ordered; k++) {
    const int32_t v = g->order[k];
    if (joined[v] < 0) joined[v] = (int32_t)g->groups++; /* weights out of all proportion */
  }
  memcpy(g->group, joined, (size_t)g->l->count * sizeof *joined);
  gli_run_release(g->run, joined);
  return gli_run_check(g->run, error);
}

static gli_status make_groups(gli_run *run, gli__grid_level *level, int64_t *groups_out,
                              gli_error *error) {
  const int64_t count = level->laplacian.count;
  grouping g = {.run = run, .l = &level->laplacian};
  g.group = gli_run_allocate(run, count + 1, sizeof *g.group);
  g.order = gli_run_allocate(run, count + 1, sizeof *g.order);
  if (g.group == NULL || g.order == NULL) return gli_run_no_memory(run, error);
  gli_status status = sort_nodes(&g, error);
  if (status == GLI_OK) status = take_neighbors(&g, error);
  if (status == GLI_OK) status = join_groups(&g, error);
  gli_run_release(run, g.order);
  level->group = g.group;
  *groups_out = g.groups;
  return status;
}

static gli_status list_members(gli_run *run, gli__grid_level *level, int64_t groups,
                               gli_error *error) {
  const int64_t count = level->laplacian.count;
  level->starts = gli_run_allocate_zeroed(run, groups + 2, sizeof *level->starts);
  level->members = gli_run_allocate(run, count + 1, sizeof *level->members);
  if (level->starts == NULL || level->members == NULL) return gli_run_no_memory(run, error);
  /* starts[g + 2] counts, then starts[g + 1] moves on to where it shall point. */
  for (int64_t v = 0; v < count; v++) {
    if (level->group[v] >= 0) level->starts[level->group[v] + 2]++;
  }
  for (int64_t g = 0; g < groups; g++)
    level->starts[g + 2] += level->starts[g + 1];
  for (int64_t v = 0; v < count; v++) {
    if (level->group[v] >= 0) level->members[level->starts[level->group[v] + 1]++] = (int32_t)v;
  }
  return gli_run_check(run, error);
}

/* --- The next graph -------------------------------------------------------------------------- */

typedef struct rising {
  gli_run *run;
  const gli__grid_level *from;
  gli_row *rows;
  int32_t *neighbors;
  double *weights;
  double *towards; /* [worker][groups] weight from the group at work; 0: none yet */
  int64_t groups;
} rising;

static void rise_one(const rising *r, int64_t g, double *towards) {
  const gli__laplacian *l = &r->from->laplacian;
  const int64_t begin = r->rows[g].begin;
  int64_t at = begin;
  for (int64_t m = r->from->starts[g]; m < r->from->starts[g + 1]; m++) {
    const int32_t v = r->from->members[m];
    for (int side = 0; side < l->sides.count; side++) {
      const gli_row row = l->sides.rows[side].rows[v];
      for (int64_t e = row.begin; e < row.begin + row.length; e++) {
        const int32_t other = r->from->group[l->sides.rows[side].neighbors[e]];
        const double weight = l->weights[side] == NULL ? 1 : l->weights[side][e] * l->scale;
        if (other == g || other < 0 || !(weight > 0)) continue;
        if (towards[other] == 0) r->neighbors[at++] = other;
        towards[other] += weight;
      }
    }
  }
  for (int64_t k = begin; k < at; k++) {
    r->weights[k] = towards[r->neighbors[k]];
    towards[r->neighbors[k]] = 0;
  }
  r->rows[g].length = (uint32_t)(at - begin);
}

static void rise_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const rising *r = context;
  for (int64_t g = begin; g < end && !gli_run_stopped(r->run); g++)
    rise_one(r, g, r->towards + worker * r->groups);
}

/* Room for the row of each group: as much as its members' rows had, or as there are others. */
static int64_t place_rows(const rising *r) {
  const gli__laplacian *l = &r->from->laplacian;
  int64_t begin = 0;
  for (int64_t g = 0; g < r->groups; g++) {
    int64_t room = 0;
    for (int64_t m = r->from->starts[g]; m < r->from->starts[g + 1]; m++) {
      for (int side = 0; side < l->sides.count; side++)
        room += l->sides.rows[side].rows[r->from->members[m]].length;
    }
    r->rows[g] = (gli_row){.begin = begin};
    begin += room < r->groups ? room : r->groups;
  }
  return begin;
}

static gli_status rise(gli_run *run, const gli__grid_level *from, int64_t groups,
                       gli__grid_level *to, gli_error *error) {
  rising r = {.run = run, .from = from, .groups = groups};
  r.rows = gli_run_allocate(run, groups + 1, sizeof *r.rows);
  if (r.rows == NULL) return gli_run_no_memory(run, error);
  const int64_t room = place_rows(&r);
  r.neighbors = gli_run_allocate(run, room + 1, sizeof *r.neighbors);
  r.weights = gli_run_allocate(run, room + 1, sizeof *r.weights);
  r.towards = gli_run_allocate_zeroed(run, gli_run_threads(run) * groups + 1, sizeof *r.towards);
  if (r.neighbors == NULL || r.weights == NULL || r.towards == NULL) {
    return gli_run_no_memory(run, error);
  }
  const int64_t grain = gli__cpu_grain(groups, room, BLOCK_ENTRIES);
  gli_status status = gli_run_parallel(run, groups, grain, rise_block, &r, error);
  if (status == GLI_OK) status = gli_run_check(run, error);
  gli_run_release(run, r.towards);
  int64_t entries = 0;
  for (int64_t g = 0; g < groups && status == GLI_OK; g++)
    entries += r.rows[g].length;
  to->laplacian = (gli__laplacian){
      .count = groups,
      .scale = 1,
      .sides = {.count = 1,
                .rows = {{.rows = r.rows, .neighbors = r.neighbors, .entry_count = entries}}},
      .weights = {r.weights}};
  return status == GLI_OK ? gli__laplacian_measure(run, &to->laplacian, error) : status;
}

/* --- All graphs ------------------------------------------------------------------------------- */

/* The inverse on the sum of the eigenspaces whose eigenvalue is not 0. */
static gli_status invert_last(gli__grid *grid, gli_error *error) {
  const gli__laplacian *l = &grid->levels[grid->count - 1].laplacian;
  const int n = (int)l->count;
  double *matrix = gli_run_allocate(grid->run, 2 * n * n + n + 1, sizeof *matrix);
  grid->inverse = gli_run_allocate_zeroed(grid->run, n * n + 1, sizeof *grid->inverse);
  if (matrix == NULL || grid->inverse == NULL) return gli_run_no_memory(grid->run, error);
  double *vectors = matrix + n * n, *values = vectors + n * n;
  gli__laplacian_write(l, NULL, n, matrix);
  gli__symmetric_eigen(matrix, n, values, vectors);
  for (int k = 0; k < n; k++) {
    if (values[k] <= 1e-13 * values[n - 1]) continue;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++)
        grid->inverse[i * n + j] += vectors[i * n + k] * vectors[j * n + k] / values[k];
    }
  }
  gli_run_release(grid->run, matrix);
  return GLI_OK;
}

static gli_status allocate_level(gli__grid *grid, gli__grid_level *level, gli_error *error) {
  const int64_t count = level->laplacian.count;
  level->y = gli_run_allocate(grid->run, count + 1, sizeof *level->y);
  if (level->y == NULL) return gli_run_no_memory(grid->run, error);
  if (level == grid->levels) return GLI_OK;
  level->b = gli_run_allocate(grid->run, count + 1, sizeof *level->b);
  level->x = gli_run_allocate(grid->run, count + 1, sizeof *level->x);
  if (level->b == NULL || level->x == NULL) return gli_run_no_memory(grid->run, error);
  return GLI_OK;
}

gli_status gli__grid_start(gli_run *run, const gli__laplacian *laplacian, gli__grid *grid,
                           gli_error *error) {
  memset(grid, 0, sizeof *grid);
  grid->run = run;
  grid->levels[0].laplacian = *laplacian;
  gli_status status = GLI_OK;
  for (grid->count = 1; grid->count < GLI__LEVELS; grid->count++) {
    gli__grid_level *level = &grid->levels[grid->count - 1];
    const int64_t count = level->laplacian.count;
    int64_t groups = 0;
    if (count <= GLI__DENSE) break;
    status = make_groups(run, level, &groups, error);
    if (status != GLI_OK || (double)groups > NO_SMALLER * (double)count) break;
    status = list_members(run, level, groups, error);
    if (status == GLI_OK) status = rise(run, level, groups, level + 1, error);
    if (status != GLI_OK) break;
    const double left = (double)gli__cpu_sides_entries(&level[1].laplacian.sides) /
                        (double)gli__cpu_sides_entries(&level->laplacian.sides);
    level->turns = left <= TWICE ? 2 : 1;
  }
  for (int k = 0; k < grid->count && status == GLI_OK; k++)
    status = allocate_level(grid, &grid->levels[k], error);
  if (status == GLI_OK && grid->levels[grid->count - 1].laplacian.count <= GLI__DENSE) {
    status = invert_last(grid, error);
  }
  return status;
}

/* --- The cycle -------------------------------------------------------------------------------- */

static void down_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const gli__grid_level *level = context;
  const gli__grid_level *next = level + 1;
  (void)worker;
  for (int64_t g = begin; g < end; g++) {
    gli__four sum = {0};
    for (int64_t m = level->starts[g]; m < level->starts[g + 1]; m++) {
      const int32_t v = level->members[m];
      gli__four row;
      gli__laplacian_row(&level->laplacian, level->x, v, &row);
      sum += level->b[v] - row;
    }
    next->b[g] = sum;
  }
}

static void up_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const gli__grid_level *level = context;
  const double share = level->turns == 2 ? MORE : 1;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    if (level->group[v] >= 0) level->x[v] += share * level[1].x[level->group[v]];
  }
}

static void solve_last(const gli__grid *grid) {
  const gli__grid_level *level = &grid->levels[grid->count - 1];
  const int64_t n = level->laplacian.count;
  for (int64_t i = 0; i < n; i++) {
    gli__four sum = {0};
    for (int64_t j = 0; j < n; j++)
      sum += level->b[j] * grid->inverse[i * n + j];
    level->x[i] = sum;
  }
}

/* A first x from b alone. */
static gli_status begin_level(const gli__grid *grid, int at, gli_error *error) {
  const gli__grid_level *level = &grid->levels[at];
  if (at + 1 < grid->count || grid->inverse == NULL) {
    return gli__laplacian_smooth(grid->run, &level->laplacian, level->b, NULL, level->x, error);
  }
  solve_last(grid);
  return GLI_OK;
}

/* What x leaves of b goes to the next graph. */
static gli_status go_down(gli__grid *grid, int at, gli_error *error) {
  gli__grid_level *level = &grid->levels[at];
  const int64_t groups = level[1].laplacian.count;
  const int64_t entries = gli__cpu_sides_entries(&level->laplacian.sides);
  return gli_run_parallel(grid->run, groups, gli__cpu_grain(groups, entries, BLOCK_ENTRIES),
                          down_block, level, error);
}

static gli_status come_up(gli__grid *grid, int at, gli_error *error) {
  gli__grid_level *level = &grid->levels[at];
  gli_status status =
      gli_run_parallel(grid->run, level->laplacian.count, BLOCK_NODES, up_block, level, error);
  if (status == GLI_OK) {
    status =
        gli__laplacian_smooth(grid->run, &level->laplacian, level->b, level->x, level->y, error);
  }
  gli__four *smoothed = level->y;
  level->y = level->x;
  level->x = smoothed;
  return status;
}

gli_status gli__grid_solve(gli__grid *grid, const gli__four *b, gli__four *x, gli_error *error) {
  int visits[GLI__LEVELS] = {0}, at = 0;
  const int last = grid->count - 1;
  gli__grid_level *first = grid->levels;
  gli__four *scratch = first->y;
  first->b = (gli__four *)b; /* read only */
  visits[0] = last > 0 ? first->turns : 0;
  if (visits[0] % 2 == 1) { /* every smoothing changes places: it ends in the caller's x */
    first->x = scratch;
    first->y = x;
  } else {
    first->x = x;
  }
  gli_status status = begin_level(grid, 0, error);
  while (status == GLI_OK && (at > 0 || visits[0] > 0)) {
    if (visits[at] > 0) {
      visits[at]--;
      status = go_down(grid, at++, error);
      if (status == GLI_OK) status = begin_level(grid, at, error);
      visits[at] = at < last ? grid->levels[at].turns : 0;
    } else {
      status = come_up(grid, --at, error);
    }
  }
  first->y = scratch;
  return status;
}
