/* clustering.c: local clustering from the triangles at each node; triangles.c does the work.
 *
 * The divisions are made on the host, from integers, as the CPU kernel makes them: the same bits,
 * and no device needs float64 for it. Weighted triangles have a CPU kernel only. */
#include <gli/algorithms/clustering.h>
#include <string.h>

#include "device/cluster/triangles.h"

static bool takes(gli_snapshot *snapshot, const void *given, const char **why_not_out) {
  const gli_clustering_options *options = given;
  (void)snapshot;
  if (options->weight == NULL) return true;
  *why_not_out = "clustering with weights has a CPU kernel only";
  return false;
}

static double *add(gli__call *call, gli_result *result, const char *name,
                   gli_column_domain domain) {
  return gli__call_column(call, result, name, GLI_COLUMN_FLOAT64, domain, 0, NULL);
}

typedef enum rule { UNDIRECTED, FAGIOLO, LDBC } rule;

/* cpu/cluster/clustering.c says which. */
static double coefficient_of(const gli__corners *corners, rule how, int64_t v) {
  const double degree = (double)(corners->offsets[v + 1] - corners->offsets[v]);
  const double triangles = (double)corners->triangles[v], pairs = degree * (degree - 1);
  if (degree < 2) return 0;
  if (how == UNDIRECTED) return 2 * triangles / pairs;
  if (how == LDBC) return triangles / pairs;
  const double ends = (double)corners->ends[v], mutual = ends - degree;
  const double possible = ends * (ends - 1) - 2 * mutual;
  return possible > 0 ? triangles / possible : 0;
}

static gli__corners find_corners(gli__call *call, rule how) {
  const gli__device_simple_rows simple = gli__call_simple_rows(call);
  if (how != UNDIRECTED) return gli__call_directed_corners(call, &simple, how == LDBC);
  return gli__call_corners(call, &simple, gli__call_count_triangles(call, &simple));
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_clustering_options *options = given;
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  const int64_t nodes = gli_snapshot_node_count(call->snapshot);
  const rule how = !gli_snapshot_is_directed(call->snapshot) ? UNDIRECTED
                   : strcmp(options->method, "ldbc") == 0    ? LDBC
                                                             : FAGIOLO;
  const gli__corners corners = find_corners(call, how);
  double *coefficient = add(call, result, "coefficient", GLI_PER_NODE);
  double *average = add(call, result, "average", GLI_SCALAR);
  double *transitivity = add(call, result, "transitivity", GLI_SCALAR);
  if (transitivity == NULL) return call->status;
  double sum = 0;
  for (int64_t v = 0; v < limit; v++) {
    coefficient[v] = coefficient_of(&corners, how, v);
    sum += coefficient[v];
  }
  *average = nodes > 0 ? sum / (double)nodes : 0;
  *transitivity = gli__closed_share(call, &corners);
  return GLI_OK;
}

/* Directed, PoCL takes 1.5 times as long as for counting. Our CPU kernel looks up the directions of
 * each simple entry and tells two kinds of common neighbours apart: 31 to 70 ns an entry on graphs
 * of a hundred thousand and a million edges, beside 21 to 25 for counting, on one core. */
static gli__device_work work(gli_snapshot *snapshot, const void *options) {
  gli__device_work sum = gli__triangles_work(snapshot, options);
  if (!gli_snapshot_is_directed(snapshot)) return sum;
  sum.cpu_seconds += 4e-8 * 2 * (double)gli_snapshot_out_rows(snapshot).entry_count;
  sum.entries *= 1.5;
  sum.launches += 12;
  sum.round_trips += 2;
  sum.result_bytes *= 3;
  return sum;
}

const gli__device_algorithm gli__device_clustering = {
    .program = GLI__TRIANGLES_PROGRAM, .takes = takes, .work = work, .run = run};
