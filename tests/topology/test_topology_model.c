/* Random operations on the topology, held against a plain list of edges; snapshots are kept while
 * the graph goes on and looked at again later. */
#include <criterion/criterion.h>

#include "support/failing_allocator.h"
#include "topology/model.h"

#define HELD 4
#define HUBS 3

typedef struct play {
  gli__memory *memory;
  gli__topology *topology;
  model graph;
  gli_random random;
  bool simple;
  gli__frozen *frozen[HELD];
  model past[HELD];
} play;

static int32_t any_node(play *game) {
  for (;;) {
    /* A few hubs get long rows, so that the pair index has work. */
    uint64_t bound =
        gli_random_below(&game->random, 3) == 0 ? HUBS : (uint64_t)game->graph.node_limit;
    if (bound > (uint64_t)game->graph.node_limit) bound = (uint64_t)game->graph.node_limit;
    int32_t node = (int32_t)gli_random_below(&game->random, bound);
    if (game->graph.node_alive[node]) return node;
    if (model_count(game->graph.node_alive, game->graph.node_limit) == 0) return -1;
    node = (int32_t)gli_random_below(&game->random, (uint64_t)game->graph.node_limit);
    if (game->graph.node_alive[node]) return node;
  }
}

static void play_add_edge(play *game) {
  int32_t source = any_node(game), target = any_node(game);
  int64_t expected = model_find(&game->graph, source, target);
  cr_assert_eq(gli__topology_find_edge(game->topology, source, target), expected);
  if (game->simple && expected >= 0) return;
  int64_t slot = -1;
  cr_assert_eq(gli__topology_add_edge(game->topology, source, target, &slot, NULL), GLI_OK);
  if (gli_random_below(&game->random, 20) == 0) {
    gli__topology_remove_last_edge(game->topology);
    cr_assert_eq(gli__topology_find_edge(game->topology, source, target), expected);
    cr_assert_eq(gli__topology_add_edge(game->topology, source, target, &slot, NULL), GLI_OK);
  }
  cr_assert_eq(slot, model_add_edge(&game->graph, source, target));
}

static void play_add_many(play *game, int64_t count) {
  int32_t *sources = malloc((size_t)count * sizeof *sources);
  int32_t *targets = malloc((size_t)count * sizeof *targets);
  int64_t *slots = malloc((size_t)count * sizeof *slots);
  int64_t added = -1, before = game->graph.edge_limit;
  for (int64_t k = 0; k < count; ++k) {
    sources[k] = any_node(game);
    targets[k] = any_node(game);
  }
  cr_assert_eq(gli__topology_add_edges(game->topology, count, sources, targets, game->simple, slots,
                                       &added, NULL, NULL),
               GLI_OK);
  for (int64_t k = 0; k < count; ++k) {
    int64_t slot = game->simple ? model_find(&game->graph, sources[k], targets[k]) : -1;
    if (slot < 0) slot = model_add_edge(&game->graph, sources[k], targets[k]);
    cr_assert_eq(slots[k], slot);
  }
  cr_assert_eq(added, game->graph.edge_limit - before);
  free(sources);
  free(targets);
  free(slots);
}

static void play_remove_edge(play *game) {
  if (game->graph.edge_limit == 0) return;
  int64_t slot = (int64_t)gli_random_below(&game->random, (uint64_t)game->graph.edge_limit);
  gli_status expected = game->graph.edge_alive[slot] ? GLI_OK : GLI_ERROR_EDGE_NOT_FOUND;
  cr_assert_eq(gli__topology_remove_edge(game->topology, slot, NULL), expected);
  game->graph.edge_alive[slot] = false;
}

static void play_remove_node(play *game) {
  int32_t node = (int32_t)gli_random_below(&game->random, (uint64_t)game->graph.node_limit);
  gli_status expected = game->graph.node_alive[node] ? GLI_OK : GLI_ERROR_NODE_NOT_FOUND;
  cr_assert_eq(gli__topology_remove_node(game->topology, node, NULL), expected);
  if (expected == GLI_OK) model_remove_node(&game->graph, node);
}

static void play_freeze(play *game) {
  size_t place = gli_random_below(&game->random, HELD);
  if (game->frozen[place] != NULL) {
    model_check_frozen(&game->past[place], game->frozen[place], gli_random_below(&game->random, 2));
    gli__frozen_free(game->frozen[place]);
    model_free(&game->past[place]);
    game->frozen[place] = NULL;
    if (gli_random_below(&game->random, 2)) return;
  }
  cr_assert_eq(gli__topology_freeze(game->topology, &game->frozen[place], NULL), GLI_OK);
  game->past[place] = model_copy(&game->graph);
  model_check_frozen(&game->graph, game->frozen[place], gli_random_below(&game->random, 3) == 0);
}

static void play_renumber(play *game) {
  gli__topology *renumbered = NULL;
  int32_t *nodes = NULL;
  int64_t *edges = NULL, node_count = -1, edge_count = -1;
  cr_assert_eq(gli__topology_renumber(game->topology, &renumbered, &nodes, &node_count, &edges,
                                      &edge_count, NULL),
               GLI_OK);
  model fresh = model_new(game->graph.directed);
  model_add_nodes(&fresh, node_count);
  int32_t *index = calloc((size_t)game->graph.node_limit + 1, sizeof *index);
  for (int64_t k = 0; k < node_count; ++k) {
    cr_assert(game->graph.node_alive[nodes[k]] && (k == 0 || nodes[k] > nodes[k - 1]));
    index[nodes[k]] = (int32_t)k;
  }
  for (int64_t k = 0; k < edge_count; ++k) {
    cr_assert(game->graph.edge_alive[edges[k]] && (k == 0 || edges[k] > edges[k - 1]));
    model_add_edge(&fresh, index[game->graph.sources[edges[k]]],
                   index[game->graph.targets[edges[k]]]);
  }
  cr_assert_eq(gli__topology_edge_count(game->topology), edge_count);
  cr_assert_not(gli__topology_wants_renumbering(renumbered));
  free(index);
  gli__release(game->memory, nodes, (size_t)node_count, sizeof *nodes);
  gli__release(game->memory, edges, (size_t)edge_count, sizeof *edges);
  gli__topology_free(game->topology);
  model_free(&game->graph);
  game->topology = renumbered;
  game->graph = fresh;
}

/* The copy goes on, the original is changed and thrown away; or the other way round. */
static void play_clone(play *game) {
  gli__topology *clone = NULL;
  cr_assert_eq(gli__topology_clone(game->topology, &clone, NULL), GLI_OK);
  bool keep_clone = gli_random_below(&game->random, 2);
  gli__topology *other = keep_clone ? game->topology : clone;
  if (keep_clone) game->topology = clone;
  model shadow = model_copy(&game->graph);
  for (int k = 0; k < 30; ++k) {
    int32_t source = any_node(game), target = any_node(game);
    int64_t slot;
    cr_assert_eq(gli__topology_add_edge(other, source, target, &slot, NULL), GLI_OK);
    model_add_edge(&shadow, source, target);
    if (k % 3 == 0) {
      int64_t dead = (int64_t)gli_random_below(&game->random, (uint64_t)shadow.edge_limit);
      if (shadow.edge_alive[dead]) {
        cr_assert_eq(gli__topology_remove_edge(other, dead, NULL), GLI_OK);
        shadow.edge_alive[dead] = false;
      }
    }
    play_add_edge(game);
    play_remove_edge(game);
  }
  model_check_live(&shadow, other);
  model_check_live(&game->graph, game->topology);
  gli__topology_free(other);
  model_free(&shadow);
}

static void play_once(play *game, bool many) {
  uint64_t dice = gli_random_below(&game->random, 1000);
  if (game->graph.node_limit < 8 || dice < 15) {
    int64_t count = 1 + (int64_t)gli_random_below(&game->random, 4);
    cr_assert_eq(gli__topology_add_nodes(game->topology, count, NULL), GLI_OK);
    model_add_nodes(&game->graph, count);
    if (dice == 0) {
      cr_assert_eq(gli__topology_add_nodes(game->topology, 1, NULL), GLI_OK);
      gli__topology_remove_last_node(game->topology);
    }
  } else if (model_count(game->graph.node_alive, game->graph.node_limit) < 4) {
    cr_assert_eq(gli__topology_add_nodes(game->topology, 8, NULL), GLI_OK);
    model_add_nodes(&game->graph, 8);
  } else if (dice < 560) {
    play_add_edge(game);
  } else if (dice < 963) {
    play_remove_edge(game);
  } else if (dice < 975) {
    play_remove_node(game);
  } else if (dice < 992) {
    play_freeze(game);
  } else if (dice < 994) {
    play_clone(game);
  } else if (dice < 995) {
    cr_assert_eq(gli__topology_need_in_rows(game->topology, NULL), GLI_OK);
  } else if (dice < 996) {
    int64_t size = many ? 3000 : 60;
    play_add_many(game, 1 + (int64_t)gli_random_below(&game->random, (uint64_t)size));
  } else if (dice < 998) {
    model_check_live(&game->graph, game->topology);
  } else if (game->graph.edge_limit > 3000 || gli__topology_wants_renumbering(game->topology)) {
    play_renumber(game);
  }
}

static void play_game(uint64_t seed, bool directed, bool simple, int operations) {
  /* Never fails here, but checks every size and moves whatever grows. */
  failing_allocator checking = {.fail_at = -1};
  gli_allocator allocator = failing_allocator_table(&checking);
  play game = {.memory = gli__memory_create(&allocator),
               .graph = model_new(directed),
               .random = gli_random_start(seed, 0),
               .simple = simple};
  cr_assert_eq(gli__topology_create(game.memory, directed, &game.topology, NULL), GLI_OK);
  for (int k = 0; k < operations; ++k)
    play_once(&game, seed % 2 == 0);
  model_check_live(&game.graph, game.topology);
  cr_assert_gt(gli__topology_bytes(game.topology), 0);
  gli__topology_free(game.topology);
  for (int k = 0; k < HELD; ++k) { /* snapshots outlive the graph */
    if (game.frozen[k] == NULL) continue;
    model_check_frozen(&game.past[k], game.frozen[k], true);
    gli__frozen_free(game.frozen[k]);
    model_free(&game.past[k]);
  }
  model_free(&game.graph);
  gli__memory_free(game.memory);
  cr_assert(atomic_load(&checking.live_bytes) == 0);
}

Test(topology_model, directed_multigraph) {
  for (uint64_t seed = 1; seed <= 6; ++seed)
    play_game(seed, true, false, 5000);
}

Test(topology_model, directed_simple) {
  for (uint64_t seed = 11; seed <= 16; ++seed)
    play_game(seed, true, true, 5000);
}

Test(topology_model, undirected_multigraph) {
  for (uint64_t seed = 21; seed <= 26; ++seed)
    play_game(seed, false, false, 5000);
}

Test(topology_model, undirected_simple) {
  for (uint64_t seed = 31; seed <= 36; ++seed)
    play_game(seed, false, true, 5000);
}
