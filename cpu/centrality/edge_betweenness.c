/* edge_betweenness.c: sums per step over brandes.c, then shared out among parallel edges. */
#include <gli/algorithms/edge_betweenness.h>

#include "cpu/centrality/brandes.h"
#include "cpu/kernels.h"

typedef struct betweenness {
  gli__brandes brandes;
  double *sums;          /* per step */
  int32_t *lightest;     /* per step: edges of its least length */
  const double *weights; /* per edge slot; NULL: all alike */
} betweenness;

static void add_steps(const gli__brandes *brandes, const gli__dependencies *found, int64_t begin,
                      int64_t end, double *sums) {
  for (int64_t v = begin; v < end; v++) {
    if (!gli__brandes_reached(found, v)) continue;
    for (int64_t at = brandes->steps.offsets[v]; at < brandes->steps.offsets[v + 1]; at++) {
      const int32_t w = brandes->steps.targets[at];
      if (!gli__brandes_follows(brandes, found, (int32_t)v, at)) continue;
      sums[at] += found->paths[v] / found->paths[w] * (1 + found->dependency[w]);
    }
  }
}

static int64_t find_step(const gli__steps *steps, int32_t source, int32_t target) {
  int64_t low = steps->offsets[source], high = steps->offsets[source + 1] - 1;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (steps->targets[middle] < target) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* Step of an edge slot if the edge is one of the shortest between its ends; else -1. */
static int64_t step_of(const betweenness *b, int64_t slot, int32_t source, int32_t target) {
  const gli__steps *steps = &b->brandes.steps;
  if (source == target) return -1;
  const int64_t at = find_step(steps, source, target);
  return b->weights != NULL && b->weights[slot] > steps->lengths[at] ? -1 : at;
}

static void share_out(const betweenness *b, gli_snapshot *snapshot, double factor, double *score) {
  const bool directed = gli_snapshot_is_directed(snapshot);
  const uint64_t *alive = gli_snapshot_edge_bits(snapshot);
  const int32_t *sources, *targets;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int pass = 0; pass < 2; pass++) {
    for (int64_t e = 0; e < gli_snapshot_edge_limit(snapshot); e++) {
      if (!gli_bit(alive, e)) continue;
      /* An undirected edge is a step from both ends; the smaller end's counts the edges. */
      const bool turn = !directed && sources[e] > targets[e];
      const int32_t from = turn ? targets[e] : sources[e], to = turn ? sources[e] : targets[e];
      const int64_t at = step_of(b, e, from, to);
      if (at < 0) continue;
      if (pass == 0) {
        b->lightest[at]++;
        continue;
      }
      double sum = b->sums[at];
      if (!directed) sum += b->sums[find_step(&b->brandes.steps, to, from)];
      score[e] = sum * factor / b->lightest[at];
    }
  }
}

gli_status gli__cpu_edge_betweenness(gli_run *run, gli_snapshot *snapshot, const void *options,
                                     gli_result *result, gli_error *error) {
  const gli_edge_betweenness_options *given = options;
  betweenness b = {0};
  void *score = NULL;
  gli_status status =
      gli_result_add_column(result, "score", GLI_COLUMN_FLOAT64, GLI_PER_EDGE, 0, &score, error);
  if (status != GLI_OK || gli_snapshot_edge_count(snapshot) == 0) return status;
  if (given->weight != NULL) {
    status = gli_snapshot_edge_weights(snapshot, given->weight, &b.weights, error);
  }
  if (status == GLI_OK) {
    status = gli__brandes_prepare(&b.brandes, run, snapshot, given->weight, given->samples,
                                  given->seed, error);
  }
  if (status != GLI_OK) return status;
  const int64_t steps = b.brandes.steps.offsets[b.brandes.node_limit];
  b.sums = gli_run_allocate_zeroed(run, steps + 1, sizeof *b.sums);
  b.lightest = gli_run_allocate_zeroed(run, steps + 1, sizeof *b.lightest);
  if (b.sums == NULL || b.lightest == NULL) return gli_run_no_memory(run, error);
  gli_run_prepared(run);
  status = gli__brandes_run(&b.brandes, add_steps, b.sums, steps, error);
  if (status != GLI_OK) return status;
  const int64_t count = gli_snapshot_node_count(snapshot);
  const int64_t seen = b.brandes.sources.sampled ? b.brandes.sources.count : count;
  share_out(&b, snapshot,
            gli__brandes_scale(seen, count, given->normalized, gli_snapshot_is_directed(snapshot)),
            score);
  return GLI_OK;
}
