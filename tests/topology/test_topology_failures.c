/* Every allocation of every operation fails, once and from then on: the topology stays as it was,
 * snapshots too, and nothing is lost. */
#include <criterion/criterion.h>

#include "support/failing_allocator.h"
#include "topology/model.h"

#define NODES 40

typedef struct stage {
  gli__memory *memory;
  gli__topology *topology;
  model graph;
  gli__frozen *held;
  model past;
} stage;

static void stage_add(stage *scene, int32_t source, int32_t target) {
  int64_t slot;
  cr_assert_eq(gli__topology_add_edge(scene->topology, source, target, &slot, NULL), GLI_OK);
  model_add_edge(&scene->graph, source, target);
}

static void stage_remove(stage *scene, int64_t slot) {
  cr_assert_eq(gli__topology_remove_edge(scene->topology, slot, NULL), GLI_OK);
  scene->graph.edge_alive[slot] = false;
}

/* A graph with a hub, dead entries and, if wanted, a snapshot that is still held. */
static stage stage_open(const gli_allocator *allocator, bool directed, bool in_rows, bool held) {
  stage scene = {.memory = gli__memory_create(allocator), .graph = model_new(directed)};
  cr_assert_eq(gli__topology_create(scene.memory, directed, &scene.topology, NULL), GLI_OK);
  cr_assert_eq(gli__topology_add_nodes(scene.topology, NODES, NULL), GLI_OK);
  model_add_nodes(&scene.graph, NODES);
  for (int32_t k = 0; k < 180; ++k)
    stage_add(&scene, k % 11 == 0 ? k % NODES : 0, k * 7 % NODES);
  if (in_rows) cr_assert_eq(gli__topology_need_in_rows(scene.topology, NULL), GLI_OK);
  for (int64_t k = 0; k < 30; ++k)
    stage_remove(&scene, k * 3);
  if (held) {
    cr_assert_eq(gli__topology_freeze(scene.topology, &scene.held, NULL), GLI_OK);
    scene.past = model_copy(&scene.graph);
    stage_add(&scene, 1, 2);
  }
  return scene;
}

static void stage_close(stage *scene) {
  model_check_live(&scene->graph, scene->topology);
  if (scene->held != NULL) model_check_frozen(&scene->past, scene->held, true);
  stage_add(scene, 0, 5); /* and it goes on working */
  stage_add(scene, 5, 0);
  stage_remove(scene, scene->graph.edge_limit - 1);
  model_check_live(&scene->graph, scene->topology);
  gli__frozen_free(scene->held);
  gli__topology_free(scene->topology);
  gli__memory_free(scene->memory);
  model_free(&scene->graph);
  model_free(&scene->past);
}

/* One operation: returns its status, and when it went well does the same to the model. */
typedef gli_status (*operation)(stage *scene);

static void fail_everywhere(const char *what, operation operate, bool directed, bool in_rows,
                            bool held) {
  failing_loop loop = failing_loop_start(what);
  while (failing_loop_next(&loop)) {
    stage scene = stage_open(&loop.allocator, directed, in_rows, held);
    failing_loop_arm(&loop);
    gli_status status = operate(&scene);
    bool failed = failing_loop_disarm(&loop);
    /* Caches and tidying up do without memory: then a failure is not reported. */
    cr_assert(status == GLI_OK || (failed && status == GLI_ERROR_OUT_OF_MEMORY), "%s: %s", what,
              gli_status_text(status));
    stage_close(&scene);
  }
}

static void fail_in_all_settings(const char *what, operation operate) {
  for (int setting = 0; setting < 6; ++setting) {
    bool directed = setting < 4, in_rows = directed && setting % 2 == 1, held = setting / 2 % 2;
    if (setting >= 4) held = setting == 5;
    fail_everywhere(what, operate, directed, in_rows, held);
  }
}

static gli_status add_nodes(stage *scene) {
  gli_status status = gli__topology_add_nodes(scene->topology, 1000, NULL);
  if (status == GLI_OK) model_add_nodes(&scene->graph, 1000);
  return status;
}

static gli_status add_edges_singly(stage *scene) {
  gli_status status = GLI_OK;
  for (int32_t k = 0; k < 600 && status == GLI_OK; ++k) {
    int64_t slot;
    int32_t source = k * 13 % NODES, target = k * 5 % 9;
    status = gli__topology_add_edge(scene->topology, source, target, &slot, NULL);
    if (status == GLI_OK) model_add_edge(&scene->graph, source, target);
  }
  return status;
}

static gli_status add_many(stage *scene, int32_t count, bool simple) {
  static int32_t sources[1000], targets[1000];
  static int64_t slots[1000];
  int64_t added = -1;
  for (int32_t k = 0; k < count; ++k) {
    sources[k] = k * 17 % 23;
    targets[k] = k * 3 % NODES;
  }
  gli_status status = gli__topology_add_edges(scene->topology, count, sources, targets, simple,
                                              slots, &added, NULL, NULL);
  for (int32_t k = 0; k < count && status == GLI_OK; ++k) {
    int64_t slot = simple ? model_find(&scene->graph, sources[k], targets[k]) : -1;
    if (slot < 0) slot = model_add_edge(&scene->graph, sources[k], targets[k]);
    if (!simple) cr_assert_eq(slots[k], slot);
  }
  return status;
}
static gli_status add_few_simple(stage *scene) {
  return add_many(scene, 170, true);
}
static gli_status add_few(stage *scene) {
  return add_many(scene, 170, false);
}
static gli_status add_anew(stage *scene) {
  return add_many(scene, 1000, false);
}
static gli_status add_anew_simple(stage *scene) {
  return add_many(scene, 1000, true);
}

static gli_status remove_edges(stage *scene) {
  gli_status status = GLI_OK;
  for (int64_t slot = 0; slot < scene->graph.edge_limit && status == GLI_OK; ++slot) {
    if (!scene->graph.edge_alive[slot]) continue;
    status = gli__topology_remove_edge(scene->topology, slot, NULL);
    if (status == GLI_OK) scene->graph.edge_alive[slot] = false;
  }
  return status;
}

static gli_status remove_nodes(stage *scene) {
  gli_status status = GLI_OK;
  for (int32_t node = 0; node < 12 && status == GLI_OK; ++node) {
    status = gli__topology_remove_node(scene->topology, node * 3 + 1, NULL);
    if (status == GLI_OK) model_remove_node(&scene->graph, node * 3 + 1);
  }
  return status;
}

static gli_status find_edges(stage *scene) {
  for (int32_t node = 0; node < NODES; ++node) {
    cr_assert_eq(gli__topology_find_edge(scene->topology, 0, node),
                 model_find(&scene->graph, 0, node));
  }
  return GLI_OK;
}

static gli_status need_in_rows(stage *scene) {
  return gli__topology_need_in_rows(scene->topology, NULL);
}

static gli_status freeze_and_derive(stage *scene) {
  gli__frozen *frozen = NULL;
  gli_rows rows;
  gli_simple_rows simple;
  gli_status status = gli__topology_freeze(scene->topology, &frozen, NULL);
  if (status != GLI_OK) return status;
  status = gli__frozen_in_rows(frozen, &rows, NULL);
  if (status == GLI_OK) model_check_rows(&scene->graph, &rows, true);
  gli_status second = gli__frozen_simple_rows(frozen, &simple, NULL);
  if (second == GLI_OK) model_check_simple(&scene->graph, &simple);
  rows = gli__frozen_out_rows(frozen);
  model_check_rows(&scene->graph, &rows, false);
  gli__frozen_free(frozen);
  return status != GLI_OK ? status : second;
}

static gli_status clone_and_change(stage *scene) {
  gli__topology *clone = NULL;
  gli_status status = gli__topology_clone(scene->topology, &clone, NULL);
  if (status != GLI_OK) return status;
  int64_t slot;
  model shadow = model_copy(&scene->graph);
  status = gli__topology_add_edge(clone, 3, 4, &slot, NULL);
  if (status == GLI_OK) model_add_edge(&shadow, 3, 4);
  for (int64_t k = 1; k < 90 && status == GLI_OK; k += 3) {
    status = gli__topology_remove_edge(clone, k, NULL);
    if (status == GLI_OK) shadow.edge_alive[k] = false;
  }
  gli__frozen *frozen = NULL;
  if (status == GLI_OK) status = gli__topology_freeze(clone, &frozen, NULL);
  if (status == GLI_OK) model_check_frozen(&shadow, frozen, false);
  model_check_live(&shadow, clone);
  gli__frozen_free(frozen);
  gli__topology_free(clone);
  model_free(&shadow);
  return status;
}

static gli_status renumber(stage *scene) {
  gli__topology *renumbered = NULL;
  int32_t *nodes = NULL;
  int64_t *edges = NULL, node_count = 0, edge_count = 0;
  gli_status status = gli__topology_renumber(scene->topology, &renumbered, &nodes, &node_count,
                                             &edges, &edge_count, NULL);
  if (status != GLI_OK) return status;
  cr_assert_eq(edge_count, model_count(scene->graph.edge_alive, scene->graph.edge_limit));
  gli__release(scene->memory, nodes, (size_t)node_count, sizeof *nodes);
  gli__release(scene->memory, edges, (size_t)edge_count, sizeof *edges);
  gli__topology_free(renumbered);
  return GLI_OK;
}

Test(topology_failures, adding) {
  fail_in_all_settings("topology_add_nodes", add_nodes);
  fail_in_all_settings("topology_add_edge", add_edges_singly);
  fail_in_all_settings("topology_add_edges few", add_few);
  fail_in_all_settings("topology_add_edges few simple", add_few_simple);
  fail_in_all_settings("topology_add_edges anew", add_anew);
  fail_in_all_settings("topology_add_edges anew simple", add_anew_simple);
}

Test(topology_failures, removing) {
  fail_everywhere("topology_remove_edge", remove_edges, true, false, true);
  fail_everywhere("topology_remove_edge", remove_edges, true, true, true);
  fail_everywhere("topology_remove_edge", remove_edges, false, false, true);
  fail_in_all_settings("topology_remove_node", remove_nodes);
}

Test(topology_failures, reading) {
  fail_everywhere("topology_find_edge", find_edges, true, false, false);
  fail_everywhere("topology_find_edge", find_edges, true, false, true);
  fail_everywhere("topology_need_in_rows", need_in_rows, true, false, false);
  fail_everywhere("topology_need_in_rows", need_in_rows, true, false, true);
}

Test(topology_failures, sharing) {
  fail_in_all_settings("topology_freeze", freeze_and_derive);
  fail_in_all_settings("topology_clone", clone_and_change);
  fail_in_all_settings("topology_renumber", renumber);
}

Test(topology_failures, creating) {
  failing_loop loop = failing_loop_start("frozen_from_edges");
  while (failing_loop_next(&loop)) {
    gli__memory *memory = gli__memory_create(&loop.allocator);
    const int32_t sources[] = {0, 1, 2, 2}, targets[] = {1, 2, 0, 2};
    gli__frozen *frozen = NULL;
    failing_loop_arm(&loop);
    gli_error error = {0};
    gli_status status =
        gli__frozen_from_edges(memory, 3, 4, sources, targets, false, &frozen, &error);
    bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    cr_assert_eq(frozen == NULL, failed);
    gli__frozen_free(frozen);
    gli__memory_free(memory);
  }
}
