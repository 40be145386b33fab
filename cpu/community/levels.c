/* levels.c: level 0 from a snapshot, groups of nodes put together into the next level.
 *
 * An undirected snapshot's rows are level 0 as they are: nothing is copied. A directed one gets
 * rows that hold its out and its in entries. The next level's rows are made by one worker per
 * group, over its members in their order, so that sums of weights do not depend on threads; a row
 * gets as much room as its members' rows had together, which saves counting first. Self-loops
 * drop out: what lies within a group never changes what a move gains.
 *
 * Cost O(n + m) for a level; memory 12 bytes per entry of the level below and 9 n float64. */
#include "cpu/community/levels.h"

#include <assert.h>
#include <string.h>

enum { BLOCK_ENTRIES = 1 << 15 };

/* --- Level 0 -------------------------------------------------------------------------------- */

typedef struct strength_job {
  const gli_rows *rows;
  const double *weights;
  double *strengths;
  bool undirected; /* a self-loop stands in its row once and counts twice */
} strength_job;

static void strength_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const strength_job *job = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    const gli_row row = job->rows->rows[v];
    double sum = 0;
    for (int64_t k = row.begin; k < row.begin + row.length; k++) {
      const double weight = job->weights == NULL ? 1 : job->weights[k];
      sum += job->undirected && job->rows->neighbors[k] == v ? 2 * weight : weight;
    }
    job->strengths[v] = sum;
  }
}

static gli_status make_strengths(gli_run *run, int64_t count, bool undirected, const gli_rows *rows,
                                 const double *weights, double **strengths_out, gli_error *error) {
  strength_job job = {.rows = rows, .weights = weights, .undirected = undirected};
  job.strengths = gli_run_allocate(run, count, sizeof *job.strengths);
  if (job.strengths == NULL) return gli_run_no_memory(run, error);
  *strengths_out = job.strengths;
  const int64_t grain = gli__cpu_grain(count, rows->entry_count, BLOCK_ENTRIES);
  return gli_run_parallel(run, count, grain, strength_block, &job, error);
}

typedef struct joining {
  gli_rows out, in;
  const double *out_weights, *in_weights;
  gli_row *rows;
  int32_t *neighbors;
  double *weights;
} joining;

static void copy_entries(const joining *j, const gli_rows *rows, const double *weights,
                         int64_t node, int64_t to) {
  const gli_row row = rows->rows[node];
  memcpy(j->neighbors + to, rows->neighbors + row.begin, row.length * sizeof *j->neighbors);
  if (j->weights != NULL)
    memcpy(j->weights + to, weights + row.begin, row.length * sizeof *j->weights);
}

static void join_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const joining *j = context;
  (void)worker;
  for (int64_t v = begin; v < end; v++) {
    copy_entries(j, &j->out, j->out_weights, v, j->rows[v].begin);
    copy_entries(j, &j->in, j->in_weights, v, j->rows[v].begin + j->out.rows[v].length);
  }
}

/* Rows with the entries of both directions. */
static gli_status join_directions(gli__hierarchy *h, joining *j, gli_error *error) {
  const int64_t count = h->base.count, entries = j->out.entry_count + j->in.entry_count;
  j->rows = gli_run_allocate(h->run, count, sizeof *j->rows);
  j->neighbors = gli_run_allocate(h->run, entries, sizeof *j->neighbors);
  if (j->rows == NULL || j->neighbors == NULL) return gli_run_no_memory(h->run, error);
  if (j->out_weights != NULL) {
    j->weights = gli_run_allocate(h->run, entries, sizeof *j->weights);
    if (j->weights == NULL) return gli_run_no_memory(h->run, error);
  }
  int64_t begin = 0;
  for (int64_t v = 0; v < count; v++) {
    const uint32_t length = j->out.rows[v].length + j->in.rows[v].length;
    j->rows[v] = (gli_row){.begin = begin, .length = length};
    begin += length;
  }
  h->base.rows = j->rows;
  h->base.neighbors = j->neighbors;
  h->base.weights = j->weights;
  h->base.entry_count = entries;
  return gli_run_parallel(h->run, count, gli__cpu_grain(count, entries, BLOCK_ENTRIES), join_block,
                          j, error);
}

static gli_status make_base(gli__hierarchy *h, gli_snapshot *snapshot, const char *weight,
                            gli_error *error) {
  joining j = {.out = gli_snapshot_out_rows(snapshot)};
  double *out = NULL, *in = NULL;
  gli_status status = gli__cpu_row_weights(snapshot, weight, false, &j.out_weights, error);
  if (status != GLI_OK) return status;
  h->base.count = gli_snapshot_node_limit(snapshot);
  h->base.rows = j.out.rows;
  h->base.neighbors = j.out.neighbors;
  h->base.weights = j.out_weights;
  h->base.entry_count = j.out.entry_count;
  status = make_strengths(h->run, h->base.count, !h->directed, &j.out, j.out_weights, &out, error);
  h->base.out = h->base.in = out;
  if (status != GLI_OK || !h->directed) return status;
  status = gli_snapshot_in_rows(snapshot, &j.in, error);
  if (status == GLI_OK) {
    status = gli__cpu_row_weights(snapshot, weight, true, &j.in_weights, error);
  }
  if (status == GLI_OK) {
    status = make_strengths(h->run, h->base.count, false, &j.in, j.in_weights, &in, error);
  }
  h->base.in = in;
  return status == GLI_OK ? join_directions(h, &j, error) : status;
}

/* --- The state around a level ---------------------------------------------------------------- */

static gli_status make_surroundings(gli__hierarchy *h, gli_error *error) {
  const int32_t workers = gli_run_threads(h->run);
  const int64_t count = h->base.count;
  h->near = gli_run_allocate_zeroed(h->run, workers, sizeof *h->near);
  if (h->near == NULL) return gli_run_no_memory(h->run, error);
  for (int32_t w = 0; w < workers; w++) {
    gli__surroundings *near = &h->near[w];
    near->weight = gli_run_allocate(h->run, count, sizeof *near->weight);
    near->seen = gli_run_allocate(h->run, count + 1, sizeof *near->seen);
    if (near->weight == NULL || near->seen == NULL) return gli_run_no_memory(h->run, error);
    for (int64_t c = 0; c < count; c++)
      near->weight[c] = -1;
    if (h->base.weights != NULL) continue;
    near->counters = gli_run_allocate_zeroed(h->run, count, sizeof *near->counters);
    if (near->counters == NULL) return gli_run_no_memory(h->run, error);
  }
  return GLI_OK;
}

/* Fisher-Yates, from a stream of the level's own. */
static void draw_order(gli__hierarchy *h) {
  gli_random random = gli_random_start(h->seed, (uint64_t)h->depth);
  int32_t *order = h->order;
  for (int64_t v = 0; v < h->level.count; v++)
    order[v] = (int32_t)v;
  for (int64_t k = h->level.count - 1; k > 0; k--) {
    const int64_t other = (int64_t)gli_random_below(&random, (uint64_t)k + 1);
    const int32_t node = order[k];
    order[k] = order[other];
    order[other] = node;
  }
}

void gli__hierarchy_totals(gli__hierarchy *h) {
  const int64_t count = h->level.count;
  memset(h->out_total, 0, (size_t)count * sizeof *h->out_total);
  if (h->directed) memset(h->in_total, 0, (size_t)count * sizeof *h->in_total);
  assert(count == 0 || (h->level.out != NULL && h->level.in != NULL));
  for (int64_t v = 0; v < count; v++) {
    h->out_total[h->community[v]] += h->level.out[v];
    if (h->directed) h->in_total[h->community[v]] += h->level.in[v];
  }
}

gli_status gli__hierarchy_start(gli__hierarchy *h, gli_run *run, gli_snapshot *snapshot,
                                const char *weight, double resolution, int64_t seed,
                                gli_error *error) {
  memset(h, 0, sizeof *h);
  h->run = run;
  h->directed = gli_snapshot_is_directed(snapshot);
  h->seed = (uint64_t)seed;
  gli_status status = make_base(h, snapshot, weight, error);
  if (status != GLI_OK) return status;
  const int64_t count = h->base.count;
  assert(count == 0 || h->base.out != NULL);
  for (int64_t v = 0; v < count; v++)
    h->total += h->base.out[v];
  h->scale = h->total > 0 ? resolution / h->total / (h->directed ? 1 : 2) : 0;
  h->level = h->base;
  h->node_of = gli_run_allocate(run, count, sizeof *h->node_of);
  h->order = gli_run_allocate(run, count, sizeof *h->order);
  h->community = gli_run_allocate(run, count, sizeof *h->community);
  h->out_total = gli_run_allocate(run, count, sizeof *h->out_total);
  h->in_total = h->directed ? gli_run_allocate(run, count, sizeof *h->in_total) : h->out_total;
  if (h->node_of == NULL || h->order == NULL || h->community == NULL || h->out_total == NULL ||
      h->in_total == NULL) {
    return gli_run_no_memory(run, error);
  }
  for (int64_t v = 0; v < count; v++)
    h->node_of[v] = h->community[v] = (int32_t)v;
  gli__hierarchy_totals(h);
  draw_order(h);
  return make_surroundings(h, error);
}

int64_t gli__number_labels(int32_t *labels, int64_t count, int32_t *scratch) {
  int32_t next = 0;
  memset(scratch, 0xff, (size_t)count * sizeof *scratch);
  for (int64_t v = 0; v < count; v++) {
    if (scratch[labels[v]] < 0) scratch[labels[v]] = next++;
    labels[v] = scratch[labels[v]];
  }
  return next;
}

/* --- The next level -------------------------------------------------------------------------- */

gli_status gli__hierarchy_members(gli__hierarchy *h, const int32_t *group, int64_t group_count,
                                  int64_t **starts_out, int32_t **members_out, gli_error *error) {
  const int64_t count = h->level.count;
  int64_t *starts = gli_run_allocate_zeroed(h->run, group_count + 2, sizeof *starts);
  int32_t *members = gli_run_allocate(h->run, count, sizeof *members);
  if (starts == NULL || members == NULL) return gli_run_no_memory(h->run, error);
  /* starts[g + 2] counts, then starts[g + 1] moves on to where it shall point. */
  for (int64_t v = 0; v < count; v++)
    starts[group[v] + 2]++;
  for (int64_t g = 0; g < group_count; g++)
    starts[g + 2] += starts[g + 1];
  for (int64_t k = 0; k < count; k++)
    members[starts[group[h->order[k]] + 1]++] = h->order[k];
  *starts_out = starts;
  *members_out = members;
  return GLI_OK;
}

typedef struct rising {
  const gli__hierarchy *h;
  const int32_t *group, *members;
  const int64_t *starts;
  gli_row *rows;
  int32_t *neighbors;
  double *weights, *out, *in;
} rising;

/* The row of one member, added up by groups. */
static uint32_t add_up(const rising *r, gli_row row, gli__surroundings *near, uint32_t count) {
  const int32_t *neighbors = r->h->level.neighbors + row.begin;
  const double *weights = r->h->level.weights + row.begin;
  for (uint32_t k = 0; k < row.length; k++) {
    const int32_t other = r->group[neighbors[k]];
    const double sum = near->weight[other];
    near->seen[count] = other;
    count += sum < 0;
    near->weight[other] = (sum < 0 ? 0 : sum) + weights[k];
  }
  return count;
}

/* The same where entries weigh 1. */
static uint32_t count_up(const rising *r, gli_row row, gli__surroundings *near, uint32_t count) {
  const int32_t *neighbors = r->h->level.neighbors + row.begin;
  int32_t *counters = near->counters;
  for (uint32_t k = 0; k < row.length; k++) {
    const int32_t other = r->group[neighbors[k]], before = counters[other];
    near->seen[count] = other;
    count += before == 0;
    counters[other] = before + 1;
  }
  return count;
}

static void rise_one(const rising *r, int64_t g, gli__surroundings *near) {
  const gli__level *level = &r->h->level;
  const bool weighted = level->weights != NULL;
  uint32_t count = 0;
  double out = 0, in = 0;
  for (int64_t m = r->starts[g]; m < r->starts[g + 1]; m++) {
    const int32_t v = r->members[m];
    gli__fetch_ahead(level, r->members, m, level->count);
    out += level->out[v];
    in += level->in[v];
    count = weighted ? add_up(r, level->rows[v], near, count)
                     : count_up(r, level->rows[v], near, count);
  }
  int64_t at = r->rows[g].begin;
  for (uint32_t k = 0; k < count; k++) {
    const int32_t other = near->seen[k];
    if (other != g) {
      r->neighbors[at] = other;
      r->weights[at++] = weighted ? near->weight[other] : near->counters[other];
    }
    if (weighted) near->weight[other] = -1;
    if (!weighted) near->counters[other] = 0;
  }
  r->rows[g].length = (uint32_t)(at - r->rows[g].begin);
  r->out[g] = out;
  r->in[g] = r->h->directed ? in : out;
}

static void rise_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  const rising *r = context;
  for (int64_t g = begin; g < end && !gli_run_stopped(r->h->run); g++)
    rise_one(r, g, &r->h->near[worker]);
}

/* Room for the row of each group: as much as its members' rows had. */
static void place_rows(rising *r, int64_t group_count) {
  int64_t begin = 0;
  assert(group_count == 0 || r->starts != NULL);
  for (int64_t g = 0; g < group_count; g++) {
    r->rows[g] = (gli_row){.begin = begin};
    for (int64_t m = r->starts[g]; m < r->starts[g + 1]; m++)
      begin += r->h->level.rows[r->members[m]].length;
  }
}

static gli_status rise_make(rising *r, int64_t group_count, gli_error *error) {
  const gli__hierarchy *h = r->h;
  const int64_t entries = h->level.entry_count;
  r->rows = gli_run_allocate(h->run, group_count, sizeof *r->rows);
  r->neighbors = gli_run_allocate(h->run, entries, sizeof *r->neighbors);
  r->weights = gli_run_allocate(h->run, entries, sizeof *r->weights);
  r->out = gli_run_allocate(h->run, group_count, sizeof *r->out);
  r->in = h->directed ? gli_run_allocate(h->run, group_count, sizeof *r->in) : r->out;
  if (r->rows == NULL || r->neighbors == NULL || r->weights == NULL || r->out == NULL ||
      r->in == NULL) {
    return gli_run_no_memory(h->run, error);
  }
  place_rows(r, group_count);
  const int64_t grain = entries / (group_count + 1) > BLOCK_ENTRIES / 16
                            ? 1
                            : gli__cpu_grain(group_count, entries, BLOCK_ENTRIES);
  gli_status status = gli_run_parallel(h->run, group_count, grain, rise_block, r, error);
  return status == GLI_OK ? gli_run_check(h->run, error) : status;
}

static void release_level(gli__hierarchy *h) {
  if (h->depth == 0) return; /* level 0 is kept, and some of it is the snapshot's */
  gli_run_release(h->run, (void *)h->level.rows);
  gli_run_release(h->run, (void *)h->level.neighbors);
  gli_run_release(h->run, (void *)h->level.weights);
  if (h->directed) gli_run_release(h->run, (void *)h->level.in);
  gli_run_release(h->run, (void *)h->level.out);
}

gli_status gli__hierarchy_rise(gli__hierarchy *h, int32_t *group, int64_t group_count, bool alone,
                               gli_error *error) {
  rising r = {.h = h, .group = group};
  int64_t *starts = NULL;
  int32_t *members = NULL;
  gli_status status = gli__hierarchy_members(h, group, group_count, &starts, &members, error);
  r.starts = starts;
  r.members = members;
  if (status == GLI_OK) status = rise_make(&r, group_count, error);
  if (status != GLI_OK) return status;
  for (int64_t v = 0; v < h->base.count; v++)
    h->node_of[v] = group[h->node_of[v]];
  assert(group_count == 0 || starts != NULL);
  /* The order is drawn anew below, so it can hold the communities while they change places. */
  for (int64_t g = 0; g < group_count; g++)
    h->order[g] = alone ? (int32_t)g : h->community[members[starts[g]]];
  int32_t *free_now = h->community;
  h->community = h->order;
  h->order = free_now;
  release_level(h);
  gli_run_release(h->run, starts);
  gli_run_release(h->run, members);
  h->depth++;
  int64_t entries = 0;
  for (int64_t g = 0; g < group_count; g++)
    entries += r.rows[g].length;
  h->level = (gli__level){.count = group_count,
                          .entry_count = entries,
                          .rows = r.rows,
                          .neighbors = r.neighbors,
                          .weights = r.weights,
                          .out = r.out,
                          .in = r.in};
  gli__hierarchy_totals(h);
  draw_order(h);
  return GLI_OK;
}

gli_status gli__hierarchy_restart(gli__hierarchy *h, gli_error *error) {
  release_level(h);
  h->level = h->base;
  h->depth = 0;
  h->seed++;
  memcpy(h->community, h->node_of, (size_t)h->base.count * sizeof *h->community);
  for (int64_t v = 0; v < h->base.count; v++)
    h->node_of[v] = (int32_t)v;
  gli__hierarchy_totals(h);
  draw_order(h);
  return gli_run_check(h->run, error);
}
