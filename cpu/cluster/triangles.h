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

/* Closed share of the connected triples, from the number of triangles; 0 where there is no triple.
 */
gli_status gli__cpu_closed_share(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                 int64_t triangles, double *share_out, gli_error *error);

#endif
