/* triangles.h: the triangles of a graph, for triangle_count, clustering and transitivity. */
#ifndef GLI_CPU_CLUSTER_TRIANGLES_H
#define GLI_CPU_CLUSTER_TRIANGLES_H

#include "cpu/simple.h"

/* Simple rows that keep the neighbours of higher rank only; rank is (degree, index). Sorted. */
typedef struct gli__oriented_rows {
  int64_t *offsets;
  int32_t *neighbors;
} gli__oriented_rows;

/* Scratch of the run. */
gli_status gli__cpu_orient(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                           gli__oriented_rows *rows_out, gli_error *error);

/* counts[v] += triangles at v, for all v < node_limit; *total_out: each triangle once. */
gli_status gli__cpu_count_triangles(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                    int64_t *counts, int64_t *total_out, gli_error *error);

/* The two ways of counting: in the order of indices, or of degrees with bit rows for hubs. Either
 * is right on any graph. */
gli_status gli__cpu_count_in_order(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                   int64_t *counts, int64_t *total_out, gli_error *error);
gli_status gli__cpu_count_by_hubs(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                  int64_t *counts, int64_t *total_out, gli_error *error);

/* Whether degrees are so skewed that bit rows for hubs pay. */
bool gli__cpu_has_hubs(int64_t node_limit, const gli_simple_rows *simple);

/* Simple rows of a directed graph, with what gli__cpu_simple_directions says of them. */
typedef struct gli__directed_rows {
  gli_simple_rows simple;
  const uint8_t *directions;
} gli__directed_rows;

/* weights[v] += the worth of the triangles at v; *total_out: triangles, each once. A side is as
 * strong as it has directions; a triangle is worth the product of its sides or, `between`, the side
 * between the other two. Two ways as above. */
gli_status gli__cpu_weigh_directed(gli_run *run, int64_t node_limit, const gli__directed_rows *rows,
                                   bool between, int64_t *weights, int64_t *total_out,
                                   gli_error *error);
gli_status gli__cpu_weigh_in_order(gli_run *run, int64_t node_limit, const gli__directed_rows *rows,
                                   bool between, int64_t *weights, int64_t *total_out,
                                   gli_error *error);
gli_status gli__cpu_weigh_by_hubs(gli_run *run, int64_t node_limit, const gli__directed_rows *rows,
                                  bool between, int64_t *weights, int64_t *total_out,
                                  gli_error *error);

/* Sums that several workers add to. */
static inline void gli__tally_add(int64_t *to, int64_t count) {
  __atomic_fetch_add(to, count, __ATOMIC_RELAXED);
}

/* Closed share of the connected triples, from the number of triangles; 0 where there is no triple.
 */
gli_status gli__cpu_closed_share(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                 int64_t triangles, double *share_out, gli_error *error);

#endif
