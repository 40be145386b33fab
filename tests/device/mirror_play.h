/* mirror_play.h: what tests of the mirror play with: a device of the test's own (fake_driver.h),
 * looks at what a mirror shows, held against the snapshot, and graphs that change. */
#ifndef TESTS_DEVICE_MIRROR_PLAY_H
#define TESTS_DEVICE_MIRROR_PLAY_H

#include <criterion/criterion.h>

#include "base/pool.h"
#include "device/fake_driver.h"
#include "device/mirror.h"
#include "graph/copies.h"

static gli__device *device;

/* --- A device --------------------------------------------------------------------------------- */

static gli__device own;
static int64_t books_bytes; /* of an open device that keeps nothing */

static inline void open_fake(void) {
  memset(&own, 0, sizeof own);
  memset(&fake_device, 0, sizeof fake_device);
  fake_device.fail_at = -1;
  own.driver = &fake_driver;
  own.handle = &fake_device;
  own.memory = gli__memory_create(NULL);
  snprintf(own.info.name, sizeof own.info.name, "fake");
  own.info.is_cpu = true; /* builds nothing itself, until a test says otherwise */
  books_bytes = atomic_load(&own.memory->live_bytes);
  device = &own;
}

static inline void forget_programs(void) {
  while (own.programs != NULL) {
    gli__device_program *program = own.programs;
    own.programs = program->next;
    gli__release(own.memory, program, 1, sizeof *program);
  }
}

static inline void close_fake(void) {
  gli__mirror_release_all(&own);
  forget_programs();
  cr_assert_eq(own.traffic.allocated_bytes, 0);
  cr_assert_eq(fake_device.live_bytes, 0);
  cr_assert_eq(fake_device.live_buffers, 0);
  const int64_t left = atomic_load(&own.memory->live_bytes) - books_bytes;
  cr_assert_eq(left, 0, "%lld bytes of books are left", (long long)left);
  gli__memory_free(own.memory);
}

/* --- Calls ------------------------------------------------------------------------------------ */

typedef struct look {
  gli_run *run;
  gli__call call;
  gli_error error;
} look;

static inline void look_begin(look *at, gli_snapshot *snapshot) {
  *at = (look){.run = NULL};
  cr_assert_eq(gli__run_begin(NULL, device->memory, &at->run, NULL), GLI_OK);
  gli__call_begin(&at->call, at->run, snapshot, device, NULL, &at->error);
}

static inline gli_status look_end(look *at) {
  const gli_status status = gli__call_end(&at->call);
  gli__run_end(at->run);
  return status;
}

static inline void *fetch(gli_device_buffer *buffer, int64_t count, size_t item_bytes) {
  gli_device_error error = {0};
  void *items = malloc((size_t)count * item_bytes + 1);
  if (count == 0) return items;
  cr_assert_not_null(buffer);
  const int64_t calls = fake_device.calls, fail_at = fake_device.fail_at;
  fake_device.fail_at = -1; /* the test's own look */
  cr_assert_eq(device->driver->download(device->handle, buffer, 0, items,
                                        (uint64_t)count * item_bytes, true, &error),
               GLI_DEVICE_OK, "%s", error.message);
  fake_device.calls = calls;
  fake_device.fail_at = fail_at;
  return items;
}

static inline void check_rows(gli_snapshot *snapshot, const gli__device_rows *rows, bool in) {
  gli_rows host = gli_snapshot_out_rows(snapshot);
  if (in) cr_assert_eq(gli_snapshot_in_rows(snapshot, &host, NULL), GLI_OK);
  const int32_t nodes = gli_snapshot_node_limit(snapshot);
  cr_assert_eq(rows->node_limit, nodes);
  cr_assert_eq(rows->entry_count, host.entry_count);
  row_record *records = fetch(rows->rows, nodes, sizeof *records);
  int32_t *neighbors = fetch(rows->neighbors, rows->entry_limit, sizeof *neighbors);
  for (int32_t node = 0; node < nodes; node++) {
    const gli_row row = host.rows[node];
    const row_record found = records[node];
    cr_assert_eq(found.length, row.length, "node %d: %u entries, not %u", node, found.length,
                 row.length);
    cr_assert_eq(found.alive, gli_bit(gli_snapshot_node_bits(snapshot), node), "node %d", node);
    cr_assert(found.begin >= 0 && found.begin + found.length <= rows->entry_limit);
    for (uint32_t k = 0; k < row.length; k++) {
      cr_assert_eq(neighbors[found.begin + k], host.neighbors[row.begin + k], "node %d, entry %u",
                   node, k);
    }
  }
  free(records);
  free(neighbors);
}

static inline gli_status see_rows(gli_snapshot *snapshot, bool in) {
  look at;
  look_begin(&at, snapshot);
  const gli__device_rows rows = gli__call_rows(&at.call, in);
  if (at.call.status == GLI_OK) check_rows(snapshot, &rows, in);
  return look_end(&at);
}

static inline gli_status see_weights(gli_snapshot *snapshot, bool in) {
  look at;
  look_begin(&at, snapshot);
  const gli__device_rows rows = gli__call_rows(&at.call, in);
  gli_device_buffer *buffer = gli__call_weights(&at.call, "weight", in);
  const double *expected = NULL;
  gli_rows host = gli_snapshot_out_rows(snapshot);
  if (at.call.status == GLI_OK && buffer != NULL) {
    if (in) cr_assert_eq(gli_snapshot_in_rows(snapshot, &host, NULL), GLI_OK);
    cr_assert_eq(gli_snapshot_row_weights(snapshot, "weight", in, &expected, NULL), GLI_OK);
    row_record *records = fetch(rows.rows, rows.node_limit, sizeof *records);
    double *weights = fetch(buffer, rows.entry_limit, sizeof *weights);
    for (int32_t node = 0; node < rows.node_limit; node++) {
      for (uint32_t k = 0; k < records[node].length; k++) {
        cr_assert_eq(weights[records[node].begin + k], expected[host.rows[node].begin + k]);
      }
    }
    free(records);
    free(weights);
  }
  return look_end(&at);
}

/* Rows of a side with the edge slots beside them. */
static inline gli_status see_slots(gli_snapshot *snapshot, bool in) {
  look at;
  look_begin(&at, snapshot);
  const gli__device_rows rows = gli__call_rows(&at.call, in);
  gli_device_buffer *buffer = gli__call_slots(&at.call, in);
  gli_rows host = gli_snapshot_out_rows(snapshot);
  if (at.call.status == GLI_OK) {
    if (in) cr_assert_eq(gli_snapshot_in_rows(snapshot, &host, NULL), GLI_OK);
    row_record *records = fetch(rows.rows, rows.node_limit, sizeof *records);
    uint32_t *slots = fetch(buffer, rows.entry_limit, sizeof *slots);
    for (int32_t node = 0; node < rows.node_limit; node++) {
      for (uint32_t k = 0; k < records[node].length; k++)
        cr_assert_eq(slots[records[node].begin + k], host.edges[host.rows[node].begin + k]);
    }
    const uint64_t moved = device->traffic.uploaded_bytes;
    cr_assert_eq(gli__call_slots(&at.call, in), buffer);
    cr_assert_eq(device->traffic.uploaded_bytes, moved);
    free(records);
    free(slots);
  }
  return look_end(&at);
}

/* The same edges in a snapshot of their own, so that asking it builds nothing in the first. */
static inline gli_snapshot *twin(gli_snapshot *snapshot) {
  const int32_t *sources, *targets;
  const int64_t limit = gli_snapshot_edge_limit(snapshot);
  int32_t *ends = malloc(sizeof *ends * (size_t)(2 * limit + 1));
  int64_t count = 0;
  gli_snapshot *made = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int64_t edge = 0; edge < limit; edge++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), edge)) continue;
    ends[count] = sources[edge];
    ends[limit + count++] = targets[edge];
  }
  cr_assert_eq(gli_snapshot_from_edges(gli_snapshot_node_limit(snapshot), count, ends, ends + limit,
                                       NULL, gli_snapshot_is_directed(snapshot), NULL, &made, NULL),
               GLI_OK);
  free(ends);
  return made;
}

static inline gli_status see_simple_rows(gli_snapshot *snapshot) {
  look at;
  look_begin(&at, snapshot);
  const gli__device_simple_rows rows = gli__call_simple_rows(&at.call);
  if (at.call.status == GLI_OK) {
    gli_simple_rows host;
    gli_snapshot *same = twin(snapshot);
    const int64_t nodes = gli_snapshot_node_limit(snapshot);
    cr_assert_eq(gli_snapshot_simple_rows(same, &host, NULL), GLI_OK);
    int64_t *offsets = fetch(rows.offsets, nodes + 1, sizeof *offsets);
    int32_t *neighbors = fetch(rows.neighbors, rows.entry_count, sizeof *neighbors);
    cr_assert_eq(rows.entry_count, host.offsets[nodes]);
    cr_assert_eq(memcmp(offsets, host.offsets, (size_t)(nodes + 1) * sizeof *offsets), 0);
    cr_assert_eq(memcmp(neighbors, host.neighbors, (size_t)rows.entry_count * sizeof *neighbors),
                 0);
    free(offsets);
    free(neighbors);
    gli_snapshot_free(same);
  }
  return look_end(&at);
}

/* --- Graphs ----------------------------------------------------------------------------------- */

typedef struct play {
  gli_graph *graph;
  gli_random random;
  int64_t next_id, next_edge;
  gli_key weight;
} play;

static inline int64_t below(play *game, int64_t bound) {
  return (int64_t)gli_random_below(&game->random, (uint64_t)bound);
}

static inline play play_open(uint64_t seed, bool directed, int64_t nodes, int64_t edges) {
  play game = {.random = gli_random_start(seed, 7)};
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.directed = directed;
  options.multigraph = true;
  cr_assert_eq(gli_graph_create(&options, &game.graph, NULL), GLI_OK);
  cr_assert_eq(gli_graph_key(game.graph, "weight", 6, &game.weight, NULL), GLI_OK);
  int64_t *ids = malloc(sizeof *ids * (size_t)(nodes + 2 * edges));
  for (int64_t k = 0; k < nodes; k++)
    ids[k] = k;
  for (int64_t k = 0; k < 2 * edges; k++)
    ids[nodes + k] =
        below(&game, 8) == 0 ? below(&game, nodes < 5 ? nodes : 5) : below(&game, nodes);
  cr_assert_eq(gli_graph_add_nodes(game.graph, nodes, NULL, ids, NULL, 0, NULL, NULL, NULL),
               GLI_OK);
  cr_assert_eq(gli_graph_add_edges(game.graph, edges, NULL, NULL, ids + nodes, ids + nodes + edges,
                                   NULL, 0, NULL, NULL, NULL, NULL),
               GLI_OK);
  free(ids);
  game.next_id = nodes;
  game.next_edge = edges;
  return game;
}

static inline gli_snapshot *take(play *game) {
  gli_snapshot *snapshot = NULL;
  cr_assert_eq(gli_graph_snapshot(game->graph, &snapshot, NULL), GLI_OK);
  return snapshot;
}

static inline void add_edge(play *game, int64_t source, int64_t target) {
  const gli_id ends[2] = {gli_id_int(source), gli_id_int(target)};
  const gli_attribute attribute = {.key = game->weight,
                                   .value = gli_value_float((double)below(game, 1000) / 8)};
  gli_edge_id edge = -1;
  cr_assert_eq(gli_graph_add_edge(game->graph, &ends[0], &ends[1], &attribute, 1, &edge, NULL),
               GLI_OK);
  game->next_edge = edge + 1;
  for (int k = 0; k < 2; k++) {
    const int64_t id = k == 0 ? source : target;
    if (id >= game->next_id) game->next_id = id + 1;
  }
}

static inline int64_t any_id(play *game) {
  return below(game, 6) == 0 ? below(game, 3) : below(game, game->next_id + 1);
}

static inline void add_bulk(play *game, int64_t count) {
  int64_t *ends = malloc(sizeof *ends * (size_t)(2 * count));
  gli_edge_id *edges = malloc(sizeof *edges * (size_t)count);
  for (int64_t k = 0; k < 2 * count; k++)
    ends[k] = below(game, game->next_id);
  cr_assert_eq(gli_graph_add_edges(game->graph, count, NULL, NULL, ends, ends + count, NULL, 0,
                                   NULL, edges, NULL, NULL),
               GLI_OK);
  game->next_edge = edges[count - 1] + 1;
  free(ends);
  free(edges);
}

static inline void change_once(play *game) {
  const int64_t dice = below(game, 10000);
  if (dice < 5500) {
    add_edge(game, any_id(game), any_id(game));
  } else if (dice < 9600) {
    const gli_edge_id edge = below(game, game->next_edge);
    if (gli_graph_has_edge_id(game->graph, edge))
      cr_assert_eq(gli_graph_remove_edge(game->graph, edge, NULL), GLI_OK);
  } else if (dice < 9960) {
    const gli_id id = gli_id_int(below(game, game->next_id));
    if (gli_graph_has_node(game->graph, &id))
      cr_assert_eq(gli_graph_remove_node(game->graph, &id, NULL), GLI_OK);
  } else if (dice < 9997) {
    add_bulk(game, 1 + below(game, 100));
  } else if (dice < 9998) {
    cr_assert_eq(gli_graph_clear(game->graph, NULL), GLI_OK);
    for (int k = 0; k < 50; k++)
      add_edge(game, any_id(game), any_id(game));
  } else {
    add_bulk(game, 20000); /* all rows anew */
  }
}

#endif
