/* orient.c: simple rows from each node to those of higher degree alone.
 *
 * Rows of hubs get short: O(sqrt(m)) at most (Chiba and Nishizeki 1985; Latapy 2008). For weighing
 * triangles; counting them has its own ways. */
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
