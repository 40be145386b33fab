/* directed.c: weighing the triangles of directed graphs in the order of indices.
 *
 * A side of a triangle is as strong as it has directions, 1 or 2. A triangle is worth the product
 * of its sides to each of its corners (Fagiolo 2007), or to a corner the side that is opposite:
 * the edges between its neighbours (LDBC). The triangles are found as triangles.c finds them, each
 * once, with a second bitmap of whom u is joined to in both directions; or as hubs.c finds them,
 * by directed_hubs.c. All of it is integers: the same on any number of threads.
 *
 * Clustering of a uniform graph of 131 k nodes and 1.05 M directed edges, one core: 66 to 77 ms;
 * each triangle from all of its corners with float64 marks 315, by directed_hubs.c 95. Uniform
 * graphs are not skewed, and so come here; skewed ones go there, 504 ms against 128. */
#include "cpu/cluster/triangles.h"

enum {
  BLOCK_ENTRIES = 1 << 13,
  LONG_ROW = 16,      /* times as long as what is marked: searched, not walked */
  CHECK_CORNERS = 16, /* after so many a stop is looked for, */
  CHECK_PAIRS = 256,  /* and after so many pairs of one */
};

typedef struct weigh_job {
  gli_run *run;
  const gli__directed_rows *rows;
  bool between;
  int64_t words;
  uint64_t *marks; /* [workers][2][words] */
  int64_t *weights;
  int64_t total;
} weigh_job;

/* The corner u of a triangle, and its corner v at work. */
typedef struct corner {
  const weigh_job *job;
  const int32_t *row;            /* of u */
  const uint8_t *directions;     /* of u's row */
  uint64_t *joined, *mutual;     /* marks of u's row below u */
  int64_t uv;                    /* strength between u and v */
  int64_t at_u, at_v, triangles; /* worth of triangles to u, to v; how many */
} corner;

static int64_t strength_of(uint8_t directions) {
  return directions == 3 ? 2 : 1;
}

static int64_t bit_at(const uint64_t *marks, int32_t node) {
  return (int64_t)(marks[node >> 6] >> (node & 63) & 1);
}

/* A triangle with w, the smallest corner; the strengths of its sides there. */
static void close(corner *c, int32_t w, int64_t uw, int64_t vw) {
  const bool between = c->job->between;
  const int64_t product = c->uv * uw * vw;
  gli__tally_add(&c->job->weights[w], between ? c->uv : product);
  c->at_v += between ? uw : product;
  c->at_u += between ? vw : product;
  c->triangles++;
}

/* Marked nodes in the row of v, below v. */
static void walk(corner *c, int32_t v) {
  const gli_simple_rows *simple = &c->job->rows->simple;
  const uint8_t *directions = c->job->rows->directions;
  const int64_t end = simple->offsets[v + 1];
  for (int64_t k = simple->offsets[v]; k < end && simple->neighbors[k] < v; k++) {
    const int32_t w = simple->neighbors[k];
    if (bit_at(c->joined, w) == 0) continue;
    close(c, w, 1 + bit_at(c->mutual, w), strength_of(directions[k]));
  }
}

/* Of the first `count` nodes in u's row, those in the row of v, one by one. */
static void search(corner *c, int64_t count, int32_t v) {
  const gli_simple_rows *simple = &c->job->rows->simple;
  for (int64_t k = 0; k < count; k++) {
    const int32_t w = c->row[k];
    const int64_t at = gli__cpu_simple_find(simple, v, w);
    if (simple->neighbors[at] != w) continue;
    close(c, w, strength_of(c->directions[k]), strength_of(c->job->rows->directions[at]));
  }
}

static void mark(const corner *c, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    const uint64_t bit = UINT64_C(1) << (c->row[k] & 63);
    c->joined[c->row[k] >> 6] |= bit;
    if (c->directions[k] == 3) c->mutual[c->row[k] >> 6] |= bit;
  }
}

static void clear(const corner *c, int64_t count) {
  for (int64_t k = 0; k < count; k++)
    c->joined[c->row[k] >> 6] = c->mutual[c->row[k] >> 6] = 0;
}

/* The triangles whose largest corner is u. */
static int64_t weigh_corner(const weigh_job *job, int32_t u, uint64_t *marks) {
  const int64_t *offsets = job->rows->simple.offsets;
  corner c = {.job = job,
              .row = job->rows->simple.neighbors + offsets[u],
              .directions = job->rows->directions + offsets[u],
              .joined = marks,
              .mutual = marks + job->words};
  const int64_t length = offsets[u + 1] - offsets[u];
  int64_t below = 0;
  while (below < length && c.row[below] < u)
    below++;
  if (below < 2) return 0;
  mark(&c, below);
  for (int64_t k = 1; k < below; k++) {
    const int32_t v = c.row[k];
    c.uv = strength_of(c.directions[k]);
    c.at_v = 0;
    if (offsets[v + 1] - offsets[v] > LONG_ROW * k) {
      search(&c, k, v);
    } else {
      walk(&c, v);
    }
    if (c.at_v > 0) gli__tally_add(&job->weights[v], c.at_v);
    if (k % CHECK_PAIRS == 0 && gli_run_stopped(job->run)) break;
  }
  clear(&c, below);
  if (c.at_u > 0) gli__tally_add(&job->weights[u], c.at_u);
  return c.triangles;
}

static void weigh_block(void *context, int64_t begin, int64_t end, int32_t worker) {
  weigh_job *job = context;
  uint64_t *marks = job->marks + worker * 2 * job->words;
  int64_t found = 0;
  for (int64_t u = begin; u < end; u++) {
    if (u % CHECK_CORNERS == 0 && gli_run_stopped(job->run)) break;
    found += weigh_corner(job, (int32_t)u, marks);
  }
  if (found > 0) gli__tally_add(&job->total, found);
}

gli_status gli__cpu_weigh_in_order(gli_run *run, int64_t node_limit, const gli__directed_rows *rows,
                                   bool between, int64_t *weights, int64_t *total_out,
                                   gli_error *error) {
  const int64_t entries = rows->simple.offsets[node_limit];
  weigh_job job = {.run = run,
                   .rows = rows,
                   .between = between,
                   .words = node_limit / 64 + 1,
                   .weights = weights};
  job.marks = gli_run_allocate_zeroed(run, gli_run_threads(run) * 2 * job.words, sizeof *job.marks);
  if (job.marks == NULL) return gli_run_no_memory(run, error);
  const int64_t grain = gli__cpu_grain(node_limit, entries, BLOCK_ENTRIES);
  gli_status status = gli_run_parallel(run, node_limit, grain, weigh_block, &job, error);
  if (status == GLI_OK) status = gli_run_check(run, error);
  gli_run_release(run, job.marks);
  *total_out = job.total;
  return status;
}

gli_status gli__cpu_weigh_directed(gli_run *run, int64_t node_limit, const gli__directed_rows *rows,
                                   bool between, int64_t *weights, int64_t *total_out,
                                   gli_error *error) {
  *total_out = 0;
  if (node_limit == 0) return GLI_OK;
  return gli__cpu_has_hubs(node_limit, &rows->simple)
             ? gli__cpu_weigh_by_hubs(run, node_limit, rows, between, weights, total_out, error)
             : gli__cpu_weigh_in_order(run, node_limit, rows, between, weights, total_out, error);
}
