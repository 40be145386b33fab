/* making.h: what the generators share: a call that fills arrays of ends and loads them in bulk. */
#ifndef GLI_GENERATE_MAKING_H
#define GLI_GENERATE_MAKING_H

#include <gli/generate.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/pool.h"

enum { GLI__BLOCK_EDGES = 1 << 16 }; /* drawn by a task: some milliseconds */

/* One call. Zero-initialise; gli__making_end whatever happened. */
typedef struct gli__making {
  const char *name; /* of the function, for messages */
  gli_generate_options options;
  const gli_control *control;
  gli__memory *memory;
  gli_run *run;
  int64_t node_count, edge_count;
  int64_t room; /* edges that the arrays hold */
  int64_t *sources, *targets;
} gli__making;

/* Options, counts and arrays; `edge_room` 0: no arrays yet. */
gli_status gli__making_begin(gli__making *making, const char *name,
                             const gli_generate_options *options, const gli_control *control,
                             gli_graph **graph_out, gli_error *error);
/* "<argument> is <value>; expected <wanted>" as GLI_ERROR_INVALID_ARGUMENT. */
gli_status gli__making_refuse(const gli__making *making, const char *argument, long long value,
                              const char *wanted, gli_error *error);
gli_status gli__making_check_p(const gli__making *making, const char *argument, double p,
                               gli_error *error);
/* For what is undirected by definition. */
gli_status gli__making_undirected(const gli__making *making, gli_error *error);
/* Checks and sets the number of nodes, then that of edges with room for them. */
gli_status gli__making_nodes(gli__making *making, const char *argument, int64_t node_count,
                             gli_error *error);
gli_status gli__making_edges(gli__making *making, int64_t edge_count, gli_error *error);
/* Load node_count nodes and edge_count edges when status is GLI_OK; release everything. */
gli_status gli__making_end(gli__making *making, gli_status status, gli_graph **graph_out,
                           gli_error *error);

/* Rectangles and triangles of the matrix of all pairs, each with a probability. */
typedef struct gli__region {
  int64_t first_row, first_column;
  int64_t rows, columns;
  enum { GLI__RECTANGLE, GLI__UPPER, GLI__OFF_DIAGONAL } shape; /* the latter two: square */
  double p;
  int64_t pairs, block_pairs, first_block;
} gli__region;

/* Draws the pairs of all regions into the arrays. */
gli_status gli__making_draw(gli__making *making, gli__region *regions, int64_t region_count,
                            gli_error *error);
int64_t gli__region_pairs(const gli__region *region);
/* The ends of pair `place` of a square of n nodes: u < v, or ordered pairs u != v. */
void gli__pair_at(int64_t n, bool directed, int64_t place, int64_t *u, int64_t *v);

/* What blocks wrote into places of their own moves together, in order. */
void gli__making_close_gaps(gli__making *making, int64_t block_count, const int64_t *begins,
                            const int64_t *found);

#endif
