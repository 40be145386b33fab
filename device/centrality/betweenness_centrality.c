/* betweenness_centrality.c: Brandes' algorithm (2001) on a device, a batch of sources at once.
 *
 * Level by level for all sources of a batch together, so that a launch has enough to do: who is not
 * reached yet joins the next level (atomics on integers), then its number of paths is pulled from
 * the level before, and after the last level dependencies are pulled backwards. Sums of floats are
 * made in the order of rows and of sources, as the CPU makes them; rows longer than LONG_ROW by a
 * work-group, in a fixed tree. Sources are drawn and sums scaled by the CPU kernel's functions.
 *
 * Where levels end is known to the device alone: the host queues some levels and reads the bounds
 * once per batch of levels. Cost O(n + m) per source and 2 + 4 launches per level and batch; memory
 * 20 n bytes per source of a batch. Weighted paths have a CPU kernel only. */
#include <gli/algorithms/betweenness_centrality.h>

#include "base/pool.h"
#include "cpu/centrality/brandes.h"
#include "device/call.h"
#include "device/distinct_rows.h"

enum { LONG_ROW = 256, MAX_SHIFT = 6, MAX_LEVELS_AHEAD = 64 };
#define CELL_BYTES UINT64_C(24)
#define BATCH_BYTES (UINT64_C(1) << 30)
#define AHEAD_SECONDS 0.01

typedef struct betweenness {
  gli__device_rows out, in;
  gli__sources sources;
  int64_t count; /* node limit */
  int32_t shift; /* 2^shift sources at once */
  int32_t batch; /* sources of the batch at hand */
  uint32_t long_row;
  int32_t endpoints;
  gli_device_buffer *batch_sources, *level, *paths, *dependency, *queue, *bounds, *tail, *reached;
  gli_device_buffer *score;
  int64_t *bounds_read; /* [count + 3] on the host */
} betweenness;

static bool takes(gli_snapshot *snapshot, const void *given, const char **why_not_out) {
  const gli_betweenness_centrality_options *options = given;
  if (options->weight == NULL) return gli__has_distinct_rows(snapshot, why_not_out);
  *why_not_out = "weighted betweenness has a CPU kernel only";
  return false;
}

/* As many sources at once as there are, as fit into an int32 of cells and into the memory. */
static int32_t choose_shift(const betweenness *b) {
  int32_t shift = 0;
  while (shift < MAX_SHIFT && (INT64_C(1) << shift) < b->sources.count &&
         b->count << (shift + 1) < INT32_MAX &&
         ((uint64_t)b->count << (shift + 1)) * CELL_BYTES < BATCH_BYTES) {
    shift++;
  }
  return shift;
}

static void prepare(gli__call *call, betweenness *b) {
  b->out = gli__call_distinct_rows(call, false);
  b->in = gli_snapshot_is_directed(call->snapshot) ? gli__call_rows(call, true) : b->out;
  b->shift = choose_shift(b);
  b->long_row = call->device->info.group_size == 1 ? UINT32_MAX : LONG_ROW;
  const int64_t cells = b->count << b->shift, sources = INT64_C(1) << b->shift;
  b->batch_sources = gli__call_buffer(call, sources, sizeof(int32_t));
  b->reached = gli__call_buffer(call, sources, sizeof(int32_t));
  b->level = gli__call_buffer(call, cells, sizeof(int32_t));
  b->paths = gli__call_buffer(call, cells, sizeof(double));
  b->dependency = gli__call_buffer(call, cells, sizeof(double));
  b->queue = gli__call_buffer(call, cells, sizeof(int32_t));
  b->bounds = gli__call_buffer(call, b->count + 3, sizeof(int64_t));
  b->tail = gli__call_buffer(call, 1, sizeof(int32_t));
  b->score = gli__call_buffer(call, b->count, sizeof(double));
  gli__call_fill_f64(call, b->score, 0, b->count, 0);
  if (call->status != GLI_OK) return;
  b->bounds_read = gli_run_allocate(call->run, b->count + 3, sizeof *b->bounds_read);
  if (b->bounds_read == NULL) call->status = gli_run_no_memory(call->run, call->error);
}

static void pull_level(gli__call *call, const betweenness *b, const gli__device_rows *side,
                       int64_t groups, int64_t depth, bool backward) {
  GLI__LAUNCH(call, "pull_level", gli__groups(groups), gli__arg_buffer(side->rows),
              gli__arg_buffer(side->neighbors), gli__arg_buffer(b->level),
              gli__arg_buffer(b->paths), gli__arg_buffer(b->dependency), gli__arg_buffer(b->queue),
              gli__arg_buffer(b->bounds), gli__arg_i32((int32_t)depth), gli__arg_i32(b->shift),
              gli__arg_u32(b->long_row), gli__arg_i32(backward));
}

static void search_level(gli__call *call, const betweenness *b, int64_t groups, int64_t depth) {
  GLI__LAUNCH(call, "discover", gli__groups(groups), gli__arg_buffer(b->out.rows),
              gli__arg_buffer(b->out.neighbors), gli__arg_buffer(b->level),
              gli__arg_buffer(b->queue), gli__arg_buffer(b->bounds), gli__arg_buffer(b->tail),
              gli__arg_i32((int32_t)depth), gli__arg_i32(b->shift), gli__arg_u32(b->long_row));
  GLI__LAUNCH(call, "close_level", gli__items(1), gli__arg_buffer(b->bounds),
              gli__arg_buffer(b->tail), gli__arg_i32((int32_t)depth));
  pull_level(call, b, &b->in, groups, depth + 1, false);
}

/* All levels forward; returns how many have cells. */
static int64_t search(gli__call *call, const betweenness *b) {
  const int64_t groups = (b->count << b->shift) / call->device->info.group_size + 1;
  int64_t depth = 0, ahead = 2;
  while (gli__call_go_on(call)) {
    const double began = gli__seconds_now();
    const int64_t first = depth;
    /* A level needs bounds up to depth + 2, of which there are count + 3. */
    for (; depth < first + ahead && depth <= b->count; depth++)
      search_level(call, b, groups, depth);
    gli__call_download(call, b->bounds, first * (int64_t)sizeof(int64_t), b->bounds_read + first,
                       (depth + 2 - first) * (int64_t)sizeof(int64_t));
    for (int64_t d = first; d < depth && call->status == GLI_OK; d++) {
      if (b->bounds_read[d + 2] == b->bounds_read[d + 1]) return d + 1;
    }
    if (ahead < MAX_LEVELS_AHEAD && gli__seconds_now() - began < AHEAD_SECONDS) ahead *= 2;
  }
  return 0;
}

static void depend(gli__call *call, const betweenness *b, int64_t levels) {
  const int64_t group = call->device->info.group_size;
  for (int64_t depth = levels - 1; depth >= 0; depth--) {
    const int64_t cells = b->bounds_read[depth + 1] - b->bounds_read[depth];
    pull_level(call, b, &b->out, (cells + group - 1) / group, depth, true);
    if (depth % MAX_LEVELS_AHEAD == 0) {
      gli__call_finish(call);
      if (!gli__call_go_on(call)) return;
    }
  }
}

static void run_batch(gli__call *call, betweenness *b, int64_t first) {
  const int64_t left = b->sources.count - first, most = INT64_C(1) << b->shift;
  const int64_t cells = b->count << b->shift;
  b->batch = (int32_t)(left < most ? left : most);
  gli__call_upload(call, b->batch_sources, 0, b->sources.nodes + first,
                   b->batch * (int64_t)sizeof(int32_t));
  gli__call_fill_u32(call, b->level, 0, cells, UINT32_MAX);
  gli__call_fill_f64(call, b->dependency, 0, cells, 0);
  GLI__LAUNCH(call, "start", gli__items(b->batch), gli__arg_buffer(b->batch_sources),
              gli__arg_buffer(b->level), gli__arg_buffer(b->paths), gli__arg_buffer(b->queue),
              gli__arg_buffer(b->bounds), gli__arg_buffer(b->tail), gli__arg_i32(b->batch),
              gli__arg_i32(b->shift));
  const int64_t levels = search(call, b);
  if (call->status != GLI_OK) return;
  depend(call, b, levels);
  if (b->endpoints) {
    gli__call_fill_u32(call, b->reached, 0, most, 0);
    GLI__LAUNCH(call, "count_reached", gli__items(cells), gli__arg_buffer(b->queue),
                gli__arg_buffer(b->tail), gli__arg_buffer(b->reached), gli__arg_i32(b->shift));
  }
  GLI__LAUNCH(call, "add_batch", gli__items(b->count), gli__arg_buffer(b->batch_sources),
              gli__arg_buffer(b->level), gli__arg_buffer(b->dependency),
              gli__arg_buffer(b->reached), gli__arg_buffer(b->score), gli__arg_i64(b->count),
              gli__arg_i32(b->batch), gli__arg_i32(b->shift), gli__arg_i32(b->endpoints));
  for (int32_t k = 0; k < b->batch; k++)
    gli_run_count_iteration(call->run);
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_betweenness_centrality_options *options = given;
  betweenness b = {.count = gli_snapshot_node_limit(call->snapshot),
                   .endpoints = options->endpoints};
  if (gli_snapshot_node_count(call->snapshot) > 0) {
    call->status = gli__brandes_sources(call->run, call->snapshot, options->samples, options->seed,
                                        &b.sources, call->error);
    if (call->status != GLI_OK) return call->status;
    prepare(call, &b);
    gli_run_prepared(call->run);
    for (int64_t first = 0; first < b.sources.count && gli__call_go_on(call); first += b.batch) {
      gli_run_progress(call->run, (double)first, (double)b.sources.count);
      run_batch(call, &b, first);
    }
  }
  double *score =
      gli__call_column(call, result, "score", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, b.score);
  if (score != NULL && b.score != NULL) {
    gli__brandes_scale_nodes(call->snapshot, &b.sources, options->normalized, options->endpoints,
                             score);
  }
  return call->status;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_betweenness_centrality_options *options = given;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double sources = (double)options->samples < nodes ? (double)options->samples : nodes;
  const double batches = sources / 64 + 1, levels = 12;
  return (gli__device_work){.entries = 3 * entries * sources,
                            .nodes = 6 * nodes * sources,
                            .launches = batches * (6 + 4 * levels),
                            .round_trips = batches * 3,
                            .cpu_seconds = sources * (entries * 6e-9 + nodes * 20e-9),
                            .result_bytes = 8 * nodes,
                            .reads_in = true};
}

const gli__device_algorithm gli__device_betweenness_centrality = {
    .program = "centrality/betweenness_centrality",
    .needs = GLI__NEEDS_FP64,
    .takes = takes,
    .work = work,
    .run = run};
