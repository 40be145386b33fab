/* shortest_paths.c: shortest paths on a device: breadth-first search without weights, near and far
 * piles with them (Davidson, Baxter, Garland and Owens 2014, doi:10.1109/IPDPS.2014.45, a form of
 * delta-stepping, Meyer and Sanders 2003, doi:10.1016/S0196-6774(03)00076-2).
 *
 * Nodes within the threshold are relaxed until none of them improves; then the threshold rises to a
 * width above the least distance in the far pile. Sums are made in path order and an atomic minimum
 * over their bits keeps the least, so distances have the bits that Dijkstra's algorithm gives, in
 * whatever order they are found; the tree depends on distances alone (predecessors.c).
 *
 * An iteration is three launches, whose decisions are made on the device: the host queues a batch
 * and reads the state once per batch. While the piles are small (roads), one work-group does many
 * iterations in a launch. Targets end the search once the threshold has passed all of them.
 *
 * A wider pile is more parallel and relaxes more in vain: a pile is WIDTH_... times the mean weight
 * per mean degree. Measured on PoCL, processor time by width 1, 2, 4, 8, 16, 32: kron scale 17 101,
 * 114, 155, 136, 210, 181 ms, grid of 1,000 x 1,000 157, 137, 170, 167, 147, 180 ms (Dijkstra's
 * algorithm 91 and 214). Cost O(m) in practice, times the relaxations in vain. Memory beside the
 * mirror and its weights: 32 n bytes. */
#include <gli/algorithms/shortest_paths.h>
#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "device/shortest_paths/paths.h"
#include "device/traversal/search.h"

/* state[]: shortest_paths.cl knows these too. */
enum {
  STOPPED,
  ITERATION,
  SHORT_LIMIT,
  THIN_NODES,
  THIN_FAR,
  STEPS = 7,
  SOURCES,
  STATE_SIZE = 32,
};
enum { LEAST = 4, VALUE_COUNT = 6 }; /* of values[] */
enum { STOP_NONE, STOP_DONE, STOP_GRID, STOP_THIN };

enum {
  SHORT_ROW = 64, /* an item's; longer ones are for a work-group */
  WIDE_ROW = 4096,
  PART_ENTRIES = 2048,
  THIN_ENTRIES = 1 << 14, /* row entries that a CPU's only work-item relaxes alone */
  THIN_NODES_PER_ITEM = 4,
  THIN_FAR_NODES = 1 << 14,
  WIDTH_CPU = 2,
  WIDTH_GPU = 8,         /* of dense graphs, which keep a GPU busy */
  WIDTH_GPU_SPARSE = 32, /* of roads, which do not */
  SPARSE_DEGREE = 8,
  FIRST_ITERATIONS = 64, /* of a thin launch; doubles as batches do */
  MOST_ITERATIONS = 1 << 16,
  FIRST_BATCH = 4,
  MOST_BATCH = 64,
};
#define BATCH_SECONDS 0.01

typedef struct settling {
  gli__call *call;
  gli__device_paths along;
  int64_t node_limit, source_count, target_count;
  double cutoff;
  gli_device_buffer *state, *values, *distance, *stamp, *in_far;
  gli_device_buffer *queue[2], *parts[2], *far[2], *sources, *targets;
  int32_t iteration;
} settling;

/* --- Launches --------------------------------------------------------------------------------- */

enum { PILES_ARGUMENTS = 22 };

static void launch(const settling *s, const char *kernel, gli_device_shape shape, int32_t iteration,
                   const gli_device_argument *more, size_t more_count) {
  const gli__device_rows *rows = s->along.rows;
  gli_device_argument arguments[PILES_ARGUMENTS + 2] = {
      gli__arg_buffer(s->state),
      gli__arg_buffer(s->values),
      gli__arg_i32(iteration),
      gli__arg_buffer(rows[0].rows),
      gli__arg_buffer(rows[0].neighbors),
      gli__arg_buffer(s->along.weights[0]),
      gli__arg_buffer(rows[1].rows),
      gli__arg_buffer(rows[1].neighbors),
      gli__arg_buffer(s->along.weights[1]),
      gli__arg_buffer(s->distance),
      gli__arg_buffer(s->stamp),
      gli__arg_buffer(s->in_far),
      gli__arg_buffer(s->queue[0]),
      gli__arg_buffer(s->queue[1]),
      gli__arg_buffer(s->parts[0]),
      gli__arg_buffer(s->parts[1]),
      gli__arg_buffer(s->far[0]),
      gli__arg_buffer(s->far[1]),
      gli__arg_buffer(s->targets),
      gli__arg_i64(s->target_count),
      gli__arg_i32((int32_t)s->node_limit),
      gli__arg_f64(s->cutoff),
  };
  for (size_t k = 0; k < more_count; k++)
    arguments[PILES_ARGUMENTS + k] = more[k];
  gli__call_launch(s->call, kernel, shape, arguments, PILES_ARGUMENTS + more_count);
}

static void queue_iterations(const settling *s, bool thin, int64_t iterations) {
  if (thin) {
    const gli_device_argument most = gli__arg_i32((int32_t)iterations);
    launch(s, "relax_thin", gli__one_group(), s->iteration, &most, 1);
    return;
  }
  for (int64_t k = 0; k < iterations && gli__call_go_on(s->call); k++) {
    const int32_t iteration = s->iteration + (int32_t)k;
    launch(s, "relax", gli__items(s->node_limit), iteration, NULL, 0);
    launch(s, "turn", gli__one_group(), iteration, NULL, 0);
    launch(s, "split", gli__items(s->node_limit), iteration, NULL, 0);
  }
}

/* --- The start -------------------------------------------------------------------------------- */

static void fetch(settling *s, const gli_shortest_paths_options *given) {
  const gli_direction direction = gli__device_direction(given->direction);
  const bool both = direction == GLI_BOTH && gli_snapshot_is_directed(s->call->snapshot);
  s->along.count = both ? 2 : 1;
  for (int side = 0; side < s->along.count; side++) {
    const bool in = side == 1 || direction == GLI_IN;
    s->along.rows[side] = gli__call_rows(s->call, in);
    s->along.weights[side] = gli__call_weights(s->call, given->weight, in);
  }
}

static gli_device_buffer *upload_nodes(gli__call *call, const gli_node_list *list) {
  gli_device_buffer *buffer = gli__call_buffer(call, list->count, sizeof *list->nodes);
  gli__call_upload(call, buffer, 0, list->nodes, list->count * (int64_t)sizeof *list->nodes);
  return buffer;
}

static void allocate(settling *s) {
  gli__call *call = s->call;
  const bool is_cpu = call->device->info.group_size == 1;
  const int64_t entries = s->along.rows[0].entry_count + s->along.rows[1].entry_count;
  const int64_t part_limit = is_cpu ? 0 : 2 * (entries / PART_ENTRIES + entries / WIDE_ROW + 1);
  const int64_t words = (s->node_limit + 31) / 32;
  s->state = gli__call_buffer(call, STATE_SIZE, sizeof(uint32_t));
  s->values = gli__call_buffer(call, VALUE_COUNT, sizeof(double));
  s->distance = gli__call_buffer(call, s->node_limit, sizeof(double));
  s->stamp = gli__call_buffer(call, s->node_limit, sizeof(int32_t));
  s->in_far = gli__call_buffer(call, words, sizeof(uint32_t));
  for (int side = 0; side < 2; side++) {
    s->queue[side] = gli__call_buffer(call, s->node_limit, sizeof(int32_t));
    s->parts[side] = gli__call_buffer(call, part_limit, sizeof(int32_t));
    s->far[side] = gli__call_buffer(call, s->node_limit, sizeof(int32_t));
  }
  gli__call_fill_f64(call, s->distance, 0, s->node_limit, (double)INFINITY);
  gli__call_fill_u32(call, s->stamp, 0, s->node_limit, 0);
  gli__call_fill_u32(call, s->in_far, 0, words, 0);
}

static void start(settling *s, const gli_shortest_paths_options *given) {
  gli__call *call = s->call;
  const bool is_cpu = call->device->info.group_size == 1;
  const double entries =
      (double)s->along.rows[0].entry_count + (double)s->along.rows[1].entry_count;
  const double degree = entries > (double)s->node_limit ? entries / (double)s->node_limit : 1;
  uint32_t state[STATE_SIZE] = {0};
  double values[VALUE_COUNT] = {0};
  state[SHORT_LIMIT] = is_cpu ? UINT32_MAX : SHORT_ROW;
  state[THIN_NODES] = is_cpu ? (uint32_t)(THIN_ENTRIES / degree)
                             : THIN_NODES_PER_ITEM * call->device->info.group_size;
  state[THIN_FAR] = THIN_FAR_NODES;
  values[LEAST] = values[LEAST + 1] = (double)INFINITY;
  gli__call_upload(call, s->state, 0, state, sizeof state);
  gli__call_upload(call, s->values, 0, values, sizeof values);
  s->sources = upload_nodes(call, &given->source);
  s->targets = s->target_count > 0 ? upload_nodes(call, &given->targets) : NULL;
  GLI__LAUNCH(call, "choose_delta", gli__one_group(), gli__arg_buffer(s->values),
              gli__arg_buffer(s->along.rows[0].rows), gli__arg_buffer(s->along.weights[0]),
              gli__arg_i64(s->node_limit), gli__arg_f64((is_cpu ? WIDTH_CPU : WIDTH_GPU) / degree));
  const gli_device_argument more[] = {gli__arg_buffer(s->sources), gli__arg_i64(s->source_count)};
  launch(s, "seed", gli__items(s->source_count), 0, more, 2);
}

/* --- The iterations --------------------------------------------------------------------------- */

/* Returns the number of distinct sources. */
static int64_t settle(settling *s) {
  gli__call *call = s->call;
  uint32_t state[STATE_SIZE] = {0};
  int64_t batch = FIRST_BATCH, thin_iterations = FIRST_ITERATIONS;
  uint32_t steps = 0;
  bool thin = true;
  while (state[STOPPED] != STOP_DONE && gli__call_go_on(call)) {
    const uint32_t no = 0;
    const double began = gli__seconds_now();
    int64_t *iterations = thin ? &thin_iterations : &batch;
    if (state[STOPPED] != STOP_NONE) {
      gli__call_upload(call, s->state, STOPPED * (int64_t)sizeof no, &no, sizeof no);
    }
    queue_iterations(s, thin, *iterations);
    gli__call_download(call, s->state, 0, state, sizeof state);
    s->iteration = (int32_t)state[ITERATION];
    for (; steps < state[STEPS]; steps++)
      gli_run_count_iteration(call->run);
    gli_run_progress(call->run, (double)steps, 0);
    if (state[STOPPED] == STOP_NONE) {
      const int64_t most = thin ? MOST_ITERATIONS : MOST_BATCH;
      if (*iterations < most && gli__seconds_now() - began < BATCH_SECONDS) *iterations *= 2;
    }
    thin = state[STOPPED] == STOP_THIN || (thin && state[STOPPED] == STOP_NONE);
  }
  return state[SOURCES];
}

static void cut_beyond_targets(const settling *s) {
  if (s->target_count == 0) return;
  GLI__LAUNCH(s->call, "measure_targets", gli__one_group(), gli__arg_buffer(s->values),
              gli__arg_buffer(s->distance), gli__arg_buffer(s->targets),
              gli__arg_i64(s->target_count));
  GLI__LAUNCH(s->call, "cut", gli__items(s->node_limit), gli__arg_buffer(s->distance),
              gli__arg_buffer(s->values), gli__arg_i64(s->node_limit));
}

static void release_piles(settling *s) {
  for (int side = 0; side < 2; side++) {
    gli__call_release(s->call, s->queue[side]);
    gli__call_release(s->call, s->parts[side]);
    gli__call_release(s->call, s->far[side]);
  }
  gli__call_release(s->call, s->stamp);
}

static void by_weight(gli__call *call, const gli_shortest_paths_options *given,
                      gli_device_buffer **distance_out, gli_device_buffer **predecessor_out) {
  settling s = {.call = call,
                .node_limit = gli_snapshot_node_limit(call->snapshot),
                .source_count = given->source.count,
                .target_count = given->targets.nodes == NULL ? 0 : given->targets.count,
                .cutoff = given->cutoff};
  fetch(&s, given);
  allocate(&s);
  gli_run_prepared(call->run);
  start(&s, given);
  const int64_t distinct_sources = settle(&s);
  cut_beyond_targets(&s);
  release_piles(&s);
  *predecessor_out = gli__call_path_predecessors(call, &s.along, s.sources, s.source_count,
                                                 distinct_sources, s.state, s.distance);
  if (gli_snapshot_node_bits(call->snapshot) != NULL) {
    GLI__LAUNCH(call, "clear_holes", gli__items(s.node_limit),
                gli__arg_buffer(s.along.rows[0].rows), gli__arg_buffer(s.distance),
                gli__arg_i64(s.node_limit));
  }
  *distance_out = s.distance;
}

/* --- Without weights -------------------------------------------------------------------------- */

static void by_hops(gli__call *call, const gli_shortest_paths_options *given,
                    gli_device_buffer **distance_out, gli_device_buffer **predecessor_out) {
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  const gli__device_search search = {
      .sources = given->source,
      .targets = given->targets,
      .direction = gli__device_direction(given->direction),
      .max_depth = given->cutoff < INT32_MAX ? (int64_t)given->cutoff : INT32_MAX,
      .wants_predecessors = true};
  const gli__device_searched found = gli__call_search(call, &search);
  *distance_out = gli__call_buffer(call, limit, sizeof(double));
  *predecessor_out = found.predecessor;
  GLI__LAUNCH(call, "hops", gli__items(limit), gli__arg_buffer(found.level),
              gli__arg_buffer(*distance_out), gli__arg_i64(limit));
}

static bool is_weighted(gli_snapshot *snapshot, const gli_shortest_paths_options *given) {
  return given->weight != NULL && gli_snapshot_edge_count(snapshot) > 0;
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_shortest_paths_options *options = given;
  gli_device_buffer *distance = NULL, *predecessor = NULL;
  if (is_weighted(call->snapshot, options)) {
    by_weight(call, options, &distance, &predecessor);
  } else {
    by_hops(call, options, &distance, &predecessor);
  }
  gli__call_column_final(call, result, "distance", GLI_COLUMN_FLOAT64, GLI_PER_NODE, 0, distance);
  gli__call_column_final(call, result, "predecessor", GLI_COLUMN_NODE, GLI_PER_NODE, 0,
                         predecessor);
  return call->status;
}

/* Dijkstra's algorithm pays a place in its heap for each node, and most entries a cache miss. */
static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_shortest_paths_options *options = given;
  gli__device_work work =
      gli__device_search_work(snapshot, options->direction,
                              options->cutoff < INT32_MAX ? (int64_t)options->cutoff : INT32_MAX);
  if (!is_weighted(snapshot, options)) return work;
  work = gli__device_search_work(snapshot, options->direction, INT32_MAX);
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  work.entries = 12 * entries; /* piles are filled and sifted again and again: as PoCL takes */
  work.nodes = 12 * nodes;
  work.launches = 20 + 4 * work.launches;
  work.round_trips *= 2;
  work.cpu_seconds = 1.4e-8 * entries + 1.4e-7 * nodes;
  work.result_bytes = 12 * nodes;
  const gli_direction direction = gli__device_direction(options->direction);
  if (direction != GLI_IN) work.out_weight = options->weight;
  if (direction != GLI_OUT) work.in_weight = options->weight;
  return work;
}

const gli__device_algorithm gli__device_shortest_paths = {
    .program = "shortest_paths/shortest_paths",
    .needs = GLI__NEEDS_FP64 | GLI__NEEDS_ATOMIC64,
    .work = work,
    .run = run};
