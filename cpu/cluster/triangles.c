/* triangles.c: counting triangles by degree order.
 *
 * Every edge points to its end of higher (degree, index), so rows of hubs get short: O(sqrt(m)) at
 * most. A worker marks the row of u, then looks for marks in the rows of u's neighbours; each
 * triangle is found once, at its lowest corner (Chiba and Nishizeki 1985; Latapy 2008). Marks are
 * stamps (u itself), so nothing is cleared. Corners are counted in one array per worker and added
 * up at the end: integers, so the order does not matter; counting with atomics in one array was
 * dearer.
 *
 * Merging sorted rows instead of marking needs no array per worker and is about as fast where
 * degrees are even; marking wins where they are not, which is where the time goes. */
#include "cpu/cluster/triangles.h"

typedef struct orient_job {
  const gli_simple_rows *simple;
  gli__oriented_rows rows;
} orient_job;

static bool points_up(const gli_simple_rows *simple, int32_t from, int32_t to) {
  const int64_t here = simple->offsets[from + 1] - simple->offsets[from];
  const int64_t there = simple->offsets[to + 1] - simple->offsets[to];
  return here != there ? here < there : from < to;
}

static void count_up(void *context, int64_t begin, int64_t end, int32_t worker) {
  orient_job *job = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    int64_t count = 0;
    for (int64_t k = job->simple->offsets[v]; k < job->simple->offsets[v + 1]; k++) {
      count += points_up(job->simple, (int32_t)v, job->simple->neighbors[k]);
    }
    job->rows.offsets[v + 1] = count;
  }
}

static void fill_up(void *context, int64_t begin, int64_t end, int32_t worker) {
  orient_job *job = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    int64_t at = job->rows.offsets[v];
    for (int64_t k = job->simple->offsets[v]; k < job->simple->offsets[v + 1]; k++) {
      const int32_t neighbor = job->simple->neighbors[k];
      if (points_up(job->simple, (int32_t)v, neighbor)) job->rows.neighbors[at++] = neighbor;
    }
  }
}

gli_status gli__cpu_orient(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                           gli__oriented_rows *rows_out, gli_error *error) {
  const int64_t entries = simple->offsets[node_limit];
  const int64_t grain = gli__cpu_grain(node_limit, entries, 1 << 15);
  orient_job job = {.simple = simple};
  job.rows.offsets = gli_run_allocate_zeroed(run, node_limit + 1, sizeof *job.rows.offsets);
  job.rows.neighbors = gli_run_allocate(run, entries / 2 + 1, sizeof *job.rows.neighbors);
  if (job.rows.offsets == NULL || job.rows.neighbors == NULL) return gli_run_no_memory(run, error);
  gli_status status = gli_run_parallel(run, node_limit, grain, count_up, &job, error);
  if (status != GLI_OK) return status;
  for (int64_t v = 0; v < node_limit; v++)
    job.rows.offsets[v + 1] += job.rows.offsets[v];
  status = gli_run_parallel(run, node_limit, grain, fill_up, &job, error);
  if (status == GLI_OK) *rows_out = job.rows;
  return status;
}

typedef struct count_job {
  gli_run *run;
  gli__oriented_rows rows;
  int64_t node_limit;
  int32_t *stamps; /* [workers][node_limit]: the node whose row is marked, plus 1 */
  int64_t *found;  /* [workers][node_limit] */
  int64_t *counts;
  int32_t workers;
} count_job;

static void count_corner(const count_job *job, int32_t u, int32_t *stamps, int64_t *found) {
  const int64_t *offsets = job->rows.offsets;
  const int32_t *neighbors = job->rows.neighbors;
  int64_t at_u = 0;
  for (int64_t k = offsets[u]; k < offsets[u + 1]; k++)
    stamps[neighbors[k]] = u + 1;
  for (int64_t k = offsets[u]; k < offsets[u + 1]; k++) {
    const int32_t v = neighbors[k];
    int64_t at_v = 0;
    for (int64_t j = offsets[v]; j < offsets[v + 1]; j++) {
      const int32_t w = neighbors[j];
      const bool closed = stamps[w] == u + 1;
      at_v += closed;
      found[w] += closed;
    }
    found[v] += at_v;
    at_u += at_v;
  }
  found[u] += at_u;
}

static void count_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  count_job *job = context;
  int32_t *stamps = job->stamps + (int64_t)worker * job->node_limit;
  int64_t *found = job->found + (int64_t)worker * job->node_limit;
  for (int64_t u = begin; u < end && !gli_run_stopped(job->run); u++) {
    count_corner(job, (int32_t)u, stamps, found);
  }
}

static void add_workers(void *context, int64_t begin, int64_t end, int32_t worker) {
  count_job *job = context;
  (void)worker;
  for (int32_t w = 0; w < job->workers; w++) {
    const int64_t *found = job->found + (int64_t)w * job->node_limit;
    for (int64_t v = begin; v < end; v++)
      job->counts[v] += found[v];
  }
}

gli_status gli__cpu_count_triangles(gli_run *run, int64_t node_limit, const gli_simple_rows *simple,
                                    int64_t *counts, gli_error *error) {
  count_job job = {.run = run, .node_limit = node_limit, .counts = counts};
  if (node_limit == 0) return GLI_OK;
  job.workers = gli_run_threads(run);
  gli_status status = gli__cpu_orient(run, node_limit, simple, &job.rows, error);
  if (status != GLI_OK) return status;
  job.stamps = gli_run_allocate_zeroed(run, job.workers * node_limit, sizeof *job.stamps);
  job.found = gli_run_allocate_zeroed(run, job.workers * node_limit, sizeof *job.found);
  if (job.stamps == NULL || job.found == NULL) return gli_run_no_memory(run, error);
  const int64_t grain = gli__cpu_grain(node_limit, simple->offsets[node_limit], 1 << 11);
  status = gli_run_parallel(run, node_limit, grain, count_block, &job, error);
  if (status == GLI_OK) status = gli_run_check(run, error);
  if (status == GLI_OK) {
    status = gli_run_parallel(run, node_limit, 1 << 14, add_workers, &job, error);
  }
  gli_run_release(run, job.found);
  gli_run_release(run, job.stamps);
  gli_run_release(run, job.rows.neighbors);
  gli_run_release(run, job.rows.offsets);
  return status;
}

double gli__cpu_closed_share(int64_t node_limit, const gli_simple_rows *simple,
                             const int64_t *counts) {
  double closed = 0, triples = 0; /* exact: both stay integers below 2^53 on graphs that fit */
  for (int64_t v = 0; v < node_limit; v++) {
    const double degree = (double)(simple->offsets[v + 1] - simple->offsets[v]);
    closed += 2 * (double)counts[v];
    triples += degree * (degree - 1);
  }
  return triples > 0 ? closed / triples : 0;
}
