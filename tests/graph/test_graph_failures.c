/* Every allocation of every function of graph.h fails, once and from then on: the call says out of
 * memory, the graph (or batch) is as it was, the same call then succeeds, nothing leaks. */
#include "compare.h"
#include "graph/graph.h"
#include "support/failing_allocator.h"

enum { IDS = 24 };

/* What else is alive while the call runs: it decides what is shared, and so what is allocated. */
typedef enum company { ALONE, WITH_SNAPSHOT, WITH_COPY, COMPANIES } company;

typedef struct scene {
  gli_graph *graph;
  model naive;
  gli_key keys[MODEL_KEYS];
  gli_snapshot *held;
  model held_model;
  gli_graph *copy;
  gli_batch *batch;
  model staged; /* what the batch shows */
} scene;

typedef gli_status (*action)(scene *of, gli_error *error);

static void must(gli_status status, const gli_error *error) {
  cr_assert_eq(status, GLI_OK, "%s", error->message);
}

static const int some_codes[MODEL_KEYS] = {5, 8, 3};
static const int other_codes[MODEL_KEYS] = {7, 4, 0};

static size_t spell(const scene *of, const int *codes, gli_attribute *attributes) {
  for (int key = 0; key < MODEL_KEYS; key++) {
    attributes[key].key = of->keys[key];
    attributes[key].value = model_value(codes[key]);
  }
  return MODEL_KEYS;
}

/* --- the scene -------------------------------------------------------------------------------- */

static void fill(scene *of) {
  gli_error error = {0};
  gli_attribute attributes[MODEL_KEYS];
  for (int id = 0; id < 16; id++) {
    const int codes[MODEL_KEYS] = {3 + id % 2, id % 4 == 0 ? 7 : 9, id % 3 == 0 ? 1 : 5};
    const gli_id name = model_id(id);
    const size_t count = spell(of, codes, attributes);
    must(gli_graph_add_node(of->graph, &name, attributes, count, NULL, &error), &error);
    model_add_node(&of->naive, id, codes);
  }
  for (int k = 0; k < 40; k++) {
    const int codes[MODEL_KEYS] = {k % 2 == 0 ? 3 : 5, k % 5 == 0 ? 7 : 8, k % 7 == 0 ? 0 : 2};
    const int source = k < 30 ? 2 : k % 16, target = (k * 7 + 1) % 16;
    const gli_id from = model_id(source), to = model_id(target);
    const size_t count = spell(of, codes, attributes);
    gli_edge_id edge = GLI_EDGE_NONE;
    must(gli_graph_add_edge(of->graph, &from, &to, attributes, count, &edge, &error), &error);
    model_add_edge(&of->naive, source, target, codes, edge);
  }
  const gli_id gone = model_id(9);
  must(gli_graph_remove_node(of->graph, &gone, &error), &error);
  model_remove_node(&of->naive, 9);
}

static scene make_scene(const gli_allocator *allocator, bool directed, bool multigraph,
                        company with, bool filled) {
  scene made = {.naive = model_make(directed, multigraph)};
  gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
  gli_error error = {0};
  options.directed = directed;
  options.multigraph = multigraph;
  options.allocator = allocator;
  must(gli_graph_create(&options, &made.graph, &error), &error);
  const char *names[MODEL_KEYS] = {"a", "b", "c"};
  for (int key = 0; key < MODEL_KEYS; key++) {
    must(gli_graph_key(made.graph, names[key], 1, &made.keys[key], &error), &error);
  }
  if (filled) fill(&made);
  if (with == WITH_SNAPSHOT) {
    must(gli_graph_snapshot(made.graph, &made.held, &error), &error);
    made.held_model = model_copy(&made.naive);
  } else if (with == WITH_COPY) {
    must(gli_graph_copy(made.graph, &made.copy, &error), &error);
    made.held_model = model_copy(&made.naive);
  }
  return made;
}

static void free_scene(scene *of) {
  gli_batch_discard(of->batch);
  gli_snapshot_free(of->held);
  gli_graph_free(of->copy);
  gli_graph_free(of->graph);
  model_free(&of->naive);
  model_free(&of->staged);
  model_free(&of->held_model);
}

static void compare_scene(scene *of) {
  if (of->batch != NULL) compare_batch(&of->staged, of->batch, of->keys, IDS);
  compare_points(&of->naive, of->graph, of->keys, IDS);
  compare_graph(&of->naive, of->graph, of->keys);
  if (of->held != NULL) compare_snapshot(&of->held_model, of->held, of->keys);
  if (of->copy != NULL) compare_graph(&of->held_model, of->copy, of->keys);
}

/* `before` sets the scene and may not fail; `run` is what is tested. */
static void fail_each(const char *what, action before, action run, bool filled) {
  failing_loop loop = failing_loop_start(what);
  while (failing_loop_next(&loop)) {
    bool any = false;
    for (int kind = 0; kind < 4 * COMPANIES; kind++) {
      scene of = make_scene(&loop.allocator, kind % 2 == 0, kind / 2 % 2 == 0, (company)(kind / 4),
                            filled);
      gli_error error = {0};
      if (before != NULL) must(before(&of, &error), &error);
      failing_loop_arm(&loop);
      gli_status status = run(&of, &error);
      const bool failed = failing_loop_disarm(&loop);
      any |= failed;
      /* What may be left undone without harm (renumbering, sweeping) hides its failure. */
      cr_assert(status == GLI_OK || (failed && status == GLI_ERROR_OUT_OF_MEMORY),
                "%s: status %d, %s", what, status, error.message);
      compare_scene(&of);
      if (status != GLI_OK && (of.batch != NULL || before == NULL)) {
        must(run(&of, &error), &error);
        compare_graph(&of.naive, of.graph, of.keys);
      }
      free_scene(&of);
    }
    loop.last_failed = any;
  }
}

/* --- one at a time ---------------------------------------------------------------------------- */

static gli_status add_new_node(scene *of, gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, some_codes, attributes);
  const gli_id name = model_id(21);
  const gli_status status = gli_graph_add_node(of->graph, &name, attributes, count, NULL, error);
  if (status == GLI_OK) model_add_node(&of->naive, 21, some_codes);
  return status;
}

static gli_status merge_node(scene *of, gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, other_codes, attributes);
  const gli_id name = model_id(2);
  const gli_status status = gli_graph_add_node(of->graph, &name, attributes, count, NULL, error);
  if (status == GLI_OK) model_add_node(&of->naive, 2, other_codes);
  return status;
}

static gli_status update_node(scene *of, gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, other_codes, attributes);
  const gli_id name = model_id(3);
  const gli_status status = gli_graph_update_node(of->graph, &name, attributes, count, error);
  if (status == GLI_OK) model_add_node(&of->naive, 3, other_codes);
  return status;
}

static gli_status update_edge(scene *of, gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, other_codes, attributes);
  model_edge *edge = &of->naive.edges[3];
  const gli_status status =
      gli_graph_update(of->graph, GLI_EDGES, edge->id, attributes, count, error);
  if (status == GLI_OK) model_set(edge->values, other_codes);
  return status;
}

static gli_status remove_node(scene *of, gli_error *error) {
  const gli_id name = model_id(2);
  const gli_status status = gli_graph_remove_node(of->graph, &name, error);
  if (status == GLI_OK) model_remove_node(&of->naive, 2);
  return status;
}

static gli_status remove_edge(scene *of, gli_error *error) {
  const gli_edge_id edge = of->naive.edges[2].id;
  const gli_status status = gli_graph_remove_edge(of->graph, edge, error);
  if (status == GLI_OK) model_remove_edge(&of->naive, edge);
  return status;
}

static gli_status add_edge(scene *of, int source, int target, const int *codes, gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, codes, attributes);
  const gli_id from = model_id(source), to = model_id(target);
  gli_edge_id edge = GLI_EDGE_NONE;
  const gli_status status =
      gli_graph_add_edge(of->graph, &from, &to, attributes, count, &edge, error);
  if (status == GLI_OK) model_add_edge(&of->naive, source, target, codes, edge);
  return status;
}

static gli_status add_edge_with_ends(scene *of, gli_error *error) {
  return add_edge(of, 21, 23, some_codes, error);
}
static gli_status add_edge_in_long_row(scene *of, gli_error *error) {
  return add_edge(of, 2, 16, some_codes, error);
}
static gli_status merge_edge(scene *of, gli_error *error) {
  return add_edge(of, 2, 8, other_codes, error);
}

static gli_status clear(scene *of, gli_error *error) {
  const gli_status status = gli_graph_clear(of->graph, error);
  if (status == GLI_OK) model_clear(&of->naive);
  return status;
}

static gli_status copy(scene *of, gli_error *error) {
  gli_graph *made = NULL;
  const gli_status status = gli_graph_copy(of->graph, &made, error);
  if (status == GLI_OK) gli_graph_free(made);
  return status;
}

static gli_status new_key(scene *of, gli_error *error) {
  gli_key key = GLI_KEY_NONE;
  gli_status status = GLI_OK;
  const gli_key count = gli_graph_key_count(of->graph);
  for (int k = 0; k < 12 && status == GLI_OK; k++) {
    char name[16];
    const int size = snprintf(name, sizeof name, "key %d", k);
    status = gli_graph_key(of->graph, name, (size_t)size, &key, error);
    if (status == GLI_OK) cr_assert_eq(gli_graph_find_key(of->graph, name, (size_t)size), key);
  }
  cr_assert_geq(gli_graph_key_count(of->graph), count);
  return status;
}

static bool ignore_entry(void *context, const gli_id *neighbor, int32_t index, gli_edge_id edge) {
  int64_t *count = context;
  (void)neighbor, (void)index, (void)edge;
  ++*count;
  return true;
}

static gli_status in_row(scene *of, gli_error *error) {
  int64_t visited = 0, degree = 0;
  const gli_id name = model_id(1);
  gli_status status = gli_graph_visit_row(of->graph, &name, GLI_IN, ignore_entry, &visited, error);
  if (status == GLI_OK) status = gli_graph_degree(of->graph, &name, GLI_IN, &degree, error);
  return status;
}

static gli_status three_edges(scene *of, gli_error *error) {
  gli_status status = add_edge(of, 0, 1, some_codes, error);
  if (status == GLI_OK) status = add_edge(of, 1, 3, some_codes, error);
  return status == GLI_OK ? add_edge(of, 1, 1, some_codes, error) : status;
}

/* Look-ups of many allocate nothing but the index of a long row, which they can do without. */
static gli_status look_up_many(scene *of, gli_error *error) {
  gli_id from[IDS], to[IDS];
  gli_serial serials[IDS];
  gli_edge_id edges[IDS];
  gli_value values[IDS];
  for (int k = 0; k < IDS; k++) {
    from[k] = model_id(2);
    to[k] = model_id(k);
  }
  gli_status status = gli_graph_find_nodes(of->graph, IDS, to, NULL, serials, error);
  if (status == GLI_OK) {
    status = gli_graph_values(of->graph, GLI_NODES, IDS, serials, of->keys[0], values, error);
  }
  if (status == GLI_OK) {
    status = gli_graph_find_edges(of->graph, IDS, from, to, NULL, NULL, edges, error);
  }
  for (int k = 0; k < IDS && status == GLI_OK; k++) {
    const model_node *node = model_find(&of->naive, k);
    const model_edge *edge = model_find_pair(&of->naive, 2, k);
    cr_assert_eq(serials[k] == GLI_SERIAL_NONE, node == NULL);
    cr_assert(same_value(values[k], node != NULL ? node->values[0] : 0));
    cr_assert_eq(edges[k], edge != NULL ? edge->id : GLI_EDGE_NONE);
  }
  /* Something that does allocate, so that the loop has an end to find. */
  gli_batch *batch = NULL;
  if (status == GLI_OK) status = gli_batch_begin(of->graph, &batch, error);
  if (status == GLI_OK) gli_batch_discard(batch);
  return status;
}

Test(graph_failures, nodes) {
  fail_each("gli_graph_add_node", NULL, add_new_node, true);
  fail_each("gli_graph_add_node (empty graph)", NULL, add_new_node, false);
  fail_each("gli_graph_add_node (merge)", NULL, merge_node, true);
  fail_each("gli_graph_update_node", NULL, update_node, true);
}
Test(graph_failures, edges) {
  fail_each("gli_graph_add_edge", NULL, add_edge_with_ends, true);
  fail_each("gli_graph_add_edge (empty graph)", NULL, add_edge_with_ends, false);
  fail_each("gli_graph_add_edge (long row)", NULL, add_edge_in_long_row, true);
  fail_each("gli_graph_add_edge (merge)", NULL, merge_edge, true);
  fail_each("gli_graph_update", NULL, update_edge, true);
}
Test(graph_failures, removals) {
  fail_each("gli_graph_remove_node", NULL, remove_node, true);
  fail_each("gli_graph_remove_edge", NULL, remove_edge, true);
}
Test(graph_failures, whole) {
  fail_each("gli_graph_clear", NULL, clear, true);
  fail_each("gli_graph_copy", NULL, copy, true);
  fail_each("gli_graph_key", NULL, new_key, true);
  fail_each("gli_graph_visit_row, gli_graph_degree", three_edges, in_row, false);
  fail_each("gli_graph_find_nodes, find_edges, values; gli_batch_begin", NULL, look_up_many, true);
}

static gli_status renumber(scene *of, gli_error *error) {
  return gli__graph_renumber(of->graph, error);
}

static gli_status extract(scene *of, gli_error *error) {
  gli_snapshot *snapshot = NULL;
  gli_graph *part = NULL;
  gli_status status = gli_graph_snapshot(of->graph, &snapshot, error);
  if (status != GLI_OK) return status;
  int32_t nodes[IDS];
  int64_t slots[64], node_count = 0, slot_count = 0;
  const int32_t *sources = NULL, *targets = NULL;
  gli_snapshot_edge_ends(snapshot, &sources, &targets);
  for (int32_t index = 1; index < gli_snapshot_node_limit(snapshot); index++) {
    if (gli_bit(gli_snapshot_node_bits(snapshot), index)) nodes[node_count++] = index;
  }
  for (int64_t slot = 0; slot < gli_snapshot_edge_limit(snapshot); slot++) {
    if (!gli_bit(gli_snapshot_edge_bits(snapshot), slot)) continue;
    if (sources[slot] >= 1 && targets[slot] >= 1) slots[slot_count++] = slot;
  }
  status = gli__snapshot_extract(snapshot, nodes, node_count, slots, slot_count, &part, error);
  if (status == GLI_OK) {
    model wanted = model_copy(&of->naive);
    model_remove_node(&wanted, wanted.nodes[0].id);
    cr_assert_eq(gli_graph_node_count(part), wanted.node_count);
    cr_assert_eq(gli_graph_edge_count(part), wanted.edge_count);
    model_free(&wanted);
    gli_graph_free(part);
  }
  gli_snapshot_free(snapshot);
  return status;
}

static gli_status snapshot_parts(scene *of, gli_error *error) {
  gli_snapshot *snapshot = NULL;
  gli_rows rows;
  gli_simple_rows simple;
  gli_weight_range range;
  const double *weights = NULL;
  const uint64_t *bits = NULL;
  gli_status status = gli_graph_snapshot(of->graph, &snapshot, error);
  if (status != GLI_OK) return status;
  status = gli_snapshot_in_rows(snapshot, &rows, error);
  if (status == GLI_OK) status = gli_snapshot_simple_rows(snapshot, &simple, error);
  if (status == GLI_OK) status = gli_snapshot_row_weights(snapshot, "a", false, &weights, error);
  if (status == GLI_OK) status = gli_snapshot_row_weights(snapshot, "a", true, &weights, error);
  if (status == GLI_OK) status = gli_snapshot_ascending_rows(snapshot, true, &bits, error);
  if (status == GLI_OK) status = gli_snapshot_edge_weights(snapshot, "a", &weights, error);
  if (status == GLI_OK) status = gli_snapshot_weight_range(snapshot, "a", &range, error);
  if (status == GLI_OK) cr_assert_eq(range.maximum, 5.0);
  gli_snapshot_free(snapshot);
  return status;
}

Test(graph_failures, snapshots) {
  fail_each("gli_graph_snapshot and its parts", NULL, snapshot_parts, true);
  fail_each("renumbering", NULL, renumber, true);
  fail_each("extraction", NULL, extract, true);
}

Test(graph_failures, from_edges) {
  failing_loop loop = failing_loop_start("gli_snapshot_from_edges");
  const int32_t sources[5] = {0, 1, 2, 2, 0}, targets[5] = {1, 2, 0, 2, 1};
  const double weights[5] = {1, 2, 3, 4, 5};
  while (failing_loop_next(&loop)) {
    gli_snapshot *snapshot = NULL;
    gli_error error = {0};
    failing_loop_arm(&loop);
    const gli_status status = gli_snapshot_from_edges(3, 5, sources, targets, weights, true,
                                                      &loop.allocator, &snapshot, &error);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    gli_snapshot_free(snapshot);
  }
}

Test(graph_failures, create) {
  failing_loop loop = failing_loop_start("gli_graph_create");
  while (failing_loop_next(&loop)) {
    gli_graph_options options = GLI_GRAPH_OPTIONS_INIT;
    gli_graph *graph = NULL;
    gli_error error = {0};
    options.allocator = &loop.allocator;
    failing_loop_arm(&loop);
    const gli_status status = gli_graph_create(&options, &graph, &error);
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    gli_graph_free(graph);
  }
}

/* --- many at once ----------------------------------------------------------------------------- */

enum { MANY = 20 };

static gli_status bulk_nodes(scene *of, gli_error *error) {
  gli_id ids[MANY];
  gli_value values[MANY];
  double reals[MANY];
  for (int k = 0; k < MANY; k++) {
    ids[k] = model_id(k + 4);
    values[k] = model_value(1 + k % (MODEL_CODES - 1));
    reals[k] = 0.5;
  }
  const gli_bulk_column columns[2] = {{of->keys[0], GLI_VALUE_NESTED, values},
                                      {of->keys[2], GLI_VALUE_FLOAT64, reals}};
  int64_t added = 0;
  const gli_status status =
      gli_graph_add_nodes(of->graph, MANY, ids, NULL, columns, 2, NULL, &added, error);
  for (int k = 0; k < MANY && status == GLI_OK; k++) {
    const int codes[MODEL_KEYS] = {1 + k % (MODEL_CODES - 1), -1, 5};
    model_add_node(&of->naive, k + 4, codes);
  }
  return status;
}

static gli_status bulk_edges(scene *of, gli_error *error) {
  gli_id from[MANY], to[MANY];
  gli_value values[MANY];
  gli_edge_id edges[MANY];
  for (int k = 0; k < MANY; k++) {
    from[k] = model_id(k % 7 + 1);
    to[k] = model_id(k + 4);
    values[k] = model_value(1 + k % (MODEL_CODES - 1));
  }
  const gli_bulk_column column = {of->keys[1], GLI_VALUE_NESTED, values};
  const gli_status status = gli_graph_add_edges(of->graph, MANY, from, to, NULL, NULL, &column, 1,
                                                NULL, edges, NULL, error);
  for (int k = 0; k < MANY && status == GLI_OK; k++) {
    const int codes[MODEL_KEYS] = {-1, 1 + k % (MODEL_CODES - 1), -1};
    model_add_edge(&of->naive, k % 7 + 1, k + 4, codes, edges[k]);
  }
  return status;
}

Test(graph_failures, bulk) {
  fail_each("gli_graph_add_nodes", NULL, bulk_nodes, true);
  fail_each("gli_graph_add_nodes (empty graph)", NULL, bulk_nodes, false);
  fail_each("gli_graph_add_edges", NULL, bulk_edges, true);
  fail_each("gli_graph_add_edges (empty graph)", NULL, bulk_edges, false);
}

/* --- batches ---------------------------------------------------------------------------------- */

static gli_status begin(scene *of, gli_error *error) {
  of->staged = model_copy(&of->naive);
  return gli_batch_begin(of->graph, &of->batch, error);
}

static gli_status batch_node(scene *of, int id, const int *codes, gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, codes, attributes);
  const gli_id name = model_id(id);
  const gli_status status = gli_batch_add_node(of->batch, &name, attributes, count, NULL, error);
  if (status == GLI_OK) model_add_node(&of->staged, id, codes);
  return status;
}
static gli_status batch_new_node(scene *of, gli_error *error) {
  return batch_node(of, 21, some_codes, error);
}
static gli_status batch_merge_node(scene *of, gli_error *error) {
  return batch_node(of, 4, other_codes, error);
}
static gli_status batch_update_node(scene *of, gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, other_codes, attributes);
  const gli_id name = model_id(3);
  const gli_status status = gli_batch_update_node(of->batch, &name, attributes, count, error);
  if (status == GLI_OK) model_add_node(&of->staged, 3, other_codes);
  return status;
}
static gli_status batch_edge(scene *of, int source, int target, const int *codes,
                             gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, codes, attributes);
  const gli_id from = model_id(source), to = model_id(target);
  gli_edge_id edge = GLI_EDGE_NONE;
  const gli_status status =
      gli_batch_add_edge(of->batch, &from, &to, attributes, count, &edge, error);
  if (status == GLI_OK) model_add_edge(&of->staged, source, target, codes, edge);
  return status;
}
static gli_status batch_new_edge(scene *of, gli_error *error) {
  return batch_edge(of, 4, 23, some_codes, error);
}
static gli_status batch_merge_edge(scene *of, gli_error *error) {
  return batch_edge(of, 2, 8, other_codes, error);
}
static gli_status batch_update_edge(scene *of, gli_error *error) {
  gli_attribute attributes[MODEL_KEYS];
  const size_t count = spell(of, other_codes, attributes);
  model_edge *edge = &of->staged.edges[4];
  const gli_status status = gli_batch_update_edge(of->batch, edge->id, attributes, count, error);
  if (status == GLI_OK) model_set(edge->values, other_codes);
  return status;
}
static gli_status batch_remove_node(scene *of, gli_error *error) {
  const gli_id name = model_id(2);
  const gli_status status = gli_batch_remove_node(of->batch, &name, error);
  if (status == GLI_OK) model_remove_node(&of->staged, 2);
  return status;
}
static gli_status batch_remove_edge(scene *of, gli_error *error) {
  const gli_edge_id edge = of->staged.edges[5].id;
  const gli_status status = gli_batch_remove_edge(of->batch, edge, error);
  if (status == GLI_OK) model_remove_edge(&of->staged, edge);
  return status;
}

/* A bit of everything. */
static gli_status stage_all(scene *of, gli_error *error) {
  const action actions[] = {begin,
                            batch_new_node,
                            batch_merge_node,
                            batch_new_edge,
                            batch_merge_edge,
                            batch_update_edge,
                            batch_update_node,
                            batch_remove_edge,
                            batch_remove_node};
  gli_status status = GLI_OK;
  for (size_t k = 0; k < sizeof actions / sizeof *actions && status == GLI_OK; k++) {
    status = actions[k](of, error);
  }
  /* The removed node comes back, with an edge. */
  if (status == GLI_OK) status = batch_edge(of, 2, 5, some_codes, error);
  return status;
}

static gli_status stage_into_empty(scene *of, gli_error *error) {
  gli_status status = begin(of, error);
  if (status == GLI_OK) status = batch_new_node(of, error);
  if (status == GLI_OK) status = batch_new_edge(of, error);
  return status;
}

static gli_status commit(scene *of, gli_error *error) {
  gli_batch *batch = of->batch;
  of->batch = NULL;
  const gli_status status = gli_batch_commit(batch, error);
  if (status == GLI_OK) {
    const int64_t next_serial = of->naive.next_serial;
    model_free(&of->naive);
    of->naive = model_copy(&of->staged);
    of->naive.next_serial = next_serial;
  }
  return status;
}

Test(graph_failures, batch_nodes) {
  fail_each("gli_batch_add_node", begin, batch_new_node, true);
  fail_each("gli_batch_add_node (empty graph)", begin, batch_new_node, false);
  fail_each("gli_batch_add_node (merge)", begin, batch_merge_node, true);
  fail_each("gli_batch_update_node", begin, batch_update_node, true);
  fail_each("gli_batch_remove_node", begin, batch_remove_node, true);
}

/* Automatic ids have no place in the model: the counts tell, and that a failed call burns none. */
Test(graph_failures, automatic_ids) {
  failing_loop loop = failing_loop_start("automatic ids");
  while (failing_loop_next(&loop)) {
    scene of = make_scene(&loop.allocator, true, false, WITH_COPY, true);
    gli_error error = {0};
    gli_id given = gli_id_int(-1), direct = gli_id_int(-1);
    int64_t added = 0;
    must(gli_batch_begin(of.graph, &of.batch, &error), &error);
    failing_loop_arm(&loop);
    gli_status status = gli_batch_add_node(of.batch, NULL, NULL, 0, &given, &error);
    if (status == GLI_OK) status = gli_graph_add_node(of.graph, NULL, NULL, 0, &direct, &error);
    if (status == GLI_OK) {
      status = gli_graph_add_nodes(of.graph, 3, NULL, NULL, NULL, 0, NULL, &added, &error);
    }
    const bool failed = failing_loop_disarm(&loop);
    cr_assert_eq(status, failed ? GLI_ERROR_OUT_OF_MEMORY : GLI_OK);
    const int64_t first = 14 * INT64_C(1000003) - 6;
    if (given.as.integer >= 0) cr_assert_eq(given.as.integer, first);
    if (direct.as.integer >= 0) cr_assert_eq(direct.as.integer, first + 1);
    const int64_t next = first + (given.as.integer >= 0) + (direct.as.integer >= 0) + added;
    must(gli_graph_add_node(of.graph, NULL, NULL, 0, &direct, &error), &error);
    cr_assert_eq(direct.as.integer, next);
    free_scene(&of);
  }
}

Test(graph_failures, batch_edges) {
  fail_each("gli_batch_add_edge", begin, batch_new_edge, true);
  fail_each("gli_batch_add_edge (empty graph)", begin, batch_new_edge, false);
  fail_each("gli_batch_add_edge (merge)", begin, batch_merge_edge, true);
  fail_each("gli_batch_update_edge", begin, batch_update_edge, true);
  fail_each("gli_batch_remove_edge", begin, batch_remove_edge, true);
}
Test(graph_failures, batch_commit) {
  fail_each("gli_batch_commit", stage_all, commit, true);
  fail_each("gli_batch_commit (few changes)", stage_into_empty, commit, true);
}
