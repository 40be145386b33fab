/* core_number.c: core numbers on a device, by peeling all nodes of the smallest degree at once.
 *
 * For each degree k that occurs: nodes with at most k edges left are collected and removed; each
 * removal takes an edge from its neighbours, and who comes down to k is removed in turn, until
 * nobody is. The order of removals does not show in core numbers. Wide fronts are a launch each;
 * thin ones are followed to their end by a single work-group, which needs no launch per round
 * (chains and trees peel in as many rounds as they are deep). Between collections only the nodes
 * that are left are looked at, and k goes on to the smallest degree among them.
 *
 * A simple graph is peeled on its rows, in a directed one on both sides, so that mutual neighbours
 * count two; an undirected multigraph on its simple rows. Cost O(m + n * degrees that occur) at
 * worst, memory 20 n bytes. */
#include <gli/algorithms/core_number.h>

#include "device/call.h"
#include "device/distinct_rows.h"

enum { WIDE_FRONT = 256, THIN_NODES = 1 << 14 };
enum { TAIL, SMALLEST, LEFT, HEAD, STATE_COUNT };

typedef struct peeling {
  gli__device_rows sides[2];
  int32_t side_count;
  int64_t count;
  gli_device_buffer *degree, *core, *queue, *state, *nodes, *left;
} peeling;

static bool takes(gli_snapshot *snapshot, const void *options, const char **why_not_out) {
  (void)options;
  return gli__has_distinct_rows(snapshot, why_not_out);
}

static void prepare(gli__call *call, peeling *p) {
  p->side_count = gli_snapshot_is_directed(call->snapshot) ? 2 : 1;
  for (int32_t side = 0; side < p->side_count; side++)
    p->sides[side] = gli__call_distinct_rows(call, side == 1);
  p->degree = gli__call_buffer(call, p->count, sizeof(int32_t));
  p->core = gli__call_buffer(call, p->count, sizeof(int32_t));
  p->queue = gli__call_buffer(call, p->count, sizeof(int32_t));
  p->nodes = gli__call_buffer(call, p->count, sizeof(int32_t));
  p->left = gli__call_buffer(call, p->count, sizeof(int32_t));
  p->state = gli__call_buffer(call, STATE_COUNT, sizeof(int32_t));
  gli__call_fill_u32(call, p->degree, 0, p->count, 0);
  gli__call_fill_u32(call, p->state, 0, STATE_COUNT, 0);
  for (int32_t side = 0; side < p->side_count; side++) {
    GLI__LAUNCH(call, "add_degrees", gli__items(p->count), gli__arg_buffer(p->sides[side].rows),
                gli__arg_buffer(p->sides[side].neighbors), gli__arg_buffer(p->degree),
                gli__arg_i64(p->count));
  }
  GLI__LAUNCH(call, "start", gli__items(p->count), gli__arg_buffer(p->nodes),
              gli__arg_buffer(p->core), gli__arg_i64(p->count));
}

/* A launch for a wide front, a single group for what follows; returns the new head. */
static int64_t peel_front(gli__call *call, peeling *p, int64_t head, int64_t tail, int32_t k) {
  if (tail - head > WIDE_FRONT) {
    for (int32_t side = 0; side < p->side_count; side++) {
      GLI__LAUNCH(call, "peel", gli__items(tail - head), gli__arg_buffer(p->sides[side].rows),
                  gli__arg_buffer(p->sides[side].neighbors), gli__arg_buffer(p->degree),
                  gli__arg_buffer(p->core), gli__arg_buffer(p->queue), gli__arg_buffer(p->state),
                  gli__arg_i64(head), gli__arg_i64(tail), gli__arg_i32(k));
    }
    head = tail;
  }
  const gli__device_rows *in = &p->sides[p->side_count - 1];
  GLI__LAUNCH(call, "peel_thin", gli__one_group(), gli__arg_buffer(p->sides[0].rows),
              gli__arg_buffer(p->sides[0].neighbors), gli__arg_buffer(in->rows),
              gli__arg_buffer(in->neighbors), gli__arg_buffer(p->degree), gli__arg_buffer(p->core),
              gli__arg_buffer(p->queue), gli__arg_buffer(p->state), gli__arg_i32((int32_t)head),
              gli__arg_i32(k), gli__arg_i32(p->side_count == 2), gli__arg_i32(WIDE_FRONT),
              gli__arg_i32(THIN_NODES));
  return head;
}

static void peel_all(gli__call *call, peeling *p) {
  int32_t state[STATE_COUNT] = {0};
  int64_t remaining = p->count, head = 0;
  int32_t k = 0;
  while (remaining > 0 && gli__call_go_on(call)) {
    gli_run_progress(call->run, (double)head, (double)p->count);
    gli__call_fill_u32(call, p->state, SMALLEST, 1, INT32_MAX);
    gli__call_fill_u32(call, p->state, LEFT, 1, 0);
    GLI__LAUNCH(call, "collect", gli__items(remaining), gli__arg_buffer(p->nodes),
                gli__arg_i64(remaining), gli__arg_buffer(p->degree), gli__arg_buffer(p->core),
                gli__arg_buffer(p->left), gli__arg_buffer(p->queue), gli__arg_buffer(p->state),
                gli__arg_i32(k));
    gli__call_download(call, p->state, 0, state, sizeof state);
    gli_device_buffer *read = p->nodes;
    p->nodes = p->left;
    p->left = read;
    remaining = state[LEFT];
    const bool any = state[TAIL] > head;
    while (state[TAIL] > head && gli__call_go_on(call)) {
      peel_front(call, p, head, state[TAIL], k);
      gli__call_download(call, p->state, 0, state, sizeof state);
      head = state[HEAD];
      gli_run_count_iteration(call->run);
    }
    k = any ? k + 1 : state[SMALLEST]; /* who came down to k + 1 meanwhile is not in SMALLEST */
  }
}

static gli_status run(gli__call *call, const void *options, gli_result *result) {
  peeling p = {.count = gli_snapshot_node_limit(call->snapshot)};
  (void)options;
  if (gli_snapshot_node_count(call->snapshot) > 0) {
    prepare(call, &p);
    gli_run_prepared(call->run);
    peel_all(call, &p);
  }
  gli__call_column_widened(call, result, "core", GLI_PER_NODE, 0, p.core);
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *options) {
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double sides = gli_snapshot_is_directed(snapshot) ? 2 : 1;
  const double degree = nodes > 0 ? sides * entries / nodes : 0;
  (void)options;
  return (gli__device_work){.entries = 3 * sides * entries,
                            .nodes = 8 * nodes,
                            .launches = 20 + 24 * degree,
                            .round_trips = 10 + 8 * degree,
                            .cpu_seconds = sides * entries * 8e-9 + nodes * 25e-9,
                            .result_bytes = 4 * nodes,
                            .reads_in = true};
}

const gli__device_algorithm gli__device_core_number = {
    .program = "core/core_number", .takes = takes, .work = work, .run = run};
