/* together.c: the levels of searches that go together; see together.h. */
#include "cpu/traversal/together.h"

enum {
  CHECK_ENTRIES = 1 << 16,
  PULL_SHARE = 3 /* closeness on wiki-Vote 104 ms, power 172; 8: 113, 187; 20: 162, 223 */
};

gli_status gli__together_prepare(gli_run *run, gli_snapshot *snapshot, gli_direction direction,
                                 gli__together *together_out, gli_error *error) {
  gli_rows in;
  const gli_rows out = gli_snapshot_out_rows(snapshot);
  const gli_status status = gli_snapshot_in_rows(snapshot, &in, error);
  if (status != GLI_OK) return status;
  const bool both = direction == GLI_BOTH && gli_snapshot_is_directed(snapshot);
  *together_out = (gli__together){.run = run,
                                  .forward = {direction == GLI_IN ? in : out, in},
                                  .backward = {direction == GLI_IN || both ? out : in, in},
                                  .sides = both ? 2 : 1,
                                  .limit = gli_snapshot_node_limit(snapshot)};
  return GLI_OK;
}

bool gli__together_allocate(const gli__together *together, gli__together_scratch *scratch) {
  gli_run *run = together->run;
  const int64_t limit = together->limit;
  scratch->visited = gli_run_allocate(run, limit, sizeof *scratch->visited);
  scratch->at = gli_run_allocate_zeroed(run, limit, sizeof *scratch->at);
  scratch->frontier = gli_run_allocate_zeroed(run, limit, sizeof *scratch->frontier);
  scratch->level = gli_run_allocate(run, limit, sizeof *scratch->level);
  scratch->next_level = gli_run_allocate(run, limit, sizeof *scratch->next_level);
  return scratch->visited != NULL && scratch->at != NULL && scratch->frontier != NULL &&
         scratch->level != NULL && scratch->next_level != NULL;
}

/* What searches come along one side's row to the neighbours that have not seen them yet. */
static inline int64_t hand_on(const gli_rows *rows, int32_t node, uint64_t from, gli__arrivals *at,
                              int32_t *next_level, int64_t next_count) {
  const gli_row row = rows->rows[node];
  const int32_t *neighbors = rows->neighbors + row.begin;
  for (uint32_t k = 0; k < row.length; k++) {
    gli__arrivals *to = &at[neighbors[k]];
    const uint64_t fresh = from & ~to->seen;
    if (fresh == 0) continue;
    if (to->next == 0) next_level[next_count++] = neighbors[k];
    to->next |= fresh;
  }
  return next_count;
}

void gli__together_push(const gli__together *together, gli__together_scratch *scratch) {
  int64_t entries = 0, next_count = scratch->next_count;
  for (int64_t k = 0; k < scratch->level_count; k++) {
    const int32_t node = scratch->level[k];
    const uint64_t from = scratch->frontier[node];
    for (int side = 0; side < together->sides; side++) {
      const gli_rows *rows = &together->forward[side];
      next_count = hand_on(rows, node, from, scratch->at, scratch->next_level, next_count);
      entries += rows->rows[node].length;
    }
    if (entries < CHECK_ENTRIES) continue;
    entries = 0;
    if (gli_run_stopped(together->run)) break;
  }
  scratch->next_count = next_count;
}

/* Those of `missing` that some neighbour in the row hands on. */
static inline uint64_t gather(gli_row row, const int32_t *neighbors, const uint64_t *frontier,
                              uint64_t missing) {
  uint64_t arrived = 0;
  for (uint32_t k = 0; k < row.length && (arrived & missing) != missing; k++)
    arrived |= frontier[neighbors[row.begin + k]];
  return arrived & missing;
}

void gli__together_pull(const gli__together *together, gli__together_scratch *scratch,
                        uint64_t everybody) {
  const gli_rows first = together->backward[0], second = together->backward[1];
  const bool two_sides = together->sides == 2;
  const uint64_t *frontier = scratch->frontier;
  gli__arrivals *at = scratch->at;
  int64_t entries = 0;
  for (int64_t v = 0; v < together->limit; v++) {
    const uint64_t missing = everybody & ~at[v].seen;
    if (missing == 0) continue;
    const gli_row row = first.rows[v];
    uint64_t arrived = gather(row, first.neighbors, frontier, missing);
    entries += 1 + (int64_t)row.length;
    if (two_sides) {
      arrived |= gather(second.rows[v], second.neighbors, frontier, missing & ~arrived);
      entries += second.rows[v].length;
    }
    if (arrived != 0) {
      at[v].next = arrived;
      scratch->next_level[scratch->next_count++] = (int32_t)v;
    }
    if (entries < CHECK_ENTRIES) continue;
    entries = 0;
    if (gli_run_stopped(together->run)) return;
  }
}

bool gli__together_is_wide(const gli__together *together, const gli__together_scratch *scratch) {
  int64_t entries = 0, all = 0;
  for (int side = 0; side < together->sides; side++) {
    for (int64_t k = 0; k < scratch->level_count; k++)
      entries += together->forward[side].rows[scratch->level[k]].length;
    all += together->forward[side].entry_count;
  }
  return entries > all / PULL_SHARE;
}
