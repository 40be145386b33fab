/* brandes.h: shortest-path dependencies from many sources, for both kinds of betweenness. */
#ifndef GLI_CPU_CENTRALITY_BRANDES_H
#define GLI_CPU_CENTRALITY_BRANDES_H

#include "cpu/common.h"

/* Steps from node to node: each successor once, loops left out, rows sorted. */
typedef struct gli__steps {
  const int64_t *offsets; /* [node_limit + 1] */
  const int32_t *targets;
  const double *lengths; /* of the shortest edge; NULL: all are 1 long */
  bool both_ways;        /* each step has one back */
} gli__steps;

/* How many places there are for sources, each worked on by one worker; the memory per node is in
 * proportion. */
enum { GLI__BRANDES_BATCH = 16 };

/* What one source found. Arrays per node; `order` holds the reached nodes by rising distance. */
typedef struct gli__dependencies {
  int32_t source;
  int32_t reached;
  int32_t *order;
  int32_t *level;    /* unweighted only, -1: not reached; and so are these: */
  uint64_t *visited; /* bitmap of what was reached before the level that is being looked for */
  uint64_t *front;   /* bitmap of one level; else all 0 */
  double *share;     /* what a node of a level hands on for each path; 0 before a search */
  bool is_prepared;  /* `level` is filled */
  int32_t *rank;     /* weighted only: place in order, -1: not reached; and so are these: */
  double *distance;
  int32_t *heap;  /* nodes seen and not settled, by distance */
  int32_t *place; /* of a node in the heap */
  int32_t heap_size;
  double *paths;      /* number of shortest paths from the source */
  double *dependency; /* on this node, of all targets */
  double *sums;       /* of the sources that took this place in turn; NULL: there is only one */
} gli__dependencies;

/* Where searches start. */
typedef struct gli__sources {
  int32_t *nodes;
  int64_t count;
  bool sampled; /* fewer than there are nodes */
} gli__sources;

typedef struct gli__brandes gli__brandes;

/* Adds to `sums` what one source found of the nodes in [begin, end). */
typedef void (*gli__brandes_add)(const gli__brandes *brandes, const gli__dependencies *found,
                                 int64_t begin, int64_t end, double *sums);

struct gli__brandes {
  gli_run *run;
  int64_t node_limit;
  gli__steps steps;
  gli__sources sources;
  gli__dependencies batch[GLI__BRANDES_BATCH];
  int32_t batch_size; /* places that there are */
  int64_t in_turn;    /* sources that take a place one after the other */
  int64_t first;      /* source of the round */
  gli__brandes_add add;
  double *sums; /* of all rounds so far */
  int64_t sum_count;
};

static inline bool gli__brandes_reached(const gli__dependencies *found, int64_t node) {
  return (found->level != NULL ? found->level : found->rank)[node] >= 0;
}

/* Is `to` one step behind `from` on a shortest path from the source? `at` is the entry from -> to.
 */
static inline bool gli__brandes_follows(const gli__brandes *brandes, const gli__dependencies *found,
                                        int32_t from, int64_t at) {
  const int32_t to = brandes->steps.targets[at];
  if (found->level != NULL) return found->level[to] == found->level[from] + 1;
  if (found->rank[to] <= found->rank[from] || found->rank[from] < 0) return false;
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

/* What all sources found, by `add`, in an order that does not depend on threads. `sums`: zeros, as
 * many as there are nodes (or steps), at which `add` adds those of its nodes (or of their rows). */
gli_status gli__brandes_run(gli__brandes *brandes, gli__brandes_add add, double *sums,
                            int64_t sum_count, gli_error *error);

/* brandes_levels.c: what one source finds where each step is 1 long, and forgetting it;
 * brandes_small.c: the same on a small graph. `level` is -1 everywhere. */
void gli__brandes_levels(const gli__brandes *brandes, gli__dependencies *found);
void gli__brandes_small(const gli__brandes *brandes, gli__dependencies *found);
void gli__brandes_forget_levels(const gli__brandes *brandes, gli__dependencies *found);

/* What a sum over sources is multiplied by, where `seen` sources could count and a pair of `others`
 * nodes has two ends: NetworkX 3.6's rule. */
double gli__brandes_scale(int64_t seen, int64_t others, bool normalized, bool directed);
/* The same for sums per node. Without endpoints a sampled source has seen one source less than the
 * others: itself. */
void gli__brandes_scale_nodes(const gli_snapshot *snapshot, const gli__sources *sources,
                              bool normalized, bool endpoints, double *score);

#endif
