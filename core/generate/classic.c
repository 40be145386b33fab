/* classic.c: graphs without chance. Edge k is a formula of k, so they are written in parallel. */
#include "generate/making.h"

typedef struct formula formula;
struct formula {
  gli__making *making;
  void (*ends)(const formula *of, int64_t edge, int64_t *source, int64_t *target);
  int64_t rows, columns;
  int64_t rightward; /* edges within rows; the others lead downwards */
  int64_t per_row;
};

static void write_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const formula *of = context;
  (void)worker;
  for (int64_t k = begin; k < end; k++)
    of->ends(of, k, &of->making->sources[k], &of->making->targets[k]);
}

static gli_status write_edges(formula *of, int64_t count, gli_error *error) {
  const gli_status status = gli__making_edges(of->making, count, error);
  if (status != GLI_OK) return status;
  return gli_run_parallel(of->making->run, count, GLI__BLOCK_EDGES, write_block, of, error);
}

/* Path, cycle and star: `short_of` edges fewer than nodes. */
static gli_status make_line(const char *name, int64_t node_count, int64_t least, int64_t short_of,
                            void (*ends)(const formula *, int64_t, int64_t *, int64_t *),
                            const gli_generate_options *options, const gli_control *control,
                            gli_graph **graph_out, gli_error *error) {
  gli__making making;
  formula of = {.making = &making, .ends = ends};
  gli_status status = gli__making_begin(&making, name, options, control, graph_out, error);
  if (status == GLI_OK) status = gli__making_nodes(&making, "node_count", node_count, error);
  if (status == GLI_OK && node_count < least) {
    status = gli__making_refuse(&making, "node_count", node_count, "at least 3", error);
  }
  if (status == GLI_OK) {
    status = write_edges(&of, node_count > short_of ? node_count - short_of : 0, error);
  }
  return gli__making_end(&making, status, graph_out, error);
}

static void path_ends(const formula *of, int64_t k, int64_t *source, int64_t *target) {
  (void)of;
  *source = k;
  *target = k + 1;
}

static void cycle_ends(const formula *of, int64_t k, int64_t *source, int64_t *target) {
  *source = k;
  *target = k + 1 < of->making->node_count ? k + 1 : 0;
}

static void star_ends(const formula *of, int64_t k, int64_t *source, int64_t *target) {
  (void)of;
  *source = 0;
  *target = k + 1;
}

gli_status gli_generate_path(int64_t node_count, const gli_generate_options *options,
                             const gli_control *control, gli_graph **graph_out, gli_error *error) {
  return make_line("path", node_count, 0, 1, path_ends, options, control, graph_out, error);
}

gli_status gli_generate_cycle(int64_t node_count, const gli_generate_options *options,
                              const gli_control *control, gli_graph **graph_out, gli_error *error) {
  return make_line("cycle", node_count, 3, 0, cycle_ends, options, control, graph_out, error);
}

gli_status gli_generate_star(int64_t node_count, const gli_generate_options *options,
                             const gli_control *control, gli_graph **graph_out, gli_error *error) {
  return make_line("star", node_count, 0, 1, star_ends, options, control, graph_out, error);
}

/* --- Grids -------------------------------------------------------------------------------------
 */

/* Rightward edges row by row, then downward ones; directed: each with its way back behind it. */
static void grid_ends(const formula *of, int64_t k, int64_t *source, int64_t *target) {
  const bool directed = of->making->options.directed, back = directed && k % 2 == 1;
  const int64_t edge = directed ? k / 2 : k;
  int64_t from, to;
  if (edge < of->rightward) {
    const int64_t row = edge / of->per_row, column = edge % of->per_row;
    from = row * of->columns + column;
    to = row * of->columns + (column + 1 < of->columns ? column + 1 : 0);
  } else {
    const int64_t row = (edge - of->rightward) / of->columns;
    const int64_t column = (edge - of->rightward) % of->columns;
    from = row * of->columns + column;
    to = (row + 1 < of->rows ? row + 1 : 0) * of->columns + column;
  }
  *source = back ? to : from;
  *target = back ? from : to;
}

/* Joined pairs along `length` nodes in a line. */
static int64_t steps_along(int64_t length, bool periodic) {
  return length == 0 ? 0 : periodic && length > 2 ? length : length - 1;
}

static gli_status lay_grid(gli__making *making, int64_t rows, int64_t columns, bool periodic,
                           gli_error *error) {
  if (rows < 0) return gli__making_refuse(making, "row_count", rows, "at least 0", error);
  if (columns < 0) return gli__making_refuse(making, "column_count", columns, "at least 0", error);
  const int64_t most = (int64_t)INT32_MAX + 1; /* refused, and no product of it overflows */
  const int64_t nodes =
      rows > most || columns > most ? most * (rows > 0 && columns > 0) : rows * columns;
  gli_status status = gli__making_nodes(making, "row_count * column_count", nodes, error);
  if (status != GLI_OK || nodes == 0) return status;
  formula of = {.making = making, .ends = grid_ends, .rows = rows, .columns = columns};
  of.per_row = steps_along(columns, periodic);
  of.rightward = rows * of.per_row;
  const int64_t edges = of.rightward + columns * steps_along(rows, periodic);
  return write_edges(&of, making->options.directed ? 2 * edges : edges, error);
}

gli_status gli_generate_grid(int64_t row_count, int64_t column_count, bool periodic,
                             const gli_generate_options *options, const gli_control *control,
                             gli_graph **graph_out, gli_error *error) {
  gli__making making;
  gli_status status = gli__making_begin(&making, "grid", options, control, graph_out, error);
  if (status == GLI_OK) status = lay_grid(&making, row_count, column_count, periodic, error);
  return gli__making_end(&making, status, graph_out, error);
}

/* --- Zachary's karate club ---------------------------------------------------------------------
 */

static const uint8_t friends[78][2] = {
    {0, 1},   {0, 2},   {0, 3},   {0, 4},   {0, 5},   {0, 6},   {0, 7},   {0, 8},   {0, 10},
    {0, 11},  {0, 12},  {0, 13},  {0, 17},  {0, 19},  {0, 21},  {0, 31},  {1, 2},   {1, 3},
    {1, 7},   {1, 13},  {1, 17},  {1, 19},  {1, 21},  {1, 30},  {2, 3},   {2, 7},   {2, 8},
    {2, 9},   {2, 13},  {2, 27},  {2, 28},  {2, 32},  {3, 7},   {3, 12},  {3, 13},  {4, 6},
    {4, 10},  {5, 6},   {5, 10},  {5, 16},  {6, 16},  {8, 30},  {8, 32},  {8, 33},  {9, 33},
    {13, 33}, {14, 32}, {14, 33}, {15, 32}, {15, 33}, {18, 32}, {18, 33}, {19, 33}, {20, 32},
    {20, 33}, {22, 32}, {22, 33}, {23, 25}, {23, 27}, {23, 29}, {23, 32}, {23, 33}, {24, 25},
    {24, 27}, {24, 31}, {25, 31}, {26, 29}, {26, 33}, {27, 33}, {28, 31}, {28, 33}, {29, 32},
    {29, 33}, {30, 32}, {30, 33}, {31, 32}, {31, 33}, {32, 33}};

static void karate_ends(const formula *of, int64_t k, int64_t *source, int64_t *target) {
  (void)of;
  *source = friends[k][0];
  *target = friends[k][1];
}

gli_status gli_generate_karate_club(const gli_generate_options *options, const gli_control *control,
                                    gli_graph **graph_out, gli_error *error) {
  gli__making making;
  formula of = {.making = &making, .ends = karate_ends};
  gli_status status = gli__making_begin(&making, "karate_club", options, control, graph_out, error);
  if (status == GLI_OK) status = gli__making_undirected(&making, error);
  if (status == GLI_OK) status = gli__making_nodes(&making, "node_count", 34, error);
  if (status == GLI_OK) status = write_edges(&of, 78, error);
  return gli__making_end(&making, status, graph_out, error);
}
