/* together.h: up to 64 breadth-first searches as one (Then et al. 2014,
 * doi:10.14778/2735496.2735507).
 *
 * A word per node holds which of the searches have seen it, an entry of a row carries all that
 * arrive over it in this level. A level is pushed from the list of its nodes, or, where these have
 * more than a share of all entries, pulled by the nodes that some search has not seen yet. Lists
 * keep thin levels, small components and the clean-up as cheap as they are.
 *
 * One worker searches; several work on groups of their own. What is done with an arrival is inlined
 * into the loop: a call per level and node would cost as much as the rest. Memory 36 bytes a node
 * and worker. Cost O(levels (n + m)) at the most. */
#ifndef GLI_CPU_TRAVERSAL_TOGETHER_H
#define GLI_CPU_TRAVERSAL_TOGETHER_H

#include "cpu/common.h"

enum { GLI__TOGETHER = 64 }; /* searches in a group */

/* What all workers share. */
typedef struct gli__together {
  gli_run *run;
  gli_rows forward[2], backward[2]; /* both sides of a directed graph: two, else one */
  int sides;
  int64_t limit;
} gli__together;

/* Which of the searches have seen a node, and which reach it in this level. */
typedef struct gli__arrivals {
  uint64_t seen, next;
} gli__arrivals;

/* What one worker searches with. */
typedef struct gli__together_scratch {
  gli__arrivals *at;  /* [node_limit] all 0 between groups */
  uint64_t *frontier; /* [node_limit] reached in the level before; 0 elsewhere */
  int32_t *level, *next_level, *visited;
  int64_t level_count, next_count, visited_count;
} gli__together_scratch;

/* The searches of `fresh` arrive at `node`, `level` hops from their sources. Not called for the
 * sources themselves. */
typedef void (*gli__arrive)(void *context, int32_t node, uint64_t fresh, int64_t level);

gli_status gli__together_prepare(gli_run *run, gli_snapshot *snapshot, gli_direction direction,
                                 gli__together *together_out, gli_error *error);
/* False: there is no memory. */
bool gli__together_allocate(const gli__together *together, gli__together_scratch *scratch);
void gli__together_push(const gli__together *together, gli__together_scratch *scratch);
void gli__together_pull(const gli__together *together, gli__together_scratch *scratch,
                        uint64_t everybody);
/* Whether the level is wide enough to be pulled. */
bool gli__together_is_wide(const gli__together *together, const gli__together_scratch *scratch);

enum { GLI__TOGETHER_CHECK_NODES = 1 << 15 };

/* The nodes of the next level: they have been seen, they arrive, and they are the frontier. */
__attribute__((always_inline)) static inline void gli__together_close(
    const gli__together *together, gli__together_scratch *scratch, int64_t level,
    gli__arrive arrive, void *context) {
  for (int64_t k = 0; k < scratch->level_count; k++)
    scratch->frontier[scratch->level[k]] = 0;
  for (int64_t k = 0; k < scratch->next_count; k++) {
    if (k % GLI__TOGETHER_CHECK_NODES == GLI__TOGETHER_CHECK_NODES - 1 &&
        gli_run_stopped(together->run)) {
      return;
    }
    const int32_t v = scratch->next_level[k];
    gli__arrivals *at = &scratch->at[v];
    if (at->seen == 0) scratch->visited[scratch->visited_count++] = v;
    at->seen |= at->next;
    scratch->frontier[v] = at->next;
    arrive(context, v, at->next, level);
    at->next = 0;
  }
  int32_t *read = scratch->level;
  scratch->level = scratch->next_level;
  scratch->next_level = read;
  scratch->level_count = scratch->next_count;
  scratch->next_count = 0;
}

/* Search from sources[0 .. count), of which two may be the same, as far as `most` hops. Afterwards,
 * unless the run was stopped, scratch->visited lists the nodes that any search has seen. */
__attribute__((always_inline)) static inline void gli__together_search(
    const gli__together *together, gli__together_scratch *scratch, const int32_t *sources,
    int64_t count, int64_t most, gli__arrive arrive, void *context) {
  const uint64_t everybody = count == GLI__TOGETHER ? UINT64_MAX : (UINT64_C(1) << count) - 1;
  scratch->level_count = scratch->visited_count = 0;
  for (int64_t k = 0; k < count; k++) {
    gli__arrivals *at = &scratch->at[sources[k]];
    if (at->seen == 0) {
      scratch->level[scratch->level_count++] = sources[k];
      scratch->visited[scratch->visited_count++] = sources[k];
    }
    at->seen |= UINT64_C(1) << k;
    scratch->frontier[sources[k]] = at->seen;
  }
  for (int64_t level = 1;
       scratch->level_count > 0 && level <= most && !gli_run_stopped(together->run); level++) {
    if (gli__together_is_wide(together, scratch)) {
      gli__together_pull(together, scratch, everybody);
    } else {
      gli__together_push(together, scratch);
    }
    gli__together_close(together, scratch, level, arrive, context);
  }
  for (int64_t k = 0; k < scratch->level_count; k++)
    scratch->frontier[scratch->level[k]] = 0; /* `most` ended it */
  for (int64_t k = 0; k < scratch->visited_count; k++)
    scratch->at[scratch->visited[k]].seen = 0;
}

#endif
