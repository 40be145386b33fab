/* Weights on a device follow by what changed: they equal the snapshot's whenever they are looked
 * at, and move bytes in proportion to the values and entries that are new. */
#include "device/mirror_play.h"

TestSuite(mirror_weights, .init = open_fake, .fini = close_fake);

static void set_weight(play *game, gli_edge_id edge) {
  const gli_attribute attribute = {.key = game->weight,
                                   .value = gli_value_float((double)below(game, 1000) / 8)};
  if (!gli_graph_has_edge_id(game->graph, edge)) return;
  cr_assert_eq(gli_graph_update(game->graph, GLI_EDGES, edge, &attribute, 1, NULL), GLI_OK);
}

/* Bytes that a look at the weights of a side moved, the rows being there already. */
static uint64_t look_at_weights(play *game, bool in) {
  gli_snapshot *snapshot = take(game);
  cr_assert_eq(see_rows(snapshot, in), GLI_OK);
  const uint64_t before = gli__mirror_figures_of(device, snapshot).uploaded_bytes;
  cr_assert_eq(see_weights(snapshot, in), GLI_OK);
  const uint64_t after = gli__mirror_figures_of(device, snapshot).uploaded_bytes;
  cr_assert_eq(see_weights(snapshot, in), GLI_OK);
  cr_assert_eq(gli__mirror_figures_of(device, snapshot).uploaded_bytes, after);
  gli_snapshot_free(snapshot);
  return after - before;
}

/* Two looks go up whole: who is asked twice remembers. */
static void make_familiar(play *game, bool in) {
  set_weight(game, 1);
  (void)look_at_weights(game, in);
  set_weight(game, 0);
  const uint64_t entries = (uint64_t)gli_graph_edge_count(game->graph);
  cr_assert_geq(look_at_weights(game, in), 8 * entries);
}

Test(mirror_weights, move_what_changed) {
  for (int kind = 0; kind < 3; kind++) {
    const bool directed = kind > 0, in = kind == 2;
    play game = play_open(50 + (uint64_t)kind, directed, 1000, 6000);
    make_familiar(&game, in);
    for (int64_t changed = 1; changed <= 1000; changed *= 10) {
      for (int64_t k = 0; k < changed; k++)
        set_weight(&game, below(&game, 6000));
      cr_assert_leq(look_at_weights(&game, in), (uint64_t)changed * 16 * (directed ? 1 : 2));
    }
    cr_assert_eq(look_at_weights(&game, in), 0);
    gli_graph_free(game.graph);
  }
}

/* The whole is cheaper when half of it changed; then the way goes on from there. */
Test(mirror_weights, go_up_whole_where_that_is_less) {
  play game = play_open(54, true, 1000, 6000);
  make_familiar(&game, false);
  for (gli_edge_id edge = 0; edge < 6000; edge++)
    set_weight(&game, edge);
  const uint64_t whole = look_at_weights(&game, false);
  cr_assert(whole >= 8 * 6000 && whole < 16 * 6000, "%llu", (unsigned long long)whole);
  set_weight(&game, 17);
  cr_assert_leq(look_at_weights(&game, false), 16);
  gli_graph_free(game.graph);
}

/* New edges bring their weights along, wherever their rows moved. */
Test(mirror_weights, move_with_new_edges) {
  play game = play_open(55, true, 1000, 6000);
  make_familiar(&game, false);
  for (int round = 0; round < 20; round++) {
    for (int k = 0; k < 10; k++)
      add_edge(&game, any_id(&game), any_id(&game));
    set_weight(&game, below(&game, game.next_edge));
    (void)look_at_weights(&game, false);
  }
  /* A short row is written anew for an edge at most: some dozens of entries. */
  add_edge(&game, 500, 501);
  cr_assert_leq(look_at_weights(&game, false), 16 * 100);
  gli_graph_free(game.graph);
}

static void play_weights(uint64_t seed, bool directed) {
  play game = play_open(seed, directed, 400, 2400);
  uint64_t moved = 0, whole = 0;
  set_weight(&game, 0);
  for (int round = 0; round < 300; round++) {
    for (int64_t k = below(&game, 12); k > 0; k--)
      set_weight(&game, below(&game, game.next_edge));
    for (int64_t k = below(&game, 3) == 0 ? below(&game, 12) : 0; k > 0; k--)
      change_once(&game);
    gli_snapshot *snapshot = take(&game);
    const bool in = directed && below(&game, 2) == 0;
    const uint64_t before = gli__mirror_figures_of(device, snapshot).uploaded_bytes;
    cr_assert_eq(see_weights(snapshot, in), GLI_OK);
    moved += gli__mirror_figures_of(device, snapshot).uploaded_bytes - before;
    whole += 8 * (uint64_t)gli_snapshot_out_rows(snapshot).entry_count;
    gli_snapshot_free(snapshot);
  }
  printf("weights: %s, 300 looks moved %llu bytes with their rows, whole weights are %llu\n",
         directed ? "directed" : "undirected", (unsigned long long)moved,
         (unsigned long long)whole);
  cr_assert_lt(moved, whole / 4);
  gli_graph_free(game.graph);
}

Test(mirror_weights, follow_streams_of_changes) {
  play_weights(60, true);
  play_weights(61, false);
}

/* Edges come and go, and no value is written: the column is what it was, the rows are not. */
Test(mirror_weights, follow_the_rows_where_no_value_changed) {
  for (int kind = 0; kind < 3; kind++) {
    const bool directed = kind > 0, in = kind == 2;
    play game = play_open(63 + (uint64_t)kind, directed, 200, 1200);
    make_familiar(&game, in);
    for (int round = 0; round < 20; round++) {
      const gli_edge_id gone = below(&game, game.next_edge);
      const gli_id source = gli_id_int(any_id(&game)), target = gli_id_int(any_id(&game));
      if (gli_graph_has_edge_id(game.graph, gone))
        cr_assert_eq(gli_graph_remove_edge(game.graph, gone, NULL), GLI_OK);
      if (round % 2 == 0)
        cr_assert_eq(gli_graph_add_edge(game.graph, &source, &target, NULL, 0, NULL, NULL), GLI_OK);
      (void)look_at_weights(&game, in);
    }
    gli_graph_free(game.graph);
  }
}

/* A failure of any call of the driver on the way: an error, and right the next time. */
Test(mirror_weights, whatever_fails) {
  int64_t failed = 0;
  for (int64_t fail_at = 0;; fail_at++) {
    play game = play_open(62, false, 200, 1200);
    make_familiar(&game, false);
    for (int k = 0; k < 20; k++)
      set_weight(&game, below(&game, 1200));
    add_edge(&game, 3, 4);
    gli_snapshot *snapshot = take(&game);
    fake_device.calls = 0;
    fake_device.failure = fail_at % 2 == 0 ? GLI_DEVICE_FAILED : GLI_DEVICE_NO_MEMORY;
    fake_device.fail_at = fail_at;
    const gli_status status = see_weights(snapshot, false);
    const bool reached = fake_device.calls > fail_at;
    fake_device.fail_at = -1;
    failed += status != GLI_OK;
    cr_assert(status == GLI_OK || status == GLI_ERROR_DEVICE);
    cr_assert_eq(see_weights(snapshot, false), GLI_OK);
    gli_snapshot_free(snapshot);
    gli_graph_free(game.graph);
    if (!reached) break;
  }
  cr_assert_gt(failed, 4);
}
