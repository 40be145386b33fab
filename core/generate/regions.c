/* regions.c: each pair of a rectangle or triangle is an edge with probability p, by drawing the
 * gaps between edges (Batagelj and Brandes 2005, doi:10.1103/PhysRevE.71.036113).
 *
 * Pairs are numbered row by row and cut into blocks of about GLI__BLOCK_EDGES edges; a block draws
 * from a random stream of its own and stops at its last pair, so the graph does not depend on the
 * threads. A block writes into places for its mean and eight standard deviations; should one ever
 * find more, all is drawn anew with room for it: the same draws, since they depend on seed and
 * block alone. Counting first and drawing twice would take twice the logarithms.
 *
 * Cost O(edges + rows + blocks). */
#include <math.h>

#include "generate/making.h"

typedef struct drawing {
  gli__making *making;
  const gli__region *regions;
  int64_t region_count, block_count;
  int64_t *begins; /* [block_count + 1] places in the arrays */
  int64_t *found;  /* [block_count] */
} drawing;

int64_t gli__region_pairs(const gli__region *region) {
  switch (region->shape) {
    case GLI__UPPER:
      return region->rows % 2 == 0 ? region->rows / 2 * (region->rows - 1)
                                   : (region->rows - 1) / 2 * region->rows;
    case GLI__OFF_DIAGONAL:
      return region->rows * (region->rows - 1);
    default:
      return region->rows * region->columns;
  }
}

static int64_t row_length(const gli__region *region, int64_t row) {
  switch (region->shape) {
    case GLI__UPPER:
      return region->rows - 1 - row;
    case GLI__OFF_DIAGONAL:
      return region->rows - 1;
    default:
      return region->columns;
  }
}

/* Pairs in the rows above `row` of the upper triangle of n rows. */
static int64_t above(int64_t n, int64_t row) {
  return row * (n - 1) - row * (row - 1) / 2;
}

/* Row and place in the row of pair `place`. */
static int64_t row_of(const gli__region *region, int64_t place, int64_t *column) {
  int64_t row = 0;
  if (region->shape != GLI__UPPER) {
    const int64_t length = row_length(region, 0);
    *column = place % length;
    return place / length;
  }
  /* From the end rows have 0, 1, 2, ... pairs: a root gets near, steps correct its rounding. */
  const int64_t n = region->rows;
  const double left = (double)(above(n, n) - 1 - place);
  row = n - 2 - (int64_t)((sqrt(8 * left + 1) - 1) / 2);
  if (row < 0) row = 0;
  while (row > 0 && above(n, row) > place)
    row--;
  while (above(n, row + 1) <= place)
    row++;
  *column = place - above(n, row);
  return row;
}

void gli__pair_at(int64_t n, bool directed, int64_t place, int64_t *u, int64_t *v) {
  const gli__region square = {
      .rows = n, .columns = n, .shape = directed ? GLI__OFF_DIAGONAL : GLI__UPPER};
  int64_t column;
  *u = row_of(&square, place, &column);
  *v = directed ? column + (column >= *u) : *u + 1 + column;
}

static int64_t target_of(const gli__region *region, int64_t row, int64_t column) {
  switch (region->shape) {
    case GLI__UPPER:
      return region->first_column + row + 1 + column;
    case GLI__OFF_DIAGONAL:
      return region->first_column + column + (column >= row);
    default:
      return region->first_column + column;
  }
}

/* Block `block` of all: pairs [first, last) of its region. */
static void draw_block(const drawing *d, int64_t block) {
  int64_t low = 0, high = d->region_count - 1;
  while (low < high) {
    const int64_t middle = low + (high - low + 1) / 2;
    if (d->regions[middle].first_block <= block) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const gli__region *region = &d->regions[low];
  const int64_t first = (block - region->first_block) * region->block_pairs;
  int64_t left =
      region->pairs - first < region->block_pairs ? region->pairs - first : region->block_pairs;
  int64_t *sources = d->making->sources + d->begins[block];
  int64_t *targets = d->making->targets + d->begins[block];
  const int64_t room = d->begins[block + 1] - d->begins[block];
  const double log_no = region->p < 1 ? log1p(-region->p) : 0;
  gli_random random = gli_random_start(d->making->options.seed, (uint64_t)block);
  int64_t column, row = row_of(region, first, &column), length = row_length(region, row);
  int64_t count = 0;
  for (;;) {
    if (region->p < 1) {
      const double gap = floor(log(1 - gli_random_unit(&random)) / log_no);
      if (!(gap < (double)left)) break;
      column += (int64_t)gap;
      left -= (int64_t)gap;
    }
    if (left <= 0) break;
    while (column >= length) {
      column -= length;
      length = row_length(region, ++row);
    }
    if (count < room) {
      sources[count] = region->first_row + row;
      targets[count] = target_of(region, row, column);
    }
    count++;
    column++;
    left--;
  }
  d->found[block] = count;
}

static void draw_blocks(void *context, int64_t begin, int64_t end, int32_t worker) {
  (void)worker;
  for (int64_t block = begin; block < end; block++)
    draw_block(context, block);
}

/* Cuts the regions into blocks; those without pairs or chance get none. */
static int64_t cut(gli__region *regions, int64_t region_count) {
  int64_t blocks = 0;
  for (int64_t k = 0; k < region_count; k++) {
    gli__region *region = &regions[k];
    region->pairs = gli__region_pairs(region);
    region->first_block = blocks;
    region->block_pairs = region->pairs;
    if (region->pairs == 0 || region->p <= 0) continue;
    /* Gaps are drawn as doubles, exact below 2^53. */
    const double wanted = (double)GLI__BLOCK_EDGES / region->p;
    const int64_t most = wanted < 0x1p50 ? (int64_t)wanted : INT64_C(1) << 50;
    if (most < region->pairs) region->block_pairs = most;
    blocks += (region->pairs - 1) / region->block_pairs + 1;
  }
  return blocks;
}

/* Places per block: what it found before, or the mean and eight standard deviations. */
static gli_status lay_out(drawing *d, bool again, gli_error *error) {
  int64_t total = 0, block = 0;
  for (int64_t k = 0; k < d->region_count; k++) {
    const gli__region *region = &d->regions[k];
    const int64_t end = k + 1 < d->region_count ? d->regions[k + 1].first_block : d->block_count;
    for (; block < end; block++) {
      const int64_t first = (block - region->first_block) * region->block_pairs;
      const int64_t pairs =
          region->pairs - first < region->block_pairs ? region->pairs - first : region->block_pairs;
      const double mean = (double)pairs * region->p;
      int64_t places = (int64_t)(mean + 8 * sqrt(mean) + 64);
      if (places > pairs) places = pairs;
      if (again && d->found[block] > places) places = d->found[block];
      d->begins[block] = total;
      total += places;
    }
  }
  d->begins[d->block_count] = total;
  return gli__making_edges(d->making, total, error);
}

gli_status gli__making_draw(gli__making *making, gli__region *regions, int64_t region_count,
                            gli_error *error) {
  drawing d = {.making = making, .regions = regions, .region_count = region_count};
  double expected = 0;
  for (int64_t k = 0; k < region_count; k++)
    expected += regions[k].p * (double)gli__region_pairs(&regions[k]);
  if (expected > (double)UINT32_MAX) { /* before anything is laid out for that many */
    return gli__fail(error, GLI_ERROR_LIMIT, "%s: %.0f edges; at most %lld fit into a graph",
                     making->name, expected, (long long)UINT32_MAX);
  }
  d.block_count = cut(regions, region_count);
  d.begins = gli_run_allocate(making->run, d.block_count + 1, sizeof *d.begins);
  d.found = gli_run_allocate_zeroed(making->run, d.block_count + 1, sizeof *d.found);
  if (d.begins == NULL || d.found == NULL) return gli_run_no_memory(making->run, error);
  bool fits = false;
  for (bool again = false; !fits; again = true) {
    gli_status status = lay_out(&d, again, error);
    if (status == GLI_OK) {
      status = gli_run_parallel(making->run, d.block_count, 1, draw_blocks, &d, error);
    }
    if (status != GLI_OK) return status;
    fits = true;
    for (int64_t b = 0; b < d.block_count; b++)
      fits = fits && d.found[b] <= d.begins[b + 1] - d.begins[b];
  }
  gli__making_close_gaps(making, d.block_count, d.begins, d.found);
  return GLI_OK;
}
