/* search.c: the loop of direction-optimising breadth-first search on a device (Beamer, Asanovic and
 * Patterson 2012, doi:10.1109/SC.2012.50; lists by row length after Merrill, Garland and Grimshaw
 * 2012, doi:10.1145/2145816.2145832).
 *
 * Each level is walked in one of three ways, chosen by the edges that leave its frontier:
 *   thin       one work-group walks many levels in one launch: roads have thousands of levels, and
 *              a launch for each would take longer than the walk
 *   top-down   a launch per level over the frontier's lists: short rows an item each, long rows a
 *              work-group each, very long ones in pieces
 *   bottom-up  every node not reached yet looks for a neighbour in the frontier, a bitmap, along
 *              the opposite rows
 * Counters live on the device. A launch finds there by itself that the search has ended or should
 * go on in another way, and then does nothing, and so do those after it: the host queues a batch,
 * reads the state once per batch and queues what the state asks for. A batch doubles while it takes
 * less than BATCH_SECONDS. A search of a graph of small diameter has about four such waits.
 *
 * The thin kernel keeps its counters and frontier in local memory, to spare a GPU the round trips
 * to global memory between two levels. That has been measured on PoCL alone, where there is nothing
 * to gain: processor time of a grid of 1,000 x 1,000 (1,818 levels), groups of one item, least of
 * ten: bfs 41 ms (38 with counters in global memory), k_hop 31.5 (30.7); groups of 64: the same.
 *
 * Predecessors are the smallest index among the neighbours one level nearer, as on the CPU: an
 * atomic minimum top-down, the row read to its end bottom-up (where an entry is compared before the
 * bitmap is asked, so few entries cost a look-up). Levels and predecessors depend on the graph
 * alone, not on the order inside a frontier.
 *
 * Cost O(n + m). Memory beside the mirror: 12 n bytes, n / 4 of bitmaps, m / 85 for the pieces. */
#include "device/traversal/search.h"

#include <math.h>

#include "base/pool.h"

/* state[]: search.cl knows these too. */
enum {
  STOPPED,
  DEPTH,
  MAY_BOTTOM_UP,
  SHORT_LIMIT,
  SHIFT,
  THIN_NODES,
  THIN_EDGES,
  LEAST_EDGES,
  HAS_TARGETS,
  SLOTS = 16, /* four of SLOT_SIZE */
  SLOT_SIZE = 16,
  STATE_SIZE = SLOTS + 4 * SLOT_SIZE,
};
enum { SHORT_NODES, LONG_NODES, NODES = 3, EDGES, UNSEEN = 8, REACHED = 11 }; /* of a slot */
enum { STOP_NONE, STOP_DONE, STOP_BOTTOM_UP, STOP_TOP_DOWN, STOP_THIN };

enum {
  SHORT_ROW = 64, /* an item's; longer ones are for a work-group */
  WIDE_ROW = 4096,
  PART_ENTRIES = 2048,
  LEAST_BOTTOM_UP = 1 << 14,
  THIN_ENTRIES = 1 << 14,
  THIN_NODES_PER_ITEM = 4, /* search.cl: THIN_ROOM */
  FIRST_LEVELS = 64,       /* of a thin launch; doubles as batches do */
  MOST_LEVELS = 1 << 16,
  FIRST_BATCH = 2,
  MOST_BATCH = 256,
};
#define BATCH_SECONDS 0.01
#define PROGRAM "traversal/search"

typedef enum way { THIN, TOP_DOWN, BOTTOM_UP } way;

typedef struct searching {
  gli__call *call;
  const gli__device_search *search;
  gli__device_rows forward[2], backward[2]; /* second: of a directed graph searched both ways */
  bool has_backward;
  int64_t node_limit;
  uint32_t shift;
  gli_device_buffer *state, *level, *predecessor, *targets;
  gli_device_buffer *queue[2], *parts[2], *bits[2];
  uint32_t host[STATE_SIZE]; /* the state as it was read last */
  int32_t depth;
} searching;

static const uint32_t *slot_of(const searching *s, int32_t depth) {
  return s->host + SLOTS + (ptrdiff_t)(depth & 3) * SLOT_SIZE;
}

/* --- Launches --------------------------------------------------------------------------------- */

enum { SEARCH_ARGUMENTS = 14, BOTTOM_UP_ARGUMENTS = 15 };

static void launch(const searching *s, const char *kernel, gli_device_shape shape, int32_t depth,
                   const gli_device_argument *more, size_t more_count) {
  gli_device_argument arguments[SEARCH_ARGUMENTS + 2] = {
      gli__arg_buffer(s->state),           gli__arg_i32(depth),
      gli__arg_buffer(s->forward[0].rows), gli__arg_buffer(s->forward[0].neighbors),
      gli__arg_buffer(s->forward[1].rows), gli__arg_buffer(s->forward[1].neighbors),
      gli__arg_buffer(s->level),           gli__arg_buffer(s->predecessor),
      gli__arg_buffer(s->targets),         gli__arg_buffer(s->queue[0]),
      gli__arg_buffer(s->queue[1]),        gli__arg_buffer(s->parts[0]),
      gli__arg_buffer(s->parts[1]),        gli__arg_i32((int32_t)s->node_limit),
  };
  for (size_t k = 0; k < more_count; k++)
    arguments[SEARCH_ARGUMENTS + k] = more[k];
  gli__call_launch_from(s->call, PROGRAM, kernel, shape, arguments, SEARCH_ARGUMENTS + more_count);
}

static void launch_bottom_up(const searching *s, const char *kernel, gli_device_shape shape,
                             int32_t depth) {
  const gli_device_argument arguments[BOTTOM_UP_ARGUMENTS] = {
      gli__arg_buffer(s->state),
      gli__arg_i32(depth),
      gli__arg_buffer(s->backward[0].rows),
      gli__arg_buffer(s->backward[0].neighbors),
      gli__arg_buffer(s->backward[1].rows),
      gli__arg_buffer(s->backward[1].neighbors),
      gli__arg_buffer(s->forward[0].rows),
      gli__arg_buffer(s->forward[1].rows),
      gli__arg_buffer(s->level),
      gli__arg_buffer(s->predecessor),
      gli__arg_buffer(s->targets),
      gli__arg_buffer(s->queue[0]), /* the rows left to bottom_up_long: no queue is in use */
      gli__arg_buffer(s->bits[0]),
      gli__arg_buffer(s->bits[1]),
      gli__arg_i32((int32_t)s->node_limit),
  };
  gli__call_launch_from(s->call, PROGRAM, kernel, shape, arguments, BOTTOM_UP_ARGUMENTS);
}

static void queue_levels(const searching *s, way how, int64_t levels) {
  const bool defers = s->call->device->info.group_size > 1;
  if (how == THIN) {
    const gli_device_argument most = gli__arg_i32((int32_t)levels);
    launch(s, "walk_thin", gli__one_group(), s->depth, &most, 1);
    return;
  }
  for (int64_t k = 0; k < levels && gli__call_go_on(s->call); k++) {
    const int32_t depth = s->depth + (int32_t)k;
    if (how == TOP_DOWN) {
      launch(s, "top_down", gli__items(s->node_limit), depth, NULL, 0);
      continue;
    }
    launch_bottom_up(s, "bottom_up", gli__items(s->node_limit), depth);
    if (defers) launch_bottom_up(s, "bottom_up_long", gli__items(s->node_limit), depth);
  }
}

/* --- The start -------------------------------------------------------------------------------- */

static void fetch_sides(gli__call *call, gli_direction direction, gli__device_rows sides[2]) {
  sides[0] = gli__call_rows(call, direction == GLI_IN);
  if (direction == GLI_BOTH && gli_snapshot_is_directed(call->snapshot)) {
    sides[1] = gli__call_rows(call, true);
  }
}

static gli_device_buffer *upload_nodes(gli__call *call, const gli_node_list *list) {
  gli_device_buffer *buffer = gli__call_buffer(call, list->count, sizeof *list->nodes);
  gli__call_upload(call, buffer, 0, list->nodes, list->count * (int64_t)sizeof *list->nodes);
  return buffer;
}

/* Edges are counted in units that fit 31 bits; every limit is in them. */
static void make_state(searching *s) {
  const bool is_cpu = s->call->device->info.group_size == 1;
  const int64_t entries = s->forward[0].entry_count + s->forward[1].entry_count;
  while (entries >> s->shift > INT32_MAX)
    s->shift++;
  s->host[SHIFT] = s->shift;
  s->host[MAY_BOTTOM_UP] = 1;
  s->host[SHORT_LIMIT] = is_cpu ? UINT32_MAX : SHORT_ROW;
  s->host[THIN_NODES] =
      is_cpu ? THIN_ENTRIES : THIN_NODES_PER_ITEM * s->call->device->info.group_size;
  s->host[THIN_EDGES] = THIN_ENTRIES >> s->shift;
  s->host[LEAST_EDGES] = LEAST_BOTTOM_UP >> s->shift;
  s->host[HAS_TARGETS] = s->search->targets.count > 0;
  s->host[SLOTS + UNSEEN] = (uint32_t)(entries >> s->shift);
  gli__call_upload(s->call, s->state, 0, s->host, sizeof s->host);
}

static void allocate(searching *s) {
  gli__call *call = s->call;
  const bool is_cpu = call->device->info.group_size == 1;
  const int64_t entries = s->forward[0].entry_count + s->forward[1].entry_count;
  const int64_t part_limit = is_cpu ? 0 : 2 * (entries / PART_ENTRIES + entries / WIDE_ROW + 1);
  s->state = gli__call_buffer(call, STATE_SIZE, sizeof(uint32_t));
  s->level = gli__call_buffer(call, s->node_limit, sizeof(int32_t));
  gli__call_fill_u32(call, s->level, 0, s->node_limit, UINT32_MAX);
  if (s->search->wants_predecessors) {
    s->predecessor = gli__call_buffer(call, s->node_limit, sizeof(int32_t));
    gli__call_fill_u32(call, s->predecessor, 0, s->node_limit, UINT32_MAX);
  }
  for (int side = 0; side < 2; side++) {
    s->queue[side] = gli__call_buffer(call, s->node_limit, sizeof(int32_t));
    s->parts[side] = gli__call_buffer(call, part_limit, sizeof(int32_t));
  }
}

static void seed(searching *s) {
  gli__call *call = s->call;
  const gli_node_list *sources = &s->search->sources, *targets = &s->search->targets;
  if (targets->count > 0) {
    const int64_t words = (s->node_limit + 31) / 32;
    gli_device_buffer *nodes = upload_nodes(call, targets);
    s->targets = gli__call_buffer(call, words, sizeof(uint32_t));
    gli__call_fill_u32(call, s->targets, 0, words, 0);
    const gli_device_argument arguments[] = {gli__arg_buffer(s->state), gli__arg_buffer(nodes),
                                             gli__arg_i64(targets->count),
                                             gli__arg_buffer(s->targets)};
    gli__call_launch_from(call, PROGRAM, "mark_targets", gli__items(targets->count), arguments,
                          sizeof arguments / sizeof arguments[0]);
  }
  const gli_device_argument more[] = {gli__arg_buffer(upload_nodes(call, sources)),
                                      gli__arg_i64(sources->count)};
  launch(s, "seed", gli__items(sources->count), 0, more, 2);
}

/* --- Changing the way ------------------------------------------------------------------------- */

/* Whether the opposite rows are there or worth building. */
static bool may_go_bottom_up(const searching *s) {
  if (s->search->direction != GLI_OUT || s->has_backward) return true;
  const uint32_t *slot = slot_of(s, s->depth);
  const int64_t unseen = (int64_t)slot[UNSEEN] - slot[EDGES];
  return gli_snapshot_in_rows_pay(s->call->snapshot, (unseen > 0 ? unseen : 0) << s->shift);
}

static void enter_bottom_up(searching *s) {
  gli__call *call = s->call;
  const int64_t words = (s->node_limit + 31) / 32;
  if (!s->has_backward) {
    const gli_direction along = s->search->direction;
    fetch_sides(call,
                along == GLI_OUT  ? GLI_IN
                : along == GLI_IN ? GLI_OUT
                                  : GLI_BOTH,
                s->backward);
    s->bits[0] = gli__call_buffer(call, words, sizeof(uint32_t));
    s->bits[1] = gli__call_buffer(call, words, sizeof(uint32_t));
    s->has_backward = true;
  }
  gli_device_buffer *bits = s->bits[s->depth & 1];
  const gli_device_argument more = gli__arg_buffer(bits);
  gli__call_fill_u32(call, bits, 0, words, 0);
  launch(s, "mark_frontier", gli__items(s->node_limit), s->depth, &more, 1);
}

static void leave_bottom_up(const searching *s) {
  const gli_device_argument more = gli__arg_buffer(s->bits[s->depth & 1]);
  launch(s, "list_frontier", gli__items((s->node_limit + 31) / 32), s->depth, &more, 1);
}

/* What the device asked for; the launches after this find that nothing stops them. */
static way change(searching *s, way how, uint32_t reason) {
  const uint32_t no = 0;
  gli__call_upload(s->call, s->state, STOPPED * (int64_t)sizeof no, &no, sizeof no);
  if (reason == STOP_THIN) return THIN;
  if (reason == STOP_BOTTOM_UP && may_go_bottom_up(s)) {
    enter_bottom_up(s);
    return BOTTOM_UP;
  }
  if (reason == STOP_BOTTOM_UP) { /* not in this search */
    gli__call_upload(s->call, s->state, MAY_BOTTOM_UP * (int64_t)sizeof no, &no, sizeof no);
  }
  if (how == BOTTOM_UP) {
    leave_bottom_up(s);
    return THIN; /* which gives way by itself if the frontier is not */
  }
  return TOP_DOWN;
}

/* --- The levels ------------------------------------------------------------------------------- */

static void walk(searching *s) {
  gli__call *call = s->call;
  int64_t batch = FIRST_BATCH, thin_levels = FIRST_LEVELS;
  way how = THIN;
  while (s->depth < s->search->max_depth && gli__call_go_on(call)) {
    const double began = gli__seconds_now();
    int64_t *levels = how == THIN ? &thin_levels : &batch;
    const int64_t left = s->search->max_depth - s->depth;
    queue_levels(s, how, left < *levels ? left : *levels);
    gli__call_download(call, s->state, 0, s->host, sizeof s->host);
    if (call->status != GLI_OK) return;
    for (; s->depth < (int32_t)s->host[DEPTH]; s->depth++)
      gli_run_count_iteration(call->run);
    gli_run_progress(call->run, slot_of(s, s->depth)[REACHED], (double)s->node_limit);
    const uint32_t reason = s->host[STOPPED];
    if (reason == STOP_DONE) return;
    if (reason != STOP_NONE) {
      how = change(s, how, reason);
    } else if (*levels < (how == THIN ? MOST_LEVELS : MOST_BATCH) &&
               gli__seconds_now() - began < BATCH_SECONDS) {
      *levels *= 2;
    }
  }
}

/* The last frontier was counted in one of two ways. */
static int64_t count_reached(const searching *s) {
  const uint32_t *slot = slot_of(s, s->depth);
  const int64_t listed = (int64_t)slot[SHORT_NODES] + slot[LONG_NODES];
  return (int64_t)slot[REACHED] + (listed > 0 ? listed : slot[NODES]);
}

gli__device_searched gli__call_search(gli__call *call, const gli__device_search *search) {
  searching s = {
      .call = call, .search = search, .node_limit = gli_snapshot_node_limit(call->snapshot)};
  fetch_sides(call, search->direction, s.forward);
  allocate(&s);
  make_state(&s);
  gli_run_prepared(call->run);
  seed(&s);
  if (search->max_depth == 0) {
    gli__call_download(call, s.state, 0, s.host, sizeof s.host);
  }
  walk(&s);
  for (int side = 0; side < 2; side++) {
    gli__call_release(call, s.queue[side]);
    gli__call_release(call, s.parts[side]);
    gli__call_release(call, s.bits[side]);
  }
  if (gli_snapshot_node_bits(call->snapshot) != NULL) {
    const gli_device_argument arguments[] = {gli__arg_buffer(s.forward[0].rows),
                                             gli__arg_buffer(s.level), gli__arg_i64(s.node_limit)};
    gli__call_launch_from(call, PROGRAM, "clear_holes", gli__items(s.node_limit), arguments,
                          sizeof arguments / sizeof arguments[0]);
  }
  return (gli__device_searched){s.level, s.predecessor, count_reached(&s)};
}

/* Sparse graphs are taken for roads, sqrt(n) levels deep; others for random ones. */
gli__device_work gli__device_search_work(gli_snapshot *snapshot, const char *direction,
                                         int64_t max_depth) {
  const bool both =
      gli_snapshot_is_directed(snapshot) && gli__device_direction(direction) == GLI_BOTH;
  const double nodes = 1 + (double)gli_snapshot_node_limit(snapshot);
  const double entries = (both ? 2 : 1) * (double)gli_snapshot_out_rows(snapshot).entry_count;
  const double degree = 1 + entries / nodes;
  const bool is_road = degree < 6;
  double depth = is_road ? 2 * sqrt(nodes) : 2 + log(nodes) / log(degree);
  double share = 1; /* of the graph that is reached */
  if ((double)max_depth < depth) {
    depth = (double)max_depth;
    share = is_road ? (depth + 1) * (depth + 1) / nodes : pow(degree, depth + 1) / nodes;
    share = share < 1 ? share : 1;
  }
  /* Measured on one core: bottom-up skips most entries of graphs of small diameter. */
  const double per_entry = is_road ? 4e-9 : 1.3e-9;
  return (gli__device_work){
      .entries = entries * share * (is_road ? 2 : 1.5), /* as PoCL takes, against its gather */
      .nodes = 4 * nodes,
      .launches = 6 + (is_road ? depth / 2 : 2 * depth),
      .round_trips = is_road ? 6 + depth / 256 : 6,
      .cpu_seconds = share * entries * per_entry + nodes * (1e-9 + 4e-9 * share),
      .result_bytes = 8 * nodes,
      .reads_in = gli__device_direction(direction) != GLI_OUT};
}
