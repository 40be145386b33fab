/* Random calls on a graph and on a naive model of it: adds, merges, removals, re-adds, bulk calls,
 * copies, snapshots that are held and looked at again, renumbering, clearing; batches that are
 * committed, discarded, or in conflict with what happened meanwhile. */
#include "compare.h"
#include "graph/graph.h"
#include "support/failing_allocator.h"

#define HELD 4
#define COPIES 3

typedef struct world {
  gli_graph *graph;
  model naive;
  gli_random random;
  gli_key keys[MODEL_KEYS];
  int id_limit;
  gli_snapshot *held[HELD];
  model held_models[HELD];
  gli_graph *copies[COPIES];
  model copy_models[COPIES];
  int64_t next_edge; /* the id of the next new edge, while only direct calls hand them out */
} world;

static int below(world *of, int bound) {
  return (int)gli_random_below(&of->random, (uint64_t)bound);
}

/* 0 to 3 attributes; codes[] for the model. */
static size_t draw_attributes(world *of, gli_attribute *attributes, int *codes) {
  size_t count = 0;
  const int wanted = below(of, 4);
  for (int key = 0; key < MODEL_KEYS; key++)
    codes[key] = -1;
  for (int k = 0; k < wanted; k++) {
    const int key = below(of, MODEL_KEYS);
    codes[key] = below(of, MODEL_CODES);
    attributes[count].key = of->keys[key];
    attributes[count++].value = model_value(codes[key]);
  }
  return count;
}

static world make_world(bool directed, bool multigraph, uint64_t seed, int id_limit,
                        const gli_allocator *allocator) {
  world made = {.naive = model_make(directed, multigraph), .id_limit = id_limit};
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  options.directed = directed;
  options.multigraph = multigraph;
  options.allocator = allocator;
  gli_error error = {0};
  cr_assert_eq(gli_graph_create(&options, &made.graph, &error), GLI_OK);
  const char *names[MODEL_KEYS] = {"weight", "name", "x y"};
  for (int key = 0; key < MODEL_KEYS; key++) {
    cr_assert_eq(gli_graph_key(made.graph, names[key], strlen(names[key]), &made.keys[key], &error),
                 GLI_OK);
  }
  made.random = gli_random_start(seed, 7);
  return made;
}

static void free_world(world *of) {
  for (int k = 0; k < HELD; k++) {
    gli_snapshot_free(of->held[k]);
    model_free(&of->held_models[k]);
  }
  for (int k = 0; k < COPIES; k++) {
    gli_graph_free(of->copies[k]);
    model_free(&of->copy_models[k]);
  }
  gli_graph_free(of->graph);
  model_free(&of->naive);
}

/* --- direct calls ----------------------------------------------------------------------------- */

static void step_add_node(world *of) {
  gli_attribute attributes[3];
  int codes[MODEL_KEYS];
  const size_t count = draw_attributes(of, attributes, codes);
  const int id = below(of, of->id_limit);
  const gli_id name = model_id(id);
  gli_error error = {0};
  cr_assert_eq(gli_graph_add_node(of->graph, &name, attributes, count, NULL, &error), GLI_OK);
  model_add_node(&of->naive, id, codes);
}

static void step_add_edge(world *of) {
  gli_attribute attributes[3];
  int codes[MODEL_KEYS];
  const size_t count = draw_attributes(of, attributes, codes);
  const int source = below(of, of->id_limit), target = below(of, of->id_limit);
  const gli_id from = model_id(source), to = model_id(target);
  gli_edge_id edge = GLI_EDGE_NONE;
  gli_error error = {0};
  cr_assert_eq(gli_graph_add_edge(of->graph, &from, &to, attributes, count, &edge, &error), GLI_OK);
  const int before = of->naive.edge_count;
  const model_edge *wanted = model_add_edge(&of->naive, source, target, codes, edge);
  cr_assert_eq(edge, wanted->id);
  if (of->naive.edge_count > before) {
    cr_assert_geq(edge, of->next_edge);
    of->next_edge = edge + 1;
  }
}

static void step_remove_node(world *of) {
  const int id = below(of, of->id_limit);
  const gli_id name = model_id(id);
  gli_error error = {0};
  const gli_status status = gli_graph_remove_node(of->graph, &name, &error);
  cr_assert_eq(status, model_remove_node(&of->naive, id) ? GLI_OK : GLI_ERROR_NODE_NOT_FOUND);
}

static void step_remove_edge(world *of) {
  if (of->naive.edge_count == 0) return;
  const int64_t id = of->naive.edges[below(of, of->naive.edge_count)].id;
  gli_error error = {0};
  cr_assert_eq(gli_graph_remove_edge(of->graph, id, &error), GLI_OK);
  cr_assert_eq(gli_graph_remove_edge(of->graph, id, &error), GLI_ERROR_EDGE_NOT_FOUND);
  model_remove_edge(&of->naive, id);
}

static void step_update(world *of) {
  gli_attribute attributes[3];
  int codes[MODEL_KEYS];
  const size_t count = draw_attributes(of, attributes, codes);
  gli_error error = {0};
  const int id = below(of, of->id_limit);
  const gli_id name = model_id(id);
  model_node *node = model_find(&of->naive, id);
  const gli_status status = gli_graph_update_node(of->graph, &name, attributes, count, &error);
  cr_assert_eq(status, node != NULL ? GLI_OK : GLI_ERROR_NODE_NOT_FOUND);
  if (node != NULL) model_set(node->values, codes);
  if (of->naive.edge_count == 0) return;
  model_edge *edge = &of->naive.edges[below(of, of->naive.edge_count)];
  cr_assert_eq(gli_graph_update(of->graph, GLI_EDGES, edge->id, attributes, count, &error), GLI_OK);
  model_set(edge->values, codes);
}

static void step_bulk(world *of) {
  enum { MANY = 12 };
  gli_id from[MANY], to[MANY];
  gli_value values[MANY];
  int sources[MANY], targets[MANY], codes[MANY];
  gli_edge_id edges[MANY];
  int64_t added = 0;
  gli_error error = {0};
  for (int k = 0; k < MANY; k++) {
    sources[k] = below(of, of->id_limit);
    targets[k] = below(of, of->id_limit);
    codes[k] = 1 + below(of, MODEL_CODES - 1);
    from[k] = model_id(sources[k]);
    to[k] = model_id(targets[k]);
    values[k] = model_value(codes[k]);
  }
  const gli_bulk_column column = {of->keys[0], GLI_VALUE_NESTED, values};
  if (below(of, 2) == 0) {
    const int before = of->naive.node_count;
    cr_assert_eq(gli_graph_add_nodes(of->graph, MANY, from, NULL, &column, 1, NULL, &added, &error),
                 GLI_OK, "%s", error.message);
    for (int k = 0; k < MANY; k++) {
      const int set[MODEL_KEYS] = {codes[k], -1, -1};
      model_add_node(&of->naive, sources[k], set);
    }
    cr_assert_eq(added, of->naive.node_count - before);
    return;
  }
  const int before = of->naive.edge_count;
  cr_assert_eq(gli_graph_add_edges(of->graph, MANY, from, to, NULL, NULL, &column, 1, NULL, edges,
                                   &added, &error),
               GLI_OK, "%s", error.message);
  for (int k = 0; k < MANY; k++) {
    const int set[MODEL_KEYS] = {codes[k], -1, -1};
    const model_edge *edge = model_add_edge(&of->naive, sources[k], targets[k], set, edges[k]);
    cr_assert_eq(edge->id, edges[k]);
  }
  cr_assert_eq(added, of->naive.edge_count - before);
}

static void step_hold(world *of) {
  const int k = below(of, HELD);
  gli_error error = {0};
  if (of->held[k] != NULL) {
    compare_snapshot(&of->held_models[k], of->held[k], of->keys);
    gli_snapshot_free(of->held[k]);
    model_free(&of->held_models[k]);
    of->held[k] = NULL;
    return;
  }
  cr_assert_eq(gli_graph_snapshot(of->graph, &of->held[k], &error), GLI_OK);
  of->held_models[k] = model_copy(&of->naive);
  gli_snapshot *again = NULL;
  cr_assert_eq(gli_graph_snapshot(of->graph, &again, &error), GLI_OK);
  cr_assert_eq(again, of->held[k], "an unchanged graph gives the same snapshot");
  gli_snapshot_free(again);
}

/* Copies change places with the graph, so that both sides diverge. */
static void step_copy(world *of) {
  const int k = below(of, COPIES);
  gli_error error = {0};
  if (of->copies[k] == NULL) {
    cr_assert_eq(gli_graph_copy(of->graph, &of->copies[k], &error), GLI_OK);
    of->copy_models[k] = model_copy(&of->naive);
  } else if (below(of, 2) == 0) {
    gli_graph *graph = of->graph;
    const model naive = of->naive;
    of->graph = of->copies[k];
    of->naive = of->copy_models[k];
    of->copies[k] = graph;
    of->copy_models[k] = naive;
    of->next_edge = 0;
  } else {
    compare_graph(&of->copy_models[k], of->copies[k], of->keys);
    gli_graph_free(of->copies[k]);
    model_free(&of->copy_models[k]);
    of->copies[k] = NULL;
  }
}

static void step_renumber(world *of) {
  gli_error error = {0};
  cr_assert_eq(gli__graph_renumber(of->graph, &error), GLI_OK, "%s", error.message);
  compare_graph(&of->naive, of->graph, of->keys);
}

static void step_direct(world *of) {
  const int draw = below(of, 100);
  if (draw < 22) {
    step_add_node(of);
  } else if (draw < 55) {
    step_add_edge(of);
  } else if (draw < 68) {
    step_remove_edge(of);
  } else if (draw < 75) {
    step_remove_node(of);
  } else {
    step_update(of);
  }
}

/* --- batches ---------------------------------------------------------------------------------- */

typedef enum change_kind {
  ADD_NODE,
  UPDATE_NODE,
  REMOVE_NODE,
  ADD_EDGE,
  UPDATE_EDGE,
  REMOVE_EDGE
} change_kind;

typedef struct change {
  change_kind kind;
  int id, target;
  int64_t edge; /* the id of an edge, as the batch said it */
  int codes[MODEL_KEYS];
} change;

enum { CHANGES = 40 };

typedef struct staging {
  change changes[CHANGES];
  int count;
  model staged;               /* what the batch shows while nobody else changes the graph */
  int64_t relied_nodes[4096]; /* serial of each base node that was named, or -1 */
  bool new_edges[CHANGES];    /* the change made a new edge */
} staging;

static void rely_on(staging *of, const model *naive, int id) {
  const model_node *in_batch = model_find(&of->staged, id), *in_base = model_find(naive, id);
  if (in_batch != NULL && in_base != NULL && in_batch->serial == in_base->serial) {
    of->relied_nodes[id] = in_base->serial;
  }
}

/* One random change through the batch; what it accepts is written down. */
static void stage(world *of, staging *to, gli_batch *batch, bool alone) {
  gli_attribute attributes[3];
  change made = {.kind = (change_kind)below(of, 6), .edge = GLI_EDGE_NONE};
  const size_t count = draw_attributes(of, attributes, made.codes);
  model *staged = &to->staged;
  gli_error error = {0};
  made.id = below(of, of->id_limit);
  made.target = below(of, of->id_limit);
  const gli_id id = model_id(made.id), target = model_id(made.target);
  gli_status status = GLI_OK, wanted = GLI_OK;
  if (made.kind >= UPDATE_EDGE) {
    if (staged->edge_count == 0) return;
    made.edge = staged->edges[below(of, staged->edge_count)].id;
  }
  const model_edge *pair = model_find_pair(staged, made.id, made.target);
  const bool merges = made.kind == ADD_EDGE && !staged->multigraph && pair != NULL;
  switch (made.kind) {
    case ADD_NODE:
      rely_on(to, &of->naive, made.id);
      status = gli_batch_add_node(batch, &id, attributes, count, NULL, &error);
      break;
    case UPDATE_NODE:
      if (model_find(staged, made.id) == NULL) wanted = GLI_ERROR_NODE_NOT_FOUND;
      rely_on(to, &of->naive, made.id);
      status = gli_batch_update_node(batch, &id, attributes, count, &error);
      break;
    case REMOVE_NODE:
      if (model_find(staged, made.id) == NULL) wanted = GLI_ERROR_NODE_NOT_FOUND;
      rely_on(to, &of->naive, made.id);
      status = gli_batch_remove_node(batch, &id, &error);
      break;
    case ADD_EDGE:
      if (!merges) rely_on(to, &of->naive, made.id);
      if (!merges) rely_on(to, &of->naive, made.target);
      status = gli_batch_add_edge(batch, &id, &target, attributes, count, &made.edge, &error);
      if (merges && alone) cr_assert_eq(made.edge, pair->id);
      break;
    case UPDATE_EDGE:
      status = gli_batch_update_edge(batch, made.edge, attributes, count, &error);
      break;
    case REMOVE_EDGE:
      status = gli_batch_remove_edge(batch, made.edge, &error);
      break;
  }
  if (alone) cr_assert_eq(status, wanted, "%s", error.message);
  if (status != GLI_OK) return;
  switch (made.kind) {
    case ADD_NODE:
    case UPDATE_NODE:
      model_add_node(staged, made.id, made.codes);
      break;
    case REMOVE_NODE:
      model_remove_node(staged, made.id);
      break;
    case ADD_EDGE:
      model_add_edge(staged, made.id, made.target, made.codes, made.edge);
      break;
    case UPDATE_EDGE:
      model_set(model_find_edge(staged, made.edge)->values, made.codes);
      break;
    case REMOVE_EDGE:
      model_remove_edge(staged, made.edge);
      break;
  }
  to->new_edges[to->count] = made.kind == ADD_EDGE && !merges;
  to->changes[to->count++] = made;
}

/* What the changes make of the graph as it is now; false: conflict. Every change is replayed, so
 * this shares no idea with the shadow that the library keeps. */
static bool replay(const world *of, const staging *from, model *result) {
  *result = model_copy(&of->naive);
  for (int id = 0; id < of->id_limit; id++) {
    if (from->relied_nodes[id] < 0) continue;
    const model_node *node = model_find(result, id);
    if (node == NULL || node->serial != from->relied_nodes[id]) return false;
  }
  for (int k = 0; k < from->count; k++) {
    const change *now = &from->changes[k];
    model_edge *edge = model_find_edge(result, now->edge);
    switch (now->kind) {
      case ADD_NODE:
      case UPDATE_NODE:
        model_add_node(result, now->id, now->codes);
        break;
      case REMOVE_NODE:
        model_remove_node(result, now->id);
        break;
      case ADD_EDGE:
        if (!from->new_edges[k] && edge == NULL) return false;
        edge = model_add_edge(result, now->id, now->target, now->codes, now->edge);
        if (edge->id != now->edge) return false;
        break;
      case UPDATE_EDGE:
        if (edge == NULL) return false;
        model_set(edge->values, now->codes);
        break;
      case REMOVE_EDGE:
        if (!model_remove_edge(result, now->edge)) return false;
        break;
    }
  }
  return true;
}

static void step_batch(world *of, bool alone) {
  static staging to;
  memset(&to, 0, sizeof to);
  memset(to.relied_nodes, -1, sizeof to.relied_nodes);
  gli_batch *batch = NULL;
  gli_error error = {0};
  cr_assert_eq(gli_batch_begin(of->graph, &batch, &error), GLI_OK);
  to.staged = model_copy(&of->naive);
  /* Serials of what the batch adds are its own. */
  to.staged.next_serial = INT64_C(1) << 40;
  const int wanted = below(of, CHANGES);
  for (int k = 0; k < wanted; k++) {
    stage(of, &to, batch, alone);
    if (alone && k % 8 == 0) compare_batch(&to.staged, batch, of->keys, of->id_limit);
  }
  if (alone) compare_batch(&to.staged, batch, of->keys, of->id_limit);
  /* Others: after the staging, so that what the batch saw is certain. */
  for (int k = alone ? 0 : below(of, 6); k > 0; k--)
    step_direct(of);
  compare_points(&of->naive, of->graph, of->keys, of->id_limit);
  model result;
  const bool applies = replay(of, &to, &result);
  if (below(of, 5) == 0) {
    gli_batch_discard(batch);
    model_free(&result);
  } else {
    const uint64_t version = gli_graph_version(of->graph);
    const gli_status status = gli_batch_commit(batch, &error);
    if (status != (applies ? GLI_OK : GLI_ERROR_CONFLICT)) {
      for (int k = 0; k < to.count; k++) {
        printf("change %d: kind %d id %d target %d edge %ld\n", k, to.changes[k].kind,
               to.changes[k].id, to.changes[k].target, (long)to.changes[k].edge);
      }
    }
    cr_assert_eq(status, applies ? GLI_OK : GLI_ERROR_CONFLICT, "status %d, applies %d: %s", status,
                 applies, error.message);
    if (applies) {
      model_free(&of->naive);
      of->naive = result;
      of->next_edge = 0;
    } else {
      cr_assert_eq(gli_graph_version(of->graph), version);
      model_free(&result);
    }
  }
  model_free(&to.staged);
  compare_points(&of->naive, of->graph, of->keys, of->id_limit);
  compare_graph(&of->naive, of->graph, of->keys);
}

/* --- together --------------------------------------------------------------------------------- */

static void run_world(bool directed, bool multigraph, uint64_t seed, int steps, int id_limit) {
  failing_allocator memory = {.fail_at = -1};
  const gli_allocator allocator = failing_allocator_table(&memory);
  world of = make_world(directed, multigraph, seed, id_limit, &allocator);
  for (int step = 0; step < steps; step++) {
    const int draw = below(&of, 200);
    if (draw < 150) {
      step_direct(&of);
    } else if (draw < 170) {
      step_bulk(&of);
    } else if (draw < 180) {
      step_hold(&of);
    } else if (draw < 188) {
      step_copy(&of);
    } else if (draw < 190) {
      step_renumber(&of);
    } else if (draw < 195) {
      step_batch(&of, true);
    } else if (draw < 199) {
      step_batch(&of, false);
    } else {
      gli_error error = {0};
      cr_assert_eq(gli_graph_clear(of.graph, &error), GLI_OK);
      model_clear(&of.naive);
      step_batch(&of, below(&of, 2) == 0);
    }
    if (step % 16 == 0) compare_points(&of.naive, of.graph, of.keys, of.id_limit);
    if (step % 32 == 0) compare_graph(&of.naive, of.graph, of.keys);
  }
  for (int k = 0; k < HELD; k++) {
    if (of.held[k] != NULL) compare_snapshot(&of.held_models[k], of.held[k], of.keys);
  }
  free_world(&of);
  cr_assert_eq(atomic_load(&memory.live_bytes), 0, "bytes are lost");
  cr_assert_eq(atomic_load(&memory.live_blocks), 0);
}

/* How many worlds of a kind: fewer where each costs ten times as much, more in the full run. */
static uint64_t worlds(uint64_t usual) {
  const char *full = getenv("GLI_TEST_FULL");
  if (full != NULL && strcmp(full, "1") == 0) return usual * 10;
#if defined(__SANITIZE_ADDRESS__)
  return (usual + 2) / 3;
#else
  return usual;
#endif
}

Test(graph_model, directed_simple) {
  for (uint64_t seed = 0; seed < worlds(6); seed++)
    run_world(true, false, seed, 1500, 24);
}
Test(graph_model, undirected_simple) {
  for (uint64_t seed = 0; seed < worlds(6); seed++)
    run_world(false, false, 100 + seed, 1500, 24);
}
Test(graph_model, directed_multigraph) {
  for (uint64_t seed = 0; seed < worlds(6); seed++)
    run_world(true, true, 200 + seed, 1500, 16);
}
Test(graph_model, undirected_multigraph) {
  for (uint64_t seed = 0; seed < worlds(6); seed++)
    run_world(false, true, 300 + seed, 1500, 16);
}
Test(graph_model, many_ids) {
  for (uint64_t seed = 0; seed < worlds(2); seed++) {
    run_world(seed % 2 == 0, false, 400 + seed, 2000, 300);
  }
}
Test(graph_model, few_ids) {
  for (uint64_t seed = 0; seed < worlds(20); seed++) {
    run_world(seed % 2 == 0, seed % 4 > 1, 500 + seed, 400, 3);
  }
}
