/* triangles.c: counting triangles on a device by degree order (Chiba and Nishizeki 1985).
 *
 * Every edge of the simple rows points to its end of higher (degree, index), so rows of hubs get
 * short: O(sqrt(m)) at most. An item per oriented edge intersects the two rows that it joins: by
 * merging, or by searching the shorter in the longer where that is much longer. Edges are even
 * work where nodes are not, so no binning of nodes is needed. Counts go to the three corners by
 * atomic additions of integers: the order does not show.
 *
 * In a directed graph each oriented edge also knows its strength, how many directions it has, 1 or
 * 2, and each triangle found weighs what its strengths say. Directions are looked up once: every
 * edge finds its place in the simple rows of both of its ends by bisection, O(m log d). All of it
 * is integers, as on the CPU: the same bits.
 *
 * Edges are launched in runs, so that cancelling does not wait for all. Cost O(m^1.5) at worst;
 * memory 8 m + 24 n bytes beside the mirror, directed 17 m + 48 n at the most. */
#include "device/cluster/triangles.h"

#include "base/pool.h"
#include "device/long_rows.h"

enum { FIRST_RUN = 1 << 16, LONG_ROW = 256 };
#define RUN_SECONDS 0.02

typedef struct oriented {
  gli_device_buffer *offsets, *sources, *targets;
  gli_device_buffer *strengths; /* directed: uint8 */
  int64_t entry_count;
} oriented;

/* 64-bit counts of nodes in two words. */
typedef struct tally {
  gli_device_buffer *low, *high;
} tally;

typedef struct counting {
  int64_t node_limit;
  oriented up;
  tally triangles;
  tally closed;                          /* directed: triangles, each at one corner */
  gli_device_buffer *forward, *backward; /* directed: uint8 per simple entry */
  gli_device_buffer *ends;               /* directed: the sum of strengths at each node */
  bool between;                          /* directed: LDBC's rule */
} counting;

/* --- Oriented rows ---------------------------------------------------------------------------- */

static void measure_up(gli__call *call, counting *c, const gli__device_simple_rows *simple) {
  const int64_t count = c->node_limit, entries = simple->entry_count / 2;
  c->up = (oriented){.entry_count = entries,
                     .offsets = gli__call_buffer(call, count + 1, sizeof(int64_t)),
                     .sources = gli__call_buffer(call, entries, sizeof(int32_t)),
                     .targets = gli__call_buffer(call, entries, sizeof(int32_t))};
  gli_device_buffer *counts = gli__call_buffer(call, count, sizeof(int64_t));
  GLI__LAUNCH(call, "count_up", gli__items(count), gli__arg_buffer(simple->offsets),
              gli__arg_buffer(simple->neighbors), gli__arg_buffer(counts), gli__arg_i64(count));
  gli__call_exclusive_scan(call, GLI_DEVICE_I64, counts, c->up.offsets, count);
  gli__call_release(call, counts);
}

static void orient(gli__call *call, counting *c, const gli__device_simple_rows *simple) {
  measure_up(call, c, simple);
  GLI__LAUNCH(call, "fill_up", gli__items(c->node_limit), gli__arg_buffer(simple->offsets),
              gli__arg_buffer(simple->neighbors), gli__arg_buffer(c->up.offsets),
              gli__arg_buffer(c->up.sources), gli__arg_buffer(c->up.targets),
              gli__arg_i64(c->node_limit));
}

static void mark_directions(gli__call *call, counting *c, const gli__device_simple_rows *simple) {
  const gli__device_rows out = gli__call_rows(call, false);
  const gli__long_rows longs = gli__call_long_rows(call, &out, LONG_ROW);
  c->forward = gli__call_buffer(call, simple->entry_count, sizeof(uint8_t));
  c->backward = gli__call_buffer(call, simple->entry_count, sizeof(uint8_t));
  gli__call_fill_u8(call, c->forward, 0, simple->entry_count, 0);
  gli__call_fill_u8(call, c->backward, 0, simple->entry_count, 0);
  GLI__LAUNCH(call, "mark_directions", gli__items(c->node_limit), gli__arg_buffer(out.rows),
              gli__arg_buffer(out.neighbors), gli__arg_buffer(simple->offsets),
              gli__arg_buffer(simple->neighbors), gli__arg_buffer(c->forward),
              gli__arg_buffer(c->backward), gli__arg_u32(longs.limit), gli__arg_i64(c->node_limit));
  GLI__LAUNCH(call, "mark_directions_long", gli__groups(longs.count), gli__arg_buffer(out.rows),
              gli__arg_buffer(out.neighbors), gli__arg_buffer(simple->offsets),
              gli__arg_buffer(simple->neighbors), gli__arg_buffer(c->forward),
              gli__arg_buffer(c->backward), gli__arg_buffer(longs.nodes),
              gli__arg_i64(longs.count));
}

static void orient_directed(gli__call *call, counting *c, const gli__device_simple_rows *simple) {
  mark_directions(call, c, simple);
  measure_up(call, c, simple);
  c->up.strengths = gli__call_buffer(call, c->up.entry_count, sizeof(uint8_t));
  c->ends = gli__call_buffer(call, c->node_limit, sizeof(int64_t));
  GLI__LAUNCH(call, "fill_up_strengths", gli__items(c->node_limit),
              gli__arg_buffer(simple->offsets), gli__arg_buffer(simple->neighbors),
              gli__arg_buffer(c->forward), gli__arg_buffer(c->backward),
              gli__arg_buffer(c->up.offsets), gli__arg_buffer(c->up.sources),
              gli__arg_buffer(c->up.targets), gli__arg_buffer(c->up.strengths),
              gli__arg_buffer(c->ends), gli__arg_i64(c->node_limit));
  gli__call_release(call, c->forward);
  gli__call_release(call, c->backward);
}

/* --- Counting --------------------------------------------------------------------------------- */

static tally start_tally(gli__call *call, int64_t count) {
  const tally zeros = {gli__call_buffer(call, count, sizeof(uint32_t)),
                       gli__call_buffer(call, count, sizeof(uint32_t))};
  gli__call_fill_u32(call, zeros.low, 0, count, 0);
  gli__call_fill_u32(call, zeros.high, 0, count, 0);
  return zeros;
}

/* As int64. */
static gli_device_buffer *end_tally(gli__call *call, const tally *words, int64_t count) {
  gli_device_buffer *counts = gli__call_buffer(call, count, sizeof(int64_t));
  GLI__LAUNCH(call, "join_words", gli__items(count), gli__arg_buffer(words->low),
              gli__arg_buffer(words->high), gli__arg_buffer(counts), gli__arg_i64(count));
  gli__call_release(call, words->low);
  gli__call_release(call, words->high);
  return counts;
}

static void count_run(gli__call *call, const counting *c, int64_t first, int64_t end) {
  const oriented *up = &c->up;
  if (up->strengths == NULL) {
    GLI__LAUNCH(call, "count_triangles", gli__items(end - first), gli__arg_buffer(up->offsets),
                gli__arg_buffer(up->sources), gli__arg_buffer(up->targets),
                gli__arg_buffer(c->triangles.low), gli__arg_buffer(c->triangles.high),
                gli__arg_i64(first), gli__arg_i64(end));
    return;
  }
  GLI__LAUNCH(call, "weigh_triangles", gli__items(end - first), gli__arg_buffer(up->offsets),
              gli__arg_buffer(up->sources), gli__arg_buffer(up->targets),
              gli__arg_buffer(up->strengths), gli__arg_buffer(c->triangles.low),
              gli__arg_buffer(c->triangles.high), gli__arg_buffer(c->closed.low),
              gli__arg_buffer(c->closed.high), gli__arg_i32(c->between), gli__arg_i64(first),
              gli__arg_i64(end));
}

static void count_all(gli__call *call, counting *c) {
  int64_t run = FIRST_RUN, first = 0;
  gli_run_prepared(call->run);
  while (first < c->up.entry_count && gli__call_go_on(call)) {
    const int64_t end = first + run < c->up.entry_count ? first + run : c->up.entry_count;
    const double began = gli__seconds_now();
    gli_run_progress(call->run, (double)first, (double)c->up.entry_count);
    count_run(call, c, first, end);
    gli__call_finish(call);
    first = end;
    if (gli__seconds_now() - began < RUN_SECONDS / 2) run *= 2;
  }
  gli__call_release(call, c->up.sources);
  gli__call_release(call, c->up.targets);
  gli__call_release(call, c->up.offsets);
  gli__call_release(call, c->up.strengths);
}

gli_device_buffer *gli__call_count_triangles(gli__call *call,
                                             const gli__device_simple_rows *simple) {
  counting c = {.node_limit = gli_snapshot_node_limit(call->snapshot)};
  orient(call, &c, simple);
  c.triangles = start_tally(call, c.node_limit);
  count_all(call, &c);
  return end_tally(call, &c.triangles, c.node_limit);
}

/* --- Corners ---------------------------------------------------------------------------------- */

static const int64_t *fetch(gli__call *call, gli_device_buffer *buffer, int64_t count) {
  if (call->status != GLI_OK) return NULL;
  int64_t *values = gli_run_allocate(call->run, count + 1, sizeof *values);
  if (values == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return NULL;
  }
  gli__call_download(call, buffer, 0, values, count * (int64_t)sizeof *values);
  return call->status == GLI_OK ? values : NULL; /* what did not arrive is not read */
}

/* 0 of nothing, which a call that has failed fetches. */
static int64_t sum_of(const int64_t *values, int64_t count) {
  int64_t sum = 0;
  for (int64_t v = 0; values != NULL && v < count; v++)
    sum += values[v];
  return sum;
}

gli__corners gli__call_corners(gli__call *call, const gli__device_simple_rows *simple,
                               gli_device_buffer *counts) {
  const int64_t count = gli_snapshot_node_limit(call->snapshot);
  gli__corners corners = {.offsets = fetch(call, simple->offsets, count + 1),
                          .triangles = fetch(call, counts, count)};
  corners.closed = sum_of(corners.triangles, count);
  return corners;
}

gli__corners gli__call_directed_corners(gli__call *call, const gli__device_simple_rows *simple,
                                        bool between) {
  const int64_t count = gli_snapshot_node_limit(call->snapshot);
  counting c = {.node_limit = count, .between = between};
  orient_directed(call, &c, simple);
  c.triangles = start_tally(call, count);
  c.closed = start_tally(call, count);
  count_all(call, &c);
  gli_device_buffer *weights = end_tally(call, &c.triangles, count);
  gli_device_buffer *closed = end_tally(call, &c.closed, count);
  gli_device_buffer *total = gli__call_buffer(call, 1, sizeof(int64_t));
  gli__call_reduce(call, GLI_DEVICE_I64, GLI_DEVICE_SUM, closed, total, count);
  return (gli__corners){.offsets = fetch(call, simple->offsets, count + 1),
                        .triangles = fetch(call, weights, count),
                        .ends = fetch(call, c.ends, count),
                        .closed = 3 * gli__call_read_i64(call, total, 0)};
}

double gli__closed_share(const gli__call *call, const gli__corners *corners) {
  double triples = 0; /* exact: integers below 2^53 on graphs that fit */
  for (int64_t v = 0; v < gli_snapshot_node_limit(call->snapshot); v++) {
    const double degree = (double)(corners->offsets[v + 1] - corners->offsets[v]);
    triples += degree * (degree - 1);
  }
  return triples > 0 ? 2 * (double)corners->closed / triples : 0;
}

gli__device_work gli__triangles_work(gli_snapshot *snapshot, const void *options) {
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double sides = gli_snapshot_is_directed(snapshot) ? 2 : 1; /* simple rows have both */
  const double entries = sides * (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double degree = nodes > 0 ? entries / nodes : 0;
  (void)options;
  /* Steps of intersection per edge: the mean oriented degree, several times where hubs are. */
  const double steps = entries * (4 + 4 * degree);
  return (gli__device_work){.entries = steps,
                            .nodes = 8 * nodes,
                            .launches = 24,
                            .round_trips = 8,
                            .cpu_seconds = steps * 0.2e-9 + entries * 1.5e-9 + nodes * 2e-9,
                            .result_bytes = 8 * nodes};
}
