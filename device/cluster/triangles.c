/* triangles.c: counting triangles on a device by degree order (Chiba and Nishizeki 1985).
 *
 * Every edge of the simple rows points to its end of higher (degree, index), so rows of hubs get
 * short: O(sqrt(m)) at most. An item per oriented edge intersects the two rows that it joins: by
 * merging, or by searching the shorter in the longer where that is much longer. Edges are even
 * work where nodes are not, so no binning of nodes is needed. Counts go to the three corners by
 * atomic additions of integers: the order does not show.
 *
 * Edges are launched in runs, so that cancelling does not wait for all. Cost O(m^1.5) at worst;
 * memory 8 m + 24 n bytes beside the mirror. */
#include "device/cluster/triangles.h"

#include "base/pool.h"

enum { FIRST_RUN = 1 << 16 };
#define RUN_SECONDS 0.02

typedef struct oriented {
  gli_device_buffer *offsets, *sources, *targets;
  int64_t entry_count;
} oriented;

static oriented orient(gli__call *call, const gli__device_simple_rows *simple, int64_t count) {
  oriented up = {.entry_count = simple->entry_count / 2,
                 .offsets = gli__call_buffer(call, count + 1, sizeof(int64_t)),
                 .sources = gli__call_buffer(call, simple->entry_count / 2, sizeof(int32_t)),
                 .targets = gli__call_buffer(call, simple->entry_count / 2, sizeof(int32_t))};
  gli_device_buffer *counts = gli__call_buffer(call, count, sizeof(int64_t));
  GLI__LAUNCH(call, "count_up", gli__items(count), gli__arg_buffer(simple->offsets),
              gli__arg_buffer(simple->neighbors), gli__arg_buffer(counts), gli__arg_i64(count));
  gli__call_exclusive_scan(call, GLI_DEVICE_I64, counts, up.offsets, count);
  GLI__LAUNCH(call, "fill_up", gli__items(count), gli__arg_buffer(simple->offsets),
              gli__arg_buffer(simple->neighbors), gli__arg_buffer(up.offsets),
              gli__arg_buffer(up.sources), gli__arg_buffer(up.targets), gli__arg_i64(count));
  gli__call_release(call, counts);
  return up;
}

gli_device_buffer *gli__call_count_triangles(gli__call *call,
                                             const gli__device_simple_rows *simple) {
  const int64_t count = gli_snapshot_node_limit(call->snapshot);
  const oriented up = orient(call, simple, count);
  gli_device_buffer *low = gli__call_buffer(call, count, sizeof(uint32_t));
  gli_device_buffer *high = gli__call_buffer(call, count, sizeof(uint32_t));
  gli_device_buffer *counts = gli__call_buffer(call, count, sizeof(int64_t));
  gli__call_fill_u32(call, low, 0, count, 0);
  gli__call_fill_u32(call, high, 0, count, 0);
  gli_run_prepared(call->run);
  int64_t run = FIRST_RUN, first = 0;
  while (first < up.entry_count && gli__call_go_on(call)) {
    const int64_t end = first + run < up.entry_count ? first + run : up.entry_count;
    const double began = gli__seconds_now();
    gli_run_progress(call->run, (double)first, (double)up.entry_count);
    GLI__LAUNCH(call, "count_triangles", gli__items(end - first), gli__arg_buffer(up.offsets),
                gli__arg_buffer(up.sources), gli__arg_buffer(up.targets), gli__arg_buffer(low),
                gli__arg_buffer(high), gli__arg_i64(first), gli__arg_i64(end));
    gli__call_finish(call);
    first = end;
    if (gli__seconds_now() - began < RUN_SECONDS / 2) run *= 2;
  }
  GLI__LAUNCH(call, "join_words", gli__items(count), gli__arg_buffer(low), gli__arg_buffer(high),
              gli__arg_buffer(counts), gli__arg_i64(count));
  gli__call_release(call, up.sources);
  gli__call_release(call, up.targets);
  gli__call_release(call, up.offsets);
  gli__call_release(call, low);
  gli__call_release(call, high);
  return counts;
}

gli__corners gli__call_corners(gli__call *call, const gli__device_simple_rows *simple,
                               gli_device_buffer *counts) {
  const int64_t count = gli_snapshot_node_limit(call->snapshot);
  gli__corners corners = {0};
  if (call->status != GLI_OK) return corners;
  int64_t *offsets = gli_run_allocate(call->run, count + 1, sizeof *offsets);
  int64_t *triangles = gli_run_allocate(call->run, count + 1, sizeof *triangles);
  if (offsets == NULL || triangles == NULL) {
    call->status = gli_run_no_memory(call->run, call->error);
    return corners;
  }
  gli__call_download(call, simple->offsets, 0, offsets, (count + 1) * (int64_t)sizeof *offsets);
  gli__call_download(call, counts, 0, triangles, count * (int64_t)sizeof *triangles);
  return (gli__corners){offsets, triangles};
}

double gli__closed_share(const gli__call *call, const gli__corners *corners) {
  double closed = 0, triples = 0; /* exact: integers below 2^53 on graphs that fit */
  for (int64_t v = 0; v < gli_snapshot_node_limit(call->snapshot); v++) {
    const double degree = (double)(corners->offsets[v + 1] - corners->offsets[v]);
    closed += 2 * (double)corners->triangles[v];
    triples += degree * (degree - 1);
  }
  return triples > 0 ? closed / triples : 0;
}

gli__device_work gli__triangles_work(gli_snapshot *snapshot, const void *options) {
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
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
