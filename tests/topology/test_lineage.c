/* Copies of the rows follow random changes by the journal alone, and equal the newest snapshot
 * whenever they are looked at; watching costs no mutation its success. */
#include <criterion/criterion.h>

#include "support/failing_allocator.h"
#include "topology/lineage.h"

#define COPIES 3

/* What a device would hold of one side. Entries in no row are poisoned, so that a range which was
 * not named shows. */
typedef struct copy {
  gli__mark mark;
  int32_t node_limit;
  gli_row *rows;
  int32_t *neighbors;
  int64_t entry_room;
  int64_t fulls, deltas, written, named;
} copy;

static gli_rows rows_of(gli__frozen *frozen, bool in) {
  gli_rows rows = gli__frozen_out_rows(frozen);
  if (in) cr_assert_eq(gli__frozen_in_rows(frozen, &rows, NULL), GLI_OK);
  return rows;
}

static void make_room(copy *kept, int32_t node_limit, int64_t entry_limit) {
  kept->rows = realloc(kept->rows, ((size_t)node_limit + 1) * sizeof *kept->rows);
  if (entry_limit <= kept->entry_room) return;
  kept->neighbors = realloc(kept->neighbors, (size_t)entry_limit * sizeof *kept->neighbors);
  for (int64_t k = kept->entry_room; k < entry_limit; ++k)
    kept->neighbors[k] = -7;
  kept->entry_room = entry_limit;
}

static void apply(copy *kept, const gli_rows *rows, const gli__change *change) {
  const gli_row row = rows->rows[change->node];
  kept->rows[change->node] = row;
  int64_t begin = change->begin > row.begin ? change->begin : row.begin;
  int64_t end = change->begin + change->count, stop = row.begin + row.length;
  if (end > stop) end = stop;
  for (int64_t at = begin; at < end; ++at) {
    kept->neighbors[at] = rows->neighbors[at];
    ++kept->written;
  }
  ++kept->named;
}

static void follow(copy *kept, gli__frozen *frozen, bool in) {
  const gli_rows rows = rows_of(frozen, in);
  const int32_t node_limit = gli__frozen_node_limit(frozen);
  const gli__change *changes = NULL;
  int64_t count = 0;
  make_room(kept, node_limit, rows.entry_limit);
  if (gli__frozen_changes(frozen, in, &kept->mark, &changes, &count)) {
    for (int32_t node = kept->node_limit; node < node_limit; ++node)
      kept->rows[node] = rows.rows[node];
    for (int64_t k = 0; k < count; ++k)
      apply(kept, &rows, &changes[k]);
    ++kept->deltas;
  } else {
    for (int64_t k = 0; k < kept->entry_room; ++k)
      kept->neighbors[k] = -7;
    for (int32_t node = 0; node < node_limit; ++node) {
      const gli_row row = rows.rows[node];
      kept->rows[node] = row;
      for (int64_t at = row.begin; at < row.begin + row.length; ++at)
        kept->neighbors[at] = rows.neighbors[at];
    }
    ++kept->fulls;
  }
  kept->node_limit = node_limit;
  kept->mark = gli__frozen_mark(frozen, in);
  cr_assert_neq(kept->mark.state, 0);
}

static void check_equal(const copy *kept, gli__frozen *frozen, bool in) {
  const gli_rows rows = rows_of(frozen, in);
  for (int32_t node = 0; node < gli__frozen_node_limit(frozen); ++node) {
    const gli_row row = rows.rows[node], other = kept->rows[node];
    cr_assert_eq(row.length, other.length, "node %d: length %u, in the copy %u", node, row.length,
                 other.length);
    cr_assert(row.length == 0 || row.begin == other.begin);
    for (int64_t at = row.begin; at < row.begin + row.length; ++at)
      cr_assert_eq(rows.neighbors[at], kept->neighbors[at], "node %d, entry %lld", node,
                   (long long)(at - row.begin));
  }
}

static void copy_free(copy *kept) {
  free(kept->rows);
  free(kept->neighbors);
}

typedef struct play {
  gli__memory *memory;
  gli__topology *topology;
  gli_random random;
  gli__frozen *held; /* an older snapshot, now and then */
  gli__watch *watch;
  copy copies[2][COPIES]; /* each looks at other times */
} play;

static int64_t below(play *game, int64_t bound) {
  return (int64_t)gli_random_below(&game->random, (uint64_t)bound);
}

static int32_t any_node(play *game) {
  const int32_t limit = gli__topology_node_limit(game->topology);
  int64_t bound = below(game, 4) == 0 && limit > 4 ? 4 : limit; /* hubs get long rows */
  for (;;) {
    int32_t node = (int32_t)below(game, bound);
    if (gli__topology_node_alive(game->topology, node)) return node;
    bound = limit;
  }
}

static void change_once(play *game) {
  gli__topology *topology = game->topology;
  const int64_t dice = below(game, 1000), edges = gli__topology_edge_limit(topology);
  int64_t slot = -1;
  if (dice < 10 || gli__topology_node_count(topology) < 10) {
    cr_assert_eq(gli__topology_add_nodes(topology, 1 + below(game, 5), NULL), GLI_OK);
  } else if (dice < 560) {
    const int32_t source = any_node(game), target = any_node(game);
    cr_assert_eq(gli__topology_add_edge(topology, source, target, &slot, NULL), GLI_OK);
    if (dice < 30) gli__topology_remove_last_edge(topology);
  } else if (dice < 970 && edges > 0) {
    slot = below(game, edges);
    if (gli__topology_edge_alive(topology, slot))
      cr_assert_eq(gli__topology_remove_edge(topology, slot, NULL), GLI_OK);
  } else if (dice < 978) {
    cr_assert_eq(gli__topology_remove_node(topology, any_node(game), NULL), GLI_OK);
  } else if (dice < 980) {
    int32_t ends[2][40];
    for (int k = 0; k < 80; ++k)
      ends[k / 40][k % 40] = any_node(game);
    cr_assert_eq(
        gli__topology_add_edges(topology, 40, ends[0], ends[1], false, NULL, NULL, NULL, NULL),
        GLI_OK);
  }
}

static void look(play *game, bool in_too) {
  gli__frozen *frozen = NULL;
  cr_assert_eq(gli__topology_freeze(game->topology, &frozen, NULL), GLI_OK);
  if (game->watch == NULL && below(game, 3) == 0)
    cr_assert_eq(gli__frozen_watch(frozen, game->memory, &game->watch, NULL), GLI_OK);
  for (int in = 0; in <= (in_too ? 1 : 0); ++in) {
    for (int k = 0; k < COPIES; ++k) {
      if (below(game, (1 << k)) != 0) continue;
      copy *kept = &game->copies[in][k];
      follow(kept, frozen, in != 0);
      check_equal(kept, frozen, in != 0);
      if (k == 0 && below(game, 2) == 0) gli__frozen_followed(frozen, in != 0);
    }
  }
  if (below(game, 3) == 0) {
    gli__frozen_free(game->held);
    game->held = gli__frozen_retain(frozen);
  }
  gli__frozen_free(frozen);
}

static void play_game(uint64_t seed, bool directed, int operations, int nodes) {
  failing_allocator checking = {.fail_at = -1};
  gli_allocator allocator = failing_allocator_table(&checking);
  play game = {.memory = gli__memory_create(&allocator), .random = gli_random_start(seed, 0)};
  cr_assert_eq(gli__topology_create(game.memory, directed, &game.topology, NULL), GLI_OK);
  cr_assert_eq(gli__topology_add_nodes(game.topology, nodes, NULL), GLI_OK);
  for (int k = 0; k < operations; ++k) {
    change_once(&game);
    if (below(&game, 12) == 0) look(&game, true);
  }
  look(&game, true);
  cr_assert_not_null(game.watch);
  for (int in = 0; in < 2; ++in) {
    const copy *kept = &game.copies[in][0];
    /* Collections and what came before the watch are few beside the looks. */
    cr_assert_lt(kept->fulls * 8, kept->deltas, "%lld full copies, %lld deltas",
                 (long long)kept->fulls, (long long)kept->deltas);
    cr_assert_gt(kept->written, 0);
  }
  gli__topology_free(game.topology);
  cr_assert(game.held == NULL || !gli__watch_is_over(game.watch));
  gli__frozen_free(game.held);
  cr_assert(gli__watch_is_over(game.watch));
  gli__watch_free(game.watch);
  for (int k = 0; k < 2 * COPIES; ++k)
    copy_free(&game.copies[k / COPIES][k % COPIES]);
  gli__memory_free(game.memory);
  cr_assert(atomic_load(&checking.live_bytes) == 0);
}

Test(lineage, directed) {
  for (uint64_t seed = 1; seed <= 4; ++seed)
    play_game(seed, true, 6000, 200);
}

Test(lineage, undirected) {
  for (uint64_t seed = 11; seed <= 14; ++seed)
    play_game(seed, false, 6000, 200);
}

Test(lineage, small_graphs_whose_arena_is_collected) {
  for (uint64_t seed = 21; seed <= 24; ++seed)
    play_game(seed, seed % 2 == 0, 12000, 3000);
}

/* --- One thing at a time --------------------------------------------------------------------- */

typedef struct stage {
  gli__memory *memory;
  gli__topology *topology;
  gli__watch *watch;
} stage;

static stage stage_open(const gli_allocator *allocator, bool directed) {
  stage scene = {.memory = gli__memory_create(allocator)};
  int64_t slot;
  cr_assert_eq(gli__topology_create(scene.memory, directed, &scene.topology, NULL), GLI_OK);
  cr_assert_eq(gli__topology_add_nodes(scene.topology, 100, NULL), GLI_OK);
  for (int32_t k = 0; k < 300; ++k)
    cr_assert_eq(gli__topology_add_edge(scene.topology, k % 100, k * 7 % 100, &slot, NULL), GLI_OK);
  return scene;
}

static gli__frozen *stage_freeze(stage *scene) {
  gli__frozen *frozen = NULL;
  cr_assert_eq(gli__topology_freeze(scene->topology, &frozen, NULL), GLI_OK);
  return frozen;
}

static void stage_watch(stage *scene, gli__frozen *frozen) {
  cr_assert_eq(gli__frozen_watch(frozen, scene->memory, &scene->watch, NULL), GLI_OK);
}

static void stage_close(stage *scene) {
  gli__topology_free(scene->topology);
  gli__watch_free(scene->watch);
  gli__memory_free(scene->memory);
}

static void stage_add(stage *scene, int32_t source, int32_t target) {
  int64_t slot;
  cr_assert_eq(gli__topology_add_edge(scene->topology, source, target, &slot, NULL), GLI_OK);
}

Test(lineage, the_first_change_after_watching_is_seen) {
  stage scene = stage_open(NULL, true);
  gli__frozen *first = stage_freeze(&scene);
  const gli__mark mark = gli__frozen_mark(first, false);
  cr_assert_eq(mark.epoch, 0);
  stage_watch(&scene, first);
  stage_add(&scene, 5, 6);
  gli__frozen *second = stage_freeze(&scene);
  const gli__change *changes = NULL;
  int64_t count = -1;
  cr_assert(gli__frozen_changes(second, false, &mark, &changes, &count));
  cr_assert_eq(count, 1);
  cr_assert_eq(changes[0].node, 5);
  cr_assert_eq(gli__frozen_lineage(first), gli__frozen_lineage(second));
  cr_assert_gt(gli__frozen_mark(second, false).state, mark.state);
  gli__frozen_free(first);
  gli__frozen_free(second);
  stage_close(&scene);
}

Test(lineage, a_state_that_the_journal_does_not_continue_is_not_known) {
  stage scene = stage_open(NULL, true);
  gli__frozen *first = stage_freeze(&scene);
  const gli__mark mark = gli__frozen_mark(first, false);
  stage_add(&scene, 5, 6); /* before anybody watches */
  stage_watch(&scene, first);
  stage_add(&scene, 6, 7);
  gli__frozen *second = stage_freeze(&scene);
  const gli__change *changes = NULL;
  int64_t count = -1;
  cr_assert_not(gli__frozen_changes(second, false, &mark, &changes, &count));
  const gli__mark later = gli__frozen_mark(second, false);
  stage_add(&scene, 7, 8);
  gli__frozen *third = stage_freeze(&scene);
  cr_assert(gli__frozen_changes(third, false, &later, &changes, &count));
  cr_assert_eq(count, 1);
  /* Backwards there is nothing to follow. */
  const gli__mark newest = gli__frozen_mark(third, false);
  stage_add(&scene, 7, 9);
  cr_assert_not(gli__frozen_changes(second, false, &newest, &changes, &count));
  cr_assert_not(gli__frozen_changes(first, false, &newest, &changes, &count));
  gli__frozen_free(first);
  gli__frozen_free(second);
  gli__frozen_free(third);
  stage_close(&scene);
}

Test(lineage, the_same_state_has_no_changes) {
  stage scene = stage_open(NULL, false);
  gli__frozen *first = stage_freeze(&scene), *again = stage_freeze(&scene);
  const gli__mark mark = gli__frozen_mark(first, false);
  const gli__change *changes = NULL;
  int64_t count = -1;
  cr_assert(gli__frozen_changes(again, false, &mark, &changes, &count));
  cr_assert_eq(count, 0);
  const gli__mark in = gli__frozen_mark(again, true); /* undirected: the same rows */
  cr_assert_eq(in.state, mark.state);
  gli__frozen_free(first);
  gli__frozen_free(again);
  stage_close(&scene);
}

Test(lineage, in_rows_have_no_state_before_somebody_needs_them) {
  stage scene = stage_open(NULL, true);
  gli__frozen *first = stage_freeze(&scene);
  cr_assert_eq(gli__frozen_mark(first, true).state, 0);
  (void)rows_of(first, true);
  const gli__mark mark = gli__frozen_mark(first, true);
  cr_assert_neq(mark.state, 0);
  stage_watch(&scene, first);
  stage_add(&scene, 5, 6); /* adopts them, and the journal continues what the reader has built */
  gli__frozen *second = stage_freeze(&scene);
  const gli__change *changes = NULL;
  int64_t count = -1;
  cr_assert(gli__frozen_changes(second, true, &mark, &changes, &count));
  cr_assert_eq(count, 1);
  cr_assert_eq(changes[0].node, 6);
  gli__frozen_free(first);
  gli__frozen_free(second);
  stage_close(&scene);
}

Test(lineage, a_clone_goes_its_own_way) {
  stage scene = stage_open(NULL, true);
  gli__frozen *first = stage_freeze(&scene);
  stage_watch(&scene, first);
  gli__topology *clone = NULL;
  cr_assert_eq(gli__topology_clone(scene.topology, &clone, NULL), GLI_OK);
  gli__frozen *other = NULL;
  cr_assert_eq(gli__topology_freeze(clone, &other, NULL), GLI_OK);
  cr_assert_neq(gli__frozen_lineage(first), gli__frozen_lineage(other));
  gli__topology_swap_lineages(clone, scene.topology);
  gli__frozen_free(other);
  cr_assert_eq(gli__topology_freeze(clone, &other, NULL), GLI_OK);
  cr_assert_eq(gli__frozen_lineage(first), gli__frozen_lineage(other));
  gli__frozen_free(other);
  gli__frozen_free(first);
  cr_assert_not(gli__watch_is_over(scene.watch));
  gli__topology_free(clone);
  cr_assert(gli__watch_is_over(scene.watch));
  stage_close(&scene);
}

Test(lineage, a_bulk_build_and_a_long_journal_want_a_full_copy) {
  stage scene = stage_open(NULL, true);
  gli__frozen *first = stage_freeze(&scene);
  stage_watch(&scene, first);
  const gli__mark mark = gli__frozen_mark(first, false);
  int32_t sources[400], targets[400];
  for (int k = 0; k < 400; ++k) {
    sources[k] = k % 100;
    targets[k] = k % 33;
  }
  cr_assert_eq(
      gli__topology_add_edges(scene.topology, 400, sources, targets, false, NULL, NULL, NULL, NULL),
      GLI_OK);
  gli__frozen *second = stage_freeze(&scene);
  const gli__change *changes = NULL;
  int64_t count = -1;
  cr_assert_not(gli__frozen_changes(second, false, &mark, &changes, &count));
  const gli__mark later = gli__frozen_mark(second, false);
  for (int k = 0; k < 150000; ++k) { /* more than 64 Ki and an eighth of the entries */
    int64_t slot = -1;
    cr_assert_eq(gli__topology_add_edge(scene.topology, k % 100, k % 77, &slot, NULL), GLI_OK);
    cr_assert_eq(gli__topology_remove_edge(scene.topology, slot, NULL), GLI_OK);
  }
  gli__frozen *third = stage_freeze(&scene);
  cr_assert_not(gli__frozen_changes(third, false, &later, &changes, &count));
  gli__frozen_free(first);
  gli__frozen_free(second);
  gli__frozen_free(third);
  stage_close(&scene);
}

Test(lineage, a_followed_journal_makes_room) {
  stage scene = stage_open(NULL, false);
  for (int32_t k = 0; k < 100000; ++k) /* garbage is seldom a quarter of this */
    stage_add(&scene, k % 100, k % 97);
  gli__frozen *last = stage_freeze(&scene);
  stage_watch(&scene, last);
  const gli__change *changes = NULL;
  int64_t count = 0, longest = 0, collections = 0;
  for (int round = 0; round < 100; ++round) {
    const gli__mark mark = gli__frozen_mark(last, false);
    gli__frozen_followed(last, false);
    gli__frozen_free(last);
    for (int32_t k = 0; k < 300; ++k)
      stage_add(&scene, k % 90, 99 - k % 9);
    last = stage_freeze(&scene);
    collections += !gli__frozen_changes(last, false, &mark, &changes, &count);
    const int64_t position = gli__frozen_mark(last, false).position;
    if (position > longest) longest = position;
  }
  cr_assert_lt(collections, 10);
  cr_assert_gt(longest, 4096);
  cr_assert_lt(longest, 4096 + 2 * 600);
  gli__frozen_free(last);
  stage_close(&scene);
}

Test(lineage, a_journal_ends_when_nobody_watches) {
  stage scene = stage_open(NULL, true);
  gli__frozen *first = stage_freeze(&scene);
  stage_watch(&scene, first);
  stage_add(&scene, 1, 2);
  gli__frozen *second = stage_freeze(&scene);
  cr_assert_neq(gli__frozen_mark(second, false).epoch, 0);
  gli__watch_free(scene.watch);
  stage_add(&scene, 1, 3);
  gli__frozen *third = stage_freeze(&scene);
  cr_assert_eq(gli__frozen_mark(third, false).epoch, 0);
  stage_watch(&scene, third);
  stage_add(&scene, 1, 4);
  gli__frozen *fourth = stage_freeze(&scene);
  const gli__mark mark = gli__frozen_mark(third, false);
  const gli__change *changes = NULL;
  int64_t count = -1;
  cr_assert(gli__frozen_changes(fourth, false, &mark, &changes, &count));
  cr_assert_eq(count, 1);
  gli__frozen_free(first);
  gli__frozen_free(second);
  gli__frozen_free(third);
  gli__frozen_free(fourth);
  stage_close(&scene);
}

Test(lineage, watches_that_were_given_up_are_used_again) {
  failing_allocator checking = {.fail_at = -1};
  gli_allocator allocator = failing_allocator_table(&checking);
  stage scene = stage_open(&allocator, true);
  gli__frozen *frozen = stage_freeze(&scene);
  stage_watch(&scene, frozen);
  const int64_t before = atomic_load(&checking.live_blocks);
  for (int k = 0; k < 100; ++k) {
    gli__watch *second = NULL;
    cr_assert_eq(gli__frozen_watch(frozen, scene.memory, &second, NULL), GLI_OK);
    cr_assert_neq(second, scene.watch);
    gli__watch_free(second);
  }
  cr_assert_eq(atomic_load(&checking.live_blocks), before + 1);
  gli__frozen_free(frozen);
  stage_close(&scene);
  cr_assert(atomic_load(&checking.live_bytes) == 0);
}

/* Whatever allocation fails: an edge is added if it can be, and the copy that follows is right. */
Test(lineage, no_memory_for_the_journal_fails_no_change) {
  failing_loop loop = failing_loop_start("journal");
  while (failing_loop_next(&loop)) {
    stage scene = stage_open(&loop.allocator, true);
    copy kept = {0};
    gli__frozen *frozen = stage_freeze(&scene);
    follow(&kept, frozen, false);
    failing_loop_arm(&loop);
    const bool watched = gli__frozen_watch(frozen, scene.memory, &scene.watch, NULL) == GLI_OK;
    const int64_t refused = atomic_load(&loop.failing->failures);
    int64_t slot = -1, failed = 0;
    /* Rows with room: only the journal asks for memory. */
    gli_status status = gli__topology_prepare_removals(scene.topology, false, NULL);
    for (int64_t k = 0; k < 200 && status == GLI_OK; ++k)
      failed += gli__topology_remove_edge(scene.topology, k, NULL) != GLI_OK;
    (void)failing_loop_disarm(&loop);
    cr_assert(watched == (refused == 0));
    cr_assert_eq(failed, 0);
    gli__frozen_free(frozen);
    cr_assert_eq(gli__topology_add_edge(scene.topology, 1, 2, &slot, NULL), GLI_OK);
    frozen = stage_freeze(&scene);
    follow(&kept, frozen, false);
    check_equal(&kept, frozen, false);
    gli__frozen_free(frozen);
    copy_free(&kept);
    stage_close(&scene);
  }
}
