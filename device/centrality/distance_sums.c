/* distance_sums.c: 64 breadth-first searches at once on a device (Then et al. 2014,
 * doi:10.14778/2735496.2735507), each node adding up how far it is from their sources.
 *
 * A word per node holds which sources have seen it. A level is pulled: a node that some source has
 * not seen yet takes what its in-neighbours' words bring, so that nobody writes into another's
 * word, sums need no atomics, and are made in the order of levels and groups whatever the device.
 * Rows longer than LONG_ROW are pulled by a work-group each.
 *
 * The host queues levels ahead and reads afterwards whether the last of them brought anybody; those
 * beyond the end do nothing. Cost O(levels (n + m)) for each 64 sources and a launch or two per
 * level; 44 bytes a node. Hops are summed as integers: the same bits as the CPU's. Every level
 * reads all rows that are not complete, so deep graphs are the CPU's, which keeps lists. */
#include "device/centrality/distance_sums.h"

#include <math.h>

#include "base/pool.h"
#include "device/long_rows.h"

enum { GROUP = 64, LONG_ROW = 256, LEVELS_AHEAD = 64 };
#define AHEAD_SECONDS 0.01

typedef struct summing {
  gli__device_rows in;
  gli__long_rows longs;
  int64_t limit;
  bool reciprocals;
  gli_device_buffer *seen, *frontier, *next, *reached, *hops, *sum, *brought, *sources;
  uint64_t everybody;
} summing;

static void prepare(gli__call *call, summing *s) {
  s->in = gli__call_rows(call, true);
  s->longs = gli__call_long_rows(call, &s->in, LONG_ROW);
  s->seen = gli__call_buffer(call, s->limit, sizeof(uint64_t));
  s->frontier = gli__call_buffer(call, s->limit, sizeof(uint64_t));
  s->next = gli__call_buffer(call, s->limit, sizeof(uint64_t));
  s->reached = gli__call_buffer(call, s->limit, sizeof(int32_t));
  s->hops = gli__call_buffer(call, s->limit, sizeof(int64_t));
  s->brought = gli__call_buffer(call, LEVELS_AHEAD + 1, sizeof(uint32_t));
  s->sources = gli__call_buffer(call, GROUP, sizeof(int32_t));
  gli__call_fill_u32(call, s->reached, 0, s->limit, 0);
  gli__call_fill_i64(call, s->hops, 0, s->limit, 0);
  if (!s->reciprocals) return;
  s->sum = gli__call_buffer(call, s->limit, sizeof(double));
  gli__call_fill_f64(call, s->sum, 0, s->limit, 0);
}

/* level: of those that are queued together. */
static void pull_level(gli__call *call, summing *s, int32_t level, int32_t distance) {
  const gli_device_argument everybody = {.type = GLI_DEVICE_INT64, .as.uint64 = s->everybody};
  GLI__LAUNCH(call, "pull_level", gli__items(s->limit), gli__arg_buffer(s->in.rows),
              gli__arg_buffer(s->in.neighbors), gli__arg_buffer(s->frontier),
              gli__arg_buffer(s->next), gli__arg_buffer(s->seen), gli__arg_buffer(s->reached),
              gli__arg_buffer(s->hops), gli__arg_buffer(s->brought), everybody, gli__arg_i32(level),
              gli__arg_i32(distance), gli__arg_u32(s->longs.limit), gli__arg_i64(s->limit));
  GLI__LAUNCH(call, "pull_long", gli__groups(s->longs.count), gli__arg_buffer(s->in.rows),
              gli__arg_buffer(s->in.neighbors), gli__arg_buffer(s->frontier),
              gli__arg_buffer(s->next), gli__arg_buffer(s->seen), gli__arg_buffer(s->reached),
              gli__arg_buffer(s->hops), gli__arg_buffer(s->brought), everybody, gli__arg_i32(level),
              gli__arg_i32(distance), gli__arg_buffer(s->longs.nodes),
              gli__arg_i64(s->longs.count));
  if (s->reciprocals) {
    GLI__LAUNCH(call, "add_reciprocals", gli__items(s->limit), gli__arg_buffer(s->next),
                gli__arg_buffer(s->sum), gli__arg_buffer(s->brought), gli__arg_i32(level),
                gli__arg_i32(distance), gli__arg_i64(s->limit));
  }
  gli_device_buffer *read = s->frontier;
  s->frontier = s->next;
  s->next = read;
}

/* All levels of a group of sources. The last level of a bunch says whether there are more: those
 * after one that brings nobody do nothing and bring nobody. */
static void search(gli__call *call, summing *s) {
  int64_t ahead = 2;
  for (int64_t distance = 1; distance <= s->limit && gli__call_go_on(call);) {
    const double began = gli__seconds_now();
    gli__call_fill_u32(call, s->brought, 0, 1, 1);
    gli__call_fill_u32(call, s->brought, 1, ahead, 0);
    for (int32_t k = 0; k < ahead; k++, distance++)
      pull_level(call, s, k, (int32_t)distance);
    if (gli__call_read_u32(call, s->brought, ahead) == 0) return;
    if (ahead < LEVELS_AHEAD && gli__seconds_now() - began < AHEAD_SECONDS) ahead++;
  }
}

static void search_group(gli__call *call, summing *s, const int32_t *sources, int64_t count) {
  s->everybody = count == GROUP ? UINT64_MAX : (UINT64_C(1) << count) - 1;
  gli__call_upload(call, s->sources, 0, sources, count * (int64_t)sizeof *sources);
  gli__call_fill_i64(call, s->seen, 0, s->limit, 0);
  gli__call_fill_i64(call, s->frontier, 0, s->limit, 0);
  GLI__LAUNCH(call, "start", gli__items(count), gli__arg_buffer(s->sources),
              gli__arg_buffer(s->seen), gli__arg_buffer(s->frontier), gli__arg_i32((int32_t)count));
  search(call, s);
}

/* To the host: counts, and sums as float64. */
static gli__distance_sums take(gli__call *call, const summing *s) {
  gli__distance_sums sums = {.sum = gli_run_allocate(call->run, s->limit, sizeof *sums.sum),
                             .count = gli_run_allocate(call->run, s->limit, sizeof *sums.count)};
  int64_t *hops = gli_run_allocate(call->run, s->limit, sizeof *hops);
  if (sums.sum == NULL || sums.count == NULL || hops == NULL) {
    if (call->status == GLI_OK) call->status = gli_run_no_memory(call->run, call->error);
    return sums;
  }
  gli__call_download(call, s->reached, 0, sums.count, s->limit * (int64_t)sizeof *sums.count);
  if (s->reciprocals) {
    gli__call_download(call, s->sum, 0, sums.sum, s->limit * (int64_t)sizeof *sums.sum);
  } else {
    gli__call_download(call, s->hops, 0, hops, s->limit * (int64_t)sizeof *hops);
    for (int64_t v = 0; v < s->limit && call->status == GLI_OK; v++)
      sums.sum[v] = (double)hops[v];
  }
  gli_run_release(call->run, hops);
  return sums;
}

gli__distance_sums gli__call_distance_sums(gli__call *call, const gli__sources *sources,
                                           bool reciprocals) {
  summing s = {.limit = gli_snapshot_node_limit(call->snapshot), .reciprocals = reciprocals};
  prepare(call, &s);
  gli_run_prepared(call->run);
  for (int64_t first = 0; first < sources->count && gli__call_go_on(call); first += GROUP) {
    const int64_t left = sources->count - first;
    gli_run_progress(call->run, (double)first, (double)sources->count);
    search_group(call, &s, sources->nodes + first, left < GROUP ? left : GROUP);
  }
  return take(call, &s);
}

gli__device_work gli__distance_sums_work(gli_snapshot *snapshot, int64_t samples) {
  const double nodes = 1 + (double)gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double sources = (double)samples < nodes ? (double)samples : nodes;
  const double groups = 1 + sources / GROUP, degree = 1 + entries / nodes;
  const bool is_road = degree < 6;
  const double levels = is_road ? 2 * sqrt(nodes) : 3 + log(nodes) / log(degree);
  /* Our CPU kernel, a group of 64 on one core: wiki-Vote 16 ns an entry, power 300. */
  return (gli__device_work){.entries = groups * levels * entries,
                            .nodes = 4 * groups * levels * nodes,
                            .launches = groups * (4 + levels),
                            .round_trips = groups * (1 + levels / 4),
                            .cpu_seconds = groups * (entries * (is_road ? 3e-7 : 1.6e-8)),
                            .result_bytes = 20 * nodes,
                            .reads_in = true};
}
