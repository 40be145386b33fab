/* two_hops.h: the nodes that share a neighbour with a node, and how much. */
#ifndef GLI_CPU_LINK_PREDICTION_TWO_HOPS_H
#define GLI_CPU_LINK_PREDICTION_TWO_HOPS_H

#include "cpu/link_prediction/measures.h"

/* What a pair is judged by: best first, ties by the smaller source, then the smaller target. */
typedef struct gli__scored {
  double score;
  int32_t source, target;
} gli__scored;

static inline bool gli__scored_before(const gli__scored *a, const gli__scored *b) {
  if (a->score != b->score) return a->score > b->score;
  return a->source != b->source ? a->source < b->source : a->target < b->target;
}

typedef struct gli__two_hops {
  gli__measuring m;
  bool adjacent; /* nodes that an edge joins count too */
  bool above;    /* only nodes of higher index */
  int64_t limit;
  double *sums;     /* [worker][limit]: what is common with the node at work; else 0 */
  int32_t *touched; /* [worker][limit] */
} gli__two_hops;

/* Scratch of the run: 12 bytes per node and worker beside what the measure takes. */
gli_status gli__two_hops_prepare(gli_run *run, gli_snapshot *snapshot, gli__measure measure,
                                 gli__two_hops *hops, gli_error *error);

/* How many nodes gather may find at u, at the most; O(degree). */
int64_t gli__two_hops_most(const gli__two_hops *hops, int32_t u);

/* Find the nodes that share a neighbour with u: returns how many, in touched of the worker, with
 * their sums, in an order that the graph alone decides; a sum of 0 says that the node does not
 * count. The caller puts the sums back to 0. */
int64_t gli__two_hops_gather(const gli__two_hops *hops, int32_t u, int32_t worker);

/* The same of nodes above u alone, without a list: adds up the sums of u + 1 and on. */
void gli__two_hops_gather_above(const gli__two_hops *hops, int32_t u, int32_t worker);

/* Put the pairs into order, in place; `spare` is as long. Cancellable, parallel. */
gli_status gli__scored_sort(gli_run *run, gli__scored *pairs, gli__scored *spare, int64_t count,
                            gli_error *error);

/* Columns "score", "source" and "target" from pairs. */
gli_status gli__scored_columns(gli_result *result, const gli__scored *pairs, int64_t count,
                               gli_error *error);

#endif
