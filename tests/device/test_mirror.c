/* The mirror: it follows random changes by what changed, equals the snapshot whenever it is looked
 * at, moves bytes in proportion, and gives everything back whatever fails. On a device of the
 * test's own (fake_driver.h), and the random streams on PoCL too. */
#include <criterion/criterion.h>

#include "device/mirror_play.h"
#include "device/plugin.h"
#include "support/failing_allocator.h"

TestSuite(mirror, .init = open_fake, .fini = close_fake);

/* The most that what the journal names may move. */
static uint64_t bound_of(gli_snapshot *snapshot, bool in, const gli__mark *since,
                         int32_t nodes_before) {
  const gli__change *changes = NULL;
  int64_t count = 0;
  if (!gli__frozen_changes(gli__snapshot_frozen(snapshot), in, since, &changes, &count)) {
    return UINT64_MAX;
  }
  uint64_t bytes = 16 * (uint64_t)(gli_snapshot_node_limit(snapshot) - nodes_before);
  for (int64_t k = 0; k < count; k++)
    bytes += 20 + 12 * ((uint64_t)changes[k].count / 32 + 1) + 4 * (uint64_t)changes[k].count;
  return bytes;
}

typedef struct totals {
  int64_t changes, looks, named;
  uint64_t delta_bytes, whole_bytes;
} totals;

/* What a look at the weights would upload at most: in rows that are built here need the out side's.
 */
static uint64_t missing_with_weights(const gli_snapshot *snapshot) {
  uint64_t bytes = 0;
  for (int in = 0; in <= (gli_snapshot_is_directed(snapshot) ? 1 : 0); in++) {
    bytes += gli__mirror_missing_bytes(device, snapshot, in == 1);
    bytes += gli__mirror_missing_weight_bytes(device, snapshot, "weight", in == 1);
  }
  return bytes;
}

static void look_at_weights(gli_snapshot *snapshot, bool in) {
  const uint64_t missing = missing_with_weights(snapshot);
  const uint64_t before = gli__mirror_figures_of(device, snapshot).uploaded_bytes;
  cr_assert_eq(see_weights(snapshot, in), GLI_OK);
  cr_assert_leq(gli__mirror_figures_of(device, snapshot).uploaded_bytes - before, missing);
  cr_assert_eq(gli__mirror_missing_weight_bytes(device, snapshot, "weight", in), 0);
}

/* One look at one side: right, and within the bound. */
static void look_once(gli_snapshot *snapshot, bool in, gli__mark *mark, int32_t *nodes,
                      totals *sum) {
  const uint64_t bound = bound_of(snapshot, in, mark, *nodes);
  const gli__mirror_figures before = gli__mirror_figures_of(device, snapshot);
  const uint64_t missing = gli__mirror_missing_bytes(device, snapshot, in);
  cr_assert_eq(see_rows(snapshot, in), GLI_OK);
  const gli__mirror_figures after = gli__mirror_figures_of(device, snapshot);
  const uint64_t moved = after.uploaded_bytes - before.uploaded_bytes;
  if (after.full_uploads == before.full_uploads) {
    cr_assert_leq(moved, bound);
    cr_assert_leq(moved, missing);
    sum->delta_bytes += moved;
  } else {
    sum->whole_bytes += moved;
  }
  cr_assert_eq(gli__mirror_missing_bytes(device, snapshot, in), 0);
  *mark = gli__frozen_mark(gli__snapshot_frozen(snapshot), in);
  *nodes = gli_snapshot_node_limit(snapshot);
  sum->looks++;
}

static void play_stream(uint64_t seed, bool directed, int64_t size, int64_t changes,
                        int64_t between) {
  play game = play_open(seed, directed, size, 6 * size);
  gli__mark marks[2] = {{0}, {0}};
  int32_t nodes[2] = {0, 0};
  totals sum = {.changes = changes};
  for (int64_t k = 0; k < changes; k++) {
    change_once(&game);
    if (below(&game, between) != 0) continue;
    gli_snapshot *snapshot = take(&game);
    look_once(snapshot, false, &marks[0], &nodes[0], &sum);
    if (directed && below(&game, 2) == 0) look_once(snapshot, true, &marks[1], &nodes[1], &sum);
    if (below(&game, 10) == 0) {
      look_at_weights(snapshot, directed && below(&game, 2) == 0);
      cr_assert_eq(see_simple_rows(snapshot), GLI_OK);
      cr_assert_eq(see_slots(snapshot, directed && below(&game, 2) == 0), GLI_OK);
    }
    gli_snapshot_free(snapshot);
  }
  gli_snapshot *snapshot = take(&game);
  look_once(snapshot, false, &marks[0], &nodes[0], &sum);
  const gli__mirror_figures figures = gli__mirror_figures_of(device, snapshot);
  printf(
      "mirror: %s, %lld changes, %lld looks: %llu whole (%llu bytes), %llu deltas (%llu bytes, "
      "%.0f per change)\n",
      directed ? "directed" : "undirected", (long long)changes, (long long)sum.looks,
      (unsigned long long)figures.full_uploads, (unsigned long long)sum.whole_bytes,
      (unsigned long long)figures.delta_uploads, (unsigned long long)sum.delta_bytes,
      (double)sum.delta_bytes / (double)changes);
  cr_assert_lt(figures.full_uploads * 8, figures.delta_uploads);
  gli_snapshot_free(snapshot);
  gli_graph_free(game.graph);
}

Test(mirror, follows_a_directed_graph) {
  play_stream(1, true, 500, 10000, 10);
}

Test(mirror, follows_an_undirected_graph) {
  play_stream(2, false, 500, 10000, 10);
}

Test(mirror, follows_with_long_pauses) {
  play_stream(3, true, 20000, 10000, 100);
}

/* --- Built on the device ---------------------------------------------------------------------- */

/* In rows as the device builds them: by source, then in the order of the source's row. */
static void check_built(gli_snapshot *snapshot, const gli__device_rows *rows,
                        gli_device_buffer *weights, gli_device_buffer *edges) {
  const gli_rows out = gli_snapshot_out_rows(snapshot);
  const int32_t nodes = gli_snapshot_node_limit(snapshot);
  const double *by_out = NULL;
  cr_assert_eq(gli_snapshot_row_weights(snapshot, "weight", false, &by_out, NULL), GLI_OK);
  cr_assert_eq(rows->entry_count, out.entry_count);
  row_record *records = fetch(rows->rows, nodes, sizeof *records);
  int32_t *neighbors = fetch(rows->neighbors, rows->entry_limit, sizeof *neighbors);
  double *values = fetch(weights, rows->entry_limit, sizeof *values);
  uint32_t *slots = fetch(edges, rows->entry_limit, sizeof *slots);
  uint32_t *seen = calloc((size_t)nodes + 1, sizeof *seen);
  for (int32_t node = 0; node < nodes; node++) {
    cr_assert_eq(records[node].alive, gli_bit(gli_snapshot_node_bits(snapshot), node));
    for (uint32_t k = 0; k < out.rows[node].length; k++) {
      const int64_t place = out.rows[node].begin + k;
      const row_record row = records[out.neighbors[place]];
      const int64_t at = row.begin + seen[out.neighbors[place]]++;
      cr_assert_lt(at, row.begin + row.length);
      cr_assert_eq(neighbors[at], node);
      cr_assert_eq(values[at], by_out[place]);
      cr_assert_eq(slots[at], out.edges[place]);
    }
  }
  for (int32_t node = 0; node < nodes; node++)
    cr_assert_eq(seen[node], records[node].length);
  free(seen);
  free(slots);
  free(values);
  free(neighbors);
  free(records);
}

/* A graph that changes without removals of nodes: its host never builds in rows. */
static void play_built(uint64_t seed) {
  play game = play_open(seed, true, 300, 1500);
  for (int round = 0; round < 6; round++) {
    for (int k = 0; k < 100; k++)
      add_edge(&game, any_id(&game), any_id(&game));
    for (int64_t edge = round; edge < game.next_edge; edge += 19) {
      if (gli_graph_has_edge_id(game.graph, edge))
        cr_assert_eq(gli_graph_remove_edge(game.graph, edge, NULL), GLI_OK);
    }
    gli_snapshot *snapshot = take(&game);
    for (int again = 0; again < 2; again++) {
      look at;
      look_begin(&at, snapshot);
      const gli__device_rows rows = gli__call_rows(&at.call, true);
      gli_device_buffer *weights = gli__call_weights(&at.call, "weight", true);
      cr_assert_eq(at.call.status, GLI_OK, "%s", at.error.message);
      check_built(snapshot, &rows, weights, gli__call_slots(&at.call, true));
      cr_assert(rows.is_by_source);
      (void)gli__call_simple_rows(&at.call);
      const uint64_t moved = device->traffic.uploaded_bytes;
      (void)gli__call_rows(&at.call, true);
      cr_assert_eq(device->traffic.uploaded_bytes, moved);
      cr_assert_eq(look_end(&at), GLI_OK);
    }
    cr_assert_eq(gli__frozen_mark(gli__snapshot_frozen(snapshot), true).state, 0);
    cr_assert_not(gli__frozen_has_simple_rows(gli__snapshot_frozen(snapshot)));
    cr_assert_eq(see_simple_rows(snapshot), GLI_OK);
    gli_snapshot_free(snapshot);
  }
  gli_graph_free(game.graph);
}

Test(mirror, builds_what_the_host_has_not) {
  device->info.is_cpu = false;
  for (uint64_t seed = 40; seed < 44; seed++)
    play_built(seed);
  /* Undirected, with loops and parallels. */
  play game = play_open(44, false, 60, 1000);
  gli_snapshot *snapshot = take(&game);
  cr_assert_eq(see_simple_rows(snapshot), GLI_OK);
  gli_snapshot_free(snapshot);
  gli_graph_free(game.graph);
}

Test(mirror, builds_nothing_without_room) {
  device->info.is_cpu = false;
  play game = play_open(45, true, 300, 3000);
  gli_snapshot *snapshot = take(&game);
  fake_device.capacity_bytes = 60000; /* the sides, not the scratch to sort them */
  cr_assert_eq(see_rows(snapshot, true), GLI_OK);
  cr_assert_neq(gli__frozen_mark(gli__snapshot_frozen(snapshot), true).state, 0);
  gli_snapshot_free(snapshot);
  gli_graph_free(game.graph);
}

/* --- On PoCL ---------------------------------------------------------------------------------- */

static void play_on_plugin(uint64_t seed, bool directed) {
  const char *reason = NULL;
  plugin_rig rig;
  const gli_device_driver *driver = plugin_driver("opencl", &reason);
  if (driver == NULL) cr_skip_test("no OpenCL device: %s", reason);
  cr_assert(plugin_rig_open(&rig, driver), "%s", rig.error.message);
  device = &rig.device;
  play_stream(seed, directed, 2000, 10000, 20);
  device->info.is_cpu = false;
  play_built(seed);
  gli__mirror_release_all(device);
  cr_assert_eq(device->traffic.allocated_bytes, 0);
  gli_device_memory memory = {0};
  gli_device_error error = {0};
  cr_assert_eq(driver->memory(device->handle, &memory, &error), GLI_DEVICE_OK);
  cr_assert_eq(memory.allocated_bytes, 0);
  plugin_rig_close(&rig);
}

Test(mirror_on_opencl, follows_a_directed_graph) {
  play_on_plugin(11, true);
}

Test(mirror_on_opencl, follows_an_undirected_graph) {
  play_on_plugin(12, false);
}

/* --- Memory ----------------------------------------------------------------------------------- */

Test(mirror, goes_with_its_graph) {
  play game = play_open(5, true, 100, 300);
  gli_snapshot *snapshot = take(&game);
  cr_assert_eq(see_rows(snapshot, false), GLI_OK);
  cr_assert_gt(fake_device.live_bytes, 0);
  gli_graph_free(game.graph);
  cr_assert_eq(see_rows(snapshot, false), GLI_OK); /* snapshots outlive the graph */
  gli_snapshot_free(snapshot);
  play other = play_open(6, true, 10, 10);
  snapshot = take(&other);
  cr_assert_eq(gli__mirror_figures_of(device, snapshot).bytes, 0);
  cr_assert_eq(see_rows(snapshot, false), GLI_OK);
  cr_assert_eq(fake_device.live_bytes, gli__mirror_figures_of(device, snapshot).bytes);
  gli_snapshot_free(snapshot);
  gli_graph_free(other.graph);
}

Test(mirror, an_older_snapshot_gets_one_of_its_own) {
  play game = play_open(7, false, 100, 1000);
  gli_snapshot *old = take(&game);
  add_edge(&game, 1, 2);
  gli_snapshot *newer = take(&game);
  cr_assert_eq(see_rows(newer, false), GLI_OK);
  cr_assert_eq(see_rows(old, false), GLI_OK);
  cr_assert_eq(gli__mirror_figures_of(device, old).full_uploads, 2);
  const uint64_t moved = fake_device.uploaded_bytes;
  cr_assert_eq(see_rows(newer, false), GLI_OK);
  cr_assert_eq(see_rows(old, false), GLI_OK);
  cr_assert_eq(fake_device.uploaded_bytes, moved); /* each found its own */
  add_edge(&game, 2, 3);
  gli_snapshot *newest = take(&game);
  cr_assert_eq(see_rows(newest, false), GLI_OK);
  cr_assert_leq(fake_device.uploaded_bytes, moved + 1000); /* from the newer one, by what changed */
  cr_assert_eq(see_rows(old, false), GLI_OK);
  gli_snapshot_free(newest);
  gli_snapshot_free(newer);
  gli_snapshot_free(old);
  gli_graph_free(game.graph);
}

Test(mirror, a_copy_of_a_graph_has_its_own) {
  play game = play_open(8, true, 100, 300);
  gli_graph *copy = NULL;
  gli_snapshot *snapshot = take(&game), *other = NULL;
  cr_assert_eq(gli_graph_copy(game.graph, &copy, NULL), GLI_OK);
  cr_assert_eq(gli_graph_snapshot(copy, &other, NULL), GLI_OK);
  cr_assert_eq(see_rows(snapshot, false), GLI_OK);
  cr_assert_eq(see_rows(other, false), GLI_OK);
  cr_assert_eq(gli__mirror_figures_of(device, snapshot).full_uploads, 1);
  cr_assert_eq(gli__mirror_figures_of(device, other).full_uploads, 1);
  gli_snapshot_free(other);
  gli_graph_free(copy);
  gli_snapshot_free(snapshot);
  gli_graph_free(game.graph);
}

#define GRAPHS 5

Test(mirror, the_least_used_one_goes_above_the_budget) {
  play games[GRAPHS];
  gli_snapshot *snapshots[GRAPHS];
  for (int k = 0; k < GRAPHS; k++) {
    games[k] = play_open(20 + (uint64_t)k, true, 100, 2000);
    snapshots[k] = take(&games[k]);
  }
  cr_assert_eq(see_rows(snapshots[0], false), GLI_OK);
  const uint64_t one = fake_device.live_bytes;
  device->budget_bytes = 3 * one;
  for (int k = 1; k < GRAPHS; k++) {
    cr_assert_eq(see_rows(snapshots[k], false), GLI_OK);
    cr_assert_eq(see_rows(snapshots[1], false), GLI_OK); /* always in use */
    cr_assert_leq(fake_device.live_bytes, device->budget_bytes);
  }
  cr_assert_eq(gli__mirror_missing_bytes(device, snapshots[1], false), 0);
  cr_assert_eq(gli__mirror_missing_bytes(device, snapshots[4], false), 0);
  cr_assert_gt(gli__mirror_missing_bytes(device, snapshots[2], false), 0);
  look at;
  look_begin(&at, snapshots[1]);
  cr_assert_eq(gli__mirror_pin(&at.call), GLI_OK);
  cr_assert_eq(look_end(&at), GLI_OK);
  for (int k = 2; k < GRAPHS; k++)
    cr_assert_eq(see_rows(snapshots[k], false), GLI_OK);
  cr_assert(gli__mirror_figures_of(device, snapshots[1]).pinned);
  cr_assert_eq(gli__mirror_missing_bytes(device, snapshots[1], false), 0);
  cr_assert(gli__mirror_evict(device, UINT64_MAX, NULL));
  cr_assert_not(gli__mirror_evict(device, UINT64_MAX, NULL));
  cr_assert_eq(fake_device.live_bytes, one); /* the pinned one */
  gli__mirror_unpin(device, snapshots[1]);
  cr_assert(gli__mirror_evict(device, 1, NULL));
  cr_assert_eq(fake_device.live_bytes, 0);
  for (int k = 0; k < GRAPHS; k++) {
    gli_snapshot_free(snapshots[k]);
    gli_graph_free(games[k].graph);
  }
}

Test(mirror, others_go_when_the_device_is_full) {
  play games[GRAPHS];
  gli_snapshot *snapshots[GRAPHS];
  fake_device.capacity_bytes = 25000; /* two of them and a bit */
  for (int k = 0; k < GRAPHS; k++) {
    games[k] = play_open(30 + (uint64_t)k, true, 100, 2000);
    snapshots[k] = take(&games[k]);
  }
  for (int k = 0; k < 3 * GRAPHS; k++)
    cr_assert_eq(see_rows(snapshots[k % GRAPHS], false), GLI_OK);
  /* In use, and too much together: an error, and the next one gets the room. */
  fake_device.capacity_bytes = 12000;
  cr_assert_eq(see_rows(snapshots[0], false), GLI_OK);
  cr_assert_eq(see_rows(snapshots[0], true), GLI_ERROR_DEVICE);
  cr_assert_eq(see_rows(snapshots[1], true), GLI_OK);
  /* Scratch makes room as well. */
  look at;
  look_begin(&at, snapshots[0]);
  cr_assert_not_null(gli__call_buffer(&at.call, 11000, 1));
  cr_assert_eq(look_end(&at), GLI_OK);
  cr_assert_eq(fake_device.live_bytes, 0);
  for (int k = 0; k < GRAPHS; k++) {
    gli_snapshot_free(snapshots[k]);
    gli_graph_free(games[k].graph);
  }
}

Test(mirror, views_of_the_past_go_first) {
  for (int builds = 0; builds < 2; builds++) {
    device->info.is_cpu = builds == 0;
    play game = play_open(50, true, 200, 3000), other = play_open(51, true, 100, 1000);
    add_edge(&game, 1, 2);
    gli_snapshot *snapshot = take(&game), *beside = take(&other);
    cr_assert_eq(see_rows(beside, false), GLI_OK);
    look at;
    look_begin(&at, snapshot);
    (void)gli__call_weights(&at.call, "weight", true);
    (void)gli__call_simple_rows(&at.call);
    cr_assert_eq(look_end(&at), GLI_OK);
    gli_snapshot_free(snapshot);
    add_edge(&game, 3, 4);
    snapshot = take(&game);
    cr_assert_eq(see_rows(snapshot, false), GLI_OK); /* what was derived is of the past now */
    const uint64_t full = fake_device.live_bytes;
    fake_device.capacity_bytes = full + 100;
    look_begin(&at, snapshot);
    cr_assert_not_null(gli__call_buffer(&at.call, 20000, 1));
    cr_assert_eq(look_end(&at), GLI_OK);
    cr_assert_lt(fake_device.live_bytes, full - 20000);
    cr_assert_eq(gli__mirror_missing_bytes(device, snapshot, false), 0);
    cr_assert_eq(gli__mirror_missing_bytes(device, beside, false), 0); /* nobody's mirror went */
    fake_device.capacity_bytes = 0;
    cr_assert_eq(see_weights(snapshot, false), GLI_OK);
    cr_assert_eq(see_simple_rows(snapshot), GLI_OK);
    gli_snapshot_free(snapshot);
    gli_snapshot_free(beside);
    gli_graph_free(game.graph);
    gli_graph_free(other.graph);
    gli__mirror_release_all(device);
  }
}

/* With hardly any room everything is tried again and again, and comes out right or not at all. */
Test(mirror, a_ladder_of_small_memories) {
  for (int builds = 0; builds < 2; builds++) {
    device->info.is_cpu = builds == 0;
    play game = play_open(52, true, 200, 2000), other = play_open(53, false, 100, 1000);
    int64_t right = 0, refused = 0;
    add_edge(&game, 1, 2);
    add_edge(&other, 1, 2);
    for (uint64_t capacity = 1000; capacity < 300000; capacity += capacity / 5) {
      fake_device.capacity_bytes = capacity;
      gli__mirror_release_all(device);
      for (int part = 0; part < 10; part++) {
        play *of = part % 2 == 0 ? &game : &other;
        gli_snapshot *snapshot = take(of);
        const gli_status status = part < 4   ? see_rows(snapshot, false)
                                  : part < 8 ? see_weights(snapshot, false)
                                             : see_simple_rows(snapshot);
        cr_assert(status == GLI_OK || status == GLI_ERROR_DEVICE);
        if (status == GLI_OK) right++;
        if (status != GLI_OK) refused++;
        cr_assert_leq(fake_device.live_bytes, capacity);
        gli_snapshot_free(snapshot);
        add_edge(of, below(of, 100), below(of, 100));
      }
    }
    cr_assert(right > 100 && refused > 10, "%lld right, %lld refused", (long long)right,
              (long long)refused);
    fake_device.capacity_bytes = 0;
    gli_graph_free(game.graph);
    gli_graph_free(other.graph);
  }
}

Test(mirror, a_lost_device_is_not_called_again) {
  play game = play_open(9, true, 100, 300);
  gli_snapshot *snapshot = take(&game);
  cr_assert_eq(see_rows(snapshot, false), GLI_OK);
  const uint64_t buffers = fake_device.live_buffers;
  fake_device.is_lost = true; /* from here the driver aborts when it is called */
  atomic_store(&device->quarantined, true);
  gli__mirror_release_all(device);
  cr_assert_null(device->mirrors);
  cr_assert_eq(device->traffic.allocated_bytes, 0);
  cr_assert_eq(fake_device.live_buffers, buffers); /* lost with the device */
  fake_reset(&fake_device);
  gli_snapshot_free(snapshot);
  gli_graph_free(game.graph);
}

Test(mirror, forgetting_calls_nobody) {
  play game = play_open(9, true, 100, 300);
  gli_snapshot *snapshot = take(&game);
  cr_assert_eq(see_rows(snapshot, false), GLI_OK);
  fake_device.is_lost = true;
  gli__mirror_forget_all(device);
  cr_assert_null(device->mirrors);
  cr_assert_eq(device->traffic.allocated_bytes, 0);
  fake_reset(&fake_device);
  cr_assert_eq(see_rows(snapshot, false), GLI_OK); /* and it goes up again */
  gli_snapshot_free(snapshot);
  gli_graph_free(game.graph);
}

/* --- Whatever fails --------------------------------------------------------------------------- */

/* As see_rows, but leaves it to the device to build in rows. */
static gli_status see_side(gli_snapshot *snapshot, bool in) {
  if (!in || device->info.is_cpu) return see_rows(snapshot, in);
  look at;
  look_begin(&at, snapshot);
  const gli__device_rows rows = gli__call_rows(&at.call, true);
  gli_device_buffer *weights = gli__call_weights(&at.call, "weight", true);
  gli_device_buffer *slots = gli__call_slots(&at.call, true);
  if (at.call.status != GLI_OK) return look_end(&at);
  if (gli__frozen_mark(gli__snapshot_frozen(snapshot), true).state == 0) {
    check_built(snapshot, &rows, weights, slots);
  } else { /* it could not, and the host did */
    check_rows(snapshot, &rows, true);
  }
  return look_end(&at);
}

/* Rows, a change, rows again, weights, simple rows: with the driver's `fail_at`-th call failing. A
 * failed look is an error, and the next one is right. Returns whether anything failed. */
static bool play_failure(int64_t fail_at, gli_device_code failure, bool builds) {
  play game = play_open(10, true, 300, 2000);
  device->info.is_cpu = !builds;
  bool failed = false;
  fake_device.calls = 0;
  fake_device.fail_at = fail_at;
  fake_device.failure = failure;
  add_edge(&game, 1, 2); /* with a weight */
  for (int round = 0; round < 4 && !fake_device.is_lost; round++) {
    for (int k = 0; k < 40 * round; k++)
      add_edge(&game, any_id(&game), k % 2 == 0 ? 1 : any_id(&game));
    gli_snapshot *snapshot = take(&game);
    gli_status status = GLI_OK;
    for (int part = 0; part < 4 && status == GLI_OK; part++) {
      status = part < 2    ? see_side(snapshot, part == 1)
               : part == 2 ? (round == 0 ? GLI_OK : see_weights(snapshot, !builds))
                           : see_simple_rows(snapshot);
      if (status == GLI_OK) continue;
      cr_assert_eq(status, GLI_ERROR_DEVICE);
      cr_assert_not(failed, "failed a second time");
      failed = true;
      if (!fake_device.is_lost) status = GLI_OK;
      part--; /* again */
    }
    gli_snapshot_free(snapshot);
  }
  gli_graph_free(game.graph);
  return failed;
}

Test(mirror, every_call_of_the_driver_fails_once) {
  static const gli_device_code codes[] = {GLI_DEVICE_NO_MEMORY, GLI_DEVICE_FAILED, GLI_DEVICE_LOST};
  int64_t failures = 0;
  for (int c = 0; c < 6; c++) {
    for (int64_t fail_at = 0;; fail_at++) {
      play_failure(fail_at, codes[c % 3], c >= 3);
      const bool reached = fake_device.calls > fail_at;
      gli__mirror_release_all(device);
      forget_programs();
      cr_assert_eq(device->traffic.allocated_bytes, 0);
      if (fake_device.is_lost) {
        cr_assert(atomic_load(&device->quarantined));
        fake_reset(&fake_device);
      }
      cr_assert_eq(fake_device.live_bytes, 0, "call %lld, code %d", (long long)fail_at,
                   (int)codes[c % 3]);
      atomic_store(&device->quarantined, false);
      fake_device.fail_at = -1;
      if (!reached) break;
      failures++;
    }
  }
  printf("mirror: %lld failures of the driver\n", (long long)failures);
  cr_assert_gt(failures, 100);
}

/* The host's books: each allocation for them fails once, and from then on. */
Test(mirror, no_memory_for_the_books) {
  gli__memory *books = device->memory;
  play game = play_open(10, true, 300, 2000);
  failing_loop loop = failing_loop_start("mirror");
  while (failing_loop_next(&loop)) {
    device->memory = gli__memory_create(&loop.allocator);
    gli_snapshot *snapshot = take(&game);
    look at;
    look_begin(&at, snapshot); /* the run's memory is of the books */
    failing_loop_arm(&loop);
    (void)gli__call_rows(&at.call, false);
    (void)gli__call_rows(&at.call, true);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(at.call.status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    (void)look_end(&at);
    cr_assert_eq(see_rows(snapshot, false), GLI_OK);
    gli_snapshot_free(snapshot);
    gli__mirror_release_all(device);
    forget_programs();
    /* The watch stays with the graph until that goes: a fresh graph for each round. */
    gli_graph_free(game.graph);
    gli__memory_free(device->memory);
    game = play_open(10, true, 300, 2000);
  }
  gli_graph_free(game.graph);
  device->memory = books;
}
