/* louvain.c: communities by moving nodes and putting communities together, level by level.
 *
 * Blondel, Guillaume, Lambiotte and Lefebvre 2008. Moving (move.c) and putting together (levels.c)
 * are shared with Leiden. Cost O(m) per pass, some ten passes over level 0; what follows is small.
 *
 * Last, single nodes may move once more between the communities found (Rotta and Noack 2011): a
 * node that went along with its first community may do better elsewhere by now. On a Kronecker
 * graph of scale 17 that takes modularity from .0873 to .0932 for a tenth of the time; descending
 * through every level, as NetworKit offers it, costs several times that. */
#include <gli/algorithms/louvain.h>

#include "cpu/community/levels.h"
#include "cpu/kernels.h"

/* Communities of level 0's nodes, from those of the level's. */
static void flatten(gli__hierarchy *h) {
  for (int64_t v = 0; v < h->base.count; v++)
    h->node_of[v] = h->community[h->node_of[v]];
}

static gli_status climb(gli__hierarchy *h, const gli_louvain_options *options, int64_t *levels_out,
                        gli_error *error) {
  int64_t levels = 0;
  gli_status status = GLI_OK;
  while (status == GLI_OK && levels < options->max_levels) {
    double gain = 0;
    status = gli__hierarchy_move(h, options->tolerance, &gain, error);
    if (status != GLI_OK || !(gain > 0)) break;
    levels++;
    const int64_t count = gli__number_labels(h->community, h->level.count, h->order);
    if (gain < options->tolerance || count == h->level.count || levels == options->max_levels) {
      break;
    }
    /* rise() visits members in the level's order, which numbering used as scratch. */
    for (int64_t v = 0; v < h->level.count; v++)
      h->order[v] = (int32_t)v;
    int32_t *group = gli_run_allocate(h->run, h->level.count, sizeof *group);
    if (group == NULL) return gli_run_no_memory(h->run, error);
    for (int64_t v = 0; v < h->level.count; v++)
      group[v] = h->community[v];
    status = gli__hierarchy_rise(h, group, count, true, error);
    gli_run_release(h->run, group);
  }
  if (status == GLI_OK) flatten(h);
  *levels_out = levels;
  return status;
}

static gli_status polish(gli__hierarchy *h, const gli_louvain_options *options, gli_error *error) {
  double gain = 0;
  gli_status status = gli__hierarchy_restart(h, error);
  if (status == GLI_OK) status = gli__hierarchy_move(h, options->tolerance, &gain, error);
  if (status == GLI_OK) flatten(h);
  return status;
}

gli_status gli__cpu_louvain(gli_run *run, gli_snapshot *snapshot, const void *options,
                            gli_result *result, gli_error *error) {
  const gli_louvain_options *given = options;
  gli__community_columns columns;
  gli__hierarchy h;
  int64_t levels = 0;
  gli_status status = gli__community_columns_add(result, &columns, error);
  if (status != GLI_OK || gli_snapshot_node_limit(snapshot) == 0) return status;
  status =
      gli__hierarchy_start(&h, run, snapshot, given->weight, given->resolution, given->seed, error);
  gli_run_prepared(run);
  if (status == GLI_OK && h.total > 0) status = climb(&h, given, &levels, error);
  if (status == GLI_OK && levels > 1) status = polish(&h, given, error);
  if (status != GLI_OK) return status;
  return gli__community_columns_fill(&columns, run, snapshot, given->weight, given->resolution,
                                     levels, h.node_of, error);
}
