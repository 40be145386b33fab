/* measures.h: what two nodes have in common, by any of eight measures: for given pairs, and for
 * nodes that share a neighbour.
 *
 * A measure is a sum over the common neighbours, each counting 1 or a share of its own, and a
 * formula over that sum and the sizes of the two neighbourhoods. As in NetworkX directions are
 * dropped, parallel edges count once, a self-loop makes a node its own neighbour, and the two nodes
 * themselves are never common neighbours. */
#ifndef GLI_CPU_LINK_PREDICTION_MEASURES_H
#define GLI_CPU_LINK_PREDICTION_MEASURES_H

#include "cpu/common.h"

typedef enum gli__measure {
  GLI__ADAMIC_ADAR,
  GLI__COMMON_NEIGHBORS,
  GLI__COSINE,
  GLI__JACCARD,
  GLI__OVERLAP,
  GLI__PREFERENTIAL_ATTACHMENT,
  GLI__RESOURCE_ALLOCATION,
  GLI__SORENSEN,
} gli__measure;

/* By the name of its algorithm, which must be one of these. */
gli__measure gli__measure_named(const char *name);

typedef struct gli__measuring {
  gli_run *run;
  gli__measure measure;
  gli_simple_rows simple;
  const uint8_t *loops; /* per node: whether it is its own neighbour */
  const double *shares; /* per node: what it counts as a common neighbour; NULL: 1 */
} gli__measuring;

/* What a node of that degree counts as a common neighbour, where measures have shares. */
double gli__measure_share(gli__measure measure, double degree);

/* Scratch of the run. */
gli_status gli__measuring_prepare(gli_run *run, gli_snapshot *snapshot, gli__measure measure,
                                  gli__measuring *measuring_out, gli_error *error);

/* Without directions and parallel edges; a loop counts two. */
int64_t gli__measure_degree(const gli__measuring *m, int32_t v);

/* What the common neighbours of u and v, but these two, add up to. */
double gli__measure_common(const gli__measuring *m, int32_t u, int32_t v);

/* The score of two nodes whose common neighbours, but u and v, add up to `common`. */
double gli__measure_score(const gli__measuring *m, int32_t u, int32_t v, double common);

/* The kernel of all measures: columns "score" (int64 where it counts, else float64), "source" and
 * "target", a row per pair. */
gli_status gli__measure_pairs(gli_run *run, gli_snapshot *snapshot, const gli_pair_list *pairs,
                              gli__measure measure, gli_result *result, gli_error *error);

#endif
