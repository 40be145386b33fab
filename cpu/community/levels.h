/* levels.h: what Louvain and Leiden share: a graph that shrinks level by level, a partition of its
 * nodes, moving nodes between communities, and putting groups of nodes together.
 *
 * One formula serves undirected and directed graphs. A level's rows hold each pair from both ends;
 * of a directed graph that is out and in entries together. With M the sum of all out strengths,
 * moving node v into community C gains, up to the same factor for all C,
 *
 *     w(v, C) - scale * (out_v * IN_C + in_v * OUT_C),    C without v.
 *
 * Undirected: out and in are one array, scale = resolution / 2M, and the factor is 2 / M.
 * Directed:   scale = resolution / M, and the factor is 1 / M. */
#ifndef GLI_CPU_COMMUNITY_LEVELS_H
#define GLI_CPU_COMMUNITY_LEVELS_H

#include "cpu/common.h"

typedef struct gli__level {
  int64_t count;       /* nodes; at level 0 holes are among them, with empty rows */
  int64_t entry_count; /* sum of row lengths */
  const gli_row *rows;
  const int32_t *neighbors; /* an entry that names the row's own node says nothing */
  const double *weights;    /* NULL: 1 each */
  const double *out, *in;   /* strengths; one array where undirected */
} gli__level;

/* Weights towards the communities around one node, dense: GVE-Louvain's table without collisions.
 * weight[c] < 0 says that c was not seen. */
typedef struct gli__surroundings {
  double *weight;    /* [level 0 count] */
  int32_t *counters; /* [level 0 count] where edges weigh 1, on level 0: half of the memory is
                      * touched, and a chain of additions is shorter. 0: not seen */
  int32_t *seen;     /* [level 0 count + 1]: a place is written before it is known to count */
} gli__surroundings;

typedef struct gli__hierarchy {
  gli_run *run;
  bool directed;
  uint64_t seed;
  double resolution, total; /* total: M */
  double scale;
  gli__level base;  /* level 0, kept */
  gli__level level; /* the one at work */
  int64_t depth;    /* how many times it was put together */
  int32_t *node_of; /* [base.count] the level's node that a node lies in */
  int32_t *order;   /* [level.count] in which nodes are visited: drawn */
  int32_t *community;
  double *out_total, *in_total; /* strengths by community; one array where undirected */
  gli__surroundings *near;      /* per worker */
} gli__hierarchy;

enum { GLI__AHEAD = 8 }; /* how many nodes ahead rows are fetched */

/* Rows of a list of nodes in no order lie anywhere: they come from memory while earlier ones are
 * worked on. Inlined early: GCC drops calls of functions that do nothing but prefetch. */
static inline __attribute__((always_inline)) void gli__fetch_row(const gli__level *level,
                                                                 int32_t node) {
  const gli_row row = level->rows[node];
  __builtin_prefetch(&level->out[node]);
  __builtin_prefetch(level->neighbors + row.begin);
  if (row.length > 16) __builtin_prefetch(level->neighbors + row.begin + 16);
  if (level->weights != NULL) __builtin_prefetch(level->weights + row.begin);
}
static inline __attribute__((always_inline)) void gli__fetch_ahead(const gli__level *level,
                                                                   const int32_t *nodes, int64_t k,
                                                                   int64_t end) {
  if (k + 2 * GLI__AHEAD < end) __builtin_prefetch(&level->rows[nodes[k + 2 * GLI__AHEAD]]);
  if (k + GLI__AHEAD < end) gli__fetch_row(level, nodes[k + GLI__AHEAD]);
}

/* Level 0 with every node a community of its own. With a total of 0 there is nothing to do. */
gli_status gli__hierarchy_start(gli__hierarchy *h, gli_run *run, gli_snapshot *snapshot,
                                const char *weight, double resolution, int64_t seed,
                                gli_error *error);

/* Move nodes until a pass gains less than `enough` of modularity. Every single move gains.
 * gain_out: modularity won. */
gli_status gli__hierarchy_move(gli__hierarchy *h, double enough, double *gain_out,
                               gli_error *error);

/* Number `labels` [count] from 0 by first appearance in place; returns how many there are. Scratch
 * holds [count]. Labels lie in [0, count). */
int64_t gli__number_labels(int32_t *labels, int64_t count, int32_t *scratch);

/* Nodes of the level sorted by group, stable in h->order: members[starts[g] .. starts[g + 1]).
 * Scratch of the run. */
gli_status gli__hierarchy_members(gli__hierarchy *h, const int32_t *group, int64_t group_count,
                                  int64_t **starts_out, int32_t **members_out, gli_error *error);

/* Split communities into parts that are put together from single nodes along edges, each joining
 * where it gains most (Leiden's refinement). group_out [level.count] numbered from 0. */
gli_status gli__hierarchy_refine(gli__hierarchy *h, int64_t community_count, int32_t *group_out,
                                 int64_t *group_count_out, gli_error *error);

/* Go one level up: groups become nodes. A group must lie within one community; the communities of
 * the new nodes are those of their members (Leiden), or with `alone` their own (Louvain). */
gli_status gli__hierarchy_rise(gli__hierarchy *h, int32_t *group, int64_t group_count, bool alone,
                               gli_error *error);

/* Strengths by community anew, after communities were numbered anew. */
void gli__hierarchy_totals(gli__hierarchy *h);

/* Down to level 0 again, with h->node_of as the communities. */
gli_status gli__hierarchy_restart(gli__hierarchy *h, gli_error *error);

/* Modularity of labels [node limit] in [0, label_count); 0 where the weights add up to 0. */
gli_status gli__modularity(gli_run *run, gli_snapshot *snapshot, const char *weight,
                           double resolution, const int32_t *labels, int64_t label_count,
                           double *modularity_out, gli_error *error);

/* Labels per node of level 0 into the columns "label", "count", "modularity", "levels". */
typedef struct gli__community_columns {
  int64_t *label, *count, *levels;
  double *modularity;
} gli__community_columns;
gli_status gli__community_columns_add(gli_result *result, gli__community_columns *columns,
                                      gli_error *error);
gli_status gli__community_columns_fill(const gli__community_columns *columns, gli_run *run,
                                       gli_snapshot *snapshot, const char *weight,
                                       double resolution, int64_t levels, int32_t *label,
                                       gli_error *error);

#endif
