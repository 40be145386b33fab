/* random_walks.c: the CPU's walks on a device, the same nodes for the same seed.
 *
 * An item takes a walk; its random stream is the CPU's, number for number (dialect.h). Walks go in
 * batches whose places come down (or stay, with keep='device') before the next ones start, so that
 * a result may be larger than the device. A launch takes some walks some steps on, as many as take
 * about RUN_SECONDS, so that cancelling does not wait for long walks. Scratch: 44 bytes a walk of
 * a batch and its places, 8 bytes an entry with weights.
 *
 * Running sums of weights are added up one by one as on the CPU: a long row by one item of a group,
 * out of local memory. So are the draws over whole rows that node2vec's rejection may end in: walks
 * that need one on a long row wait for the groups. In rows that were built on the device stand by
 * source: they are put in the order of edges first, for a draw is a place in the row.
 *
 * PoCL beside the CPU kernel, ten steps from each of 131 k nodes of a Kronecker graph, 2 threads:
 * 13.8 ms to 8.0 without weights (20.1 one walk after the other), with weights 164 to 67, with
 * p = 0.5 and q = 2 227 to 168, with weights and p = 0.25, q = 4 1,137 to 824. Draws over a hub's
 * row of 60 k entries by one item made cancelling 20 s late. No GPU has been timed. */
#include <gli/algorithms/random_walks.h>
#include <math.h>

#include "base/pool.h"
#include "cpu/traversal/random_walks.h"
#include "device/call.h"
#include "device/long_rows.h"

enum { LONG_ROW = 256, MAX_WIDTH = 1 << 20, PART_PLACES = 1 << 24 };
enum { FIRST_STEPS = 1 << 18, CPU_FIRST_STEPS = 1 << 12, FIRST_DEPTH = 64, FIRST_DRAWS = 4 };
#define RUN_SECONDS 0.02

typedef struct walking {
  const gli_random_walks_options *given;
  gli__walk_bias bias;
  gli__device_rows rows;          /* in the order of edges */
  gli_device_buffer *sums;        /* NULL: edges are alike */
  gli__device_simple_rows simple; /* whom a node is joined to; for the bias alone */
  bool weighs;                    /* by weights or biases */
  gli_device_buffer *sources;     /* NULL: node k is source k */
  int64_t walks, places;          /* in all; of a walk */
  int64_t width;                  /* of a batch */
  int64_t steps, depth;           /* of a launch: of all its walks, of each of them */
  int64_t draws;                  /* of a launch of groups */
  int64_t first, count, origin;   /* the batch; where it begins in `node`, in walks */
  gli_device_buffer *streams, *at, *waiting, *waiting_count, *node;
  int32_t *column; /* where places come down to; NULL: they stay */
} walking;

/* --- The graph -------------------------------------------------------------------------------- */

static gli_device_buffer *put_in_order(gli__call *call, gli_device_buffer *order,
                                       gli_device_buffer *from, int64_t count, bool wide) {
  gli_device_buffer *ordered = gli__call_buffer(call, count, wide ? 8 : 4);
  GLI__LAUNCH(call, wide ? "order_pairs" : "order_words", gli__items(count), gli__arg_buffer(order),
              gli__arg_buffer(from), gli__arg_buffer(ordered), gli__arg_i64(count));
  return ordered;
}

/* Rows built on the device: entries, and their weights, into the order of edges. */
static void sort_rows(gli__call *call, walking *w, gli_device_buffer **weights) {
  const int64_t nodes = w->rows.node_limit, entries = w->rows.entry_count;
  int32_t bits = 33;
  if (!w->rows.is_by_source || entries == 0) return;
  while (bits < 64 && nodes >> (bits - 32) > 0)
    bits++;
  gli_device_buffer *slots = gli__call_slots(call, true);
  gli_device_buffer *keys = gli__call_buffer(call, entries, sizeof(uint64_t));
  gli_device_buffer *order = gli__call_buffer(call, entries, sizeof(uint32_t));
  GLI__LAUNCH(call, "order_keys", gli__items(entries), gli__arg_buffer(w->rows.rows),
              gli__arg_buffer(slots), gli__arg_buffer(keys), gli__arg_buffer(order),
              gli__arg_i64(nodes), gli__arg_i64(entries));
  gli__call_sort(call, keys, order, entries, bits);
  if (keys != NULL) gli__call_release(call, keys);
  w->rows.neighbors = put_in_order(call, order, w->rows.neighbors, entries, false);
  if (*weights != NULL) *weights = put_in_order(call, order, *weights, entries, true);
  if (order != NULL) gli__call_release(call, order);
}

static void sum_weights(gli__call *call, walking *w, gli_device_buffer *weights) {
  gli_weight_range range = {0};
  if (weights == NULL || call->status != GLI_OK) return;
  call->status = gli_snapshot_weight_range(call->snapshot, w->given->weight, &range, call->error);
  const double largest = range.maximum > 0 ? range.maximum : 1;
  const gli__long_rows longs = gli__call_long_rows(call, &w->rows, LONG_ROW);
  w->sums = gli__call_buffer(call, w->rows.entry_limit, sizeof(double));
  GLI__LAUNCH(call, "sum_rows", gli__items(w->rows.node_limit), gli__arg_buffer(w->rows.rows),
              gli__arg_buffer(weights), gli__arg_buffer(w->sums), gli__arg_f64(largest),
              gli__arg_u32(longs.limit), gli__arg_i64(w->rows.node_limit));
  GLI__LAUNCH(call, "sum_long_rows", gli__groups(longs.count), gli__arg_buffer(w->rows.rows),
              gli__arg_buffer(longs.nodes), gli__arg_buffer(weights), gli__arg_buffer(w->sums),
              gli__arg_f64(largest), gli__arg_i64(longs.count));
}

static void take_graph(gli__call *call, walking *w) {
  const bool in = w->given->direction[0] == 'i' && gli_snapshot_is_directed(call->snapshot);
  w->rows = gli__call_rows(call, in);
  gli_device_buffer *weights = gli__call_weights(call, w->given->weight, in);
  sort_rows(call, w, &weights);
  sum_weights(call, w, weights);
  if (w->bias.is_biased) w->simple = gli__call_simple_rows(call);
  w->weighs = w->bias.is_biased || w->sums != NULL;
}

/* As given, or every live node. */
static void take_sources(gli__call *call, walking *w) {
  const gli_node_list *given = &w->given->source;
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  const int64_t live = gli_snapshot_node_count(call->snapshot);
  w->walks = (given->nodes != NULL ? given->count : live) * w->given->walks_per_node;
  if (given->nodes == NULL && live == limit) return;
  w->sources = gli__call_buffer(call, given->nodes != NULL ? given->count : limit, sizeof(int32_t));
  if (given->nodes != NULL) {
    gli__call_upload(call, w->sources, 0, given->nodes, given->count * (int64_t)sizeof(int32_t));
    return;
  }
  gli_device_buffer *flags = gli__call_buffer(call, limit, 1);
  GLI__LAUNCH(call, "mark_live", gli__items(limit), gli__arg_buffer(w->rows.rows),
              gli__arg_buffer(flags), gli__arg_i64(limit));
  (void)gli__call_select(call, flags, w->sources, limit);
  if (flags != NULL) gli__call_release(call, flags);
}

/* --- Walking ---------------------------------------------------------------------------------- */

static void make_room(gli__call *call, walking *w, gli_result *result) {
  const int64_t fitting = PART_PLACES / w->places > 1 ? PART_PLACES / w->places : 1;
  w->width = w->walks < MAX_WIDTH ? w->walks : MAX_WIDTH;
  if (call->keep == NULL) {
    if (fitting < w->width) w->width = fitting;
    w->column = gli__call_column(call, result, "node", GLI_COLUMN_NODE, GLI_PER_ROW,
                                 w->walks * w->places, NULL);
  }
  w->node = gli__call_buffer(call, (call->keep == NULL ? w->width : w->walks) * w->places,
                             sizeof(int32_t));
  w->streams = gli__call_buffer(call, 4 * w->width, sizeof(uint64_t));
  if (!w->weighs) return;
  w->at = gli__call_buffer(call, w->width, sizeof(int32_t));
  w->waiting = gli__call_buffer(call, w->width, sizeof(uint32_t));
  w->waiting_count = gli__call_buffer(call, 1, sizeof(uint32_t));
}

/* Waits. Launches that did as much as they may may do more where they took less than half of
 * RUN_SECONDS, and less where they took longer. */
static void adapt(gli__call *call, double began, int64_t did, int64_t *most) {
  gli__call_finish(call);
  const double took = gli__seconds_now() - began;
  if (took > RUN_SECONDS) {
    *most = (int64_t)((double)*most * RUN_SECONDS / took) + 1;
  } else if (took < RUN_SECONDS / 2 && did >= *most && *most < INT32_MAX) {
    *most *= 2;
  }
}

static void draw_shared(gli__call *call, walking *w, int64_t waiting) {
  for (int64_t first = 0; first < waiting && gli__call_go_on(call);) {
    const int64_t last = first + w->draws < waiting ? first + w->draws : waiting;
    const double began = gli__seconds_now();
    GLI__LAUNCH(call, "draw_shared", gli__groups(last - first), gli__arg_buffer(w->rows.rows),
                gli__arg_buffer(w->rows.neighbors), gli__arg_buffer(w->sums),
                gli__arg_buffer(w->simple.offsets), gli__arg_buffer(w->simple.neighbors),
                gli__arg_f64(w->bias.back), gli__arg_f64(w->bias.near), gli__arg_f64(w->bias.away),
                gli__arg_buffer(w->streams), gli__arg_buffer(w->at), gli__arg_buffer(w->node),
                gli__arg_buffer(w->waiting), gli__arg_i64(first), gli__arg_i64(last),
                gli__arg_i64(w->width), gli__arg_i64(w->origin), gli__arg_i64(w->places));
    adapt(call, began, last - first, &w->draws);
    first = last;
  }
}

static void weigh_part(gli__call *call, const walking *w, int64_t part, int64_t count, int64_t to) {
  gli__call_fill_u32(call, w->waiting_count, 0, 1, 0);
  GLI__LAUNCH(call, "walk_weighing", gli__items(count), gli__arg_buffer(w->rows.rows),
              gli__arg_buffer(w->rows.neighbors), gli__arg_buffer(w->sums),
              gli__arg_buffer(w->simple.offsets), gli__arg_buffer(w->simple.neighbors),
              gli__arg_f64(w->bias.back), gli__arg_f64(w->bias.near), gli__arg_f64(w->bias.away),
              gli__arg_buffer(w->streams), gli__arg_buffer(w->at), gli__arg_buffer(w->node),
              gli__arg_buffer(w->waiting), gli__arg_buffer(w->waiting_count),
              gli__arg_u32(LONG_ROW), gli__arg_i64(part), gli__arg_i64(count),
              gli__arg_i64(w->width), gli__arg_i64(w->origin), gli__arg_i64(w->places),
              gli__arg_i64(to));
}

/* Steps (from, to] of walks [part, part + count) of the batch. */
static void walk_part(gli__call *call, walking *w, int64_t part, int64_t count, int64_t from,
                      int64_t to) {
  const double began = gli__seconds_now();
  int64_t waiting = 0;
  if (!w->weighs) {
    GLI__LAUNCH(call, "walk_evenly", gli__items(count), gli__arg_buffer(w->rows.rows),
                gli__arg_buffer(w->rows.neighbors), gli__arg_buffer(w->streams),
                gli__arg_buffer(w->node), gli__arg_i64(part), gli__arg_i64(count),
                gli__arg_i64(w->width), gli__arg_i64(w->origin), gli__arg_i64(w->places),
                gli__arg_i64(from), gli__arg_i64(to));
  } else {
    weigh_part(call, w, part, count, to);
  }
  const bool is_usual = from > 0 || !w->bias.is_biased; /* the first step knows no bias */
  adapt(call, began, is_usual ? to - from : 0, &w->depth);
  adapt(call, began, is_usual ? 2 * count * (to - from) : 0, &w->steps);
  if (!w->bias.is_biased) return;
  while ((waiting = gli__call_read_u32(call, w->waiting_count, 0)) > 0 && gli__call_go_on(call)) {
    draw_shared(call, w, waiting);
    weigh_part(call, w, part, count, to);
  }
}

static void walk_batch(gli__call *call, walking *w) {
  const int64_t length = w->given->length;
  const double all = (double)w->walks * (double)length;
  w->count = w->walks - w->first < w->width ? w->walks - w->first : w->width;
  w->origin = w->column != NULL ? 0 : w->first;
  GLI__LAUNCH(call, "start_walks", gli__items(w->count), gli__arg_buffer(w->sources),
              gli__arg_buffer(w->streams), gli__arg_buffer(w->at), gli__arg_buffer(w->node),
              gli__arg_i64(w->given->seed), gli__arg_i64(w->given->walks_per_node),
              gli__arg_i64(w->first), gli__arg_i64(w->count), gli__arg_i64(w->width),
              gli__arg_i64(w->origin), gli__arg_i64(w->places));
  for (int64_t from = 0, to = 0; from < length && gli__call_go_on(call); from = to) {
    gli_run_progress(call->run, (double)w->first * (double)length + (double)w->count * (double)from,
                     all);
    int64_t depth = w->steps / w->count < w->depth ? w->steps / w->count : w->depth;
    if (depth < 1) depth = 1;
    to = depth < length - from ? from + depth : length;
    for (int64_t part = 0; part < w->count && gli__call_go_on(call);) {
      const int64_t wanted = w->steps / depth > 0 ? w->steps / depth : 1;
      const int64_t count = wanted < w->count - part ? wanted : w->count - part;
      walk_part(call, w, part, count, from, to);
      part += count;
    }
  }
  if (w->column == NULL) return;
  gli__call_download(call, w->node, 0, w->column + w->first * w->places,
                     w->count * w->places * (int64_t)sizeof(int32_t));
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  const gli_random_walks_options *options = given;
  walking w = {.given = options,
               .bias = gli__walk_bias_of(options->p, options->q),
               .places = options->length + 1,
               .steps = call->device->info.is_cpu ? CPU_FIRST_STEPS : FIRST_STEPS,
               .depth = FIRST_DEPTH,
               .draws = FIRST_DRAWS * (int64_t)call->device->info.compute_units};
  take_graph(call, &w);
  take_sources(call, &w);
  make_room(call, &w, result);
  gli_run_prepared(call->run);
  for (; w.first < w.walks && gli__call_go_on(call); w.first += w.count)
    walk_batch(call, &w);
  if (call->keep != NULL)
    gli__call_column_final(call, result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, w.walks * w.places,
                           w.node);
  int64_t *walks = gli__call_column(call, result, "walks", GLI_COLUMN_INT64, GLI_SCALAR, 0, NULL);
  int64_t *places = gli__call_column(call, result, "places", GLI_COLUMN_INT64, GLI_SCALAR, 0, NULL);
  if (places == NULL) return call->status;
  *walks = w.walks;
  *places = w.places;
  return call->status;
}

/* --- What it takes ---------------------------------------------------------------------------- */

static uint32_t needs_also(gli_snapshot *snapshot, const void *given) {
  const gli_random_walks_options *options = given;
  (void)snapshot;
  const bool is_even = options->weight == NULL && options->p == 1 && options->q == 1;
  return is_even ? 0 : GLI__NEEDS_FP64;
}

/* The CPU's figures are those of one core on a Kronecker graph of 131 k nodes. */
static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_random_walks_options *options = given;
  const gli__walk_bias bias = gli__walk_bias_of(options->p, options->q);
  const bool in = gli_snapshot_is_directed(snapshot) && options->direction[0] == 'i';
  const bool weighted = options->weight != NULL;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double entries = (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double sources = options->source.nodes != NULL ? (double)options->source.count
                                                       : (double)gli_snapshot_node_count(snapshot);
  const double walks = sources * (double)options->walks_per_node;
  const double steps = walks * (double)options->length;
  const double search = log2(1 + entries / (nodes + 1)); /* reads to find something in a row */
  const double searches = (weighted ? 1 : 0) + (bias.is_biased ? 1 : 0);
  const double tries = bias.is_biased ? fmin(64, 2 / (bias.near + bias.away)) : 1;
  const double launches = 2 * (1 + walks / MAX_WIDTH);
  return (gli__device_work){
      .entries = steps * tries * (2 + searches * search),
      .nodes = steps + 4 * walks + (weighted ? 3 * entries : 0) + (in ? 12 * entries : 0),
      .launches = launches + (weighted ? 3 : 0) + (in ? 8 : 0),
      .round_trips = launches + (weighted ? 1 : 0),
      .cpu_seconds = steps * tries * (12e-9 + searches * search * 20e-9) +
                     (weighted ? entries * 4e-9 : 0) + nodes * 1e-9,
      .result_bytes = 4 * (steps + walks),
      .reads_in = in,
      .out_weight = in ? NULL : options->weight,
      .in_weight = in ? options->weight : NULL};
}

const gli__device_algorithm gli__device_random_walks = {
    .program = "traversal/random_walks", .needs_also = needs_also, .work = work, .run = run};
