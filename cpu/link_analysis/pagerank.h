/* pagerank.h: what the two ways to the PageRank scores share. */
#ifndef GLI_CPU_LINK_ANALYSIS_PAGERANK_H
#define GLI_CPU_LINK_ANALYSIS_PAGERANK_H

#include <gli/algorithms/pagerank.h>

#include "cpu/common.h"

enum { GLI__PAGERANK_BLOCK_ENTRIES = 1 << 16 };

/* Where the surfer goes when it does not follow an edge. */
typedef struct gli__surfer {
  double damping;
  double uniform;              /* 1 / node_count */
  const double *restart;       /* [node_limit]; NULL: uniform */
  const double *dangling_goal; /* [node_limit]; NULL: as restart */
} gli__surfer;

static inline double gli__surfer_restart(const gli__surfer *surfer, int64_t node) {
  return surfer->restart == NULL ? surfer->uniform : surfer->restart[node];
}
static inline double gli__surfer_goal(const gli__surfer *surfer, int64_t node) {
  return surfer->dangling_goal == NULL ? gli__surfer_restart(surfer, node)
                                       : surfer->dangling_goal[node];
}

/* Whether gli__cpu_pagerank_symmetric serves a graph without directions and weights. On small
 * graphs nothing is gained, and power iteration stops at the scores that others' stops at, too.
 * Below a change of 1e-12 the running residual says no longer what an iteration would say; and with
 * a damping of 1 the equations have no single solution. */
static inline bool gli__cpu_pagerank_solves(int64_t entry_count, double damping, double enough) {
  return entry_count >= 1 << 15 && damping < 1 && enough >= 1e-12;
}

/* Scores of an undirected graph whose edges all count 1, until one power iteration would change
 * them by less than `enough`. *change_out: by how much it would, when it does not get there. */
gli_status gli__cpu_pagerank_symmetric(gli_run *run, gli_snapshot *snapshot,
                                       const gli__surfer *surfer, int64_t max_iterations,
                                       double enough, double *score, double *change_out,
                                       gli_error *error);

#endif
