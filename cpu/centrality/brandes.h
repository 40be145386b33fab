/* brandes.h: shortest-path dependencies from many sources, for both kinds of betweenness. */
#ifndef GLI_CPU_CENTRALITY_BRANDES_H
#define GLI_CPU_CENTRALITY_BRANDES_H

#include "cpu/common.h"

/* Steps from node to node: each successor once, loops left out, rows sorted. */
typedef struct gli__steps {
  int64_t *offsets; /* [node_limit + 1] */
  int32_t *targets;
  double *lengths; /* of the shortest edge; NULL: all are 1 long */
} gli__steps;

/* How many sources are worked on at once, each by one worker; the memory per node is in proportion.
 */
enum { GLI__BRANDES_BATCH = 16 };

/* What one source found. Arrays per node; `order` holds the reached nodes by rising distance. */
typedef struct gli__dependencies {
  int32_t source;
  int32_t reached;
  int32_t *order;
  int32_t *rank;    /* place in order, -1: not reached */
  int32_t *level;   /* unweighted only */
  double *distance; /* weighted only, and so are these: */
  int32_t *heap;    /* nodes seen and not settled, by distance */
  int32_t *place;   /* of a node in the heap */
  int32_t heap_size;
  double *paths;      /* number of shortest paths from the source */
  double *dependency; /* on this node, of all targets */
} gli__dependencies;

/* Where searches start. */
typedef struct gli__sources {
  int32_t *nodes;
  int64_t count;
  bool sampled; /* fewer than there are nodes */
} gli__sources;

typedef struct gli__brandes {
  gli_run *run;
  int64_t node_limit;
  gli__steps steps;
  gli__dependencies batch[GLI__BRANDES_BATCH];
  int32_t batch_size;
  gli__sources sources;
} gli__brandes;

/* Is `to` one step behind `from` on a shortest path from the source? `at` is the entry from -> to.
 */
static inline bool gli__brandes_follows(const gli__brandes *brandes, const gli__dependencies *found,
                                        int32_t from, int64_t at) {
  const int32_t to = brandes->steps.targets[at];
  if (found->rank[to] <= found->rank[from] || found->rank[from] < 0) return false;
  if (brandes->steps.lengths == NULL) return found->level[to] == found->level[from] + 1;
  return found->distance[to] == found->distance[from] + brandes->steps.lengths[at];
}

/* All live nodes; or, with fewer samples, the head of a Fisher-Yates shuffle of them. Scratch of
 * the run. */
gli_status gli__brandes_sources(gli_run *run, gli_snapshot *snapshot, int64_t samples, int64_t seed,
                                gli__sources *sources_out, gli_error *error);

/* Steps, sources (all nodes, or `samples` of them drawn with `seed`) and scratch of the run. */
gli_status gli__brandes_prepare(gli__brandes *brandes, gli_run *run, gli_snapshot *snapshot,
                                const char *weight, int64_t samples, int64_t seed,
                                gli_error *error);

/* For each batch of sources: finds their dependencies in parallel, then calls `reduce` over
 * [0, node_limit) in parallel blocks; it adds up what brandes->batch holds, in batch order, so that
 * sums are the same on any number of threads. */
gli_status gli__brandes_run(gli__brandes *brandes, gli_task reduce, void *context,
                            gli_error *error);

/* What a sum over sources is multiplied by, where `seen` sources could count and a pair of `others`
 * nodes has two ends: NetworkX 3.6's rule. */
double gli__brandes_scale(int64_t seen, int64_t others, bool normalized, bool directed);
/* The same for sums per node. Without endpoints a sampled source has seen one source less than the
 * others: itself. */
void gli__brandes_scale_nodes(const gli_snapshot *snapshot, const gli__sources *sources,
                              bool normalized, bool endpoints, double *score);

#endif
