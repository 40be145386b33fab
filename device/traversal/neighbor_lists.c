/* neighbor_lists.c: rows of many nodes on a device, one behind the other.
 *
 * Lengths, a running sum, and each tile of entries goes to its place: three launches and one wait
 * for the number of rows. With `within`, entries are counted tile by tile first, and the tiles'
 * counts summed. In rows that were built on the device stand by source and not in the order of
 * edges: where that is so, rows are sorted by list and edge slot (which then go up, 4 bytes an
 * entry of the graph; sorting is 8 passes over 12 bytes a row).
 *
 * Tiles are launched in runs, so that cancelling does not wait for all. Scratch: 8 bytes a source,
 * 4 bytes a node with `within`; else what the columns take. */
#include <gli/algorithms/neighbor_lists.h>

#include "base/pool.h"
#include "device/call.h"

/* With `within`, each list counts again what lies before it in its tile: there tiles are short on
 * CPUs too (a quarter of 131 k nodes: 700 ms with tiles of 4,096). */
enum { FIRST_RUN = 1 << 22, CPU_TILE = 4096, CPU_COUNTED_TILE = 64, TILE = 16, SAMPLE = 4096 };
#define RUN_SECONDS 0.02

typedef struct one_side {
  gli__device_rows rows;
  gli_device_buffer *slots, *weights; /* NULL: not wanted */
} one_side;

typedef struct listing {
  const gli_neighbor_lists_options *given;
  one_side sides[2];
  int side_count;
  bool sorts; /* by edges */
  gli_device_buffer *sources, *places, *starts, *tile_counts, *tile_starts;
  gli_device_buffer *offsets;         /* of the result */
  int64_t count, entries, tile, rows; /* lists; entries of all their rows; a tile's; those kept */
  gli_device_buffer *node, *neighbor, *edge, *weight, *place, *keys;
} listing;

static void take_side(gli__call *call, listing *l, bool in) {
  one_side *side = &l->sides[l->side_count++];
  side->rows = gli__call_rows(call, in);
  side->weights = gli__call_weights(call, l->given->weight, in);
  l->sorts = l->sorts || side->rows.is_by_source;
}

static void take_sides(gli__call *call, listing *l) {
  const char direction = gli_snapshot_is_directed(call->snapshot) ? l->given->direction[0] : 'o';
  if (direction != 'i') take_side(call, l, false);
  if (direction != 'o') take_side(call, l, true);
  for (int k = 0; k < l->side_count && (l->sorts || l->given->edges); k++)
    l->sides[k].slots = gli__call_slots(call, k == 1 || direction == 'i');
}

/* As given, or every live node; no buffer: node k is source k. */
static void take_sources(gli__call *call, listing *l) {
  const gli_node_list *given = &l->given->source;
  const int32_t limit = gli_snapshot_node_limit(call->snapshot);
  l->count = given->nodes != NULL ? given->count : gli_snapshot_node_count(call->snapshot);
  if (given->nodes == NULL && l->count == limit) return;
  l->sources = gli__call_buffer(call, given->nodes != NULL ? l->count : limit, sizeof(int32_t));
  if (given->nodes != NULL) {
    gli__call_upload(call, l->sources, 0, given->nodes, l->count * (int64_t)sizeof(int32_t));
    return;
  }
  gli_device_buffer *flags = gli__call_buffer(call, limit, 1);
  GLI__LAUNCH(call, "mark_live", gli__items(limit), gli__arg_buffer(l->sides[0].rows.rows),
              gli__arg_buffer(flags), gli__arg_i64(limit));
  (void)gli__call_select(call, flags, l->sources, limit);
  if (flags != NULL) gli__call_release(call, flags);
}

static void find_places(gli__call *call, listing *l) {
  const int64_t limit = gli_snapshot_node_limit(call->snapshot);
  if (!l->given->within) return;
  l->places = gli__call_buffer(call, limit, sizeof(uint32_t));
  gli__call_fill_u32(call, l->places, 0, limit, UINT32_MAX);
  GLI__LAUNCH(call, "find_places", gli__items(l->count), gli__arg_buffer(l->sources),
              gli__arg_buffer(l->places), gli__arg_i64(l->count));
}

static void measure(gli__call *call, listing *l) {
  gli_device_buffer *lengths = gli__call_buffer(call, l->count, sizeof(int64_t));
  l->starts = gli__call_buffer(call, l->count + 1, sizeof(int64_t));
  GLI__LAUNCH(call, "measure", gli__items(l->count), gli__arg_buffer(l->sides[0].rows.rows),
              gli__arg_buffer(l->sides[1].rows.rows), gli__arg_buffer(l->sources),
              gli__arg_buffer(lengths), gli__arg_i64(l->count));
  gli__call_exclusive_scan(call, GLI_DEVICE_I64, lengths, l->starts, l->count);
  if (lengths != NULL) gli__call_release(call, lengths);
  l->rows = l->entries = gli__call_read_i64(call, l->starts, l->count);
  if (l->entries > INT64_C(1) << 40) {
    gli__call_fail(call, GLI_ERROR_LIMIT,
                   "neighbor_lists: %lld sources have %lld neighbours; at most 2^40 can be had",
                   (long long)l->count, (long long)l->entries);
  }
}

/* All tiles, in runs that are short enough to be stopped between. */
static void run_tiles(gli__call *call, const listing *l,
                      void (*launch)(gli__call *, const listing *, int64_t, int64_t)) {
  const int64_t tiles = (l->entries + l->tile - 1) / l->tile;
  int64_t run = FIRST_RUN / l->tile, first = 0;
  while (first < tiles && gli__call_go_on(call)) {
    const int64_t last = first + run < tiles ? first + run : tiles;
    const double began = gli__seconds_now();
    launch(call, l, first, last);
    if (last < tiles) gli__call_finish(call);
    first = last;
    if (gli__seconds_now() - began < RUN_SECONDS / 2) run *= 2;
  }
}

static void count_some(gli__call *call, const listing *l, int64_t first, int64_t last) {
  const one_side *a = &l->sides[0], *b = &l->sides[1];
  GLI__LAUNCH(call, "count_tiles", gli__items(last - first), gli__arg_buffer(a->rows.rows),
              gli__arg_buffer(a->rows.neighbors), gli__arg_buffer(b->rows.rows),
              gli__arg_buffer(b->rows.neighbors), gli__arg_buffer(l->sources),
              gli__arg_buffer(l->places), gli__arg_buffer(l->starts),
              gli__arg_buffer(l->tile_counts), gli__arg_i64(l->count), gli__arg_i64(l->entries),
              gli__arg_i64(l->tile), gli__arg_i64(first), gli__arg_i64(last));
}

/* Which entries are kept, and where lists begin among them. */
static void leave_out(gli__call *call, listing *l) {
  const one_side *a = &l->sides[0], *b = &l->sides[1];
  const int64_t tiles = (l->entries + l->tile - 1) / l->tile;
  l->offsets = l->starts;
  if (l->places == NULL) return;
  l->offsets = gli__call_buffer(call, l->count + 1, sizeof(int64_t));
  l->tile_counts = gli__call_buffer(call, tiles, sizeof(int64_t));
  l->tile_starts = gli__call_buffer(call, tiles + 1, sizeof(int64_t));
  run_tiles(call, l, count_some);
  gli__call_exclusive_scan(call, GLI_DEVICE_I64, l->tile_counts, l->tile_starts, tiles);
  if (l->tile_counts != NULL) gli__call_release(call, l->tile_counts);
  GLI__LAUNCH(call, "kept_offsets", gli__items(l->count + 1), gli__arg_buffer(a->rows.rows),
              gli__arg_buffer(a->rows.neighbors), gli__arg_buffer(b->rows.rows),
              gli__arg_buffer(b->rows.neighbors), gli__arg_buffer(l->sources),
              gli__arg_buffer(l->places), gli__arg_buffer(l->starts),
              gli__arg_buffer(l->tile_starts), gli__arg_buffer(l->offsets), gli__arg_i64(l->count),
              gli__arg_i64(l->tile));
  l->rows = gli__call_read_i64(call, l->tile_starts, tiles);
}

static void fill_some(gli__call *call, const listing *l, int64_t first, int64_t last) {
  const one_side *a = &l->sides[0], *b = &l->sides[1];
  GLI__LAUNCH(
      call, "fill_tiles", gli__items(last - first), gli__arg_buffer(a->rows.rows),
      gli__arg_buffer(a->rows.neighbors), gli__arg_buffer(a->slots), gli__arg_buffer(a->weights),
      gli__arg_buffer(b->rows.rows), gli__arg_buffer(b->rows.neighbors), gli__arg_buffer(b->slots),
      gli__arg_buffer(b->weights), gli__arg_buffer(l->sources), gli__arg_buffer(l->places),
      gli__arg_buffer(l->starts), gli__arg_buffer(l->tile_starts), gli__arg_buffer(l->node),
      gli__arg_buffer(l->neighbor), gli__arg_buffer(l->edge), gli__arg_buffer(l->weight),
      gli__arg_buffer(l->place), gli__arg_buffer(l->keys), gli__arg_i64(l->count),
      gli__arg_i64(l->entries), gli__arg_i64(l->tile), gli__arg_i64(first), gli__arg_i64(last));
}

static void make_rows(gli__call *call, listing *l) {
  const gli_neighbor_lists_options *given = l->given;
  l->node = gli__call_buffer(call, l->rows, sizeof(int32_t));
  l->neighbor = gli__call_buffer(call, l->rows, sizeof(int32_t));
  if (given->edges) l->edge = gli__call_buffer(call, l->rows, sizeof(int64_t));
  if (given->weight != NULL) l->weight = gli__call_buffer(call, l->rows, sizeof(double));
  if (given->within) l->place = gli__call_buffer(call, l->rows, sizeof(int64_t));
  if (l->sorts) l->keys = gli__call_buffer(call, l->rows, sizeof(uint64_t));
  run_tiles(call, l, fill_some);
}

/* One column in the order of the edges; its old home is given back. */
static void order_column(gli__call *call, const listing *l, gli_device_buffer *order,
                         gli_device_buffer **column, bool wide) {
  if (*column == NULL) return;
  gli_device_buffer *ordered = gli__call_buffer(call, l->rows, wide ? 8 : 4);
  GLI__LAUNCH(call, wide ? "order_pairs" : "order_words", gli__items(l->rows),
              gli__arg_buffer(order), gli__arg_buffer(*column), gli__arg_buffer(ordered),
              gli__arg_i64(l->rows));
  gli__call_release(call, *column);
  *column = ordered;
}

/* Lists into the order of edges; who is in which list does not change. */
static void sort_rows(gli__call *call, listing *l) {
  int32_t bits = 33;
  if (!l->sorts || l->rows <= 1 || call->status != GLI_OK) return;
  if (l->rows > UINT32_MAX) {
    gli__call_fail(call, GLI_ERROR_DEVICE,
                   "%s (%s): at most 2^32 neighbours can be put in the order of edges there",
                   call->device->info.name, call->device->driver->name);
    return;
  }
  while (bits < 64 && l->count >> (bits - 33) > 0)
    bits++;
  gli_device_buffer *order = gli__call_buffer(call, l->rows, sizeof(uint32_t));
  GLI__LAUNCH(call, "number_rows", gli__items(l->rows), gli__arg_buffer(order),
              gli__arg_i64(l->rows));
  gli__call_sort(call, l->keys, order, l->rows, bits);
  order_column(call, l, order, &l->neighbor, false);
  order_column(call, l, order, &l->edge, true);
  order_column(call, l, order, &l->weight, true);
  order_column(call, l, order, &l->place, true);
}

static gli_status run(gli__call *call, const void *given, gli_result *result) {
  listing l = {.given = given, .tile = TILE};
  if (call->device->info.is_cpu) l.tile = l.given->within ? CPU_COUNTED_TILE : CPU_TILE;
  take_sides(call, &l);
  take_sources(call, &l);
  find_places(call, &l);
  gli_run_prepared(call->run);
  measure(call, &l);
  leave_out(call, &l);
  make_rows(call, &l);
  sort_rows(call, &l);
  gli__call_column_final(call, result, "offset", GLI_COLUMN_INT64, GLI_PER_LIST, l.count + 1,
                         l.offsets);
  gli__call_column_final(call, result, "node", GLI_COLUMN_NODE, GLI_PER_ROW, l.rows, l.node);
  gli__call_column_final(call, result, "neighbor", GLI_COLUMN_NODE, GLI_PER_ROW, l.rows,
                         l.neighbor);
  /* Edges are shown by ids, which only the host has. */
  if (l.given->edges)
    (void)gli__call_column(call, result, "edge", GLI_COLUMN_EDGE, GLI_PER_ROW, l.rows, l.edge);
  if (l.given->weight != NULL)
    gli__call_column_final(call, result, "weight", GLI_COLUMN_FLOAT64, GLI_PER_ROW, l.rows,
                           l.weight);
  if (l.given->within)
    gli__call_column_final(call, result, "place", GLI_COLUMN_INT64, GLI_PER_ROW, l.rows, l.place);
  return call->status;
}

/* Entries in the rows of the sources: of all, or estimated from some of those named. */
static double count_entries(gli_snapshot *snapshot, const gli_node_list *sources) {
  const gli_rows rows = gli_snapshot_out_rows(snapshot);
  double sum = 0;
  if (sources->nodes == NULL) return (double)rows.entry_count;
  const int64_t step = sources->count / SAMPLE + 1;
  for (int64_t k = 0; k < sources->count; k += step)
    sum += rows.rows[sources->nodes[k]].length;
  return sum * (double)step;
}

static gli__device_work work(gli_snapshot *snapshot, const void *given) {
  const gli_neighbor_lists_options *options = given;
  const bool directed = gli_snapshot_is_directed(snapshot);
  const int sides = directed && options->direction[0] == 'b' ? 2 : 1;
  const double nodes = gli_snapshot_node_limit(snapshot);
  const double lists = options->source.nodes != NULL ? (double)options->source.count : nodes;
  const double rows = sides * count_entries(snapshot, &options->source);
  const double row_bytes = 8 + 8 * (options->edges ? 1 : 0) + 8 * (options->weight != NULL) +
                           8 * (options->within ? 1 : 0);
  return (gli__device_work){
      .entries = rows * (options->within ? 3 : 1),
      .nodes = 4 * lists + rows * row_bytes / 8 + (options->within ? nodes : 0),
      .launches = options->within ? 8 : 5,
      .round_trips = options->within ? 4 : 3,
      .cpu_seconds = lists * 6e-9 + rows * (1e-9 + row_bytes * 0.1e-9) +
                     (options->within ? nodes * 0.5e-9 + rows * 4e-9 : 0),
      .result_bytes = 8 * lists + rows * row_bytes,
      .reads_in = directed && options->direction[0] != 'o',
      .out_weight = !directed || options->direction[0] != 'i' ? options->weight : NULL,
      .in_weight = directed && options->direction[0] != 'o' ? options->weight : NULL};
}

const gli__device_algorithm gli__device_neighbor_lists = {
    .program = "traversal/neighbor_lists", .work = work, .run = run};
