/* Bulk building: large enough for many buckets and blocks, with hubs, loops and repetitions, on any
 * number of threads; and stopping it. */
#include <criterion/criterion.h>

#include "base/pool.h"
#include "topology/model.h"

typedef struct pairs {
  int64_t count;
  int32_t *sources, *targets;
} pairs;

/* Random pairs; every fourth has an end among a few hubs, some repeat an earlier one. */
static pairs random_pairs(uint64_t seed, int32_t nodes, int64_t count, int32_t hubs) {
  pairs made = {.count = count,
                .sources = malloc((size_t)count * sizeof(int32_t)),
                .targets = malloc((size_t)count * sizeof(int32_t))};
  gli_random random = gli_random_start(seed, 0);
  for (int64_t k = 0; k < count; ++k) {
    uint64_t kind = gli_random_below(&random, 8);
    int32_t ends[2] = {(int32_t)gli_random_below(&random, (uint64_t)nodes),
                       (int32_t)gli_random_below(&random, (uint64_t)nodes)};
    if (kind < 2) ends[kind] = (int32_t)gli_random_below(&random, (uint64_t)hubs);
    if (kind == 2 && k > 0) {
      int64_t earlier = (int64_t)gli_random_below(&random, (uint64_t)k);
      bool turned = gli_random_below(&random, 2);
      ends[0] = turned ? made.targets[earlier] : made.sources[earlier];
      ends[1] = turned ? made.sources[earlier] : made.targets[earlier];
    }
    made.sources[k] = ends[0];
    made.targets[k] = ends[1];
  }
  return made;
}

static void pairs_free(pairs *list) {
  free(list->sources);
  free(list->targets);
}

/* Repeated pairs by sorting (pair, position). */
typedef struct keyed {
  uint64_t key;
  int64_t position;
} keyed;

static int compare_keyed(const void *left, const void *right) {
  const keyed *a = left, *b = right;
  if (a->key != b->key) return a->key < b->key ? -1 : 1;
  return (a->position > b->position) - (a->position < b->position);
}

/* first[k]: the earliest position of the same pair. */
static int64_t *first_positions(const pairs *list, bool directed) {
  keyed *sorted = malloc((size_t)list->count * sizeof *sorted);
  int64_t *first = malloc((size_t)list->count * sizeof *first);
  for (int64_t k = 0; k < list->count; ++k) {
    uint64_t source = (uint32_t)list->sources[k], target = (uint32_t)list->targets[k];
    bool turn = !directed && source > target;
    sorted[k] = (keyed){turn ? target << 32 | source : source << 32 | target, k};
  }
  qsort(sorted, (size_t)list->count, sizeof *sorted, compare_keyed);
  for (int64_t k = 0; k < list->count; ++k) {
    bool repeats = k > 0 && sorted[k].key == sorted[k - 1].key;
    first[sorted[k].position] = repeats ? first[sorted[k - 1].position] : sorted[k].position;
  }
  free(sorted);
  return first;
}

static void check_bulk(uint64_t seed, int32_t nodes, int64_t count, bool directed, bool simple,
                       int32_t threads) {
  gli__memory *memory = gli__memory_create(NULL);
  gli_control control = GLI_CONTROL_INIT;
  control.threads = threads;
  gli_run *run = NULL;
  cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
  pairs list = random_pairs(seed, nodes, count, nodes < 3 ? nodes : 3);
  int64_t *first = first_positions(&list, directed);
  int64_t *slots = malloc((size_t)count * sizeof *slots), added = -1;
  gli__topology *topology = NULL;
  cr_assert_eq(gli__topology_create(memory, directed, &topology, NULL), GLI_OK);
  cr_assert_eq(gli__topology_add_nodes(topology, nodes, NULL), GLI_OK);
  cr_assert_eq(gli__topology_add_edges(topology, count, list.sources, list.targets, simple, slots,
                                       &added, run, NULL),
               GLI_OK);
  model graph = model_new(directed);
  model_add_nodes(&graph, nodes);
  int64_t *expected = malloc((size_t)count * sizeof *expected);
  for (int64_t k = 0; k < count; ++k) {
    bool repeats = simple && first[k] != k;
    expected[k] =
        repeats ? expected[first[k]] : model_add_edge(&graph, list.sources[k], list.targets[k]);
    cr_assert_eq(slots[k], expected[k], "pair %lld", (long long)k);
  }
  cr_assert_eq(added, graph.edge_limit);
  model_check_live(&graph, topology);
  gli__frozen *frozen = NULL;
  cr_assert_eq(gli__topology_freeze(topology, &frozen, NULL), GLI_OK);
  model_check_frozen(&graph, frozen, true);

  /* As many again into what is there, some of it removed: the second half of slots. */
  for (int64_t k = 0; k < 50; ++k) {
    int64_t slot = k * 7 % graph.edge_limit;
    if (!graph.edge_alive[slot]) continue;
    cr_assert_eq(gli__topology_remove_edge(topology, slot, NULL), GLI_OK);
    graph.edge_alive[slot] = false;
  }
  if (!simple) {
    cr_assert_eq(gli__topology_add_edges(topology, count, list.targets, list.sources, false, NULL,
                                         &added, run, NULL),
                 GLI_OK);
    for (int64_t k = 0; k < count; ++k)
      model_add_edge(&graph, list.targets[k], list.sources[k]);
    model_check_live(&graph, topology);
    cr_assert_eq(added, count);
  }
  gli__frozen_free(frozen);
  gli__topology_free(topology);
  model_free(&graph);
  free(expected);
  free(slots);
  free(first);
  pairs_free(&list);
  gli__run_end(run);
  gli__memory_free(memory);
}

Test(topology_bulk, multigraph_directed) {
  check_bulk(1, 50000, 600000, true, false, 2);
  check_bulk(2, 1, 5000, true, false, 1);
  check_bulk(10, 200000, 25000, true, false, 1); /* fewer entries than a bucket may have */
}

Test(topology_bulk, multigraph_undirected) {
  check_bulk(3, 70001, 400000, false, false, 2);
  check_bulk(4, 200000, 30000, false, false, 1);
}

Test(topology_bulk, simple_directed) {
  check_bulk(5, 30000, 600000, true, true, 2);
  check_bulk(6, 40, 20000, true, true, 1);
  check_bulk(7, 300000, 300000, true, true, 1);
}

Test(topology_bulk, simple_undirected) {
  check_bulk(8, 120000, 700000, false, true, 2);
  check_bulk(9, 17, 3000, false, true, 1);
}

/* A row of `neighbors`, each four times. */
static void check_hub(int32_t neighbors, bool directed) {
  gli__memory *memory = gli__memory_create(NULL);
  const int64_t count = 4 * (int64_t)neighbors;
  int32_t *sources = calloc((size_t)count, sizeof *sources);
  int32_t *targets = malloc((size_t)count * sizeof *targets);
  for (int64_t k = 0; k < count; ++k)
    targets[k] = (int32_t)(k * 7919 % neighbors);
  gli__topology *topology = NULL;
  int64_t added = 0;
  cr_assert_eq(gli__topology_create(memory, directed, &topology, NULL), GLI_OK);
  cr_assert_eq(gli__topology_add_nodes(topology, neighbors, NULL), GLI_OK);
  cr_assert_eq(
      gli__topology_add_edges(topology, count, sources, targets, true, NULL, &added, NULL, NULL),
      GLI_OK);
  cr_assert_eq(added, neighbors);
  cr_assert_eq(gli__topology_row_length(topology, 0, false), neighbors);
  gli__row_cursor cursor = gli__topology_row(topology, 0, false);
  int32_t neighbor;
  uint32_t edge;
  for (int64_t k = 0; gli__row_next(&cursor, &neighbor, &edge); ++k) {
    cr_assert(neighbor == k * 7919 % neighbors && edge == k);
  }
  gli__topology_free(topology);
  free(sources);
  free(targets);
  gli__memory_free(memory);
}

/* Beyond the workers' tables, all of a table, and much less than one. */
Test(topology_bulk, hub_with_repetitions) {
  for (int directed = 0; directed < 2; ++directed) {
    check_hub(50000, directed);
    check_hub(8192, directed);
    check_hub(600, directed);
  }
}

Test(topology_bulk, cancelled_changes_nothing) {
  gli__memory *memory = gli__memory_create(NULL);
  gli_cancel cancel = {0};
  gli_control control = GLI_CONTROL_INIT;
  control.cancel = &cancel;
  pairs list = random_pairs(10, 5000, 100000, 5);
  gli__topology *topology = NULL;
  cr_assert_eq(gli__topology_create(memory, true, &topology, NULL), GLI_OK);
  cr_assert_eq(gli__topology_add_nodes(topology, 5000, NULL), GLI_OK);
  int64_t slot;
  for (int32_t k = 0; k < 200000; ++k) {
    cr_assert_eq(gli__topology_add_edge(topology, k % 5000, 1, &slot, NULL), GLI_OK);
  }
  cancel.requested = 1;
  for (int big = 0; big < 2; ++big) { /* one after the other, and anew */
    gli_run *run = NULL;
    cr_assert_eq(gli__run_begin(&control, memory, &run, NULL), GLI_OK);
    gli__topology *into = topology;
    if (big) {
      cr_assert_eq(gli__topology_create(memory, true, &into, NULL), GLI_OK);
      cr_assert_eq(gli__topology_add_nodes(into, 5000, NULL), GLI_OK);
    }
    int64_t before = gli__topology_edge_limit(into);
    cr_assert_eq(gli__topology_add_edges(into, list.count, list.sources, list.targets, true, NULL,
                                         NULL, run, NULL),
                 GLI_ERROR_CANCELLED);
    cr_assert_eq(gli__topology_edge_limit(into), before);
    cr_assert_eq(gli__topology_edge_count(into), before);
    cr_assert_eq(gli__topology_row_length(into, 7, false), big ? 0 : 40);
    if (big) gli__topology_free(into);
    gli__run_end(run);
  }
  gli__topology_free(topology);
  pairs_free(&list);
  gli__memory_free(memory);
}
